"""moto's Kinesis API, with shards below it that keep, throttle and reshard as those of AWS do."""

from __future__ import annotations

from typing import Any

from moto.kinesis import models
from moto.kinesis.models import KinesisBackend, Stream, kinesis_backends
from moto.kinesis.responses import KinesisResponse

from streaming_constructs.local.clock import Clock
from streaming_constructs.local.kinesis import kinesis_api
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.embedded_stream import EmbeddedStream

MOTO_HOOKS = (
    "moto.kinesis.models.Stream",
    "moto.kinesis.models.Stream.create_from_cloudformation_json",
    "moto.kinesis.models.Stream.update_from_cloudformation_json",
    "moto.kinesis.models.Stream.init_shards",
    "moto.kinesis.models.Stream.split_shard",
    "moto.kinesis.models.Stream.merge_shards",
    "moto.kinesis.models.Stream.update_shard_count",
    "moto.kinesis.models.Stream.put_record",
    "moto.kinesis.models.Stream.to_json",
    "moto.kinesis.models.Stream.to_json_summary",
    "moto.kinesis.models.Shard.get_min_sequence_number",
    "moto.kinesis.models.Shard.get_max_sequence_number",
    "moto.kinesis.models.KinesisBackend.create_stream",
    "moto.kinesis.models.KinesisBackend.delete_stream",
    "moto.kinesis.models.KinesisBackend.describe_stream",
    "moto.kinesis.models.KinesisBackend.get_records",
    "moto.kinesis.models.KinesisBackend.get_shard_iterator",
    "moto.kinesis.models.KinesisBackend.put_record",
    "moto.kinesis.models.KinesisBackend.put_records",
    "moto.kinesis.models.KinesisBackend.streams",
    "moto.kinesis.models.kinesis_backends",
    "moto.kinesis.responses.KinesisResponse._get_param",
    "moto.kinesis.responses.KinesisResponse.get_records",
    "moto.kinesis.responses.KinesisResponse.kinesis_backend",
    "moto.kinesis.responses.KinesisResponse.put_records",
)
"""What of moto's inside this module replaces, extends or looks into."""

_REPLACED: tuple[tuple[Any, str, Any], ...] = (
    (models, "Stream", EmbeddedStream),
    # CloudFormation knows direct subclasses of its model alone, so it keeps moto's class and finds our ways in it.
    (Stream, "create_from_cloudformation_json", EmbeddedStream.create_from_cloudformation_json),
    (Stream, "update_from_cloudformation_json", EmbeddedStream.update_from_cloudformation_json),
    (KinesisBackend, "put_record", kinesis_api.put_record),
    (KinesisBackend, "put_records", kinesis_api.put_records),
    (KinesisBackend, "get_shard_iterator", kinesis_api.get_shard_iterator),
    (KinesisBackend, "get_records", kinesis_api.get_records),
    (KinesisResponse, "put_records", kinesis_api.answer_put_records),
    (KinesisResponse, "get_records", kinesis_api.answer_get_records),
)


def install_kinesis_hooks(clock: Clock) -> None:
    """Puts our streams under moto's API. Once in a process is enough; again, it only changes the clock.

    It has to be there before the first stream is: those that moto made are of no use to our operations.

    Args:
        clock: The time that throughput, arrivals and iterators go by.

    Raises:
        AttributeError: If moto has changed.
    """
    EmbeddedStream.clock = clock
    if models.Stream is EmbeddedStream:
        return
    for owner, name, _ in _REPLACED:
        getattr(owner, name)
    for owner, name, ours in _REPLACED:
        setattr(owner, name, ours)


def stream_by_arn(arn: str) -> EmbeddedStream | None:
    """The stream of an ARN, if there is one.

    Args:
        arn: Its ARN.
    """
    region, account_id = arn.split(":")[3:5]
    return _found(arn, account_id, region)


def shards_of(stream: str, account_id: str, region: str) -> list[EmbeddedShard]:
    """The shards of a stream, open and closed, in the order in which they were opened; none if there is no stream.

    Args:
        stream: Its name, or its ARN.
        account_id: Its account.
        region: Its region.
    """
    found = _found(stream, account_id, region)
    return list(found.shards.values()) if found else []


def _found(stream: str, account_id: str, region: str) -> EmbeddedStream | None:
    found = kinesis_backends[account_id][region].streams.get(stream.rpartition("/")[2])
    assert found is None or isinstance(found, EmbeddedStream)
    return found

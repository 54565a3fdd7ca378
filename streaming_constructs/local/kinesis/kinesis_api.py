"""Kinesis API operations over embedded streams: PutRecords, GetShardIterator, GetRecords and their errors."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Self

from moto.core.exceptions import JsonRESTError
from moto.kinesis.models import KinesisBackend
from moto.kinesis.responses import KinesisResponse

from streaming_constructs.facts import kinesis
from streaming_constructs.local.aws.api import INTERNAL_FAILURE
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.embedded_stream import INVALID, THROTTLED, EmbeddedStream, not_kept
from streaming_constructs.local.kinesis.throughput import MIB

_MOST_RECORDS = int(kinesis.GET_RECORDS_RECORDS.value)


@dataclass(frozen=True, slots=True)
class _Iterator:
    """A place in a shard, and when somebody asked for it."""

    issued: float
    stream_name: str
    shard_id: str
    after: int

    def __str__(self) -> str:
        parts = (repr(self.issued), self.stream_name, self.shard_id, str(self.after))
        return base64.b64encode("|".join(parts).encode()).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        try:
            issued, stream_name, shard_id, after = base64.b64decode(text).decode().split("|")
            return cls(float(issued), stream_name, shard_id, int(after))
        except ValueError:
            raise JsonRESTError(INVALID, "Invalid ShardIterator.") from None


def _stream(backend: KinesisBackend, stream_arn: str | None, stream_name: str | None) -> EmbeddedStream:
    stream = backend.describe_stream(stream_arn, stream_name)
    assert isinstance(stream, EmbeddedStream)
    return stream


def put_record(
    backend: KinesisBackend,
    stream_arn: str | None,
    stream_name: str | None,
    partition_key: str,
    explicit_hash_key: str,
    data: str,
) -> tuple[str, str]:
    """Puts one record; gives its sequence number and its shard."""
    return _stream(backend, stream_arn, stream_name).put_record(partition_key, explicit_hash_key, data)


def put_records(
    backend: KinesisBackend, stream_arn: str | None, stream_name: str | None, records: list[dict[str, Any]]
) -> dict[str, Any]:
    """What PutRecords answers: of each record its place, or why it was not taken."""
    stream = _stream(backend, stream_arn, stream_name)
    if len(records) not in kinesis.PUT_RECORDS_RECORDS:
        raise JsonRESTError("ValidationException", f"PutRecords takes 1 to 500 records, not {len(records)}")
    entries = [stream.entry(record, f"records.{number}.member.") for number, record in enumerate(records, 1)]
    if sum(entry.size for entry in entries) > kinesis.PUT_RECORDS_MIB.value * MIB:
        raise JsonRESTError(INVALID, "PutRecords takes up to 10 MiB, with partition keys")
    answers: list[dict[str, str]] = []
    failed = 0
    for shard, number in stream.put(entries):
        if isinstance(number, OSError):
            failed += 1
            answers.append({"ErrorCode": INTERNAL_FAILURE, "ErrorMessage": not_kept(number)})
        elif number is None:
            failed += 1
            answers.append({"ErrorCode": THROTTLED, "ErrorMessage": stream.throttled_message(shard)})
        else:
            answers.append({"SequenceNumber": str(number), "ShardId": shard.shard_id})
    return {"FailedRecordCount": failed, "Records": answers, "EncryptionType": stream.encryption_type}


def get_shard_iterator(
    backend: KinesisBackend,
    stream_arn: str | None,
    stream_name: str | None,
    shard_id: str,
    shard_iterator_type: str,
    starting_sequence_number: str | None,
    at_timestamp: float | None,
) -> str:
    """What GetShardIterator answers."""
    stream = _stream(backend, stream_arn, stream_name)
    log = _shard(stream, shard_id).log
    match shard_iterator_type:
        case "TRIM_HORIZON":
            after = log.starting_sequence_number
        case "LATEST":
            after = log.last_sequence_number
        case "AT_TIMESTAMP" if at_timestamp is not None:
            after = log.after_timestamp(float(at_timestamp))
        case "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER" if starting_sequence_number is not None:
            number = int(starting_sequence_number)
            if not log.starting_sequence_number <= number <= log.last_sequence_number:
                raise JsonRESTError(INVALID, f"StartingSequenceNumber {number} is none of {shard_id}")
            after = number - (shard_iterator_type == "AT_SEQUENCE_NUMBER")
        case _:
            raise JsonRESTError(INVALID, f"{shard_iterator_type} is no ShardIteratorType, or lacks its position")
    return str(_Iterator(stream.clock.now(), stream.stream_name, shard_id, after))


def _shard(stream: EmbeddedStream, shard_id: str) -> EmbeddedShard:
    shard = stream.shards.get(shard_id)
    if shard is None:
        raise JsonRESTError(
            "ResourceNotFoundException",
            f"Shard {shard_id} in stream {stream.stream_name} under account {stream.account_id} does not exist",
        )
    return shard


def get_records(
    backend: KinesisBackend,
    stream_arn: str | None,  # noqa: ARG001 - an iterator names its stream
    shard_iterator: str,
    limit: int | None,
) -> dict[str, Any]:
    """What GetRecords answers, as JSON has it: data in base64, times as numbers."""
    place = _Iterator.read(shard_iterator)
    stream = _stream(backend, None, place.stream_name)
    shard, now = _shard(stream, place.shard_id), stream.clock.now()
    if now - place.issued > kinesis.SHARD_ITERATOR_SECONDS.value:
        raise JsonRESTError("ExpiredIteratorException", "Iterator expired: it is older than 5 minutes.")
    if limit is not None and not 1 <= limit <= _MOST_RECORDS:
        raise JsonRESTError(INVALID, f"Limit is 1 to {_MOST_RECORDS:,}, not {limit}")
    records = shard.read(place.after, limit or _MOST_RECORDS, now)
    if records is None:
        raise stream.throttled(shard)
    after = records[-1].sequence_number if records else place.after
    behind = now - records[-1].arrival if records and after < shard.log.last_sequence_number else 0.0
    answer: dict[str, Any] = {
        "Records": [
            {
                "SequenceNumber": str(record.sequence_number),
                "ApproximateArrivalTimestamp": record.arrival,
                "Data": base64.b64encode(record.data).decode(),
                "PartitionKey": record.partition_key,
            }
            for record in records
        ],
        "MillisBehindLatest": round(behind * 1000),
    }
    if shard.exhausted(after):
        answer["ChildShards"] = [_child(child) for child in shard.children]
    else:
        answer["NextShardIterator"] = str(_Iterator(now, stream.stream_name, shard.shard_id, after))
    return answer


def _child(shard: EmbeddedShard) -> dict[str, Any]:
    hash_keys = {"StartingHashKey": str(shard.starting_hash), "EndingHashKey": str(shard.ending_hash)}
    return {"ShardId": shard.shard_id, "ParentShards": list(shard.parents), "HashKeyRange": hash_keys}


# moto walks over each member of an answer, and finds its shape: most of the time that 500 records take.
_JSON = {"Content-Type": "application/x-amz-json-1.1"}


def answer_put_records(response: KinesisResponse) -> tuple[str, dict[str, str]]:
    """Answers PutRecords over HTTP."""
    asked = response._get_param  # noqa: SLF001 - how moto's own answers read a request
    answer = response.kinesis_backend.put_records(asked("StreamARN"), asked("StreamName"), asked("Records"))
    return json.dumps(answer), dict(_JSON)


def answer_get_records(response: KinesisResponse) -> tuple[str, dict[str, str]]:
    """Answers GetRecords over HTTP."""
    asked = response._get_param  # noqa: SLF001
    answer = response.kinesis_backend.get_records(asked("StreamARN"), asked("ShardIterator"), asked("Limit"))
    return json.dumps(answer), dict(_JSON)

"""Readers of shards: where they begin, how fast they are, and what comes first when a stream is resharded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from streaming_constructs.local.aws.api import ACCOUNT_ID
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.event_source.starting_position import starting_position
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.embedded_stream import EmbeddedStream
from streaming_constructs.local.kinesis.kinesis_hooks import install_kinesis_hooks, shards_of, stream_by_arn
from streaming_constructs.local.kinesis.shard_reader import ShardReader, StreamReader

ARN = f"arn:aws:kinesis:us-east-1:{ACCOUNT_ID}:stream/clicks"
NOW = 1_000_000.0


@pytest.fixture
def stream() -> Iterator[EmbeddedStream]:
    import boto3

    with mock_aws():
        install_kinesis_hooks(Clock())
        boto3.client("kinesis", "us-east-1").create_stream(StreamName="clicks", ShardCount=1)
        found = stream_by_arn(ARN)
        assert found is not None
        yield found


def put(shard: EmbeddedShard, *datas: bytes) -> None:
    for data in datas:
        shard.log.append("key", data, NOW)


def shards() -> list[EmbeddedShard]:
    return shards_of("clicks", ACCOUNT_ID, "us-east-1")


def from_start(shard: EmbeddedShard) -> int:
    return shard.log.starting_sequence_number


@pytest.mark.usefixtures("stream")
def test_a_shard_is_polled_once_a_second() -> None:
    (shard,) = shards()
    reader = ShardReader(shard, from_start(shard))
    put(shard, b"a", b"b")
    assert reader.due(NOW) == NOW
    assert [one.data for one in reader.read(NOW)] == [b"a", b"b"]
    assert reader.due(NOW) is None
    put(shard, b"c")
    assert (reader.due(NOW + 0.2), list(reader.read(NOW + 0.2))) == (NOW + 1, [])
    assert [one.data for one in reader.read(NOW + 1)] == [b"c"]


@pytest.mark.usefixtures("stream")
def test_shared_readers_share_what_a_shard_gives_and_fan_out_does_not() -> None:
    (shard,) = shards()
    put(shard, *[b"x" * 1_000_000] * 5)
    shared = [ShardReader(shard, from_start(shard)) for _ in range(2)]
    own = ShardReader(shard, from_start(shard), fan_out=True)
    assert [len(reader.read(NOW)) for reader in (*shared, own)] == [5, 0, 5]
    assert shard.counts.throttled_reads == 1
    due = shared[1].due(NOW)
    assert due is not None
    assert 2 < due - NOW < 4
    assert len(shared[1].read(due)) == 5


def test_children_are_read_from_their_beginning_once_their_parent_is_dealt_with(stream: EmbeddedStream) -> None:
    (parent,) = shards()
    put(parent, b"before")
    reader = StreamReader(shards, from_start)
    stream.split_shard(parent.shard_id, str(2**127))
    for child in shards()[1:]:
        put(child, b"after")
    finished: set[str] = set()
    reader.refresh(finished.__contains__)
    assert list(reader.readers) == [parent.shard_id]
    assert [one.data for one in reader.readers[parent.shard_id].read(NOW)] == [b"before"]
    reader.refresh(finished.__contains__)  # read, and not dealt with
    assert list(reader.readers) == [parent.shard_id]
    finished.add(parent.shard_id)
    reader.refresh(finished.__contains__)
    children = [reader.readers[one.shard_id] for one in shards()[1:]]
    assert [[one.data for one in child.read(NOW)] for child in children] == [[b"after"], [b"after"]]


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize(
    ("properties", "first"),
    [
        ({"StartingPosition": "TRIM_HORIZON"}, b"early"),
        ({"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": NOW + 10}, b"late"),
        ({"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": str(NOW + 10)}, b"late"),
        ({"StartingPosition": "LATEST"}, b"after"),
    ],
)
def test_a_mapping_begins_where_its_template_says(properties: dict[str, object], first: bytes) -> None:
    (shard,) = shards()
    shard.log.append("key", b"early", NOW)
    shard.log.append("key", b"late", NOW + 20)
    reader = ShardReader(shard, starting_position(shard, properties))
    shard.log.append("key", b"after", NOW + 30)
    assert reader.read(NOW + 40)[0].data == first

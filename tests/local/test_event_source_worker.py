"""The poller of an event source mapping: what its successor begins with, and that it reads nothing more itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor

import pytest
from moto import mock_aws

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.event_source.event_filter import EventFilter
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.event_source_worker import EventSourceWorker
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.kinesis_hooks import install_kinesis_hooks, shards_of
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from tests.local.later import Later

NOW = 1_000_000.0
MAPPING = EventSourceMapping(batch_size=2)


@pytest.fixture
def shard() -> Iterator[EmbeddedShard]:
    import boto3

    with mock_aws():
        install_kinesis_hooks(Clock())
        boto3.client("kinesis", "us-east-1").create_stream(StreamName="clicks", ShardCount=1)
        yield shards_of("clicks", ACCOUNT_ID, "us-east-1")[0]


def worker(reader: StreamReader, executor: Executor, events: list[list[str]]) -> EventSourceWorker:
    def invoke(event: bytes) -> InvocationResult:
        events.append([record["kinesis"]["partitionKey"] for record in json.loads(event)["Records"]])
        return InvocationResult("id", b"null", None, "", 0.0)

    return EventSourceWorker(
        name="fraud",
        source="clicks",
        mapping=MAPPING,
        event_filter=EventFilter(()),
        reader=reader,
        aws=Aws("http://localhost:1", "us-east-1", "a-token"),
        invoke=invoke,
        executor=executor,
        wake=lambda: None,
        now=lambda: NOW,
        retention_seconds=86_400,
    )


def from_start(shard: EmbeddedShard) -> StreamReader:
    return StreamReader(lambda: [shard], lambda found: found.log.starting_sequence_number)


def put(shard: EmbeddedShard, *keys: str) -> None:
    for key in keys:
        shard.log.append(key, b"{}", NOW)


def test_a_successor_begins_with_the_first_record_that_is_not_handled(shard: EmbeddedShard) -> None:
    executor, events = Later(), list[list[str]]()
    first = worker(from_start(shard), executor, events)
    put(shard, "a", "b", "c", "d", "e")
    first.step(NOW)
    executor.run()
    first.step(NOW)  # a and b are handled, c and d are under way, e is in no batch
    reader = first.hand_over(NOW)
    second = worker(reader, executor, events)
    executor.waiting.clear()
    for now in (NOW + 1, NOW + 2, NOW + 3):
        second.step(now)
        executor.run()
    assert events == [["a", "b"], ["c", "d"], ["e"]]


def test_lag_counts_what_is_under_way_and_what_is_in_no_batch(shard: EmbeddedShard) -> None:
    executor = Later()
    one = worker(from_start(shard), executor, [])
    put(shard, "a", "b", "c", "d", "e")
    lags = [one.report().lag]
    for _ in range(4):
        one.step(NOW)
        lags.append(one.report().lag)
        executor.run()
    assert [[(lag.behind, lag.oldest_arrival) for lag in found] for found in lags] == [
        [(5, NOW)],
        [(5, NOW)],  # a and b are with the function
        [(3, NOW)],
        [(3, NOW)],  # c and d are
        [(1, NOW)],
    ]


def test_a_worker_that_handed_over_reads_nothing_more(shard: EmbeddedShard) -> None:
    executor, events = Later(), list[list[str]]()
    first = worker(from_start(shard), executor, events)
    reader = first.hand_over(NOW)
    put(shard, "a")
    assert first.step(NOW) is False
    assert first.due(NOW) is None
    second = worker(reader, executor, events)
    second.step(NOW)
    executor.run()
    assert events == [["a"]]


def test_nothing_is_put_into_a_mapping(shard: EmbeddedShard) -> None:
    with pytest.raises(TypeError, match="fraud polls clicks"):
        worker(from_start(shard), Later(), []).take([b"{}"], NOW)

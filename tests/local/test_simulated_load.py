"""The same small load through the arithmetic of `simulate` and through what a rehearsal runs: the same within a tenth.

Streams, mapping and delivery are those of a rehearsal; seconds pass as the test says, so that an hour takes no time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from moto import mock_aws

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.event_source.event_filter import EventFilter
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.event_source_worker import EventSourceWorker
from streaming_constructs.local.firehose.delivery_stream import DeliveryStream
from streaming_constructs.local.firehose.delivery_stream_worker import DeliveryStreamWorker, delivery_stream_settings
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard, Entry
from streaming_constructs.local.kinesis.kinesis_hooks import install_kinesis_hooks, shards_of
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.planning import plan
from streaming_constructs.planning.simulation.answer import level_again
from streaming_constructs.planning.simulation.scenario import Load, Outage, Scenario, Takes
from streaming_constructs.planning.simulation.simulate import Simulation, simulate
from streaming_constructs.spec import PipelineSpec

BEGIN = 1_000_000.0
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:fraud"
DAY = 1440


@pytest.fixture
def shard() -> Iterator[EmbeddedShard]:
    import boto3

    with mock_aws():
        install_kinesis_hooks(Clock())
        boto3.client("kinesis", "us-east-1").create_stream(StreamName="clicks", ShardCount=1)
        yield shards_of("clicks", ACCOUNT_ID, "us-east-1")[0]


def simulated(per_second: float, minutes: int, *, record_kb: float = 1, **scenario: Any) -> Simulation:
    """So many records a second for some minutes, then none; of one shard, which a function and a delivery read."""
    data = {
        "name": "shop",
        "streams": {
            "clicks": {
                "kind": "kinesis",
                "shards": 1,
                "workload": {"records_per_second": per_second, "record_kb": record_kb},
            }
        },
        "consumers": {
            "fraud": {
                "kind": "lambda",
                "from": "clicks",
                "function_arn": ARN,
                "batch_size": 10,
                "on_failure": {"retries": 5, "max_record_age_seconds": 21_600, "destination": "s3"},
            }
        },
        "deliveries": {"lake": {"from": "clicks", "to": {"kind": "s3", "format": "json", "buffer_seconds": 60}}},
    }
    load = Load("day.csv", points=(per_second,) * minutes + (0.0,) * (DAY - minutes), is_absolute=True)
    return simulate(plan(PipelineSpec.model_validate(data)), Scenario(1, (load,), **scenario))


class TakesTime(Executor):
    """A function that takes some seconds, and cannot be invoked while it is down."""

    def __init__(self, seconds: float, outage: range) -> None:
        self.seconds, self.outage = seconds, outage
        self._due: tuple[float, Future[Any], Callable[[], Any]] | None = None
        self._asked: tuple[Future[Any], Callable[[], Any]] | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._asked = (Future(), lambda: fn(*args, **kwargs))
        return self._asked[0]

    def pass_to(self, second: int) -> None:
        """Ends the invocation that is due, and begins the one that waits."""
        if self._due is not None and second >= self._due[0]:
            _, future, call = self._due
            self._due = None
            future.set_result(call())
        if self._asked is not None and self._due is None and second not in self.outage:
            self._due, self._asked = (second + self.seconds, *self._asked), None


def test_a_function_that_was_down_catches_up_as_it_is_simulated(shard: EmbeddedShard) -> None:
    minutes, down, back = 30, 5, 15
    simulation = simulated(
        5, minutes, outages=(Outage("fraud", down, back - down),), takes=(Takes("fraud", 1, "batch"),)
    )
    (reader,) = [each for each in simulation.readers if each.model.name == "fraud"]
    level = level_again(reader, back)
    assert level is not None

    function, now = TakesTime(1, range(down * 60, back * 60)), [BEGIN]
    worker = EventSourceWorker(
        name="fraud",
        source="clicks",
        mapping=EventSourceMapping(batch_size=10),
        event_filter=EventFilter(()),
        reader=StreamReader(lambda: [shard], lambda found: found.log.starting_sequence_number),
        aws=Aws("http://localhost:1", "us-east-1", "a-token"),
        invoke=lambda _: InvocationResult("id", b"null", None, "", 0.0),
        executor=function,
        wake=lambda: None,
        now=lambda: now[0],
        retention_seconds=86_400,
    )
    rehearsed = 0
    for second in range((minutes + 30) * 60):
        now[0] = BEGIN + second
        function.pass_to(second)
        for _ in range(5 if second < minutes * 60 else 0):
            shard.put(Entry("a", 0, b"{}", 1024), now[0])
        while worker.step(now[0]):
            function.pass_to(second)
        (lag,) = worker.report().lag
        if second >= back * 60 and not rehearsed and lag.behind <= 10:
            rehearsed = second
    assert worker.report().handled == pytest.approx(sum(reader.handled), rel=0.1)
    assert rehearsed / 60 - back == pytest.approx(level - back, rel=0.1)


def test_writers_that_are_throttled_lose_what_is_simulated(shard: EmbeddedShard) -> None:
    per_second, minutes, retry, record_kb = 15, 30, 5, 100
    stream = simulated(per_second, minutes, record_kb=record_kb, retry_minutes=retry).streams["clicks"]
    assert sum(stream.rejected) > 0

    held = deque[int]()
    accepted = rejected = 0
    for second in range((minutes + 2 * retry) * 60):
        held += [second] * (per_second if second < minutes * 60 else 0)
        while held and held[0] < second - retry * 60:
            rejected += held.popleft() is not None
        while held and shard.put(Entry("a", 0, b"{}", record_kb * 1024), BEGIN + second) is not None:
            accepted += held.popleft() is not None
    assert accepted == pytest.approx(sum(stream.accepted), rel=0.1)
    assert rejected == pytest.approx(sum(stream.rejected), rel=0.1)


class Bucket:
    """Refuses objects while it is down."""

    def __init__(self) -> None:
        self.is_down = False
        self.lines = 0

    def put_object(self, **asked: Any) -> None:
        if self.is_down:
            from botocore.exceptions import ClientError

            raise ClientError({"Error": {"Code": "NoSuchBucket", "Message": "gone"}}, "PutObject")
        self.lines += asked["Body"].count(b"\n")


class Api(Aws):
    def __init__(self, bucket: Bucket) -> None:
        super().__init__("http://localhost:1", "us-east-1", "token")
        self.bucket = bucket

    def client(self, service: str) -> Any:
        return self.bucket


def test_a_delivery_whose_bucket_was_down_delivers_what_is_simulated(shard: EmbeddedShard) -> None:
    minutes, down, back, buffer = 40, 5, 15, 60
    simulation = simulated(5, minutes, outages=(Outage("lake", down, back - down),))
    (reader,) = [each for each in simulation.readers if each.model.name == "lake"]
    level = level_again(reader, back)
    assert level is not None

    bucket = Bucket()
    properties = {
        "DeliveryStreamType": "KinesisStreamAsSource",
        "ExtendedS3DestinationConfiguration": {
            "BucketARN": "arn:aws:s3:::lake",
            "RoleARN": "arn:aws:iam::123456789012:role/r",
            "BufferingHints": {"IntervalInSeconds": buffer, "SizeInMBs": 1},
        },
    }
    settings = delivery_stream_settings(properties, Api(bucket))
    worker = DeliveryStreamWorker(
        name="lake",
        source="clicks",
        settings=settings,
        delivery=DeliveryStream("lake", settings),
        reader=StreamReader(lambda: [shard], lambda found: found.log.starting_sequence_number),
        aws=Api(bucket),
        retention_seconds=86_400,
    )
    put, rehearsed = 0, 0
    for second in range((minutes + 10) * 60):
        bucket.is_down = second in range(down * 60, back * 60)
        for _ in range(5 if second < minutes * 60 else 0):
            shard.put(Entry("a", 0, b"{}\n", 1024), BEGIN + second)
            put += 1
        worker.step(BEGIN + second)
        if second >= back * 60 and not rehearsed and put - bucket.lines <= 5 * buffer:
            rehearsed = second
    assert bucket.lines == pytest.approx(sum(reader.handled), rel=0.1)
    # A rehearsed delivery tries again later and later, by at most as long as it was refused; that is not simulated.
    assert level <= rehearsed / 60 <= level + back - down

"""The pollers of a mapping of a topic: order in a partition, what is committed when, and where a successor goes on."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.event_source.kafka_mapping_worker import KafkaMappingWorker, build_kafka_mapping_worker
from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.embedded_topic import EmbeddedTopic
from streaming_constructs.local.kafka.topic_keeper import MemoryKeeper
from streaming_constructs.local.kafka.topic_log import NewRecord
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.worker import WorkerContext
from tests.local.later import Later, StandingClock

NOW = 1_800_000_000.0
FUNCTION = Deployed(
    "Shop",
    "Function",
    "AWS::Lambda::Function",
    "fraud",
    {"Code": {"S3Key": "key"}, "Handler": "index.handler", "Runtime": "python3.13"},
    {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:fraud"},
)


class Rehearsed:
    """A topic, and a mapping of it whose function notes what it got."""

    def __init__(self, partitions: int = 1, **properties: Any) -> None:
        self.clock, self.executor = StandingClock(NOW), Later()
        self.msk = EmbeddedMsk(MemoryKeeper, self.clock.now)
        self.cluster = self.msk.create_cluster("us-east-1", "123456789012", "main", brokers=3)
        self.topic: EmbeddedTopic = self.msk.create_topic(self.cluster, "orders", partitions)
        self.aws = Aws("http://localhost:1", "us-east-1", "a-token")
        self.aws.msk = self.msk
        self.properties = {
            "BatchSize": 2,
            "EventSourceArn": self.cluster,
            "FunctionName": "fraud",
            "MaximumBatchingWindowInSeconds": 0,
            "StartingPosition": "TRIM_HORIZON",
            "Topics": ["orders"],
            **properties,
        }
        self.got: list[list[str]] = []

    def put(self, *values: str, partition: int = 0) -> None:
        count = self.topic.log.partitions("orders")
        keys = (str(number).encode() for number in range(1000))
        key = next(key for key in keys if self.lands(key, count) == partition)
        self.topic.log.put_all(
            [NewRecord("orders", key, value.encode(), timestamp=int(NOW * 1000)) for value in values]
        )

    @staticmethod
    def lands(key: bytes, count: int) -> int:
        from streaming_constructs.planning.partition_keys.kafka_partitioner import java_partition

        return java_partition(key, count)

    def worker(self, before: KafkaMappingWorker | None = None, **changed: Any) -> KafkaMappingWorker:
        mapping = Deployed("Shop", "Mapping", "", "mapping-id", {**self.properties, **changed}, {})
        return build_kafka_mapping_worker(mapping, self.context, before)

    @property
    def context(self) -> WorkerContext:
        return WorkerContext(
            aws=self.aws,
            clock=self.clock,  # type: ignore[arg-type]  # it tells the time, and no more is asked
            executor=self.executor,
            invoke=self.invoke,
            wake=lambda: None,
            deployed=[FUNCTION],
            name_of=lambda resource: resource.logical_id,
            topic_name=lambda arn: arn.rpartition("/")[2],
        )

    def invoke(self, function_arn: str, event: bytes) -> InvocationResult:
        read = [
            (part, record["offset"], b64decode(record["value"]).decode())
            for part, records in json.loads(event)["records"].items()
            for record in records
        ]
        self.got.append([value for _, _, value in read])
        failed = [{"partition": part, "offset": offset} for part, offset, value in read if value == "poison"]
        answer = {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}
        return InvocationResult("id", json.dumps(answer).encode(), None, "", 0.0)

    def drain(self, worker: KafkaMappingWorker) -> None:
        for _ in range(1000):
            if not worker.step(self.clock.now()):
                due = worker.due(self.clock.now())
                if due is None and not self.executor.waiting:
                    return
                self.clock.seconds = max(self.clock.seconds, due or 0.0)
            self.executor.run()
        raise AssertionError("it never ends")

    @property
    def committed(self) -> dict[int, int]:
        return self.topic.log.committed("mapping-id", "orders")


def test_records_of_a_partition_come_in_their_order() -> None:
    rehearsed = Rehearsed()
    rehearsed.put("a", "b", "c", "d", "e")
    rehearsed.drain(rehearsed.worker())
    assert rehearsed.got == [["a", "b"], ["c", "d"], ["e"]]


def test_a_batch_is_committed_when_it_is_done_with_and_not_before() -> None:
    rehearsed = Rehearsed()
    rehearsed.put("a", "b", "c")
    worker = rehearsed.worker()
    worker.step(NOW)
    assert rehearsed.committed == {}
    rehearsed.executor.run()
    worker.step(NOW)
    assert rehearsed.committed == {0: 2}
    rehearsed.drain(worker)
    assert rehearsed.committed == {0: 3}


def test_a_partition_that_nobody_wrote_to_has_no_commit() -> None:
    rehearsed = Rehearsed(partitions=3)
    rehearsed.put("a", partition=1)
    rehearsed.drain(rehearsed.worker())
    assert rehearsed.committed == {1: 1}


def test_what_filters_let_pass_by_is_committed_too() -> None:
    rehearsed = Rehearsed(FilterCriteria={"Filters": [{"Pattern": json.dumps({"value": {"kind": ["order"]}})}]})
    rehearsed.put('{"kind":"click"}', '{"kind":"order"}', '{"kind":"click"}')
    worker = rehearsed.worker()
    rehearsed.drain(worker)
    assert (rehearsed.got, rehearsed.committed) == ([['{"kind":"order"}']], {0: 3})
    assert (worker.report().records, worker.report().filtered, worker.report().waiting) == (3, 2, 0)


def test_a_successor_goes_on_with_what_is_not_committed() -> None:
    rehearsed = Rehearsed()
    rehearsed.put("a", "b", "c", "d")
    first = rehearsed.worker()
    first.step(NOW)
    rehearsed.executor.run()
    first.step(NOW)  # a and b are committed
    first.step(NOW)  # c and d are under way
    second = rehearsed.worker(first, BatchSize=10)
    rehearsed.executor.waiting.clear()
    assert first.step(NOW) is False
    rehearsed.drain(second)
    assert rehearsed.got == [["a", "b"], ["c", "d"]]


def test_a_successor_of_one_that_began_at_the_end_and_committed_nothing_begins_there() -> None:
    rehearsed = Rehearsed(StartingPosition="LATEST")
    rehearsed.put("before")
    first = rehearsed.worker()
    rehearsed.put("a")
    rehearsed.drain(rehearsed.worker(first, BatchSize=10))
    assert rehearsed.got == [["a"]]


@pytest.mark.parametrize(
    ("position", "got"),
    [
        ({"StartingPosition": "TRIM_HORIZON"}, [["old", "new"]]),
        ({"StartingPosition": "LATEST"}, []),
        ({"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": NOW}, [["new"]]),
    ],
)
def test_a_group_begins_where_it_is_told_to(position: dict[str, Any], got: list[list[str]]) -> None:
    rehearsed = Rehearsed(**position)
    rehearsed.topic.log.put("orders", None, b"old", timestamp=int(NOW - 60) * 1000)
    rehearsed.topic.log.put("orders", None, b"new", timestamp=int(NOW) * 1000)
    rehearsed.drain(rehearsed.worker())
    assert rehearsed.got == got


def test_where_a_group_is_goes_before_where_it_is_told_to_begin() -> None:
    rehearsed = Rehearsed(AmazonManagedKafkaEventSourceConfig={"ConsumerGroupId": "known"})
    rehearsed.put("a", "b", "c")
    rehearsed.topic.log.commit("known", "orders", {0: 2})
    rehearsed.drain(rehearsed.worker())
    assert rehearsed.got == [["c"]]


def test_pollers_that_are_always_there_share_partitions_and_work_at_the_same_time() -> None:
    rehearsed = Rehearsed(partitions=2, ProvisionedPollerConfig={"MinimumPollers": 2, "MaximumPollers": 2})
    rehearsed.put("a", partition=0)
    rehearsed.put("b", partition=1)
    rehearsed.worker().step(NOW)
    assert len(rehearsed.executor.waiting) == 2


def test_one_poller_takes_records_of_several_partitions_in_one_batch() -> None:
    rehearsed = Rehearsed(partitions=2)
    rehearsed.put("a", partition=0)
    rehearsed.put("b", partition=1)
    rehearsed.drain(rehearsed.worker())
    assert rehearsed.got == [["a", "b"]]


def test_a_poison_record_goes_to_a_topic_with_its_key_and_the_rest_is_handled() -> None:
    rehearsed = Rehearsed(
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": "kafka://failed"}},
        FunctionResponseTypes=["ReportBatchItemFailures"],
        MaximumRetryAttempts=1,
        ProvisionedPollerConfig={"MinimumPollers": 1},
    )
    failed = rehearsed.msk.create_topic(rehearsed.cluster, "failed", 1)
    rehearsed.put("a", "poison", "c")
    worker = rehearsed.worker()
    rehearsed.drain(worker)
    (message,) = failed.log.read("failed", 0, 0)
    (original,) = [one for one in rehearsed.topic.log.read("orders", 0, 0) if one.value == b"poison"]
    assert message.key == original.key
    assert json.loads(message.value or b"")["KafkaBatchInfo"]["recordInfo"]["offset"] == "1"
    assert (worker.report().handled, worker.report().isolated, rehearsed.committed) == (2, 1, {0: 3})


def test_partitions_that_come_later_are_read_from_their_beginning() -> None:
    rehearsed = Rehearsed(StartingPosition="LATEST")
    worker = rehearsed.worker()
    rehearsed.topic.log.create_partitions("orders", 2)
    rehearsed.put("new", partition=1)
    rehearsed.drain(worker)
    assert rehearsed.got == [["new"]]


def test_a_mapping_that_is_gone_reads_nothing_and_is_no_reader() -> None:
    rehearsed = Rehearsed()
    worker = rehearsed.worker()
    worker.close(NOW)
    rehearsed.put("a")
    assert (worker.step(NOW), worker.due(NOW), rehearsed.topic.groups) == (False, None, [])


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"Topics": ["others"]}, "the topic others of .* is not deployed here"),
        ({"FunctionName": "others"}, "the function others is not deployed here"),
    ],
)
def test_what_is_not_deployed_is_no_source(properties: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Rehearsed(**properties).worker()


def test_a_function_that_cannot_be_run_here_reads_nothing() -> None:
    rehearsed = Rehearsed()
    java = replace(FUNCTION, properties={**FUNCTION.properties, "Runtime": "java21"})
    mapping = Deployed("Shop", "Mapping", "", "mapping-id", rehearsed.properties, {})
    worker = build_kafka_mapping_worker(mapping, replace(rehearsed.context, deployed=[java]), None)
    rehearsed.put("a")
    assert (worker.step(NOW), worker.due(NOW), bool(worker.report().not_run)) == (False, None, True)


def test_what_lambda_cannot_decode_is_given_up_and_committed_over() -> None:
    config = {"SchemaRegistryConfig": {"EventRecordFormat": "JSON", "SchemaRegistryURI": "arn:aws:glue:…"}}
    run = Rehearsed(
        AmazonManagedKafkaEventSourceConfig=config,
        ProvisionedPollerConfig={"MinimumPollers": 1, "MaximumPollers": 1},
        DestinationConfig={"OnFailure": {"Destination": "kafka://failed"}},
    )
    failed = run.msk.create_topic(run.cluster, "failed", 1)
    run.put('{"op":"c"}', "no JSON", '{"op":"u"}')
    worker = run.worker()
    run.drain(worker)
    assert [value for batch in run.got for value in batch] == ['{"op":"c"}', '{"op":"u"}']
    (told,) = [json.loads(record.value or b"") for record in failed.log.read("failed", 0, 0, 10)]
    assert told["requestContext"]["condition"] == "DESERIALIZATION_ERROR"
    assert b64decode(told["payload"]["records"]["orders-0"][0]["value"]) == b"no JSON"
    report = worker.report()
    assert (report.handled, report.isolated, report.waiting) == (2, 1, 0)
    assert run.committed == {0: 3}

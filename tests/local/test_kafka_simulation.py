"""Batches of a Kafka topic, simulated with real handlers: events, partial responses, and what becomes of each record."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.local import (
    EventSourceMapping,
    KafkaRecord,
    kafka_records,
    kinesis_records,
    simulate_event_source,
)
from streaming_constructs.local.event_source.batching import PAYLOAD_BYTES, Batcher
from streaming_constructs.local.event_source.event_filter import FilterPatternError
from streaming_constructs.local.event_source.event_source_mapping import CLUSTER_ARN
from streaming_constructs.local.event_source.kafka_event_filter import KafkaEventFilter
from streaming_constructs.local.event_source.kafka_invocation import event_bytes, kafka_event
from streaming_constructs.spec import PipelineSpec

QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"
TWO = [*kafka_records(["a", "b"], topic="orders"), *kafka_records(["c", "d"], topic="orders", partition=1, first=7)]


def mapping(**given: Any) -> EventSourceMapping:
    return EventSourceMapping(
        **{"event_source_arn": CLUSTER_ARN, "topic": "orders", "minimum_pollers": 1, "maximum_pollers": 4, **given}
    )


def values(event: dict[str, Any]) -> list[str]:
    return [b64decode(one["value"]).decode() for records in event["records"].values() for one in records]


def places(records: Any) -> list[tuple[str, int]]:
    return [(record.shard_id, record.sequence_number) for record in records]


class Function:
    """A handler that fails on some values: it raises, or reports the records that it failed on."""

    def __init__(self, *bad: str, reports: bool = False) -> None:
        self.bad, self.reports = bad, reports
        self.events: list[dict[str, Any]] = []

    def __call__(self, event: dict[str, Any], context: Any) -> Any:
        self.events.append(event)
        failed = [
            {"itemIdentifier": {"partition": partition, "offset": one["offset"]}}
            for partition, records in event["records"].items()
            for one in records
            if b64decode(one["value"]).decode() in self.bad
        ]
        if failed and not self.reports:
            raise ValueError("bad")
        return {"batchItemFailures": failed}


def test_an_event_has_the_form_of_kafka() -> None:
    seen = Function()
    records = kafka_records(
        ["{}"],
        topic="shop.orders",
        partition=3,
        key="k-1",
        first=15,
        timestamp=1_545_084_650_987,
        headers=[("trace", b"\x01\xff"), ("trace", None)],
    )
    simulate_event_source(seen, records, mapping())
    assert seen.events == [
        {
            "eventSource": "aws:kafka",
            "eventSourceArn": CLUSTER_ARN,
            "bootstrapServers": "b-1.cluster.kafka.us-east-1.amazonaws.com:9098",
            "records": {
                "shop.orders-3": [
                    {
                        "topic": "shop.orders",
                        "partition": 3,
                        "offset": 15,
                        "timestamp": 1_545_084_650_987,
                        "timestampType": "CREATE_TIME",
                        "key": "ay0x",
                        "value": "e30=",
                        "headers": [{"trace": [1, 255]}, {"trace": []}],
                    }
                ]
            },
        }
    ]


def test_a_record_without_a_key_or_a_value_lacks_them() -> None:
    events: list[Any] = []
    simulate_event_source(lambda event, _: events.append(event), kafka_records([None], topic="orders"), mapping())
    (record,) = events[0]["records"]["orders-0"]
    assert set(record) == {"topic", "partition", "offset", "timestamp", "timestampType", "headers"}


def test_one_batch_has_records_of_several_partitions_each_in_order() -> None:
    seen = Function()
    mixed = [TWO[0], TWO[2], TWO[1], TWO[3]]
    simulation = simulate_event_source(seen, mixed, mapping())
    (event,) = seen.events
    assert {part: [one["offset"] for one in records] for part, records in event["records"].items()} == {
        "orders-0": [0, 1],
        "orders-1": [7, 8],
    }
    assert simulation.committed == {"orders-0": 2, "orders-1": 9}
    assert simulation.checkpoints == ()


def test_pollers_divide_the_partitions_among_them() -> None:
    seen = Function()
    simulate_event_source(seen, TWO, mapping(minimum_pollers=2))
    assert [sorted(event["records"]) for event in seen.events] == [["orders-0"], ["orders-1"]]


def test_an_error_repeats_the_whole_batch_until_its_retries_are_over() -> None:
    seen = Function("c")
    simulation = simulate_event_source(seen, TWO, mapping(maximum_retry_attempts=2, on_failure=QUEUE))
    assert [values(event) for event in seen.events] == [["a", "b", "c", "d"]] * 3
    assert simulation.handled == ()
    (failure,) = simulation.failures
    assert failure.condition == "RetryAttemptsExhausted"
    assert places(failure.records) == [("orders-0", 0), ("orders-0", 1), ("orders-1", 7), ("orders-1", 8)]


def test_a_batch_is_split_until_the_bad_record_stands_alone() -> None:
    seen = Function("c")
    given_up = mapping(bisect_batch_on_function_error=True, maximum_retry_attempts=1, on_failure=QUEUE)
    simulation = simulate_event_source(seen, TWO, given_up)
    assert [values(event) for event in seen.events] == [
        ["a", "b", "c", "d"],
        ["a", "b"],
        ["c", "d"],
        ["c"],
        ["c"],
        ["d"],
    ]
    assert [places(failure.records) for failure in simulation.failures] == [[("orders-1", 7)]]
    assert simulation.committed == {"orders-0": 2, "orders-1": 9}


def test_a_response_has_just_the_records_that_it_names_tried_again() -> None:
    seen = Function("a", "d", reports=True)
    simulation = simulate_event_source(
        seen, TWO, mapping(report_batch_item_failures=True, maximum_retry_attempts=1, on_failure=QUEUE)
    )
    assert [values(event) for event in seen.events] == [["a", "b", "c", "d"], ["a", "d"], ["a", "d"]]
    assert [invocation.result for invocation in simulation.invocations] == ["partial", "partial", "partial"]
    assert places(simulation.handled) == [("orders-0", 1), ("orders-1", 7)]
    assert [places(failure.records) for failure in simulation.failures] == [[("orders-0", 0), ("orders-1", 8)]]


@pytest.mark.parametrize(
    "identifier",
    [
        {"partition": "orders-0", "offset": 99},
        {"partition": "orders-9", "offset": 0},
        {"partition": "orders-0", "offset": "0"},
        {"partition": "orders-0"},
        {"partition": "orders", "offset": 0},
        "orders-0:0",
        "0",
        None,
    ],
)
def test_an_identifier_of_no_record_in_the_batch_fails_the_whole_of_it(identifier: Any) -> None:
    simulation = simulate_event_source(
        lambda *_: {"batchItemFailures": [{"itemIdentifier": identifier}]},
        TWO,
        mapping(report_batch_item_failures=True, maximum_retry_attempts=0, on_failure=QUEUE),
    )
    assert [invocation.result for invocation in simulation.invocations] == ["failure"]
    assert len(simulation.failures[0].records) == 4
    (hint,) = simulation.hints
    assert "the whole batch counts as failed" in hint


@pytest.mark.parametrize("response", [None, {}, "", [], {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_empty_response_is_a_success(response: Any) -> None:
    simulation = simulate_event_source(lambda *_: response, TWO, mapping(report_batch_item_failures=True))
    assert len(simulation.handled) == 4
    assert simulation.hints == ()


def test_records_that_are_too_old_are_given_up_wherever_they_are_in_a_batch() -> None:
    records = [
        *kafka_records(["new"], topic="orders", timestamp=1_000_000),
        *kafka_records(["old"], topic="orders", first=1, timestamp=900_000),
        *kafka_records(["newer"], topic="orders", first=2, timestamp=1_000_000),
    ]
    seen = Function()
    simulation = simulate_event_source(
        seen, records, mapping(maximum_record_age_in_seconds=60, on_failure=QUEUE), now=1_010
    )
    assert [values(event) for event in seen.events] == [["new", "newer"]]
    (message,) = simulation.messages
    assert message["requestContext"]["condition"] == "RecordAgeExceeded"
    assert message["responseContext"] is None
    assert simulation.committed == {"orders-0": 3}


def test_retries_without_end_end_after_ten_where_there_is_a_destination() -> None:
    simulation = simulate_event_source(Function("a"), TWO, mapping(on_failure=QUEUE))
    assert len(simulation.invocations) == 11
    on_demand = mapping(on_failure=QUEUE, minimum_pollers=0, maximum_pollers=0)
    assert len(simulate_event_source(Function("a"), TWO, on_demand, retention_seconds=600).invocations) > 11


def test_a_queue_is_told_where_the_records_are() -> None:
    records = [
        *kafka_records(["a", "b"], topic="orders", timestamp=1_573_691_884_835),
        *kafka_records(["c"], topic="orders", partition=1, first=7, timestamp=1_573_691_885_580),
    ]
    simulation = simulate_event_source(Function("a"), records, mapping(maximum_retry_attempts=0, on_failure=QUEUE))
    (message,) = simulation.messages
    assert message["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert message["requestContext"]["approximateInvokeCount"] == 1
    assert message["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    info = message["KafkaBatchInfo"]
    assert info["batchSize"] == 3
    assert info["eventSourceArn"] == CLUSTER_ARN
    assert info["recordsInfo"] == {
        "orders-0": {
            "firstRecordOffset": "0",
            "lastRecordOffset": "1",
            "firstRecordTimestamp": "2019-11-14T00:38:04.835Z",
            "lastRecordTimestamp": "2019-11-14T00:38:04.835Z",
        },
        "orders-1": {
            "firstRecordOffset": "7",
            "lastRecordOffset": "7",
            "firstRecordTimestamp": "2019-11-14T00:38:05.580Z",
            "lastRecordTimestamp": "2019-11-14T00:38:05.580Z",
        },
    }
    assert set(message) == {"requestContext", "responseContext", "version", "timestamp", "KafkaBatchInfo"}


def test_a_bucket_gets_the_whole_event_as_text() -> None:
    seen = Function("a")
    settings_ = mapping(maximum_retry_attempts=0, on_failure="arn:aws:s3:::failures")
    (failure,) = simulate_event_source(seen, TWO, settings_).failures
    body = failure.object_body(settings_)
    assert json.loads(body["payload"]) == seen.events[0]
    assert body["KafkaBatchInfo"]["payloadSize"] == len(body["payload"])


def test_a_topic_gets_each_record_with_its_key_and_the_event_of_it_alone() -> None:
    records = kafka_records(["a", "b"], topic="orders", key="k", timestamp=1_573_691_884_835)
    simulation = simulate_event_source(
        Function("a"), records, mapping(maximum_retry_attempts=0, on_failure="kafka://failed")
    )
    assert [key for key, _ in simulation.topic_messages] == [b"k", b"k"]
    first, second = simulation.messages
    assert first["requestContext"]["condition"] == "RetriesExhausted"
    assert first["KafkaBatchInfo"]["batchSize"] == 1
    assert second["KafkaBatchInfo"]["recordInfo"] == {"offset": "1", "timestamp": "2019-11-14T00:38:04.835Z"}
    assert "recordsInfo" not in second["KafkaBatchInfo"]
    assert [one["offset"] for one in second["payload"]["records"]["orders-0"]] == [1]
    assert second["KafkaBatchInfo"]["payloadSize"] == len(json.dumps(second["payload"], separators=(",", ":")))


def test_a_record_that_fits_in_no_invocation_is_given_up_without_one() -> None:
    large = kafka_records([b"x" * (PAYLOAD_BYTES * 3 // 4 + 1)], topic="orders")
    simulation = simulate_event_source(Function(), large, mapping(on_failure=QUEUE))
    assert simulation.invocations == ()
    assert [failure.condition for failure in simulation.failures] == ["MaximumPayloadSizeExceeded"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1_000_000, 2_000_000)), min_size=4, max_size=8))
def test_no_event_is_larger_than_an_invocation(sizes: list[tuple[int, int]]) -> None:
    batcher = Batcher(mapping())
    records = [
        record
        for number, (partition, size) in enumerate(sizes)
        for record in kafka_records([b"x" * size], topic="orders", partition=partition, first=number)
    ]
    batcher.add(records, 0)
    largest = 0
    while (batch := batcher.take(10)) is not None:
        from streaming_constructs.local.event_source.invocation import InvokeRequest, lambda_event

        event = lambda_event(InvokeRequest(batch.records), mapping())
        largest = max(largest, len(json.dumps(event, separators=(",", ":"))))
    assert 0 < largest <= PAYLOAD_BYTES


@given(
    st.lists(st.tuples(st.integers(0, 12), st.binary(max_size=9), st.booleans()), min_size=1, max_size=9),
    st.sampled_from(["", "JSON"]),
)
def test_what_records_take_in_an_event_is_never_underrated(given_: list[tuple[int, bytes, bool]], decoded: str) -> None:
    settings_ = mapping(event_record_format=decoded)
    records = [
        record
        for number, (partition, value, has_key) in enumerate(given_)
        for record in kafka_records(
            [value], topic="ö", partition=partition, first=number, key=value if has_key else None
        )
    ]
    empty, whole = (len(json.dumps(kafka_event(some, settings_), separators=(",", ":"))) for some in ([], records))
    assert whole <= empty + sum(event_bytes(record, settings_) for record in records)


@pytest.mark.parametrize(
    ("pattern", "value", "passes"),
    [
        ({"value": {"id": ["a"]}}, '{"id": "a"}', True),
        ({"value": {"id": ["a"]}}, '{"id": "b"}', False),
        ({"value": {"id": [{"exists": False}]}}, '{"page": 1}', True),
        ({"value": {"id": ["a"]}}, "plain", True),
        ({"value": {"id": ["a"]}}, b"\xff\xfe", True),
        ({"value": {"id": ["a"]}}, None, True),
        ({"value": [{"prefix": "ERROR"}]}, "ERROR: full", True),
        ({"value": [{"prefix": "ERROR"}]}, "fine", False),
        ({"value": [{"anything-but": ["error"]}]}, "error", False),
        ({"value": [{"prefix": "ERROR"}]}, '{"level": "ERROR"}', True),
        ({"value": [{"prefix": "ERROR"}]}, b"\xff", True),
        ({"$or": [{"value": {"id": ["a"]}}, {"value": {"id": ["b"]}}]}, '{"id": "b"}', True),
    ],
)
def test_a_filter_looks_at_values_of_its_own_form(pattern: Any, value: Any, passes: bool) -> None:
    (record,) = kafka_records([value])
    assert KafkaEventFilter([pattern]).passes(record) is passes


def test_filtered_records_are_committed_and_bad_patterns_refused() -> None:
    seen = Function()
    records = kafka_records(['{"id": "a"}', '{"id": "b"}'], topic="orders")
    simulation = simulate_event_source(seen, records, mapping(filters=({"value": {"id": ["a"]}},)))
    assert places(simulation.filtered) == [("orders-0", 1)]
    assert simulation.committed == {"orders-0": 2}
    with pytest.raises(FilterPatternError):
        simulate_event_source(seen, records, mapping(filters=({"value": {"id": "a"}},)))


def test_records_of_another_kind_of_source_are_refused() -> None:
    with pytest.raises(ValueError, match="another kind of source"):
        simulate_event_source(Function(), kinesis_records(["a"]), mapping())
    with pytest.raises(ValueError, match="another kind of source"):
        simulate_event_source(Function(), kafka_records(["a"]))


SYSTEM = {
    "name": "shop",
    "clusters": {"main": {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large"}},
    "streams": {
        "orders": {"kind": "kafka", "cluster": "main", "topic": "shop.orders", "partitions": 6},
        "failed": {"kind": "kafka", "cluster": "main", "partitions": 3},
    },
}


def of_spec(**consumer: Any) -> EventSourceMapping:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:fraud"
    fraud = {"kind": "lambda", "from": "orders", "function_arn": arn, "on_failure": "s3", **consumer}
    spec = PipelineSpec.model_validate({**SYSTEM, "consumers": {"fraud": fraud}})
    return EventSourceMapping.from_spec(spec.consumers["fraud"], spec.streams["orders"])


def test_settings_are_those_of_a_spec() -> None:
    made = of_spec(
        filter={"id": ["a"]},
        consumer_group="fraud",
        on_failure={"retries": 2, "destination": {"kind": "kafka", "topic": "failed"}},
    )
    assert made.is_kafka
    assert (made.topic, made.consumer_group_id, made.on_failure) == ("shop.orders", "fraud", "kafka://failed")
    assert (made.minimum_pollers, made.maximum_pollers) == (1, 6)
    assert (made.maximum_retry_attempts, made.maximum_record_age_in_seconds) == (2, 3600)
    assert made.maximum_batching_window_in_seconds == 0.5
    assert made.filters == ({"value": {"id": ["a"]}},)
    assert of_spec(batch_window_seconds=0).maximum_batching_window_in_seconds == 0


def test_pollers_on_demand_try_without_end() -> None:
    made = of_spec(pollers="on_demand")
    assert (made.minimum_pollers, made.retries, made.maximum_record_age_in_seconds) == (0, -1, -1)
    assert not made.bisect_batch_on_function_error
    assert not made.report_batch_item_failures


def test_settings_are_those_of_a_template() -> None:
    template = {
        "Resources": {
            "Mapping": {
                "Type": "AWS::Lambda::EventSourceMapping",
                "Properties": {
                    "EventSourceArn": {"Fn::GetAtt": ["Cluster", "Arn"]},
                    "Topics": ["orders"],
                    "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "fraud"},
                    "ProvisionedPollerConfig": {"MinimumPollers": 2},
                    "MaximumRetryAttempts": 3,
                    "DestinationConfig": {"OnFailure": {"Destination": "kafka://failed"}},
                },
            }
        }
    }
    made = EventSourceMapping.from_template(template)
    assert (made.event_source_arn, made.topic, made.consumer_group_id) == (CLUSTER_ARN, "orders", "fraud")
    assert (made.minimum_pollers, made.maximum_pollers, made.on_failure) == (2, 200, "kafka://failed")
    assert made.maximum_batching_window_in_seconds == 0.5


def test_a_record_has_the_words_of_kafka() -> None:
    (record,) = kafka_records(["a"], topic="a-b", partition=12, first=5, key="k", timestamp=1_545_084_650_987)
    assert isinstance(record, KafkaRecord)
    assert (record.topic, record.partition, record.offset, record.timestamp) == ("a-b", 12, 5, 1_545_084_650_987)
    assert (record.key, record.value, record.partition_key, record.data) == (b"k", b"a", "k", b"a")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("gb")), max_size=12),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
    st.integers(1, 4),
)
def test_no_record_is_lost_whatever_fails(
    given_: list[tuple[int, str]], bisect: bool, reports: bool, retries: int, batch_size: int
) -> None:
    records = [
        record
        for number, (partition, value) in enumerate(given_)
        for record in kafka_records([value], topic="orders", partition=partition, first=number)
    ]
    made = mapping(
        bisect_batch_on_function_error=bisect,
        report_batch_item_failures=reports,
        maximum_retry_attempts=retries,
        batch_size=batch_size,
        on_failure=QUEUE,
    )
    simulation = simulate_event_source(Function("b", reports=reports), records, made)
    kept = [record for failure in simulation.failures for record in failure.records]
    assert sorted(places([*simulation.handled, *kept])) == sorted(places(records))
    assert all(record.data == b"g" for record in simulation.handled)
    if bisect or reports:
        assert all(record.data == b"b" for record in kept)

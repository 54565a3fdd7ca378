"""A function that transforms records: the event it gets, and what becomes of each record by its answer."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest

from streaming_constructs.local.firehose.lambda_transform import FUNCTION_TIMED_OUT, InvocationError, LambdaTransform
from streaming_constructs.local.firehose.processing import DeliveryRecord, ProcessingOutcome
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.planning.deliveries.processors import Processor

MIB = 1_048_576
ARN = "arn:aws:firehose:eu-central-1:123456789012:deliverystream/lake"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:clean"


def item(number: int, data: bytes, shard_id: str = "shardId-000000000002") -> DeliveryRecord:
    return DeliveryRecord(Record(shard_id, number, "key", data, 1789560304.25), data)


def transformed(
    items: list[DeliveryRecord], invoke: Callable[[dict[str, Any]], Any], stream_arn: str = "", **parameters: str
) -> ProcessingOutcome:
    processor = Processor("Lambda", {"LambdaArn": FUNCTION, **parameters})
    outcome = ProcessingOutcome(items)
    LambdaTransform(processor, invoke, delivery_arn=ARN, stream_arn=stream_arn, uuid=lambda: "uuid")(outcome)
    return outcome


def ok(record: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"recordId": record["recordId"], "result": "Ok", "data": record["data"], **more}


def echo(event: dict[str, Any]) -> dict[str, Any]:
    return {"records": [ok(record) for record in event["records"]]}


def answering(*answers: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """Answers about the records in turn, each under the record's id unless it has its own."""

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        pairs = zip(event["records"], answers, strict=True)
        return {"records": [{"recordId": record["recordId"], **answer} for record, answer in pairs]}

    return invoke


def why(outcome: ProcessingOutcome) -> list[tuple[str, str, int]]:
    return [(one.error_type, one.code, one.attempts) for one in outcome.failures]


def test_event_is_that_of_firehose() -> None:
    events: list[dict[str, Any]] = []

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        events.append(event)
        return echo(event)

    transformed([item(495, b"a"), item(496, b"b")], invoke, "arn:stream")
    assert events == [
        {
            "invocationId": "uuid",
            "deliveryStreamArn": ARN,
            "region": "eu-central-1",
            "sourceKinesisStreamArn": "arn:stream",
            "records": [
                {
                    "recordId": f"{number}{position:06}",
                    "approximateArrivalTimestamp": 1789560304250,
                    "data": data,
                    "kinesisRecordMetadata": {
                        "sequenceNumber": str(number),
                        "subsequenceNumber": 0,
                        "partitionKey": "key",
                        "shardId": "shardId-000000000002",
                        "approximateArrivalTimestamp": 1789560304250,
                    },
                }
                for position, (number, data) in enumerate([(495, "YQ=="), (496, "Yg==")])
            ],
        }
    ]


def test_record_that_was_put_directly_has_no_shard() -> None:
    events: list[dict[str, Any]] = []
    transformed([item(0, b"a", ""), item(0, b"b", "")], lambda event: events.append(event) or echo(event))
    assert "sourceKinesisStreamArn" not in events[0]
    assert [sorted(one) for one in events[0]["records"]] == [["approximateArrivalTimestamp", "data", "recordId"]] * 2
    assert len({one["recordId"] for one in events[0]["records"]}) == 2


CLUSTER = "arn:aws:kafka:eu-central-1:123456789012:cluster/main/12345678-1234-1234-1234-123456789012-1"


def test_a_record_of_kafka_has_its_value_under_another_name() -> None:
    events: list[dict[str, Any]] = []

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        events.append(event)
        return {"records": [{**record, "result": "Ok", "kafkaRecordValue": "Yg=="} for record in event["records"]]}

    outcome = transformed([item(7, b"a", "shop-orders-3")], invoke, CLUSTER)
    assert [one.data for one in outcome.items] == [b"b"]
    assert events == [
        {
            "invocationId": "uuid",
            "deliveryStreamArn": ARN,
            "region": "eu-central-1",
            "sourceMSKArn": CLUSTER,
            "records": [
                {
                    "recordId": "7000000",
                    "approximateArrivalTimestamp": 1789560304250,
                    "mskRecordMetadata": {
                        "offset": "7",
                        "partitionId": "3",
                        "approximateArrivalTimestamp": 1789560304250,
                    },
                    "kafkaRecordValue": "YQ==",
                }
            ],
        }
    ]


def test_data_is_no_value_of_a_record_of_kafka() -> None:
    outcome = transformed([item(7, b"a", "orders-0")], answering({"result": "Ok", "data": "Yg=="}), CLUSTER)
    assert why(outcome) == [("processing-failed", "Lambda.JsonMappingException", 1)]


def test_each_record_goes_the_way_of_its_result() -> None:
    invoke = answering(
        {"result": "Ok", "data": b64encode(b"new").decode()},
        {"result": "Dropped"},
        {"result": "ProcessingFailed", "data": "x"},
        {"result": "ok", "data": ""},
        {"result": "Ok", "data": "no base64"},
        {"result": "Ok"},
    )
    outcome = transformed([item(number, b"old") for number in range(6)], invoke)
    assert [one.data for one in outcome.items] == [b"new"]
    assert [one.source.data for one in outcome.items] == [b"old"]
    assert outcome.dropped == 1
    assert why(outcome) == [
        ("processing-failed", "Lambda.ProcessingFailedStatus", 1),
        ("processing-failed", "Lambda.FunctionError", 1),
        ("processing-failed", "Lambda.JsonMappingException", 1),
        ("processing-failed", "Lambda.JsonMappingException", 1),
    ]
    assert {one.lambda_arn for one in outcome.failures} == {FUNCTION}


def test_record_that_is_missing_or_there_twice_fails_alone() -> None:
    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        _, second, third = event["records"]
        return {"records": [ok(second), ok(second), ok(third), ok({"recordId": "unknown", "data": ""})]}

    outcome = transformed([item(number, b"%d" % number) for number in range(3)], invoke)
    assert [one.data for one in outcome.items] == [b"2"]
    assert [(one.item.data, one.code) for one in outcome.failures] == [
        (b"0", "Lambda.MissingRecordId"),
        (b"1", "Lambda.DuplicatedRecordId"),
    ]


@pytest.mark.parametrize("answer", [None, [], {}, {"records": {}}, {"records": [7]}, {"records": [{"result": "Ok"}]}])
def test_answer_that_is_none_fails_its_batch(answer: Any) -> None:
    outcome = transformed([item(1, b"a"), item(2, b"b")], lambda _: answer)
    assert outcome.items == []
    assert why(outcome) == [("processing-failed", "Lambda.FunctionError", 1)] * 2


@pytest.mark.parametrize(("retries", "attempts"), [("0", 1), ("2", 3), (None, 4)])
def test_function_that_always_fails_is_tried_again_and_given_up(retries: str | None, attempts: int) -> None:
    calls = []

    def invoke(event: dict[str, Any]) -> Any:
        calls.append(event)
        raise InvocationError("too slow", FUNCTION_TIMED_OUT)

    outcome = transformed([item(1, b"a")], invoke, **({} if retries is None else {"NumberOfRetries": retries}))
    assert len(calls) == attempts
    assert why(outcome) == [("processing-failed", "Lambda.FunctionTimedOut", attempts)]
    assert outcome.failures[0].message == "too slow"


def test_function_that_recovers_loses_nothing() -> None:
    calls: list[Any] = []

    def invoke(event: dict[str, Any]) -> Any:
        calls.append(event)
        if len(calls) < 3:
            raise InvocationError("not yet")
        return echo(event)

    outcome = transformed([item(1, b"a")], invoke)
    assert ([one.data for one in outcome.items], outcome.failures, len(calls)) == ([b"a"], [], 3)


def test_error_that_is_no_failure_of_the_function_is_not_swallowed() -> None:
    def invoke(event: dict[str, Any]) -> Any:
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError):
        transformed([item(1, b"a")], invoke)


@pytest.mark.parametrize(("mib", "expected"), [("1", [2, 2, 1]), ("0.4", [1] * 5), ("3", [5])])
def test_batches_are_as_large_as_the_buffer(mib: str, expected: list[int]) -> None:
    sizes = []

    def invoke(event: dict[str, Any]) -> Any:
        sizes.append(len(event["records"]))
        return echo(event)

    transformed([item(number, b"x" * (MIB // 2)) for number in range(5)], invoke, BufferSizeInMBs=mib)
    assert sizes == expected


def test_request_stays_within_the_payload_of_lambda() -> None:
    sizes = []

    def invoke(event: dict[str, Any]) -> Any:
        sizes.append(sum(len(one["data"]) for one in event["records"]))
        return {"records": [{"recordId": one["recordId"], "result": "Dropped"} for one in event["records"]]}

    outcome = transformed([item(number, b"x" * (4 * MIB)) for number in range(3)], invoke, BufferSizeInMBs="100")
    assert (len(sizes), outcome.dropped) == (3, 3)
    assert all(size < 6 * MIB for size in sizes)


def test_record_that_fits_in_no_request_fails_without_one() -> None:
    outcome = transformed([item(1, b"x" * (5 * MIB)), item(2, b"a")], echo)
    assert [one.data for one in outcome.items] == [b"a"]
    assert why(outcome) == [("processing-failed", "Lambda.RequestTooLarge", 0)]


def test_response_that_is_too_large_is_a_failure_of_the_function() -> None:
    large = b64encode(b"x" * (5 * MIB)).decode()
    outcome = transformed([item(1, b"a")], answering({"result": "Ok", "data": large}), NumberOfRetries="1")
    assert why(outcome) == [("processing-failed", "Lambda.FunctionError", 2)]
    assert "which is more than 6291456" in outcome.failures[0].message


def test_function_may_name_partition_keys() -> None:
    invoke = answering(
        {"result": "Ok", "data": "", "metadata": {"partitionKeys": {"c": "de", "n": 7}}},
        {"result": "Ok", "data": "", "metadata": {"partitionKeys": {"c": ""}}},
        {"result": "Ok", "data": "", "metadata": None},
    )
    outcome = transformed([item(number, b"a") for number in range(3)], invoke)
    assert [one.keys for one in outcome.items] == [
        {"partitionKeyFromLambda:c": "de", "partitionKeyFromLambda:n": "7"},
        {},
    ]
    assert why(outcome) == [("metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed", 1)]


def test_data_arrives_as_it_is() -> None:
    seen = []
    transformed([item(1, bytes(range(256)))], lambda event: seen.append(event["records"][0]["data"]) or echo(event))
    assert b64decode(seen[0]) == bytes(range(256))

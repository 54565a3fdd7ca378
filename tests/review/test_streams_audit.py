"""What an audit says of streams, event source mappings and functions, and what it leaves unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source

CLICKS = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
KAFKA = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-1"
DEAD = {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:111122223333:dead"}}}
RETRIES = {"MaximumRetryAttempts": 5}
BISECT = {"BisectBatchOnFunctionError": True}
GOOD = {**DEAD, **RETRIES, **BISECT}
ENCRYPTED = {"StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}}
ARN = {"Fn::GetAtt": ["Clicks", "Arn"]}


def mapping(source: Any = CLICKS, **properties: Any) -> dict[str, Any]:
    start = {"StartingPosition": "LATEST", "EventSourceArn": source, "FunctionName": {"Ref": "Fraud"}}
    return {"Reader": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {**start, **properties}}}


def stream(**properties: Any) -> dict[str, Any]:
    return {"Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 4, **ENCRYPTED, **properties}}}


def function(**properties: Any) -> dict[str, Any]:
    return {"Fraud": {"Type": "AWS::Lambda::Function", "Properties": {"Role": "r", "Timeout": 60, **properties}}}


def found(*resources: dict[str, Any]) -> list[tuple[str, str]]:
    merged = {name: resource for part in resources for name, resource in part.items()}
    template = {"Parameters": {"Number": {"Type": "Number"}}, "Resources": merged}
    ours = [remark for remark in audit(as_source(template, "template.json")) if "AUD200" <= remark.code <= "AUD249"]
    return sorted((remark.code, remark.grade) for remark in ours)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([mapping(**GOOD)], []),
        ([mapping(**RETRIES, **BISECT)], [("AUD203", "danger")]),
        ([mapping(MaximumRecordAgeInSeconds=3600, **BISECT)], [("AUD203", "danger")]),
        ([mapping(MaximumRetryAttempts=-1, **BISECT)], [("AUD204", "caution")]),
        ([mapping(MaximumRetryAttempts={"Ref": "Number"}, **DEAD, **BISECT)], []),
        ([mapping(**RETRIES, **DEAD)], [("AUD205", "caution")]),
        ([mapping(**RETRIES, **DEAD, BatchSize=1)], []),
        ([mapping(**RETRIES, **DEAD, BisectBatchOnFunctionError={"Ref": "Number"})], []),
        ([mapping(KAFKA, Topics=["orders"])], [("AUD204", "caution")]),
        ([mapping(KAFKA, Topics=["orders"], **DEAD)], []),
        ([mapping(KAFKA, Topics=["orders"], **RETRIES)], [("AUD203", "danger")]),
        ([mapping(**GOOD, Enabled=False)], [("AUD209", "danger")]),
        ([mapping(**GOOD, Enabled="true")], []),
    ],
)
def test_a_mapping(resources: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert found(*resources) == expected


@pytest.mark.parametrize(
    ("size", "timeout", "expected"),
    [(10_000, 49, ["AUD206"]), (10_000, 50, []), (1000, None, ["AUD206"]), (100, None, []), ({"Ref": "Number"}, 3, [])],
)
def test_the_time_of_a_batch(size: Any, timeout: int | None, expected: list[str]) -> None:
    given = function(Timeout=timeout) if timeout else {"Fraud": {"Type": "AWS::Lambda::Function", "Properties": {}}}
    assert [code for code, _ in found(mapping(**GOOD, BatchSize=size), given)] == expected


@pytest.mark.parametrize(
    ("hours", "age", "expected"),
    [(24, 86_400, []), (24, 86_401, ["AUD208"]), (48, 86_401, []), (None, 90_000, ["AUD208"])],
)
def test_the_age_of_records_against_their_retention(hours: int | None, age: int, expected: list[str]) -> None:
    clicks = stream(RetentionPeriodHours=hours) if hours else stream()
    assert [code for code, _ in found(clicks, mapping(ARN, **GOOD, MaximumRecordAgeInSeconds=age))] == expected


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([], ["AUD213"]),
        (["VPC_SUBNET", "VPC_SECURITY_GROUP"], ["AUD213"]),
        (["VPC_SUBNET", "SASL_SCRAM_512_AUTH"], []),
        (["SERVER_ROOT_CA_CERTIFICATE"], []),
        ([{"Ref": "Number"}], []),
    ],
)
def test_kafka_of_ones_own(types: list[Any], expected: list[str]) -> None:
    properties = {
        "FunctionName": "fraud",
        "SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": ["b:9092"]}},
        "Topics": ["orders"],
        "SourceAccessConfigurations": [{"Type": kind, "URI": "x"} for kind in types],
        **DEAD,
    }
    reader = {"Reader": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}}
    assert [code for code, _ in found(reader)] == expected


@pytest.mark.parametrize(
    ("encryption", "expected"),
    [(None, ["AUD200"]), ({}, ["AUD200"]), ({"Fn::If": ["Missing", {}, {}]}, []), (ENCRYPTED, [])],
)
def test_encryption(encryption: Any, expected: list[str]) -> None:
    assert [code for code, _ in found(stream(StreamEncryption=encryption))] == expected


def test_readers_of_all_kinds_share_a_stream() -> None:
    readers = {f"Reader{number}": mapping(ARN, **GOOD)["Reader"] for number in range(4)}
    firehose = {
        "Lake": {
            "Type": "AWS::KinesisFirehose::DeliveryStream",
            "Properties": {"KinesisStreamSourceConfiguration": {"KinesisStreamARN": ARN}},
        }
    }
    pipe = {"Pipe": {"Type": "AWS::Pipes::Pipe", "Properties": {"Source": ARN}}}
    assert found(stream(), readers, firehose) == []
    assert found(stream(), readers, firehose, pipe) == [("AUD201", "caution")]


@pytest.mark.parametrize(
    ("count", "mode", "expected"),
    [
        (20, "PROVISIONED", []),
        (21, "PROVISIONED", [("AUD202", "danger")]),
        (21, "ON_DEMAND", [("AUD202", "caution")]),
        (51, "ON_DEMAND", [("AUD202", "danger")]),
    ],
)
def test_registered_consumers(count: int, mode: str, expected: list[tuple[str, str]]) -> None:
    consumers = {
        f"Fast{number}": {"Type": "AWS::Kinesis::StreamConsumer", "Properties": {"StreamARN": ARN}}
        for number in range(count)
    }
    assert found(stream(StreamModeDetails={"StreamMode": mode}), consumers) == expected


@pytest.mark.parametrize(
    ("reserved", "factor", "expected"),
    [(4, 1, []), (3, 1, ["AUD211"]), (7, 2, ["AUD211"]), (8, 2, []), (0, 1, ["AUD210"]), (None, 1, [])],
)
def test_reserved_concurrency(reserved: int | None, factor: int, expected: list[str]) -> None:
    given = function(ReservedConcurrentExecutions=reserved) if reserved is not None else function()
    reader = mapping(ARN, **GOOD, ParallelizationFactor=factor)
    assert [code for code, _ in found(stream(), given, reader)] == expected


@pytest.mark.parametrize(("runtime", "expected"), [("python3.8", ["AUD212"]), ("python3.13", []), ([], [])])
def test_runtimes(runtime: Any, expected: list[str]) -> None:
    assert [code for code, _ in found(function(Runtime=runtime))] == expected


@pytest.mark.parametrize("wrong", [[], {}, "x", None, 0, True, {"Ref": "Number"}, [{"Type": []}], [[]]])
def test_a_wrong_template_is_audited_all_the_same(wrong: Any) -> None:
    names = ("EventSourceArn", "FunctionName", "DestinationConfig", "BatchSize", "SourceAccessConfigurations", "Topics")
    for name in (*names, "MaximumRetryAttempts", "SelfManagedEventSource", "MaximumRecordAgeInSeconds", "Enabled"):
        assert isinstance(found(stream(), function(), mapping(**{**GOOD, name: wrong})), list)
    for name in ("ShardCount", "StreamModeDetails", "RetentionPeriodHours", "StreamEncryption"):
        assert isinstance(
            found(stream(**{name: wrong}), function(), mapping(ARN, MaximumRecordAgeInSeconds=90_000)), list
        )
    for name in ("Timeout", "ReservedConcurrentExecutions", "Runtime"):
        assert isinstance(found(stream(), function(**{name: wrong}), mapping(ARN, **GOOD)), list)

"""Lambda consumers of Kafka topics in the language: what is refused, with its code and place, and what is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec import LambdaConsumerSpec, OnFailure, S3OnFailure, SpecError
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.consumers.lambda_on_kafka import secret_kind
from streaming_constructs.spec.consumers.pollers import Pollers
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import document_of, edited

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:fraud"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"
CERTIFICATE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:client-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1234abcd"
CLUSTER = {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large"}
VPC = {"vpc_id": "vpc-01234567", "subnet_ids": ["subnet-01234567"], "security_group_ids": ["sg-01234567"]}


def system(*consumers: dict[str, Any], auth: Any = "iam", **cluster: Any) -> dict[str, Any]:
    names = ("one", "two", "three")
    return {
        "name": "shop",
        "alarms": False,
        "schemas": {"order": {"id": "string", "total": "double"}},
        "clusters": {"main": {**CLUSTER, "auth": auth, **cluster}, "other": CLUSTER},
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", "partitions": 6, "schema": "order"},
            "failed": {"kind": "kafka", "cluster": "main", "partitions": 3},
            "elsewhere": {"kind": "kafka", "cluster": "other", "partitions": 3},
            "clicks": {"kind": "kinesis", "shards": 1},
        },
        "consumers": {
            name: {
                "kind": "lambda",
                "from": "orders",
                "function_arn": f"{FUNCTION}-{name}",
                "on_failure": "s3",
                **given,
            }
            for name, given in zip(names, consumers, strict=False)
        },
    }


def found(data: dict[str, Any]) -> list[Finding]:
    _, findings = plan_document(document_of(json.dumps(data).encode(), "shop.yaml"))
    return [one for one in findings if one.path[:1] == ("consumers",)]


def said(*consumers: dict[str, Any], auth: Any = "iam", **cluster: Any) -> list[tuple[str, str]]:
    told = found(system(*consumers, auth=auth, **cluster))
    return [(one.code, one.dotted_path.removeprefix("consumers.")) for one in told]


SCRAM = {"auth": "sasl_scram", "scram_secret_arns": [SECRET]}
WITH_KEY = {"secret_arn": SECRET, "secret_kms_key_arn": KEY}
ON_DEMAND = {"pollers": "on_demand"}


@pytest.mark.parametrize(
    ("consumer", "cluster", "expected"),
    [
        ({}, {}, []),
        ({"starting_position": "earliest"}, {}, []),
        ({"starting_position": {"at_timestamp": "2026-01-15T00:00:00Z"}}, {}, []),
        ({"starting_position": "latest"}, {}, [("LAM560", "one.starting_position")]),
        ({"starting_position": "oldest"}, {}, [("LNG205", "one.starting_position")]),
        ({"consumer_group": "fraud"}, {}, []),
        ({"consumer_group": "a/*:_+=.@-9"}, {}, []),
        ({"consumer_group": "x" * 200}, {}, []),
        ({"consumer_group": "x" * 201}, {}, [("LNG206", "one.consumer_group")]),
        ({"consumer_group": "two words"}, {}, [("LNG206", "one.consumer_group")]),
        ({"consumer_group": ""}, {}, [("LNG206", "one.consumer_group")]),
        ({"pollers": {"minimum": 1, "maximum": 6}}, {}, []),
        ({"pollers": {"minimum": 6}}, {}, []),
        ({"pollers": {"minimum": 7}}, {}, [("LAM557", "one.pollers.minimum")]),
        ({"pollers": {"minimum": 3, "maximum": 2}}, {}, [("LAM551", "one.pollers.maximum")]),
        ({"pollers": {"minimum": 0}}, {}, [("LNG204", "one.pollers.minimum")]),
        ({"pollers": {"minimum": 201, "maximum": 300}}, {}, [("LNG204", "one.pollers.minimum")]),
        ({"pollers": {"maximum": 2001}}, {}, [("LNG204", "one.pollers.maximum")]),
        ({"pollers": "many"}, {}, [("LNG205", "one.pollers")]),
        (ON_DEMAND, {}, [("LAM559", "one.pollers")]),
        ({**ON_DEMAND, "partial_batch_responses": False}, {}, [("LAM559", "one.pollers")]),
        ({**ON_DEMAND, "partial_batch_responses": True}, {}, [("LAM553", "one.partial_batch_responses")]),
        ({**ON_DEMAND, "on_failure": {"retries": 3, "destination": "s3"}}, {}, [("LAM553", "one.on_failure.retries")]),
        (
            {**ON_DEMAND, "on_failure": {"bisect": False, "max_record_age_seconds": 60, "destination": "s3"}},
            {},
            [("LAM553", "one.on_failure.bisect"), ("LAM553", "one.on_failure.max_record_age_seconds")],
        ),
        (
            {**ON_DEMAND, "on_failure": {"destination": {"kind": "kafka", "topic": "failed"}}},
            {},
            [("LAM553", "one.on_failure.destination")],
        ),
        ({"on_failure": {"destination": {"kind": "kafka", "topic": "failed"}}}, {}, []),
        (
            {"on_failure": {"destination": {"kind": "kafka", "topic": "orders"}}},
            {},
            [("LAM555", "one.on_failure.destination")],
        ),
        (
            {"on_failure": {"destination": {"kind": "kafka", "topic": "elsewhere"}}},
            {},
            [("LAM555", "one.on_failure.destination")],
        ),
        (
            {"on_failure": {"destination": {"kind": "kafka", "topic": "clicks"}}},
            {},
            [("GRF315", "one.on_failure.destination.topic")],
        ),
        (
            {"on_failure": {"destination": {"kind": "kafka", "topic": "lost"}}},
            {},
            [("GRF301", "one.on_failure.destination.topic")],
        ),
        ({"parallelization_factor": 2}, {}, [("LNG404", "one.parallelization_factor")]),
        ({"parallelization_factor": 1}, {}, []),
        ({"tumbling_window_seconds": 60}, {}, [("LNG404", "one.tumbling_window_seconds")]),
        ({"enhanced_fan_out": True}, {}, [("LNG404", "one.enhanced_fan_out")]),
        ({"enhanced_fan_out": False}, {}, []),
        ({}, SCRAM, [("LAM554", "one.from")]),
        (WITH_KEY, SCRAM, []),
        ({"secret_arn": SECRET}, SCRAM, [("LAM562", "one.secret_arn")]),
        (WITH_KEY, {}, [("LAM554", "one.secret_arn")]),
        ({}, {**SCRAM, "auth": ["iam", "sasl_scram"]}, []),
        (WITH_KEY, {**SCRAM, "auth": ["iam", "sasl_scram"]}, []),
        ({"secret_arn": CERTIFICATE}, {"auth": "mtls", "certificate_authority_arns": [AUTHORITY]}, []),
        ({"secret_kms_key_arn": KEY}, {}, [("LNG404", "one.secret_kms_key_arn")]),
        ({"filter": {"id": ["a"]}}, {}, []),
        ({"filter": {"ide": ["a"]}}, {}, [("LAM514", "one.filter.ide")]),
        ({"filters": [{"value": {"id": ["a"]}}]}, {}, []),
        ({"filters": [{"value": [{"prefix": "ERROR"}]}]}, {}, []),
        ({"filters": [{"value": {"total": ["5"]}}]}, {}, [("LAM522", "one.filters[0].value.total")]),
        ({"filters": [{"data": {"id": ["a"]}}]}, {}, [("LAM504", "one.filters[0].data")]),
        ({"filters": [{"id": ["a"]}]}, {}, [("LAM504", "one.filters[0].id")]),
        ({"filters": [{"partitionKey": ["a"]}]}, {}, [("LAM504", "one.filters[0].partitionKey")]),
    ],
)
def test_verdict(consumer: dict[str, Any], cluster: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert said(consumer, **cluster) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(840, []), (841, [("LAM552", "one.timeout_seconds")]), (900, [("LAM552", "one.timeout_seconds")])],
)
def test_a_batch_of_kafka_has_fourteen_minutes(seconds: int, expected: list[tuple[str, str]]) -> None:
    created = {"function_arn": None, "code": "handlers", "timeout_seconds": seconds}
    told = said({**created, "on_failure": {"retries": 0, "destination": "s3"}})
    assert [(code, path) for code, path in told if code != "LAM502"] == expected


@pytest.mark.parametrize(
    "field",
    [{"consumer_group": "fraud"}, {"pollers": "on_demand"}, {"pollers": {"minimum": 2}}, {"secret_arn": SECRET}],
)
def test_fields_of_kafka_have_no_effect_on_a_stream(field: dict[str, Any]) -> None:
    (name,) = field
    assert said({"from": "clicks", **field}) == [("LNG404", f"one.{name}")]


def test_a_stream_has_its_own_word_for_a_record_in_filters() -> None:
    (finding,) = found(system({"from": "clicks", "filters": [{"value": {"id": ["a"]}}]}))
    assert (finding.code, finding.dotted_path) == ("LAM504", "consumers.one.filters[0].value")
    assert "`data: …`" in finding.help


def test_given_up_records_of_a_stream_go_to_no_topic_of_kafka() -> None:
    consumer = {"from": "clicks", "on_failure": {"destination": {"kind": "kafka", "topic": "failed"}}}
    assert said(consumer) == [("LAM555", "one.on_failure.destination")]


def test_a_group_is_of_one_consumer() -> None:
    group = {"consumer_group": "g"}
    assert said(group, {"consumer_group": "h"}) == []
    assert said(group, group) == [("LAM556", "two.consumer_group")]
    assert said(group, {}, group) == [("LAM556", "three.consumer_group")]


@pytest.mark.parametrize(
    ("consumers", "cluster"),
    [
        ([{}], SCRAM),
        ([{}], {"auth": "sasl_scram"}),
        ([WITH_KEY], {}),
        ([{"consumer_group": "g"}, {"consumer_group": "g"}], {}),
        ([{"filters": [{"data": {"id": ["a"]}}]}], {}),
        ([{"filters": [{"$or": [{"id": ["a"]}, {"value": {"id": ["b"]}}]}]}], {}),
        ([{"pollers": {"minimum": 9, "maximum": 2}}], {}),
        ([{**ON_DEMAND, "on_failure": {"retries": 1, "destination": {"kind": "kafka", "topic": "failed"}}}], {}),
        ([{"on_failure": {"destination": {"kind": "kafka", "topic": "orders"}}}], {}),
        ([{"enhanced_fan_out": True, "parallelization_factor": 2, "tumbling_window_seconds": 5}], {}),
    ],
)
def test_what_the_help_offers_leaves_no_error(consumers: list[dict[str, Any]], cluster: dict[str, Any]) -> None:
    data = system(*consumers, **cluster)
    errors = [one for one in found(data) if one.level == "error"]
    assert errors
    for one in errors:
        data = edited(data, one.edits)
    assert [one for one in found(data) if one.level == "error"] == []


def test_what_a_function_writes_to_takes_iam_and_a_way_to_the_brokers() -> None:
    own = {"function_arn": None, "code": "handlers"}

    def told(consumer: dict[str, Any], **cluster: Any) -> list[tuple[str, str]]:
        return [
            (code, path) for code, path in said({"from": "clicks", **own, **consumer}, **cluster) if code != "LAM502"
        ]

    assert told({"to": "failed", "vpc": VPC}) == []
    assert told({"to": "failed"}) == []
    arn = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
    existing = {"arn": arn, "brokers": 3, "instance_type": "kafka.m7g.large"}
    assert told({"to": "failed"}, **existing) == [("LAM563", "one.to")]
    assert told({"to": "failed"}, **existing, vpc=VPC) == []
    assert told({"to": ["failed"], "vpc": VPC}, **SCRAM) == [("LAM561", "one.to[0]")]
    assert told({"to": "failed", "vpc": VPC, "environment": {"FAILED_TOPIC_NAME": "mine"}}) == [
        ("LAM529", "one.environment.FAILED_TOPIC_NAME")
    ]


def test_a_secret_is_of_users_or_a_certificate() -> None:
    both = MskClusterSpec(auth=("sasl_scram", "mtls"), certificate_authority_arns=(AUTHORITY,))
    assert secret_kind(SECRET, both) == "SASL_SCRAM_512_AUTH"
    assert secret_kind(CERTIFICATE, both) == "CLIENT_CERTIFICATE_TLS_AUTH"
    assert secret_kind(CERTIFICATE, MskClusterSpec(auth=("sasl_scram",))) == "SASL_SCRAM_512_AUTH"


def test_it_is_written_in_python() -> None:
    consumer = LambdaConsumerSpec(
        from_="orders",
        code="handler",
        pollers=Pollers(maximum=3),
        starting_position="earliest",  # type: ignore[arg-type]
        filter={"id": ("a",)},
        on_failure=OnFailure(destination=S3OnFailure()),
    )
    assert consumer.starting_position == "trim_horizon"
    assert consumer.pollers == Pollers(minimum=1, maximum=3)
    assert consumer.patterns_of("kafka") == ({"value": {"id": ["a"]}},)
    assert consumer.patterns == ({"data": {"id": ["a"]}},)
    with pytest.raises(SpecError, match="LAM551"):
        Pollers(minimum=3, maximum=2)

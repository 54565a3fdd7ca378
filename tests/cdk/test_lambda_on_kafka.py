"""A Lambda consumer of a Kafka topic: its mapping, its permissions, and what it waits for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from streaming_constructs import PipelineSpec, SpecError, StreamingPipeline
from streaming_constructs.cdk import KafkaCluster, KafkaTopic, LambdaConsumer
from streaming_constructs.facts import metrics
from streaming_constructs.spec import KafkaTopicSpec, LambdaConsumerSpec, MskClusterSpec, OnFailure, S3OnFailure
from streaming_constructs.spec.on_failure import KafkaOnFailure

MAPPING, POLICY = "AWS::Lambda::EventSourceMapping", "AWS::IAM::ManagedPolicy"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CLUSTER_ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/1234abcd-12ab-34cd-56ef-1234567890ab-1"
INSIDE = CLUSTER_ARN.replace(":cluster/", ":{}/") + "/{}"
"""The ARN of a topic or a group of the cluster."""
NETWORK = {
    *("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"),
    *("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
}
FIND = {"kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"}


def system(code: str, cluster: Any = None, **consumers: Any) -> PipelineSpec:
    data = {
        "name": "shop",
        "alarms": {"notify": ["oncall@example.com"]},
        "clusters": {"main": cluster or {"kind": "msk", "arn": CLUSTER_ARN}},
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", "topic": "shop.orders", "partitions": 6},
            "failed": {"kind": "kafka", "cluster": "main", "partitions": 3},
        },
        "consumers": {
            name: {"kind": "lambda", "from": "orders", "code": code, "on_failure": "s3", **given}
            for name, given in consumers.items()
        },
    }
    return PipelineSpec.model_validate(data)


def build(bench: Any, code: str, cluster: Any = None, **fraud: Any) -> dict[str, Any]:
    """The properties of the mapping of the one consumer of a system."""
    StreamingPipeline(bench.stack, "Shop", spec=system(code, cluster, fraud=fraud))
    properties: dict[str, Any] = bench.only(MAPPING)
    return properties


def test_a_mapping_of_kafka_has_no_property_of_kinesis(bench: Any, code: str) -> None:
    mapping = build(bench, code)
    function, bucket = (bench.only_id(f"AWS::{kind}") for kind in ("Lambda::Function", "S3::Bucket"))
    assert mapping == {
        "FunctionName": {"Ref": function},
        "EventSourceArn": CLUSTER_ARN,
        "Topics": ["shop.orders"],
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 5,
        "MaximumRecordAgeInSeconds": 3600,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ProvisionedPollerConfig": {"MinimumPollers": 1, "MaximumPollers": 6},
        "MetricsConfig": {"Metrics": ["EventCount", "ErrorCount", "KafkaMetrics"]},
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": [bucket, "Arn"]}}},
    }


def test_pollers_on_demand_have_no_retries_that_end(bench: Any, code: str) -> None:
    mapping = build(bench, code, pollers="on_demand")
    unset = {
        *("ProvisionedPollerConfig", "BisectBatchOnFunctionError", "MaximumRetryAttempts"),
        *("MaximumRecordAgeInSeconds", "FunctionResponseTypes"),
    }
    assert unset & set(mapping) == set()
    assert "OnFailure" in mapping["DestinationConfig"]


def test_what_the_spec_says_of_group_pollers_window_start_and_filters(bench: Any, code: str) -> None:
    mapping = build(
        bench,
        code,
        consumer_group="fraud",
        pollers={"minimum": 2, "maximum": 4},
        batch_window_seconds=0,
        starting_position={"at_timestamp": "2026-01-15T00:00:00Z"},
        filter={"type": ["order"]},
    )
    assert mapping["AmazonManagedKafkaEventSourceConfig"] == {"ConsumerGroupId": "fraud"}
    assert mapping["ProvisionedPollerConfig"] == {"MinimumPollers": 2, "MaximumPollers": 4}
    assert mapping["MaximumBatchingWindowInSeconds"] == 0
    assert (mapping["StartingPosition"], mapping["StartingPositionTimestamp"]) == ("AT_TIMESTAMP", 1768435200)
    assert mapping["FilterCriteria"] == {"Filters": [{"Pattern": '{"value":{"type":["order"]}}'}]}


@pytest.mark.parametrize("group", [None, "fraud"])
def test_it_may_read_its_topic_as_its_group_and_no_more(bench: Any, code: str, group: str | None) -> None:
    build(bench, code, **({"consumer_group": group} if group else {}))
    assert bench.allowed_on(CLUSTER_ARN) == {"kafka-cluster:Connect", *FIND}
    assert bench.allowed_on(INSIDE.format("topic", "shop.orders")) == {
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:ReadData",
    }
    assert bench.allowed_on(INSIDE.format("group", group or "*")) == {
        "kafka-cluster:AlterGroup",
        "kafka-cluster:DescribeGroup",
    }
    assert bench.allowed_on("*") == NETWORK
    kafka = {one["Resource"] for one in bench.statements() if "kafka" in json.dumps(one["Action"])}
    assert len(kafka) == 3


def test_with_a_secret_kafka_itself_says_what_it_may(bench: Any, code: str) -> None:
    cluster = {"kind": "msk", "arn": CLUSTER_ARN, "auth": "sasl_scram"}
    mapping = build(bench, code, cluster, secret_arn=SECRET, secret_kms_key_arn=KEY)
    assert mapping["SourceAccessConfigurations"] == [{"Type": "SASL_SCRAM_512_AUTH", "URI": SECRET}]
    assert bench.allowed_on(CLUSTER_ARN) == {*FIND, "kafka:ListScramSecrets"}
    assert bench.allowed_on(SECRET) == {"secretsmanager:GetSecretValue"}
    assert bench.allowed_on(KEY) == {"kms:Decrypt"}
    assert bench.allowed_on("*") == NETWORK
    assert "kafka-cluster:" not in json.dumps(bench.statements())


def test_given_up_records_go_to_a_topic_of_the_cluster(bench: Any, code: str) -> None:
    to_topic = {"destination": {"kind": "kafka", "topic": "failed"}}
    mapping = build(bench, code, on_failure=to_topic)
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": "kafka://failed"}}
    assert bench.allowed_on(INSIDE.format("topic", "failed")) == {
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:WriteData",
    }
    assert bench.allowed_on(CLUSTER_ARN) == {"kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently", *FIND}
    assert "failed" in {
        output["Value"] for output in bench.template["Outputs"].values() if isinstance(output["Value"], str)
    }


def test_a_function_that_writes_to_a_topic_may(bench: Any, code: str) -> None:
    build(bench, code, to=["failed"])
    assert bench.allowed_on(INSIDE.format("topic", "failed")) == {
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:WriteData",
    }


def test_it_waits_for_topics_policy_and_who_may_sign_in(bench: Any, code: str) -> None:
    cluster = {
        "kind": "msk",
        "brokers": 3,
        "instance_type": "kafka.m7g.large",
        "auth": "sasl_scram",
        "scram_secret_arns": [SECRET],
    }
    to_topic = {"destination": {"kind": "kafka", "topic": "failed"}}
    build(bench, code, cluster, secret_arn=SECRET, secret_kms_key_arn=KEY, on_failure=to_topic)
    (mapping,) = bench.of_type(MAPPING).values()
    assert set(mapping["DependsOn"]) == {*bench.of_type("AWS::MSK::Topic"), bench.only_id("AWS::MSK::BatchScramSecret")}
    (function,) = [one for key, one in bench.of_type("AWS::Lambda::Function").items() if "fraud" in key.lower()]
    assert any(key in function["DependsOn"] for key in bench.of_type(POLICY))


@pytest.mark.parametrize("group", [None, "fraud"])
def test_its_lag_is_that_of_its_group(bench: Any, code: str, group: str | None) -> None:
    build(bench, code, **({"consumer_group": group} if group else {}))
    alarms = [one["Properties"] for one in bench.of_type("AWS::CloudWatch::Alarm").values()]
    (lag,) = [alarm for alarm in alarms if alarm.get("MetricName") == "EstimatedMaxTimeLag"]
    assert lag["Namespace"] == "AWS/Kafka"
    assert {one["Name"]: one["Value"] for one in lag["Dimensions"]} == {
        metrics.CLUSTER: "main",
        metrics.GROUP: group or {"Ref": bench.only_id(MAPPING)},
        metrics.TOPIC: "shop.orders",
    }


def alone(stack: cdk.Stack, code: str, **given: Any) -> LambdaConsumer:
    cluster = KafkaCluster(stack, "main", spec=MskClusterSpec(arn=CLUSTER_ARN))
    topics = {
        name: KafkaTopic(stack, name, spec=KafkaTopicSpec(cluster="main", partitions=3), cluster=cluster)
        for name in ("orders", "failed")
    }
    fields = {"on_failure": OnFailure(destination=S3OnFailure()), **given.pop("fields", {})}
    failures = (
        topics["failed"]
        if isinstance(fields["on_failure"].destination, KafkaOnFailure)
        else given.pop("failures", None)
    )
    if "function" not in given:
        fields["code"] = code
    return LambdaConsumer(
        stack,
        "fraud",
        spec=LambdaConsumerSpec(from_="orders", **fields),
        source=topics["orders"],
        failures=failures,
        **given,
    )


def test_it_stands_alone_with_the_same_permissions(bench: Any, code: str) -> None:
    consumer = alone(bench.stack, code, fields={"consumer_group": "g"})
    assert bench.only(MAPPING)["ProvisionedPollerConfig"] == {"MinimumPollers": 1, "MaximumPollers": 3}
    assert bench.allowed_on(INSIDE.format("group", "g")) == {"kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"}
    assert consumer.dimensions[metrics.GROUP] == "g"
    assert consumer.plan.kind == "kafka"


def test_an_existing_function_waits_for_the_policy_of_its_role(bench: Any, code: str) -> None:
    function = lambda_.Function(
        bench.stack,
        "Existing",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_asset(code),
    )
    alone(bench.stack, code, function=function)
    (mapping,) = bench.of_type(MAPPING).values()
    assert bench.only_id(POLICY) in mapping["DependsOn"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"enhanced_fan_out": True}, "LNG404"),
        ({"filters": ({"data": {"a": ["b"]}},)}, "LAM504"),
        ({"timeout_seconds": 900}, "LAM552"),
        ({"secret_arn": SECRET}, "LAM554"),
    ],
)
def test_what_does_not_fit_kafka_is_refused(bench: Any, code: str, fields: dict[str, Any], expected: str) -> None:
    with pytest.raises(SpecError) as error:
        alone(bench.stack, code, fields=fields)
    assert expected in {finding.code for finding in error.value.findings}


def test_a_destination_of_another_kind_than_the_spec_says_is_refused(bench: Any, code: str) -> None:
    kafka = OnFailure(destination=KafkaOnFailure(topic="failed"))
    alone(bench.stack, code, fields={"on_failure": kafka})
    assert bench.only(MAPPING)["DestinationConfig"] == {"OnFailure": {"Destination": "kafka://failed"}}
    other = cdk.Stack(bench.app, "Other")
    cluster = KafkaCluster(other, "main", spec=MskClusterSpec(arn=CLUSTER_ARN))
    topic = KafkaTopic(other, "orders", spec=KafkaTopicSpec(cluster="main", partitions=3), cluster=cluster)
    spec = LambdaConsumerSpec(from_="orders", code=code, on_failure=kafka)
    with pytest.raises(SpecError, match="LNG403"):
        LambdaConsumer(other, "fraud", spec=spec, source=topic, failures=s3.Bucket(other, "Bucket"))
    with pytest.raises(SpecError, match="GRF301"):
        LambdaConsumer(other, "again", spec=spec, source=topic)


def test_brokers_are_told_where_they_are_known(bench: Any, code: str) -> None:
    cluster = KafkaCluster(bench.stack, "main", spec=MskClusterSpec(arn=CLUSTER_ARN))
    spec = KafkaTopicSpec(cluster="main", partitions=3)
    source = KafkaTopic(bench.stack, "orders", spec=spec, cluster=cluster)
    target = KafkaTopic(bench.stack, "out", spec=spec, cluster=cluster, bootstrap_servers="b-1.main:9098")
    LambdaConsumer(
        bench.stack,
        "fraud",
        spec=LambdaConsumerSpec(
            from_="orders", to=("out",), code=code, on_failure=OnFailure(destination=S3OnFailure())
        ),
        source=source,
        to={"out": target},
    )
    assert bench.only("AWS::Lambda::Function")["Environment"]["Variables"] == {
        "OUT_TOPIC_NAME": "out",
        "OUT_BOOTSTRAP_SERVERS": "b-1.main:9098",
    }


@pytest.mark.parametrize("kind", ["msk", "msk_serverless"])
def test_a_system_asks_for_the_brokers_that_its_functions_write_to(bench: Any, code: str, kind: str) -> None:
    arn = CLUSTER_ARN if kind == "msk" else CLUSTER_ARN.removesuffix("1") + "s1"
    build(bench, code, {"kind": kind, "arn": arn}, to=["failed"])
    question = bench.only("AWS::CloudFormation::CustomResource")
    assert (question["Task"], question["Authentication"]) == ("BootstrapBrokers", "iam")
    functions = [one["Properties"] for one in bench.of_type("AWS::Lambda::Function").values()]
    (told,) = (one["Environment"]["Variables"] for one in functions if "Environment" in one)
    assert told["FAILED_TOPIC_NAME"] == "failed"
    assert told["FAILED_BOOTSTRAP_SERVERS"]["Fn::GetAtt"][1] == "Brokers"


def test_nobody_asks_for_brokers_that_no_function_writes_to(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Shop", spec=system(code, fraud={}))
    assert bench.of_type("AWS::CloudFormation::CustomResource") == {}


@pytest.mark.parametrize(
    "kind", [{"kind": "msk", "arn": CLUSTER_ARN}, {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large"}]
)
def test_nag_finds_nothing_that_is_not_acknowledged(bench: Any, code: str, kind: Any) -> None:
    spec = system(
        code,
        {"kind": "msk", **kind},
        own={},
        grouped={
            "consumer_group": "g",
            "to": ["failed"],
            "on_failure": {"destination": {"kind": "kafka", "topic": "failed"}},
        },
    )
    pipeline = StreamingPipeline(bench.stack, "Shop", spec=spec)
    for name in ("own", "grouped"):
        scope = pipeline.consumers[name]
        for pack in (cdk_nag.AwsSolutionsChecks, cdk_nag.ServerlessChecks):
            told = pack(bench.stack).validate_scope(scope).violations
            assert [f"{one.rule_name}: {one.description}" for one in told] == []


def test_grants_of_topics_are_on_the_topic_alone(bench: Any) -> None:
    cluster = KafkaCluster(bench.stack, "main", spec=MskClusterSpec(arn=CLUSTER_ARN))
    topic = KafkaTopic(bench.stack, "orders", spec=KafkaTopicSpec(cluster="main", partitions=3), cluster=cluster)
    assert topic.endpoint.places == {"cluster": CLUSTER_ARN, "topic": INSIDE.format("topic", "orders")}
    user = iam.User(bench.stack, "User")
    topic.grant_produce(user)
    assert Path(topic.arn).name == "orders"

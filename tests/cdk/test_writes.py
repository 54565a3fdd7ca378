"""What a consumer writes to: how its function finds it, and what it may do there."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from streaming_constructs import (
    CustomerManagedKey,
    DeliverySpec,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    NotificationTopic,
    OnFailure,
    PipelineSpec,
    Reader,
    S3Delivery,
    S3Destination,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
    StreamingPipeline,
)
from streaming_constructs.cdk.edges import Endpoint, variables
from streaming_constructs.cdk.iam_policy import joined

FUNCTION = "AWS::Lambda::Function"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ON_FAILURE = OnFailure(retries=1, max_record_age_seconds=60, destination=SqsOnFailure())


def stream(bench: Any, name: str, **more: Any) -> KinesisStream:
    spec = KinesisStreamSpec(mode="on_demand", **more)
    return KinesisStream(bench.stack, name, spec=spec, readers=[Reader("Unpack")])


def consumer(bench: Any, code: str | None, to: dict[str, Any], **more: Any) -> LambdaConsumer:
    spec = LambdaConsumerSpec(from_="raw", code=code, on_failure=ON_FAILURE, to=tuple(to))
    source = more.pop("source", None) or stream(bench, "raw")
    return LambdaConsumer(bench.stack, "Unpack", spec=spec, source=source, to=to, **more)


def arn(bench: Any, resource_type: str, prefix: str = "") -> dict[str, Any]:
    (logical_id,) = [key for key in bench.of_type(resource_type) if key.startswith(prefix)]
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def told(bench: Any) -> Any:
    return bench.only(FUNCTION).get("Environment")


def test_function_finds_its_targets_in_its_environment(bench: Any, code: str) -> None:
    logs = stream(bench, "logs")
    lake = S3Delivery(bench.stack, "raw-lake", spec=DeliverySpec(to=S3Destination()))
    alerts = NotificationTopic(bench.stack, "log_alerts", spec=SnsTopicSpec())
    consumer(bench, code, {"logs": logs, "raw-lake": lake, "log_alerts": alerts})
    assert told(bench) == {
        "Variables": {
            "LOGS_STREAM_ARN": arn(bench, "AWS::Kinesis::Stream", "logs"),
            "RAW_LAKE_DELIVERY_STREAM_NAME": {"Ref": bench.only_id("AWS::KinesisFirehose::DeliveryStream")},
            "LOG_ALERTS_TOPIC_ARN": {"Ref": bench.only_id("AWS::SNS::Topic")},
        }
    }


def test_function_may_write_to_its_targets_and_nothing_else(bench: Any, code: str) -> None:
    logs = stream(bench, "logs")
    lake = S3Delivery(bench.stack, "lake", spec=DeliverySpec(to=S3Destination()))
    alerts = NotificationTopic(bench.stack, "alerts", spec=SnsTopicSpec())
    consumer(bench, code, {"logs": logs, "lake": lake, "alerts": alerts})
    (policy,) = [one for key, one in bench.of_type("AWS::IAM::ManagedPolicy").items() if key.startswith("Unpack")]
    found = [(one["Action"], one["Resource"]) for one in policy["Properties"]["PolicyDocument"]["Statement"]]
    read = [
        f"kinesis:{action}"
        for action in (
            "DescribeStream",
            "DescribeStreamSummary",
            "GetRecords",
            "GetShardIterator",
            "ListShards",
        )
    ]
    # In the order of their actions, so that a policy reads the same however its edges are written.
    assert found == [
        (
            ["firehose:PutRecord", "firehose:PutRecordBatch"],
            arn(bench, "AWS::KinesisFirehose::DeliveryStream"),
        ),
        (read, arn(bench, "AWS::Kinesis::Stream", "raw")),
        (["kinesis:PutRecord", "kinesis:PutRecords"], arn(bench, "AWS::Kinesis::Stream", "logs")),
        (["logs:CreateLogStream", "logs:PutLogEvents"], arn(bench, "AWS::Logs::LogGroup", "Unpack")),
        ("sns:Publish", {"Ref": bench.only_id("AWS::SNS::Topic")}),
        ("sqs:SendMessage", arn(bench, "AWS::SQS::Queue")),
    ]


def test_targets_under_keys_may_be_encrypted_for(bench: Any, code: str) -> None:
    logs = stream(bench, "logs", encryption=CustomerManagedKey(kms_key_arn=KEY_ARN))
    key = kms.Key(bench.stack, "Key")
    alerts = NotificationTopic(bench.stack, "alerts", spec=SnsTopicSpec(), encryption_key=key)
    consumer(bench, code, {"logs": logs, "alerts": alerts})
    for one in (KEY_ARN, arn(bench, "AWS::KMS::Key")):
        assert bench.allowed_on(one) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_stream_that_is_read_and_written_under_one_key_is_named_once(bench: Any, code: str) -> None:
    raw = stream(bench, "raw", encryption=CustomerManagedKey(kms_key_arn=KEY_ARN))
    logs = stream(bench, "logs", encryption=CustomerManagedKey(kms_key_arn=KEY_ARN))
    consumer(bench, code, {"logs": logs}, source=raw)
    named = [one["Resource"] for one in bench.statements() if one["Resource"] == KEY_ARN]
    assert named == [KEY_ARN]
    assert bench.allowed_on(KEY_ARN) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_without_targets_the_function_is_told_nothing(bench: Any, code: str) -> None:
    consumer(bench, code, {})
    assert told(bench) is None


def test_variables_of_the_spec_stand_beside_those_of_targets(bench: Any, code: str) -> None:
    spec = LambdaConsumerSpec(from_="raw", code=code, on_failure=ON_FAILURE, to=("logs",), environment={"STAGE": "x"})
    LambdaConsumer(bench.stack, "Unpack", spec=spec, source=stream(bench, "raw"), to={"logs": stream(bench, "logs")})
    assert told(bench)["Variables"] == {
        "STAGE": "x",
        "LOGS_STREAM_ARN": arn(bench, "AWS::Kinesis::Stream", "logs"),
    }


def test_adopted_function_may_write_under_its_own_role_and_is_not_changed(bench: Any) -> None:
    role = iam.Role(bench.stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    inline = lambda_.Code.from_inline("def handler(event, context): pass")
    function = lambda_.Function(
        bench.stack, "Live", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=inline, role=role
    )
    unpack = consumer(bench, None, {"logs": stream(bench, "logs")}, function=function)
    logs = arn(bench, "AWS::Kinesis::Stream", "logs")
    assert unpack.permissions is not None
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [bench.stack.resolve(role.role_name)]
    assert bench.allowed_on(logs) == {"kinesis:PutRecord", "kinesis:PutRecords"}
    assert told(bench) is None


@pytest.mark.parametrize(
    ("named", "brought", "expected"),
    [
        (("logs",), (), [("GRF301", "Unpack.to[0]")]),
        ((), ("logs",), [("LNG404", "Unpack.to")]),
        (("logs", "lake"), ("logs", "lakes"), [("GRF301", "Unpack.to[1]"), ("LNG404", "Unpack.to")]),
    ],
)
def test_what_is_named_is_what_is_brought(
    bench: Any, code: str, named: tuple[str, ...], brought: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    spec = LambdaConsumerSpec(from_="raw", code=code, on_failure=ON_FAILURE, to=named)
    with pytest.raises(SpecError) as error:
        LambdaConsumer(
            bench.stack,
            "Unpack",
            spec=spec,
            source=stream(bench, "raw"),
            to={name: stream(bench, name) for name in brought},
        )
    assert [(one.code, one.dotted_path) for one in error.value.findings] == expected


def test_system_wires_what_its_spec_names(bench: Any, code: str) -> None:
    spec = PipelineSpec(
        name="shop",
        removal_policy="destroy",
        streams={name: KinesisStreamSpec(mode="on_demand") for name in ("raw", "logs")},
        deliveries={"lake": DeliverySpec(to=S3Destination())},
        sns_topics={"alerts": SnsTopicSpec()},
        consumers={
            "unpack": LambdaConsumerSpec(from_="raw", code=code, on_failure=ON_FAILURE, to=("logs", "lake", "alerts"))
        },
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    function = pipeline.consumers["unpack"].function
    environment = bench.template["Resources"][bench.stack.get_logical_id(function.node.default_child)]
    assert environment["Properties"]["Environment"] == {
        "Variables": {
            "LOGS_STREAM_ARN": arn(bench, "AWS::Kinesis::Stream", "Pipelinelogs"),
            "LAKE_DELIVERY_STREAM_NAME": {"Ref": bench.only_id("AWS::KinesisFirehose::DeliveryStream")},
            "ALERTS_TOPIC_ARN": {"Ref": bench.only_id("AWS::SNS::Topic")},
        }
    }


def test_variable_is_the_name_in_capitals() -> None:
    spec = LambdaConsumerSpec(from_="raw", code="handlers/a", on_failure=ON_FAILURE, to=("raw-logs", "logs_2"))
    endpoint = Endpoint("kinesis", "arn", variable="STREAM_ARN", value="arn")
    assert variables(spec.edges(), {"raw": endpoint, "raw-logs": endpoint, "logs_2": endpoint}) == {
        "RAW_LOGS_STREAM_ARN": "arn",
        "LOGS_2_STREAM_ARN": "arn",
    }


def test_permissions_on_one_resource_become_one() -> None:
    assert joined({"a": ("s3:Put", "s3:Get")}, {"b": ("x:Y",)}, {"a": ("s3:Get", "s3:List")}) == {
        "a": ["s3:Get", "s3:List", "s3:Put"],
        "b": ["x:Y"],
    }

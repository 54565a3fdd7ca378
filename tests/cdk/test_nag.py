"""The packs of cdk-nag on every kind of part, not only on those that a pattern happens to use."""

from __future__ import annotations

import json
from typing import Any

import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from cfnlint import api
from cfnlint.config import ManualArgs
from constructs import Construct

from streaming_constructs import (
    AlarmsSpec,
    BackupSpec,
    CustomerManagedKey,
    DeliverySpec,
    DynamoDbTableSpec,
    KeyAttribute,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    NotifyNode,
    OnFailure,
    Partition,
    Permission,
    PipelineSpec,
    S3Destination,
    S3ManagedKey,
    S3OnFailure,
    SnsOnFailure,
    SnsTopicSpec,
    SqsOnFailure,
    StreamingPipeline,
    TableCapacity,
    TransformSpec,
    Transition,
    VpcPlacement,
)
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec.schemas import record_schema

PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def system(code: str) -> PipelineSpec:
    """Two streams, one under a key of AWS and one under its own, each with every reader, and what is written to directly."""

    def consumer(stream: str, destination: Any, **more: Any) -> LambdaConsumerSpec:
        on_failure = OnFailure(retries=3, max_record_age_seconds=600, destination=destination)
        return LambdaConsumerSpec(**{"from_": stream, "code": code, "on_failure": on_failure, **more})

    kinds = {"sqs": SqsOnFailure(), "sns": SnsOnFailure(), "s3": S3OnFailure()}
    return PipelineSpec(
        name="shop",
        streams={
            "plain": KinesisStreamSpec(mode="on_demand"),
            "secret": KinesisStreamSpec(mode="on_demand", encryption=CustomerManagedKey()),
        },
        consumers={
            f"{stream}_{kind}": consumer(stream, destination, enhanced_fan_out=kind == "sns")
            for stream in ("plain", "secret")
            for kind, destination in kinds.items()
        }
        | {
            "reserved": consumer("plain", SqsOnFailure(), reserved_concurrency=5),
            "writing": consumer("plain", SqsOnFailure(), to=("secret", "put", "alerts", "scores", "sealed")),
            "told": consumer("plain", "alerts"),
            "placed": consumer(
                "plain",
                SqsOnFailure(),
                vpc=VpcPlacement(vpc_id="vpc-0123456789abcdef0", subnet_ids=("subnet-0123456789abcdef0",)),
                permissions=(
                    Permission(actions=("dynamodb:PutItem",), resources=("arn:aws:dynamodb:*:*:table/scores",)),
                    Permission(actions=("cloudwatch:PutMetricData",), resources=("*",)),
                ),
            ),
        },
        schemas={"click": record_schema({"country": "string", "at": "timestamp"})},
        stores={
            "scores": DynamoDbTableSpec(partition_key=KeyAttribute(name="id"), point_in_time_recovery=False),
            "sealed": DynamoDbTableSpec(
                partition_key=KeyAttribute(name="id"),
                sort_key=KeyAttribute(name="at", type="number"),
                billing="provisioned",
                read_capacity=TableCapacity(minimum=5, maximum=5),
                write_capacity=TableCapacity(minimum=5, maximum=50),
                encryption=CustomerManagedKey(),
            ),
        },
        deliveries=archives(code),
        sns_topics={"alerts": SnsTopicSpec(subscribers=(NotifyEmail(email="oncall@example.com"),))},
        alarms=AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"), NotifyNode(sns_topic="alerts"))),
        dashboard=True,
    )


def archives(code: str) -> dict[str, DeliverySpec]:
    """Archives of every kind: of each format and source, with each bucket, key and step."""

    def delivery(stream: str | None, *partitions: str, **to: Any) -> DeliverySpec:
        archive = {"partition_by": tuple(Partition(by=one) for one in partitions or ("day(arrival)",)), **to}
        return DeliverySpec(from_=stream, record_schema="click", to=S3Destination(**archive))

    own: dict[str, Any] = {"encryption": CustomerManagedKey()}
    bucket = "arn:aws:s3:::company-records"
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    put = DeliverySpec(
        encryption=CustomerManagedKey(),
        decompress_cloudwatch_logs=True,
        extract_log_messages=True,
        transform=TransformSpec(code=code),
        to=S3Destination(source_backup=BackupSpec(expire_after_days=7)),
    )
    return {
        "raw": delivery("plain", expire_after_days=30),
        "lake": delivery("plain", format="parquet", source_backup=BackupSpec()),
        "divided": delivery("secret", "country", "hour(at)", format="orc", retry_seconds=60),
        "keyed": delivery("plain", format="parquet", source_backup=BackupSpec(**own), **own),
        "managed": delivery("secret", encryption=S3ManagedKey()),
        "company": delivery("secret", format="parquet", bucket=bucket, kms_key_arn=key, database="company"),
        "put": put,
        "adopted": DeliverySpec(
            transform=TransformSpec(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:mend:live"),
            to=S3Destination(transitions=(Transition(after_days=30, storage_class="glacier_ir"),)),
        ),
    }


def violations(scope: Construct, pack: Any) -> list[str]:
    return [f"{one.rule_name}: {one.description}" for one in pack(scope).validate_scope(scope).violations]


@pytest.mark.parametrize("pack", PACKS)
def test_no_part_has_a_finding_that_is_not_acknowledged(bench: Any, code: str, pack: Any) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code))
    assert violations(bench.stack, pack) == []


@pytest.mark.parametrize("pack", PACKS)
def test_functions_in_a_vpc_have_none_either(bench: Any, code: str, pack: Any) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        bench.stack, "Vpc", vpc_id="vpc-1", availability_zones=["a"], private_subnet_ids=["subnet-1"]
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code), vpc=vpc)
    assert violations(pipeline, pack) == []


def test_templates_are_valid_to_cloudformation_and_to_cfn_lint(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code))
    template = json.dumps(bench.template)
    assert [str(one) for one in TemplateValidator().validate(template)] == []
    # CDK states dependencies that a reference implies already (W3005); they do no harm.
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(template, config=config)] == []


def test_nag_would_speak_up(bench: Any) -> None:
    sns.Topic(bench.stack, "Open")
    assert violations(bench.stack, cdk_nag.AwsSolutionsChecks) != []

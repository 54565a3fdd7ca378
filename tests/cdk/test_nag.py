"""The packs of cdk-nag on every kind of part, not only on those that a pattern happens to use."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct

from streaming_constructs import (
    AlarmsSpec,
    CustomerManagedKey,
    KeepInS3,
    KeepInSns,
    KeepInSqs,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    OnDemandCapacity,
    OnError,
    PipelineSpec,
    SkipAfter,
    StreamingPipeline,
)

PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def system(code: str) -> PipelineSpec:
    """Two streams, one under a key of AWS and one under its own, each read with every destination of failures."""

    def consumer(stream: str, keep_in: Any, **more: Any) -> LambdaConsumerSpec:
        on_error = OnError(skip_after=SkipAfter(attempts=3, max_age_seconds=600), keep_in=keep_in)
        return LambdaConsumerSpec(**{"from_": stream, "code": code, "on_error": on_error, **more})

    kinds = {"sqs": KeepInSqs(), "sns": KeepInSns(), "s3": KeepInS3()}
    return PipelineSpec(
        name="shop",
        streams={
            "plain": KinesisStreamSpec(capacity=OnDemandCapacity()),
            "secret": KinesisStreamSpec(capacity=OnDemandCapacity(), encryption=CustomerManagedKey()),
        },
        consumers={
            f"{stream}_{kind}": consumer(stream, keep_in, read="enhanced_fan_out" if kind == "sns" else "shared")
            for stream in ("plain", "secret")
            for kind, keep_in in kinds.items()
        }
        | {"reserved": consumer("plain", KeepInSqs(), reserved_concurrency=5)},
        alarms=AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"),)),
        dashboard=True,
    )


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


def test_nag_would_speak_up(bench: Any) -> None:
    sns.Topic(bench.stack, "Open")
    assert violations(bench.stack, cdk_nag.AwsSolutionsChecks) != []

"""Two of every construct fit in one stack, and in two stacks of one app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

from streaming_constructs import (
    AlarmsSpec,
    CustomerManagedKey,
    KeepInS3,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    NotifyEmail,
    OnError,
    ProvisionedCapacity,
    SkipAfter,
    StreamAlarms,
    StreamDashboard,
)

Build = Callable[[cdk.Stack, str, str], None]


def stream(stack: cdk.Stack, name: str, _code: str) -> KinesisStream:
    spec = KinesisStreamSpec(capacity=ProvisionedCapacity(shards=1), encryption=CustomerManagedKey())
    return KinesisStream(stack, name, spec=spec)


def consumer(stack: cdk.Stack, name: str, code: str) -> LambdaConsumer:
    spec = LambdaConsumerSpec(
        from_="clicks",
        code=code,
        read="enhanced_fan_out",
        layers=("powertools",),
        on_error=OnError(skip_after=SkipAfter(attempts=1, max_age_seconds=60), keep_in=KeepInS3()),
    )
    return LambdaConsumer(stack, name, source=stream(stack, f"{name}Stream", code), spec=spec)


def alarms(stack: cdk.Stack, name: str, code: str) -> StreamAlarms:
    told = AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"),))
    return StreamAlarms(stack, name, consumers=[consumer(stack, f"{name}Consumer", code)], spec=told)


def dashboard(stack: cdk.Stack, name: str, code: str) -> StreamDashboard:
    return StreamDashboard(stack, name, title=name, streams=[stream(stack, f"{name}Stream", code)])


@pytest.mark.parametrize(
    ("build", "resource_type"),
    [
        (stream, "AWS::Kinesis::Stream"),
        (consumer, "AWS::Lambda::EventSourceMapping"),
        (alarms, "AWS::SNS::Topic"),
        (dashboard, "AWS::CloudWatch::Dashboard"),
    ],
)
def test_two_in_one_stack_and_one_in_another(bench: Any, code: str, build: Build, resource_type: str) -> None:
    other = cdk.Stack(bench.app, "Other")
    build(bench.stack, "One", code)
    build(bench.stack, "Two", code)
    build(other, "One", code)
    assembly = bench.app.synth()
    mine, others = (assembly.get_stack_by_name(name).template["Resources"] for name in ("Test", "Other"))
    ids = [key for key, one in mine.items() if one["Type"] == resource_type]
    assert len(ids) == 2
    assert [key for key, one in others.items() if one["Type"] == resource_type] == [
        next(key for key in ids if key.startswith("One"))
    ]


def test_fan_out_consumers_of_two_stacks_have_two_names(bench: Any, code: str) -> None:
    one = consumer(bench.stack, "Fraud", code)
    two = consumer(cdk.Stack(bench.app, "Other"), "Fraud", code)
    assert one.dimensions["ConsumerName"] != two.dimensions["ConsumerName"]


def test_stage_does_not_change_what_is_promised(bench: Any, code: str) -> None:
    stage = cdk.Stage(bench.app, "Beta")
    consumer(bench.stack, "Fraud", code)
    consumer(cdk.Stack(stage, "Test"), "Fraud", code)
    assembly = bench.app.synth()
    plain = assembly.get_stack_by_name("Test").template["Resources"]
    staged = assembly.get_nested_assembly("assembly-Beta").stacks[0].template["Resources"]
    assert set(plain) == set(staged)

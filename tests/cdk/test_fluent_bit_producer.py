"""Hosts with Fluent Bit: its configuration alone, and what it may."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.cdk import FluentBitProducer, KinesisStream, S3Delivery, StreamingPipeline
from streaming_constructs.spec import (
    CustomerManagedKey,
    DeliverySpec,
    FluentBitProducerSpec,
    KinesisStreamSpec,
    PipelineSpec,
    S3Destination,
)


def spec(**more: Any) -> FluentBitProducerSpec:
    return FluentBitProducerSpec(**{"to": "logs", "files": ("/var/log/app/*.json",), **more})


def stream(bench: Any, **more: Any) -> KinesisStream:
    return KinesisStream(bench.stack, "Logs", spec=KinesisStreamSpec(mode="on_demand", **more))


def configuration(bench: Any) -> dict[str, Any]:
    """The one parameter's YAML, with references as their words."""
    value = bench.only("AWS::SSM::Parameter")["Value"]["Fn::Join"][1]
    read: dict[str, Any] = yaml.safe_load("".join(part if isinstance(part, str) else part["Ref"] for part in value))
    return read


def test_hosts_have_the_configuration_of_fluent_bit_and_of_nothing_else(bench: Any) -> None:
    producer = FluentBitProducer(bench.stack, "Hosts", spec=spec(), target=stream(bench))
    (parameter,) = bench.of_type("AWS::SSM::Parameter").values()
    assert parameter["Properties"]["Name"].endswith("/fluent-bit.yaml")
    assert parameter["Properties"]["Description"] == "Configuration of Fluent Bit of Hosts"
    (output,) = configuration(bench)["pipeline"]["outputs"]
    assert (output["name"], output["stream"], output["region"]) == (
        "kinesis_streams",
        bench.only_id("AWS::Kinesis::Stream"),
        "AWS::Region",
    )
    assert bench.stack.resolve(producer.fluent_bit_configuration.ref) == {"Ref": bench.only_id("AWS::SSM::Parameter")}
    assert not hasattr(producer, "agent_json")


def test_it_may_write_encrypt_and_read_its_configuration(bench: Any) -> None:
    FluentBitProducer(bench.stack, "Hosts", spec=spec(), target=stream(bench, encryption=CustomerManagedKey()))
    assert bench.allowed_on({"Fn::GetAtt": [bench.only_id("AWS::Kinesis::Stream"), "Arn"]}) == {"kinesis:PutRecords"}
    assert bench.allowed_on({"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}) == {"kms:GenerateDataKey"}
    reads = [statement["Resource"] for statement in bench.statements() if statement["Action"] == "ssm:GetParameter"]
    assert ["/fluent-bit.yaml" in str(resource) for resource in reads] == [True]


@pytest.mark.parametrize(("runs_on", "profiles"), [("ec2", 1), ("ecs_tasks", 0)])
def test_its_role_is_for_where_it_runs(bench: Any, runs_on: Any, profiles: int) -> None:
    FluentBitProducer(bench.stack, "Hosts", spec=spec(runs_on=runs_on), target=stream(bench))
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    assert len(bench.of_type("AWS::IAM::InstanceProfile")) == profiles


def test_it_puts_into_a_delivery(bench: Any) -> None:
    lake = S3Delivery(bench.stack, "Lake", spec=DeliverySpec(to=S3Destination()))
    FluentBitProducer(bench.stack, "Hosts", spec=spec(to="lake"), target=lake)
    (output,) = configuration(bench)["pipeline"]["outputs"]
    assert (output["name"], output["delivery_stream"]) == (
        "kinesis_firehose",
        bench.only_id("AWS::KinesisFirehose::DeliveryStream"),
    )


def test_system_builds_it_by_its_kind(bench: Any) -> None:
    system = PipelineSpec(name="shop", streams={"logs": KinesisStreamSpec(shards=1)}, producers={"hosts": spec()})
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system)
    assert type(pipeline.producers["hosts"]) is FluentBitProducer
    assert bench.template["Outputs"]["HostsFluentBitConfiguration"]["Value"] == {
        "Ref": bench.only_id("AWS::SSM::Parameter")
    }

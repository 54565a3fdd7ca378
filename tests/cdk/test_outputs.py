"""Outputs of the stack: what a person needs next, under names that can be read, typed and relied on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from constructs import Construct

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.spec import (
    AcceptFrom,
    CloudWatchLogsProducerSpec,
    DeliverySpec,
    FluentBitProducerSpec,
    KinesisAgentProducerSpec,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    OnFailure,
    OpenSearchDomainSpec,
    PipelineSpec,
    S3Destination,
    S3OnFailure,
    SnsTopicSpec,
    SqsOnFailure,
)


def clicks(**more: Any) -> PipelineSpec:
    return PipelineSpec(**{"name": "shop", "streams": {"clicks": KinesisStreamSpec(shards=1)}, **more})


def whole(code: str) -> PipelineSpec:
    def consumer(destination: Any) -> LambdaConsumerSpec:
        return LambdaConsumerSpec(from_="clicks", code=code, on_failure=OnFailure(destination=destination))

    return clicks(
        consumers={
            "fraud": consumer(SqsOnFailure()),
            "log-alert": consumer(S3OnFailure()),
            "told_all": consumer("told"),
        },
        deliveries={"lake": DeliverySpec(from_="clicks", to=S3Destination())},
        stores={"search": OpenSearchDomainSpec()},
        sns_topics={"told": SnsTopicSpec()},
        producers={
            "services": CloudWatchLogsProducerSpec(to="clicks", accept_from=AcceptFrom(account_ids=("444455556666",))),
            "hosts": KinesisAgentProducerSpec(to="clicks", files=("/var/log/app.log",)),
            "web": FluentBitProducerSpec(to="clicks", files=("/var/log/web.log",)),
        },
        dashboard=True,
    )


def values(bench: Any) -> dict[str, Any]:
    return {name: output["Value"] for name, output in bench.template["Outputs"].items()}


def ids(bench: Any, resource_type: str, *prefixes: str) -> Iterator[str]:
    for prefix in prefixes:
        (found,) = [key for key in bench.of_type(resource_type) if key.startswith(f"Pipeline{prefix}")]
        yield found


def test_each_kind_of_node_says_what_is_needed_next(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=whole(code))
    (stream,), (topic,), (bucket,) = (
        ids(bench, resource_type, prefix)
        for resource_type, prefix in (
            ("AWS::Kinesis::Stream", "clicks"),
            ("AWS::SNS::Topic", "told"),
            ("AWS::S3::Bucket", "logalert"),
        )
    )
    fraud, alert, told = ids(bench, "AWS::Lambda::Function", "fraud", "logalert", "toldall")
    found = values(bench)
    expected = {
        "ClicksStreamName": {"Ref": stream},
        "ClicksStreamArn": {"Fn::GetAtt": [stream, "Arn"]},
        "FraudFunctionName": {"Ref": fraud},
        "FraudFailureQueueUrl": {"Ref": bench.only_id("AWS::SQS::Queue")},
        "LogAlertFunctionName": {"Ref": alert},
        "LogAlertFailureBucketName": {"Ref": bucket},
        "ToldAllFunctionName": {"Ref": told},
        "ToldAllFailureTopicArn": {"Ref": topic},
        "LakeDeliveryStreamName": {"Ref": bench.only_id("AWS::KinesisFirehose::DeliveryStream")},
        "SearchDomainEndpoint": {"Fn::GetAtt": [bench.only_id("AWS::OpenSearchService::Domain"), "DomainEndpoint"]},
        "ToldTopicArn": {"Ref": topic},
        "ServicesDestinationArn": {"Fn::GetAtt": [bench.only_id("AWS::Logs::Destination"), "Arn"]},
    }
    assert {name: found.get(name) for name in expected} == expected
    parameters = {key: one["Properties"]["Name"] for key, one in bench.of_type("AWS::SSM::Parameter").items()}
    named = {
        name: parameters[found[name]["Ref"]].rpartition("/")[2]
        for name in found
        if found[name].get("Ref") in parameters
    }
    assert named["HostsAgentJson"] == "agent.json"
    assert named["WebFluentBitConfiguration"] == "fluent-bit.yaml"
    assert all(output["Description"] for output in bench.template["Outputs"].values())


def test_dashboard_is_an_address_in_its_region(benches: Any) -> None:
    bench = benches(env=cdk.Environment(account="111122223333", region="eu-west-1"))
    StreamingPipeline(bench.stack, "Pipeline", spec=clicks(dashboard=True))
    address = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/"
    dashboard = {"Ref": bench.only_id("AWS::CloudWatch::Dashboard")}
    assert values(bench)["DashboardUrl"] == {"Fn::Join": ["", [address, dashboard]]}


def test_names_of_a_system_do_not_depend_on_other_systems_or_their_order(benches: Any) -> None:
    found = []
    for order in (("Pipeline",), ("Pipeline", "Orders"), ("Orders", "Pipeline")):
        bench = benches()
        for construct_id in order:
            StreamingPipeline(bench.stack, construct_id, spec=clicks())
        streams = {key for key in bench.of_type("AWS::Kinesis::Stream") if key.startswith("Pipeline")}
        found.append({name: value for name, value in values(bench).items() if streams & {value.get("Ref")}})
        assert ("OrdersClicksStreamName" in values(bench)) == ("Orders" in order)
    assert found[0] == found[1] == found[2]
    assert set(found[0]) == {"ClicksStreamName"}


def test_constructs_between_stack_and_system_stand_before_the_name(bench: Any) -> None:
    team = Construct(bench.stack, "payments-team")
    StreamingPipeline(team, "Pipeline", spec=clicks())
    StreamingPipeline(Construct(team, "Audit"), "Orders", spec=clicks())
    assert {name for name in values(bench) if name.endswith("StreamName")} == {
        "PaymentsTeamClicksStreamName",
        "PaymentsTeamAuditOrdersClicksStreamName",
    }


@pytest.mark.parametrize("inside", ["stage", "nested stack"])
def test_stages_and_nested_stacks_are_no_part_of_the_name(bench: Any, inside: str) -> None:
    if inside == "stage":
        stage = cdk.Stage(bench.app, "Beta")
        StreamingPipeline(cdk.Stack(stage, "Shop"), "Pipeline", spec=clicks())
        template = bench.app.synth().get_nested_assembly("assembly-Beta").stacks[0].template
        assert "ClicksStreamName" in template["Outputs"]
    else:
        nested = cdk.NestedStack(bench.stack, "Inner")
        pipeline = StreamingPipeline(nested, "Pipeline", spec=clicks())
        bench.app.synth()
        assert nested.resolve(pipeline.outputs["ClicksStreamName"].logical_id) == "ClicksStreamName"


def test_what_the_stack_has_already_keeps_its_name(bench: Any) -> None:
    own = kinesis.Stream(bench.stack, "Live")
    cdk.CfnOutput(bench.stack, "ClicksStreamName", value=own.stream_name)
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=clicks())
    found = values(bench)
    assert found["ClicksStreamName"] == {"Ref": bench.stack.get_logical_id(own.node.default_child)}
    (ours,) = [name for name in found if name.startswith("PipelineclicksStreamName")]
    assert found[ours] == bench.stack.resolve(pipeline.streams["clicks"].stream.stream_name)


def test_names_that_read_alike_have_outputs_of_their_own(bench: Any) -> None:
    alike = {name: KinesisStreamSpec(shards=1) for name in ("a-b", "a_b")}
    StreamingPipeline(bench.stack, "Pipeline", spec=clicks(streams=alike))
    named = [value["Ref"] for name, value in values(bench).items() if "StreamName" in name]
    assert sorted(named) == sorted(bench.of_type("AWS::Kinesis::Stream"))


def test_outputs_can_be_exported_or_renamed(bench: Any) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=clicks())
    pipeline.outputs["ClicksStreamArn"].export_name = "clicks-arn"
    pipeline.outputs["ClicksStreamName"].override_logical_id("ClickStream")
    assert bench.template["Outputs"]["ClicksStreamArn"]["Export"] == {"Name": "clicks-arn"}
    assert "ClickStream" in bench.template["Outputs"]

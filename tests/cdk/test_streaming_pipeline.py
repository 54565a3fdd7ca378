"""The whole system from its spec: wiring, and what holds wherever it is deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match

from streaming_constructs import (
    AlarmsSpec,
    KeepInS3,
    KeepInSqs,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    OnDemandCapacity,
    OnError,
    PipelineSpec,
    ProvisionedCapacity,
    SkipAfter,
    SpecError,
    StreamingPipeline,
    Workload,
)
from streaming_constructs.testing import alarm_problems, policy_problems

STREAM = "AWS::Kinesis::Stream"


def consumer(code: str, from_: str = "clicks", **more: Any) -> LambdaConsumerSpec:
    on_error = OnError(skip_after=SkipAfter(attempts=3, max_age_seconds=600), keep_in=KeepInSqs())
    return LambdaConsumerSpec(**{"from_": from_, "code": code, "on_error": on_error, **more})


def system(code: str, **more: Any) -> PipelineSpec:
    two = KinesisStreamSpec(capacity=ProvisionedCapacity(shards=2))
    defaults: dict[str, Any] = {
        "name": "shop",
        "streams": {"clicks": two, "orders": KinesisStreamSpec(capacity=OnDemandCapacity())},
        "consumers": {"fraud": consumer(code), "audit": consumer(code, "orders", read="enhanced_fan_out")},
        "alarms": AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"),)),
    }
    return PipelineSpec(**{**defaults, **more})


def test_each_consumer_reads_its_own_stream(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code))
    clicks = bench.stack.resolve(pipeline.streams["clicks"].stream.stream_arn)
    assert bench.stack.resolve(pipeline.consumers["fraud"].mapping.event_source_arn) == clicks
    orders = bench.stack.resolve(pipeline.streams["orders"].stream.stream_arn)
    registered = pipeline.consumers["audit"].fan_out_consumer
    assert registered is not None
    assert bench.stack.resolve(registered.stream_arn) == orders


def test_shared_readers_of_a_stream_raise_its_shards(bench: Any, code: str) -> None:
    load = Workload(records_per_second=1024, record_kib=1)
    spec = system(
        code,
        streams={"clicks": KinesisStreamSpec(workload=load)},
        consumers={name: consumer(code) for name in ("a", "b", "c", "d")}
        | {"e": consumer(code, read="enhanced_fan_out")},
    )
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    # 1 MiB/s, four shared readers: 4 x 1 / 2 = 2; x 1.3 = 2.6
    assert bench.only(STREAM)["ShardCount"] == 3


def test_every_alarm_watches_something_and_every_policy_names_what_it_allows(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, dashboard=True))
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


def test_dashboard_is_created_on_request_alone(benches: Any, code: str) -> None:
    with_dashboard, without = benches(), benches()
    StreamingPipeline(with_dashboard.stack, "Pipeline", spec=system(code, dashboard=True))
    pipeline = StreamingPipeline(without.stack, "Pipeline", spec=system(code))
    assert len(with_dashboard.of_type("AWS::CloudWatch::Dashboard")) == 1
    assert pipeline.dashboard is None
    assert not without.of_type("AWS::CloudWatch::Dashboard")


def test_tags_are_on_every_resource_that_takes_some(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, tags={"team": "payments"}))
    untagged = {
        one["Type"]
        for one in bench.template["Resources"].values()
        if {"Key": "team", "Value": "payments"} not in one["Properties"].get("Tags", [])
    }
    assert untagged == {
        "AWS::IAM::ManagedPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
    }


def test_two_systems_fit_in_one_stack(bench: Any, code: str) -> None:
    spec = system(code, dashboard=True)
    StreamingPipeline(bench.stack, "One", spec=spec)
    StreamingPipeline(bench.stack, "Two", spec=spec)
    assert len(bench.of_type(STREAM)) == 4
    names = [one["Properties"]["ConsumerName"] for one in bench.of_type("AWS::Kinesis::StreamConsumer").values()]
    assert len(set(names)) == 2


def test_nothing_gets_a_name_that_would_collide(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, dashboard=True))
    names = {"Name", "FunctionName", "QueueName", "TopicName", "BucketName", "LogGroupName", "AlarmName", "RoleName"}
    named = {
        one["Type"]
        for one in bench.template["Resources"].values()
        if names & set(one["Properties"]) and one["Type"] != "AWS::Lambda::EventSourceMapping"
    }
    assert named == set()


def test_logical_ids_follow_from_names_not_from_order(benches: Any, code: str) -> None:
    forward, backward = benches(), benches()
    spec = system(code)
    StreamingPipeline(forward.stack, "Pipeline", spec=spec)
    turned = system(
        code,
        streams=dict(reversed(spec.streams.items())),
        consumers=dict(reversed(spec.consumers.items())),
    )
    StreamingPipeline(backward.stack, "Pipeline", spec=turned)
    assert forward.template["Resources"] == backward.template["Resources"]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_other_partitions_are_no_other_template(benches: Any, code: str, region: str, partition: str) -> None:
    spec = system(code, consumers={"fraud": consumer(code, on_error=s3_failures())})
    here = benches(env=cdk.Environment(account="111122223333", region=region))
    agnostic = benches()
    StreamingPipeline(here.stack, "Pipeline", spec=spec)
    StreamingPipeline(agnostic.stack, "Pipeline", spec=spec)
    text = str(here.template["Resources"])
    assert "arn:aws:" not in text
    assert ("arn:" + partition + ":" in text) or ("AWS::Partition" in text)
    assert "arn:aws:" not in str(agnostic.template["Resources"])
    assert set(here.template["Resources"]) == set(agnostic.template["Resources"])


def s3_failures() -> OnError:
    return OnError(skip_after=SkipAfter(attempts=3, max_age_seconds=600), keep_in=KeepInS3())


def test_tokens_of_the_company_pass_through(bench: Any, code: str) -> None:
    topic_arn = cdk.CfnParameter(bench.stack, "TopicArn").value_as_string
    vpc = ec2.Vpc.from_vpc_attributes(
        bench.stack,
        "Vpc",
        vpc_id=cdk.CfnParameter(bench.stack, "VpcId").value_as_string,
        availability_zones=["a", "b"],
        private_subnet_ids=[cdk.Fn.import_value("SubnetA"), cdk.Fn.import_value("SubnetB")],
    )
    topic = sns.Topic.from_topic_arn(bench.stack, "Topic", topic_arn)
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, alarms=AlarmsSpec()), vpc=vpc, notify=[topic])
    assert bench.alarm("clicksIncomingBytes")["AlarmActions"] == [{"Ref": "TopicArn"}]
    configs = [one["Properties"]["VpcConfig"]["SubnetIds"] for one in bench.of_type("AWS::Lambda::Function").values()]
    assert configs == [[{"Fn::ImportValue": "SubnetA"}, {"Fn::ImportValue": "SubnetB"}]] * 2


def test_template_is_plain_ascii_where_cloudformation_would_garble_it(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, dashboard=True))
    assert str(bench.template).isascii()


def test_warnings_show_in_synth_and_acknowledged_ones_do_not(benches: Any, code: str) -> None:
    late = OnError(skip_after=SkipAfter(attempts=3, max_age_seconds=80_000), keep_in=KeepInSqs())
    spec = system(code, consumers={"fraud": consumer(code, on_error=late)})
    warned = benches()
    StreamingPipeline(warned.stack, "Pipeline", spec=spec)
    Annotations.from_stack(warned.stack).has_warning(
        "/Test/Pipeline", Match.string_like_regexp("little time is left.*streaming-constructs:SC507")
    )
    accepted = benches()
    quiet = spec.model_copy(update={"acknowledge": {"fraud.SC507": "an on-call engineer re-reads within the hour"}})
    StreamingPipeline(accepted.stack, "Pipeline", spec=quiet)
    Annotations.from_stack(accepted.stack).has_no_warning("*", Match.any_value())


def test_live_topics_are_somebody_to_tell(bench: Any, code: str) -> None:
    topic = sns.Topic(bench.stack, "OnCall")
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, alarms=AlarmsSpec()), notify=[topic])
    Annotations.from_stack(bench.stack).has_no_warning("*", Match.any_value())


def test_all_errors_are_raised_at_once(bench: Any, code: str) -> None:
    forever = OnError(skip_after=SkipAfter(attempts=3, max_age_seconds=86_400), keep_in=KeepInSqs())
    spec = system(
        code,
        consumers={"fraud": consumer(code, on_error=forever)},
        alarms=AlarmsSpec(silence={"fraud.iteratorage": "a slow consumer by design"}),
    )
    with pytest.raises(SpecError) as error:
        StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [
        ("SC506", "consumers.fraud.on_error.skip_after.max_age_seconds"),
        ("SC601", "alarms.silence.fraud.iteratorage"),
    ]


def test_code_is_looked_up_beside_the_spec(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "handlers").mkdir()
    (tmp_path / "handlers" / "index.py").write_text("def handler(event, context): ...\n")
    spec = system("handlers").in_directory(tmp_path)
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert len(bench.of_type("AWS::Lambda::Function")) == 2

"""Hosts: their permissions, their role, and the configurations that are ready for them."""

from __future__ import annotations

import json
from typing import Any

import cdk_nag
import pytest
import yaml
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import CustomerManagedKey, KinesisStream, KinesisStreamSpec, SpecError
from streaming_constructs.cdk.deliveries.s3 import S3Delivery
from streaming_constructs.cdk.producers.kinesis_agent import KinesisAgentProducer
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.producers.kinesis_agent import AgentFile, DataProcessing, KinesisAgentProducerSpec

ARN = "arn:aws:kinesis:eu-central-1:111122223333:stream/logs"
ROLE_ARN = "arn:aws:iam::111122223333:role/hosts/web"
PARAMETER = "/streaming-constructs/Test-Hosts-3EA40EAD/"
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def hosts(**more: Any) -> KinesisAgentProducerSpec:
    files = more.pop("files", (AgentFile(path="/var/log/app/*.json"),))
    return KinesisAgentProducerSpec(to="logs", files=files, **more)


def stream(stack: Stack, *, key: bool = False, name: str = "Logs") -> KinesisStream:
    more: Any = {"encryption": CustomerManagedKey()} if key else {}
    return KinesisStream(stack, name, spec=KinesisStreamSpec(mode="on_demand", **more))


def delivery(stack: Stack, name: str = "Lake") -> S3Delivery:
    return S3Delivery(stack, name, spec=DeliverySpec(to=S3Destination()))


def values(bench: Any, **known: str) -> dict[str, str]:
    """What the two parameters say once CloudFormation has put it together, by file."""

    def put_together(value: Any) -> str:
        if isinstance(value, str):
            return value
        if "Ref" in value:
            return known[value["Ref"].removeprefix("AWS::")]
        return "".join(put_together(part) for part in value["Fn::Join"][1])

    found = (one["Properties"] for one in bench.of_type("AWS::SSM::Parameter").values())
    return {one["Name"].rpartition("/")[2]: put_together(one["Value"]) for one in found}


def parameter_arns() -> list[dict[str, Any]]:
    partition, region, account = ({"Ref": f"AWS::{name}"} for name in ("Partition", "Region", "AccountId"))
    return [
        {"Fn::Join": ["", ["arn:", partition, ":ssm:", region, ":", account, f":parameter{PARAMETER}{file}"]]}
        for file in ("agent.json", "fluent-bit.yaml")
    ]


def test_agent_may_write_to_its_stream_and_read_its_configuration_and_nothing_else(bench: Any) -> None:
    KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(), target=stream(bench.stack))
    arn = {"Fn::GetAtt": [bench.only_id("AWS::Kinesis::Stream"), "Arn"]}
    read = [{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": one} for one in parameter_arns()]
    assert bench.statements() == [{"Effect": "Allow", "Action": "kinesis:PutRecords", "Resource": arn}, *read]


def test_agent_may_use_the_key_of_its_stream(bench: Any) -> None:
    KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(), target=stream(bench.stack, key=True))
    key = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert bench.allowed_on(key) == {"kms:GenerateDataKey"}


def test_agent_may_put_into_a_delivery(bench: Any) -> None:
    KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(), target=delivery(bench.stack))
    arn = {"Fn::GetAtt": [bench.only_id("AWS::KinesisFirehose::DeliveryStream"), "Arn"]}
    assert bench.allowed_on(arn) == {"firehose:PutRecordBatch"}


def test_agent_may_write_metrics_into_its_own_namespace_when_it_is_asked_to(bench: Any) -> None:
    KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(emit_metrics=True), target=stream(bench.stack))
    assert bench.statements()[-1] == {
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": "AWSKinesisAgent"}},
    }


@pytest.mark.parametrize(
    ("runs_on", "service", "profiles"), [("ec2", "ec2.amazonaws.com", 1), ("ecs_tasks", "ecs-tasks.amazonaws.com", 0)]
)
def test_role_is_for_where_the_agent_runs(bench: Any, runs_on: Any, service: str, profiles: int) -> None:
    producer = KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(runs_on=runs_on), target=stream(bench.stack))
    role = bench.only("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert [one["Principal"] for one in role] == [{"Service": service}]
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    attached = [one["Properties"]["Roles"] for one in bench.of_type("AWS::IAM::InstanceProfile").values()]
    assert attached == [[{"Ref": bench.only_id("AWS::IAM::Role")}]] * profiles
    assert (producer.instance_profile is not None) == bool(profiles)


def test_elsewhere_has_a_policy_and_no_role(bench: Any) -> None:
    producer = KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(runs_on="elsewhere"), target=stream(bench.stack))
    assert producer.role is None
    assert "Roles" not in bench.only("AWS::IAM::ManagedPolicy")
    assert not bench.of_type("AWS::IAM::Role")


@pytest.mark.parametrize("brought", [True, False])
def test_existing_role_gets_the_policy(bench: Any, brought: bool) -> None:
    role = iam.Role.from_role_arn(bench.stack, "Web", ROLE_ARN) if brought else None
    spec = hosts() if brought else hosts(role_arn=ROLE_ARN)
    KinesisAgentProducer(bench.stack, "Hosts", spec=spec, target=stream(bench.stack), role=role)
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == ["web"]
    assert not bench.of_type("AWS::IAM::InstanceProfile")


@pytest.mark.parametrize("field", [{"role_arn": ROLE_ARN}, {"runs_on": "ec2"}])
def test_a_role_that_is_brought_is_not_asked_for_too(bench: Any, field: Any) -> None:
    role = iam.Role.from_role_arn(bench.stack, "Web", ROLE_ARN)
    with pytest.raises(SpecError) as caught:
        KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(**field), target=stream(bench.stack), role=role)
    assert [(one.code, one.dotted_path) for one in caught.value.findings] == [("LNG403", f"Hosts.{next(iter(field))}")]


def test_configurations_name_the_stream_and_the_region(bench: Any) -> None:
    step = DataProcessing(option="log_to_json", match_pattern=r'"(\S+)" (.*)', field_names=("a", "b"))
    spec = hosts(files=(AgentFile(path="/a", processing=(step,)),))
    KinesisAgentProducer(bench.stack, "Hosts", spec=spec, target=stream(bench.stack))
    known = {bench.only_id("AWS::Kinesis::Stream"): "logs-1", "Region": "eu-west-1", "URLSuffix": "amazonaws.com"}
    found = values(bench, **known)
    agent = json.loads(found["agent.json"])
    assert (agent["kinesis.endpoint"], agent["flows"][0]["kinesisStream"]) == (
        "kinesis.eu-west-1.amazonaws.com",
        "logs-1",
    )
    assert agent["flows"][0]["dataProcessingOptions"][0]["matchPattern"] == r'"(\S+)" (.*)'
    (output,) = yaml.safe_load(found["fluent-bit.yaml"])["pipeline"]["outputs"]
    assert (output["name"], output["stream"], output["region"]) == ("kinesis_streams", "logs-1", "eu-west-1")


def test_configurations_name_the_delivery(bench: Any) -> None:
    KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(), target=delivery(bench.stack))
    known = {bench.only_id("AWS::KinesisFirehose::DeliveryStream"): "lake-1", "Region": "r", "URLSuffix": "s"}
    found = values(bench, **known)
    assert json.loads(found["agent.json"])["flows"][0]["deliveryStream"] == "lake-1"
    (output,) = yaml.safe_load(found["fluent-bit.yaml"])["pipeline"]["outputs"]
    assert (output["name"], output["delivery_stream"]) == ("kinesis_firehose", "lake-1")


def test_imported_stream_of_another_region_is_written_to_there(bench: Any) -> None:
    key = kms.Key.from_key_arn(bench.stack, "Key", "arn:aws:kms:eu-central-1:111122223333:key/1")
    live = kinesis.Stream.from_stream_attributes(bench.stack, "Live", stream_arn=ARN, encryption_key=key)
    KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(), target=live)
    agent = json.loads(values(bench, URLSuffix="amazonaws.com")["agent.json"])
    assert (agent["kinesis.endpoint"], agent["flows"][0]["kinesisStream"]) == (
        "kinesis.eu-central-1.amazonaws.com",
        "logs",
    )
    assert bench.allowed_on(ARN) == {"kinesis:PutRecords"}
    assert bench.allowed_on("arn:aws:kms:eu-central-1:111122223333:key/1") == {"kms:GenerateDataKey"}


def test_a_delivery_from_a_stream_is_refused(bench: Any) -> None:
    lake = S3Delivery(
        bench.stack, "Lake", spec=DeliverySpec(from_="logs", to=S3Destination()), source=stream(bench.stack)
    )
    with pytest.raises(SpecError) as caught:
        KinesisAgentProducer(bench.stack, "Hosts", spec=hosts(), target=lake)
    assert [(one.code, one.dotted_path) for one in caught.value.findings] == [("FIR711", "Hosts.to")]


def test_what_the_agent_cannot_do_is_refused(bench: Any) -> None:
    step = DataProcessing(option="log_to_json", match_pattern="(.*)", field_names=("a", "b"))
    spec = hosts(files=(AgentFile(path="/a", processing=(step,)),))
    with pytest.raises(SpecError) as caught:
        KinesisAgentProducer(bench.stack, "Hosts", spec=spec, target=stream(bench.stack))
    assert [one.dotted_path for one in caught.value.findings] == ["Hosts.files[0].processing[0].field_names"]


def build_all(stack: Stack) -> None:
    KinesisAgentProducer(stack, "Hosts", spec=hosts(emit_metrics=True), target=stream(stack, key=True))
    KinesisAgentProducer(stack, "Tasks", spec=hosts(runs_on="ecs_tasks"), target=delivery(stack))


def test_two_in_one_stack_and_one_in_another_have_names_of_their_own(bench: Any) -> None:
    other = Stack(bench.app, "Other")
    build_all(bench.stack)
    twin = KinesisAgentProducer(other, "Hosts", spec=hosts(), target=stream(other))
    names = [one["Properties"]["Name"] for one in bench.of_type("AWS::SSM::Parameter").values()]
    assert len({*names, twin.agent_json.name, twin.fluent_bit_configuration.name}) == 6
    assert names[:2] == [f"{PARAMETER}agent.json", f"{PARAMETER}fluent-bit.yaml"]


@pytest.mark.parametrize("pack", PACKS)
def test_nag_has_nothing_to_say(bench: Any, pack: Any) -> None:
    build_all(bench.stack)
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


def test_validators_have_nothing_to_say(bench: Any) -> None:
    build_all(bench.stack)
    text = json.dumps(bench.template)
    assert [str(finding) for finding in TemplateValidator().validate(text, "Test")] == []
    config = ManualArgs(regions=["eu-central-1"], ignore_checks=["W3005"])
    assert [str(match) for match in api.lint(text, config=config)] == []

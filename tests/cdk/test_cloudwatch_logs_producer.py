"""Subscriptions: who may write, what is subscribed, and what must never be."""

from __future__ import annotations

import json
from typing import Any

import cdk_nag
import pytest
from aws_cdk import Stack
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_logs as logs
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import CustomerManagedKey, KinesisStream, KinesisStreamSpec, SpecError
from streaming_constructs.cdk.deliveries.s3 import S3Delivery
from streaming_constructs.cdk.producers.cloudwatch_logs import CloudWatchLogsProducer
from streaming_constructs.facts import permissions
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.producers.cloudwatch_logs import AcceptFrom, AccountPolicy, CloudWatchLogsProducerSpec

FILTER, POLICY, DESTINATION = (f"AWS::Logs::{name}" for name in ("SubscriptionFilter", "AccountPolicy", "Destination"))
ARN = "arn:aws:kinesis:eu-west-1:111122223333:stream/logs"
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def services(**more: Any) -> CloudWatchLogsProducerSpec:
    return CloudWatchLogsProducerSpec(to="logs", **more)


def stream(stack: Stack, *, key: bool = False) -> KinesisStream:
    more: Any = {"encryption": CustomerManagedKey()} if key else {}
    return KinesisStream(stack, "Logs", spec=KinesisStreamSpec(mode="on_demand", **more))


def delivery(stack: Stack) -> S3Delivery:
    return S3Delivery(stack, "Lake", spec=DeliverySpec(to=S3Destination(), decompress_cloudwatch_logs=True))


def put_together(value: Any) -> str:
    """A text as CloudFormation puts it together, with references as their words in angle brackets."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(put_together(part) for part in value["Fn::Join"][1])
    return f"<{value['Ref']}>" if "Ref" in value else f"<{'.'.join(value['Fn::GetAtt'])}>"


def refused(*arguments: Any, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as caught:
        CloudWatchLogsProducer(*arguments, **more)
    return [(one.code, one.dotted_path) for one in caught.value.findings]


def test_each_named_log_group_is_subscribed(bench: Any) -> None:
    spec = services(log_groups=("/shop/web", "/shop/cart"), filter_pattern="?ERROR", distribution="random")
    CloudWatchLogsProducer(bench.stack, "Services", spec=spec, target=stream(bench.stack))
    found = list(bench.of_type(FILTER).values())
    assert [one["Properties"] for one in found] == [
        {
            "LogGroupName": name,
            "DestinationArn": {"Fn::GetAtt": [bench.only_id("AWS::Kinesis::Stream"), "Arn"]},
            "RoleArn": {"Fn::GetAtt": [bench.only_id("AWS::IAM::Role"), "Arn"]},
            "FilterPattern": "?ERROR",
            "Distribution": "Random",
        }
        for name in ("/shop/web", "/shop/cart")
    ]
    assert [one["DependsOn"] for one in found] == [[bench.only_id("AWS::IAM::ManagedPolicy")]] * 2


def test_names_that_read_alike_have_subscriptions_of_their_own_that_stay_when_another_goes(benches: Any) -> None:
    def ids(*names: str) -> dict[str, str]:
        bench = benches()
        CloudWatchLogsProducer(bench.stack, "Services", spec=services(log_groups=names), target=stream(bench.stack))
        return {one["Properties"]["LogGroupName"]: key for key, one in bench.of_type(FILTER).items()}

    all_three, two = ids("/a/b", "/a-b", "/A/B"), ids("/A/B", "/a-b")
    assert len(set(all_three.values())) == 3
    assert {name: all_three[name] for name in two} == two


def test_role_is_for_cloudwatch_logs_of_this_account_and_region_and_may_only_put(bench: Any) -> None:
    CloudWatchLogsProducer(bench.stack, "Services", spec=services(log_groups=("/a",)), target=stream(bench.stack))
    (trust,) = bench.only("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"Service": "logs.amazonaws.com"}, "sts:AssumeRole")
    assert put_together(trust["Condition"]["StringLike"]["aws:SourceArn"]) == (
        "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:*"
    )
    arn = {"Fn::GetAtt": [bench.only_id("AWS::Kinesis::Stream"), "Arn"]}
    assert bench.statements() == [{"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": arn}]
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]


def test_role_may_use_the_key_of_the_stream(bench: Any) -> None:
    CloudWatchLogsProducer(
        bench.stack, "Services", spec=services(log_groups=("/a",)), target=stream(bench.stack, key=True)
    )
    key = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_a_delivery_is_written_to_without_a_distribution(bench: Any) -> None:
    CloudWatchLogsProducer(bench.stack, "Services", spec=services(log_groups=("/a",)), target=delivery(bench.stack))
    arn = {"Fn::GetAtt": [bench.only_id("AWS::KinesisFirehose::DeliveryStream"), "Arn"]}
    assert bench.allowed_on(arn) == {"firehose:PutRecord"}
    assert bench.only(FILTER)["DestinationArn"] == arn
    assert "Distribution" not in bench.only(FILTER)


def test_imported_stream_is_written_to(bench: Any) -> None:
    live = kinesis.Stream.from_stream_arn(bench.stack, "Live", ARN)
    CloudWatchLogsProducer(bench.stack, "Services", spec=services(log_groups=("/a",)), target=live)
    assert bench.only(FILTER)["DestinationArn"] == ARN
    assert bench.allowed_on(ARN) == {"kinesis:PutRecord"}


def test_log_groups_that_are_brought_are_subscribed(bench: Any) -> None:
    created = logs.LogGroup(bench.stack, "Web")
    imported = logs.LogGroup.from_log_group_name(bench.stack, "Cart", "/shop/cart")
    producer = CloudWatchLogsProducer(
        bench.stack, "Services", spec=services(), target=stream(bench.stack), log_groups=[created, imported]
    )
    names = [one["Properties"]["LogGroupName"] for one in bench.of_type(FILTER).values()]
    assert names == [{"Ref": bench.only_id("AWS::Logs::LogGroup")}, "/shop/cart"]
    assert bench.stack.resolve([one.log_group_name for one in producer.subscription_filters]) == names


def test_account_policy_leaves_out_what_the_system_itself_logs(bench: Any) -> None:
    own = [logs.LogGroup(bench.stack, "Unpack"), "/aws/lambda/alert"]
    spec = services(
        account_policy=AccountPolicy(exclude_log_groups=("/loud", "/aws/lambda/alert")),
        filter_pattern='{ $.level = "ERROR" }',
    )
    CloudWatchLogsProducer(bench.stack, "Services", spec=spec, target=stream(bench.stack), own_log_groups=own)
    found = bench.only(POLICY)
    group, role = bench.only_id("AWS::Logs::LogGroup"), bench.only_id("AWS::IAM::Role")
    assert put_together(found.pop("SelectionCriteria")) == (
        f'LogGroupName NOT IN ["/loud", "/aws/lambda/alert", "<{group}>"]'
    )
    assert json.loads(put_together(found.pop("PolicyDocument"))) == {
        "DestinationArn": f"<{bench.only_id('AWS::Kinesis::Stream')}.Arn>",
        "RoleArn": f"<{role}.Arn>",
        "FilterPattern": '{ $.level = "ERROR" }',
        "Distribution": "ByLogStream",
    }
    assert found == {
        "PolicyName": "Test-Services-BFAD3844",
        "PolicyType": "SUBSCRIPTION_FILTER_POLICY",
        "Scope": "ALL",
    }
    (policy,) = bench.of_type(POLICY).values()
    assert policy["DependsOn"] == [bench.only_id("AWS::IAM::ManagedPolicy")]


def test_account_policy_without_anything_to_leave_out_has_no_criteria(bench: Any) -> None:
    CloudWatchLogsProducer(
        bench.stack, "Services", spec=services(account_policy=AccountPolicy()), target=stream(bench.stack)
    )
    assert "SelectionCriteria" not in bench.only(POLICY)


def test_own_log_group_of_another_stack_is_left_out_too(bench: Any) -> None:
    other = Stack(bench.app, "Other")
    own = logs.LogGroup(other, "Unpack")
    CloudWatchLogsProducer(
        bench.stack,
        "Services",
        spec=services(account_policy=AccountPolicy()),
        target=stream(bench.stack),
        own_log_groups=[own],
    )
    found = bench.only(POLICY)["SelectionCriteria"]["Fn::Join"][1]
    assert found[0] == 'LogGroupName NOT IN ["'
    assert next(iter(found[1])) == "Fn::ImportValue"


@pytest.mark.parametrize("brought", [True, False])
def test_a_log_group_of_the_system_itself_is_refused(bench: Any, brought: bool) -> None:
    created = logs.LogGroup(bench.stack, "Unpack")
    named = logs.LogGroup.from_log_group_name(bench.stack, "Alert", "/alert")
    spec = services() if brought else services(log_groups=("/web", "/alert"))
    more: Any = {"log_groups": [created]} if brought else {}
    found = refused(
        bench.stack, "Services", spec=spec, target=stream(bench.stack), own_log_groups=[created, named], **more
    )
    assert found == [("LOG904", "Services.log_groups")]


def test_destination_lets_in_accounts_and_organizations(bench: Any) -> None:
    accept = AcceptFrom(account_ids=("444455556666",), organization_ids=("o-exampleorg1",))
    CloudWatchLogsProducer(bench.stack, "Services", spec=services(accept_from=accept), target=stream(bench.stack))
    found = bench.only(DESTINATION)
    document = json.loads(put_together(found.pop("DestinationPolicy")))
    allowed = {
        "Effect": "Allow",
        "Action": list(permissions.SUBSCRIBE_TO_DESTINATION),
        "Resource": "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:destination:Test-Services-BFAD3844",
    }
    assert document["Statement"] == [
        allowed | {"Principal": {"AWS": ["444455556666"]}},
        allowed | {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-exampleorg1"]}}},
    ]
    assert found == {
        "DestinationName": "Test-Services-BFAD3844",
        "RoleArn": {"Fn::GetAtt": [bench.only_id("AWS::IAM::Role"), "Arn"]},
        "TargetArn": {"Fn::GetAtt": [bench.only_id("AWS::Kinesis::Stream"), "Arn"]},
    }
    (destination,) = bench.of_type(DESTINATION).values()
    assert destination["DependsOn"] == [bench.only_id("AWS::IAM::ManagedPolicy")]


@pytest.mark.parametrize(
    ("accept", "sources"),
    [
        ({"account_ids": ("444455556666",)}, ["<AWS::AccountId>", "444455556666"]),
        ({"account_ids": ("444455556666",), "organization_ids": ("o-exampleorg1",)}, ["*"]),
    ],
)
def test_role_may_be_taken_for_the_accounts_that_send(bench: Any, accept: Any, sources: list[str]) -> None:
    spec = services(accept_from=AcceptFrom(**accept))
    CloudWatchLogsProducer(bench.stack, "Services", spec=spec, target=stream(bench.stack))
    (trust,) = bench.only("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    found = trust["Condition"]["StringLike"]["aws:SourceArn"]
    assert [put_together(one) for one in (found if isinstance(found, list) else [found])] == [
        f"arn:<AWS::Partition>:logs:<AWS::Region>:{account}:*" for account in sources
    ]


def test_nothing_subscribed_is_refused(bench: Any) -> None:
    assert refused(bench.stack, "Services", spec=services(), target=stream(bench.stack)) == [("LOG901", "Services")]


def test_events_are_not_sent_twice(bench: Any) -> None:
    found = refused(
        bench.stack,
        "Services",
        spec=services(account_policy=AccountPolicy()),
        target=stream(bench.stack),
        log_groups=[logs.LogGroup(bench.stack, "Web")],
    )
    assert found == [("LOG901", "Services.account_policy")]


def test_a_delivery_has_no_use_for_a_distribution(bench: Any) -> None:
    spec = services(log_groups=("/a",), distribution="random")
    assert refused(bench.stack, "Services", spec=spec, target=delivery(bench.stack)) == [
        ("LNG404", "Services.distribution")
    ]


def test_a_delivery_from_a_stream_is_refused(bench: Any) -> None:
    lake = S3Delivery(
        bench.stack, "Lake", spec=DeliverySpec(from_="logs", to=S3Destination()), source=stream(bench.stack)
    )
    assert refused(bench.stack, "Services", spec=services(log_groups=("/a",)), target=lake) == [
        ("FIR711", "Services.to")
    ]


def build_all(stack: Stack) -> None:
    own = [logs.LogGroup.from_log_group_name(stack, "Own", "/own")]
    accept = AcceptFrom(account_ids=("444455556666",), organization_ids=("o-exampleorg1",))
    specs = {
        "Services": (services(account_policy=AccountPolicy(), accept_from=accept), stream(stack, key=True)),
        "Audit": (services(log_groups=("/audit",), accept_from=accept), delivery(stack)),
    }
    for name, (spec, target) in specs.items():
        CloudWatchLogsProducer(stack, name, spec=spec, target=target, own_log_groups=own)


def test_two_in_one_stack_and_one_in_another_have_names_of_their_own(bench: Any) -> None:
    other = Stack(bench.app, "Other")
    build_all(bench.stack)
    twin = CloudWatchLogsProducer(
        other,
        "Services",
        spec=services(accept_from=AcceptFrom(account_ids=("444455556666",))),
        target=stream(other),
    )
    names = [one["Properties"]["DestinationName"] for one in bench.of_type(DESTINATION).values()]
    assert twin.destination is not None
    assert len({*names, twin.destination.destination_name}) == 3


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

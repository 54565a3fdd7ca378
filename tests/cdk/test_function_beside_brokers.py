"""A function that writes to topics stands beside their brokers, and they let it in."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from streaming_constructs.cdk import KafkaCluster, KafkaTopic, KinesisStream, LambdaConsumer, ServerlessKafkaCluster
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec import (
    KafkaTopicSpec,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    MskClusterSpec,
    MskServerlessClusterSpec,
    OnFailure,
    S3OnFailure,
)
from streaming_constructs.spec.vpc import VpcPlacement

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
SUBNETS = ("subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2")
VPC = VpcPlacement(vpc_id="vpc-0123456789abcdef0", subnet_ids=SUBNETS)
NAMED = VpcPlacement(subnet_ids=SUBNETS[:2], security_group_ids=("sg-0123456789abcdef0",))
GROUP, INGRESS = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"


def main_cluster(scope: Any, name: str = "Main", brought: ec2.IVpc | None = None, **fields: Any) -> KafkaCluster:
    size = {} if "arn" in fields else {"instance_type": "kafka.m7g.large", "brokers": 3}
    return KafkaCluster(scope, name, spec=MskClusterSpec(**{**size, **fields}), vpc=brought)


def topic(scope: Any, name: str, cluster: Any) -> KafkaTopic:
    return KafkaTopic(scope, name, spec=KafkaTopicSpec(cluster="main", partitions=6), cluster=cluster)


def forwarder(scope: Any, code: str, to: dict[str, Any], brought: ec2.IVpc | None = None, **fields: Any) -> None:
    clicks = KinesisStream(scope, "Clicks", spec=KinesisStreamSpec(shards=1))
    given = {"from_": "clicks", "to": tuple(to), "code": code, "on_failure": OnFailure(destination=S3OnFailure())}
    spec = LambdaConsumerSpec(**{**given, **fields})
    LambdaConsumer(scope, "Forward", source=clicks, spec=spec, to=to, vpc=brought)


def rules(bench: Any, into: str) -> list[tuple[str, int]]:
    """The security group of who is let into a cluster, by the start of its logical id, and the ports."""
    found = []
    for rule in bench.of_type(INGRESS).values():
        properties = rule["Properties"]
        group = properties["GroupId"]["Fn::GetAtt"][0]
        source = properties["SourceSecurityGroupId"]
        if group.startswith(into) and source != properties["GroupId"]:
            found.append((source if isinstance(source, str) else source["Fn::GetAtt"][0], properties["FromPort"]))
    return found


def own_group(bench: Any) -> str:
    (group,) = (key for key in bench.of_type(GROUP) if key.startswith("Forward"))
    return str(group)


def placed(bench: Any) -> dict[str, Any]:
    function = next(
        one["Properties"] for key, one in bench.of_type("AWS::Lambda::Function").items() if key.startswith("Forward")
    )
    found: dict[str, Any] = function.get("VpcConfig", {})
    return found


def test_it_stands_in_the_vpc_that_is_created_for_the_brokers(bench: Any, code: str) -> None:
    forwarder(bench.stack, code, {"scores": topic(bench.stack, "scores", main_cluster(bench.stack))})
    subnets = [key for key in bench.of_type("AWS::EC2::Subnet") if key.startswith("MainNetwork")]
    group = own_group(bench)
    assert placed(bench) == {
        "SubnetIds": [{"Ref": key} for key in subnets],
        "SecurityGroupIds": [{"Fn::GetAtt": [group, "GroupId"]}],
    }
    assert rules(bench, "MainNetworkSecurityGroup") == [(group, 9098)]
    policy = next(one for key, one in bench.of_type("AWS::IAM::ManagedPolicy").items() if key.startswith("Forward"))
    allowed = str(policy["Properties"]["PolicyDocument"])
    assert "ec2:CreateNetworkInterface" in allowed
    assert [str(one) for one in TemplateValidator().validate(json.dumps(bench.template))] == []


@pytest.mark.parametrize("cluster", [{"vpc": VPC}, {"arn": ARN, "vpc": VPC}])
def test_it_stands_in_the_subnets_of_a_cluster_that_are_named(bench: Any, code: str, cluster: dict[str, Any]) -> None:
    forwarder(bench.stack, code, {"scores": topic(bench.stack, "scores", main_cluster(bench.stack, **cluster))})
    group = own_group(bench)
    assert placed(bench) == {"SubnetIds": list(SUBNETS), "SecurityGroupIds": [{"Fn::GetAtt": [group, "GroupId"]}]}
    # A cluster that exists is never changed.
    assert rules(bench, "MainNetworkSecurityGroup") == ([] if "arn" in cluster else [(group, 9098)])


def test_each_cluster_that_it_writes_to_lets_it_in_once(bench: Any, code: str) -> None:
    main = main_cluster(bench.stack)
    other = ServerlessKafkaCluster(bench.stack, "Other", spec=MskServerlessClusterSpec())
    written = {
        "scores": topic(bench.stack, "scores", main),
        "others": topic(bench.stack, "others", other),
        "more": topic(bench.stack, "more", main),
    }
    forwarder(bench.stack, code, written)
    group = own_group(bench)
    assert rules(bench, "MainNetworkSecurityGroup") == [(group, 9098)]
    assert rules(bench, "OtherNetworkSecurityGroup") == [(group, 9098)]


@pytest.mark.parametrize("clients", [(), ("sg-0123456789abcdef0",)])
def test_groups_that_the_spec_names_are_let_in_once(bench: Any, code: str, clients: tuple[str, ...]) -> None:
    main = main_cluster(bench.stack, vpc=VPC, client_security_group_ids=clients)
    forwarder(bench.stack, code, {"scores": topic(bench.stack, "scores", main)}, vpc=NAMED)
    assert placed(bench) == {
        "SubnetIds": list(NAMED.subnet_ids),
        "SecurityGroupIds": list(NAMED.security_group_ids),
    }
    (main_group,) = (one for key, one in bench.of_type(GROUP).items() if key.startswith("MainNetwork"))
    inline = [rule["SourceSecurityGroupId"] for rule in main_group["Properties"].get("SecurityGroupIngress", [])]
    assert [*inline, *(group for group, _ in rules(bench, "MainNetworkSecurityGroup"))] == ["sg-0123456789abcdef0"]


def test_a_vpc_that_is_brought_for_both(bench: Any, code: str) -> None:
    vpc = ec2.Vpc(bench.stack, "Vpc", availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"])
    forwarder(bench.stack, code, {"scores": topic(bench.stack, "scores", main_cluster(bench.stack, brought=vpc))}, vpc)
    assert rules(bench, "MainNetworkSecurityGroup") == [(own_group(bench), 9098)]


def test_of_a_cluster_whose_vpc_is_not_known_it_stands_nowhere_and_that_is_told(bench: Any, code: str) -> None:
    forwarder(bench.stack, code, {"scores": topic(bench.stack, "scores", main_cluster(bench.stack, arn=ARN))})
    assert placed(bench) == {}
    told = cdk.assertions.Annotations.from_stack(bench.stack).find_warning(
        "*", cdk.assertions.Match.string_like_regexp("brokers are reached from within it alone")
    )
    assert [message.id for message in told] == ["/Test/Forward"]


def test_it_reaches_services_from_where_it_stands_not_from_where_it_reads(bench: Any, code: str) -> None:
    main, other = main_cluster(bench.stack), main_cluster(bench.stack, "Other")
    clicks = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=1))
    to = {"scores": topic(bench.stack, "scores", other), "clicks": clicks}
    on_failure = OnFailure(destination=S3OnFailure())
    spec = LambdaConsumerSpec(from_="orders", to=tuple(to), code=code, on_failure=on_failure)
    LambdaConsumer(bench.stack, "Forward", source=topic(bench.stack, "orders", main), spec=spec, to=to)
    (endpoint,) = (key for key in bench.of_type("AWS::EC2::VPCEndpoint") if "KinesisStreams" in key)
    assert endpoint.startswith("OtherNetwork")

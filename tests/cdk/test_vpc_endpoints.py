"""VPC endpoints of a cluster's own VPC: one of each service that is reached there, for named parties, and no other."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import PipelineSpec, StreamingPipeline
from streaming_constructs.cdk import (
    DynamoDbTable,
    KafkaCluster,
    KafkaConnector,
    KafkaTopic,
    KinesisStream,
    LambdaConsumer,
)
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec import (
    DynamoDbTableSpec,
    KafkaTopicSpec,
    KeyAttribute,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    MskClusterSpec,
    OnFailure,
    S3OnFailure,
    SinkConnectorSpec,
    SqsOnFailure,
)
from streaming_constructs.spec.connectors.plugin import Plugin
from streaming_constructs.spec.vpc import VpcPlacement

ENDPOINT, GROUP, INGRESS = (f"AWS::EC2::{kind}" for kind in ("VPCEndpoint", "SecurityGroup", "SecurityGroupIngress"))
MAPPING, CONNECTOR = "AWS::Lambda::EventSourceMapping", "AWS::KafkaConnect::Connector"
ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
PLACED = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]}
S3 = {
    "connector.class": "io.confluent.connect.s3.S3SinkConnector",
    "s3.bucket.name": "my-lake",
    "s3.region": "eu-west-1",
    "format.class": "io.confluent.connect.s3.format.json.JsonFormat",
    "flush.size": 1000,
}
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def cluster(scope: Any, **fields: Any) -> KafkaCluster:
    size = {} if "arn" in fields else {"instance_type": "kafka.m7g.large", "brokers": 3}
    return KafkaCluster(scope, "Main", spec=MskClusterSpec(**{**size, **fields}))


def topic(scope: Any, main: KafkaCluster, name: str = "Orders") -> KafkaTopic:
    return KafkaTopic(scope, name, spec=KafkaTopicSpec(cluster="main", partitions=6), cluster=main)


def consumer(
    scope: Any, name: str, source: Any, code: str, *, destination: Any = None, more: Any = None, **fields: Any
) -> LambdaConsumer:
    on_failure = OnFailure(destination=destination or S3OnFailure())
    spec = LambdaConsumerSpec(**{"from_": "orders", "code": code, "on_failure": on_failure, **fields})
    return LambdaConsumer(scope, name, source=source, spec=spec, **(more or {}))


def sink(scope: Any, name: str, main: KafkaCluster, orders: KafkaTopic, **fields: Any) -> KafkaConnector:
    plugin = Plugin(bucket="my-plugins", key="s3.zip")
    spec = SinkConnectorSpec(**{"cluster": "main", "plugin": plugin, "from_": ("orders",), "config": S3, **fields})
    return KafkaConnector(scope, name, spec=spec, cluster=main, topics={"orders": orders})


def services(bench: Any) -> list[tuple[str, str]]:
    """The endpoints of a template: what their service's name ends with, and their type."""
    found = [one["Properties"] for one in bench.of_type(ENDPOINT).values()]
    return sorted((one["ServiceName"]["Fn::Join"][1][-1].lstrip("."), one["VpcEndpointType"]) for one in found)


def let_in(bench: Any) -> list[tuple[Any, int, int]]:
    """Whom the group of the endpoints lets in."""
    (own,) = [key for key in bench.of_type(GROUP) if "Endpoints" in key]
    assert "SecurityGroupIngress" not in bench.of_type(GROUP)[own]["Properties"]
    rules = [one["Properties"] for one in bench.of_type(INGRESS).values()]
    assert all("CidrIp" not in rule for rule in rules)
    group = {"Fn::GetAtt": [own, "GroupId"]}
    return [(one["SourceSecurityGroupId"], one["FromPort"], one["ToPort"]) for one in rules if one["GroupId"] == group]


def test_pollers_on_demand_have_the_endpoints_that_lambda_asks_for(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    consumer(bench.stack, "Fraud", topic(bench.stack, main), code, pollers="on_demand")
    assert services(bench) == [("lambda", "Interface"), ("s3", "Gateway"), ("sts", "Interface")]
    subnets = [{"Ref": key} for key in bench.of_type("AWS::EC2::Subnet")]
    tables = [{"Ref": key} for key in bench.of_type("AWS::EC2::RouteTable")]
    (group,) = [key for key in bench.of_type(GROUP) if "Endpoints" in key]
    for one in bench.of_type(ENDPOINT).values():
        found = one["Properties"]
        assert found["VpcId"] == {"Ref": bench.only_id("AWS::EC2::VPC")}
        if found["VpcEndpointType"] == "Gateway":
            assert found["RouteTableIds"] == tables
        else:
            assert (found["SubnetIds"], found["PrivateDnsEnabled"]) == (subnets, True)
            assert found["SecurityGroupIds"] == [{"Fn::GetAtt": [group, "GroupId"]}]


def test_endpoints_let_in_the_group_of_the_cluster_once_on_the_port_of_https(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    orders = topic(bench.stack, main)
    consumer(bench.stack, "Fraud", orders, code, pollers="on_demand")
    consumer(bench.stack, "Bill", orders, code, pollers="on_demand", destination=SqsOnFailure())
    (brokers,) = [key for key in bench.of_type(GROUP) if "Endpoints" not in key]
    assert let_in(bench) == [({"Fn::GetAtt": [brokers, "GroupId"]}, 443, 443)]
    assert [name for name, _ in services(bench)] == ["lambda", "s3", "sqs", "sts"]


def test_a_mapping_waits_for_its_endpoints_and_for_who_lets_it_in(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    consumer(bench.stack, "Fraud", topic(bench.stack, main), code, destination=SqsOnFailure())
    (mapping,) = bench.of_type(MAPPING).values()
    (rule,) = [key for key in bench.of_type(INGRESS) if "Endpoint" in key]
    assert {bench.only_id(ENDPOINT), rule} <= set(mapping["DependsOn"])


def test_where_only_a_gateway_is_needed_there_is_no_group_for_endpoints(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    consumer(bench.stack, "Fraud", topic(bench.stack, main), code)
    assert services(bench) == [("s3", "Gateway")]
    assert [key for key in bench.of_type(GROUP) if "Endpoints" in key] == []


def test_a_function_beside_the_brokers_reaches_a_table_by_a_gateway(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    orders = topic(bench.stack, main)
    clicks = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=1))
    scores = DynamoDbTable(bench.stack, "Scores", spec=DynamoDbTableSpec(partition_key=KeyAttribute(name="user_id")))
    to = {"orders": orders, "scores": scores}
    consumer(bench.stack, "Join", clicks, code, more={"to": to}, from_="clicks", to=tuple(to))
    assert services(bench) == [("dynamodb", "Gateway")]


def test_workers_reach_what_they_use_and_wait_for_it(bench: Any) -> None:
    main = cluster(bench.stack)
    orders = topic(bench.stack, main)
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-AbCdEf"
    lake = sink(bench.stack, "Lake", main, orders, secret_arn=secret)
    sink(bench.stack, "Copy", main, orders)
    assert services(bench) == [("s3", "Gateway"), ("secretsmanager", "Interface")]
    assert lake.network.security_group is not None
    workers = bench.stack.resolve(lake.network.security_group.security_group_id)
    assert let_in(bench) == [(workers, 443, 443)]
    waits = {key: one["DependsOn"] for key, one in bench.of_type(CONNECTOR).items()}
    (rule,) = [key for key in bench.of_type(INGRESS) if "EndpointIngress" in key]
    assert {key[:4]: rule in found for key, found in waits.items()} == {"Lake": True, "Copy": False}
    (s3,) = [key for key, one in bench.of_type(ENDPOINT).items() if one["Properties"]["VpcEndpointType"] == "Gateway"]
    assert all(s3 in found for found in waits.values())


def test_a_function_beside_the_brokers_reaches_what_it_writes_to(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    assert main.network is not None
    totals = KinesisStream(bench.stack, "Totals", spec=KinesisStreamSpec(mode="on_demand"))
    consumer(
        bench.stack,
        "Fraud",
        topic(bench.stack, main),
        code,
        to=("totals",),
        more={
            "to": {"totals": totals},
            "vpc": main.network.vpc,
            "vpc_subnets": ec2.SubnetSelection(subnets=main.network.vpc.isolated_subnets),
        },
    )
    assert services(bench) == [("kinesis-streams", "Interface"), ("s3", "Gateway")]
    (function,) = bench.of_type("AWS::Lambda::Function").values()
    (group,) = function["Properties"]["VpcConfig"]["SecurityGroupIds"]
    assert let_in(bench) == [(group, 443, 443)]


def test_a_function_that_is_in_no_vpc_reaches_it_by_itself(bench: Any, code: str) -> None:
    totals = KinesisStream(bench.stack, "Totals", spec=KinesisStreamSpec(mode="on_demand"))
    main = cluster(bench.stack)
    consumer(bench.stack, "Fraud", topic(bench.stack, main), code, to=("totals",), more={"to": {"totals": totals}})
    assert services(bench) == [("s3", "Gateway")]


def test_a_consumer_in_another_stack_adds_its_endpoints_to_the_stack_of_the_cluster(bench: Any, code: str) -> None:
    main = cluster(bench.stack)
    orders = topic(bench.stack, main)
    readers = cdk.Stack(bench.app, "Readers")
    consumer(readers, "Fraud", orders, code, pollers="on_demand")
    sink(readers, "Lake", main, orders, permissions=({"actions": ["sqs:SendMessage"], "resources": ["*"]},))
    assert [name for name, _ in services(bench)] == ["lambda", "s3", "sqs", "sts"]
    template = bench.app.synth().get_stack_by_name("Readers").template["Resources"]
    kinds = [one["Type"] for one in template.values()]
    assert ENDPOINT not in kinds
    assert len([key for key, one in template.items() if one["Type"] == INGRESS and "EndpointIngress" in key]) == 1


@pytest.mark.parametrize("order", [("Fraud", "Lake"), ("Lake", "Fraud")])
def test_logical_ids_do_not_depend_on_who_asks_first(bench: Any, code: str, order: tuple[str, ...]) -> None:
    main = cluster(bench.stack)
    orders = topic(bench.stack, main)
    for name in order:
        if name == "Fraud":
            consumer(bench.stack, name, orders, code, destination=SqsOnFailure())
        else:
            sink(bench.stack, name, main, orders, permissions=({"actions": ["sqs:SendMessage"], "resources": ["*"]},))
    ids = [key for kind in (ENDPOINT, INGRESS) for key in bench.of_type(kind) if "Endpoint" in key]
    assert sorted(key[:-8] for key in ids) == [
        "LakeEndpointIngress1",
        "MainNetworkEndpointsEndpointIngress1",
        "MainNetworkEndpointsS3",
        "MainNetworkEndpointsSqs",
    ]


@pytest.mark.parametrize("given", ["arn", "vpc", "brought"])
def test_in_a_vpc_that_is_given_no_endpoint_is_created(bench: Any, code: str, given: str) -> None:
    if given == "brought":
        vpc = ec2.Vpc(bench.stack, "Vpc", availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"])
        spec = MskClusterSpec(instance_type="kafka.m7g.large", brokers=3)
        main = KafkaCluster(bench.stack, "Main", spec=spec, vpc=vpc)
    else:
        placed = VpcPlacement(**PLACED)
        main = cluster(bench.stack, **({"arn": ARN} if given == "arn" else {"vpc": placed, "brokers": 2}))
    consumer(bench.stack, "Fraud", topic(bench.stack, main), code, pollers="on_demand")
    assert bench.of_type(ENDPOINT) == {}
    told = cdk.assertions.Annotations.from_stack(bench.stack).find_info(
        "*", cdk.assertions.Match.string_like_regexp("lambda, s3, sts are reached")
    )
    assert [message.id for message in told] == (["/Test/Fraud"] if given == "brought" else [])


def system(code: str) -> PipelineSpec:
    """A system whose cluster has a VPC of its own, and all sorts of parts that reach something from there."""
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-AbCdEf"
    return PipelineSpec.model_validate(
        {
            "name": "shop",
            "clusters": {"main": {"kind": "msk"}, "less": {"kind": "msk_serverless"}},
            "streams": {
                "orders": {"kind": "kafka", "cluster": "main", "partitions": 6},
                "clicks": {"kind": "kafka", "cluster": "less", "partitions": 6},
            },
            "consumers": {
                "fraud": {
                    "kind": "lambda",
                    "from": "orders",
                    "code": code,
                    "pollers": "on_demand",
                    "on_failure": "sqs",
                },
                "count": {"kind": "lambda", "from": "clicks", "code": code, "on_failure": "sns"},
            },
            "connectors": {
                "lake": {
                    "kind": "sink",
                    "cluster": "main",
                    "plugin": {"bucket": "my-plugins", "key": "s3.zip"},
                    "from": "orders",
                    "secret_arn": secret,
                    "config": S3,
                }
            },
            "alarms": {"notify": ["oncall@example.com"]},
        }
    )


def test_each_cluster_of_a_system_has_the_endpoints_of_those_around_it(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Shop", spec=system(code))
    found: dict[str, list[str]] = {}
    for key, one in bench.of_type(ENDPOINT).items():
        end = one["Properties"]["ServiceName"]["Fn::Join"][1][-1].lstrip(".")
        found.setdefault(key[4:8], []).append(end)
    assert {key: sorted(ends) for key, ends in found.items()} == {
        "main": ["lambda", "s3", "secretsmanager", "sqs", "sts"],
        "less": ["sns"],
    }


@pytest.mark.parametrize("pack", PACKS)
def test_no_part_has_a_finding_of_nag_that_is_not_acknowledged(bench: Any, code: str, pack: Any) -> None:
    StreamingPipeline(bench.stack, "Shop", spec=system(code))
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


def test_the_validator_of_cloudformation_and_cfn_lint_take_all_of_it(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Shop", spec=system(code))
    text = json.dumps(bench.template)
    assert [str(finding) for finding in TemplateValidator().validate(text)] == []
    ignored = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [str(match) for match in api.lint(text, config=ignored)] == []

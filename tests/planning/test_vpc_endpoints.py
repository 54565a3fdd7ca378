"""Which services are reached from the VPC of a cluster, by what reads and writes there, and where that is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from streaming_constructs.facts.vpc_endpoints import VPC_ENDPOINTS
from streaming_constructs.planning import plan
from streaming_constructs.planning.clusters.vpc_endpoints import (
    cluster_needs,
    connector_services,
    function_services,
    poller_services,
)
from streaming_constructs.spec import LambdaConsumerSpec, PipelineSpec, SinkConnectorSpec, SourceConnectorSpec
from streaming_constructs.spec.finding import Finding

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:fraud"
USERS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"
DATABASE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
VPC = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": SUBNETS}
GROUPS = {"security_group_ids": ["sg-0123456789abcdef0"]}
POSTGRES = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "database.hostname": "db.example.com",
    "database.dbname": "shop",
    "topic.prefix": "shop",
}
S3 = {
    "connector.class": "io.confluent.connect.s3.S3SinkConnector",
    "s3.bucket.name": "my-lake",
    "s3.region": "eu-west-1",
    "format.class": "io.confluent.connect.s3.format.json.JsonFormat",
    "flush.size": 1000,
}


def consumer(**fields: Any) -> LambdaConsumerSpec:
    return LambdaConsumerSpec.model_validate(
        {"from": "orders", "function_arn": FUNCTION, "on_failure": "s3", **fields}, by_alias=True, by_name=False
    )


def connector(kind: type[SourceConnectorSpec | SinkConnectorSpec], config: dict[str, Any], **fields: Any) -> Any:
    end = "to" if kind is SourceConnectorSpec else "from"
    plugin = {"bucket": "my-plugins", "key": "x.zip"}
    data = {"cluster": "main", "plugin": plugin, end: "orders", "config": config, **fields}
    return kind.model_validate(data, by_alias=True, by_name=False)


@pytest.mark.parametrize(
    ("fields", "services"),
    [
        ({}, ("s3",)),
        ({"on_failure": "sqs"}, ("sqs",)),
        ({"on_failure": "sns"}, ("sns",)),
        ({"on_failure": "alerts"}, ("sns",)),
        ({"on_failure": {"destination": {"kind": "kafka", "topic": "failed"}}}, ()),
        ({"secret_arn": USERS}, ("s3",)),
        ({"pollers": "on_demand"}, ("lambda", "s3", "sts")),
        ({"pollers": "on_demand", "secret_arn": USERS}, ("lambda", "s3", "secretsmanager", "sts")),
        ({"pollers": {"maximum": 3}, "on_failure": "sqs"}, ("sqs",)),
    ],
)
def test_pollers_invoke_from_the_subnets_on_demand_alone_and_always_deliver_what_is_given_up(
    fields: dict[str, Any], services: tuple[str, ...]
) -> None:
    assert poller_services(consumer(**fields)) == services


@pytest.mark.parametrize(
    ("spec", "is_encoded", "services"),
    [
        (connector(SinkConnectorSpec, S3), False, ("s3",)),
        (connector(SinkConnectorSpec, S3), True, ("glue", "s3")),
        (connector(SinkConnectorSpec, S3, value_converter="json"), True, ("s3",)),
        (connector(SourceConnectorSpec, POSTGRES, secret_arn=DATABASE), False, ("secretsmanager",)),
        (connector(SinkConnectorSpec, {"connector.class": "com.example.Sink"}), False, ()),
        (
            connector(
                SinkConnectorSpec,
                {"connector.class": "com.example.Sink"},
                permissions=[
                    {"actions": ["dynamodb:PutItem", "kms:Decrypt"], "resources": ["*"]},
                    {"actions": ["sqs:SendMessage"], "resources": ["*"]},
                ],
            ),
            False,
            ("dynamodb", "sqs"),
        ),
    ],
)
def test_workers_reach_what_their_class_their_configuration_and_their_permissions_say(
    spec: Any, is_encoded: bool, services: tuple[str, ...]
) -> None:
    assert connector_services(spec, uses_registry=spec.uses_registry(is_encoded=is_encoded)) == services


@pytest.mark.parametrize(
    ("kinds", "services"),
    [
        ((), ("dynamodb",)),
        (("kafka",), ("dynamodb",)),
        (("kinesis", "firehose", "sns"), ("dynamodb", "firehose", "kinesis", "sns")),
    ],
)
def test_a_function_reaches_what_it_writes_to_and_what_it_may(
    kinds: tuple[str, ...], services: tuple[str, ...]
) -> None:
    given = consumer(
        function_arn=None, code="handlers", permissions=[{"actions": ["dynamodb:PutItem"], "resources": ["*"]}]
    )
    assert function_services(given, kinds) == services


def test_gateways_are_those_of_s3_and_dynamodb() -> None:
    assert {service for service, endpoint in VPC_ENDPOINTS.items() if endpoint.is_gateway} == {"dynamodb", "s3"}


def system(cluster: dict[str, Any] | None = None, **sections: Any) -> PipelineSpec:
    data = {
        "name": "shop",
        "clusters": {
            "main": {"kind": "msk", "brokers": 2, "instance_type": "kafka.m7g.large", "vpc": VPC, **(cluster or {})},
            "other": {"kind": "msk_serverless", "vpc": VPC},
        },
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", "partitions": 6},
            "clicks": {"kind": "kafka", "cluster": "other", "partitions": 6},
            "visits": {"kind": "kinesis", "mode": "on_demand"},
            "totals": {"kind": "kinesis", "mode": "on_demand"},
        },
        "consumers": {
            "fraud": {
                "kind": "lambda",
                "from": "orders",
                "function_arn": FUNCTION,
                "pollers": "on_demand",
                "on_failure": "sqs",
            },
            "bill": {
                "kind": "lambda",
                "from": "orders",
                "function_arn": FUNCTION.replace("fraud", "bill"),
                "on_failure": "s3",
            },
        },
        "alarms": {"notify": ["oncall@example.com"]},
        **sections,
    }
    return PipelineSpec.model_validate(data, by_alias=True, by_name=False)


def notes(spec: PipelineSpec) -> Iterator[Finding]:
    return (finding for finding in plan(spec).findings if finding.code == "MSK458")


def needs(cluster: str, made: PipelineSpec) -> list[tuple[str, tuple[str, ...]]]:
    return [(need.node, need.services) for need in cluster_needs(cluster, made)]


def test_a_cluster_knows_who_reaches_what_from_its_vpc() -> None:
    made = system()
    assert needs("main", made) == [("fraud", ("lambda", "sqs", "sts")), ("bill", ("s3",))]
    assert cluster_needs("other", made) == ()


@pytest.mark.parametrize(
    ("vpc", "services"),
    [
        ({"subnet_ids": SUBNETS[:1], **GROUPS}, ("kinesis",)),
        ({"vpc_id": VPC["vpc_id"], "subnet_ids": ["subnet-0123456789abcdef9"], **GROUPS}, ("kinesis",)),
        ({"subnet_ids": ["subnet-0123456789abcdef9"], **GROUPS}, None),
    ],
)
def test_a_function_beside_the_brokers_counts_and_one_elsewhere_does_not(vpc: Any, services: Any) -> None:
    writes = {
        "kind": "lambda",
        "from": "visits",
        "code": "handlers",
        "to": ["orders", "totals"],
        "vpc": vpc,
        "on_failure": "s3",
    }
    assert needs("main", system(consumers={"join": writes})) == ([("join", services)] if services else [])


def test_a_function_beside_the_brokers_reaches_the_table_that_it_writes_to() -> None:
    writes = {"kind": "lambda", "from": "visits", "code": "handlers", "to": ["orders", "scores"], "on_failure": "s3"}
    table = {"kind": "dynamodb", "partition_key": "user_id"}
    made = system(consumers={"join": writes}, stores={"scores": table})
    assert needs("main", made) == [("join", ("dynamodb",))]


@pytest.mark.parametrize(("own", "counted"), [(None, True), ({"subnet_ids": SUBNETS, **GROUPS}, True), ("else", False)])
def test_a_connector_counts_where_it_stands_with_the_cluster(own: Any, counted: bool) -> None:
    vpc = {"subnet_ids": ["subnet-0123456789abcdef9"], **GROUPS} if own == "else" else own
    lake = {
        "kind": "sink",
        "cluster": "main",
        "plugin": {"bucket": "my-plugins", "key": "x.zip"},
        "from": "orders",
        "config": S3,
        **({"vpc": vpc} if vpc else {}),
    }
    found = needs("main", system(consumers={}, connectors={"lake": lake}))
    assert found == ([("lake", ("s3",))] if counted else [])


def test_a_vpc_that_is_given_is_told_what_it_needs_with_what_makes_it() -> None:
    (note,) = notes(system())
    assert (note.dotted_path, note.level) == ("clusters.main.vpc", "note")
    assert note.note.startswith("fraud: lambda, sqs, sts; bill: s3. ")
    for service in ("lambda", "sqs", "sts"):
        assert (
            f"aws ec2 create-vpc-endpoint --vpc-id vpc-0123456789abcdef0 --service-name com.amazonaws.$AWS_REGION.{service} "
            f"--vpc-endpoint-type Interface --subnet-ids {' '.join(SUBNETS)} --security-group-ids $GROUP"
        ) in note.help
    assert "com.amazonaws.$AWS_REGION.s3 --vpc-endpoint-type Gateway --route-table-ids $TABLES" in note.help
    assert (
        "where GROUP lets port 443 in from who is there, and TABLES are the route tables of the subnets;" in note.help
    )


def test_a_serverless_cluster_in_a_given_vpc_is_told_of_too() -> None:
    clicks = {"kind": "lambda", "from": "clicks", "function_arn": FUNCTION, "on_failure": "sns"}
    (note,) = notes(system(consumers={"count": clicks}))
    assert (note.dotted_path, note.note.partition(".")[0]) == ("clusters.other.vpc", "count: sns")
    assert "where GROUP lets port 443 in from who is there;" in note.help


@pytest.mark.parametrize(
    "cluster",
    [
        {"vpc": None},
        {"arn": "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"},
    ],
    ids=["a VPC of its own", "an existing cluster"],
)
def test_a_vpc_of_its_own_and_one_of_an_existing_cluster_are_not_told_of(cluster: dict[str, Any]) -> None:
    assert list(notes(system({"brokers": 6, **cluster}))) == []


def test_nothing_is_told_where_nothing_is_reached() -> None:
    to_topic = {"destination": {"kind": "kafka", "topic": "failed"}}
    streams = {
        "orders": {"kind": "kafka", "cluster": "main", "partitions": 6},
        "failed": {"kind": "kafka", "cluster": "main", "partitions": 6},
    }
    fraud = {"kind": "lambda", "from": "orders", "function_arn": FUNCTION, "on_failure": to_topic}
    assert list(notes(system(streams=streams, consumers={"fraud": fraud}))) == []


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        ("sink", S3, False),
        ("sink", {"connector.class": "com.example.Sink"}, True),
        ("source", POSTGRES, True),
    ],
)
def test_a_connector_in_a_vpc_without_a_way_out_is_told_of_unless_endpoints_are_all_it_needs(
    kind: str, config: dict[str, Any], told: bool
) -> None:
    end = {"from": "orders"} if kind == "sink" else {"to": "orders", "secret_arn": DATABASE}
    plugin = {"bucket": "my-plugins", "key": "x.zip"}
    lake = {"kind": kind, "cluster": "main", "plugin": plugin, "config": config, **end}
    made = system({"vpc": None, "brokers": 3}, consumers={}, connectors={"lake": lake})
    found = [finding for finding in plan(made).findings if finding.code == "MSK438"]
    assert [finding.dotted_path for finding in found] == (["connectors.lake.cluster"] if told else [])
    if kind == "source":
        assert "name: secretsmanager; " in found[0].note

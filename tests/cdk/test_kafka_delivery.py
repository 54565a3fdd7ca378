"""Deliveries that read topics, and what lets Firehose into a cluster: connectivity, then the policy, then the delivery."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk.assertions import Annotations, Match
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import (
    AtTimestamp,
    DeliverySpec,
    KafkaCluster,
    KafkaTopic,
    KafkaTopicSpec,
    KinesisStream,
    KinesisStreamSpec,
    MskClusterSpec,
    MskServerlessClusterSpec,
    PipelineSpec,
    S3Delivery,
    S3Destination,
    ServerlessKafkaCluster,
    SpecError,
    StreamingPipeline,
)
from streaming_constructs.review import TemplateValidator

CLUSTER, POLICY, STREAM = "AWS::MSK::Cluster", "AWS::MSK::ClusterPolicy", "AWS::KinesisFirehose::DeliveryStream"
RESOURCE, TOPIC = "AWS::CloudFormation::CustomResource", "AWS::MSK::Topic"
ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
SECRETS = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"]
SCRAM = {
    "auth": ["iam", "sasl_scram"],
    "scram_secret_arns": SECRETS,
    "server_properties": {"allow.everyone.if.no.acl.found": False},
}


def main(bench: Any, name: str = "Main", **fields: Any) -> KafkaCluster:
    spec = MskClusterSpec.model_validate({"brokers": 3, "instance_type": "kafka.m7g.large", **fields})
    return KafkaCluster(bench.stack, name, spec=spec)


def existing(bench: Any, **fields: Any) -> KafkaCluster:
    return KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(arn=ARN, **fields))


def deliver(bench: Any, cluster: Any, name: str = "Lake", **fields: Any) -> S3Delivery:
    topic = KafkaTopic(
        bench.stack, f"{name}Topic", spec=KafkaTopicSpec(cluster="main", topic="orders", partitions=6), cluster=cluster
    )
    spec = DeliverySpec(from_="orders", to=S3Destination(), **fields)
    return S3Delivery(bench.stack, name, spec=spec, source=topic)


def tasks(bench: Any, task: str) -> dict[str, dict[str, Any]]:
    return {key: one for key, one in bench.of_type(RESOURCE).items() if one["Properties"]["Task"] == task}


def arn_of(bench: Any, kind: str = CLUSTER) -> dict[str, Any]:
    return {"Fn::GetAtt": [bench.only_id(kind), "Arn"]}


# --- the source


def test_a_delivery_reads_a_topic_privately_with_its_role_from_the_oldest_record_on(bench: Any) -> None:
    delivery = deliver(bench, main(bench))
    stream = bench.only(STREAM)
    role = bench.stack.resolve(delivery.role.role_arn)
    assert stream["DeliveryStreamType"] == "MSKAsSource"
    assert stream["MSKSourceConfiguration"] == {
        "MSKClusterARN": arn_of(bench),
        "TopicName": "orders",
        "AuthenticationConfiguration": {"Connectivity": "PRIVATE", "RoleARN": role},
        "ReadFromTimestamp": "1970-01-01T00:00:00Z",
    }
    assert "DeliveryStreamEncryptionConfigurationInput" not in stream
    assert "KinesisStreamSourceConfiguration" not in stream


@pytest.mark.parametrize(
    ("position", "moment"),
    [
        ("earliest", "1970-01-01T00:00:00Z"),
        ("latest", None),
        (AtTimestamp(at_timestamp="2026-01-15T01:00:00+01:00"), "2026-01-15T00:00:00Z"),
    ],
)
def test_where_reading_begins(bench: Any, position: Any, moment: str | None) -> None:
    deliver(bench, main(bench), starting_position=position)
    assert bench.only(STREAM)["MSKSourceConfiguration"].get("ReadFromTimestamp") == moment


def test_its_role_may_read_the_topic_and_see_groups_and_no_more(bench: Any) -> None:
    cluster = existing(bench, multi_vpc=True)
    deliver(bench, cluster)
    assert bench.allowed_on(ARN) == {
        "kafka-cluster:Connect",
        "kafka:DescribeCluster",
        "kafka:DescribeClusterV2",
        "kafka:GetBootstrapBrokers",
    }
    inside = ARN.removeprefix("arn:aws:kafka:eu-west-1:111122223333:cluster/")
    place = "arn:aws:kafka:eu-west-1:111122223333"
    assert bench.allowed_on(f"{place}:topic/{inside}/orders") == {
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:ReadData",
    }
    assert bench.allowed_on(f"{place}:group/{inside}/*") == {"kafka-cluster:DescribeGroup"}
    kafka = [one for one in bench.statements() if "kafka" in json.dumps(one["Action"])]
    assert len(kafka) == 3


# --- what has to come before


def test_the_delivery_waits_for_the_policy_and_that_for_connectivity(bench: Any) -> None:
    deliver(bench, main(bench))
    waits = tasks(bench, "Connectivity")
    assert [one["Properties"]["Last"] for one in waits.values()] == ["false", "false", "true"]
    names = list(waits)
    for earlier, later in itertools.pairwise(names):
        assert earlier in waits[later]["DependsOn"]
    (policy,) = bench.of_type(POLICY).values()
    assert policy["DependsOn"] == [names[-1]]
    (stream,) = bench.of_type(STREAM).values()
    assert {bench.only_id(POLICY), bench.only_id(TOPIC)} <= set(stream["DependsOn"])


def test_connectivity_is_never_on_in_the_template_of_a_cluster(bench: Any) -> None:
    deliver(bench, main(bench, multi_vpc=True))
    assert "ConnectivityInfo" not in bench.only(CLUSTER)["BrokerNodeGroupInfo"]


@pytest.mark.parametrize(("brokers", "waits"), [(3, 3), (6, 6), (30, 30)])
def test_connectivity_is_waited_for_longer_where_there_are_more_brokers(bench: Any, brokers: int, waits: int) -> None:
    main(bench, multi_vpc=True, brokers=brokers)
    assert len(tasks(bench, "Connectivity")) == waits
    assert bench.only("AWS::Lambda::Function")["Timeout"] == 900


def test_firehose_alone_needs_connectivity_for_iam_alone(bench: Any) -> None:
    deliver(bench, main(bench, **SCRAM))
    assert {json.dumps(one["Properties"]["Authentications"]) for one in tasks(bench, "Connectivity").values()} == {
        '["iam"]'
    }


def test_who_asks_for_private_connections_gets_them_for_every_way_to_authenticate(bench: Any) -> None:
    main(bench, multi_vpc=True, **SCRAM)
    for one in tasks(bench, "Connectivity").values():
        assert one["Properties"]["Authentications"] == ["iam", "sasl_scram"]
    assert bench.of_type(POLICY) == {}


def test_a_cluster_that_nobody_connects_to_privately_has_no_function(bench: Any) -> None:
    main(bench)
    assert (bench.of_type("AWS::Lambda::Function"), bench.of_type(RESOURCE), bench.of_type(POLICY)) == ({}, {}, {})


# --- the policy


def test_the_policy_lets_firehose_of_this_account_connect(bench: Any) -> None:
    deliver(bench, main(bench))
    policy = bench.only(POLICY)
    assert policy["ClusterArn"] == arn_of(bench)
    assert policy["Policy"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "firehose.amazonaws.com"},
            "Action": ["kafka:CreateVpcConnection"],
            "Resource": arn_of(bench),
            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        }
    ]


def test_all_whom_a_cluster_lets_in_are_in_its_one_policy(bench: Any) -> None:
    cluster = main(bench, multi_vpc=True, shared_with=["444455556666", "111122223333"])
    deliver(bench, cluster)
    deliver(bench, cluster, "Other")
    statements = bench.only(POLICY)["Policy"]["Statement"]
    principals = [json.dumps(one["Principal"]) for one in statements]
    accounts = '{"AWS": ["111122223333", "444455556666"]}'
    assert principals == [accounts, accounts, accounts, '{"Service": "firehose.amazonaws.com"}']
    actions = {action for one in statements for action in one["Action"]}
    assert actions == {
        "kafka-cluster:AlterGroup",
        "kafka-cluster:Connect",
        "kafka-cluster:DescribeGroup",
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:ReadData",
        "kafka-cluster:WriteData",
        "kafka-cluster:WriteDataIdempotently",
        "kafka:CreateVpcConnection",
        "kafka:DescribeCluster",
        "kafka:DescribeClusterV2",
        "kafka:GetBootstrapBrokers",
    }


def test_a_serverless_cluster_lets_firehose_in_without_waiting(bench: Any) -> None:
    cluster = ServerlessKafkaCluster(bench.stack, "Main", spec=MskServerlessClusterSpec())
    deliver(bench, cluster)
    (policy,) = bench.of_type(POLICY).values()
    assert policy["Properties"]["Policy"]["Statement"][0]["Principal"] == {"Service": "firehose.amazonaws.com"}
    assert (policy.get("DependsOn", []), bench.of_type(RESOURCE)) == ([], {})
    assert bench.only_id(POLICY) in next(iter(bench.of_type(STREAM).values()))["DependsOn"]


def test_an_existing_cluster_is_never_changed(bench: Any) -> None:
    deliver(bench, existing(bench))
    assert (bench.of_type(POLICY), bench.of_type(RESOURCE)) == ({}, {})


def test_a_cluster_of_the_app_is_never_changed_either(bench: Any) -> None:
    brought = KafkaCluster(bench.stack, "Own", spec=MskClusterSpec(brokers=3, instance_type="kafka.m7g.large")).cluster
    deliver(bench, KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(), cluster=brought))
    assert (bench.of_type(POLICY), bench.of_type(RESOURCE)) == ({}, {})
    told = Annotations.from_stack(bench.stack).find_info("/Test/Main", Match.any_value())
    assert ["firehose.amazonaws.com" in str(one.entry.data) for one in told] == [True]


# --- brokers


def test_brokers_are_asked_for_once_whoever_asks_first(benches: Any) -> None:
    seen = []
    for ways in (("iam", "sasl_scram", "iam"), ("sasl_scram", "iam")):
        bench = benches()
        cluster = main(bench, **SCRAM)
        told = {way: bench.stack.resolve(cluster.bootstrap_brokers(way)) for way in ways}  # type: ignore[arg-type]
        asked = tasks(bench, "BootstrapBrokers")
        seen.append((dict(sorted(told.items())), dict(sorted(asked.items())), bench.statements()))
        assert sorted(one["Properties"]["Authentication"] for one in asked.values()) == ["iam", "sasl_scram"]
    assert seen[0] == seen[1]


def test_what_is_asked_for_is_an_attribute_of_the_resource(bench: Any) -> None:
    cluster = main(bench)
    cdk.CfnOutput(bench.stack, "Brokers", value=cluster.bootstrap_brokers())
    (name,) = tasks(bench, "BootstrapBrokers")
    assert bench.template["Outputs"]["Brokers"]["Value"] == {"Fn::GetAtt": [name, "Brokers"]}
    assert bench.allowed_on(arn_of(bench)) == {"kafka:GetBootstrapBrokers"}


def test_brokers_of_existing_and_serverless_clusters_are_known_too(bench: Any) -> None:
    existing(bench).bootstrap_brokers()
    ServerlessKafkaCluster(bench.stack, "Serverless", spec=MskServerlessClusterSpec()).bootstrap_brokers()
    clusters = [one["Properties"]["ClusterArn"] for one in tasks(bench, "BootstrapBrokers").values()]
    assert clusters == [ARN, arn_of(bench, "AWS::MSK::ServerlessCluster")]


def test_brokers_for_clients_that_a_cluster_does_not_take_are_refused(bench: Any) -> None:
    with pytest.raises(SpecError) as refused:
        main(bench).bootstrap_brokers("mtls")
    assert [(one.code, one.dotted_path) for one in refused.value.findings] == [("MSK478", "Main.auth")]


def test_secrets_are_looked_at_after_they_were_associated(bench: Any) -> None:
    main(bench, **SCRAM)
    (check,) = tasks(bench, "ScramSecrets").values()
    assert check["Properties"]["SecretArns"] == SECRETS
    assert bench.only_id("AWS::MSK::BatchScramSecret") in check["DependsOn"]
    assert bench.allowed_on(arn_of(bench)) == {"kafka:ListScramSecrets"}


# --- refusals of constructs that stand alone


def test_a_topic_of_a_cluster_without_iam_is_refused(bench: Any) -> None:
    authority = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/12345678-1234-1234-1234-123456789012"
    cluster = main(bench, auth=["mtls"], certificate_authority_arns=[authority])
    with pytest.raises(SpecError) as refused:
        deliver(bench, cluster)
    assert [one.code for one in refused.value.findings] == ["FIR752"]


def test_a_position_is_that_of_a_topic(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=1))
    spec = DeliverySpec(from_="clicks", to=S3Destination(), starting_position="latest")
    with pytest.raises(SpecError) as refused:
        S3Delivery(bench.stack, "Lake", spec=spec, source=stream)
    assert [(one.code, one.dotted_path) for one in refused.value.findings] == [("LNG404", "Lake.starting_position")]


# --- a system with all of it

SYSTEM = """
name: shop
schemas: {order: {order_id: string, at: timestamp}}
clusters:
  main:
    kind: msk
    multi_vpc: true
    shared_with: ["444455556666"]
    auth: [iam, sasl_scram]
    scram_secret_arns: [arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf]
    server_properties: {allow.everyone.if.no.acl.found: false}
  fast: {kind: msk_express}
  spare: {kind: msk_serverless}
streams:
  orders: {kind: kafka, cluster: main, schema: order, workload: {records_per_second: 1000, record_kb: 1}}
  clicks: {kind: kafka, cluster: fast, schema: order, partitions: 6}
  views: {kind: kafka, cluster: spare, partitions: 6}
deliveries:
  lake: {from: orders, to: {kind: s3, format: parquet}}
  copy: {from: orders, starting_position: latest, to: {kind: s3}}
  tables:
    from: clicks
    to: {kind: iceberg, database: sales, table: orders, table_bucket: company-lakehouse}
  raw: {from: views, to: {kind: s3}}
alarms: {notify: [oncall@example.com]}
dashboard: true
"""


def whole(bench: Any, folder: Path) -> StreamingPipeline:
    file = folder / "pipeline.yaml"
    file.write_text(SYSTEM)
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=PipelineSpec.load(file))
    for cluster in pipeline.clusters.values():
        cluster.bootstrap_brokers()
    return pipeline


@pytest.mark.parametrize(
    "pack",
    [
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.ServerlessChecks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.PCIDSS321Checks,
    ],
)
def test_no_part_has_a_finding_of_nag_that_is_not_acknowledged(bench: Any, tmp_path: Path, pack: Any) -> None:
    whole(bench, tmp_path)
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


def test_the_template_is_valid_to_cloudformation_and_to_cfn_lint(bench: Any, tmp_path: Path) -> None:
    whole(bench, tmp_path)
    template = json.dumps(bench.template)
    assert [str(one) for one in TemplateValidator().validate(template)] == []
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(template, config=config)] == []

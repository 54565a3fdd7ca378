"""Clusters of Kafka and their topics: what is created, what is brought, and what nobody may change."""

from __future__ import annotations

import base64
import json
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_msk as msk
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs import (
    CustomerManagedKey,
    KafkaCluster,
    KafkaTopic,
    KafkaTopicSpec,
    MskClusterSpec,
    MskExpressClusterSpec,
    MskServerlessClusterSpec,
    PipelineSpec,
    ServerlessKafkaCluster,
    SpecError,
    StreamingPipeline,
    VpcPlacement,
)
from streaming_constructs.cdk.clusters.client_network import ClientNetwork
from streaming_constructs.review import TemplateValidator
from streaming_constructs.testing import alarm_problems

CLUSTER, TOPIC, CONFIGURATION = "AWS::MSK::Cluster", "AWS::MSK::Topic", "AWS::MSK::Configuration"
SERVERLESS, GROUP, INGRESS = "AWS::MSK::ServerlessCluster", "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"
VPC = VpcPlacement(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"),
)
ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"
SMALL: dict[str, Any] = {"instance_type": "kafka.m7g.large", "brokers": 3, "volume_gb": 100, "vpc": VPC}


def small(**fields: Any) -> MskClusterSpec:
    return MskClusterSpec(**{**SMALL, **fields})


def test_a_cluster_is_what_was_planned_over_tls_alone(bench: Any) -> None:
    KafkaCluster(bench.stack, "Main", spec=small())
    cluster = bench.only(CLUSTER)
    name = cluster.pop("ClusterName")
    group = bench.only_id(GROUP)
    assert name.startswith("Test-Main-")
    assert cluster == {
        "KafkaVersion": "3.9.x.kraft",
        "NumberOfBrokerNodes": 3,
        "StorageMode": "LOCAL",
        "EnhancedMonitoring": "DEFAULT",
        "BrokerNodeGroupInfo": {
            "InstanceType": "kafka.m7g.large",
            "ClientSubnets": list(VPC.subnet_ids),
            "SecurityGroups": [{"Fn::GetAtt": [group, "GroupId"]}],
            "StorageInfo": {"EBSStorageInfo": {"VolumeSize": 100}},
        },
        "ClientAuthentication": {
            "Sasl": {"Iam": {"Enabled": True}, "Scram": {"Enabled": False}},
            "Unauthenticated": {"Enabled": False},
        },
        "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True}},
        "ConfigurationInfo": {
            "Arn": {"Fn::GetAtt": [bench.only_id(CONFIGURATION), "Arn"]},
            "Revision": {"Fn::GetAtt": [bench.only_id(CONFIGURATION), "LatestRevision.Revision"]},
        },
        "LoggingInfo": {
            "BrokerLogs": {
                "CloudWatchLogs": {"Enabled": True, "LogGroup": {"Ref": bench.only_id("AWS::Logs::LogGroup")}}
            }
        },
    }


def test_only_the_configuration_differs_where_a_property_does(benches: Any) -> None:
    templates = []
    for properties in ({}, {"num.io.threads": 16}):
        bench = benches()
        KafkaCluster(bench.stack, "Main", spec=small(server_properties=properties))
        templates.append(bench.template["Resources"])
    before, after = templates
    changed = [key for key in before if before[key] != after[key]]
    assert (list(before), [before[key]["Type"] for key in changed]) == (list(after), [CONFIGURATION])
    (key,) = changed
    assert "KafkaVersionsList" not in after[key]["Properties"]
    lines = after[key]["Properties"]["ServerProperties"].splitlines()
    assert set(lines) - set(before[key]["Properties"]["ServerProperties"].splitlines()) == {"num.io.threads=16"}


@pytest.mark.parametrize(
    ("auth", "ports"), [("iam", [9098]), ("sasl_scram", [9096]), (["iam", "sasl_scram"], [9096, 9098])]
)
def test_brokers_let_in_members_and_who_is_named_on_the_port_of_their_way(
    bench: Any, auth: Any, ports: list[int]
) -> None:
    secrets = (SECRET,) if auth != "iam" else ()
    spec = small(auth=auth, scram_secret_arns=secrets, client_security_group_ids=("sg-0123456789abcdef0",))
    KafkaCluster(bench.stack, "Main", spec=spec)
    own = {"Fn::GetAtt": [bench.only_id(GROUP), "GroupId"]}
    rules = [rule["Properties"] for rule in bench.of_type(INGRESS).values()] + bench.only(GROUP)["SecurityGroupIngress"]
    found = [(rule["FromPort"], rule["ToPort"], rule["SourceSecurityGroupId"]) for rule in rules]
    expected = [(port, port, source) for port in ports for source in (own, "sg-0123456789abcdef0")]
    assert sorted(found, key=json.dumps) == sorted(expected, key=json.dumps)


def test_secrets_are_associated_with_the_cluster_in_one_list(bench: Any) -> None:
    KafkaCluster(bench.stack, "Main", spec=small(auth="sasl_scram", scram_secret_arns=(SECRET,)))
    assert bench.only("AWS::MSK::BatchScramSecret") == {
        "ClusterArn": {"Fn::GetAtt": [bench.only_id(CLUSTER), "Arn"]},
        "SecretArnList": [SECRET],
    }


def test_volumes_grow_and_never_shrink(bench: Any) -> None:
    KafkaCluster(bench.stack, "Main", spec=small(max_volume_gb=2000, volume_utilization_percent=50))
    target = bench.only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MaxCapacity"], target["ScalableDimension"]) == (2000, "kafka:broker-storage:VolumeSize")
    policy = bench.only("AWS::ApplicationAutoScaling::ScalingPolicy")["TargetTrackingScalingPolicyConfiguration"]
    assert policy == {
        "DisableScaleIn": True,
        "TargetValue": 50,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "KafkaBrokerStorageUtilization"},
    }


@pytest.mark.parametrize("removal", ["retain", "destroy"])
def test_what_holds_records_is_kept_unless_the_system_is_disposable(bench: Any, removal: Any) -> None:
    main = KafkaCluster(bench.stack, "Main", spec=small(encryption=CustomerManagedKey()), removal_policy=removal)
    KafkaTopic(
        bench.stack, "Orders", spec=KafkaTopicSpec(cluster="main", partitions=3), cluster=main, removal_policy=removal
    )
    less = ServerlessKafkaCluster(bench.stack, "Less", spec=MskServerlessClusterSpec(vpc=VPC), removal_policy=removal)
    assert less.plan.heading() == "serverless"
    policy = "Retain" if removal == "retain" else "Delete"
    for kind in (CLUSTER, TOPIC, SERVERLESS, "AWS::KMS::Key"):
        (resource,) = bench.of_type(kind).values()
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (policy, policy)


def test_volumes_lie_under_the_key_that_was_asked_for_or_brought(benches: Any) -> None:
    created, brought = benches(), benches()
    KafkaCluster(created.stack, "Main", spec=small(encryption=CustomerManagedKey()))
    key = {"Fn::GetAtt": [created.only_id("AWS::KMS::Key"), "Arn"]}
    assert created.only(CLUSTER)["EncryptionInfo"]["EncryptionAtRest"] == {"DataVolumeKMSKeyId": key}
    mine = kms.Key(brought.stack, "Mine")
    KafkaCluster(brought.stack, "Main", spec=small(), encryption_key=mine)
    (logical_id,) = brought.of_type("AWS::KMS::Key")
    at_rest = brought.only(CLUSTER)["EncryptionInfo"]["EncryptionAtRest"]
    assert at_rest == {"DataVolumeKMSKeyId": {"Fn::GetAtt": [logical_id, "Arn"]}}


def test_no_tag_reaches_a_serverless_cluster_which_would_be_replaced_by_it(bench: Any) -> None:
    ServerlessKafkaCluster(bench.stack, "Less", spec=MskServerlessClusterSpec(vpc=VPC))
    cdk.Tags.of(bench.app).add("team", "data")
    assert "Tags" not in bench.only(SERVERLESS)
    assert {"Key": "team", "Value": "data"} in bench.only(GROUP)["Tags"]


def test_a_vpc_of_its_own_has_three_zones_and_no_way_out(bench: Any) -> None:
    KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(instance_type="kafka.m7g.large", brokers=3))
    subnets = bench.of_type("AWS::EC2::Subnet").values()
    zones = [subnet["Properties"]["AvailabilityZone"]["Fn::Select"][0] for subnet in subnets]
    assert sorted(zones) == [0, 1, 2]
    assert [bench.of_type(f"AWS::EC2::{kind}") for kind in ("InternetGateway", "NatGateway")] == [{}, {}]
    assert bench.only("AWS::EC2::FlowLog")["TrafficType"] == "ALL"


def vpc_of(bench: Any, zones: int) -> ec2.Vpc:
    return ec2.Vpc(bench.stack, "Vpc", availability_zones=[f"eu-west-1{zone}" for zone in "abcd"[:zones]])


def test_an_app_places_a_cluster_in_a_vpc_of_its_own(bench: Any) -> None:
    vpc = vpc_of(bench, 3)
    spec = MskClusterSpec(instance_type="kafka.m7g.large", brokers=3)
    KafkaCluster(bench.stack, "Main", spec=spec, vpc=vpc)
    subnets = [bench.stack.get_logical_id(subnet.node.default_child) for subnet in vpc.private_subnets]
    assert bench.only(CLUSTER)["BrokerNodeGroupInfo"]["ClientSubnets"] == [{"Ref": one} for one in subnets]


@pytest.mark.parametrize(
    ("spec", "zones", "expected"),
    [
        (MskClusterSpec(brokers=3), 2, "MSK453"),
        (MskClusterSpec(brokers=6), 2, None),
        (MskClusterSpec(), 1, "MSK452"),
        (MskExpressClusterSpec(brokers=6), 2, "MSK452"),
        (MskServerlessClusterSpec(), 1, "MSK452"),
        (MskServerlessClusterSpec(), 2, None),
    ],
)
def test_a_vpc_that_was_brought_has_the_zones_that_msk_wants(
    bench: Any, spec: Any, zones: int, expected: str | None
) -> None:
    vpc, build = vpc_of(bench, zones), ServerlessKafkaCluster if spec.is_serverless else KafkaCluster
    found = None
    try:
        build(bench.stack, "Main", spec=spec, vpc=vpc)
    except SpecError as refused:
        (finding,) = refused.findings
        assert finding.dotted_path == "Main"
        found = finding.code
    assert found == expected


@pytest.mark.parametrize("way", ["arn", "construct"])
def test_a_cluster_that_exists_is_used_and_not_changed(bench: Any, way: str) -> None:
    if way == "arn":
        main = KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(arn=ARN))
        expected: Any = ARN
        names: Any = {"Cluster Name": "main"}
    else:
        theirs = msk.CfnServerlessCluster(
            bench.stack,
            "Theirs",
            cluster_name="theirs",
            client_authentication={"sasl": {"iam": {"enabled": True}}},
            vpc_configs=[{"subnetIds": list(VPC.subnet_ids)}],
        )
        main = ServerlessKafkaCluster(bench.stack, "Main", spec=MskServerlessClusterSpec(), cluster=theirs)
        expected, names = {"Fn::GetAtt": ["Theirs", "Arn"]}, {"Cluster Name": "theirs"}
    role = iam.Role(bench.stack, "Role", assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"))
    main.grant_produce(role, "orders")
    assert main.dimensions == names
    (policy,) = bench.of_type("AWS::IAM::Policy").values()
    first = policy["Properties"]["PolicyDocument"]["Statement"][0]
    assert first["Resource"] == expected
    assert bench.of_type(CLUSTER) == {}


def test_grants_name_the_topic_and_the_group_by_the_cluster_that_they_are_in(bench: Any) -> None:
    main = KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(arn=ARN))
    role = iam.Role(bench.stack, "Role", assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"))
    main.grant_produce(role, "orders")
    main.grant_consume(role, "orders", "billing")
    place = "arn:aws:kafka:eu-west-1:111122223333"
    uuid = ARN.rpartition("/")[2]
    statements = bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    allowed: dict[str, set[str]] = {}
    for statement in statements:
        actions = statement["Action"]
        allowed.setdefault(statement["Resource"], set()).update([actions] if isinstance(actions, str) else actions)
    assert allowed == {
        ARN: {"kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"},
        f"{place}:topic/main/{uuid}/orders": {
            "kafka-cluster:DescribeTopic",
            "kafka-cluster:ReadData",
            "kafka-cluster:WriteData",
        },
        f"{place}:group/main/{uuid}/billing": {"kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"},
    }


def test_a_topic_has_its_configurations_as_kafka_reads_them(bench: Any) -> None:
    main = KafkaCluster(bench.stack, "Main", spec=small(storage_mode="tiered"))
    spec = KafkaTopicSpec(
        cluster="main",
        topic="shop.orders",
        partitions=24,
        local_retention_days=1,
        cleanup_policy="delete",  # type: ignore[arg-type]
    )
    KafkaTopic(bench.stack, "Orders", spec=spec, cluster=main)
    topic = bench.only(TOPIC)
    configs = base64.b64decode(topic.pop("Configs")).decode()
    assert configs.splitlines() == [
        "cleanup.policy=delete",
        "local.retention.ms=86400000",
        "min.insync.replicas=2",
        "remote.storage.enable=true",
        "retention.ms=604800000",
    ]
    assert topic == {
        "ClusterArn": {"Fn::GetAtt": [bench.only_id(CLUSTER), "Arn"]},
        "TopicName": "shop.orders",
        "PartitionCount": 24,
        "ReplicationFactor": 3,
    }


def test_a_topic_of_a_serverless_cluster_or_one_that_exists_creates_nothing(bench: Any) -> None:
    less = ServerlessKafkaCluster(bench.stack, "Less", spec=MskServerlessClusterSpec(arn=f"{ARN[:-1]}s1"))
    main = KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(arn=ARN))
    existing = ARN.replace(":cluster/", ":topic/") + "/orders"
    first = KafkaTopic(bench.stack, "One", spec=KafkaTopicSpec(cluster="less", partitions=3), cluster=less)
    second = KafkaTopic(bench.stack, "Two", spec=KafkaTopicSpec(cluster="main", arn=existing), cluster=main)
    assert (first.topic, second.topic) == (None, None)
    assert "Resources" not in bench.template
    assert (first.dimensions["Topic"], second.topic_name, second.arn) == ("One", "orders", existing)


def test_what_is_brought_cannot_be_asked_for_as_well(bench: Any) -> None:
    vpc = ec2.Vpc(bench.stack, "Vpc", max_azs=2)
    with pytest.raises(SpecError) as refused:
        KafkaCluster(
            bench.stack,
            "Main",
            spec=small(encryption=CustomerManagedKey()),
            vpc=vpc,
            encryption_key=kms.Key(bench.stack, "Mine"),
        )
    found = [(one.code, one.dotted_path) for one in refused.value.findings]
    assert found == [("LNG403", "Main.vpc"), ("LNG403", "Main.encryption")]


def system() -> PipelineSpec:
    """Every kind of cluster, with topics of every sort."""
    load = {"records_per_second": 2000, "record_kb": 2}
    return PipelineSpec.model_validate(
        {
            "name": "shop",
            "clusters": {
                "main": {
                    "kind": "msk",
                    "storage_mode": "tiered",
                    "max_volume_gb": 4000,
                    "auth": ["iam", "sasl_scram"],
                    "scram_secret_arns": [SECRET],
                    "encryption": "customer_managed",
                    "enhanced_monitoring": "per_broker",
                    "open_monitoring": True,
                },
                "fast": {"kind": "msk_express", "rebalancing": "active", "enhanced_monitoring": "per_broker"},
                "less": {"kind": "msk_serverless"},
                "old": {"kind": "msk", "kafka_version": "3.9.x", "instance_type": "kafka.t3.small"},
            },
            "streams": {
                "orders": {"kind": "kafka", "cluster": "main", "workload": load, "local_retention_days": 1},
                "users": {"kind": "kafka", "cluster": "fast", "partitions": 6, "cleanup_policy": "compact"},
                "clicks": {"kind": "kafka", "cluster": "less", "workload": load},
                "trials": {"kind": "kafka", "cluster": "old", "partitions": 2, "configs": {"segment.ms": 600_000}},
            },
            "alarms": {"notify": ["oncall@example.com"]},
            "dashboard": True,
        }
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("kafka")))
    stack = cdk.Stack(app, "Shop")
    StreamingPipeline(stack, "Pipeline", spec=system())
    return dict(app.synth().get_stack_by_name("Shop").template)


def test_the_validator_of_cloudformation_and_cfn_lint_take_all_of_it(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    assert [str(finding) for finding in TemplateValidator().validate(text)] == []
    assert [
        str(match) for match in api.lint(text, config=ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"]))
    ] == []


def test_every_alarm_watches_what_its_cluster_publishes(template: dict[str, Any]) -> None:
    assert list(alarm_problems(template)) == []
    metrics: dict[str, set[str]] = {}
    for key, resource in template["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            found = resource["Properties"]
            watched = [
                found,
                *(part["MetricStat"]["Metric"] for part in found.get("Metrics", ()) if "MetricStat" in part),
            ]
            for cluster in ("main", "fast", "old"):
                if f"Alarms{cluster}" in key:
                    metrics.setdefault(cluster, set()).update(
                        part["MetricName"] for part in watched if "MetricName" in part
                    )
    both = {"CpuUser", "CpuSystem", "PartitionCount", "ConnectionCount"}
    standard = both | {
        "OfflinePartitionsCount",
        "UnderMinIsrPartitionCount",
        "UnderReplicatedPartitions",
        "HeapMemoryAfterGC",
        "KafkaDataLogsDiskUsed",
    }
    paid = {"RequestHandlerAvgIdlePercent", "NetworkProcessorAvgIdlePercent", "IAMTooManyConnections"}
    assert metrics["main"] == standard | paid | {"RemoteCopyLagBytes", "TrafficShaping"}
    assert metrics["fast"] == both | paid | {"ProduceThrottleTime", "FetchThrottleTime"}
    assert metrics["old"] == standard | {"ActiveControllerCount", "CPUCreditBalance"}


@pytest.mark.parametrize(
    "pack",
    [cdk_nag.AwsSolutionsChecks, cdk_nag.NIST80053R5Checks, cdk_nag.HIPAASecurityChecks, cdk_nag.PCIDSS321Checks],
)
def test_no_part_has_a_finding_of_nag_that_is_not_acknowledged(bench: Any, pack: Any) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system())
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


@pytest.mark.parametrize(("removal", "expected"), [("retain", "Retain"), ("destroy", "Delete")])
def test_what_a_cluster_stands_in_goes_and_stays_with_it(bench: Any, removal: Any, expected: str) -> None:
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"
    spec = MskClusterSpec(
        instance_type="kafka.m7g.large",
        brokers=3,
        auth=("iam", "sasl_scram"),
        scram_secret_arns=(secret,),
        removal_policy=removal,
    )
    KafkaCluster(bench.stack, "Main", spec=spec)
    held = {
        "AWS::MSK::Cluster": 1,
        "AWS::MSK::Configuration": 1,
        "AWS::MSK::BatchScramSecret": 1,
        "AWS::EC2::VPC": 1,
        "AWS::EC2::Subnet": 3,
        "AWS::EC2::SecurityGroup": 1,
        "AWS::EC2::SecurityGroupIngress": 2,
    }
    found = {kind: [one["DeletionPolicy"] for one in bench.of_type(kind).values()] for kind in held}
    assert found == {kind: [expected] * count for kind, count in held.items()}


def test_what_msk_creates_in_a_cluster_comes_before_its_private_connections(bench: Any) -> None:
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"
    closed = {"allow.everyone.if.no.acl.found": False}
    spec = small(auth=("iam", "sasl_scram"), scram_secret_arns=(secret,), multi_vpc=True, server_properties=closed)
    main = KafkaCluster(bench.stack, "Main", spec=spec)
    orders = KafkaTopic(bench.stack, "Orders", spec=KafkaTopicSpec(cluster="main", partitions=6), cluster=main)
    assert orders.topic is not None
    resources = bench.of_type("AWS::CloudFormation::CustomResource").items()
    (first,) = (one["DependsOn"] for key, one in resources if key.startswith("MainConnectivity1"))
    (secrets,) = bench.of_type("AWS::MSK::BatchScramSecret")
    assert {bench.stack.get_logical_id(orders.topic), secrets} <= set(first)


def test_a_vpc_that_is_yet_to_be_looked_up_is_not_judged(tmp_path: Any) -> None:
    stack = cdk.Stack(
        cdk.App(outdir=str(tmp_path)), "Test", env=cdk.Environment(account="111122223333", region="eu-west-1")
    )
    vpc = ec2.Vpc.from_lookup(stack, "Vpc", vpc_id="vpc-0123456789abcdef0")
    main = KafkaCluster(stack, "Main", spec=MskClusterSpec(brokers=3), vpc=vpc)
    assert main.network is not None
    assert len(main.network.subnet_ids) == 2


def test_of_a_cluster_that_is_brought_the_spec_says_where_clients_stand(bench: Any) -> None:
    spec = small(brokers=3)
    theirs = KafkaCluster(bench.stack, "Theirs", spec=spec).cluster
    described = MskClusterSpec(vpc=VPC, brokers=3, instance_type="kafka.m7g.large")
    brought = KafkaCluster(bench.stack, "Main", spec=described, cluster=theirs)
    network = ClientNetwork(bench.stack, "Clients", cluster=brought, who="the workers of lake")
    assert network.subnet_ids == list(VPC.subnet_ids)
    unknown = KafkaCluster(bench.stack, "Other", spec=MskClusterSpec(), cluster=theirs)
    with pytest.raises(SpecError) as refused:
        ClientNetwork(bench.stack, "Lost", cluster=unknown, who="the workers of lake")
    assert [finding.code for finding in refused.value.findings] == ["MSK423"]


def test_a_vpc_is_not_brought_with_a_cluster(bench: Any) -> None:
    theirs = KafkaCluster(bench.stack, "Theirs", spec=small()).cluster
    with pytest.raises(SpecError) as refused:
        KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(), cluster=theirs, vpc=vpc_of(bench, 3))
    assert [(one.code, one.dotted_path) for one in refused.value.findings] == [("LNG403", "Main.vpc")]

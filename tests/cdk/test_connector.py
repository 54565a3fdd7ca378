"""Connectors: what they are told, what they may, where they stand, and what stays when one is replaced."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cdk_nag
import pytest
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.review import TemplateValidator
from streaming_constructs.testing.invariants import alarm_problems
from tests.cdk.kafka_systems import SECRET, system

CONNECTOR, WORKERS, PLUGIN = (
    f"AWS::KafkaConnect::{name}" for name in ("Connector", "WorkerConfiguration", "CustomPlugin")
)
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def built(bench: Any, changes: dict[str, Any] | None = None, folder: Path | None = None) -> StreamingPipeline:
    return StreamingPipeline(bench.stack, "Pipeline", spec=system(changes, folder))


def of_node(bench: Any, resource_type: str, node: str) -> dict[str, Any]:
    """The properties of the one resource of a type that belongs to a node."""
    (found,) = [one for key, one in bench.of_type(resource_type).items() if key.lower().startswith(f"pipeline{node}")]
    return found["Properties"]


def flat(value: Any) -> str:
    """A value with references and functions written out as text."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def told(bench: Any, node: str) -> dict[str, str]:
    """The properties that the workers of a node are told."""
    content = of_node(bench, WORKERS, node)["PropertiesFileContent"]["Fn::Base64"]
    text = "".join(flat(part) for part in content["Fn::Join"][1])
    return dict(line.split("=", 1) for line in text.splitlines())


def allowed(bench: Any, node: str) -> dict[str, list[str]]:
    """What the role of a node may, by the last words of the resource."""
    document = of_node(bench, "AWS::IAM::ManagedPolicy", node)["PolicyDocument"]
    found = {}
    for one in document["Statement"]:
        resource = one["Resource"]
        name = resource if isinstance(resource, str) else flat(resource.get("Fn::Join", resource))
        name = str(resource["Fn::Join"][1][-1]) if isinstance(resource, dict) and "Fn::Join" in resource else name
        found[name] = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
    return found


def test_numbers_are_written_as_text_and_a_secret_as_a_reference(bench: Any) -> None:
    built(bench)
    quoted = SECRET.replace(":", "%3A")
    assert of_node(bench, CONNECTOR, "changes")["ConnectorConfiguration"] == {
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "database.dbname": "shop",
        "database.hostname": "db.example.com",
        "database.password": f"${{secretsManager:{quoted}:password}}",
        "database.port": "5432",
        "database.user": f"${{secretsManager:{quoted}:username}}",
        "table.include.list": "public.orders",
        "topic.prefix": "shop",
    }


def test_sink_reads_its_topics_as_a_group_that_stays(bench: Any) -> None:
    pipeline = built(bench)
    sink = pipeline.connectors["lake"]
    configuration = of_node(bench, CONNECTOR, "lake")["ConnectorConfiguration"]
    assert configuration["topics"] == "shop.public.orders"
    assert configuration["consumer.override.group.id"] == sink.consumer_group
    assert sink.consumer_group.startswith("connect-")
    assert configuration["storage.class"] == "io.confluent.connect.s3.storage.S3Storage"
    assert configuration["flush.size"] == "10000"


def test_an_older_version_names_its_group_itself(bench: Any) -> None:
    built(bench, {"connectors.lake.kafka_connect_version": "2.7.1"})
    properties = of_node(bench, CONNECTOR, "lake")
    assert properties["KafkaConnectVersion"] == "2.7.1"
    assert "consumer.override.group.id" not in properties["ConnectorConfiguration"]


def test_workers_keep_positions_in_a_topic_of_their_own_and_know_secrets_and_the_registry(bench: Any) -> None:
    source = built(bench).connectors["changes"]
    properties = told(bench, "changes")
    assert properties["offset.storage.topic"] == source.offset_topic
    assert source.offset_topic.startswith("__amazon_msk_connect_offsets_")
    assert properties["config.providers"] == "secretsManager"
    assert properties["config.providers.secretsManager.class"] == (
        "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider"
    )
    assert properties["config.providers.secretsManager.param.region"] == "eu-west-1"
    assert properties["value.converter"] == "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter"
    assert properties["value.converter.registry.name"] == "shop"
    assert properties["value.converter.schemaAutoRegistrationEnabled"] == "true"
    assert json.loads(properties["value.converter.region"]) == {"Ref": "AWS::Region"}
    assert properties["key.converter"] == "org.apache.kafka.connect.json.JsonConverter"
    sink = told(bench, "lake")
    assert "offset.storage.topic" not in sink
    assert "config.providers" not in sink
    assert sink["value.converter.schemaAutoRegistrationEnabled"] == "false"


def test_role_is_for_this_account_and_for_its_own_topics_alone(bench: Any) -> None:
    built(bench)
    (trust,) = of_node(bench, "AWS::IAM::Role", "changes")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "kafkaconnect.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    cluster, topic = bench.only_id("AWS::MSK::Cluster"), bench.only_id("AWS::MSK::Topic")
    groups = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
    internal = [f"kafka-cluster:{what}" for what in ("CreateTopic", "DescribeTopic", "ReadData", "WriteData")]
    source = allowed(bench, "changes")
    assert source[flat({"Fn::GetAtt": [cluster, "Arn"]})] == [
        "kafka-cluster:Connect",
        "kafka-cluster:DescribeCluster",
        "kafka-cluster:WriteDataIdempotently",
    ]
    assert source[flat({"Fn::GetAtt": [topic, "TopicArn"]})] == [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:WriteData",
    ]
    assert source["/connect-*"] == groups
    assert {tuple(actions) for name, actions in source.items() if name == "/__amazon_msk_connect_*"} <= {
        tuple(groups),
        tuple(internal),
    }
    assert source[SECRET] == ["secretsmanager:GetSecretValue"]
    sink = allowed(bench, "lake")
    assert sink[flat({"Fn::GetAtt": [cluster, "Arn"]})] == ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster"]
    assert sink[flat({"Fn::GetAtt": [topic, "TopicArn"]})] == ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
    assert sink[":s3:::my-lake"] == ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    assert sink[":s3:::my-lake/*"] == [
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    ]


@pytest.mark.parametrize(
    ("config", "topic", "group"),
    [
        ({}, "__amazon_msk_connect_history_shop", "shop-schemahistory"),
        ({"schema.history.internal.kafka.topic": "history"}, "history", "shop-schemahistory"),
        ({"schema.history.internal.name": "mine"}, "__amazon_msk_connect_history_shop", "mine"),
        (
            {"schema.history.internal.consumer.group.id": "readers", "schema.history.internal.name": "mine"},
            "__amazon_msk_connect_history_shop",
            "readers",
        ),
    ],
    ids=["left out", "a topic", "a name", "a group"],
)
def test_mysql_reads_the_history_of_its_schemas_when_it_starts_again(
    bench: Any, config: dict[str, str], topic: str, group: str
) -> None:
    mysql = {
        "connector.class": "io.debezium.connector.mysql.MySqlConnector",
        "database.hostname": "db.example.com",
        "database.server.id": 184054,
        "topic.prefix": "shop",
    }
    built(bench, {"connectors.changes.config": mysql | config})
    source = allowed(bench, "changes")
    assert source[f"/{group}"] == ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
    assert "kafka-cluster:DescribeTopicDynamicConfiguration" in source[f"/{topic}"]


def test_the_cluster_lets_its_group_in_on_the_port_of_iam(bench: Any) -> None:
    built(bench)
    groups = bench.of_type("AWS::EC2::SecurityGroup")
    (own,) = [key for key in groups if key.startswith("Pipelinelake")]
    (brokers,) = [key for key in groups if key.startswith("Pipelinemain")]
    rule = of_node(bench, "AWS::EC2::SecurityGroupIngress", "lake")
    assert rule["GroupId"] == {"Fn::GetAtt": [brokers, "GroupId"]}
    assert rule["SourceSecurityGroupId"] == {"Fn::GetAtt": [own, "GroupId"]}
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 9098, 9098)
    assert of_node(bench, CONNECTOR, "lake")["KafkaCluster"]["ApacheKafkaCluster"]["Vpc"] == {
        "SecurityGroups": [{"Fn::GetAtt": [own, "GroupId"]}],
        "Subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    }


def test_capacity_stays_or_follows_the_load(bench: Any, benches: Callable[..., Any]) -> None:
    built(bench)
    assert of_node(bench, CONNECTOR, "lake")["Capacity"] == {"ProvisionedCapacity": {"McuCount": 2, "WorkerCount": 2}}
    scaled = benches()
    built(
        scaled,
        {
            "connectors.lake.capacity": {"mcu": 1, "min_workers": 2, "max_workers": 4, "max_tasks": 8},
            "connectors.lake.config.tasks~max": None,
        },
    )
    assert of_node(scaled, CONNECTOR, "lake")["Capacity"] == {
        "AutoScaling": {
            "McuCount": 1,
            "MinWorkerCount": 2,
            "MaxWorkerCount": 4,
            "MaxAutoscalingTaskCount": 8,
            "ScaleInPolicy": {"CpuUtilizationPercentage": 20},
            "ScaleOutPolicy": {"CpuUtilizationPercentage": 80},
        }
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"connectors.changes.plugin.key": "debezium-3.1.zip"},
        {"connectors.changes.worker_config": {"producer.linger.ms": 50}},
        {"connectors.changes.kafka_connect_version": "2.7.1"},
        {"connectors.changes.value_converter": "json", "connectors.lake": None},
        {
            "connectors.changes.vpc": {
                "subnet_ids": ["subnet-0123456789abcdef1"],
                "security_group_ids": ["sg-0123456789abcdef0"],
            }
        },
    ],
    ids=lambda changes: next(iter(changes)).rpartition(".")[2],
)
def test_what_replaces_a_source_leaves_its_name_and_the_topic_that_its_position_is_found_by(
    benches: Callable[..., Any], changes: dict[str, Any]
) -> None:
    before, after = benches(), benches()
    was, now = built(before).connectors["changes"], built(after, changes).connectors["changes"]
    assert was.connector_name == now.connector_name
    assert was.offset_topic == now.offset_topic
    assert of_node(after, CONNECTOR, "changes")["ConnectorName"] == now.connector_name


def test_a_source_may_be_named_after_one_whose_positions_it_goes_on_from(bench: Any) -> None:
    changes = {
        "connectors.changes.connector_name": "cdc",
        "connectors.changes.offset_topic": "__amazon_msk_connect_offsets_cdc_0-2",
    }
    built(bench, changes)
    assert of_node(bench, CONNECTOR, "changes")["ConnectorName"] == "cdc"
    assert told(bench, "changes")["offset.storage.topic"] == "__amazon_msk_connect_offsets_cdc_0-2"


@pytest.mark.parametrize(
    "changes",
    [
        {"connectors.lake.plugin.key": "s3-2.zip"},
        {"connectors.lake.worker_config": {"consumer.max.poll.records": 50}},
        {
            "connectors.lake.vpc": {
                "subnet_ids": ["subnet-0123456789abcdef1"],
                "security_group_ids": ["sg-0123456789abcdef0"],
            }
        },
    ],
    ids=lambda changes: next(iter(changes)).rpartition(".")[2],
)
def test_what_replaces_a_sink_gives_it_another_name_and_leaves_its_group(
    benches: Callable[..., Any], changes: dict[str, Any]
) -> None:
    before, after = benches(), benches()
    was, now = built(before).connectors["lake"], built(after, changes).connectors["lake"]
    assert was.connector_name != now.connector_name
    assert was.consumer_group == now.consumer_group
    assert of_node(after, CONNECTOR, "lake")["ConnectorName"] == now.connector_name


@pytest.mark.parametrize(
    "changes",
    [
        {"connectors.changes.config.poll~interval~ms": 500},
        {"connectors.changes.capacity": {"mcu": 4}},
        {"connectors.changes.log_retention_days": 7},
        {},
    ],
    ids=["config", "capacity", "logs", "nothing"],
)
def test_what_changes_in_place_leaves_the_name(benches: Callable[..., Any], changes: dict[str, Any]) -> None:
    was, now = built(benches()).connectors["changes"], built(benches(), changes).connectors["changes"]
    assert was.connector_name == now.connector_name


def test_a_plugin_and_workers_that_are_others_have_other_names(benches: Callable[..., Any]) -> None:
    before, after = benches(), benches()
    built(before)
    built(
        after,
        {
            "connectors.changes.plugin.key": "debezium-3.1.zip",
            "connectors.changes.worker_config": {"producer.linger.ms": 50},
        },
    )
    for resource_type in (PLUGIN, WORKERS):
        assert of_node(before, resource_type, "changes")["Name"] != of_node(after, resource_type, "changes")["Name"]


def test_a_plugin_beside_the_spec_is_uploaded_and_named_by_its_content(
    benches: Callable[..., Any], tmp_path: Path
) -> None:
    names = []
    for content in ("one", "two", "one"):
        with zipfile.ZipFile(tmp_path / "sink.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("sink.jar"), content)
        bench = benches()
        built(bench, {"connectors.lake.plugin": "sink.zip"}, tmp_path)
        properties = of_node(bench, PLUGIN, "lake")
        assert properties["ContentType"] == "ZIP"
        assert properties["Location"]["S3Location"]["FileKey"].endswith(".zip")
        names.append(properties["Name"])
    assert names[0] == names[2] != names[1]


def test_a_plugin_that_exists_is_taken_as_it_is(bench: Any) -> None:
    arn = "arn:aws:kafkaconnect:eu-west-1:111122223333:custom-plugin/s3/12345678-1234-1234-1234-123456789012-1"
    built(bench, {"connectors.lake.plugin": arn})
    assert of_node(bench, CONNECTOR, "lake")["Plugins"] == [{"CustomPlugin": {"CustomPluginArn": arn, "Revision": 1}}]


def test_an_existing_cluster_is_reached_with_the_groups_that_its_spec_names(bench: Any) -> None:
    arn = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
    subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    vpc = {"subnet_ids": subnets, "security_group_ids": ["sg-0123456789abcdef0"]}
    built(bench, {"clusters.main": {"kind": "msk", "arn": arn, "vpc": vpc}, "replicators": {}})
    assert of_node(bench, CONNECTOR, "lake")["KafkaCluster"]["ApacheKafkaCluster"]["Vpc"] == {
        "SecurityGroups": ["sg-0123456789abcdef0"],
        "Subnets": subnets,
    }
    assert not [key for key in bench.of_type("AWS::EC2::SecurityGroupIngress") if "lake" in key]
    assert f"{arn.replace(':cluster/', ':topic/')}/__amazon_msk_connect_*" in allowed(bench, "lake")


def test_alarms_watch_the_connector_by_its_name(bench: Any) -> None:
    sink = built(bench).connectors["lake"]
    errored, running, busy = (
        bench.alarm(f"Alarmslake{name}") for name in ("ErroredTasks", "RunningTasks", "WorkerCpu")
    )
    assert {one["Dimensions"][0]["Value"] for one in (errored, running, busy)} == {sink.connector_name}
    assert (errored["Threshold"], errored["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert (running["Threshold"], running["ComparisonOperator"]) == (4, "LessThanThreshold")
    assert running["TreatMissingData"] == "breaching"
    assert busy["Threshold"] == 80
    assert list(alarm_problems(bench.template)) == []


@pytest.mark.parametrize(("version", "named"), [("3.7.x", True), ("2.7.1", False)])
def test_the_lag_of_a_sink_is_that_of_its_group(bench: Any, version: str, named: bool) -> None:
    sink = built(bench, {"connectors.lake.kafka_connect_version": version}).connectors["lake"]
    late = bench.alarm("AlarmslakeTimeLag")
    assert late["MetricName"] == "EstimatedMaxTimeLag"
    assert {one["Name"]: one["Value"] for one in late["Dimensions"]} == {
        "Cluster Name": bench.only("AWS::MSK::Cluster")["ClusterName"],
        "Consumer Group": sink.consumer_group if named else f"connect-{sink.connector_name}",
        "Topic": "shop.public.orders",
    }


@pytest.mark.parametrize("pack", PACKS)
def test_no_part_has_a_finding_that_is_not_acknowledged(bench: Any, pack: Any) -> None:
    built(bench, {"connectors.lake.permissions": [{"actions": ["sqs:Send*"], "resources": ["arn:aws:sqs:*:*:late"]}]})
    found = pack(bench.stack).validate_scope(bench.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


def test_templates_are_valid_to_cloudformation_and_to_cfn_lint(bench: Any) -> None:
    built(bench)
    template = json.dumps(bench.template)
    assert [str(one) for one in TemplateValidator().validate(template)] == []
    # CDK states dependencies that a reference implies already (W3005); they do no harm.
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(template, config=config)] == []


def test_an_s3_sink_that_names_no_bucket_has_one_of_its_own(bench: Any) -> None:
    changes = {"connectors.lake.config.s3~bucket~name": None, "connectors.lake.config.s3~region": None}
    lake = built(bench, changes).connectors["lake"]
    bucket = bench.only_id("AWS::S3::Bucket")
    configuration = of_node(bench, CONNECTOR, "lake")["ConnectorConfiguration"]
    assert configuration["s3.bucket.name"] == {"Ref": bucket}
    assert configuration["s3.region"] == {"Ref": "AWS::Region"}
    assert allowed(bench, "lake")[flat({"Fn::GetAtt": [bucket, "Arn"]})] == [
        "s3:GetBucketLocation",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
    ]
    ((_, resource),) = bench.of_type("AWS::S3::Bucket").items()
    assert resource["DeletionPolicy"] == "Retain"
    assert [output.name for output in lake.outputs()] == ["ConnectorArn", "BucketName", "SecurityGroupId"]


def test_a_bucket_that_is_named_is_not_created(bench: Any) -> None:
    lake = built(bench).connectors["lake"]
    assert lake.bucket is None
    assert bench.of_type("AWS::S3::Bucket") == {}

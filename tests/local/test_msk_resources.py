"""Clusters and topics of MSK as CloudFormation creates, changes and deletes them; topics are kept in this process."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.local.aws.deployment import deploy, stacks_of
from streaming_constructs.local.kafka.memory_topic_log import MemoryTopicLog
from streaming_constructs.spec.finding import SpecError
from tests.local.conftest import write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from streaming_constructs.local.aws.cloudformation import Deployed
    from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
    from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CLUSTER = {"ClusterName": "main", "KafkaVersion": "3.9.x.kraft", "NumberOfBrokerNodes": 3}


def cluster(**more: Any) -> dict[str, Any]:
    return {"Type": "AWS::MSK::Cluster", "Properties": {**CLUSTER, **more}}


def topic(configs: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    lines = "".join(f"{name}={value}\n" for name, value in (configs or {}).items())
    properties = {
        "ClusterArn": {"Ref": "Cluster"},
        "Configs": base64.b64encode(lines.encode()).decode(),
        "PartitionCount": 6,
        "ReplicationFactor": 3,
        "TopicName": "orders",
    }
    return {"Type": "AWS::MSK::Topic", "Properties": {**properties, **more}}


def deployed(embedded: EmbeddedAws, folder: Path, name: str, resources: Mapping[str, Any]) -> dict[str, Deployed]:
    deploy(embedded.aws, stacks_of(write_assembly(folder, name, resources))[0])
    return {one.logical_id: one for one in embedded.cloudformation.deployed() if one.stack == name}


def msk(embedded: EmbeddedAws) -> EmbeddedMsk:
    assert embedded.aws.msk is not None
    return embedded.aws.msk


def configs(embedded: EmbeddedAws, cluster_arn: str) -> dict[str, str]:
    log = msk(embedded).topic(cluster_arn, "orders").log
    assert isinstance(log, MemoryTopicLog)
    return log._topics["orders"].configs


@pytest.mark.parametrize(
    ("resource", "ending"),
    [
        (cluster(), "1"),
        ({"Type": "AWS::MSK::ServerlessCluster", "Properties": {"ClusterName": "main", "VpcConfigs": []}}, "s1"),
    ],
)
def test_an_arn_of_a_cluster_has_its_name_and_an_id(
    embedded: EmbeddedAws, tmp_path: Path, resource: dict[str, Any], ending: str
) -> None:
    found = deployed(embedded, tmp_path, f"Arn{ending}", {"Cluster": resource})["Cluster"]
    assert re.fullmatch(rf"arn:aws:kafka:us-east-1:\d{{12}}:cluster/main/{UUID}-{ending}", found.physical_id)
    assert found.attributes["Arn"] == found.physical_id


def test_a_topic_is_there_with_what_a_single_node_can_have_of_its_configurations(
    embedded: EmbeddedAws, tmp_path: Path
) -> None:
    told = {
        "cleanup.policy": "delete",
        "min.insync.replicas": "2",
        "remote.log.msk.disable.policy": "Delete",
        "remote.storage.enable": "true",
        "retention.ms": "604800000",
    }
    found = deployed(embedded, tmp_path, "Topic", {"Cluster": cluster(StorageMode="TIERED"), "It": topic(told)})
    arn = found["Cluster"].physical_id
    assert found["It"].physical_id == f"{arn.replace(':cluster/', ':topic/')}/orders"
    assert msk(embedded).topic(arn, "orders").log.partitions("orders") == 6
    assert configs(embedded, arn) == {
        "cleanup.policy": "delete",
        "remote.storage.enable": "true",
        "retention.ms": "604800000",
        "segment.bytes": "1048588",
    }


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (topic(ReplicationFactor=4), "4 replicas, where the cluster has 3 brokers"),
        (
            topic({"min.insync.replicas": "3"}, ReplicationFactor=2),
            "min.insync.replicas is 3, where there are 2 replicas",
        ),
        (topic({"remote.storage.enable": "true"}), "where the cluster has no tiered storage"),
        (topic(Configs="%%%"), "Configs is no text in base64"),
        (topic(PartitionCount=0), "INVALID_PARTITIONS"),
    ],
)
def test_what_its_cluster_could_not_have_is_refused(
    embedded: EmbeddedAws, tmp_path: Path, resource: dict[str, Any], why: str
) -> None:
    with pytest.raises(SpecError) as error:
        deployed(embedded, tmp_path, "Refused", {"Cluster": cluster(), "It": resource})
    (finding,) = error.value.findings
    assert (finding.code, why in finding.note) == ("LOC955", True), finding.note


def test_a_topic_that_changes_keeps_its_records(embedded: EmbeddedAws, tmp_path: Path) -> None:
    before = {"Cluster": cluster(), "It": topic({"retention.ms": "1000", "segment.ms": "5"})}
    arn = deployed(embedded, tmp_path, "Grows", before)["Cluster"].physical_id
    topic_arn = msk(embedded).topic(arn, "orders").arn
    msk(embedded).put(topic_arn, [(b"key", b"value")])
    deployed(
        embedded, tmp_path, "Grows", {"Cluster": cluster(), "It": topic({"retention.ms": "2000"}, PartitionCount=8)}
    )
    assert configs(embedded, arn) == {"retention.ms": "2000"}
    ends = msk(embedded).topic(arn, "orders").log.end_offsets("orders")
    assert (len(ends), sum(ends.values())) == (8, 1)


def test_a_stack_takes_its_topics_and_clusters_along(embedded: EmbeddedAws, tmp_path: Path) -> None:
    arn = deployed(embedded, tmp_path, "Goes", {"Cluster": cluster(), "It": topic()})["Cluster"].physical_id
    embedded.aws.client("cloudformation").delete_stack(StackName="Goes")
    with pytest.raises(ValueError, match="is not deployed here"):
        msk(embedded).topic(arn, "orders")


def test_what_is_retained_stays(embedded: EmbeddedAws, tmp_path: Path) -> None:
    kept = {"Cluster": cluster() | {"DeletionPolicy": "Retain"}, "It": topic() | {"DeletionPolicy": "Retain"}}
    arn = deployed(embedded, tmp_path, "Stays", kept)["Cluster"].physical_id
    embedded.aws.client("cloudformation").delete_stack(StackName="Stays")
    assert msk(embedded).topic(arn, "orders").name == "orders"


def test_properties_that_change_are_a_new_revision(embedded: EmbeddedAws, tmp_path: Path) -> None:
    def resources(properties: str) -> dict[str, Any]:
        latest = {"Fn::GetAtt": ["It", "LatestRevision.Revision"]}
        told = {"Name": "main", "ServerProperties": properties}
        return {
            "It": {"Type": "AWS::MSK::Configuration", "Properties": told},
            "Cluster": cluster(ConfigurationInfo={"Arn": {"Ref": "It"}, "Revision": latest}),
        }

    first = deployed(embedded, tmp_path, "Revised", resources("num.partitions=3\n"))
    assert first["Cluster"].properties["ConfigurationInfo"]["Revision"] == 1
    second = deployed(embedded, tmp_path, "Revised", resources("num.partitions=4\n"))
    assert second["It"].attributes["LatestRevision.Revision"] == 2
    assert first["Cluster"].physical_id == second["Cluster"].physical_id


def test_the_brokers_of_a_cluster_are_asked_for_by_a_custom_resource(embedded: EmbeddedAws, tmp_path: Path) -> None:
    asks = {
        "Type": "AWS::CloudFormation::CustomResource",
        "Properties": {
            "Authentication": "iam",
            "ClusterArn": {"Ref": "Cluster"},
            "ServiceToken": "arn:aws:lambda:us-east-1:1:function:f",
            "Task": "BootstrapBrokers",
        },
    }
    found = deployed(embedded, tmp_path, "Brokers", {"Cluster": cluster(), "It": asks})
    assert found["It"].attributes == {"Brokers": "127.0.0.1:0"}  # this process listens nowhere


def test_a_topic_can_be_created_in_an_existing_cluster(embedded: EmbeddedAws, tmp_path: Path) -> None:
    existing = "arn:aws:kafka:us-east-1:123456789012:cluster/old/12345678-1234-1234-1234-123456789012-1"
    deployed(embedded, tmp_path, "Existing", {"It": topic(ClusterArn=existing)})
    assert msk(embedded).topic(existing, "orders").log.partitions("orders") == 6


# --- what reads topics


def test_mappings_of_topics_are_listed_changed_and_gone_with_their_stack(embedded: EmbeddedAws, tmp_path: Path) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": [trust]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": policy}}
    code = {"ZipFile": "def handler(event, context): pass"}
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": code,
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Runtime": "python3.13",
        },
    }

    def resources(**more: Any) -> dict[str, Any]:
        properties = {
            "EventSourceArn": {"Ref": "Cluster"},
            "FunctionName": {"Ref": "Function"},
            "Topics": ["orders"],
            "StartingPosition": "TRIM_HORIZON",
            "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "fraud"},
            **more,
        }
        mapping = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties, "DependsOn": "Topic"}
        return {"Cluster": cluster(), "Topic": topic(), "Role": role, "Function": function, "Mapping": mapping}

    client = embedded.aws.client("lambda")
    found = deployed(embedded, tmp_path / "before", "Reads", resources())
    arn, uuid = found["Cluster"].physical_id, found["Mapping"].physical_id
    (listed,) = client.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    assert listed["UUID"] == uuid
    assert (listed["Topics"], listed["BatchSize"], listed["StartingPosition"]) == (["orders"], 100, "TRIM_HORIZON")
    assert listed["AmazonManagedKafkaEventSourceConfig"] == {"ConsumerGroupId": "fraud"}
    assert listed["FunctionArn"] == found["Function"].attributes["Arn"]
    deployed(embedded, tmp_path / "after", "Reads", resources(BatchSize=7))
    assert client.get_event_source_mapping(UUID=uuid)["BatchSize"] == 7
    embedded.aws.client("cloudformation").delete_stack(StackName="Reads")
    assert client.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"] == []

"""MSK: clusters, their configurations, topics and policies. Behind a cluster is a log of Kafka, with one node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.resource_type import (
    Created,
    Properties,
    ResourceType,
    arn,
    nothing,
)
from streaming_constructs.local.kafka.local_configs import configs_of, properties_of

if TYPE_CHECKING:
    from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk

_ONE_NODE = "a cluster has one node here, on loopback, without encryption and for everybody"
_NOT_MEASURED = "nothing is measured and logged of it here"
_SERVERLESS_BROKERS = 3


def _msk(aws: Aws) -> EmbeddedMsk:
    if aws.msk is None:
        raise ValueError("there is no MSK here")
    return aws.msk


def _create_configuration(aws: Aws, name: str, properties: Properties) -> Created:
    own = arn(aws, "kafka", f"configuration/{name}/{uuid4()}-1", ACCOUNT_ID)
    # What an update changes is seen by whoever asks for its attributes then.
    told: dict[str, Any] = {"Arn": own, "LatestRevision.Revision": 1, "properties": _server_properties(properties)}
    _msk(aws).configurations[own] = told
    return Created(own, told)


def _update_configuration(aws: Aws, physical_id: str, properties: Properties) -> None:
    told = _msk(aws).configurations[physical_id]
    told["LatestRevision.Revision"] += 1
    told["properties"] = _server_properties(properties)


def _delete_configuration(aws: Aws, physical_id: str, properties: Properties) -> None:
    _msk(aws).configurations.pop(physical_id, None)


def _server_properties(properties: Properties) -> dict[str, str]:
    return properties_of(str(properties.get("ServerProperties", "")))


def _create_cluster(aws: Aws, name: str, properties: Properties) -> Created:
    msk = _msk(aws)
    own = msk.create_cluster(
        aws.region,
        ACCOUNT_ID,
        name,
        brokers=int(properties["NumberOfBrokerNodes"]),
        is_tiered=properties.get("StorageMode") == "TIERED",
        server_properties=_configured(aws, properties),
    )
    return Created(own, {"Arn": own, "CurrentVersion": "K3P5ROKL5A1OLE"})


def _update_cluster(aws: Aws, physical_id: str, properties: Properties) -> None:
    brokers = int(properties["NumberOfBrokerNodes"])
    _msk(aws).change_cluster(physical_id, brokers=brokers, server_properties=_configured(aws, properties))


def _configured(aws: Aws, properties: Properties) -> Mapping[str, str]:
    """The server properties of a cluster: those that its configuration has now."""
    configuration: Mapping[str, Any] = properties.get("ConfigurationInfo", {})
    told = _msk(aws).configurations.get(str(configuration.get("Arn")), {})
    found: Mapping[str, str] = told.get("properties", {})
    return found


def _create_serverless_cluster(aws: Aws, name: str, properties: Properties) -> Created:
    own = _msk(aws).create_cluster(aws.region, ACCOUNT_ID, name, brokers=_SERVERLESS_BROKERS, is_serverless=True)
    return Created(own, {"Arn": own})


def _delete_cluster(aws: Aws, physical_id: str, properties: Properties) -> None:
    _msk(aws).delete_cluster(physical_id)


def _create_topic(aws: Aws, name: str, properties: Properties) -> Created:
    topic = _msk(aws).create_topic(
        properties["ClusterArn"],
        properties["TopicName"],
        int(properties["PartitionCount"]),
        configs_of(properties.get("Configs", "")),
        replication_factor=int(properties["ReplicationFactor"]),
    )
    return Created(topic.arn, {"TopicArn": topic.arn})


def _update_topic(aws: Aws, physical_id: str, properties: Properties) -> None:
    configs = configs_of(properties.get("Configs", ""))
    partitions = int(properties["PartitionCount"])
    _msk(aws).update_topic(properties["ClusterArn"], properties["TopicName"], partitions, configs)


def _delete_topic(aws: Aws, physical_id: str, properties: Properties) -> None:
    _msk(aws).delete_topic(properties["ClusterArn"], properties["TopicName"])


def _create_policy(aws: Aws, name: str, properties: Properties) -> Created:
    return Created(properties["ClusterArn"], {"CurrentVersion": "1"})


MSK = (
    ResourceType(
        "AWS::MSK::Configuration",
        takes=frozenset({"Name", "ServerProperties"}),
        recorded={"Description": "nothing here looks at it", "KafkaVersionsList": "one version runs here"},
        create=_create_configuration,
        update=_update_configuration,
        delete=_delete_configuration,
        name="Name",
        create_only=frozenset({"Name", "KafkaVersionsList"}),
    ),
    ResourceType(
        "AWS::MSK::Cluster",
        takes=frozenset({"ClusterName", "ConfigurationInfo", "NumberOfBrokerNodes", "StorageMode"}),
        recorded={
            "BrokerNodeGroupInfo": _ONE_NODE,
            "ClientAuthentication": _ONE_NODE,
            "EncryptionInfo": _ONE_NODE,
            "EnhancedMonitoring": _NOT_MEASURED,
            "KafkaVersion": "one version runs here",
            "LoggingInfo": _NOT_MEASURED,
            "OpenMonitoring": _NOT_MEASURED,
            "Rebalancing": _ONE_NODE,
            "Tags": "nothing here looks at them",
        },
        create=_create_cluster,
        update=_update_cluster,
        delete=_delete_cluster,
        name="ClusterName",
        name_characters=64,
        create_only=frozenset({"ClusterName"}),
    ),
    ResourceType(
        "AWS::MSK::ServerlessCluster",
        takes=frozenset({"ClusterName"}),
        recorded={
            "ClientAuthentication": _ONE_NODE,
            "Tags": "nothing here looks at them",
            "VpcConfigs": _ONE_NODE,
        },
        create=_create_serverless_cluster,
        delete=_delete_cluster,
        name="ClusterName",
        name_characters=64,
    ),
    ResourceType(
        "AWS::MSK::Topic",
        takes=frozenset({"ClusterArn", "Configs", "PartitionCount", "ReplicationFactor", "TopicName"}),
        create=_create_topic,
        update=_update_topic,
        delete=_delete_topic,
        create_only=frozenset({"ClusterArn", "ReplicationFactor", "TopicName"}),
    ),
    ResourceType(
        "AWS::MSK::ClusterPolicy",
        takes=frozenset({"ClusterArn", "Policy"}),
        create=_create_policy,
        update=nothing,
        delete=nothing,
        create_only=frozenset({"ClusterArn"}),
    ),
)

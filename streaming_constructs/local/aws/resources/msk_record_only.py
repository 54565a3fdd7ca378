"""What belongs to topics of MSK and is only recorded: secrets, growing volumes, replicators, MSK Connect, schemas in Glue."""

from __future__ import annotations

from uuid import uuid4

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.record_only import record_only
from streaming_constructs.local.aws.resources.resource_type import Properties, arn

_NO_REGISTRY = "values are JSON here: none is encoded, and none is compared with a schema"
_NO_CONNECT = "no worker of MSK Connect runs here"


def _replicator(aws: Aws, name: str) -> dict[str, str]:
    return {"ReplicatorArn": arn(aws, "kafka", f"replicator/{name}", ACCOUNT_ID)}


def _connector(aws: Aws, name: str) -> dict[str, str]:
    return {"ConnectorArn": arn(aws, "kafkaconnect", f"connector/{name}", ACCOUNT_ID)}


def _plugin(aws: Aws, name: str) -> dict[str, str | int]:
    return {"CustomPluginArn": arn(aws, "kafkaconnect", f"custom-plugin/{name}", ACCOUNT_ID), "Revision": 1}


def _workers(aws: Aws, name: str) -> dict[str, str | int]:
    own = arn(aws, "kafkaconnect", f"worker-configuration/{name}", ACCOUNT_ID)
    return {"Revision": 1, "WorkerConfigurationArn": own}


def _registry(aws: Aws, name: str) -> dict[str, str]:
    return {"Arn": arn(aws, "glue", f"registry/{name}", ACCOUNT_ID)}


def _schema(aws: Aws, name: str) -> dict[str, str]:
    return {"Arn": arn(aws, "glue", f"schema/{name}", ACCOUNT_ID), "InitialSchemaVersionId": str(uuid4())}


def _schema_name(properties: Properties) -> str:
    schema = properties.get("Schema", {})
    return str(schema.get("SchemaName") or str(schema.get("SchemaArn", "")).rpartition("/")[2])


MSK_RECORD_ONLY = (
    record_only(
        "AWS::MSK::BatchScramSecret",
        {"ClusterArn", "SecretArnList"},
        "nobody authenticates here",
    ),
    record_only(
        "AWS::MSK::Replicator",
        {
            "Description",
            "KafkaClusters",
            "LogDelivery",
            "ReplicationInfoList",
            "ReplicatorName",
            "ServiceExecutionRoleArn",
            "Tags",
        },
        "nothing is replicated between clusters here",
        name="ReplicatorName",
        attributes=_replicator,
    ),
    record_only(
        "AWS::MSK::VpcConnection",
        {"Authentication", "ClientSubnets", "SecurityGroups", "Tags", "TargetClusterArn", "VpcId"},
        "every cluster is on loopback here",
    ),
    record_only(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "MaxCapacity",
            "MinCapacity",
            "ResourceId",
            "RoleARN",
            "ScalableDimension",
            "ServiceNamespace",
            "SuspendedState",
            "Tags",
        },
        "neither volumes nor capacities grow here",
        attributes=lambda aws, name: {"Id": name},
    ),
    record_only(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "PolicyName",
            "PolicyType",
            "ResourceId",
            "ScalableDimension",
            "ScalingTargetId",
            "ServiceNamespace",
            "TargetTrackingScalingPolicyConfiguration",
        },
        "neither volumes nor capacities grow here",
        name="PolicyName",
    ),
    record_only(
        "AWS::KafkaConnect::Connector",
        {
            "Capacity",
            "ConnectorConfiguration",
            "ConnectorDescription",
            "ConnectorName",
            "KafkaCluster",
            "KafkaClusterClientAuthentication",
            "KafkaClusterEncryptionInTransit",
            "KafkaConnectVersion",
            "LogDelivery",
            "NetworkType",
            "Plugins",
            "ServiceExecutionRoleArn",
            "Tags",
            "WorkerConfiguration",
        },
        _NO_CONNECT,
        name="ConnectorName",
        attributes=_connector,
    ),
    record_only(
        "AWS::KafkaConnect::CustomPlugin",
        {"ContentType", "Description", "Location", "Name", "Tags"},
        _NO_CONNECT,
        name="Name",
        attributes=_plugin,
        part=lambda properties: str(properties.get("Name", "")),
    ),
    record_only(
        "AWS::KafkaConnect::WorkerConfiguration",
        {"Description", "Name", "PropertiesFileContent", "Tags"},
        _NO_CONNECT,
        name="Name",
        attributes=_workers,
    ),
    record_only(
        "AWS::Glue::Registry",
        {"Description", "Name", "Tags"},
        _NO_REGISTRY,
        name="Name",
        attributes=_registry,
    ),
    record_only(
        "AWS::Glue::Schema",
        {
            "CheckpointVersion",
            "Compatibility",
            "DataFormat",
            "Description",
            "Name",
            "Registry",
            "SchemaDefinition",
            "Tags",
        },
        _NO_REGISTRY,
        name="Name",
        attributes=_schema,
        part=lambda properties: str(properties.get("Name", "")),
    ),
    record_only(
        "AWS::Glue::SchemaVersion",
        {"Schema", "SchemaDefinition"},
        _NO_REGISTRY,
        attributes=lambda aws, name: {"VersionId": str(uuid4())},
        part=_schema_name,
    ),
)

"""Custom resources of our templates: what their functions would do on AWS is answered here, and not done."""

from __future__ import annotations

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.managed_flink import start_application
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, nothing

_OF_OPENSEARCH = {
    "BackendRoles",
    "Endpoint",
    "Index",
    "Mappings",
    "Replicas",
    "RetentionDays",
    "RoleName",
    "Rotation",
    "Shards",
}
_OF_OPENSEARCH_ALONE = "the function behind it would see to an OpenSearch domain, and does not run here"
_ANSWERED = "BootstrapBrokers"
_WHY = {
    _ANSWERED: "",
    "Connectivity": "every cluster is on loopback here, and private connections are not switched on",
    "ScramSecrets": "no secrets are associated with a cluster here",
}
"""Why nothing is done here, by what the function would do for a cluster; empty: it is answered."""
_OF_FLINK = {"AllowNonRestoredState", "ApplicationName", "Fingerprint", "Restore", "Step", "Steps"}
_OF_MSK = {"Authentication", "Authentications", "ClusterArn", "Last", "SecretArns", "Task"}


def _create(aws: Aws, name: str, properties: Properties) -> Created:
    _update(aws, name, properties)
    if properties.get("Task") == _ANSWERED and aws.msk is not None:
        return Created(name, {"Brokers": aws.msk.bootstrap_servers(properties["ClusterArn"])})
    return Created(name)


def _update(aws: Aws, physical_id: str, properties: Properties) -> None:
    if "ApplicationName" in properties:
        start_application(aws, properties["ApplicationName"], str(properties.get("Restore", "")))


def _why(properties: Properties) -> str:
    if "ApplicationName" in properties:
        return ""  # it is started, as the function would
    return _WHY.get(properties.get("Task", ""), _OF_OPENSEARCH_ALONE)


CUSTOM_RESOURCE = (
    ResourceType(
        "AWS::CloudFormation::CustomResource",
        takes=frozenset({"ServiceTimeout", "ServiceToken", *_OF_OPENSEARCH, *_OF_MSK, *_OF_FLINK}),
        create=_create,
        update=_update,
        delete=nothing,
        record_only=_OF_OPENSEARCH_ALONE,
        why_record_only=_why,
        part=lambda properties: str(properties.get("Task", "")),
    ),
)

"""Custom resources of our templates: what their functions would do on AWS is answered here, and not done."""

from __future__ import annotations

from streaming_constructs.local.aws.api import Aws
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
_OF_MSK = {"Authentication", "Authentications", "ClusterArn", "Last", "SecretArns", "Task"}


def _create(aws: Aws, name: str, properties: Properties) -> Created:
    if properties.get("Task") == "BootstrapBrokers" and aws.msk is not None:
        return Created(name, {"Brokers": aws.msk.bootstrap_servers(properties["ClusterArn"])})
    return Created(name)


CUSTOM_RESOURCE = (
    ResourceType(
        "AWS::CloudFormation::CustomResource",
        takes=frozenset({"ServiceTimeout", "ServiceToken", *_OF_OPENSEARCH, *_OF_MSK}),
        create=_create,
        update=nothing,
        delete=nothing,
        record_only="the function behind it would see to an OpenSearch domain, or ask MSK, and neither runs here",
    ),
)

"""Resource types that are only recorded: they have a name and attributes, and nothing behind them on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, arn, nothing

Attributes = Callable[[Aws, str], Mapping[str, Any]]


def record_only(
    type_: str,
    takes: set[str],
    why: str,
    *,
    name: str = "",
    name_characters: int = 255,
    attributes: Attributes = lambda aws, name: {},
    part: Callable[[Properties], str] = lambda _: "",
) -> ResourceType:
    """A type that is only recorded.

    Args:
        type_: CloudFormation's name of it.
        takes: The properties that it can have.
        why: Why nothing stands behind it.
        name: The property that names it, or an empty string.
        name_characters: How long a name may be.
        attributes: What `Fn::GetAtt` gives.
        part: What one is called among several of its owner. Left out: there is one.
    """

    def create(aws: Aws, given_name: str, properties: Properties) -> Created:
        return Created(given_name, attributes(aws, given_name))

    return ResourceType(
        type_,
        takes=frozenset(takes),
        create=create,
        update=nothing,
        delete=nothing,
        name=name,
        name_characters=name_characters,
        record_only=why,
        part=part,
    )


def _domain(aws: Aws, name: str) -> dict[str, str]:
    domain = arn(aws, "es", f"domain/{name}", ACCOUNT_ID)
    endpoint = f"search-{name}.{aws.region}.es.amazonaws.com"
    return {"Arn": domain, "DomainArn": domain, "DomainEndpoint": endpoint, "Id": f"{ACCOUNT_ID}/{name}"}


RECORD_ONLY = (
    record_only(
        "AWS::OpenSearchService::Domain",
        {
            "AccessPolicies",
            "AdvancedOptions",
            "AdvancedSecurityOptions",
            "ClusterConfig",
            "DomainEndpointOptions",
            "DomainName",
            "EBSOptions",
            "EncryptionAtRestOptions",
            "EngineVersion",
            "IPAddressType",
            "LogPublishingOptions",
            "NodeToNodeEncryptionOptions",
            "OffPeakWindowOptions",
            "SnapshotOptions",
            "SoftwareUpdateOptions",
            "Tags",
            "VPCOptions",
        },
        "no OpenSearch runs here; what would be indexed is counted",
        name="DomainName",
        name_characters=28,
        attributes=_domain,
    ),
    record_only(
        "AWS::Logs::AccountPolicy",
        {"PolicyDocument", "PolicyName", "PolicyType", "Scope", "SelectionCriteria"},
        "no log events are sent on from all groups of an account here; put them into the stream",
    ),
)

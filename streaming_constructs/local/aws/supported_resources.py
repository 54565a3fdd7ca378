"""Which resource types and properties of a CloudFormation template can be created on this machine: all that cannot, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.local.aws.resources import RESOURCE_TYPES
from streaming_constructs.local.kinesis.stream_properties import PROPERTIES as STREAM_PROPERTIES

MOTO_CREATES: Mapping[str, frozenset[str] | None] = {
    "AWS::Kinesis::Stream": STREAM_PROPERTIES,  # with our shards below it
    "AWS::EC2::FlowLog": None,
    "AWS::EC2::RouteTable": None,
    "AWS::EC2::SecurityGroup": None,
    "AWS::EC2::SecurityGroupIngress": None,
    "AWS::EC2::Subnet": None,
    "AWS::EC2::SubnetRouteTableAssociation": None,
    "AWS::EC2::VPC": None,
    "AWS::EC2::VPCEndpoint": None,
    # Of the stack that `cdk bootstrap` deploys.
    "AWS::ECR::Repository": None,
    "AWS::IAM::Policy": None,
}
"""Types that moto's own models create, and the properties that have an effect; None: nobody looked, nothing depends on it."""


def unsupported_resources(template: Mapping[str, Any]) -> Iterator[str]:
    """What of a template cannot be created.

    Args:
        template: The template.
    """
    for logical_id, resource in template["Resources"].items():
        why = unsupported_reason(logical_id, resource)
        if why:
            yield why


def unsupported_reason(logical_id: str, resource: Mapping[str, Any]) -> str:
    """Why a resource cannot be created, or an empty string.

    Args:
        logical_id: Its name in the template.
        resource: The resource, as the template has it.
    """
    type_, properties = resource["Type"], set(resource.get("Properties", ()))
    if type_ in RESOURCE_TYPES:
        known = RESOURCE_TYPES[type_]
        unknown = properties - known.takes - set(known.recorded)
    elif type_ in MOTO_CREATES:
        taken = MOTO_CREATES[type_]
        unknown = properties - taken if taken is not None else set()
    else:
        return f"{logical_id}: {type_} is not among the types that can be created on this machine"
    return (
        f"{logical_id}: {type_} has properties that have no effect here: {', '.join(sorted(unknown))}"
        if unknown
        else ""
    )

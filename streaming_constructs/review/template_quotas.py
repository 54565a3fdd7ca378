"""Whether CloudFormation, and the services behind it, take a template of this size: what they count, counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts import cloudformation
from streaming_constructs.facts.fact import Fact
from streaming_constructs.review.validation import TemplateFinding

_POLICIES: Mapping[str, tuple[str, Fact]] = {
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", cloudformation.MANAGED_POLICY_CHARACTERS),
    "AWS::IAM::Policy": ("PolicyDocument", cloudformation.ROLE_INLINE_POLICIES_CHARACTERS),
    "AWS::S3::BucketPolicy": ("PolicyDocument", cloudformation.BUCKET_POLICY_BYTES),
    "AWS::KMS::Key": ("KeyPolicy", cloudformation.KEY_POLICY_BYTES),
}
"""Where a resource has a policy, and how long that may be."""
_DYNAMIC = "{{resolve:"


def quota_findings(text: str, template: Mapping[str, Any]) -> Iterator[TemplateFinding]:
    """What of a template is more than AWS takes.

    Args:
        text: The template as it is uploaded.
        template: The same, read.
    """
    counts = {
        "CFN121": ("resources", len(template.get("Resources", ())), cloudformation.STACK_RESOURCES),
        "CFN122": ("outputs", len(template.get("Outputs", ())), cloudformation.STACK_OUTPUTS),
        "CFN123": ("parameters", len(template.get("Parameters", ())), cloudformation.STACK_PARAMETERS),
        "CFN124": ("bytes", len(text.encode()), cloudformation.TEMPLATE_BYTES),
        "CFN125": (
            "bytes of description",
            len(template.get("Description", "").encode()),
            cloudformation.TEMPLATE_DESCRIPTION_BYTES,
        ),
        "CFN126": ("dynamic references", len(dynamic_references(template)), cloudformation.DYNAMIC_REFERENCES),
    }
    for code, (what, count, limit) in counts.items():
        if count > limit.value:
            message = f"a template of {count:,} {what}; CloudFormation takes {limit.value:,.0f}. {_WAY_OUT}"
            yield TemplateFinding(code, "error", message, "", "")
    for logical_id, resource in template.get("Resources", {}).items():
        where, limit = _POLICIES.get(resource.get("Type", ""), ("", cloudformation.STACK_RESOURCES))
        size = policy_size(resource.get("Properties", {}).get(where), template["Resources"])
        if size > limit.value:
            message = (
                f"a policy of at least {size:,} {limit.unit}; AWS takes {limit.value:,.0f}. Let the node write to fewer "
                "others, or name what it may do with `*`"
            )
            yield TemplateFinding("CFN127", "error", message, logical_id, f"Properties.{where}")


_WAY_OUT = "Divide the system into several, with a file for each"


def dynamic_references(value: Any) -> list[str]:
    """The dynamic references in a template.

    Args:
        value: The template, or a part of it.
    """
    if isinstance(value, str):
        return [value] * value.count(_DYNAMIC)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [reference for part in inner for reference in dynamic_references(part)]


def policy_size(document: Any, resources: Mapping[str, Any] | None = None) -> int:
    """How long a policy is at least, as AWS measures it: without blanks, and with the shortest that can be deployed in place of
    what is known only then.

    Args:
        document: The policy.
        resources: The resources of its template, whose ARNs stand in it. Left out: nothing is known of them.
    """
    known = _known(document, resources or {})
    return len(json.dumps(known, separators=(",", ":"), ensure_ascii=False).encode()) if document else 0


def _known(value: Any, resources: Mapping[str, Any]) -> Any:
    """A part of a policy with the shortest text for what other resources tell, which is empty where nothing is known of it."""
    match value:
        case {"Fn::Join": [str() as separator, list() as parts]} if len(value) == 1:
            return separator.join(_text(part, resources) for part in parts)
        case {"Fn::GetAtt": [str() as logical_id, str() as attribute]} if len(value) == 1:
            return _shortest_arn(logical_id, resources) if attribute == "Arn" else ""
        case {"Ref": str() as name} if len(value) == 1:
            is_topic = resources.get(name, {}).get("Type") == "AWS::SNS::Topic"
            return _shortest_arn(name, resources) if is_topic else cloudformation.SHORTEST_PSEUDO.get(name, "")
    if isinstance(value, Mapping):
        if len(value) == 1 and next(iter(value)) in _TOLD_ELSEWHERE:
            return ""
        return {key: _known(inner, resources) for key, inner in value.items()}
    return [_known(inner, resources) for inner in value] if isinstance(value, list) else value


_TOLD_ELSEWHERE = {"Ref", "Fn::GetAtt", "Fn::Join", "Fn::Sub", "Fn::ImportValue", "Fn::If"}


def _text(part: Any, resources: Mapping[str, Any]) -> str:
    """A part of a text; one that is looked up in another, as `Fn::Select` does, is told by other resources too."""
    known = _known(part, resources)
    return known if isinstance(known, str) else ""


def _shortest_arn(logical_id: str, resources: Mapping[str, Any]) -> str:
    """The ARN of a resource of the template, as short as it can be deployed."""
    resource = resources.get(logical_id, {})
    if resource.get("Type") == "AWS::KMS::Key":
        return "x" * cloudformation.KEY_ARN_CHARACTERS
    begins, named_by = cloudformation.SHORTEST_ARNS.get(resource.get("Type", ""), ("", ""))
    if not begins:
        return ""
    name = _known(resource.get("Properties", {}).get(named_by), resources)
    # Of the name of its stack one character, and two hyphens.
    made = "x-" + logical_id[: cloudformation.NAME_KEPT_CHARACTERS] + "-" + "x" * cloudformation.NAME_SUFFIX_CHARACTERS
    return begins + (name if isinstance(name, str) else made)

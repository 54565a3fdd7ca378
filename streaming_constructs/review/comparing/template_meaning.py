"""From a template as it was written to one that a review can compare: parameters filled in, conditions decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.intrinsics import Resolver
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed
from streaming_constructs.review.reading.read_template import Source

_CDK_METADATA = "AWS::CDK::Metadata"
_OTHER_ATTRIBUTES = ("UpdatePolicy", "CreationPolicy")


def template_meaning(source: Source, values: Mapping[str, Any] | None = None) -> Template:
    """What a template creates, for values of its parameters.

    Resources whose condition does not hold are not there; nor is what CDK says of itself.

    Args:
        source: The template as it was written.
        values: Values of parameters. Left out: their defaults.
    """
    resolver = Resolver(source.data, values)
    resources = {}
    for logical_id, written in source.data["Resources"].items():
        resource = _resource(str(logical_id), written, resolver)
        if resource is not None:
            resources[resource.logical_id] = resource
    return Template(source.name, resources, _outputs(source, resolver), source.data, source.text)


def _resource(logical_id: str, written: Any, resolver: Resolver) -> Resource | None:
    if not isinstance(written, Mapping):
        return None
    kind = written.get("Type")
    if not isinstance(kind, str) or kind == _CDK_METADATA or resolver.holds(written.get("Condition")) is False:
        return None
    properties = resolver.value(written.get("Properties", {}))
    deletion = _policy(resolver.value(written.get("DeletionPolicy")))
    depends_on = written.get("DependsOn")
    metadata = written.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, Mapping) else ""
    return Resource(
        logical_id,
        kind,
        properties if _is_plain(properties) else {},
        deletion or "Delete",
        _policy(resolver.value(written.get("UpdateReplacePolicy"))) or "Delete",
        {name: resolver.value(written[name]) for name in _OTHER_ATTRIBUTES if name in written},
        frozenset(filter(_is_text, listed(depends_on))),
        path if isinstance(path, str) else "",
    )


def _is_plain(properties: Any) -> bool:
    """Whether properties are a mapping, and no function of CloudFormation, which cannot stand for them."""
    return isinstance(properties, Mapping) and not any(key == "Ref" or key.startswith("Fn::") for key in properties)


def _policy(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _outputs(source: Source, resolver: Resolver) -> Mapping[str, Any]:
    outputs = source.data.get("Outputs")
    found = {}
    for name, written in outputs.items() if isinstance(outputs, Mapping) else ():
        if isinstance(written, Mapping) and resolver.holds(written.get("Condition")) is not False:
            export = written.get("Export")
            exported = export.get("Name") if isinstance(export, Mapping) else None
            found[str(name)] = {"Value": resolver.value(written.get("Value")), "Export": resolver.value(exported)}
    return found

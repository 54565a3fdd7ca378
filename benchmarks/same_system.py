"""Whether two templates build the same system: a comparison of speed means nothing otherwise."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FREE = {"ApplicationDescription", "Description", "AlarmDescription", "S3Key", "FileKey", "Fingerprint", "fingerprint"}
"""Prose, and the names of assets and versions, which depend on what is in them."""
ASSET = re.compile(r"\b[0-9a-f]{64}\b")
"""What CDK calls an asset, by what is in it."""
NAMED = {
    "AWS::ApiGateway::RestApi": ("Name",),
    "AWS::Athena::WorkGroup": ("Name",),
    "AWS::KinesisAnalyticsV2::Application": ("ApplicationName",),
    "AWS::KafkaConnect::Connector": ("ConnectorName",),
    "AWS::KafkaConnect::CustomPlugin": ("Name",),
    "AWS::KafkaConnect::WorkerConfiguration": ("Name",),
    "AWS::Glue::Database": ("DatabaseInput", "Name"),
    "AWS::Logs::AccountPolicy": ("PolicyName",),
    "AWS::Logs::ResourcePolicy": ("PolicyName",),
    "AWS::MSK::Cluster": ("ClusterName",),
    "AWS::MSK::Configuration": ("Name",),
    "AWS::MSK::ServerlessCluster": ("ClusterName",),
    "AWS::SSM::Parameter": ("Name",),
}
"""Resources that need a name where any does, and where they have it."""
CONNECTOR_NAMES = re.compile(r'"consumer\.override\.group\.id": "([^"]+)"|offset\.storage\.topic=(\S+?)(?=\\n)')
"""What a connector calls its group and the topic of its offsets, in JSON: any name does that stays the same."""


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The resources that only one of two templates has.

    Logical ids, names, prose and the layout of a dashboard may differ; so may what CloudFormation reads alike: how JSON is
    written into a string, how a policy groups what it allows into statements, a number as text, a default that is spelled out.
    """
    mine, other = Counter(_resources(ours)), Counter(_resources(theirs))
    return [f"- {resource}" for resource in (other - mine).elements()] + [
        f"+ {resource}" for resource in (mine - other).elements()
    ]


def _resources(template: Mapping[str, Any]) -> Iterator[str]:
    resources = template["Resources"].items()
    types = {logical_id: resource["Type"] for logical_id, resource in resources}
    named = {name: resource["Type"] for _, resource in resources for name in _names(resource)}
    names = {name: f"${{{named[name]}}}" for name in sorted(named, key=len, reverse=True)}  # one may begin with another
    reader = _Reader(types, names)
    for _, resource in resources:
        plain = reader.mapping(resource)
        plain.pop("Metadata", None)
        yield f"{plain.pop('Type')} {_in_order(plain)}"


def _names(resource: Mapping[str, Any]) -> Iterator[str]:
    """Its own, and what it calls others that no resource is of."""
    if keys := NAMED.get(resource["Type"]):
        value = resource["Properties"]
        for key in keys:
            value = value[key]
        yield str(value)
    if resource["Type"].startswith("AWS::KafkaConnect::"):
        for found in CONNECTOR_NAMES.finditer(json.dumps(resource)):
            yield found[1] or found[2]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads values so that a reference, or a name, names the type of what it refers to."""

    types: Mapping[str, str]
    names: Mapping[str, str]

    def value(self, value: Any) -> Any:
        match value:
            case {"Fn::Join": ["", _]}:
                return self.text(self.joined(value))
            case dict():
                return self.mapping(value)
            case list():
                return [self.value(element) for element in value]
            case str():
                return self.text(value)
            case _:
                return value if isinstance(value, bool) else f"{value:.9g}"

    def mapping(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        match mapping:
            case {"DashboardBody": body, **rest}:
                return {**self.mapping(rest), "Graphs": list(_graphs(self.renamed(self.joined(body))))}
            case {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", **rest}:
                return self.mapping(rest)
            case {"Key": "Name", "Value": _, **rest} if not rest:
                return {"Key": "Name"}  # a tag with the path that CDK gives what stands in a VPC
        plain = {key: self.value(value) for key, value in mapping.items() if key not in FREE}
        if "Statement" in plain:
            split = {_in_order(part): part for statement in plain["Statement"] for part in _split(statement)}
            plain["Statement"] = [split[text] for text in sorted(split)]
        if "DependsOn" in plain:
            plain["DependsOn"] = sorted(plain["DependsOn"])
        return plain

    def text(self, text: str) -> Any:
        if text.startswith("{") and (document := _json(text)):
            return self.mapping(document)
        text = ASSET.sub("asset", self.renamed(text))
        return self.types.get(text, text)

    def renamed(self, text: str) -> str:
        """A text in which a name is the type of what has it."""
        for name, its_type in self.names.items():
            text = text.replace(name, its_type)
        return text

    def joined(self, text: Any) -> str:
        """A text, of however many parts."""
        match text:
            case {"Fn::Join": ["", parts]}:
                return "".join(map(self.joined, parts))
            case dict():
                (named,) = self.mapping(text).values()
                return f"${{{named}}}"
            case _:
                return str(text)


def _split(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A statement for each action on each resource of a statement."""
    for action in _listed(statement.get("Action")):
        for resource in _listed(statement.get("Resource")):
            yield {**statement, "Action": action, "Resource": resource}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in_order(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _json(text: str) -> Mapping[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _graphs(body: str) -> Iterator[Any]:
    for widget in json.loads(body)["widgets"]:
        graph = widget["properties"]
        lines = [line["value"] for line in graph.get("annotations", {}).get("horizontal", ())]
        metrics = [
            _metric(*metric) if isinstance(metric[0], str) else metric[0].get("expression")
            for metric in graph.get("metrics", ())
        ]
        yield [graph.get("title"), metrics, [f"{line:.9g}" for line in lines]]


def _metric(namespace: str, name: str, *more: Any) -> list[Any]:
    *dimensions, options = more
    return [
        namespace,
        name,
        sorted(zip(dimensions[::2], dimensions[1::2], strict=True)),
        options.get("stat", "Average"),
    ]

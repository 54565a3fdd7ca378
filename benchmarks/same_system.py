"""Whether two templates build the same system: a comparison of speed means nothing otherwise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

FREE = {"Description", "AlarmDescription", "S3Key"}
"""Prose, and the name of the asset, which depends on what is left out of it."""
NAMED = {
    "AWS::Athena::WorkGroup": ("Name",),
    "AWS::Glue::Database": ("DatabaseInput", "Name"),
    "AWS::Logs::AccountPolicy": ("PolicyName",),
    "AWS::Logs::ResourcePolicy": ("PolicyName",),
    "AWS::SSM::Parameter": ("Name",),
}
"""Resources that need a name where any does, and where they have it."""


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The resources that only one of two templates has.

    Logical ids, names, prose and the layout of a dashboard may differ, the way JSON is written into a string, and how a policy
    groups into statements what it allows.
    """
    mine, other = Counter(_resources(ours)), Counter(_resources(theirs))
    return [f"- {one}" for one in (other - mine).elements()] + [f"+ {one}" for one in (mine - other).elements()]


def _resources(template: Mapping[str, Any]) -> Iterator[str]:
    types = {logical_id: resource["Type"] for logical_id, resource in template["Resources"].items()}
    names = {name: resource["Type"] for resource in template["Resources"].values() if (name := _name(resource))}
    for resource in template["Resources"].values():
        plain = _plain(resource, types, names)
        plain.pop("Metadata", None)
        yield f"{plain.pop('Type')} {json.dumps(plain)}"


def _name(resource: Mapping[str, Any]) -> str | None:
    if not (keys := NAMED.get(resource["Type"])):
        return None
    value = resource["Properties"]
    for key in keys:
        value = value[key]
    return str(value)


def _plain(value: Any, types: Mapping[str, str], names: Mapping[str, str]) -> Any:
    """A value in which a reference, or a name, names the type of what it refers to."""
    match value:
        case {"DashboardBody": body}:
            return list(_graphs(_plain_text(body, types, names)))
        case {"Fn::Join": ["", _]}:
            return _plain(_plain_text(value, types, names), types, names)
        case {"Statement": statements, **rest}:
            plain = [_plain(one, types, names) for statement in statements for one in _split(statement)]
            return {**_plain(rest, types, names), "Statement": sorted(plain, key=json.dumps)}
        case {"DependsOn": list(others), **rest}:
            return {**_plain(rest, types, names), "DependsOn": sorted(_plain(others, types, names))}
        case dict():
            return {key: _plain(value[key], types, names) for key in sorted(value) if key not in FREE}
        case list():
            return [_plain(one, types, names) for one in value]
        case float():
            return round(value)
        case str() if value.startswith("{") and (document := _json(value)):
            return _plain(document, types, names)
        case str():
            return _plain_text(value, types, names)
        case _:
            return value


def _plain_text(value: Any, types: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A string, or the parts that one is joined of, with types in place of ids and names."""
    if isinstance(value, str):
        for name, its_type in names.items():
            value = value.replace(name, its_type)
        return types.get(value, value)
    return "".join(
        _plain_text(part, {}, names)
        if isinstance(part, str)
        else f"${{{next(iter(_plain(part, types, names).values()))}}}"
        for part in value["Fn::Join"][1]
    )


def _split(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A statement for each resource of a statement."""
    resources = statement.get("Resource")
    for resource in resources if isinstance(resources, list) else [resources]:
        yield {**statement, "Resource": resource}


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
        metrics = [_metric(*metric) for metric in graph.get("metrics", ())]
        yield [graph.get("title"), metrics, [round(line) for line in lines]]


def _metric(namespace: str, name: str, *more: Any) -> list[Any]:
    *dimensions, options = more
    return [
        namespace,
        name,
        sorted(zip(dimensions[::2], dimensions[1::2], strict=True)),
        options.get("stat", "Average"),
    ]

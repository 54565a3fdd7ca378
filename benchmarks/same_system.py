"""Whether two templates build the same system: a comparison of speed means nothing otherwise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

FREE = {"Description", "AlarmDescription", "S3Key"}
"""Prose, and the name of the asset, which depends on what is left out of it."""


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The resources that only one of two templates has; logical ids, prose and the layout of a dashboard may differ."""
    mine, other = Counter(_resources(ours)), Counter(_resources(theirs))
    return [f"- {one}" for one in (other - mine).elements()] + [f"+ {one}" for one in (mine - other).elements()]


def _resources(template: Mapping[str, Any]) -> Iterator[str]:
    types = {logical_id: resource["Type"] for logical_id, resource in template["Resources"].items()}
    for resource in template["Resources"].values():
        plain = _plain(resource, types)
        plain.pop("Metadata", None)
        yield f"{plain.pop('Type')} {json.dumps(plain)}"


def _plain(value: Any, types: Mapping[str, str]) -> Any:
    """A value in which a reference names the type of what it refers to."""
    match value:
        case {"DashboardBody": body}:
            return list(_graphs(_plain(body, types)))
        case {"Fn::Join": ["", parts]}:
            return "".join(
                part if isinstance(part, str) else f"${{{next(iter(part.values()))}}}" for part in _plain(parts, types)
            )
        case dict():
            return {key: _plain(value[key], types) for key in sorted(value) if key not in FREE}
        case list():
            return [_plain(one, types) for one in value]
        case float():
            return round(value)
        case _:
            return types.get(value, value) if isinstance(value, str) else value


def _graphs(body: str) -> Iterator[Any]:
    for widget in json.loads(body)["widgets"]:
        graph = widget["properties"]
        lines = [line["value"] for line in graph.get("annotations", {}).get("horizontal", ())]
        metrics = [[*metric[:-1], metric[-1]["stat"]] for metric in graph.get("metrics", ())]
        yield [graph.get("title"), metrics, [round(line) for line in lines]]

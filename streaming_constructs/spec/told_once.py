"""One slip, one finding: what follows from a mistake that is told already is not told as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.spec.finding import Finding, SpecPath

_SECTIONS = ("schemas", *NODE_SECTIONS)
_OTHERS = frozenset(
    {
        "name",
        "account",
        "region",
        "removal_policy",
        "tags",
        "athena",
        "schema_registry",
        "alarms",
        "dashboard",
        "acknowledge",
    }
    | {"defaults", "environments"}
)
"""The fields at the top of a file that are no sections."""


def told_once(findings: Iterable[Finding], data: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings without those about a name that only repeats the malformed name of a node.

    Args:
        findings: What was found.
        data: The spec as plain data.
    """
    all_of_them = list(findings)
    malformed = {
        finding.path[1]
        for finding in all_of_them
        if finding.code == "LNG206" and len(finding.path) == 2 and finding.path[0] in _SECTIONS
    }
    for finding in all_of_them:
        if not (
            malformed and finding.code == "LNG206" and len(finding.path) > 2 and _value(data, finding.path) in malformed
        ):
            yield finding


def _value(data: Any, path: SpecPath) -> str:
    """The text at a path; empty where there is none."""
    for step in path:
        is_there = step in data if isinstance(data, Mapping) else isinstance(data, list) and isinstance(step, int)
        data = data[step] if is_there else None
    return data if isinstance(data, str) else ""


def unread_sections(data: Mapping[str, Any], repaired: Mapping[str, Any]) -> frozenset[str]:
    """Sections of which nothing is known: of another type, or perhaps under a name that no section has.

    Args:
        data: A spec as plain data.
        repaired: The same with its errors repaired, in which a section may have found its right name.
    """
    wrong = {
        section for section in _SECTIONS if data.get(section) is not None and not isinstance(data[section], Mapping)
    }
    unknown = [
        value
        for name, value in data.items()
        if name not in _OTHERS and name not in _SECTIONS and isinstance(value, Mapping | list)
    ]
    absent = {
        section for section in _SECTIONS if section not in data and not isinstance(repaired.get(section), Mapping)
    }
    return frozenset(wrong | (absent if unknown else set()))

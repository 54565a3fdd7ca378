"""A ledger of stateful resources: their logical ids, what would replace them or hide what was written, and columns of tables.

Kept beside a snapshot and compared on every change: an entry that is gone or altered means that a deployment deletes or
replaces a resource that holds something, or that queries no longer find what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts.replacement import CREATE_ONLY_PROPERTIES, WRITTEN_PROPERTIES
from streaming_constructs.spec.evolution import column_changes

TABLE = "AWS::Glue::Table"

Ledger = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One stateful resource that a deployment would lose or replace, or one column that a table would lose or change.

    Attributes:
        logical_id: Its logical id.
        message: What happened to it.
    """

    logical_id: str
    message: str


def ledger_of(template: Mapping[str, Any]) -> Ledger:
    """The stateful resources of a template, by logical id, with type, create-only properties and what decides over what was
    written; tables with their columns.

    Args:
        template: The synthesized template.
    """
    ledger: Ledger = {}
    for logical_id, resource in template.get("Resources", {}).items():
        create_only = CREATE_ONLY_PROPERTIES.get(resource["Type"])
        if create_only is not None:
            properties = resource.get("Properties", {})
            kept = {path: _at(properties, path) for path in create_only}
            columns = {"Columns": _columns(properties)} if resource["Type"] == TABLE else {}
            given = {path: value for path, value in kept.items() if value is not None}
            written = _written(resource["Type"], properties)
            ledger[logical_id] = {"Type": resource["Type"], **given, **written, **columns}
    return dict(sorted(ledger.items()))


def _written(resource_type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """What decides over what was written, under a key of its own: a ledger that was kept before there was one has none."""
    paths = WRITTEN_PROPERTIES.get(resource_type)
    if paths is None:
        return {}
    values = {path: _at(properties, path) for path in paths}
    return {"Written": {path: value for path, value in values.items() if value is not None}}


def _at(properties: Any, path: str) -> Any:
    """The property at a path such as `TableInput/Name`, or None; `*` stands for each item of a list."""
    first, is_list, rest = path.partition("/*/")
    if is_list:
        found = [_at(item, rest) for item in _at(properties, first) or ()]
        return found if any(item is not None for item in found) else None
    for step in path.split("/"):
        properties = properties.get(step) if isinstance(properties, Mapping) else None
    return properties


def _columns(properties: Mapping[str, Any]) -> list[list[str]]:
    """Name and type of each column of a table, in order."""
    columns = _at(properties, "TableInput/StorageDescriptor/Columns") or []
    return [[column["Name"], column.get("Type", "")] for column in columns]


def ledger_changes(kept: Ledger, current: Ledger) -> list[LedgerChange]:
    """What a deployment of `current` over `kept` would lose or replace; new resources, and columns that join at the end of a
    table, are no change.

    Args:
        kept: The ledger as it was committed.
        current: The ledger of the template as it is now.
    """
    changes = []
    for logical_id, entry in kept.items():
        now = current.get(logical_id)
        if now is None:
            changes.append(LedgerChange(logical_id, f"{entry['Type']} is gone"))
            continue
        altered = sorted(name for name in {*entry, *now} - {"Columns", "Written"} if entry.get(name) != now.get(name))
        if altered:
            changes.append(LedgerChange(logical_id, f"{entry['Type']} is replaced: {', '.join(altered)} changed"))
        if "Written" in entry:
            changes += _written_changes(logical_id, entry, now)
        lost = column_changes(entry.get("Columns", ()), now.get("Columns", ()))
        changes += [LedgerChange(logical_id, f"{entry['Type']}: the column {change}") for change in lost]
    return changes


def _written_changes(logical_id: str, entry: Mapping[str, Any], now: Mapping[str, Any]) -> list[LedgerChange]:
    """What of a resource would no longer be found, kept or taken by AWS, although nothing is replaced."""
    was, is_ = entry["Written"], now.get("Written", {})
    altered = [
        name for name in sorted({*was, *is_}) if was.get(name) != is_.get(name) and not _is_longer(name, was, is_)
    ]
    if not altered:
        return []
    return [LedgerChange(logical_id, f"{entry['Type']} changes over what was written: {', '.join(altered)}")]


def _is_longer(name: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a stream keeps its records longer, of which nothing suffers."""
    before, after = was.get(name), now.get(name)
    return name == "RetentionPeriodHours" and isinstance(before, int) and isinstance(after, int) and after > before

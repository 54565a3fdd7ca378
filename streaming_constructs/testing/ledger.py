"""A ledger of stateful resources: their logical ids, and the properties that would replace them.

Kept beside a snapshot and compared on every change: an entry that is gone or altered means that a deployment deletes or
replaces a resource that holds something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts.replacement import CREATE_ONLY_PROPERTIES

Ledger = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One stateful resource that a deployment would lose or replace.

    Attributes:
        logical_id: Its logical id.
        message: What happened to it.
    """

    logical_id: str
    message: str


def ledger_of(template: Mapping[str, Any]) -> Ledger:
    """The stateful resources of a template, by logical id, with type and create-only properties.

    Args:
        template: The synthesized template.
    """
    ledger: Ledger = {}
    for logical_id, resource in template.get("Resources", {}).items():
        create_only = CREATE_ONLY_PROPERTIES.get(resource["Type"])
        if create_only is not None:
            properties = resource.get("Properties", {})
            kept = {name: properties[name] for name in create_only if name in properties}
            ledger[logical_id] = {"Type": resource["Type"], **kept}
    return dict(sorted(ledger.items()))


def ledger_changes(kept: Ledger, current: Ledger) -> list[LedgerChange]:
    """What a deployment of `current` over `kept` would lose or replace; new resources are no change.

    Args:
        kept: The ledger as it was committed.
        current: The ledger of the template as it is now.
    """
    changes = []
    for logical_id, entry in kept.items():
        now = current.get(logical_id)
        if now is None:
            changes.append(LedgerChange(logical_id, f"{entry['Type']} is gone"))
        elif now != entry:
            altered = sorted(name for name in {*entry, *now} if entry.get(name) != now.get(name))
            changes.append(LedgerChange(logical_id, f"{entry['Type']} is replaced: {', '.join(altered)} changed"))
    return changes

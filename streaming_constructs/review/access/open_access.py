"""Whether a policy of a resource lets everybody in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.comparing.values import listed, shown


def policy(value: Any) -> Any:
    """A policy, which may be written as a JSON text.

    Args:
        value: A value by its meaning.
    """
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


def open_statements(value: Any) -> Iterator[Mapping[str, Any]]:
    """The statements of a policy that let everybody in: any principal, and no condition.

    Args:
        value: The policy.
    """
    document = policy(value)
    for statement in listed(document.get("Statement") if isinstance(document, Mapping) else None):
        if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow" or statement.get("Condition"):
            continue
        if "NotPrincipal" in statement or is_everybody(statement.get("Principal")):
            yield statement


def is_everybody(principal: Any) -> bool:
    """Whether a principal is anybody.

    Args:
        principal: The value of `Principal`.
    """
    named = listed(principal.get("AWS")) if isinstance(principal, Mapping) else listed(principal)
    return "*" in [item for item in named if isinstance(item, str)]


def permitted(value: Any) -> set[str]:
    """What the statements of a policy permit, one line for each action and principal.

    Args:
        value: The policy.
    """
    document = policy(value)
    return {
        f"{shown(action)} for {shown(principal)} on {shown(resource)}"
        + (
            f" if {json.dumps(statement['Condition'], sort_keys=True, default=str)}"
            if statement.get("Condition")
            else ""
        )
        for statement in listed(document.get("Statement") if isinstance(document, Mapping) else None)
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow"
        for action in listed(statement.get("Action", statement.get("NotAction")))
        for principal in _principals(statement.get("Principal"))
        for resource in listed(statement.get("Resource", "*"))
    }


def _principals(value: Any) -> list[Any]:
    if isinstance(value, Mapping) and not any(key == "Ref" or key.startswith("Fn::") for key in value):
        return [item for inner in value.values() for item in listed(inner)]
    return listed(value)

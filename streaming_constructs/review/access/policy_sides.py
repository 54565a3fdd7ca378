"""What of the old template is what of the new one, as policies name it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Template

_NAMED = re.compile(r"\$\{(\w+)")
_ROLE = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):role/")
_ROLES_OF_SERVICES = (
    "Role",
    "RoleArn",
    "RoleARN",
    "ServiceExecutionRole",
    "ServiceExecutionRoleArn",
    "ExecutionRoleArn",
)


def new_names(pair: Pair) -> Mapping[str, str]:
    """New logical ids by old ones, of what is the same, or the successor, under another one.

    Args:
        pair: The two templates.
    """
    return {**{old.logical_id: new.logical_id for old, new in pair.match.renamed}, **pair.new_names}


def is_on_new(pair: Pair, resource: str) -> bool:
    """Whether a resource that a policy names is one that the change creates: nothing that is there is opened.

    Args:
        pair: The two templates.
        resource: The resource, as a text.
    """
    names = _NAMED.findall(resource)
    return bool(names) and resource.startswith("${") and all(name in pair.match.added for name in names)


def home_accounts(*templates: Template) -> frozenset[str]:
    """Account ids that are this account's: a service acts by roles of its own account alone.

    Args:
        templates: The templates.
    """
    found: set[str] = set()
    for template in templates:
        for resource in template.resources.values():
            _find_roles(resource.properties, found)
    return frozenset(found)


def _find_roles(value: Any, found: set[str]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _ROLES_OF_SERVICES and isinstance(inner, str):
                found.update(_ROLE.findall(policy_text(inner)))
            else:
                _find_roles(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _find_roles(inner, found)

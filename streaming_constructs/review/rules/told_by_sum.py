"""Resources that say nothing one by one, as the sum of several is compared: policies, permissions, rules of security groups."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.access.policy_grants import Grant, beyond, grants_of, statements_of
from streaming_constructs.review.access.policy_texts import policy_text
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.values import listed, shown
from streaming_constructs.review.meaning import (
    Changed,
    Meaning,
    means,
    when_added,
    when_removed,
    when_renamed,
    when_replaced,
)

_NAMES = ("PolicyName", "StatementId")
_OLDEST = "2008-10-17"
"""The version of a policy that names none.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html, read 2026-11-29
"""


def nothing(*_: object) -> Iterator[Meaning]:
    """What is said of such a resource, or of a property of it: nothing by itself."""
    yield from ()


def properties_of_a_sum(resource_type: str, *paths: str) -> None:
    """Registers properties that are parts of a sum.

    Args:
        resource_type: The type.
        paths: The properties.
    """
    means(resource_type, *paths)(nothing)


def documents_of_a_sum(resource_type: str, *paths: str) -> None:
    """Registers policy documents, or lists of them with their names, that are parts of a sum.

    Args:
        resource_type: The type.
        paths: The properties.
    """
    means(resource_type, *paths)(written_otherwise)


def written_otherwise(changed: Changed) -> Iterator[Meaning]:
    """What the sum does not show: the version, the names, and what says twice what another statement says."""
    before, after = _Words(changed.old), _Words(changed.new)
    if changed.old is None or changed.new is None:
        return
    if before.versions != after.versions and (before.has_variables or after.has_variables):
        yield Meaning(
            "REV625",
            f"the version of the policy is {shown(sorted(after.versions))}; it was {shown(sorted(before.versions))}: "
            "variables in it are read otherwise",
            "keep `2012-10-17`, the only version in which `${aws:…}` is a variable",
        )
    elif before.versions != after.versions or before.says_otherwise(after):
        yield Meaning("REV624", f"`{changed.name}` is written otherwise, and allows the same by itself")


class _Words:
    """What of policies is no grant.

    Args:
        value: A document, a list of documents with names, or a name.
    """

    def __init__(self, value: Any) -> None:
        named = isinstance(value, list) or (isinstance(value, str) and not value.lstrip().startswith("{"))
        documents = (
            [each.get("PolicyDocument") for each in listed(value) if isinstance(each, Mapping)] if named else [value]
        )
        names = (
            [policy_text(each.get("PolicyName") if isinstance(each, Mapping) else each) for each in listed(value)]
            if named
            else []
        )
        plain = [_data(document) for document in documents]
        statements = [statement for document in documents for statement in statements_of(document)]
        told = [policy_text(statement.get("Sid")) for statement in statements]
        effects = [policy_text(statement.get("Effect")) for statement in statements]
        ids = [policy_text(document.get("Id")) for document in plain]
        odd = [effect for effect in effects if effect not in ("Allow", "Deny")]
        self.labels = sorted(filter(None, [*names, *ids, *told, *odd]))
        self.count = len(statements)
        self.versions = {policy_text(document.get("Version")) or _OLDEST for document in plain}
        self.has_variables = any("${aws:" in json.dumps(document, default=str) for document in plain)
        self.grants: frozenset[Grant] = frozenset(grant for document in documents for grant in grants_of(document))

    def says_otherwise(self, other: _Words) -> bool:
        """Whether other words allow the same: by other names, or as one statement says what another says anyway.

        Statements that are joined, or taken apart, are not other words.
        """
        if self.grants == other.grants:
            return self.labels != other.labels and self.count == other.count
        return not beyond(self.grants, other.grants) and not beyond(other.grants, self.grants)


def _data(document: Any) -> Mapping[str, Any]:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            return {}
    return document if isinstance(document, Mapping) else {}


def parts_of_a_sum(*resource_types: str) -> None:
    """Registers types of resources that are parts of a sum: that one comes, goes, or is created anew means nothing by itself.

    Args:
        resource_types: The types.
    """
    for register in (when_added, when_removed):
        register(*resource_types)(nothing)
    when_replaced(*resource_types)(_created_anew)


def _created_anew(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:  # noqa: ARG001 - as all such rules
    """A part that is created anew: only another name is told, as no sum shows it."""
    name = str(replacement.path[0]) if replacement.path else ""
    before, after = replacement.old.at(name), replacement.new.at(name)
    if name in _NAMES:
        yield Meaning("REV624", f"it is created anew as {shown(after)}; it was {shown(before)}")


def names_mean_nothing(*resource_types: str) -> None:
    """Registers types of resources whose logical id means nothing.

    Args:
        resource_types: The types.
    """
    when_renamed(*resource_types)(nothing)

"""What is wrong with tables of DynamoDB: those that nobody could have back, and those that a mistake would take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import is_true, listed
from streaming_constructs.review.meaning import Meaning

_TABLE = "AWS::DynamoDB::Table"
_GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
_STAYS = ("Retain", "RetainExceptOnCreate")


@audits(_TABLE, _GLOBAL_TABLE)
def recovery(template: Template, table: Resource) -> Iterator[Meaning]:
    """Tables that cannot be restored to what they were."""
    path = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
    if not _expires(table) and not any(_may_be_on(value_at(each, path)) for each in _places(table)):
        yield Meaning(
            "AUD250",
            "after a wrong write or delete nobody can have back what it was: point-in-time recovery is off",
            "`PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}`",
        )


@audits(_TABLE, _GLOBAL_TABLE)
def protection(template: Template, table: Resource) -> Iterator[Meaning]:
    """Tables that are deleted with their stack, and that nothing refuses to delete."""
    is_protected = any(_may_be_on(value_at(each, ("DeletionProtectionEnabled",))) for each in _places(table))
    if not _expires(table) and not is_protected and table.deletion_policy not in _STAYS:
        yield Meaning(
            "AUD251",
            "it is deleted with its items when the stack is, or when somebody deletes it: nothing refuses",
            "`DeletionProtectionEnabled: true`, or `DeletionPolicy: Retain`",
        )


def _expires(table: Resource) -> bool:
    """Whether items are there for a while alone, as locks and positions are: whoever has lost them makes them anew."""
    return is_true(table.at("TimeToLiveSpecification", "Enabled"))


def _places(table: Resource) -> list[Any]:
    """Where a table says such things: in itself, and for each of its regions."""
    return [table.properties, *listed(table.at("Replicas"))]


def _may_be_on(value: Any) -> bool:
    """Whether a switch is on, or nobody knows before the deployment."""
    return is_true(value) or isinstance(value, dict)

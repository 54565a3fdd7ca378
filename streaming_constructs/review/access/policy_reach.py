"""How far a grant reaches: whether it has bounds, and to whom it is open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from streaming_constructs.facts.iam import KNOW_NO_RESOURCES, PASSES_ROLE, WIDENS_ITSELF, WRITES_ABOUT_ITSELF
from streaming_constructs.review.access.policy_grants import EVERYBODY, EVERYTHING, Condition, Grant
from streaming_constructs.review.access.policy_texts import covers_text

Audience = Literal["everybody", "another account", "an organization", "a service", "this account", "another identity"]

_ARN = re.compile(r"arn:[^:]*:([^:]*):(?:\$\{[^}]*\}|[^:$]*):(?:\$\{[^}]*\}|[^:$]*):(.*)", re.DOTALL)
_WILD_NAME = re.compile(r"([\w-]+[:/])?\*+([:/]\**)*")
_NAME_FIRST = ("execute-api", "s3", "sns", "sqs")
"""Services in whose ARNs the name of a resource stands where those of others have its kind."""
_ACCOUNT = re.compile(r"\b\d{12}\b")
_SOURCES = (
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpcsourceip",
    "aws:sourceip",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag",
    "aws:userid",
    "aws:calledvia",
    "kms:calleraccount",
    "kms:viaservice",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "lambda:eventsourcetoken",
    "sts:externalid",
)
"""Keys of conditions that bound who may come, in small letters.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, read 2026-11-29
"""
_OF_A_SOURCE = ("aws:sourcearn", "aws:sourceaccount")
"""Keys of conditions on the resource that a service comes for, which templates name by ARNs of their own account too."""
_WORLD = frozenset({"0.0.0.0/0", "::/0", "*"})


def is_every_resource(grant: Grant) -> bool:
    """Whether a grant is on everything, or on everything of a kind: `*`, `arn:aws:s3:::*`, `arn:aws:kinesis:…:stream/*`.

    Args:
        grant: The grant.
    """
    if not grant.resource.strip("*") and grant.resource:
        return True
    return _is_wild(grant.resource)


def _is_wild(arn: str) -> bool:
    """Whether an ARN names everything of a kind."""
    found = _ARN.fullmatch(arn)
    if found is None:
        return False
    service, name = found.groups()
    return not name.strip("*/") if service in _NAME_FIRST else _WILD_NAME.fullmatch(name) is not None


def is_every_action(grant: Grant) -> bool:
    """Whether a grant is all actions of a service, or of all: `kinesis:*`, `*`.

    Args:
        grant: The grant.
    """
    return not grant.action.rpartition(":")[2].strip("*")


def is_administrator(grant: Grant) -> bool:
    """Whether a grant is everything on everything.

    Args:
        grant: The grant.
    """
    return not grant.action.strip("*:") and is_every_resource(grant) and not grant.is_all_but


def knows_no_resource(grant: Grant) -> bool:
    """Whether a star for the resource says nothing, as the action knows none, or is permitted on all by AWS itself.

    Args:
        grant: The grant.
    """
    return any(covers_text(known, grant.action) for known in (*KNOW_NO_RESOURCES, *WRITES_ABOUT_ITSELF))


def widens_itself(grant: Grant) -> bool:
    """Whether whoever has a grant can give itself more: by policies of any identity, or by any role.

    Args:
        grant: The grant.
    """
    if any(covers_text(grant.action, action) for action in WIDENS_ITSELF) and grant.action.startswith("iam:"):
        return True
    return is_every_resource(grant) and grant.action in PASSES_ROLE


ELSEWHERE: tuple[Audience, ...] = ("another account", "an organization")
"""Audiences beyond the account of the stack."""


def audience(grant: Grant, homes: Iterable[str] = ()) -> Audience:
    """To whom a grant of a resource's policy is open.

    Args:
        grant: The grant.
        homes: Account ids that are known to be this account's.
    """
    if grant.principal == EVERYBODY:
        return _audience_by_conditions(grant, homes)
    kind, _, name = grant.principal.partition(":")
    if kind == "Service":
        return "a service"
    if kind == "AWS" and "*" in name.partition("::")[2].partition(":")[0]:
        return "everybody"
    found = _ACCOUNT.findall(name)
    if kind == "AWS" and found and not set(found) <= set(homes):
        return "another account"
    return "another identity" if kind == "CanonicalUser" else "this account"


def _audience_by_conditions(grant: Grant, homes: Iterable[str]) -> Audience:
    """To whom a grant to everybody is open, by what its conditions leave."""
    bounds = [condition for condition in grant.conditions if bounds_who(condition)]
    if not bounds:
        return "everybody"
    if any("org" in condition.key for condition in bounds):
        return "an organization"
    accounts = {
        found
        for bound in bounds
        if bound.key not in _OF_A_SOURCE
        for value in bound.values
        for found in _ACCOUNT.findall(value)
    }
    return "another account" if accounts - set(homes) else "another identity"


def bounds_who(condition: Condition) -> bool:
    """Whether a condition bounds who may come.

    Args:
        condition: The condition.
    """
    known = condition.key in _SOURCES or condition.key.startswith("aws:principaltag/") or condition.key.endswith(":sub")
    if not known or condition.is_negative or condition.operator == "null" or "ifexists" in condition.operator:
        return False
    return bool(condition.values) and not any(_is_anybody(value) for value in condition.values)


def _is_anybody(value: str) -> bool:
    """Whether a value of a condition leaves out nobody: `*`, `0.0.0.0/0`, `arn:aws:sns:*:*:*`."""
    if value in _WORLD:
        return True
    return ":*:" in value and _is_wild(value)


def names_source(grant: Grant) -> bool:
    """Whether a grant to a service says for whom the service may come.

    Args:
        grant: The grant.
    """
    return any(bounds_who(condition) for condition in grant.conditions)


def shown_grants(grants: Iterable[Grant], most: int = 6) -> str:
    """Actions as a message lists them: each once, the first few.

    Args:
        grants: The grants.
        most: How many.
    """
    names = list(dict.fromkeys((grant.name or grant.action) for grant in grants))
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def shown_text(text: str, longest: int = 100) -> str:
    """A resource or principal as a message names it.

    Args:
        text: The text.
        longest: How long it may be.
    """
    if text == EVERYTHING:
        return "everything"
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def shown_principal(principal: str) -> str:
    """A principal as a message names it.

    Args:
        principal: The principal.
    """
    if principal == EVERYBODY:
        return "everybody"
    return shown_text(principal.partition(":")[2] or principal)


def excluded(grant: Grant) -> str:
    """What a grant that is said by what it is not about leaves out, in words.

    Args:
        grant: The grant.
    """
    left = sorted(grant.but_actions | grant.but_resources | grant.but_principals)
    return shown_text(", ".join(left))

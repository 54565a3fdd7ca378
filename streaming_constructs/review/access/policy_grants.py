"""Policy documents taken apart into grants, so that the sum of several policies is compared, however it is written.

A grant is one action on one resource, with its conditions; that of a resource's policy has a principal too. One grant covers
another where nothing that the other allows goes beyond it: `kinesis:Get*` on `*` covers `kinesis:GetRecords` on one stream.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html, read 2026-11-29
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from streaming_constructs.review.access.policy_texts import covers_text, policy_text
from streaming_constructs.review.comparing.values import listed

EVERYTHING = "*"
EVERYBODY = "*"
_MOST = 4000
"""How many grants of one document are looked at; far beyond what fits into the largest policy that AWS takes."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of a condition.

    Attributes:
        operator: Such as `stringequals`.
        key: Such as `aws:sourcearn`.
        values: What the key is compared with.
    """

    operator: str
    key: str
    values: frozenset[str]

    @property
    def is_negative(self) -> bool:
        """Whether it holds for what is not among its values."""
        return "not" in self.operator

    def implies(self, other: Condition) -> bool:
        """Whether another holds wherever this one does.

        Args:
            other: The other.
        """
        if (self.operator, self.key) != (other.operator, other.key):
            return False
        if self.is_negative:
            return other.values <= self.values
        return all(any(covers_text(value, mine) for value in other.values) for mine in self.values)


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource, allowed or denied.

    Attributes:
        action: The action in small letters, which may have `*` and `?`.
        resource: The resource.
        principal: Who may; `*` is everybody, and empty whoever has the policy.
        conditions: What has to hold besides.
        is_deny: Whether it is denied.
        but_actions: Where all actions are meant: which not.
        but_resources: Where all resources are meant: which not.
        but_principals: Where everybody is meant: who not.
        name: The action as it was written.
        origin: The policy of AWS that it comes from, or an empty string.
    """

    action: str
    resource: str
    principal: str = ""
    conditions: frozenset[Condition] = frozenset()
    is_deny: bool = False
    but_actions: frozenset[str] = frozenset()
    but_resources: frozenset[str] = frozenset()
    but_principals: frozenset[str] = frozenset()
    name: str = field(default="", compare=False)
    origin: str = field(default="", compare=False)

    def covers(self, other: Grant) -> bool:
        """Whether nothing that another allows, or denies, goes beyond this one.

        Args:
            other: The other.
        """
        return self.covers_but_conditions(other) and all(
            any(theirs.implies(mine) for theirs in other.conditions) for mine in self.conditions
        )

    def covers_but_conditions(self, other: Grant) -> bool:
        """The same, were there no conditions.

        Args:
            other: The other.
        """
        return (
            self.is_deny == other.is_deny
            and _covers(self.action, self.but_actions, other.action, other.but_actions)
            and _covers(self.resource, self.but_resources, other.resource, other.but_resources)
            and _covers_principal(self, other)
        )

    @property
    def is_all_but(self) -> bool:
        """Whether it is said by what it is not about."""
        return bool(self.but_actions or self.but_resources or self.but_principals)


def _covers(mine: str, mine_not: frozenset[str], theirs: str, theirs_not: frozenset[str]) -> bool:
    return covers_text(mine, theirs) and all(
        any(covers_text(other, excluded) for other in theirs_not)
        or not (covers_text(excluded, theirs) or covers_text(theirs, excluded))
        for excluded in mine_not
    )


def _covers_principal(mine: Grant, theirs: Grant) -> bool:
    if mine.principal == EVERYBODY:
        return _covers(EVERYBODY, mine.but_principals, theirs.principal, theirs.but_principals)
    return mine.principal == theirs.principal or (
        # The root of an account stands for all that is in the account.
        mine.principal.startswith("AWS:arn:aws:iam::")
        and mine.principal.endswith(":root")
        and theirs.principal.startswith(mine.principal.removesuffix("root"))
    )


def grants_of(document: Any) -> frozenset[Grant]:
    """The grants of a policy document.

    Args:
        document: The document by its meaning, or as a text of JSON; anything else has none.
    """
    found: list[Grant] = []
    for statement in statements_of(document):
        for grant in _statement_grants(statement):
            if len(found) == _MOST:
                return frozenset(found)
            found.append(grant)
    return frozenset(found)


def statements_of(document: Any) -> Iterator[Mapping[str, Any]]:
    """The statements of a policy document; of one that is there under a condition, both branches.

    Args:
        document: The document by its meaning, or as a text of JSON.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            return
    for part in _branches(document):
        if isinstance(part, Mapping):
            for statement in _branches(_under_known_names(part).get("Statement")):
                if isinstance(statement, Mapping):
                    yield _under_known_names(statement)


_ELEMENTS = {
    name.lower(): name
    for name in (
        *("Statement", "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
        *("Principal", "NotPrincipal", "Condition"),
    )
}


def _under_known_names(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of a policy whose elements have the names that AWS writes: in other letters they are read as if they had."""
    if all(name in _ELEMENTS.values() for name in part):
        return part
    return {_ELEMENTS.get(str(name).lower(), name): value for name, value in part.items()}


def _branches(value: Any) -> Iterator[Any]:
    """The items of a list, or a value alone, each `Fn::If` that is decided at deployment taken as both of its values."""
    for item in listed(value):
        match item:
            case {"Fn::If": [_, then, otherwise]}:
                yield from _branches(then)
                yield from _branches(otherwise)
            case {"Ref": "AWS::NoValue"}:
                pass
            case _:
                yield item


def _statement_grants(statement: Mapping[str, Any]) -> Iterator[Grant]:
    conditions = frozenset(_conditions(statement.get("Condition")))
    actions, but_actions = _either(statement, "Action")
    resources, but_resources = _either(statement, "Resource")
    principals, but_principals = _principals(statement)
    for action, resource, principal in product(actions, resources or [EVERYTHING], principals):
        yield Grant(
            action.lower(),
            resource,
            principal,
            conditions,
            statement.get("Effect") == "Deny",
            frozenset(name.lower() for name in but_actions),
            frozenset(but_resources),
            frozenset(but_principals),
            action,
        )


def _either(statement: Mapping[str, Any], name: str) -> tuple[list[str], list[str]]:
    """What a statement names, and what it names by not naming it."""
    if f"Not{name}" in statement:
        return [EVERYTHING], [policy_text(item) for item in _branches(statement[f"Not{name}"])]
    return [policy_text(item) for item in _branches(statement.get(name))], []


def _principals(statement: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    if "NotPrincipal" in statement:
        return [EVERYBODY], list(_named(statement["NotPrincipal"]))
    if "Principal" in statement:
        return list(_named(statement["Principal"])), []
    return [""], []


def _named(principal: Any) -> Iterator[str]:
    for part in _branches(principal):
        if isinstance(part, Mapping) and not ("Ref" in part or any(key.startswith("Fn::") for key in part)):
            for kind, names in part.items():
                for name in _branches(names):
                    yield principal_text(str(kind), policy_text(name))
        else:
            yield principal_text("AWS", policy_text(part))


def principal_text(kind: str, name: str) -> str:
    """A principal in one way of writing: `*`, `AWS:arn:aws:iam::111122223333:root`, `Service:lambda.amazonaws.com`.

    Args:
        kind: `AWS`, `Service`, `Federated` or `CanonicalUser`.
        name: The principal.
    """
    if name == EVERYBODY:
        return EVERYBODY
    if kind == "AWS" and ((name.isdecimal() and len(name) == 12) or name == "${AWS::AccountId}"):
        return f"AWS:arn:aws:iam::{name}:root"
    return f"{kind}:{name}"


def _conditions(condition: Any) -> Iterator[Condition]:
    for operator, tests in condition.items() if isinstance(condition, Mapping) else ():
        for key, values in tests.items() if isinstance(tests, Mapping) else ():
            texts = (policy_text(value) for value in _branches(values))
            yield Condition(str(operator).lower(), str(key).lower(), frozenset(texts))


def beyond(grants: Iterable[Grant], others: Iterable[Grant]) -> list[Grant]:
    """The grants that no other covers.

    Args:
        grants: The grants.
        others: The others.
    """
    exact = frozenset(others)
    return [grant for grant in _in_order(grants) if grant not in exact and not covered(grant, exact)]


def covered(grant: Grant, others: Iterable[Grant]) -> bool:
    """Whether one of other grants covers a grant.

    Args:
        grant: The grant.
        others: The others.
    """
    return any(other.covers(grant) for other in others)


def _in_order(grants: Iterable[Grant]) -> list[Grant]:
    return sorted(
        set(grants),
        key=lambda grant: (grant.principal, grant.resource, grant.action, sorted(map(str, grant.conditions))),
    )


def within(grants: Iterable[Grant], origin: str) -> frozenset[Grant]:
    """Grants with the policy that they come from.

    Args:
        grants: The grants.
        origin: The policy.
    """
    return frozenset(replace(grant, origin=origin) for grant in grants)


def is_allowed(grant: Grant, grants: Iterable[Grant]) -> bool:
    """Whether grants allow something, and none denies it without a condition.

    Args:
        grant: The action on a resource.
        grants: The grants of a principal.
    """
    every = list(grants)
    denied = replace(grant, is_deny=True)
    return any(other.covers_but_conditions(grant) for other in every) and not any(
        other.covers_but_conditions(denied) for other in every if not other.conditions
    )

"""What other lifecycle rules mean for the objects of a bucket: which are deleted sooner, later, or moved.

A rule holds for the objects that are there as well as for new ones, from the day that it is deployed.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html, read 2026-11-29
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.meaning import Meaning

_SCOPE = ("Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
_NEVER = float("inf")
_OBJECTS, _VERSIONS = "objects", "earlier versions of objects"


@dataclass(frozen=True, slots=True)
class Expiry:
    """How long some objects are kept.

    Attributes:
        what: Whether it is about objects, or their earlier versions.
        scope: Which ones, as a text that is the same for the same ones.
        prefix: What their keys begin with.
        days: How long; None where that is known at deployment only.
        is_all: Whether it is all with that prefix.
        said: How long, as it was written.
        is_date: Whether that is a day of the calendar, which is no number of days.
    """

    what: str
    scope: str
    prefix: str
    days: float | None
    is_all: bool
    said: str
    is_date: bool

    def covers(self, other: Expiry) -> bool:
        """Whether it deletes all that another does, and not later."""
        if self.is_date or other.is_date:
            return self == other
        if self.what != other.what or self.days is None or other.days is None or self.days > other.days:
            return False
        return self.scope == other.scope or (self.is_all and other.prefix.startswith(self.prefix))


def lifecycle_meanings(before: Any, after: Any) -> Iterator[Meaning]:
    """What another `LifecycleConfiguration` means.

    Args:
        before: It as it is.
        after: As it would be.
    """
    old, new = list(_expiries(before)), list(_expiries(after))
    told = False
    for expiry in new:
        if any(earlier.covers(expiry) for earlier in old) or expiry in old:
            continue
        told = True
        yield _sooner(expiry, next((one for one in old if (one.what, one.scope) == (expiry.what, expiry.scope)), None))
    for expiry in old:
        if not any(later.covers(expiry) for later in new) and expiry not in new:
            after_ = next((one for one in new if (one.what, one.scope) == (expiry.what, expiry.scope)), None)
            if after_ is None or (after_.days is not None and expiry.days is not None):
                told = True
                kept = after_.said if after_ else "no rule deletes them"
                yield Meaning("REV352", f"{_which(expiry)} are kept longer: {expiry.said} → {kept}")
    moved, moves = _moves(before), _moves(after)
    if moved != moves:
        told = True
        code = "REV353" if moves - moved else "REV352"
        yield Meaning(code, f"objects are moved to other storage classes: {_list(moved)} → {_list(moves)}")
    if not told and _others(before) != _others(after):
        yield Meaning("REV352", "lifecycle rules are written otherwise: nothing is deleted or moved sooner")


def _sooner(expiry: Expiry, earlier: Expiry | None) -> Meaning:
    help_ = "leave the rule, or copy what is still wanted to another prefix before"
    if expiry.days is None:
        when = f"how long {_which(expiry)} are kept is known at deployment only: {expiry.said}"
        return Meaning("REV350" if earlier else "REV351", when, help_, "caution")
    if earlier is None:
        return Meaning(
            "REV351", f"{_which(expiry)} are deleted after {expiry.said}, those that are there as well", help_
        )
    return Meaning(
        "REV350",
        f"{_which(expiry)} are deleted after {expiry.said}; it was {earlier.said}: what is older goes at once",
        help_,
    )


def _which(expiry: Expiry) -> str:
    of = f" under {expiry.prefix}" if expiry.prefix else ""
    return expiry.what + of + ("" if expiry.is_all else " that a filter names")


def _rules(configuration: Any) -> list[Mapping[str, Any]]:
    rules = configuration.get("Rules") if isinstance(configuration, Mapping) else None
    return [rule for rule in listed(rules) if isinstance(rule, Mapping) and rule.get("Status") != "Disabled"]


def _expiries(configuration: Any) -> Iterator[Expiry]:
    for rule in _rules(configuration):
        for what, value, unit in (
            (_OBJECTS, rule.get("ExpirationInDays"), "days"),
            (_OBJECTS, rule.get("ExpirationDate"), ""),
            (_VERSIONS, _noncurrent(rule), "days"),
        ):
            if value is not None:
                scope = json.dumps({name: rule[name] for name in _SCOPE if rule.get(name)}, sort_keys=True, default=str)
                # A day of the calendar is sooner than whatever was not the same day.
                days = number(value) if unit else 0.0
                prefix = rule.get("Prefix")
                is_all = not any(rule.get(name) for name in _SCOPE[1:])
                said = f"{shown(value)} {unit}".strip()
                yield Expiry(what, scope, prefix if isinstance(prefix, str) else "", days, is_all, said, not unit)


def _noncurrent(rule: Mapping[str, Any]) -> Any:
    found = rule.get("NoncurrentVersionExpiration")
    inner = found.get("NoncurrentDays") if isinstance(found, Mapping) else found
    return inner if inner is not None else rule.get("NoncurrentVersionExpirationInDays")


_MOVES = ("Transition", "Transitions", "NoncurrentVersionTransition", "NoncurrentVersionTransitions")


def _moves(configuration: Any) -> set[str]:
    found = set()
    for rule in _rules(configuration):
        of = f" under {shown(rule['Prefix'])}" if rule.get("Prefix") else ""
        for name in _MOVES:
            for move in listed(rule.get(name)):
                if isinstance(move, Mapping):
                    when = move.get("TransitionInDays", move.get("TransitionDate"))
                    newer = move.get("NewerNoncurrentVersions")
                    but = f", but for the newest {shown(newer)}" if newer is not None else ""
                    found.add(f"{shown(move.get('StorageClass'))} after {shown(when)} days{of}{but}")
    return found


_SAID = ("Id", "Status", "ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpirationInDays")


def _others(configuration: Any) -> set[str]:
    """What rules say beyond expiry and moves, each with the objects that it is about."""
    written = configuration if isinstance(configuration, Mapping) else {}
    found = {f"{name}: {shown(written[name])}" for name in written if name != "Rules"}
    for rule in _rules(configuration):
        scope = {name: rule[name] for name in _SCOPE if rule.get(name)}
        found.add(json.dumps([scope, shown(rule.get("ExpirationDate"))], sort_keys=True, default=str))
        for name in rule.keys() - {*_SAID, *_SCOPE, *_MOVES, "NoncurrentVersionExpiration"}:
            found.add(json.dumps([scope, name, rule[name]], sort_keys=True, default=str))
        kept = rule.get("NoncurrentVersionExpiration")
        if isinstance(kept, Mapping) and kept.get("NewerNoncurrentVersions") is not None:
            found.add(json.dumps([scope, "NewerNoncurrentVersions", kept["NewerNoncurrentVersions"]], default=str))
    return found


ASLEEP = ("GLACIER", "DEEP_ARCHIVE")
"""Storage classes whose objects have to be restored before they are read.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-glacier.html, read 2026-11-29
"""


def put_to_sleep(configuration: Any) -> Iterator[str]:
    """What the keys begin with of objects that move to where they cannot be read.

    Args:
        configuration: A `LifecycleConfiguration`.
    """
    for rule in _rules(configuration):
        moves = [move for name in _MOVES[:2] for move in listed(rule.get(name)) if isinstance(move, Mapping)]
        if any(move.get("StorageClass") in ASLEEP for move in moves):
            yield rule["Prefix"] if isinstance(rule.get("Prefix"), str) else ""


def _list(moves: set[str]) -> str:
    return ", ".join(sorted(moves)) or "none"

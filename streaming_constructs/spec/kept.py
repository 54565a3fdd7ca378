"""What of a node is there to stay once it is deployed: what it holds, and settings that decide over what is there already."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from streaming_constructs.spec.finding import SpecPath
from streaming_constructs.spec.removal_policy import RemovalPolicy


class Told(NamedTuple):
    """What is told of one change.

    Attributes:
        before: What there was, as far as it matters.
        after: What there is.
        note: What the change does.
        help: What to do.
    """

    before: str
    after: str
    note: str
    help: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One setting that cannot become another without AWS refusing it, or what is there suffering from it.

    Attributes:
        what: What it is, in words that stand before "was … and is …".
        value: What it is in this version.
        path: Where the node says it.
        code: What a change is: a code of `spec.codes.evolution`.
        note: What a change does.
        help: What to do instead. Left out: leave the node as it was, and add the changed one beside it.
        is_broken: Whether one value after the other does that. Left out: any other value does.
        loses: Whether a resource that the system made leaves the stack with the change.
        is_mild: Whether it is less sure than its code says: a warning.
        tell: What is told of one value after the other, in place of the values, the note and the help. Left out: these.
    """

    what: str
    value: Any
    path: SpecPath
    code: str
    note: str
    help: str = ""
    is_broken: Callable[[Any, Any], bool] = operator.ne
    loses: bool = False
    is_mild: bool = False
    tell: Callable[[Any, Any], Told] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a resource that AWS changes by an operation of its own, one in an update.

    Attributes:
        what: What it is, in words.
        value: What it is in this version.
        fields: The fields that say so, as a file says them; None where it says nothing.
        comes_with: The part whose operation changes this one as well.
    """

    what: str
    value: Any
    fields: Mapping[str, Any]
    comes_with: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a node holds.

    Attributes:
        stays: What becomes of it when the node leaves a system that retains its data.
        goes: What becomes of it in one that destroys it.
        kept: Its settings that are there to stay.
        removal_policy: What the node itself says of its removal; None where the system says it.
        parts: Its parts that AWS changes one at a time, in the order in which to change several.
    """

    stays: str
    goes: str
    kept: tuple[Kept, ...] = ()
    removal_policy: RemovalPolicy | None = None
    parts: tuple[Part, ...] = ()


def is_another(before: Any, after: Any) -> bool:
    """Whether something is another, and not merely gone: that is told elsewhere.

    Args:
        before: What it was.
        after: What it is; None where there is none any more.
    """
    return after is not None and before != after


def never(_before: Any, _after: Any) -> bool:
    """No change matters, as of what was brought: it stays as it is; the value is there to be compared with."""
    return False


def is_lowered(before: Any, after: Any) -> bool:
    """Whether a number became smaller, where None is more than any.

    Args:
        before: The number of the earlier version.
        after: That of now; None where there is none any more.
    """
    return after is not None and (before is None or after < before)


def is_switched_on(before: Any, after: Any) -> bool:
    """Whether something is on that was not.

    Args:
        before: Whether it was on.
        after: Whether it is.
    """
    return bool(after) and not before


def is_switched_off(before: Any, after: Any) -> bool:
    """Whether something is off that was on.

    Args:
        before: Whether it was on.
        after: Whether it is.
    """
    return bool(before) and not after

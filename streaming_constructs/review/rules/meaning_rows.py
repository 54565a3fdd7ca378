"""Rules as rows: properties of which the same is said each time, so that a service lists them in one table.

A `Row` says that a property is another; a `Switch` tells off from on; an `Amount` tells less from more. What a template
does not say before it is deployed is never judged as if it were known: it is told as a caution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.values import is_false, is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, PropertyRule, means

Holds = Callable[[Changed], bool]
"""Whether a row has anything to say of a change."""


@dataclass(frozen=True, slots=True)
class Row:
    """Properties of which it is enough to say that they are others.

    Attributes:
        code: The code.
        what: What they are, in words that begin a sentence.
        paths: The properties.
        help: What to do instead.
    """

    code: str
    what: str
    paths: tuple[str, ...]
    help: str = ""

    def __call__(self, changed: Changed) -> Iterator[Meaning]:
        """What the change of one of them means."""
        yield Meaning(self.code, f"{self.what}: {shown(changed.old)} → {shown(changed.new)}", self.help)


@dataclass(frozen=True, slots=True)
class Switch:
    """Properties that are on or off.

    Attributes:
        off: The code where one is turned off.
        on: The code where one is turned on.
        what: What is on or off, in words that begin a sentence.
        paths: The properties.
        default: Whether it is on where it is left out.
        help: What to do instead of turning it off.
        then: What happens when it is off.
    """

    off: str
    on: str
    what: str
    paths: tuple[str, ...]
    default: bool = False
    help: str = ""
    then: str = ""

    def __call__(self, changed: Changed) -> Iterator[Meaning]:
        """What the change of one of them means."""
        before, after = self._state(changed.old), self._state(changed.new)
        if after is None:
            text = f"{self.what}: whether it is on is known at deployment only ({shown(changed.new)})"
            yield Meaning(self.off, text, self.help, "caution")
        elif after and before is not True:
            yield Meaning(self.on, f"{self.what} is on")
        elif not after and before is not False:
            yield Meaning(self.off, f"{self.what} is off" + (f": {self.then}" if self.then else ""), self.help)

    def _state(self, value: Any) -> bool | None:
        if value is None:
            return self.default
        return True if is_true(value) else False if is_false(value) else None


@dataclass(frozen=True, slots=True)
class Amount:
    """Properties that are numbers.

    Attributes:
        less: The code where one is lowered.
        more: The code where one is raised.
        what: What it is, in words that begin a sentence.
        paths: The properties.
        unit: What it is counted in.
        default: What it is where it is left out; None where nobody knows.
        help: What to do instead of lowering it.
    """

    less: str
    more: str
    what: str
    paths: tuple[str, ...]
    unit: str = ""
    default: float | None = None
    help: str = ""

    def __call__(self, changed: Changed) -> Iterator[Meaning]:
        """What the change of one of them means."""
        before, after = self._value(changed.old), self._value(changed.new)
        said = f"{self.what}: {self._shown(changed.old)} → {self._shown(changed.new)}"
        if before is None or after is None:
            yield Meaning(self.less, said, self.help, "caution")
        elif after < before:
            yield Meaning(self.less, said, self.help)
        elif after > before:
            yield Meaning(self.more, said)

    def _value(self, value: Any) -> float | None:
        return self.default if value is None else number(value)

    def _shown(self, value: Any) -> str:
        known = self.default if value is None else value
        unit = f" {self.unit}" if self.unit and known is not None else ""
        return shown(known) + unit


def in_rows(resource_type: str, *rows: Row | Switch | Amount, holds: Holds | None = None) -> None:
    """Registers rows as the rules of a type.

    Args:
        resource_type: The type.
        rows: The rows.
        holds: What decides whether they have anything to say. Left out: they always have.
    """
    for row in rows:
        means(resource_type, *row.paths)(row if holds is None else _where(holds, row))


def _where(holds: Holds, rule: PropertyRule) -> PropertyRule:
    return lambda changed: rule(changed) if holds(changed) else ()

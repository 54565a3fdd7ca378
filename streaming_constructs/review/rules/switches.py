"""Rules for what is on or off, and for what is merely another: what is said of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import is_false, is_true, shown
from streaming_constructs.review.meaning import Changed, Meaning


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off.

    Attributes:
        off: The code where it is switched off, or nobody knows whether it is.
        off_says: What happens then.
        on: The code where it is switched on.
        on_says: What happens then.
        is_on: Whether it is on where it is left out.
        help: What to do instead of switching it off.
    """

    off: str
    off_says: str
    on: str
    on_says: str
    is_on: bool = False
    help: str = ""

    def meanings(self, changed: Changed) -> Iterator[Meaning]:
        """What a change of it means.

        Args:
            changed: The change.
        """
        old, new = (self.is_on if value is None else value for value in (changed.old, changed.new))
        if is_true(new) and not is_true(old):
            yield Meaning(self.on, self.on_says)
        elif is_false(new) and not is_false(old):
            yield Meaning(self.off, self.off_says, self.help)
        elif not same(old, new):
            yield Meaning(self.off, f"whether `{changed.name}` is on is known at deployment only", grade="caution")


@dataclass(frozen=True, slots=True)
class Other:
    """Something of which another is neither more nor less.

    Attributes:
        code: The code.
        what: What it is, in words that a sentence begins with.
        then: What happens, in words that follow a semicolon; empty: there is nothing to say.
        help: What to do instead.
    """

    code: str
    what: str
    then: str = ""
    help: str = ""

    def meanings(self, changed: Changed) -> Iterator[Meaning]:
        """What a change of it means.

        Args:
            changed: The change.
        """
        values = f"{self.what}: {shown(changed.old)} → {shown(changed.new)}"
        yield Meaning(self.code, f"{values}; {self.then}" if self.then else values, self.help)

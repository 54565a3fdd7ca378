"""Rules for numbers, of which more is better or less is: what is said where one is raised, and where it is lowered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import Changed, Meaning


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of which there can be too little.

    Attributes:
        what: What it is, in words that a sentence begins with.
        unit: Its unit, in front of which the number stands; empty: it has none.
        less: What happens where it is lowered, in words that follow a semicolon.
        lowered: The code where it is lowered, or nobody knows whether it is.
        raised: The code where it is raised.
    """

    what: str
    unit: str
    less: str
    lowered: str
    raised: str

    def meanings(self, changed: Changed, default: Any = None) -> Iterator[Meaning]:
        """What a change of it means.

        Args:
            changed: The change.
            default: What it is where it is left out; None: no number, which is neither more nor less.
        """
        old, new = (default if value is None else value for value in (changed.old, changed.new))
        before, after = number(old), number(new)
        values = f"{self.what}: {self._shown(old)} → {self._shown(new)}"
        if before is None or after is None:
            yield Meaning(self.lowered, f"{values}; whether that is less is known at deployment only")
        elif after < before:
            yield Meaning(self.lowered, f"{values}; {self.less}")
        elif after > before:
            yield Meaning(self.raised, values)

    def _shown(self, value: Any) -> str:
        return f"{shown(value)} {self.unit}".rstrip() if number(value) is not None else shown(value)


def defaults_of(table: Mapping[str, Any], changed: Changed) -> Any:
    """What a changed property is where it is left out, by a table of facts.

    Args:
        table: The values by path.
        changed: The change.
    """
    return table.get(".".join(map(str, changed.path)))

"""Records that what they were put into will never take."""

from __future__ import annotations

from dataclasses import dataclass, field

from streaming_constructs.planning.numbers import counted

_NAMED_LINES = 5


@dataclass(slots=True)
class Refusal:
    """Records that were refused for good, at one place, for one reason.

    Attributes:
        into: What refused them.
        reason: Why.
        records: How many.
        lines: The first of their lines in the file of events; of events that are in none, their numbers.
    """

    into: str
    reason: str
    records: int = 0
    lines: list[int] = field(default_factory=list)

    def count(self, line: int) -> None:
        """Counts one more.

        Args:
            line: Its line.
        """
        self.records += 1
        if len(self.lines) < _NAMED_LINES:
            self.lines.append(line)

    def __str__(self) -> str:
        more = self.records - len(self.lines)
        lines = ", ".join(map(str, self.lines)) + (f" and {more:,} more" if more else "")
        where = f"line{'s' if self.records > 1 else ''} {lines}"
        return f"{counted(self.records, 'record')} will never be taken by {self.into} ({where}): {self.reason}"

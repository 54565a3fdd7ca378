"""What waits, first in first out: records by the minute in which they came."""

from __future__ import annotations


class Backlog:
    """Records that wait, by minute.

    Attributes:
        records: How many there are.
    """

    __slots__ = ("_first", "_left", "records")

    def __init__(self) -> None:
        self._left: list[int] = []
        self._first = 0
        self.records = 0

    def add(self, records: int) -> None:
        """Puts in the records of the next minute; the first call is of minute 0.

        Args:
            records: How many came; none is a minute too.
        """
        self._left.append(records)
        self.records += records

    def take(self, most: int) -> int:
        """Takes out the oldest.

        Args:
            most: How many are taken, if there are as many.

        Returns:
            How many were.
        """
        taken = min(most, self.records)
        self.records -= taken
        if not self.records:
            self._first = len(self._left)
            return taken
        left, rest = self._left, taken
        while rest >= left[self._first]:
            rest -= left[self._first]
            self._first += 1
        left[self._first] -= rest
        return taken

    def drop_before(self, minute: int) -> int:
        """Takes out what came before a minute.

        Args:
            minute: The minute.

        Returns:
            How many records that were.
        """
        dropped = 0
        while self._first < min(minute, len(self._left)):
            dropped += self._left[self._first]
            self._first += 1
        self.records -= dropped
        return dropped

    def age(self, now: int) -> int:
        """How many minutes ago the oldest came; 0 where nothing waits.

        Args:
            now: The minute that begins: a record of the minute before may be one minute old.
        """
        if not self.records:
            return 0
        while not self._left[self._first]:
            self._first += 1
        return now - self._first

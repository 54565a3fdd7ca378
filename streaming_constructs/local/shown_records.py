"""The few records of many that a report shows: the first by shard and sequence number, whoever was quicker."""

from __future__ import annotations

from bisect import insort
from typing import Generic, TypeVar

from streaming_constructs.local.kinesis.record import Record

MOST_SHOWN = 20
"""How many records of a kind are kept to be shown."""
SHOWN_CHARACTERS = 200
"""How much of the data of each."""

Said = TypeVar("Said")


class ShownRecords(Generic[Said]):
    """Keeps the first records, with what is to be said of each. The order in which they come makes no difference."""

    def __init__(self) -> None:
        """Keeps nothing yet."""
        self._kept: list[tuple[tuple[str, int, int], Said]] = []
        self._came = 0

    def add(self, record: Record, said: Said) -> None:
        """Keeps a record, if it is one of the first.

        Args:
            record: The record.
            said: What is said of it.
        """
        self._came += 1  # of those that were put directly, which have no number, the order is all there is
        insort(self._kept, ((record.shard_id, record.sequence_number, self._came), said), key=lambda kept: kept[0])
        del self._kept[MOST_SHOWN:]

    @property
    def said(self) -> tuple[Said, ...]:
        """What is said of those that are kept, by shard and sequence number."""
        return tuple(said for _, said in list(self._kept))


def shown_data(data: bytes) -> str:
    """A record's data as text, as much as is shown of it; it ends with … if there is more.

    Args:
        data: Its bytes.
    """
    text = data.decode("utf-8", "replace")
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"

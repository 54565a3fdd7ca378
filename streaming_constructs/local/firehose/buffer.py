"""Firehose's buffering: records that become one S3 object, by the buffering hints of size and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from streaming_constructs.local.firehose.delivery_settings import BufferingHints
from streaming_constructs.local.firehose.format_conversion import UnconvertedRecord
from streaming_constructs.local.firehose.processing import DeliveryRecord

_MIB = 1_048_576
_PIECE_RECORDS = 5_000
"""How many records a body is given at once."""


class ObjectBody(Protocol):
    """An object that grows.

    Attributes:
        rows: How many rows it has.
    """

    rows: int

    def write(self, records: Sequence[bytes]) -> Sequence[UnconvertedRecord]:
        """Appends records.

        Args:
            records: The records.

        Returns:
            Those that could not be written.
        """

    def finish(self) -> bytes:
        """Ends it.

        Returns:
            Its bytes.
        """


class CountingBody:
    """Stands for a destination that is not there."""

    def __init__(self) -> None:
        """Has no row."""
        self.rows = 0

    def write(self, records: Sequence[bytes]) -> tuple[()]:
        self.rows += len(records)
        return ()

    def finish(self) -> bytes:
        return b""


@dataclass(slots=True)
class ObjectBuffer:
    """Records that become one object.

    Attributes:
        kind: What they are: data, copies, or a kind of errors.
        hints: When they are enough.
        body: The object.
        opened: When the first came, in seconds since 1970.
        oldest: The one that arrived first.
        records: How many there are.
        bytes: Their size.
        pending: Those that are not in the object yet.
        failed: Those that could not be written into it.
    """

    kind: str
    hints: BufferingHints
    body: ObjectBody
    opened: float
    oldest: DeliveryRecord
    records: int = 0
    bytes: int = 0
    pending: list[DeliveryRecord] = field(default_factory=list)
    failed: list[tuple[DeliveryRecord, UnconvertedRecord]] = field(default_factory=list)

    def add(self, item: DeliveryRecord) -> None:
        """Takes a record.

        Args:
            item: The record.
        """
        self.pending.append(item)
        self.records += 1
        self.bytes += len(item.data)
        if item.source.arrival < self.oldest.source.arrival:
            self.oldest = item
        if len(self.pending) == _PIECE_RECORDS:
            self.write()

    def write(self) -> None:
        """Gives what is pending to the body, which is smaller there."""
        failed = self.body.write([item.data for item in self.pending])
        self.failed += [(self.pending[unconverted.position], unconverted) for unconverted in failed]
        self.pending = []

    @property
    def is_full(self) -> bool:
        """Whether they are enough by their size."""
        return self.bytes >= self.hints.mib * _MIB

    @property
    def due(self) -> float:
        """When they are enough by their age, in seconds since 1970."""
        return self.opened + self.hints.seconds

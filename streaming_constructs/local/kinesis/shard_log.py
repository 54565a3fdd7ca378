"""The records of one Kinesis shard: their bytes in a temporary file, and 18 bytes of memory for each to find it by."""

from __future__ import annotations

import tempfile
import threading
import weakref
from array import array
from bisect import bisect_left, bisect_right
from typing import IO

from streaming_constructs.local.kinesis.record import Record

_TAIL_BYTES = 262_144
"""How much is kept in memory before it is written to the file: few system calls, and no file for a shard with little."""


class ShardLog:
    """An append-only log. Any number of threads may write and read it at the same time.

    Nothing is trimmed: records stay until the log is gone, also beyond the retention of their stream.

    Attributes:
        shard_id: The shard that it is of.
        starting_sequence_number: The number that the shard starts at; the first record has the next one.
    """

    def __init__(self, shard_id: str, starting_sequence_number: int) -> None:
        """Starts empty.

        Args:
            shard_id: The shard that it is of.
            starting_sequence_number: A number that is smaller than that of every record.
        """
        self.shard_id = shard_id
        self.starting_sequence_number = starting_sequence_number
        self._lock = threading.Lock()
        # A record is its key and its data. Record i lies between _ends[i] and _ends[i + 1].
        self._ends = array("Q", [0])
        self._key_bytes = array("H")
        self._arrivals = array("d")
        self._file: IO[bytes] | None = None
        self._in_file = 0
        self._tail = bytearray()

    @property
    def count(self) -> int:
        """How many records it has."""
        return len(self._arrivals)

    @property
    def byte_count(self) -> int:
        """How many bytes they have, with partition keys."""
        return self._ends[-1]

    @property
    def last_sequence_number(self) -> int:
        """The number of the last record; before there is one, the number that the shard starts at."""
        return self.starting_sequence_number + len(self._arrivals)

    def append(self, partition_key: str, data: bytes, arrival: float) -> int:
        """Adds a record.

        Args:
            partition_key: Its partition key.
            data: Its bytes.
            arrival: When it came in, in seconds since 1970. A time before that of the last record counts as the same: a
                thread may have asked for the time first and come second.

        Returns:
            Its sequence number.

        Raises:
            OSError: If the file takes no more. The record is not added then, and those before it can be read.
        """
        key = partition_key.encode("utf-8", "surrogatepass")
        with self._lock:
            if self._tail and len(self._tail) + len(key) + len(data) >= _TAIL_BYTES:
                self._write_tail()
            self._tail += key
            self._tail += data
            self._key_bytes.append(len(key))
            self._ends.append(self._in_file + len(self._tail))
            self._arrivals.append(max(arrival, self._arrivals[-1]) if self._arrivals else arrival)
            return self.last_sequence_number

    def read(self, after: int, limit: int, max_bytes: int) -> list[Record]:
        """The records that follow a position, in their order; it takes as long as there are records in the answer.

        Args:
            after: A sequence number. One before the shard's start stands for the start.
            limit: How many records at most.
            max_bytes: How many bytes at most, with partition keys. The first record is given even if it has more: a reader
                would never get past it.
        """
        with self._lock:
            first = min(max(after - self.starting_sequence_number, 0), self.count)
            end = min(first + limit, self.count)
            begin = self._ends[first]
            fitting = bisect_right(self._ends, begin + max_bytes, first, end + 1) - 1
            end = max(fitting, min(first + 1, end))
            ends = self._ends[first + 1 : end + 1]
            key_bytes = self._key_bytes[first:end]
            arrivals = self._arrivals[first:end]
            content = self._content(begin, self._ends[end])
        records = []
        at, sequence_number = 0, self.starting_sequence_number + first
        for record_end, length, arrival in zip(ends, key_bytes, arrivals, strict=True):
            data_at, next_at = at + length, record_end - begin
            key = content[at:data_at].decode("utf-8", "surrogatepass")
            sequence_number += 1
            records.append(Record(self.shard_id, sequence_number, key, content[data_at:next_at], arrival))
            at = next_at
        return records

    def after_timestamp(self, arrival: float) -> int:
        """The position from which `read` gives the records that came in at a time or later.

        Args:
            arrival: Seconds since 1970.
        """
        with self._lock:
            return self.starting_sequence_number + bisect_left(self._arrivals, arrival)

    def first_arrival(self, after: int) -> float | None:
        """When the first record behind a position came in; None: there is none.

        Args:
            after: A sequence number.
        """
        with self._lock:
            first = max(after - self.starting_sequence_number, 0)
            return self._arrivals[first] if first < len(self._arrivals) else None

    def _write_tail(self) -> None:
        """Moves what is kept in memory into the file: all of it, or nothing where the file does not take it."""
        if self._file is None:
            # Without a buffer: what a write that failed left there, each later read would try to write again.
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it lives as long as the log
            weakref.finalize(self, self._file.close)
        self._file.seek(self._in_file)
        written = 0
        with memoryview(self._tail) as tail:
            while written < len(tail):
                written += self._file.write(tail[written:])
        self._in_file += written
        self._tail.clear()

    def _content(self, begin: int, end: int) -> bytes:
        """The bytes between two places, of which some may be in the file and the rest in memory."""
        tail = bytes(self._tail[max(begin - self._in_file, 0) : max(end - self._in_file, 0)])
        if self._file is None or begin >= self._in_file:
            return tail
        self._file.seek(begin)
        content = bytearray()
        while missing := min(end, self._in_file) - begin - len(content):
            content += self._file.read(missing)
        return bytes(content + tail)

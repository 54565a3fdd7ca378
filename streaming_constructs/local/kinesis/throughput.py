"""Throughput limits of a Kinesis shard, for writes, shared reads and enhanced fan-out: token buckets that are given the time.

AWS states rates, and not over which time it averages them. Here a bucket holds what one second gives: whoever was silent for
a second may write or read a second's worth at once, and no more than the rate after that. That is a reading, not a quotation.

Source of the rates: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
"""

from __future__ import annotations

import math
import threading

from streaming_constructs.facts import kinesis

MIB = 1_048_576
_SLACK_SECONDS = 1e-6
"""Seconds since 1970 are exact to a quarter of a microsecond. Without slack, waiting until the moment that a bucket names
might be waiting for a hair too little, again and again."""


class _Bucket:
    """Holds what one second gives, and may owe."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._level, self._at = per_second, -math.inf

    def level(self, now: float) -> float:
        return min(self.per_second, self._level + max(now - self._at, 0.0) * self.per_second)

    def available_at(self, amount: float, now: float) -> float:
        """When there will be an amount; of one that is larger than the bucket, when that is full."""
        missing = min(amount, self.per_second) - self.level(now)
        seconds = missing / self.per_second
        return now if seconds <= _SLACK_SECONDS else max(now, self._at) + seconds

    def take(self, amount: float, now: float) -> None:
        self._level, self._at = self.level(now) - amount, max(now, self._at)


class ShardWrites:
    """What may be written to a shard: 1,000 records and 1 MiB a second.

    A record that is larger than 1 MiB is taken when a second's worth is there, and paid for afterwards. AWS describes the
    same in words (a burst, then the average of 1 MiB/s), without its numbers; that the burst needs a full second is a reading.
    Source: https://docs.aws.amazon.com/streams/latest/dev/large-records.html
    """

    def __init__(self) -> None:
        self._records = _Bucket(kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value)
        self._bytes = _Bucket(kinesis.SHARD_WRITE_MIB_PER_SECOND.value * MIB)

    def try_take(self, bytes_: int, now: float) -> bool:
        """Takes the room for one record, if there is.

        Args:
            bytes_: The record's size, with its partition key.
            now: The time, in seconds.

        Returns:
            Whether there was.
        """
        if self.available_at(bytes_, now) > now:
            return False
        self._records.take(1, now)
        self._bytes.take(bytes_, now)
        return True

    def available_at(self, bytes_: int, now: float) -> float:
        """When there will be room for one record, if nobody else writes; `now` if there is.

        Args:
            bytes_: The record's size, with its partition key.
            now: The time, in seconds.
        """
        return max(self._records.available_at(1, now), self._bytes.available_at(bytes_, now))


class _Reads:
    """What may be read in a second; threads may ask at the same time.

    How much a read gives is known after it. So a read is allowed while nothing is owed; one that gives more than is left
    makes all others wait until a whole second's worth is there again. From a full bucket, 10 MiB are 5 seconds, as AWS says
    of GetRecords; that other sizes follow the same line is a reading.
    Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
    """

    def __init__(self, mib_per_second: float) -> None:
        self._bytes = _Bucket(mib_per_second * MIB)
        self._paid_at = -math.inf
        self._lock = threading.Lock()

    def try_take(self, now: float) -> bool:
        """Begins a read, if one is allowed; what it gave is to be told to `charge`.

        Args:
            now: The time, in seconds.

        Returns:
            Whether it is.
        """
        with self._lock:
            allowed = self.available_at(now) <= now
            if allowed:
                self._count(now)
            return allowed

    def charge(self, bytes_: int, now: float) -> None:
        """Takes what a read gave.

        Args:
            bytes_: Its size.
            now: The time, in seconds.
        """
        with self._lock:
            self._bytes.take(bytes_, now)
            if self._bytes.level(now) < 0:
                self._paid_at = self._bytes.available_at(self._bytes.per_second, now)

    def available_at(self, now: float) -> float:
        """When a read will be allowed, if nobody else reads; `now` if it is.

        Args:
            now: The time, in seconds.
        """
        return max(now, self._paid_at)

    def _count(self, now: float) -> None:
        """Counts a read; how many there are is no matter here."""


class FanOutReads(_Reads):
    """What an enhanced fan-out consumer may read of one shard: 2 MiB a second, for itself alone."""

    def __init__(self) -> None:
        super().__init__(kinesis.FAN_OUT_READ_MIB_PER_SECOND.value)


class ShardReads(_Reads):
    """What all shared readers of a shard together may read: 2 MiB a second, in 5 calls of GetRecords."""

    def __init__(self) -> None:
        super().__init__(kinesis.SHARD_READ_MIB_PER_SECOND.value)
        self._calls = _Bucket(kinesis.SHARD_GET_RECORDS_PER_SECOND.value)

    def available_at(self, now: float) -> float:
        return max(super().available_at(now), self._calls.available_at(1, now))

    def _count(self, now: float) -> None:
        self._calls.take(1, now)

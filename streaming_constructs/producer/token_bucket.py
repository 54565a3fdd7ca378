"""Limits of what a producer sends: token buckets for bytes and for records a second, which are given the time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from streaming_constructs.facts.kinesis import SHARD_WRITE_MIB_PER_SECOND, SHARD_WRITE_RECORDS_PER_SECOND

_MIB = 1_048_576
_SLACK_SECONDS = 1e-6
"""What was waited for is there, although floats say that a hair is missing."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The most that a producer sends.

    Attributes:
        bytes_per_second: Of data and partition keys. None: no limit.
        records_per_second: Records of the stream; an aggregated one counts once. None: no limit.
    """

    bytes_per_second: float | None = None
    records_per_second: float | None = None

    def __post_init__(self) -> None:
        if any(rate is not None and rate <= 0 for rate in (self.bytes_per_second, self.records_per_second)):
            raise ValueError("a rate is more than 0, or None")

    @classmethod
    def of_shards(cls, shards: int, share: float = 1.0) -> Self:
        """What a number of shards takes: 1 MiB and 1,000 records a second each.

        Args:
            shards: The number.
            share: This producer's part of it, where several write to the stream.
        """
        return cls(
            shards * share * SHARD_WRITE_MIB_PER_SECOND.value * _MIB,
            shards * share * SHARD_WRITE_RECORDS_PER_SECOND.value,
        )


class TokenBucket:
    """Holds what one second gives. It may owe: a record that is larger than it is paid for afterwards."""

    def __init__(self, per_second: float | None) -> None:
        """Fills it.

        Args:
            per_second: The rate. None: it never ends.
        """
        self._rate = math.inf if per_second is None else per_second
        self._size = max(1.0, self._rate)
        self._level, self._at = self._size, -math.inf

    def level(self, now: float) -> float:
        """What it holds.

        Args:
            now: The time, in seconds.
        """
        if math.isinf(self._rate):
            return math.inf
        return min(self._size, self._level + max(now - self._at, 0.0) * self._rate)

    def take(self, amount: float, now: float) -> None:
        """Takes from it, more than there is if need be.

        Args:
            amount: How much.
            now: The time, in seconds.
        """
        if not math.isinf(self._rate):
            self._level, self._at = self.level(now) - amount, max(now, self._at)

    def ready_at(self, now: float) -> float:
        """When there is one at least; `now` if there is.

        Args:
            now: The time, in seconds.
        """
        missing = 1.0 - self.level(now)
        return now if missing <= self._rate * _SLACK_SECONDS else now + missing / self._rate

"""Lanes: records that keep their order among themselves, of which one record of the stream at a time is on its way."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Hashable
from heapq import heappop, heappush
from itertools import count

from streaming_constructs.producer.record import Pending


class Lane:
    """Records in the order in which they were accepted.

    Attributes:
        name: A partition key, the id of a shard, or the number of a record that keeps no order.
        waiting: Its records, the one that is sent next first. One that is on its way stays in it until its end.
        bytes: Their size.
        by_shard: Whether it has all keys of a shard.
    """

    __slots__ = ("by_shard", "bytes", "name", "waiting")

    def __init__(self, name: Hashable, *, by_shard: bool) -> None:
        """An empty one.

        Args:
            name: Its name.
            by_shard: Whether it has all keys of a shard.
        """
        self.name = name
        self.by_shard = by_shard
        self.waiting: deque[Pending] = deque()
        self.bytes = 0

    def aggregated_key(self, first_key: str) -> tuple[str, dict[str, str]]:
        """Partition key and hash key of an aggregated record of it.

        Records of several keys have, as those of the Kinesis Producer Library do, one that is always the same: a mapping of
        Lambda that works on several batches of a shard at once keeps them in order then.

        Args:
            first_key: The partition key of its first record.
        """
        if not self.by_shard:
            return first_key, {}
        return "a", {"ExplicitHashKey": str(hash_key(first_key))}

    def drop(self, pending: Pending) -> None:
        """Takes a record out, if it is still in: it has its end.

        Args:
            pending: The record; usually the first.
        """
        if pending in self.waiting:
            self.waiting.remove(pending)
            self.bytes -= pending.record.bytes


def hash_key(partition_key: str) -> int:
    """Where a partition key falls among the hash keys of the shards.

    Source: https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html, read 2026-11-21

    Args:
        partition_key: The key.
    """
    return int.from_bytes(hashlib.md5(partition_key.encode(), usedforsecurity=False).digest(), "big")


class Lanes:
    """All lanes: those that may send, and those that wait after a refusal."""

    def __init__(self) -> None:
        self._by_name: dict[Hashable, Lane] = {}
        self._ready: deque[Lane] = deque()
        self._resting: list[tuple[float, int, Lane]] = []
        self._turn = count()

    def __len__(self) -> int:
        """How many may send."""
        return len(self._ready)

    def add(self, name: Hashable, pending: Pending, *, by_shard: bool) -> Lane:
        """Puts a record behind the others of its lane.

        Args:
            name: The lane's name.
            pending: The record.
            by_shard: Whether a lane has all keys of a shard.

        Returns:
            The lane.
        """
        lane = self._by_name.get(name) or Lane(name, by_shard=by_shard)
        lane.waiting.append(pending)
        lane.bytes += pending.record.bytes
        # In this order: Ctrl-C may end it after any step, and must not leave a lane that is known and never sends.
        if name not in self._by_name:
            self._ready.append(lane)
            self._by_name[name] = lane
        return lane

    def wake(self, now: float) -> None:
        """Has lanes whose pause is over send before the others.

        Args:
            now: The time, in seconds.
        """
        while self._resting and self._resting[0][0] <= now:
            self._ready.appendleft(heappop(self._resting)[2])

    def wakes_at(self) -> float | None:
        """When the next pause is over; None if no lane rests."""
        return self._resting[0][0] if self._resting else None

    def first(self) -> Lane | None:
        """The lane that sends next."""
        return self._ready[0] if self._ready else None

    def take(self) -> Lane:
        """Takes that lane: it sends nothing more before it is back."""
        return self._ready.popleft()

    def back(self, lane: Lane, rests_until: float | None) -> None:
        """Has a lane send again, if it has anything.

        Args:
            lane: The lane.
            rests_until: Until when it pauses. None: not at all.
        """
        if not lane.waiting:
            if self._by_name.get(lane.name) is lane:
                del self._by_name[lane.name]
        elif rests_until is None:
            self._ready.append(lane)
        else:
            heappush(self._resting, (rests_until, next(self._turn), lane))

    def clear(self) -> None:
        """Forgets all lanes, also those that are taken; whoever has their records may add them anew."""
        for lane in self._by_name.values():
            lane.waiting.clear()
        self._by_name.clear()
        self._ready.clear()
        self._resting.clear()

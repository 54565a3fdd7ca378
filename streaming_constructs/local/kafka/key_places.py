"""Where the keys of a topic are: whether one is on several partitions, and which would be elsewhere for another producer."""

from __future__ import annotations

from streaming_constructs.planning.numbers import counted
from streaming_constructs.planning.partition_keys.kafka_partitioner import (
    java_partition,
    librdkafka_partition,
    partitioner_difference,
)

MOST_KEYS = 10_000
"""How many different keys are looked at: as many tell the share to a percent."""


class KeyPlaces:
    """The partitions of the first keys of a topic. One thread at a time may write; any may look."""

    def __init__(self) -> None:
        self._places: dict[bytes, set[int]] = {}

    def add(self, key: bytes | None, partition: int) -> None:
        """Notes where a record is.

        Args:
            key: Its key; one without is anywhere.
            partition: The partition.
        """
        if key is None:
            return
        places = self._places.get(key)
        if places is not None:
            places.add(partition)
        elif len(self._places) < MOST_KEYS:
            self._places[key] = {partition}

    @property
    def split(self) -> str:
        """Which keys are on several partitions, in one sentence; empty if none is."""
        places = dict(self._places)
        split = [key for key, found in places.items() if len(found) > 1]
        if not split:
            return ""
        where = " and ".join(map(str, sorted(places[split[0]])))
        return (
            f"{len(split):,} of {counted(len(places), 'key')} {'is' if len(split) == 1 else 'are'} on several partitions, such "
            f"as `{_shown(split[0])}` on {where}: producers differ; let all have partitioner=murmur2_random"
        )

    def elsewhere(self, partitions: int) -> str:
        """Which keys another kind of producer puts on another partition, in one sentence; empty if none.

        Args:
            partitions: How many partitions the topic has.
        """
        found = partitioner_difference(list(self._places), partitions)
        if found.example is None:
            return ""
        theirs = librdkafka_partition(found.example, partitions)
        return (
            f"librdkafka's default puts {found.share:.0%} of {counted(found.keys, 'key')} elsewhere than Java's, such as "
            f"`{_shown(found.example)}` on {'any' if theirs is None else theirs} in place of "
            f"{java_partition(found.example, partitions)}"
        )


def _shown(key: bytes) -> str:
    return key[:40].decode(errors="backslashreplace")

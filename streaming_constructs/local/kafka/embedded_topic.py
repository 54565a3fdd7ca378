"""A topic in a rehearsal: the log that has it, what went into it, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from streaming_constructs.local.kafka.local_configs import CLEANUP_POLICY, MAX_MESSAGE, MAX_MESSAGE_BYTES
from streaming_constructs.local.kafka.topic_counter import TopicCounter
from streaming_constructs.local.kafka.topic_log import TopicLog

TOO_LARGE = "too large"
KEYLESS = "without a key, and a compacted topic takes none without"
"""Why records are refused."""
_BATCH_BYTES = 70
"""About what a batch of one record takes beside key and value."""


@dataclass(slots=True)
class TopicGroup:
    """Who reads a topic.

    Attributes:
        reader: What people call it.
        group: The id of its consumer group.
        committed: Tells how far it has come: the offset that it reads next, by partition; without a commit, none.
        starts: Where it began, by partition.
    """

    reader: str
    group: str
    committed: Callable[[], Mapping[int, int]]
    starts: Mapping[int, int]


@dataclass(slots=True)
class EmbeddedTopic:
    """A topic.

    Attributes:
        cluster: The ARN of its cluster.
        name: Its name in Kafka.
        log: The log that has it.
        configs: Its configurations, as the template has them.
        counter: What went into it.
        groups: Who reads it.
    """

    cluster: str
    name: str
    log: TopicLog
    configs: dict[str, str]
    counter: TopicCounter
    groups: list[TopicGroup] = field(default_factory=list)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return topic_arn(self.cluster, self.name)

    @property
    def largest_bytes(self) -> int:
        """The largest batch of records that it takes."""
        return int(self.configs.get(MAX_MESSAGE, MAX_MESSAGE_BYTES))

    def refusal(self, key: bytes | None, value: bytes | None) -> str:
        """Why it will never take a record; empty: nothing is known against it.

        Args:
            key: Its key.
            value: Its value.
        """
        if len(key or b"") + len(value or b"") + _BATCH_BYTES > self.largest_bytes:
            return TOO_LARGE
        is_compacted = "compact" in self.configs.get(CLEANUP_POLICY, "")
        return KEYLESS if key is None and is_compacted else ""


def topic_arn(cluster: str, topic: str) -> str:
    """The ARN of a topic.

    Source: https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html

    Args:
        cluster: The ARN of its cluster.
        topic: Its name.
    """
    head, _, names = cluster.partition(":cluster/")
    return f"{head}:topic/{names}/{topic}"

"""What of a topic is there to stay: its records, for how long, in how many partitions and replicas, and in which tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streaming_constructs.planning.numbers import duration
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.kept import Kept, State, is_switched_off


def topic_state(topic: TopicPlan) -> State:
    """What a topic holds.

    Args:
        topic: The topic with its numbers.
    """
    spec = topic.spec
    identity = Kept(
        "the topic",
        spec.arn or f"{spec.cluster}/{topic.topic}",
        ("arn",) if spec.arn is not None else ("topic",) if spec.topic is not None else ("cluster",),
        "EVO973",
        note="CloudFormation makes another topic, which is empty; readers begin in it where their `starting_position` says, "
        "and never read what they had not read in this one",
        help="put it back, and add the other topic as a node of its own",
    )
    if spec.arn is not None:
        return State("nothing of the topic itself changes", "nothing of the topic itself changes", (identity,))
    if topic.cluster.is_serverless:
        # It is no resource of the stack: a client creates, changes and deletes it.
        stays = "the topic stays in its cluster with its records, as no deployment touches it"
        return State(stays, stays, (identity,))
    return State(
        stays="the topic stays in its cluster with its records, outside of the stack; a node of its name fails to create it",
        goes="the topic is deleted with its records",
        kept=(identity, *_settings(topic)),
        removal_policy=spec.removal_policy,
    )


def _settings(topic: TopicPlan) -> tuple[Kept, ...]:
    spec = topic.spec
    return (
        Kept(
            "the number of replicas",
            topic.replicas,
            ("replication_factor",) if spec.replication_factor is not None else ("cluster",),
            "EVO973",
            note="CloudFormation makes another topic, which is empty, and takes this one out of the stack",
        ),
        Kept(
            "the number of partitions",
            topic.partitions,
            ("partitions",) if spec.partitions is not None else ("workload",),
            "EVO971",
            note="Kafka adds partitions, and never takes one away",
            help=f"put it back: `partitions: {topic.partitions}`",
            is_broken=_is_fewer,
        ),
        Kept(
            "the number of partitions",
            topic.partitions,
            ("partitions",) if spec.partitions is not None else ("workload",),
            "EVO975",
            note=f"records of one key {'(`' + spec.partition_key + '`) ' if spec.partition_key else ''}go to another partition "
            "than those before, and are read beside them, in any order",
            help="let readers get up to date before it, or write to a new topic",
            is_broken=_is_more,
            is_mild=True,
        ),
        Kept(
            "the cleanup policy",
            ",".join(sorted(spec.cleanup_policy)),
            ("cleanup_policy",),
            "EVO975",
            note="with `compact` all but the last record of each key go; without it the last ones go after the retention",
            help="put it back, or write to a new topic",
        ),
        Kept(
            "the encoding of values",
            topic.encoding,
            ("encoding",),
            "EVO975",
            note="what is there is written in the other way: Lambda gives up what it cannot decode, sink connectors fail on it",
            help="put it back, or write to a new topic",
        ),
        Kept(
            "the retention",
            None if spec.cleanup_policy == ("compact",) else _Retention(spec.retention_ms),
            (spec.retention_field,),
            "EVO975",
            note="records that are older are gone at the next look at them, also for readers that are late",
            help="put it back, or wait until all readers are up to date",
            is_broken=_is_shorter,
        ),
        Kept(
            "that it is tiered",
            spec.is_tiered,
            (spec.local_field,),
            "EVO971",
            note="MSK switches tiered storage of a topic off once, by a key of its own and for good; what was there is deleted",
            help="put it back",
            is_broken=is_switched_off,
        ),
    )


def _is_fewer(before: Any, after: Any) -> bool:
    return before is not None and after is not None and after < before


def _is_more(before: Any, after: Any) -> bool:
    return before is not None and after is not None and after > before


@dataclass(frozen=True, slots=True)
class _Retention:
    """How long records are kept, told as people say it.

    Attributes:
        milliseconds: The time; -1 for ever.
    """

    milliseconds: int

    def __str__(self) -> str:
        return "unlimited" if self.milliseconds == -1 else duration(self.milliseconds / 1000)


def _is_shorter(before: _Retention | None, after: _Retention | None) -> bool:
    """Whether a retention became shorter; a topic that is compacted alone has none, which its cleanup policy says."""
    if before is None or after is None or after.milliseconds == -1:
        return False
    return before.milliseconds == -1 or after.milliseconds < before.milliseconds

"""What a system says of its topics that no template does: keys, and topics that are no resources of CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec

if TYPE_CHECKING:
    from streaming_constructs.planning import PipelinePlan


@dataclass(frozen=True, slots=True)
class PlannedTopic:
    """A topic, as a system has it.

    Attributes:
        stream: Its name in the spec.
        cluster: The name of its cluster there.
        cluster_arn: The ARN of its cluster, where that is an existing one.
        topic: Its name in Kafka.
        partitions: How many partitions it has.
        configs: Its configurations.
        key_field: The field of a record that producers key by; empty: they choose.
        is_resource: Whether the template creates it. A topic of a serverless cluster is created by a client.
    """

    stream: str
    cluster: str
    cluster_arn: str
    topic: str
    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)
    key_field: str = ""
    is_resource: bool = True


def planned_topics(plan: PipelinePlan) -> list[PlannedTopic]:
    """The topics of a system that are not there before it.

    Args:
        plan: The system.
    """
    return [
        PlannedTopic(
            topic.name,
            topic.spec.cluster,
            topic.cluster.arn or "",
            topic.topic,
            topic.partitions or 1,
            topic.configs,
            topic.spec.partition_key or "",
            not isinstance(topic.cluster, MskServerlessClusterSpec),
        )
        for topic in plan.sections["streams"].values()
        if isinstance(topic, TopicPlan) and topic.spec.arn is None
    ]

"""What a system says of its topics that no template does: keys, and topics that are no resources of CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streaming_constructs.local.event_targets import key_fields
from streaming_constructs.local.kafka.local_configs import server_properties_here
from streaming_constructs.local.kafka.topic_keeper import ClusterSettings
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.clusters.msk import MskClusterSpec
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
        key_field: The key in the JSON of a record that producers key by; empty: they choose.
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
    keys = key_fields(plan.spec)
    return [
        PlannedTopic(
            topic.name,
            topic.spec.cluster,
            topic.cluster.arn or "",
            topic.topic,
            topic.partitions or 1,
            topic.configs,
            keys.get(topic.name, ""),
            not isinstance(topic.cluster, MskServerlessClusterSpec),
        )
        for topic in plan.sections["streams"].values()
        if isinstance(topic, TopicPlan) and topic.spec.arn is None
    ]


def planned_clusters(plan: PipelinePlan) -> list[ClusterSettings]:
    """What the logs behind the clusters of a system will be told, so that they can be opened before it is deployed.

    Args:
        plan: The system.
    """
    settings = []
    for cluster in plan.sections["clusters"].values():
        spec = cluster.spec
        if isinstance(cluster, BrokerClusterPlan) and cluster.spec.arn is None:
            is_tiered = isinstance(spec, MskClusterSpec) and spec.storage_mode == "tiered"
            settings.append(ClusterSettings(server_properties_here(cluster.server_properties), is_tiered))
        elif isinstance(spec, MskServerlessClusterSpec) and spec.arn is None:
            settings.append(ClusterSettings({}, is_tiered=False))
    return settings

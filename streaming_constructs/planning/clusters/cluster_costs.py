"""What clusters of Kafka have in common in what they cost: what their topics carry and keep, and who reaches what from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts import msk
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.facts.vpc_endpoints import VPC_ENDPOINTS
from streaming_constructs.planning.costs import vpc
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of
from streaming_constructs.planning.streams.kafka import FOR_EVER_HOURS

if TYPE_CHECKING:
    from streaming_constructs.planning.clusters.vpc_endpoints import EndpointNeed
    from streaming_constructs.planning.streams.kafka import TopicPlan


def written_gib(topics: Iterable[TopicPlan]) -> float:
    """What is written to topics in a month, in GiB; of those whose workload is known.

    Args:
        topics: The topics.
    """
    return sum(flow.gib(HOURS_A_MONTH) for topic in topics if (flow := flow_of(topic.workload)) is not None)


def read_gib(topics: Iterable[TopicPlan]) -> float:
    """What all readers of topics read in a month, in GiB.

    Args:
        topics: The topics.
    """
    return sum(written_gib([topic]) * len(topic.readers) for topic in topics)


def kept_gib(topics: Iterable[TopicPlan]) -> float:
    """What topics keep, each record once, in GiB; of those that keep for a time.

    Args:
        topics: The topics.
    """
    timed = [topic for topic in topics if topic.retention_hours < FOR_EVER_HOURS]
    return sum(flow.gib(topic.retention_hours) for topic in timed if (flow := flow_of(topic.workload)) is not None)


def not_known(topics: Sequence[TopicPlan], *, storage: bool) -> Iterator[Charge]:
    """What of topics is charged, and cannot be reckoned.

    Args:
        topics: The topics.
        storage: Whether what is stored is charged, and not the volumes that it is on.
    """
    silent = [topic.name for topic in topics if topic.workload is None]
    if silent or not topics:
        yield unknown("records", f"{NO_WORKLOAD} of {', '.join(silent) or 'any topic'}")
    endless = [topic.name for topic in topics if topic.retention_hours >= FOR_EVER_HOURS]
    if endless and storage:
        yield unknown("storage", f"{', '.join(endless)} kept without end")


def endpoint_costs(needs: Iterable[EndpointNeed]) -> Iterator[Charge]:
    """The charges of the interface endpoints of the VPC that is created for a cluster.

    Args:
        needs: What is reached from it.
    """
    services = {service for need in needs for service in need.services}
    interfaces = [service for service in services if not VPC_ENDPOINTS[service].is_gateway]
    if interfaces:
        yield from vpc.endpoints(len(interfaces), msk.ZONES.maximum)

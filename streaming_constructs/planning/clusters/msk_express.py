"""How many Express brokers of which type.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html#msk-express-quota
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import (
    BrokerClusterPlan,
    ClusterLoad,
    in_system,
    load_lines,
    load_of,
    planned_properties,
    topics_of,
)
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy


def plan_node(name: str, spec: MskExpressClusterSpec, neighbours: Neighbours) -> BrokerClusterPlan:
    """Gives a cluster of a system its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: Its topics.
    """
    return in_system(plan_express_cluster(name, spec, topics_of(neighbours)), neighbours)


def plan_express_cluster(
    name: str,
    spec: MskExpressClusterSpec,
    topics: Sequence[TopicPlan] = (),
    removal_policy: RemovalPolicy = "retain",
) -> BrokerClusterPlan:
    """Gives a cluster its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for; what it gives is kept.
        topics: Its topics.
        removal_policy: Whether its data is kept when it leaves the stack.
    """
    load = load_of(topics)
    type_, brokers = _brokers(spec, load)
    return BrokerClusterPlan(
        name=name,
        spec=spec,
        removal_policy=removal_policy,
        topics=tuple(topics),
        load=load,
        instance_type=type_,
        brokers=brokers,
        volume_gb=None,
        server_properties=planned_properties(spec),
        working=(*load_lines(topics, load), *_working(spec, load, type_, brokers)),
        shortfalls=tuple(_shortfalls(spec, load, type_, brokers)),
    )


def express_brokers_for(load: ClusterLoad, type_: str) -> int:
    """How many Express brokers of a type carry a load at all times: a multiple of 3.

    What AWS publishes as sustained is two thirds of the quota, so it has its headroom in it.

    Args:
        load: What its topics ask of it.
        type_: The type.
    """
    return max(1, math.ceil(Fraction(_needed(load, type_), _zones()))) * _zones()


def _zones() -> int:
    return int(msk.EXPRESS_ZONES.value)


def _needed(load: ClusterLoad, type_: str) -> int:
    return max(1, *(math.ceil(term) for term in _terms(load, type_)))


def _terms(load: ClusterLoad, type_: str) -> tuple[Fraction, Fraction, Fraction]:
    broker = msk.EXPRESS_BROKERS[type_]
    return (
        load.written / exact(broker.ingress_mib_per_second),
        load.read / exact(broker.egress_mib_per_second),
        Fraction(load.partitions, broker.partitions),
    )


def _brokers(spec: MskExpressClusterSpec, load: ClusterLoad) -> tuple[str, int]:
    types = (str(spec.instance_type),) if spec.instance_type else tuple(msk.EXPRESS_BROKERS)
    most, choices = int(msk.BROKERS_KRAFT.value), []
    for type_ in types:
        needed = express_brokers_for(load, type_)
        count = spec.brokers or min(needed, most)
        fits = count >= needed if spec.brokers is None else count >= _needed(load, type_)
        vcpus = msk.EXPRESS_BROKERS[type_].vcpus
        choices.append(((not fits, count * vcpus if fits else -vcpus, count), type_, count))
    _, type_, count = min(choices)
    return type_, count


def _shortfalls(spec: MskExpressClusterSpec, load: ClusterLoad, type_: str, brokers: int) -> Iterator[str]:
    """What the cluster does not carry, against the quotas of its brokers."""
    broker, needed = msk.EXPRESS_BROKERS[type_], express_brokers_for(load, type_)
    if spec.brokers is None and needed > brokers:
        yield f"{needed:,} brokers would carry it at all times, and a cluster has {brokers:,} at most"
    for what, asked, each, unit in (
        ("written", load.written, exact(broker.ingress_most), "MiB/s"),
        ("read", load.read, exact(broker.egress_most), "MiB/s"),
        ("partitions with their replicas", Fraction(load.partitions), Fraction(broker.partitions_most), ""),
    ):
        if asked > brokers * each:
            yield (
                f"{number(asked)} {unit} {what}, and {brokers:,} x {number(each)} are {number(brokers * each)}".replace(
                    "  ", " "
                )
            )


def _working(spec: MskExpressClusterSpec, load: ClusterLoad, type_: str, brokers: int) -> Iterator[str]:
    if load.is_known:
        broker, (written, read, room) = msk.EXPRESS_BROKERS[type_], _terms(load, type_)
        yield f"written: {number(load.written)} MiB/s ÷ {broker.ingress_mib_per_second:g} MiB/s a {type_} = {number(written)}"
        yield f"read: {number(load.read)} MiB/s ÷ {broker.egress_mib_per_second:g} MiB/s = {number(read)}"
        yield f"partitions with replicas: {load.partitions:,} ÷ {broker.partitions:,} that AWS recommends = {number(room)}"
    given = [name for name in ("instance_type", "brokers") if getattr(spec, name) is not None]
    why = f", {', '.join(given)} as given" if given else ""
    yield f"brokers: {brokers:,} x {type_}, a multiple of the {_zones()} zones{why}"

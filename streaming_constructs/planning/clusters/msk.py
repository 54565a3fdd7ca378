"""How many Standard brokers of which type, and how large their volumes have to be.

Source of the formulas: https://aws.amazon.com/blogs/big-data/best-practices-for-right-sizing-your-apache-kafka-clusters-to-optimize-performance-and-cost/
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
from streaming_constructs.planning.streams.kafka import TopicPlan, headroom
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy

UNKNOWN_VOLUME_GIB = 100
"""Room to begin with, where nothing is known of what is kept."""
LEAST_VOLUME_GIB = 10
FEW_BROKERS = 12
"""More than these of a type are more trouble than fewer of a larger one, which costs the same."""


def plan_node(name: str, spec: MskClusterSpec, neighbours: Neighbours) -> BrokerClusterPlan:
    """Gives a cluster of a system its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: Its topics.
    """
    return in_system(plan_cluster(name, spec, topics_of(neighbours)), neighbours)


def plan_cluster(
    name: str,
    spec: MskClusterSpec,
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
    volume = _volume(spec, load, brokers)
    return BrokerClusterPlan(
        name=name,
        spec=spec,
        removal_policy=removal_policy,
        topics=tuple(topics),
        load=load,
        instance_type=type_,
        brokers=brokers,
        volume_gb=volume,
        server_properties=planned_properties(spec),
        working=(*load_lines(topics, load), *_working(spec, load, type_, brokers, volume)),
        shortfalls=tuple(_shortfalls(spec, load, type_, brokers, volume)),
    )


def volume_mib_per_second(spec: MskClusterSpec, type_: str) -> Fraction:
    """What one broker writes to its volume, in MiB/s: the less of what its instance and its volume take.

    Args:
        spec: The cluster.
        type_: The type of its brokers.
    """
    volume = spec.volume_throughput_mb_per_second or msk.VOLUME_MIB_PER_SECOND.value
    return min(exact(msk.STANDARD_BROKERS[type_].storage_mib_per_second), exact(volume))


def brokers_for(spec: MskClusterSpec, load: ClusterLoad, type_: str) -> int:
    """How many brokers of a type carry a load, with 40 % to spare: a multiple of the zones.

    `1.4 × each replica's bytes ÷ what a broker writes`, `1.4 × bytes sent ÷ what a broker sends`, as many as have room for the
    partitions, and `1.4 × what is kept ÷ the largest volume`; the most of the four, and no fewer than a topic has replicas.

    Args:
        spec: The cluster.
        load: What its topics ask of it.
        type_: The type.
    """
    return max(math.ceil(Fraction(_needed(spec, load, type_), spec.zones())), 1) * spec.zones()


def _needed(spec: MskClusterSpec, load: ClusterLoad, type_: str) -> int:
    return max(load.replicas, *(math.ceil(term) for term in _terms(spec, load, type_)))


def _terms(spec: MskClusterSpec, load: ClusterLoad, type_: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    broker = msk.STANDARD_BROKERS[type_]
    largest = spec.max_volume_gb or spec.volume_gb or msk.VOLUME_GIB.maximum
    return (
        headroom() * load.replicated / volume_mib_per_second(spec, type_),
        headroom() * load.sent / exact(broker.network_mib_per_second),
        Fraction(load.partitions, broker.partitions),
        headroom() * load.stored_gib / largest,
    )


def _most_brokers(spec: MskClusterSpec) -> int:
    return int((msk.BROKERS_KRAFT if spec.version.is_kraft else msk.BROKERS_ZOOKEEPER).value)


def _brokers(spec: MskClusterSpec, load: ClusterLoad) -> tuple[str, int]:
    """The type and number that cost least; of a given type or number, the other."""
    types = (str(spec.instance_type),) if spec.instance_type else msk.PLANNED_BROKERS
    most, choices = _most_brokers(spec) // spec.zones() * spec.zones(), []
    for type_ in types:
        needed = brokers_for(spec, load, type_)
        count = spec.brokers or min(needed, most)
        fits = count >= needed if spec.brokers is None else count >= _needed(spec, load, type_)
        vcpus = msk.STANDARD_BROKERS[type_].vcpus
        # What does not carry the load is chosen last, and the largest of it: a finding says what it lacks.
        choices.append(((not fits, count > FEW_BROKERS, count * vcpus if fits else -vcpus, count), type_, count))
    _, type_, count = min(choices)
    return type_, count


def _volume(spec: MskClusterSpec, load: ClusterLoad, brokers: int) -> int:
    if spec.volume_gb is not None:
        return spec.volume_gb
    least = UNKNOWN_VOLUME_GIB if load.endless or not load.stored_gib else LEAST_VOLUME_GIB
    most = spec.max_volume_gb or msk.VOLUME_GIB.maximum
    return min(max(math.ceil(headroom() * load.stored_gib / brokers), least), most)


def _shortfalls(spec: MskClusterSpec, load: ClusterLoad, type_: str, brokers: int, volume: int) -> Iterator[str]:
    """What the cluster does not carry, in numbers; of load without what is to be spare."""
    by_volume, by_network = (term / headroom() for term in _terms(spec, load, type_)[:2])
    broker = msk.STANDARD_BROKERS[type_]
    needed = brokers_for(spec, load, type_)
    if spec.brokers is None and needed > brokers:
        yield f"{needed:,} brokers would keep 40 % free, and a cluster has {brokers:,} at most"
    if by_volume > brokers:
        each = volume_mib_per_second(spec, type_)
        yield (
            f"{number(load.replicated)} MiB/s are written with all replicas, and {brokers:,} x {number(each)} MiB/s are "
            f"{number(brokers * each)}"
        )
    if by_network > brokers:
        each = exact(broker.network_mib_per_second)
        yield f"{number(load.sent)} MiB/s are sent, and {brokers:,} x {number(each)} MiB/s are {number(brokers * each)}"
    if load.partitions > brokers * broker.partitions:
        yield (
            f"{load.partitions:,} partitions with their replicas, and AWS recommends {broker.partitions:,} a broker at most, "
            f"{brokers * broker.partitions:,} together"
        )
    if load.stored_gib > brokers * (spec.max_volume_gb or volume):
        yield (
            f"{number(load.stored_gib)} GiB are kept on the brokers, and {brokers:,} x "
            f"{spec.max_volume_gb or volume:,} GiB are {brokers * (spec.max_volume_gb or volume):,} GiB"
        )


def _working(spec: MskClusterSpec, load: ClusterLoad, type_: str, brokers: int, volume: int) -> Iterator[str]:
    if load.is_known:
        by_volume, by_network, by_partitions, _ = _terms(spec, load, type_)
        broker, factor = msk.STANDARD_BROKERS[type_], number(headroom())
        each = number(volume_mib_per_second(spec, type_))
        yield (
            f"written with replicas: {factor} x {number(load.replicated)} MiB/s ÷ {each} MiB/s a {type_} = {number(by_volume)}"
        )
        yield (
            f"sent to readers and replicas: {factor} x {number(load.sent)} MiB/s ÷ "
            f"{number(exact(broker.network_mib_per_second))} MiB/s = {number(by_network)}"
        )
        yield (
            f"partitions with replicas: {load.partitions:,} ÷ {broker.partitions:,} that AWS recommends = "
            f"{number(by_partitions)}"
        )
    given = [name for name in ("instance_type", "brokers", "volume_gb") if getattr(spec, name) is not None]
    why = f", {', '.join(given)} as given" if given else ""
    given_volume = ", as given" if spec.volume_gb is not None else ""
    yield f"brokers: {brokers:,} x {type_}, a multiple of the {spec.zones()} zones{why}"
    if load.stored_gib:
        yield (
            f"volumes: {number(headroom())} x {number(load.stored_gib)} GiB kept with replicas ÷ {brokers:,} brokers → "
            f"{volume:,} GiB each{given_volume}"
        )
    else:
        yield f"volumes: {volume:,} GiB each{given_volume or ', as nothing is known of what is kept'}"
    if load.endless:
        yield f"what {', '.join(load.endless)} keeps has no end, and is not counted in the volumes"

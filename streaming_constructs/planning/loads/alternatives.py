"""What a stream or a cluster could be instead, with what that costs, and why it may not do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, cast

from streaming_constructs.facts import msk
from streaming_constructs.kinds import kinds_of
from streaming_constructs.planning.costs.cost_line import CostLine, cost_lines, mark_of, usd_of
from streaming_constructs.planning.costs.system_costs import SystemCosts, system_costs
from streaming_constructs.planning.loads.stream_modes import MODES, created_streams, in_mode, mode_lines, mode_of
from streaming_constructs.planning.node import Neighbours, plan_node
from streaming_constructs.planning.numbers import counted
from streaming_constructs.planning.pipeline import PipelinePlan, replan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
    from streaming_constructs.planning.streams.kafka import TopicPlan
    from streaming_constructs.planning.streams.kinesis import StreamPlan
    from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
    from streaming_constructs.spec.finding import Finding

CLUSTERS = {"msk_serverless": "MSK Serverless", "msk_express": "Express brokers", "msk": "Standard brokers"}
"""The kinds of clusters, as people call them."""
ALONE = "if it is the only stream on demand of its account in the region: 25 MiB/s are charged at least, in and out"
ANEW = "producers and readers are written anew, in a VPC; the cluster takes other topics beside it"
NO_SYSTEM = "without a sum of the system: what reads or writes the stream does not go with a topic as it stands"
_TYPES = 3
"""How many types of brokers are told beside the one that is chosen."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a node could be.

    Attributes:
        node: The node.
        what: What it would be, such as `on demand`.
        usd: What it would cost in a month.
        system_usd: What the whole system would cost then; None where it does not fit together then.
        is_now: Whether it is that now.
        why_not: What is found wrong then that is not found now, in words; empty where it would do.
        notes: What else has to be known of it.
        mark: How far its dollars can be relied on, as `mark_of` says.
    """

    node: str
    what: str
    usd: float
    system_usd: float | None
    is_now: bool = False
    why_not: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    mark: str = ""


def alternatives(plan: PipelinePlan, costs: SystemCosts) -> list[Alternative]:
    """What each stream of Kinesis and each cluster could be; what it is stands first of each.

    Args:
        plan: The system with its numbers.
        costs: What it costs.
    """
    streams = (told for stream in created_streams(plan) for told in _of_stream(plan, stream, costs))
    created = [name for name, node in plan.sections["clusters"].items() if getattr(node.spec, "arn", None) is None]
    return [*streams, *(told for name in created for told in _of_cluster(plan, name, costs))]


def _node_lines(costs: SystemCosts, node: str) -> list[CostLine]:
    return costs.of_nodes().get(node, [])


def _of_stream(plan: PipelinePlan, stream: StreamPlan, costs: SystemCosts) -> Iterator[Alternative]:
    name, now, region = stream.name, mode_of(stream), costs.region
    lines = tuple(cost_lines(name, stream.costs(), region))
    own = usd_of(lines)
    yield Alternative(name, f"{MODES[now]}{_shards(stream)}", own, costs.usd, is_now=True, mark=mark_of(lines))
    for mode, what in MODES.items():
        other = in_mode(stream, mode)
        if mode == now and other.shards == stream.shards:
            continue
        then = replan(plan.spec.model_copy(update={"streams": {**plan.spec.streams, name: other.spec}}))
        lines = mode_lines(stream, mode, region)
        # That an account has Advantage no spec says: what the stream costs then takes the place of what it would cost without.
        without = usd_of(cost_lines(name, other.costs(), region))
        why_not, notes = tuple(_new(plan, then)), (ALONE,) if mode == "advantage" else ()
        usd = usd_of(lines)
        system_usd = system_costs(then).usd - without + usd
        title = f"{what}{_shards(other)}"
        yield Alternative(name, title, usd, system_usd, why_not=why_not, notes=notes, mark=mark_of(lines))
    yield from _direct(plan, stream, own, costs)
    for kind, what in CLUSTERS.items():
        yield _as_topic(plan, stream, kind, what, costs)


def _shards(stream: StreamPlan) -> str:
    return f", {counted(stream.shards, 'shard')}" if stream.shards is not None else ""


def _new(plan: PipelinePlan, other: PipelinePlan) -> Iterator[str]:
    yield from _told(_unknown(plan, other.findings))


def _unknown(plan: PipelinePlan, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings that are not there now; of what is acknowledged neither."""
    known = {(finding.code, finding.path[:2]) for finding in (*plan.findings, *plan.spec.findings())}
    yield from (finding for finding in findings if (finding.code, finding.path[:2]) not in known)


def _told(findings: Iterable[Finding]) -> Iterator[str]:
    yield from dict.fromkeys(f"{found.message} [{found.code}]" for found in findings if found.level != "note")


def _direct(plan: PipelinePlan, stream: StreamPlan, own: float, costs: SystemCosts) -> Iterator[Alternative]:
    """No stream at all, where a delivery alone reads it: producers put records into that."""
    deliveries = plan.sections["deliveries"]
    if len(stream.readers) == 1 and stream.readers[0].name in deliveries:
        delivery = stream.readers[0].name
        notes = (f"producers put records into {delivery}; nobody else can read them, and none can be read again",)
        yield Alternative(stream.name, "none: Firehose by direct put", 0.0, costs.usd - own, notes=notes)


def _as_topic(plan: PipelinePlan, stream: StreamPlan, kind: str, what: str, costs: SystemCosts) -> Alternative:
    """A topic of the same load in a cluster of its own, with all that reads and writes it planned anew."""
    from streaming_constructs.spec.section import model_of
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

    own = next(name for name in map("cluster{}".format, count(1)) if name not in plan.nodes)
    cluster = cast("KafkaClusterSpec", model_of(kinds_of("clusters")[kind])())
    spec, same = stream.spec, ("partition_key", "record_schema", "removal_policy", "watermark", "workload")
    kept = {field: getattr(spec, field) for field in same if hasattr(spec, field)}
    topic = KafkaTopicSpec.model_construct(
        **{**KafkaTopicSpec(cluster=own).__dict__, **kept, "retention_hours": stream.retention_hours}
    )
    then = plan.spec.model_copy(
        update={"streams": {**plan.spec.streams, stream.name: topic}, "clusters": {**plan.spec.clusters, own: cluster}}
    )
    refused = tuple(_told(_unknown(plan, then.findings())))
    if any(found.level == "error" for found in then.findings()):
        return _alone(stream, cluster, what, refused, costs)
    other = replan(then)
    planned, made = other.sections["clusters"][own], other.sections["streams"][stream.name]
    charges = (*planned.costs(), *made.costs())
    lines = tuple(cost_lines(own, charges, costs.region))
    name, why_not = f"{what}, {_sized(planned, cast('TopicPlan', made))}", (*refused, *_new(plan, other))
    system_usd, mark = system_costs(other).usd, mark_of(lines)
    return Alternative(stream.name, name, usd_of(lines), system_usd, why_not=why_not, notes=(ANEW,), mark=mark)


def _alone(
    stream: StreamPlan, cluster: KafkaClusterSpec, what: str, refused: tuple[str, ...], costs: SystemCosts
) -> Alternative:
    """A topic in a cluster of its own, where what reads or writes the stream does not go with one: no system comes of it."""
    from streaming_constructs.planning.streams.kafka import plan_topic
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

    spec = KafkaTopicSpec(cluster="cluster", workload=stream.workload, retention_hours=stream.retention_hours)
    topic = plan_topic(stream.name, spec, cluster, stream.readers)
    planned = plan_node("clusters", "cluster", cluster, Neighbours(users=(topic,)))
    lines = tuple(cost_lines("cluster", planned.costs(), costs.region))
    why_not = (*refused, *_told(planned.findings()))
    name = f"{what}, {_sized(planned, topic)}"
    notes, mark = (ANEW, NO_SYSTEM), mark_of(lines)
    return Alternative(stream.name, name, usd_of(lines), None, why_not=why_not, notes=notes, mark=mark)


def _sized(cluster: object, topic: TopicPlan) -> str:
    """How large a cluster is: its brokers, or without any the partitions of its topic."""
    return _brokers(cluster).removeprefix(", ") or counted(topic.partitions or 0, "partition")


def _of_cluster(plan: PipelinePlan, name: str, costs: SystemCosts) -> Iterator[Alternative]:
    now = plan.sections["clusters"][name]
    kind = str(getattr(now.spec, "kind", ""))
    lines, title = _node_lines(costs, name), f"{CLUSTERS[kind]}{_brokers(now)}"
    yield Alternative(name, title, usd_of(lines), costs.usd, is_now=True, mark=mark_of(lines))
    for other in CLUSTERS:
        if other != kind:
            spec, lost = _other_kind(cast("KafkaClusterSpec", now.spec), other)
            notes = (f"it does not know {', '.join(lost)}",) if lost else ()
            yield _cluster_as(plan, name, spec, notes)
    if kind != "msk_serverless":
        types = msk.PLANNED_BROKERS if kind == "msk" else tuple(msk.EXPRESS_BROKERS)
        chosen = getattr(now, "instance_type", "")
        found = []
        for type_ in types:
            if type_ != chosen:
                own = now.spec.model_copy(update={"instance_type": type_, "brokers": None})
                found.append(_cluster_as(plan, name, cast("KafkaClusterSpec", own), ()))
        fitting = [told for told in found if not told.why_not]
        yield from sorted(fitting, key=lambda told: told.usd)[:_TYPES]


def _cluster_as(plan: PipelinePlan, name: str, spec: KafkaClusterSpec, notes: tuple[str, ...]) -> Alternative:
    other = replan(plan.spec.model_copy(update={"clusters": {**plan.spec.clusters, name: spec}}))
    refused = tuple(_told(_unknown(plan, other.spec.findings())))
    costs, planned = system_costs(other), other.sections["clusters"][name]
    what = f"{CLUSTERS[str(getattr(spec, 'kind', ''))]}{_brokers(planned)}"
    why_not = (*refused, *_new(plan, other))
    lines = _node_lines(costs, name)
    return Alternative(name, what, usd_of(lines), costs.usd, why_not=why_not, notes=notes, mark=mark_of(lines))


def _brokers(planned: object) -> str:
    title = getattr(planned, "instance_type", "")
    return f", {cast('BrokerClusterPlan', planned).brokers} x {title}" if title else ""


def _other_kind(spec: KafkaClusterSpec, kind: str) -> tuple[KafkaClusterSpec, list[str]]:
    """A cluster as one of another kind, with what it shares; and the fields that the other kind does not have."""
    from streaming_constructs.spec.section import model_of

    model = model_of(kinds_of("clusters")[kind])
    sizes = {"kind", "brokers", "instance_type"}
    given = spec.model_fields_set - sizes
    shared = {
        field: getattr(spec, field) for field in given if field in model.model_fields and field != "server_properties"
    }
    made = model.model_construct(**{**model().__dict__, **shared})
    lost = sorted(given - set(shared))
    return cast("KafkaClusterSpec", made), lost

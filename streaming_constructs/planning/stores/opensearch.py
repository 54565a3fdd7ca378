"""How large an OpenSearch domain has to be for what is delivered to it, and what is wrong with one.

Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/sizing-domains.html
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from streaming_constructs.facts import opensearch
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.planning.stores.opensearch_index import (
    SHARD_GIB,
    daily_gib,
    index_findings,
    index_name,
    kept_indices,
    primary_shards,
    rotation_hours,
)
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.kept import State

UNKNOWN_VOLUME_GIB = SHARD_GIB
"""Room for one shard on each node, where nothing is known of what is kept."""
LEAST_NODES = int(opensearch.DATA_NODES_WITHOUT_MASTERS.value)
LEAST_VCPUS = 2
"""In prod, for data and for masters: one processor would index or search, and not both."""
FEW_NODES = 10
"""More than these of a small type are more trouble than fewer of a larger one; the smallest masters manage as many."""
BURSTABLE = "t3."
TLS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
"""TLS 1.2 and 1.3, with forward secrecy alone.

Source: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html
"""
LOG_RETENTION_DAYS = 30
"""Of what the domain says about itself: errors, and what was slow."""
AUDIT_LOG_RETENTION_DAYS = 365
SETUP_MEMORY_MIB = 256
SETUP_SECONDS = 300
"""A new domain takes some minutes to answer."""
SETUP_ANSWER_SECONDS = 1200
"""Lambda invokes the setup again when it fails, twice, a minute or two apart; then CloudFormation need not wait on."""


@dataclass(frozen=True, slots=True)
class DomainPlan:
    """A domain with its numbers.

    Attributes:
        name: The domain's name in the system.
        spec: What was asked for.
        removal_policy: Whether its data is kept when it leaves the stack; one that is not is small.
        deliveries: What writes to it.
        daily_gib: What is delivered to it in a day, in GiB; None if that is not known.
        stored_gib: What is kept, copies and overhead included, in GiB; None if that is not known.
        instance_type: The type of its data nodes.
        instances: How many data nodes it has.
        volume_gb: The volume of each, in GiB.
        replicas: Copies of each shard beside the first.
        zones: How many availability zones it stands in.
        master_type: The type of its dedicated masters; None if it has none.
        masters: How many dedicated masters it has.
        shards: Primary shards of an index, by the delivery that writes to it.
        working: How these numbers came about, line by line.
    """

    name: str
    spec: OpenSearchDomainSpec
    removal_policy: RemovalPolicy
    deliveries: tuple[DeliveryPlan, ...]
    daily_gib: float | None
    stored_gib: float | None
    instance_type: str
    instances: int
    volume_gb: int
    replicas: int
    zones: int
    master_type: str | None
    masters: int
    shards: Mapping[str, int]
    working: tuple[str, ...]

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.stores.opensearch_alarms import domain_alarms

        yield from domain_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.stores.opensearch_cost_findings import cost_findings
        from streaming_constructs.planning.stores.opensearch_findings import likeness_findings, standing_findings

        for finding in (*domain_findings(self), *standing_findings(self), *cost_findings(self)):
            yield finding.below("stores", self.name)
        yield from index_findings(self.spec.retention_days, self.deliveries)
        yield from likeness_findings({index_name(delivery): delivery.name for delivery in self.deliveries})

    def state(self) -> State | None:
        from streaming_constructs.planning.stores.opensearch_kept import domain_state

        return domain_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.stores.opensearch_costs import domain_costs

        yield from domain_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.stores.opensearch_graphs import domain_graphs

        return domain_graphs()

    def heading(self) -> str:
        return f"{self.instances} x {self.instance_type}, {self.volume_gb:,} GiB each"

    def summary(self) -> Summary:
        return Summary(
            noun="store",
            title=f"OpenSearch {self.spec.version}",
            lines=self.working,
            values={
                "kind": self.spec.kind,
                "instance_type": self.instance_type,
                "instances": self.instances,
                "volume_gb": self.volume_gb,
                "working": list(self.working),
            },
        )


@dataclass(frozen=True, slots=True)
class _Need:
    """What the nodes have to carry together; `request_mib` each of them."""

    gib: Fraction
    shards: int
    vcpus: Fraction
    request_mib: int


@dataclass(frozen=True, slots=True)
class _Nodes:
    type: str
    count: int

    @property
    def instance(self) -> opensearch.Instance:
        return opensearch.INSTANCES[self.type]

    @property
    def shards(self) -> Fraction:
        """How many shards their heap takes."""
        heap = min(exact(opensearch.HEAP_SHARE.value) * self.instance.memory_gib, exact(opensearch.HEAP_GIB_MOST.value))
        return self.count * heap * exact(opensearch.SHARDS_PER_HEAP_GIB.value)

    @property
    def vcpus(self) -> int:
        return self.count * self.instance.vcpus

    @property
    def cost(self) -> tuple[float, ...]:
        """Up to `FEW_NODES` processors count, then memory, then how many they are; beyond, first how many they are."""
        memory = self.count * self.instance.memory_gib
        return (0, self.vcpus, memory, self.count) if self.count <= FEW_NODES else (1, self.count, self.vcpus, memory)

    def shortfalls(self, need: _Need, volume_gb: int) -> Iterator[str]:
        """What they do not carry, in numbers."""
        most = (opensearch.T3_DATA_NODES if self.type.startswith(BURSTABLE) else opensearch.DATA_NODES).maximum
        if self.count > most:
            yield f"a domain of {self.type} has {most} nodes at most"
        if self.count * volume_gb < need.gib:
            yield (
                f"{number(need.gib)} GiB are kept, and {self.count:,} x {volume_gb:,} GiB are {self.count * volume_gb:,} GiB"
            )
        if self.shards < need.shards:
            yield f"{need.shards:,} shards are kept, and the heap is for {number(self.shards)}"
        if self.vcpus < need.vcpus:
            yield f"what is written to takes {number(need.vcpus)} vCPU, and there are {self.vcpus:,}"
        if self.instance.request_mib <= need.request_mib:
            yield (
                f"a request of {need.request_mib:,} MiB arrives, and {self.type} takes less than "
                f"{self.instance.request_mib:,} MiB"
            )


def plan_node(name: str, spec: OpenSearchDomainSpec, neighbours: Neighbours) -> DomainPlan:
    """Gives a domain of a system its numbers.

    Args:
        name: The domain's name.
        spec: What was asked for.
        neighbours: What writes to it.
    """
    removal_policy = neighbours.system.removal_policy if neighbours.system is not None else "retain"
    return plan_domain(name, spec, removal_policy, [cast("DeliveryPlan", user) for user in neighbours.users])


def plan_domain(
    name: str, spec: OpenSearchDomainSpec, removal_policy: RemovalPolicy, deliveries: Sequence[DeliveryPlan] = ()
) -> DomainPlan:
    """Gives a domain its numbers.

    Args:
        name: The domain's name.
        spec: What was asked for; what it gives is kept.
        removal_policy: retain has copies, zones and masters, destroy one small node.
        deliveries: The deliveries that write to it.
    """
    prod = removal_policy == "retain"
    in_subnets = len(spec.vpc.subnet_ids) if spec.vpc else None
    zones = spec.zones or in_subnets or (_zones_of(spec.instances) if prod else 1)
    replicas = spec.replicas
    if replicas is None:
        replicas = int(opensearch.DEFAULT_REPLICAS.value) if prod else 0
    shards = {delivery.name: primary_shards(delivery) for delivery in deliveries}
    need, daily, data_lines = _needed(spec.retention_days, replicas, deliveries, shards)
    nodes, volume = _nodes(spec, need, _least_nodes(spec, zones, replicas, prod=prod), zones, prod=prod)
    dedicated = prod if spec.dedicated_masters is None else spec.dedicated_masters
    known = daily is not None
    return DomainPlan(
        name=name,
        spec=spec,
        removal_policy=removal_policy,
        deliveries=tuple(deliveries),
        daily_gib=float(daily) if daily is not None else None,
        stored_gib=float(need.gib) if known else None,
        instance_type=nodes.type,
        instances=nodes.count,
        volume_gb=volume,
        replicas=replicas,
        zones=zones,
        master_type=_master_type(nodes.count, need.shards) if dedicated else None,
        masters=int(opensearch.MASTERS.value) if dedicated else 0,
        shards=shards,
        working=(*data_lines, *_node_lines(spec, nodes, volume, zones, need, known=known)),
    )


def _zones_of(instances: int | None) -> int:
    """The most zones among which so many data nodes divide evenly; all of them where the number is not given."""
    most = opensearch.AVAILABILITY_ZONES.maximum
    return next(zones for zones in range(most, 0, -1) if instances is None or instances % zones == 0)


def _least_nodes(spec: OpenSearchDomainSpec, zones: int, replicas: int, *, prod: bool) -> int:
    least = max(LEAST_NODES if prod else 1, replicas + 1, zones)
    return spec.instances or math.ceil(Fraction(least, zones)) * zones


def _needed(
    retention_days: int, replicas: int, deliveries: Sequence[DeliveryPlan], shards: Mapping[str, int]
) -> tuple[_Need, Fraction | None, tuple[str, ...]]:
    """What is kept at once, what comes in a day, and the working of both."""
    copies, request = 1 + replicas, max((delivery.buffer_mb for delivery in deliveries), default=0)
    active = sum(shards.values()) * copies
    kept = sum(
        shards[delivery.name] * copies * kept_indices(retention_days, rotation_hours(delivery))
        for delivery in deliveries
    )
    vcpus = exact(opensearch.VCPUS_PER_SHARD.value) * active
    rates = [daily_gib(delivery) for delivery in deliveries]
    if not rates or None in rates:
        return _Need(Fraction(0), kept, vcpus, request), None, ("what is delivered is not known: the least is planned",)
    daily, data, lines = Fraction(0), Fraction(0), list[str]()
    for delivery in deliveries:
        rate, rotation = daily_gib(delivery) or Fraction(0), Fraction(rotation_hours(delivery), 24)
        daily, data = daily + rate, data + rate * (retention_days + rotation)
        lines.append(
            f"{delivery.name}: {number(rate)} GiB a day x ({retention_days:,} + {number(rotation)} days until its index goes) "
            f"= {number(rate * (retention_days + rotation))} GiB"
        )
        lines.append(
            f"{delivery.name}: {shards[delivery.name]:,} primary shard{'s' if shards[delivery.name] > 1 else ''} an index, "
            f"of {SHARD_GIB} GiB at most"
        )
    factor = exact(opensearch.STORAGE_FACTOR.value)
    stored = data * copies * factor
    lines.append(
        f"storage: {number(data)} GiB x {copies} copies x {number(factor)} = {number(stored)} GiB"
        if replicas
        else f"storage: {number(data)} GiB x {number(factor)} = {number(stored)} GiB"
    )
    lines.append(f"shards: {kept:,} kept, {active:,} written to, which take {number(vcpus)} vCPU")
    return _Need(stored, kept, vcpus, request), daily, tuple(lines)


def _nodes(spec: OpenSearchDomainSpec, need: _Need, least: int, zones: int, *, prod: bool) -> tuple[_Nodes, int]:
    """The smallest nodes that carry what is needed."""
    if spec.instance_type is None and not prod:
        for type_ in opensearch.INSTANCE_TYPES:
            nodes = _Nodes(type_, least)
            if type_.startswith(BURSTABLE) and _fits(spec, nodes, need):
                return nodes, _volume(spec, nodes, need)
    types = (
        (str(spec.instance_type),) if spec.instance_type else tuple(_candidates(opensearch.INSTANCE_TYPES, prod=prod))
    )
    counts = (
        (spec.instances,)
        if spec.instances
        else range(least, max(least, opensearch.DATA_NODES.maximum // zones * zones) + 1, zones)
    )
    smallest = [_first_that_fits(spec, type_, counts, need) for type_ in types]
    fitting = [nodes for nodes in smallest if nodes is not None]
    chosen = min(
        fitting,
        key=lambda nodes: nodes.cost,
        # Nothing is large enough: the largest of what may be, and a finding says what it lacks.
        default=_Nodes(types[-1], counts[-1]),
    )
    return chosen, _volume(spec, chosen, need)


def _candidates(types: Iterable[str], *, prod: bool) -> Iterator[str]:
    for type_ in types:
        if not type_.startswith(BURSTABLE) and (not prod or opensearch.INSTANCES[type_].vcpus >= LEAST_VCPUS):
            yield type_


def _first_that_fits(spec: OpenSearchDomainSpec, type_: str, counts: Iterable[int], need: _Need) -> _Nodes | None:
    return next((nodes for count in counts if _fits(spec, nodes := _Nodes(type_, count), need)), None)


def _fits(spec: OpenSearchDomainSpec, nodes: _Nodes, need: _Need) -> bool:
    return not any(nodes.shortfalls(need, _volume(spec, nodes, need)))


def _volume(spec: OpenSearchDomainSpec, nodes: _Nodes, need: _Need) -> int:
    if spec.volume_gb is not None:
        return spec.volume_gb
    wanted = math.ceil(need.gib / nodes.count) if need.gib else UNKNOWN_VOLUME_GIB
    return min(max(wanted, opensearch.VOLUME_GIB.minimum), nodes.instance.volume_gib)


def _master_type(nodes: int, shards: int) -> str:
    """The smallest type whose memory manages so many nodes and shards.

    Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html
    """
    memory = next(
        (size.memory_gib for size in opensearch.MASTER_SIZES if size.nodes >= nodes and size.shards >= shards),
        opensearch.MASTER_SIZES[-1].memory_gib,
    )
    types = {type_: opensearch.INSTANCES[type_] for type_ in _candidates(opensearch.INSTANCE_TYPES, prod=True)}
    largest = max(instance.memory_gib for instance in types.values())
    enough = [type_ for type_, instance in types.items() if instance.memory_gib >= min(memory, largest)]
    return min(enough, key=lambda type_: (types[type_].memory_gib, types[type_].vcpus))


def _node_lines(
    spec: OpenSearchDomainSpec, nodes: _Nodes, volume: int, zones: int, need: _Need, *, known: bool
) -> Iterator[str]:
    given = [name for name in ("instance_type", "instances", "volume_gb") if getattr(spec, name) is not None]
    why = f", {', '.join(given)} as given" if given else ", the smallest that carry it" if known else ""
    where = f"in {zones} zones" if zones > 1 else "in one zone"
    yield f"data nodes: {nodes.count:,} x {nodes.type} {where}{why}"
    yield f"volumes: {nodes.count:,} x {volume:,} GiB = {nodes.count * volume:,} GiB" + (
        f" for {number(need.gib)} GiB" if known else ""
    )


def domain_findings(plan: DomainPlan) -> Iterator[Finding]:
    """What is wrong, or likely to go wrong, with a domain; paths are relative to it.

    Args:
        plan: The domain.
    """
    limit = opensearch.INSTANCES[plan.instance_type].volume_gib
    if plan.replicas >= plan.instances:
        yield Finding(
            "OSD802",
            "a copy needs a node of its own",
            ("instances",),
            note=f"{plan.replicas} copies beside the first; {plan.instances} nodes have room for {plan.instances - 1}",
            help="lower `replicas`, or raise `instances`",
            edits=(Edit(("replicas",), plan.instances - 1),),
        )
    if plan.instances % plan.zones:
        yield Finding(
            "OSD803",
            "data nodes do not divide evenly among the zones",
            ("instances",),
            note=f"{plan.instances} nodes, {plan.zones} zones",
            help="choose a multiple of the zones, or set `zones`",
            edits=(Edit(("instances",), math.ceil(plan.instances / plan.zones) * plan.zones),),
        )
    if plan.volume_gb > limit:
        yield Finding(
            "OSD804",
            "the volume is larger than the instance type takes",
            ("volume_gb",),
            note=f"{plan.volume_gb:,} GiB; {plan.instance_type} takes {limit:,} GiB",
            help=f"set it to {limit} or less, and raise `instances`, or choose a larger `instance_type`",
        )
    yield from _size_findings(plan)


def subnet_finding(subnets: int, zones: int) -> Finding:
    """Says that a domain has not one subnet for each of its zones; its path is relative to the placement.

    Args:
        subnets: How many subnets it has.
        zones: How many zones.
    """
    return Finding(
        "OSD805",
        "a domain has one subnet in each of its zones",
        ("subnet_ids",),
        note=f"{subnets} subnet{'' if subnets == 1 else 's'}, {zones} zones",
        help="name one subnet a zone, or set `zones`",
    )


def _size_findings(plan: DomainPlan) -> Iterator[Finding]:
    need, _, _ = _needed(plan.spec.retention_days, plan.replicas, plan.deliveries, plan.shards)
    lacking = list(_Nodes(plan.instance_type, plan.instances).shortfalls(need, plan.volume_gb))
    if lacking:
        given = [name for name in ("volume_gb", "instances", "instance_type") if name in plan.spec.model_fields_set]
        yield Finding(
            "OSD806",
            "the domain is too small for what is delivered to it",
            tuple(given[:1]),
            note="; ".join(lacking),
            help="take the given sizes out to have them planned, or lower `retention_days`"
            if given
            else "lower `retention_days` or `buffer_mb`, or divide the deliveries among several domains",
            edits=tuple(Edit((name,)) for name in given),
        )
    if plan.removal_policy == "retain" and plan.instance_type.startswith(BURSTABLE):
        yield Finding(
            "OSD808",
            "a burstable node slows down when its credits are used up",
            ("instance_type",),
            note=f"{plan.instance_type} is for trials; steady indexing uses up its credits",
            help="take `instance_type` out to have one chosen, or choose one of m7g or r7g",
            edits=(Edit(("instance_type",)),),
        )

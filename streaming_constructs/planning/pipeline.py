"""The whole system with its numbers: what will be built, why so large, and what is likely to go wrong.

Nodes are planned in the order of their edges: what is read before its readers, what is used after those that use it, because
its size follows from them. No kind is named here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.planning.account_concurrency import concurrency_findings
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.node import Neighbours, NodePlan, Source, plan_node, today
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.shared_environments import shared_findings
from streaming_constructs.planning.silent_alarms import silent_alarm_findings
from streaming_constructs.spec.alarms import AlarmsSpec
from streaming_constructs.spec.arn_locations import location_findings
from streaming_constructs.spec.bucket_folders import folder_findings
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.node import Edge, NodeSpec
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.plain_secrets import plain_secret_findings
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.shared_resources import shared_resource_findings
from streaming_constructs.spec.shipped_code import shipped_code_findings

if TYPE_CHECKING:
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
    from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
    from streaming_constructs.planning.stores.dynamodb import TablePlan
    from streaming_constructs.planning.stores.opensearch import DomainPlan
    from streaming_constructs.planning.streams.kinesis import StreamPlan


@dataclass(frozen=True, slots=True)
class PipelinePlan:
    """A system with its numbers.

    Attributes:
        spec: What was asked for, with the deliveries that it implies.
        sections: Its nodes with their numbers, by section and name.
        alarms: Its alarms, silenced ones left out.
        findings: What is likely to go wrong, acknowledged warnings left out.
    """

    spec: PipelineSpec
    sections: Mapping[str, Mapping[str, NodePlan]]
    alarms: tuple[AlarmPlan, ...]
    findings: tuple[Finding, ...]

    @property
    def nodes(self) -> Mapping[str, NodePlan]:
        """All nodes by name, section by section."""
        return {name: node for nodes in self.sections.values() for name, node in nodes.items()}

    @property
    def streams(self) -> Mapping[str, StreamPlan]:
        """Its streams, by name."""
        return cast("Mapping[str, StreamPlan]", self.sections["streams"])

    @property
    def consumers(self) -> Mapping[str, ConsumerPlan]:
        """Its consumers, by name."""
        return cast("Mapping[str, ConsumerPlan]", self.sections["consumers"])

    @property
    def deliveries(self) -> Mapping[str, DeliveryPlan]:
        """Its deliveries, by name."""
        return cast("Mapping[str, DeliveryPlan]", self.sections["deliveries"])

    @property
    def stores(self) -> Mapping[str, DomainPlan | TablePlan]:
        """Its stores, by name."""
        return cast("Mapping[str, DomainPlan | TablePlan]", self.sections["stores"])


def plan(
    spec: PipelineSpec,
    brought: Collection[str] = (),
    *,
    on_day: date | None = None,
    used: Mapping[str, Sequence[str]] | None = None,
) -> PipelinePlan:
    """Gives a system its numbers, and judges it.

    Args:
        spec: The system.
        brought: The names of nodes that live objects are brought for: what they are, the spec need not say.
        on_day: The day on which it is judged, in UTC. Left out: today.
        used: What exists on AWS and is used by environments of its file, with their names. Left out: nothing.
    """
    spec = _with_ways_round(spec)
    sections = _sections(spec, on_day or today())
    computed = list(_computed_alarms(spec, sections))
    findings = [
        *_incomplete(spec, brought),
        *_shipped(spec),
        *_node_findings(sections),
        *shared_resource_findings(spec),
        *plain_secret_findings(spec),
        *location_findings(spec),
        *_registered(spec),
        *_written(spec),
        *_assembled_notes(spec),
        *(finding for finding in folder_findings(spec.nodes()) if finding.level != "error"),
        *shared_findings(spec, used or {}),
        *alarm_findings(spec.alarms, computed, spec.removal_policy),
        *silent_alarm_findings(spec.alarms, computed, spec.removal_policy),
    ]
    told = [told_in_the_file(spec, finding) for finding in findings]
    return PipelinePlan(spec, sections, tuple(chosen_alarms(spec.alarms, computed)), tuple(_acknowledged(spec, told)))


def replan(spec: PipelineSpec, *, on_day: date | None = None) -> PipelinePlan:
    """Gives a system that was planned its numbers for another load, judged by what its nodes say of their numbers alone.

    Args:
        spec: The system as it was planned, with other workloads.
        on_day: The day on which it is judged, in UTC. Left out: today.
    """
    sections = _sections(spec, on_day or today())
    told = [told_in_the_file(spec, finding) for finding in _node_findings(sections)]
    # Of what is acknowledged, whatever nodes do not tell of is not found here.
    findings = [finding for finding in _acknowledged(spec, told) if finding.code != "LNG604"]
    alarms = chosen_alarms(spec.alarms, _computed_alarms(spec, sections))
    return PipelinePlan(spec, sections, tuple(alarms), tuple(findings))


def _sections(spec: PipelineSpec, on_day: date) -> dict[str, dict[str, NodePlan]]:
    planned = _planned(spec, on_day)
    return {section: {name: planned[section, name] for name in getattr(spec, section)} for section in NODE_SECTIONS}


def _computed_alarms(spec: PipelineSpec, sections: Mapping[str, Mapping[str, NodePlan]]) -> Iterator[AlarmPlan]:
    if spec.alarms.enabled:
        for nodes in sections.values():
            for node in nodes.values():
                yield from node.alarms()


def _node_findings(sections: Mapping[str, Mapping[str, NodePlan]]) -> Iterator[Finding]:
    for nodes in sections.values():
        for node in nodes.values():
            yield from node.findings()
    yield from concurrency_findings(sections)


def _with_ways_round(spec: PipelineSpec) -> PipelineSpec:
    """The system with what stands between its nodes, and it does not name; what is known of it is loaded where it is needed."""
    if not any(node.needs_way_round(spec) for _, _, node in spec.nodes()):
        return spec
    from streaming_constructs.spec.analytics.way_round import with_ways_round

    return with_ways_round(spec)


def _assembled_notes(spec: PipelineSpec) -> Iterator[Finding]:
    """What is told of nodes that the system does not name."""
    if spec.assembled:
        from streaming_constructs.spec.analytics.way_round import way_round_notes

        yield from way_round_notes(spec)


def told_in_the_file(spec: PipelineSpec, finding: Finding) -> Finding:
    """A finding of a delivery that the spec does not name, at the place that asks for it; any other as it is.

    Args:
        spec: The system, with what it implies.
        finding: The finding; its path starts at the section.
    """
    section, name = (*finding.path, "", "")[:2]
    if section != "deliveries" or name not in spec.assembled:
        return finding
    return replace(finding, path=spec.assembled[str(name)], edits=())


def _incomplete(spec: PipelineSpec, brought: Collection[str]) -> Iterator[Finding]:
    """What nodes of a system have to say, or lack, unless a live object says it."""
    for section, name, node in spec.nodes():
        if name not in brought:
            yield from (finding.below(section, name) for finding in (*node.system_findings(), *node.system_notes()))


def _shipped(spec: PipelineSpec) -> Iterator[Finding]:
    """What functions get of their folders of code."""
    for section, name, node in spec.nodes():
        for path, function in node.functions():
            yield from (
                finding.below(section, name, *path) for finding in shipped_code_findings(function, spec.directory)
            )


def _registered(spec: PipelineSpec) -> Iterator[Finding]:
    """What the schema registry cannot have; its formats are loaded where there is one."""
    if spec.schema_registry is not None:
        from streaming_constructs.planning.schema_registry.registry import registry_findings

        yield from registry_findings(spec)


def _written(spec: PipelineSpec) -> Iterator[Finding]:
    """Topics whose writers do not agree, or do not wait; what is known of topics is loaded where there is a cluster."""
    if spec.clusters:
        from streaming_constructs.planning.streams.kafka_acks import acks_findings
        from streaming_constructs.planning.streams.kafka_writers import writer_findings

        yield from writer_findings(spec)
        yield from acks_findings(spec)


Key = tuple[str, str]
"""Section and name of a node."""


def in_order(needs: Mapping[Key, Iterable[Key]]) -> Iterator[Key]:
    """Nodes, each after those that it needs, and else as they come.

    Args:
        needs: What each node needs.
    """
    done: set[Key] = set()

    def visit(key: Key) -> Iterator[Key]:
        if key in done:
            return
        done.add(key)
        for needed in needs[key]:
            yield from visit(needed)
        yield key

    for key in needs:
        yield from visit(key)


def resolved(spec: PipelineSpec, edge: Edge) -> Key:
    """The node that an edge leads to.

    Args:
        spec: A system in which all names resolve.
        edge: The edge.
    """
    return next((section, edge.target) for section in edge.accepts if edge.target in getattr(spec, section))


def _planned(spec: PipelineSpec, on_day: date) -> dict[Key, NodePlan]:
    sources, users = dict[Key, list[Key]](), dict[Key, list[Key]]()
    for section, name, node in spec.nodes():
        for edge in node.edges():
            if edge.role == "from":
                sources.setdefault((section, name), []).append(resolved(spec, edge))
            elif edge.role == "uses" and resolved(spec, edge)[0] != "streams":
                # A topic that given-up records go to follows from none of those that fail.
                users.setdefault(resolved(spec, edge), []).append((section, name))
    keys = [(section, name) for section, name, _ in spec.nodes()]
    readers, writers, planned = _connected(spec, "from"), _connected(spec, "to"), dict[Key, NodePlan]()
    for key in in_order({key: [*sources.get(key, ()), *users.get(key, ())] for key in keys}):
        section, name = key
        own: NodeSpec = getattr(spec, section)[name]
        neighbours = Neighbours(
            system=spec,
            sources=cast("Mapping[str, Source]", {source[1]: planned[source] for source in sources.get(key, ())}),
            readers=tuple(reader for other, node in readers[key] for reader in node.readers(other)),
            users=tuple(planned[user] for user in users.get(key, ())),
            writers=tuple(dict(writer for read in sources.get(key, [key]) for writer in writers[read]).items()),
            schema=schema_of(spec, own),
            max_lag_seconds=spec.alarms.max_lag_seconds,
            today=on_day,
        )
        planned[key] = plan_node(section, name, own, neighbours)
    return planned


def _connected(spec: PipelineSpec, role: str) -> dict[Key, list[tuple[str, NodeSpec]]]:
    """The nodes with an edge of a role to each node: also those that name the same existing resource otherwise.

    Args:
        spec: The system.
        role: The role of the edge: `from` for those that read the node, `to` for those that write to it.
    """
    identity = {(section, name): node.physical_id() or name for section, name, node in spec.nodes()}
    found: dict[str, list[tuple[str, NodeSpec]]] = {}
    for _, name, node in spec.nodes():
        for edge in node.edges():
            if edge.role == role:
                found.setdefault(identity[resolved(spec, edge)], []).append((name, node))
    return {key: found.get(same, []) for key, same in identity.items()}


def schema_of(spec: PipelineSpec, node: NodeSpec) -> RecordSchema | None:
    """The schema of the records that a node has or reads: its own, else that of what it reads.

    Args:
        spec: The system.
        node: One of its nodes.
    """
    edges = list(node.edges())
    for edge in edges:
        if edge.role == "schema":
            return spec.schemas[edge.target]
    for edge in edges:
        if edge.role == "from":
            section, name = resolved(spec, edge)
            return schema_of(spec, getattr(spec, section)[name])
    return None


def chosen_alarms(spec: AlarmsSpec, computed: Iterable[AlarmPlan]) -> Iterator[AlarmPlan]:
    """The computed alarms with the spec's overrides, without those that it silences.

    Args:
        spec: What the spec says about alarms.
        computed: The alarms as they were computed.
    """
    for alarm in computed:
        if alarm.name not in spec.silence and alarm.kind not in spec.silence:
            yield alarm.overridden_by(spec.override.get(alarm.name) or spec.override.get(alarm.kind))


def alarm_findings(spec: AlarmsSpec, computed: Sequence[AlarmPlan], removal_policy: RemovalPolicy) -> Iterator[Finding]:
    """What is wrong with what a spec says about its alarms.

    Args:
        spec: What the spec says about alarms.
        computed: The alarms as they were computed.
        removal_policy: Whether the system keeps its data; one that does not wakes nobody.
    """
    if not spec.enabled:
        return
    names = dict.fromkeys(alarm.name for alarm in computed)
    kinds = dict.fromkeys(alarm.kind for alarm in computed)
    for field in ("override", "silence"):
        for name in getattr(spec, field):
            choices = names if "." in name else kinds
            if name not in choices:
                yield Finding(
                    "ALM601",
                    f"there is no alarm `{name}`",
                    ("alarms", field, name),
                    help=did_you_mean(name, choices),
                    edits=_renamed_alarm(spec, field, name, nearest(name, choices)),
                )
    yield from _always_on_findings(spec, computed)
    if removal_policy == "retain" and not spec.notify and names:
        yield Finding(
            "ALM603",
            "the alarms tell nobody",
            ("alarms", "notify") if spec.model_fields_set else (),
            note="they change colour in the console, and no one is woken",
            help="add `alarms: {notify: [oncall@example.com]}`, with an address or the ARN of an SNS topic; or `alarms: false`",
            edits=(Edit(("alarms", "notify"), ["oncall@example.com"]),),
        )


def _always_on_findings(spec: AlarmsSpec, computed: Iterable[AlarmPlan]) -> Iterator[Finding]:
    """Thresholds below what is reached while all is well."""
    for alarm in computed:
        name = alarm.name if alarm.name in spec.override else alarm.kind
        override = spec.override.get(name)
        if override is None or override.threshold is None or override.threshold >= alarm.well_up_to:
            continue
        yield Finding(
            "ALM608",
            f"`{alarm.name}` would be on while all is well",
            ("alarms", "override", name, "threshold"),
            note=f"{number(override.threshold)} is below {number(alarm.well_up_to)}, which is reached in every round; "
            f"computed: {number(alarm.threshold)}, {alarm.working}",
            help=f"set it to {number(alarm.threshold)} or more, or buffer for less time",
            edits=(Edit(("alarms", "override", name)),),
        )


def _renamed_alarm(spec: AlarmsSpec, field: str, name: str, close: str) -> tuple[Edit, ...]:
    """An alarm under the name that was meant; taken out where none is close."""
    value = getattr(spec, field)[name]
    data = value if isinstance(value, str) else value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return (Edit(("alarms", field, name)), *((Edit(("alarms", field, close), data),) if close else ()))


def _acknowledged(spec: PipelineSpec, findings: Iterable[Finding]) -> Iterator[Finding]:
    used = set()
    for finding in findings:
        name = f"{_node(finding.path)}.{finding.code}"
        if finding.level != "error" and name in spec.acknowledge:
            used.add(name)
        else:
            yield finding
    for name in spec.acknowledge:
        if name not in used:
            yield Finding(
                "LNG604",
                f"nothing to acknowledge under `{name}`",
                ("acknowledge", name),
                note="there is no such warning now; errors cannot be acknowledged",
                help="take it out",
                edits=(Edit(("acknowledge", name)),),
            )


def _node(path: SpecPath) -> Any:
    """What a finding is acknowledged under: its node, or else its section; `alarms` for a missing section of alarms."""
    if path[:1] and path[0] in NODE_SECTIONS:
        return path[1]
    return path[0] if path else "alarms"

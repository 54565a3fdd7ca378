"""What the assembly knows of a planned node, whatever its kind.

A kind has one plan. Its methods take no arguments: neighbours, and what is known only of live objects, are fields that are set
before. All of them are required, so a kind without alarms has to say so.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from streaming_constructs.kinds import Kind, kinds_of
from streaming_constructs.spec.node import NodeSpec, Reader

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.schemas import RecordSchema
    from streaming_constructs.spec.workload import Workload


def today() -> date:
    """The day that it is, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Summary:
    """A node as the tree of `plan` shows it, and as its JSON has it.

    Attributes:
        noun: What it is, such as `stream`.
        title: What stands behind its name, on the first line.
        lines: What else is told, line by line.
        why: How its numbers came about, where that is told apart.
        values: Its numbers for programs.
    """

    noun: str
    title: str
    lines: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


class NodePlan(Protocol):
    """A node with its numbers."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def spec(self) -> NodeSpec:
        """What was asked for."""

    @property
    def working(self) -> tuple[str, ...]:
        """How its numbers came about, line by line."""

    def alarms(self) -> Iterator[AlarmPlan]:
        """The alarms that it needs."""

    def findings(self) -> Iterator[Finding]:
        """What is likely to go wrong; paths start at the section, as one node may speak about another."""

    def state(self) -> State | None:
        """What it holds, and what of it is there to stay once it is deployed; None where nothing is lost with it."""

    def costs(self) -> Iterator[Charge]:
        """What it is charged in a month, and what of that cannot be reckoned; nothing where AWS charges nothing."""

    def graphs(self) -> tuple[Graph, ...]:
        """Its graphs on a dashboard; none where there is nothing to see."""

    def heading(self) -> str:
        """What the dashboard says about it, in one line."""

    def summary(self) -> Summary:
        """What `plan` says about it."""


@runtime_checkable
class Source(Protocol):
    """What can be read, whatever it is: readers know no more of it than this."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """Its kind, such as `kinesis`: how it is read, and by what it tells that its readers are late."""

    @property
    def partitions(self) -> int | None:
        """How many parts of it are read at the same time, such as shards; None where that is not known."""

    @property
    def splits_by_itself(self) -> bool:
        """Whether the number of its partitions changes with its traffic."""

    @property
    def retention_hours(self) -> int:
        """How long records can be read."""

    @property
    def retention_is_known(self) -> bool:
        """Whether that is so, and not merely the least that it can be."""

    @property
    def workload(self) -> Workload | None:
        """What flows through it, if that is known."""

    @property
    def largest_record_kb(self) -> int | None:
        """The largest record that it takes, where more than the usual was asked for."""

    @property
    def write_mib_per_second(self) -> float | None:
        """What it takes, in MiB/s; None where that is not known."""

    @property
    def shared_readers(self) -> int:
        """How many readers share what can be read from it."""

    @property
    def has_own_key(self) -> bool:
        """Whether its records are encrypted under a customer managed key."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a node has around it when it is planned.

    Attributes:
        system: The system; a construct that stands alone is in none.
        sources: The plans of what it reads, by name.
        readers: Who reads it.
        users: The plans of the nodes that use it, such as the deliveries to a domain.
        writers: The nodes of the system that write what it reads; or what it takes, where it reads nothing. Each with its name.
        schema: The schema of the records that it has or reads, if they have one.
        max_lag_seconds: What the system calls late, if it says so.
        today: The day on which it is planned, in UTC.
    """

    system: PipelineSpec | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    readers: tuple[Reader, ...] = ()
    users: tuple[NodePlan, ...] = ()
    writers: tuple[tuple[str, NodeSpec], ...] = ()
    schema: RecordSchema | None = None
    max_lag_seconds: int | None = None
    today: date = field(default_factory=today)


PlanNode = Callable[[str, NodeSpec, Neighbours], NodePlan]


def kind_of(section: str, spec: NodeSpec) -> Kind:
    """The row of a node in the list of kinds.

    Args:
        section: The section that it stands in.
        spec: The node.
    """
    kinds = kinds_of(section)
    return kinds.get("") or kinds[cast("Any", spec).kind]


def plan_node(section: str, name: str, spec: NodeSpec, neighbours: Neighbours) -> NodePlan:
    """Gives a node its numbers, whatever its kind; loads what plans it.

    Args:
        section: The section that it stands in.
        name: Its name.
        spec: What was asked for.
        neighbours: What it has around it.
    """
    module = importlib.import_module(f"streaming_constructs.planning.{kind_of(section, spec).module}")
    return cast("PlanNode", module.plan_node)(name, spec, neighbours)

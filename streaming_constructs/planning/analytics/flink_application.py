"""An application of Flink with its numbers: parallelism, KPUs, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from streaming_constructs.facts import flink
from streaming_constructs.planning.node import Source, Summary
from streaming_constructs.planning.numbers import counted
from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.analytics.shard_readers import ShardReader
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.pipeline import PipelineSpec


class Bound(NamedTuple):
    """What a variable of the SQL, or a property of an application, is bound to when it is built.

    Attributes:
        node: The node that it is of; empty of the region.
        ending: How the variable of the node ends, such as `STREAM_ARN`; of the region `AWS_REGION`.
    """

    node: str
    ending: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much of Flink an application has.

    Attributes:
        parallelism: How many subtasks each operator has.
        parallelism_per_kpu: How many of them share a KPU.
        working: How that came about, line by line.
    """

    parallelism: int
    parallelism_per_kpu: int
    working: tuple[str, ...]

    @property
    def kpus(self) -> int:
        """The KPUs that the job runs on; one more is charged for its orchestration."""
        return -(-self.parallelism // self.parallelism_per_kpu)


@dataclass(frozen=True, slots=True)
class FlinkApplicationPlan:
    """An application with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        capacity: Its parallelism and KPUs.
        sources: What it reads, with their numbers.
        group: The group of Kafka, or the fan-out consumer of Kinesis, as which it reads.
        max_lag_seconds: What the system calls late, if it says so.
        topics: Topics whose lag MSK tells by its group: their names in Kafka, by the names of their nodes.
        shard_readers: Who shares the shards of its sources with it, by the names of these.
    """

    name: str
    spec: FlinkApplicationSpec
    capacity: Capacity
    sources: Mapping[str, Source] = field(default_factory=dict)
    group: str = ""
    max_lag_seconds: int | None = None
    topics: Mapping[str, str] = field(default_factory=dict)
    shard_readers: Mapping[str, tuple[ShardReader, ...]] = field(default_factory=dict)

    @property
    def working(self) -> tuple[str, ...]:
        """How its numbers came about, line by line."""
        return self.capacity.working

    @property
    def runtime(self) -> flink.Runtime:
        """The runtime that it runs on."""
        return flink.RUNTIMES[self.spec.runtime]

    @property
    def is_event_time(self) -> bool:
        """Whether it is SQL that computes over the time of records; of code nobody can tell."""
        return False

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.analytics.flink_application_findings import application_findings

        for finding in application_findings(self):
            yield finding.below("analytics", self.name)

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.analytics.flink_alarms import application_alarms

        yield from application_alarms(self)

    def state(self) -> State | None:
        from streaming_constructs.planning.analytics.flink_kept import application_state

        return application_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.analytics.flink_costs import application_costs

        yield from application_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.analytics.flink_graphs import application_graphs

        return application_graphs(self)

    def heading(self) -> str:
        return f"{self._what()}, {self._size()}"

    def summary(self) -> Summary:
        spec = self.spec
        return Summary(
            noun="application",
            title=f"Flink {self.runtime.flink}, {self._what()}, {self._size()}",
            lines=(
                *((f"reads {', '.join(spec.from_)}",) if spec.from_ else ()),
                *((f"writes to {', '.join(self._written())}",) if spec.to else ()),
                self._begins(),
            ),
            why=self.capacity.working,
            values={
                "kind": self.kind,
                "from": list(spec.from_),
                "to": list(spec.to),
                "runtime": spec.runtime,
                "parallelism": self.capacity.parallelism,
                "parallelism_per_kpu": self.capacity.parallelism_per_kpu,
                "kpus": self.capacity.kpus,
                "working": list(self.capacity.working),
            },
        )

    @property
    def kind(self) -> str:
        """Its kind, as a file says it."""
        return self.spec.tag()

    def _what(self) -> str:
        return "SQL" if self.kind == "flink_sql" else "code"

    def _size(self) -> str:
        capacity = self.capacity
        return f"{counted(capacity.parallelism, 'subtask')} on {counted(capacity.kpus, 'KPU')}"

    def _written(self) -> Iterator[str]:
        """What it writes to, and by what, where no connector writes there."""
        behind = {edge.path[1:]: edge.target for edge in self.spec.edges() if edge.role == "to"}
        for place, name in enumerate(self.spec.to):
            sink = behind.get((place,), name)
            yield name if sink == name else f"{name} by the delivery {sink}"

    def _begins(self) -> str:
        spec = self.spec
        if spec.restore.snapshot == "nothing":
            return "begins with no state at each start and update"
        if not spec.snapshots:
            return "makes no snapshots: each update begins with no state"
        if spec.restore.snapshot != "latest_snapshot":
            return f"begins with the snapshot {spec.restore.snapshot}"
        kept = "never" if not spec.checkpointing else f"each {spec.checkpointing.interval_seconds:g} s"
        return f"keeps its state {kept}, and begins with its latest snapshot"


def reading_group(system: str, name: str) -> str:
    """The group, or fan-out consumer, as which an application reads: it stays the same whatever is deployed.

    Args:
        system: The name of the system; empty where the application stands alone.
        name: The name of its node.
    """
    return f"{system}-{name}" if system else name


def watched_topics(names: Iterable[str], system: PipelineSpec | None) -> Mapping[str, str]:
    """The topics among what is read whose lag is watched: their names in Kafka, by the names of their nodes.

    An application has one cluster in the dimensions of its metrics: none of those that read topics of several is watched.

    Args:
        names: What is read as the group of the application.
        system: The system that it stands in. None: nothing is known of them.
    """
    streams = {name: system.streams[name] for name in names} if system is not None else {}
    if not any(node.kind == "kafka" for node in streams.values()):
        return {}
    # Of systems with topics alone.
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

    topics = {name: node for name, node in streams.items() if isinstance(node, KafkaTopicSpec)}
    return {
        name: node.topic_name(name)
        for name, node in topics.items()
        if len({one.cluster for one in topics.values()}) == 1
    }

"""A replicator with its numbers: how late records may be in the other cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import duration, number
from streaming_constructs.spec.kept import Kept, State
from streaming_constructs.spec.replicators.msk import MskReplicatorSpec
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.spec.finding import Finding

LATE_SECONDS = 300
"""What is late where nobody says: records are usually in the other cluster after seconds."""
LATE_MINUTES = 15
_ANOTHER = "CloudFormation makes another replicator, which begins where its `starting_position` says, in each topic"


@dataclass(frozen=True, slots=True)
class ReplicatorPlan:
    """A replicator with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        late_seconds: After how long a record is late in the other cluster.
        records_per_second: What is written to the topics of the system in the cluster that is read; None where that is not
            known of one of them.
        working: How these numbers came about, line by line.
        workloads: What is written to each of those topics; None where that is not known.
    """

    name: str
    spec: MskReplicatorSpec
    late_seconds: int
    records_per_second: float | None
    working: tuple[str, ...]
    workloads: tuple[Workload | None, ...] = ()

    def alarms(self) -> Iterator[AlarmPlan]:
        yield AlarmPlan(
            self.name,
            "replication_latency",
            metrics.REPLICATION_LATENCY,
            threshold=self.late_seconds * 1000,
            minutes=LATE_MINUTES,
            title=f"Records of {self.spec.from_} are late in {self.spec.to}",
            action="look for throttling in both clusters, and give topics that carry much more partitions",
            working=f"{self.late_seconds:,} s",
        )
        if self.records_per_second:
            lag = self.late_seconds * self.records_per_second
            yield AlarmPlan(
                self.name,
                "message_lag",
                metrics.REPLICATION_LAG,
                threshold=lag,
                minutes=LATE_MINUTES,
                title=f"Many records of {self.spec.from_} are not yet in {self.spec.to}",
                action="look for throttling in both clusters, and give topics that carry much more partitions",
                working=f"{self.late_seconds:,} s × {number(self.records_per_second)} records/s",
            )
        yield AlarmPlan(
            self.name,
            "replicator_failure",
            metrics.REPLICATOR_FAILURES,
            threshold=0,
            minutes=SUSTAINED_MINUTES,
            title=f"The replicator {self.name} fails",
            action="read its log: most often a permission, or a security group that no longer lets it in",
            working="no failure is usual",
        )

    def findings(self) -> Iterator[Finding]:
        yield from ()

    def state(self) -> State | None:
        spec = self.spec
        fixed = (
            ("the cluster that is read", spec.from_, "from"),
            ("the cluster that is written to", spec.to, "to"),
            ("where it begins", spec.starting_position, "starting_position"),
            ("how topics are called", spec.topic_names, "topic_names"),
            ("its compression", spec.compression, "compression"),
        )
        told = "the replicator is deleted; what it wrote stays in the other cluster, and its consumers get no more"
        return State(
            told, told, tuple(Kept(what, value, (field,), "EVO973", note=_ANOTHER) for what, value, field in fixed)
        )

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.replicators.msk_costs import replicator_costs

        yield from replicator_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        return (
            Graph("Time until a record is there, in ms", (metrics.REPLICATION_LATENCY,)),
            Graph("Records that are not there yet", (metrics.REPLICATION_LAG,)),
            Graph("Bytes per second", (metrics.REPLICATOR_THROUGHPUT,)),
        )

    def heading(self) -> str:
        return f"{self.spec.from_} → {self.spec.to}, late after {duration(self.late_seconds)}"

    def summary(self) -> Summary:
        spec = self.spec
        return Summary(
            noun="replicator",
            title=f"MSK Replicator, {spec.from_} → {spec.to}",
            lines=(
                f"topics {', '.join(spec.topics)}, with {spec.topic_names} names, from the {spec.starting_position} record",
                f"groups {', '.join(spec.consumer_groups) or 'none'}",
            ),
            why=self.working,
            values={
                "kind": spec.kind,
                "from": spec.from_,
                "to": spec.to,
                "topics": list(spec.topics),
                "consumer_groups": list(spec.consumer_groups),
                "late_seconds": self.late_seconds,
                "working": list(self.working),
            },
        )


def plan_node(name: str, spec: MskReplicatorSpec, neighbours: Neighbours) -> ReplicatorPlan:
    """Gives a replicator its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: The system around it; a replicator that stands alone is in none.
    """
    own = neighbours.max_lag_seconds
    late = LATE_SECONDS if own is None else own
    why = f"late after {late:,} s" + ("" if own is None else ", as `alarms.max_lag_seconds` says")
    workloads = _workloads(spec, neighbours)
    return ReplicatorPlan(name, spec, late, _records(workloads), (why,), workloads)


def _workloads(spec: MskReplicatorSpec, neighbours: Neighbours) -> tuple[Workload | None, ...]:
    """What is written to each topic of the cluster that is read."""
    streams = neighbours.system.streams.values() if neighbours.system is not None else ()
    return tuple(
        topic.workload for topic in streams if isinstance(topic, KafkaTopicSpec) and topic.cluster == spec.from_
    )


def _records(workloads: Sequence[Workload | None]) -> float | None:
    """What is written to them together, in records a second on average; None where that is not known of one of them."""
    known = [workload.records_per_second for workload in workloads if workload is not None]
    return float(sum(known)) if known and len(known) == len(workloads) else None

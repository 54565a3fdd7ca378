"""The partitions and replicas of a topic of Kafka."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from streaming_constructs.facts import msk
from streaming_constructs.facts.fact import Fact
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import counted, duration, exact, number
from streaming_constructs.planning.workload import Load, mib_per_second, peak_load
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.kafka_configs import config_text
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.streams.kafka import HOUR_MS, Encoding, KafkaTopicSpec
from streaming_constructs.spec.streams.kafka_encoding import encoding_of
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State

FOR_EVER_HOURS = 876_000
"""What a retention without end is counted as, where a number is needed: a hundred years."""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        cluster: The cluster that it is in, as the spec describes it.
        readers: Who reads it.
        load: What is written to it in the busiest minute, if its workload is known.
        partitions: Number of partitions; None for an existing topic that does not tell.
        needed_partitions: The number that its workload needs, if it is known.
        replicas: Replicas of each partition.
        in_sync: Replicas that have to have a record before a writer that asks for all of them hears so.
        working: How these numbers came about, line by line.
        encoding: How values are written: with the schema registry of the system, or as producers like.
        max_lag_seconds: What the system calls late, if it says so.
        schema: The schema of its records, if they have one.
    """

    name: str
    spec: KafkaTopicSpec
    cluster: KafkaClusterSpec
    readers: tuple[Reader, ...]
    load: Load | None
    partitions: int | None
    needed_partitions: int | None
    replicas: int
    in_sync: int
    working: tuple[str, ...]
    encoding: Encoding = "plain"
    max_lag_seconds: int | None = None
    schema: RecordSchema | None = None

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.streams.kafka_alarms import topic_alarms

        yield from topic_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.streams.kafka_findings import topic_findings

        for finding in topic_findings(self):
            yield finding.below("streams", self.name)

    def state(self) -> State | None:
        from streaming_constructs.planning.streams.kafka_kept import topic_state

        return topic_state(self)

    def costs(self) -> Iterator[Charge]:
        yield from ()  # its cluster is charged, by what all its topics carry and keep

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.streams.kafka_graphs import topic_graphs

        return topic_graphs(self)

    def heading(self) -> str:
        return f"{self._size()}, keeps records {self._keeps()}"

    def summary(self) -> Summary:
        return Summary(
            noun="stream",
            title=f"Kafka topic{' (existing)' if self.spec.arn else ''}, {self._size()}",
            lines=(
                f"in the cluster {self.spec.cluster}, as {self.topic}",
                f"keeps records {self._keeps()}",
                *((f"keyed by {self.spec.partition_key}",) if self.spec.partition_key else ()),
                *(("values encoded with the schema registry",) if self.encoding == "registry" else ()),
            ),
            why=self.working,
            values={
                "kind": self.spec.kind,
                "cluster": self.spec.cluster,
                "topic": self.topic,
                "partitions": self.partitions,
                "needed_partitions": self.needed_partitions,
                "replication_factor": self.replicas,
                "min_insync_replicas": self.in_sync,
                "retention_ms": self.spec.retention_ms,
                "local_retention_ms": self.spec.local_retention_ms,
                "cleanup_policy": list(self.spec.cleanup_policy),
                "partition_key": self.spec.partition_key,
                "encoding": self.encoding,
                "readers": [reader.name for reader in self.readers],
                "working": list(self.working),
            },
        )

    def _size(self) -> str:
        partitions = counted(self.partitions, "partition") if self.partitions is not None else "partitions unknown"
        return f"{partitions} x {counted(self.replicas, 'replica')}"

    def _keeps(self) -> str:
        if self.spec.cleanup_policy == ("compact",):
            return "for ever, the last of each key"
        total = "for ever" if self.spec.retention_ms == -1 else f"for {duration(self.spec.retention_ms / 1000)}"
        local = self.spec.local_retention_ms
        return total if local is None else f"{total}, of which {duration(local / 1000)} on the brokers"

    @property
    def topic(self) -> str:
        """Its name in Kafka."""
        return self.spec.topic_name(self.name)

    @property
    def kind(self) -> str:
        """That it is a topic of Kafka."""
        return self.spec.kind

    @property
    def splits_by_itself(self) -> bool:
        """Whether AWS changes its partitions: never."""
        return False

    @property
    def retention_hours(self) -> int:
        """How long records can be read; a hundred years where that has no end."""
        endless = self.spec.retention_ms == -1 or self.spec.cleanup_policy == ("compact",)
        return FOR_EVER_HOURS if endless else max(1, self.spec.retention_ms // HOUR_MS)

    @property
    def retention_is_known(self) -> bool:
        """Whether that is so: an existing topic may keep more."""
        return self.spec.arn is None or self.spec.retention_is_given

    @property
    def workload(self) -> Workload | None:
        """What flows through it, if that is known."""
        return self.spec.workload

    @property
    def largest_record_kb(self) -> int | None:
        """The largest batch of records that it takes, where more than the usual was asked for."""
        return None if self.spec.max_message_kb is None else math.ceil(self.spec.max_message_kb)

    @property
    def write_mib_per_second(self) -> float | None:
        """What it takes: no more than its partitions, where MSK limits them."""
        limits = partition_limits(self.cluster)
        return None if self.partitions is None else self.partitions * limits.write

    @property
    def shared_readers(self) -> int:
        """How many groups read it."""
        return len(self.readers)

    @property
    def has_own_key(self) -> bool:
        """Whether its records lie under a customer managed key: readers never see it, brokers decrypt."""
        return False

    @property
    def configs(self) -> dict[str, str]:
        """Its configurations as Kafka is told them, each that is managed, sorted; none that its cluster fixes."""
        spec, said = self.spec, dict[str, str]()
        said["cleanup.policy"] = ",".join(sorted(spec.cleanup_policy))
        said["retention.ms"] = str(spec.retention_ms)
        if spec.compression is not None:
            said["compression.type"] = spec.compression
        if spec.max_message_kb is not None:
            said["max.message.bytes"] = str(round(exact(spec.max_message_kb) * 1024))
        if not self.cluster.is_serverless and not self.cluster.express:
            said["min.insync.replicas"] = str(self.in_sync)
        if spec.local_retention_ms is not None:
            said["remote.storage.enable"] = "true"
            said["local.retention.ms"] = str(spec.local_retention_ms)
        said |= {key: config_text(value) for key, value in spec.configs.items()}
        return dict(sorted(said.items()))

    def stored_gib(self) -> Fraction | None:
        """What its replicas keep on the brokers' volumes, in GiB; None where it is not known, or has no end."""
        local = self.spec.local_retention_ms
        kept = self.spec.retention_ms if local is None else local
        if self.spec.workload is None or kept == -1 or self.spec.cleanup_policy == ("compact",):
            return None
        return mib_per_second(self.spec.workload) * self.replicas * Fraction(kept, 1000) / 1024


@dataclass(frozen=True, slots=True)
class PartitionLimits:
    """What one partition carries, in MiB/s.

    Attributes:
        written: What is written to it.
        sent: What is read from it; None where nothing limits that.
        source: Whose limit it is.
    """

    written: Fact
    sent: Fact | None
    source: str

    @property
    def write(self) -> float:
        """What is written to it, as a number."""
        return self.written.value

    @property
    def read(self) -> float | None:
        """What is read from it, as a number."""
        return self.sent.value if self.sent is not None else None


def partition_limits(cluster: KafkaClusterSpec) -> PartitionLimits:
    """What one partition of a cluster carries.

    Args:
        cluster: The cluster.
    """
    if cluster.is_serverless:
        return PartitionLimits(
            msk.SERVERLESS_PARTITION_INGRESS_MIB_PER_SECOND,
            msk.SERVERLESS_PARTITION_EGRESS_MIB_PER_SECOND,
            "the quota of serverless clusters",
        )
    if cluster.express:
        return PartitionLimits(msk.EXPRESS_PARTITION_MIB_PER_SECOND, None, "the quota of Express brokers")
    return PartitionLimits(msk.PARTITION_MIB_PER_SECOND, None, "a guideline")


def partitions_for(load: Load, readers: int, cluster: KafkaClusterSpec) -> int:
    """The number of partitions that carries a load, with 40 % to spare.

    `ceil(1.4 × max(write MiB/s ÷ limit, readers × write MiB/s ÷ limit of reads))`, at least 1.

    Args:
        load: What is written in the busiest minute.
        readers: How many groups read it.
        cluster: The cluster.
    """
    return max(1, math.ceil(headroom() * max(_terms(load, readers, cluster))))


def headroom() -> Fraction:
    """The factor on what is needed: AWS advises to keep 40 % free."""
    return 1 + exact(msk.HEADROOM.value)


def _terms(load: Load, readers: int, cluster: KafkaClusterSpec) -> tuple[Fraction, Fraction]:
    limits = partition_limits(cluster)
    read = readers * load.mib / exact(limits.read) if limits.read is not None else Fraction(0)
    return load.mib / exact(limits.write), read


def plan_node(name: str, spec: KafkaTopicSpec, neighbours: Neighbours) -> TopicPlan:
    """Gives a topic of a system its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: Who reads it.
    """
    assert neighbours.system is not None
    cluster = neighbours.system.clusters[spec.cluster]
    assert isinstance(cluster, KafkaClusterSpec)
    planned = plan_topic(name, spec, cluster, neighbours.readers, encoding_of(name, spec, neighbours.system))
    return replace(planned, max_lag_seconds=neighbours.max_lag_seconds, schema=neighbours.schema)


def plan_topic(
    name: str,
    spec: KafkaTopicSpec,
    cluster: KafkaClusterSpec,
    readers: tuple[Reader, ...] = (),
    encoding: Encoding | None = None,
) -> TopicPlan:
    """Gives a topic its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        cluster: The cluster that it is in.
        readers: Who reads it.
        encoding: How values are written, where something beside the spec says it. Left out: as the spec says, else plain.
    """
    load = peak_load(spec.workload) if spec.workload else None
    needed = partitions_for(load, len(readers), cluster) if load else None
    replicas = spec.replicas(cluster)
    in_sync = spec.min_insync_replicas or max(1, replicas - 1)
    working: tuple[str, ...]
    partitions = spec.partitions
    if partitions is not None:
        working = (f"{counted(partitions, 'partition')}, as given",)
    elif spec.arn is not None or load is None or needed is None:
        working = ("number of partitions unknown: give `partitions`",)
    else:
        partitions, working = needed, _working(load, len(readers), cluster, needed)
    encoded = encoding or spec.encoding or "plain"
    return TopicPlan(name, spec, cluster, readers, load, partitions, needed, replicas, in_sync, working, encoded)


def _working(load: Load, readers: int, cluster: KafkaClusterSpec, needed: int) -> tuple[str, ...]:
    limits, (write, read) = partition_limits(cluster), _terms(load, readers, cluster)
    lines = [
        f"bytes written: {number(load.mib)} MiB/s ÷ {limits.write:g} MiB/s a partition ({limits.source}) = {number(write)}"
    ]
    if limits.read is not None:
        lines.append(
            f"bytes read: {counted(readers, 'reader')} × {number(load.mib)} MiB/s ÷ {limits.read:g} MiB/s a partition = "
            f"{number(read)}"
        )
    most, factor = max(write, read), headroom()
    lines.append(
        f"headroom {number(factor)} × {number(most)} = {number(factor * most)} → {counted(needed, 'partition')}"
    )
    if not cluster.is_serverless and needed < cluster.zones():
        lines.append(
            f"fewer than the {cluster.zones()} zones, so not every broker leads one; `partitions: {cluster.zones()}` spreads "
            "them, and more later move keys"
        )
    return tuple(lines)

"""The brokers of a cluster: what is watched of each, and drawn."""

from __future__ import annotations

from collections.abc import Sequence

from alarms import MINUTE, Alarms
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from kafka_metrics import KafkaMetrics
from widgets import graph

CPU_LIMIT, HEAP_LIMIT, DISK_LIMIT, CONNECTIONS_LIMIT, IDLE_LIMIT = 60, 60, 85, 2400, 0.3


class Brokers:
    """Those of a cluster, which has metrics of each: more of them from the level PER_BROKER on."""

    def __init__(
        self,
        metrics: KafkaMetrics,
        count: int,
        *,
        partitions_recommended: int,
        per_broker: bool = False,
        tier_lag_limit: int | None = None,
    ) -> None:
        self.metrics, self.numbers = metrics, range(1, count + 1)
        self.partitions_recommended = partitions_recommended
        self.per_broker, self.tier_lag_limit = per_broker, tier_lag_limit
        self.offline = metrics.of("OfflinePartitionsCount", "Maximum")

    def watch(self, alarms: Alarms) -> None:
        alarms.above("Offline", self.offline, 0, 3, "Partitions have no leader: see which brokers are away.")
        above: list[tuple[str, float, int, str]] = [
            ("PartitionCount", self.partitions_recommended, 15, "Too many partitions: add brokers."),
            ("ConnectionCount", CONNECTIONS_LIMIT, 5, "Too many connections: find clients that connect anew."),
            ("UnderMinIsrPartitionCount", 0, 3, "Writes are refused: see which brokers are away."),
            ("UnderReplicatedPartitions", 0, 15, "Replicas are behind: see whether a broker is patched."),
            ("HeapMemoryAfterGC", HEAP_LIMIT, 15, "The heap is full: choose a larger type."),
        ]
        if self.per_broker:
            above += [
                ("IAMTooManyConnections", 0, 5, "Too many new connections: find clients that connect anew."),
                ("TrafficShaping", 0, 15, "The network of the broker is full: choose a larger type."),
            ]
        if self.tier_lag_limit:
            above.append(("RemoteCopyLagBytes", self.tier_lag_limit, 15, "The tier is behind, and the volume fills."))
        for broker in self.numbers:
            self._watch_broker(alarms, broker, above)

    def _watch_broker(self, alarms: Alarms, broker: int, above: Sequence[tuple[str, float, int, str]]) -> None:
        def of(name: str, statistic: str) -> cloudwatch.Metric:
            return self.metrics.of(name, statistic, Broker_ID=str(broker))

        cpu = self._cpu(broker, Duration.minutes(5))
        alarms.above(f"Broker{broker}Cpu", cpu, CPU_LIMIT, 3, "The broker works too hard: add brokers.")
        for name, limit, minutes, description in above:
            alarms.above(f"Broker{broker}{name}", of(name, "Maximum"), limit, minutes, description)
        disk = of("KafkaDataLogsDiskUsed", "Maximum")
        alarms.at_least(f"Broker{broker}Disk", disk, DISK_LIMIT, 5, "The volume is nearly full: raise it.")
        if self.per_broker:
            for name in ("RequestHandlerAvgIdlePercent", "NetworkProcessorAvgIdlePercent"):
                alarms.below(f"Broker{broker}{name}", of(name, "Average"), IDLE_LIMIT, 15, "The broker is busy.")

    def _cpu(self, broker: int, period: Duration, ending: str = "") -> cloudwatch.MathExpression:
        metrics: dict[str, cloudwatch.IMetric] = {
            f"m{ending}": self.metrics.of("CpuUser", "Average", period, Broker_ID=str(broker)),
            f"system{ending}": self.metrics.of("CpuSystem", "Average", period, Broker_ID=str(broker)),
        }
        return cloudwatch.MathExpression(expression=f"m{ending} + system{ending}", using_metrics=metrics, period=period)

    def _of_each(self, *names: str, statistic: str = "Maximum") -> list[cloudwatch.IMetric]:
        return [self.metrics.of(name, statistic, Broker_ID=str(number)) for number in self.numbers for name in names]

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        """Four graphs in each."""
        graphs = [*self._graphs()]
        return [graphs[first : first + 4] for first in range(0, len(graphs), 4)]

    def _graphs(self) -> list[cloudwatch.IWidget]:
        each, cpus = self._of_each, [self._cpu(broker, MINUTE, str(broker)) for broker in self.numbers]
        heap = "Heap in use after it was collected, in percent"
        replicas = each("UnderReplicatedPartitions", "UnderMinIsrPartitionCount")
        return [
            graph("CPU, user and system, in percent", *cpus, lines=(CPU_LIMIT,)),
            graph("Volume in use, in percent", *each("KafkaDataLogsDiskUsed"), lines=(DISK_LIMIT,)),
            graph(heap, *each("HeapMemoryAfterGC"), lines=(HEAP_LIMIT,)),
            graph("Bytes written per second", *each("BytesInPerSec", statistic="Average")),
            graph("Bytes read per second", *each("BytesOutPerSec", statistic="Average")),
            graph("Partitions with replicas", *each("PartitionCount"), lines=(self.partitions_recommended,)),
            graph("Connections", *each("ConnectionCount"), lines=(CONNECTIONS_LIMIT,)),
            graph("Partitions that lack replicas", *replicas),
            graph("Packets above what the network of a broker takes", *each("TrafficShaping")),
            *(self._graphs_per_broker() if self.per_broker else ()),
            graph("Partitions without a leader", self.offline),
            graph("Partitions without replicas", self.metrics.of("GlobalPartitionCount", "Maximum")),
        ]

    def _graphs_per_broker(self) -> list[cloudwatch.IWidget]:
        handlers = self._of_each("RequestHandlerAvgIdlePercent", statistic="Average")
        processors = self._of_each("NetworkProcessorAvgIdlePercent", statistic="Average")
        tier, behind = "Bytes that are not yet in tiered storage", self._of_each("RemoteCopyLagBytes")
        return [
            graph("Idle request handlers, of 1", *handlers, lines=(IDLE_LIMIT,)),
            graph("Idle network processors, of 1", *processors, lines=(IDLE_LIMIT,)),
            graph("New connections above what IAM takes", *self._of_each("IAMTooManyConnections")),
            *([graph(tier, *behind, lines=(self.tier_lag_limit,))] if self.tier_lag_limit else ()),
        ]

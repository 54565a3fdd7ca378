"""What MSK tells of a cluster and of its topics, and the graphs of it that every topic has."""

from __future__ import annotations

from alarms import MINUTE
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from widgets import graph


class KafkaMetrics:
    """The metrics of one cluster."""

    def __init__(self, cluster: str) -> None:
        self.cluster = cluster

    def of(self, name: str, statistic: str, period: Duration = MINUTE, **dimensions: str) -> cloudwatch.Metric:
        named = {key.replace("_", " "): value for key, value in dimensions.items()}
        return cloudwatch.Metric(
            namespace="AWS/Kafka",
            metric_name=name,
            dimensions_map={"Cluster Name": self.cluster, **named},
            statistic=statistic,
            period=period,
        )

    def of_each(self, dimension: str, name: str, statistic: str, topic: str) -> cloudwatch.MathExpression:
        """A line for each value of a dimension that a topic has."""
        found = (
            f'{{AWS/Kafka,"Cluster Name","{dimension}","Topic"}} MetricName="{name}" '
            f'"Cluster Name"="{self.cluster}" "Topic"="{topic}"'
        )
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{found}', '{statistic}', 60)", using_metrics={}, period=MINUTE, label=""
        )

    def flow_by_broker(self, topic: str) -> list[cloudwatch.IWidget]:
        return [
            graph("Bytes written per second, by broker", self.of_each("Broker ID", "BytesInPerSec", "Average", topic)),
            graph("Bytes read per second, by broker", self.of_each("Broker ID", "BytesOutPerSec", "Average", topic)),
        ]

    def lag_of_groups(self, topic: str) -> list[cloudwatch.IWidget]:
        late = self.of_each("Consumer Group", "EstimatedMaxTimeLag", "Maximum", topic)
        waiting = self.of_each("Consumer Group", "SumOffsetLag", "Maximum", topic)
        return [graph("Lag of each group, in seconds", late), graph("Records that wait for each group", waiting)]

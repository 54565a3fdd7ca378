"""A topic of Kafka that is watched, and read."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from alarms import Alarms
from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_msk as msk
from aws_cdk.aws_kinesisfirehose import CfnDeliveryStream
from constructs import Construct, IDependable
from kafka_clusters import Cluster, TieredCluster
from widgets import graph, heading

MIB = 1024 * 1024
SERVERLESS_PARTITION_MIB = 5


class Topic(Construct):
    delivery_lag_metric = "KafkaOffsetLag"
    delivery_lag_title = "Behind the topic, in records of a partition"
    delivery_problems = (
        ("DataReadFromSource.Backpressured", "Maximum", 5),
        ("FailedValidation.Records", "Sum", 1),
    )

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: Cluster,
        partitions: int,
        keeps: str,
        records_per_second: int,
        configs: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.cluster, self.partitions, self.keeps = cluster, partitions, keeps
        self.records_per_second = records_per_second
        self.delivery_lag_limit = records_per_second * 3600 / partitions
        self.arn = cluster.arn_of("topic", construct_id)
        self.topic: msk.CfnTopic | None = None
        if not cluster.is_serverless:  # there, a client creates them
            lines = "".join(f"{key}={value}\n" for key, value in sorted((configs or {}).items()))
            self.topic = msk.CfnTopic(
                self,
                "Topic",
                cluster_arn=cluster.arn,
                topic_name=construct_id,
                partition_count=partitions,
                replication_factor=3,
                configs=base64.b64encode(lines.encode()).decode(),
            )
            self.topic.apply_removal_policy(RemovalPolicy.RETAIN)
            if isinstance(cluster, TieredCluster):
                cluster.create_topic(self.topic)

    def may_write(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                actions=["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"], resources=[self.cluster.arn]
            ),
            iam.PolicyStatement(
                actions=["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"], resources=[self.arn]
            ),
        ]

    def delivery_statements(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                actions=[
                    "kafka-cluster:Connect",
                    "kafka:DescribeCluster",
                    "kafka:DescribeClusterV2",
                    "kafka:GetBootstrapBrokers",
                ],
                resources=[self.cluster.arn],
            ),
            iam.PolicyStatement(
                actions=[
                    "kafka-cluster:DescribeTopic",
                    "kafka-cluster:DescribeTopicDynamicConfiguration",
                    "kafka-cluster:ReadData",
                ],
                resources=[self.arn],
            ),
            iam.PolicyStatement(actions=["kafka-cluster:DescribeGroup"], resources=[self.cluster.arn_of("group", "*")]),
        ]

    def delivery_source(self, role: iam.IRole) -> dict[str, Any]:
        return {
            "delivery_stream_type": "MSKAsSource",
            "msk_source_configuration": CfnDeliveryStream.MSKSourceConfigurationProperty(
                msk_cluster_arn=self.cluster.arn,
                topic_name=self.node.id,
                authentication_configuration=CfnDeliveryStream.AuthenticationConfigurationProperty(
                    connectivity="PRIVATE", role_arn=role.role_arn
                ),
                read_from_timestamp="1970-01-01T00:00:00Z",
            ),
        }

    def delivered_after(self) -> list[IDependable]:
        assert isinstance(self.cluster, TieredCluster)
        return [self, self.cluster.access]

    def watch(self, alarms: Alarms) -> None:
        """Watches what a serverless cluster tells of it; brokers have alarms of their own."""
        self.bytes_limit = 0.8 * self.partitions * SERVERLESS_PARTITION_MIB * MIB
        self.bytes_in = self._metric("BytesInPerSec")
        alarms.above("Capacity", self.bytes_in, self.bytes_limit, 5, "Partitions are nearly full: add some.")

    def _metric(self, name: str) -> cloudwatch.Metric:
        return self.cluster.metrics.of(name, "Sum", Topic=self.node.id)

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        metrics, name = self.cluster.metrics, self.node.id
        title = heading(f"## {name}\n{self.partitions} partitions x 3 replicas, {self.keeps}")
        if not self.cluster.is_serverless:
            return [[title], [*metrics.flow_by_broker(name), *metrics.lag_of_groups(name)]]
        late, waiting = metrics.lag_of_groups(name)
        return [
            [title],
            [
                graph("Bytes written per second", self.bytes_in, lines=(self.bytes_limit,)),
                graph("Records written per second", self._metric("MessagesInPerSec")),
                graph("Bytes read per second", self._metric("BytesOutPerSec")),
                late,
            ],
            [waiting],
        ]

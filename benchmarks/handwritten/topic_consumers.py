"""A function that reads a topic of Kafka."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from alarms import MINUTE, Alarms
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_s3 as s3
from constructs import Construct
from consumers import may_keep
from functions import HandlerFunction
from topics import Topic
from widgets import graph, heading


class TopicConsumer(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: Topic,
        code: Path,
        environment: Mapping[str, str],
        failures: Topic | s3.Bucket,
        batch_size: int,
        pollers: tuple[int, int],
        late_seconds: int,
        memory_size: int = 256,
    ) -> None:
        super().__init__(scope, construct_id)
        self.source, self.late_seconds = source, late_seconds
        self.offset_limit = source.records_per_second * late_seconds
        function = HandlerFunction(
            self,
            "Handler",
            description=f"Reads the topic {source.node.id}",
            code=code,
            environment=environment,
            memory_size=memory_size,
            statements=[
                *self._may_read(),
                *(failures.may_write() if isinstance(failures, Topic) else may_keep(failures)),
            ],
        ).function
        minimum, maximum = pollers
        self.mapping = lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function,
            event_source_arn=source.cluster.arn,
            kafka_topic=source.node.id,
            kafka_consumer_group_id=construct_id,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=batch_size,
            max_batching_window=Duration.seconds(1),
            bisect_batch_on_error=True,
            retry_attempts=3,
            max_record_age=Duration.hours(6),
            report_batch_item_failures=True,
            on_failure=(
                event_sources.KafkaDlq(failures.node.id)
                if isinstance(failures, Topic)
                else event_sources.S3OnFailureDestination(failures)
            ),
            provisioned_poller_config=lambda_.ProvisionedPollerConfig(minimum_pollers=minimum, maximum_pollers=maximum),
            metrics_config=lambda_.MetricsConfig(
                metrics=[
                    lambda_.MetricType.EVENT_COUNT,
                    lambda_.MetricType.ERROR_COUNT,
                    lambda_.MetricType.KAFKA_METRICS,
                ]
            ),
        )
        for topic in (source, failures):
            if isinstance(topic, Topic) and topic.topic:
                self.mapping.node.add_dependency(topic)
        if isinstance(failures, s3.Bucket):
            self.mapping.node.add_dependency(source.cluster.network.s3)
        self.lag = source.cluster.metrics.of(
            "EstimatedMaxTimeLag", "Maximum", Consumer_Group=construct_id, Topic=source.node.id
        )
        self.offset_lag = function.metric("OffsetLag", period=MINUTE, statistic="Maximum")
        self.invocations = function.metric_invocations(period=MINUTE)
        self.errors = function.metric_errors(period=MINUTE)
        self.throttles = function.metric_throttles(period=MINUTE)
        self.polled = self._mapping_metric("PolledEventCount")
        self.filtered_out = self._mapping_metric("FilteredOutEventCount")
        self.invoked = self._mapping_metric("InvokedEventCount")
        self.given_up = self._mapping_metric("OnFailureDestinationDeliveredEventCount")
        self.dropped = self._mapping_metric("DroppedEventCount")
        self.undelivered = self._mapping_metric("OnFailureDestinationDeliveryErrorCount")

    def _may_read(self) -> list[iam.PolicyStatement]:
        cluster = self.source.cluster
        return [
            iam.PolicyStatement(
                actions=[
                    "ec2:CreateNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                resources=["*"],
            ),
            iam.PolicyStatement(
                actions=["kafka-cluster:Connect", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
                resources=[cluster.arn],
            ),
            iam.PolicyStatement(
                actions=["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], resources=[self.source.arn]
            ),
            iam.PolicyStatement(
                actions=["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
                resources=[cluster.arn_of("group", self.node.id)],
            ),
        ]

    def _mapping_metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=name,
            dimensions_map={"EventSourceMappingUUID": self.mapping.event_source_mapping_id},
            statistic="Sum",
            period=MINUTE,
        )

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id
        alarms.above(f"{name}Lag", self.lag, self.late_seconds, 5, "The function is late.")
        alarms.above(f"{name}OffsetLag", self.offset_lag, self.offset_limit, 5, "The function is late.")
        alarms.above(f"{name}Errors", self.errors, 0, 5, "The function fails again and again: read its log.")
        alarms.above(f"{name}Throttles", self.throttles, 0, 5, "The function is throttled: raise its concurrency.")
        alarms.above(f"{name}GivenUp", self.given_up, 0, 1, "Records were given up: look at them.")
        alarms.above(f"{name}Dropped", self.dropped, 0, 1, "Records were dropped: raise the retention.")
        alarms.above(f"{name}Undelivered", self.undelivered, 0, 1, "Failed records are not kept: check the role.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        return [
            [heading(f"## {self.node.id}\nreads {self.source.node.id}, provisioned")],
            [
                graph("Records read, filtered out, handed over", self.polled, self.filtered_out, self.invoked),
                graph("Lag", self.lag, lines=(self.late_seconds,)),
                graph("Errors and throttles", self.invocations, self.errors, self.throttles),
                graph("Given up", self.given_up, self.dropped, self.undelivered),
            ],
            [graph("Records that wait", self.offset_lag, lines=(self.offset_limit,))],
        ]

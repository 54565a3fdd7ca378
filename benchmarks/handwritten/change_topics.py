"""A topic with the changes of a table, and a function that reads one."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from alarms import MINUTE, Alarms
from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_msk as msk
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.aws_lambda import CfnEventSourceMapping
from broker_cluster import BrokerCluster
from constructs import Construct
from consumers import may_keep
from functions import HandlerFunction
from widgets import graph, heading

CONFIGS = "cleanup.policy=delete\nmin.insync.replicas=2\nretention.ms=604800000\n"
HOUR = 3600


class ChangeTopic(Construct):
    def __init__(
        self, scope: Construct, construct_id: str, *, cluster: BrokerCluster, name: str, partitions: int
    ) -> None:
        super().__init__(scope, construct_id)
        self.cluster, self.name, self.partitions = cluster, name, partitions
        self.arn = cluster.arn_of("topic", name)
        self.topic = msk.CfnTopic(
            self,
            "Topic",
            cluster_arn=cluster.arn,
            topic_name=name,
            partition_count=partitions,
            replication_factor=3,
            configs=base64.b64encode(CONFIGS.encode()).decode(),
        )
        self.topic.apply_removal_policy(RemovalPolicy.RETAIN)

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        metrics = self.cluster.metrics
        return [
            [heading(f"## {self.node.id}\n{self.partitions} partitions x 3 replicas, keeps records for 7 d")],
            [*metrics.flow_by_broker(self.name), *metrics.lag_of_groups(self.name)],
        ]


class ChangeConsumer(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: ChangeTopic,
        registry: glue.CfnRegistry,
        code: Path,
        environment: Mapping[str, str],
        failures: s3.Bucket,
        to: sns.Topic,
        operations: list[str],
        records_per_second: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.source, self.offset_limit = source, records_per_second * HOUR
        handler = HandlerFunction(
            self,
            "Handler",
            description=f"Reads the topic {source.node.id}",
            code=code,
            environment={**environment, "PAID_ORDERS_TOPIC_ARN": to.topic_arn},
            memory_size=256,
            statements=[
                *self._may_read(registry),
                *may_keep(failures),
                iam.PolicyStatement(actions=["sns:Publish"], resources=[to.topic_arn]),
            ],
        )
        function, of = handler.function, CfnEventSourceMapping
        self.mapping = of(
            self,
            "Mapping",
            function_name=function.function_name,
            event_source_arn=source.cluster.arn,
            topics=[source.name],
            starting_position="TRIM_HORIZON",
            batch_size=100,
            maximum_batching_window_in_seconds=1,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=5,
            maximum_record_age_in_seconds=21600,
            function_response_types=["ReportBatchItemFailures"],
            filter_criteria=of.FilterCriteriaProperty(
                filters=[of.FilterProperty(pattern=json.dumps({"value": {"op": operations}}))]
            ),
            destination_config=of.DestinationConfigProperty(
                on_failure=of.OnFailureProperty(destination=failures.bucket_arn)
            ),
            provisioned_poller_config=of.ProvisionedPollerConfigProperty(
                minimum_pollers=1, maximum_pollers=source.partitions
            ),
            metrics_config=of.MetricsConfigProperty(metrics=["EventCount", "ErrorCount", "KafkaMetrics"]),
            amazon_managed_kafka_event_source_config=of.AmazonManagedKafkaEventSourceConfigProperty(
                schema_registry_config=of.SchemaRegistryConfigProperty(
                    schema_registry_uri=registry.attr_arn,
                    event_record_format="JSON",
                    schema_validation_configs=[of.SchemaValidationConfigProperty(attribute="VALUE")],
                )
            ),
        )
        self.mapping.node.add_dependency(source)
        self.lag = source.cluster.metrics.of(
            "EstimatedMaxTimeLag", "Maximum", Consumer_Group=self.mapping.ref, Topic=source.name
        )
        self.offset_lag = function.metric("OffsetLag", period=MINUTE, statistic="Maximum")
        self.invocations = function.metric_invocations(period=MINUTE)
        self.errors = function.metric_errors(period=MINUTE)
        self.throttles = function.metric_throttles(period=MINUTE)
        self.polled, self.filtered_out, self.invoked, self.given_up, self.dropped, self.undelivered = (
            self._mapping_metric(name)
            for name in (
                "PolledEventCount",
                "FilteredOutEventCount",
                "InvokedEventCount",
                "OnFailureDestinationDeliveredEventCount",
                "DroppedEventCount",
                "OnFailureDestinationDeliveryErrorCount",
            )
        )

    def _may_read(self, registry: glue.CfnRegistry) -> list[iam.PolicyStatement]:
        source = self.source
        cluster = source.cluster
        return [
            iam.PolicyStatement(
                actions=[
                    "ec2:CreateNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                    "glue:GetSchemaVersion",
                ],
                resources=["*"],
            ),
            iam.PolicyStatement(actions=["glue:GetRegistry"], resources=[registry.attr_arn]),
            iam.PolicyStatement(
                actions=["kafka-cluster:Connect", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
                resources=[cluster.arn],
            ),
            iam.PolicyStatement(
                actions=["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], resources=[source.arn]
            ),
            iam.PolicyStatement(
                actions=["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
                resources=[cluster.arn_of("group", "*")],
            ),
        ]

    def _mapping_metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=name,
            dimensions_map={"EventSourceMappingUUID": self.mapping.ref},
            statistic="Sum",
            period=MINUTE,
        )

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id
        alarms.above(f"{name}Lag", self.lag, HOUR, 5, "The function is late.")
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
                graph("Lag", self.lag, lines=(HOUR,)),
                graph("Errors and throttles", self.invocations, self.errors, self.throttles),
                graph("Given up", self.given_up, self.dropped, self.undelivered),
            ],
            [graph("Records that wait", self.offset_lag, lines=(self.offset_limit,))],
        ]

"""A stream of shards that is watched."""

from __future__ import annotations

from typing import Any

from alarms import HOUR_MS, MINUTE, Alarms
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk.aws_kinesisfirehose import CfnDeliveryStream
from constructs import Construct, IDependable
from widgets import graph, heading


class WatchedStream(Construct):
    delivery_lag_metric = "KinesisMillisBehindLatest"
    delivery_lag_title = "Behind the stream"
    delivery_problems = (("ThrottledGetRecords", "Sum", 5),)

    def __init__(
        self, scope: Construct, construct_id: str, *, shards: int, retention: Duration, key: kms.IKey | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        self.shards = shards
        self.lag_limit = self.delivery_lag_limit = min(retention.to_milliseconds() / 2, HOUR_MS)
        self.stream = stream = kinesis.Stream(
            self,
            "Stream",
            stream_mode=kinesis.StreamMode.PROVISIONED,
            shard_count=shards,
            retention_period=retention,
            encryption=kinesis.StreamEncryption.KMS if key else kinesis.StreamEncryption.MANAGED,
            encryption_key=key,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.bytes_limit = 0.8 * shards * 1024 * 1024 * 60
        self.records_limit = 0.8 * shards * 1000 * 60
        self.age = stream.metric_get_records_iterator_age_milliseconds(period=MINUTE)
        self.write_throttled = stream.metric_write_provisioned_throughput_exceeded(period=MINUTE, statistic="Sum")
        self.read_throttled = stream.metric_read_provisioned_throughput_exceeded(period=MINUTE, statistic="Sum")
        self.put_failed = stream.metric("PutRecords.FailedRecords", period=MINUTE, statistic="Sum")
        self.incoming_bytes = stream.metric_incoming_bytes(period=MINUTE, statistic="Sum")
        self.incoming_records = stream.metric_incoming_records(period=MINUTE, statistic="Sum")

    def delivery_statements(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                actions=[
                    "kinesis:DescribeStream",
                    "kinesis:GetRecords",
                    "kinesis:GetShardIterator",
                    "kinesis:ListShards",
                ],
                resources=[self.stream.stream_arn],
            )
        ]

    def delivery_source(self, role: iam.IRole) -> dict[str, Any]:
        return {
            "delivery_stream_type": "KinesisStreamAsSource",
            "kinesis_stream_source_configuration": (
                CfnDeliveryStream.KinesisStreamSourceConfigurationProperty(
                    kinesis_stream_arn=self.stream.stream_arn, role_arn=role.role_arn
                )
            ),
        }

    def delivered_after(self) -> list[IDependable]:
        return []

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id
        alarms.above(f"{name}Age", self.age, self.lag_limit, 15, "Readers are behind; records may expire unread.")
        alarms.above(f"{name}WriteThrottled", self.write_throttled, 0, 5, "Writes are throttled: find the hot key.")
        alarms.above(f"{name}ReadThrottled", self.read_throttled, 0, 5, "Reads are throttled: fan out, or add shards.")
        alarms.above(f"{name}PutFailed", self.put_failed, 0, 5, "Kinesis fails to take records: do producers retry?")
        alarms.above(f"{name}Bytes", self.incoming_bytes, self.bytes_limit, 5, "Bytes near the limit: add shards.")
        alarms.above(
            f"{name}Records", self.incoming_records, self.records_limit, 5, "Records near the limit: add shards."
        )

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        size = f"{self.shards} shards: {self.shards} MiB/s, {self.shards},000 records/s"
        return [
            [heading(f"## {self.node.id}\n{size}")],
            [
                graph("Bytes written per minute", self.incoming_bytes, lines=(self.bytes_limit,)),
                graph("Records written per minute", self.incoming_records, lines=(self.records_limit,)),
                graph("Iterator age of shared readers", self.age, lines=(self.lag_limit,)),
                graph("Throttled and failed", self.write_throttled, self.read_throttled, self.put_failed),
            ],
        ]

"""A function that reads a stream, and what keeps the batches that it gives up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from alarms import HOUR_MS, MINUTE, Alarms
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from functions import HandlerFunction
from streams import WatchedStream
from widgets import graph, heading


class Consumer(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: WatchedStream,
        code: Path,
        environment: Mapping[str, str],
        failures: sqs.Queue | s3.Bucket,
        batch_size: int,
        batching_window: Duration,
        retry_attempts: int,
        max_record_age: Duration,
        memory_size: int = 256,
        parallelization_factor: int = 1,
        statements: Sequence[iam.PolicyStatement] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self.source = source
        self.age_limit = min(max_record_age.to_milliseconds() / 2, HOUR_MS)
        handler = HandlerFunction(
            self,
            "Handler",
            description=f"Reads the stream {source.node.id}",
            code=code,
            environment=environment,
            memory_size=memory_size,
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "kinesis:DescribeStream",
                        "kinesis:DescribeStreamSummary",
                        "kinesis:GetRecords",
                        "kinesis:GetShardIterator",
                        "kinesis:ListShards",
                    ],
                    resources=[source.stream.stream_arn],
                ),
                *may_keep(failures),
                *statements,
            ],
        )
        function = handler.function
        self.log_group, self.function = handler.log_group, function
        self.mapping = lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function,
            event_source_arn=source.stream.stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=batch_size,
            max_batching_window=batching_window,
            parallelization_factor=parallelization_factor,
            bisect_batch_on_error=True,
            retry_attempts=retry_attempts,
            max_record_age=max_record_age,
            report_batch_item_failures=True,
            on_failure=(
                event_sources.SqsDlq(failures)
                if isinstance(failures, sqs.Queue)
                else event_sources.S3OnFailureDestination(failures)
            ),
            metrics_config=lambda_.MetricsConfig(metrics=[lambda_.MetricType.EVENT_COUNT]),
        )
        self.age = function.metric("IteratorAge", period=MINUTE, statistic="Maximum")
        self.invocations = function.metric_invocations(period=MINUTE)
        self.errors = function.metric_errors(period=MINUTE)
        self.throttles = function.metric_throttles(period=MINUTE)
        self.undelivered = function.metric("DestinationDeliveryFailures", period=MINUTE, statistic="Sum")
        self.polled = self._mapping_metric("PolledEventCount")
        self.filtered_out = self._mapping_metric("FilteredOutEventCount")
        self.invoked = self._mapping_metric("InvokedEventCount")
        self.dropped = self._mapping_metric("DroppedEventCount")
        self.given_up = (
            failures.metric_approximate_number_of_messages_visible(period=MINUTE)
            if isinstance(failures, sqs.Queue)
            else self._mapping_metric("OnFailureDestinationDeliveredEventCount")
        )

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
        alarms.above(f"{name}Age", self.age, self.age_limit, 5, "The function is behind and will skip records.")
        alarms.above(f"{name}Errors", self.errors, 0, 5, "The function fails again and again: read its log.")
        alarms.above(f"{name}Throttles", self.throttles, 0, 5, "The function is throttled: raise its concurrency.")
        alarms.above(f"{name}GivenUp", self.given_up, 0, 1, "Failed batches are kept: read them again in time.")
        alarms.above(f"{name}Dropped", self.dropped, 0, 1, "Records were dropped: raise the retention.")
        alarms.above(f"{name}Undelivered", self.undelivered, 0, 1, "Failed batches are not kept: check the role.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        return [
            [heading(f"## {self.node.id}\nreads {self.source.node.id}, shared")],
            [
                graph("Records read, filtered out, handed over", self.polled, self.filtered_out, self.invoked),
                graph("Lag", self.age, lines=(self.age_limit,)),
                graph("Errors and throttles", self.invocations, self.errors, self.throttles),
                graph("Given up", self.given_up, self.dropped, self.undelivered),
            ],
        ]


def may_keep(failures: sqs.Queue | s3.Bucket) -> list[iam.PolicyStatement]:
    if isinstance(failures, sqs.Queue):
        return [iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[failures.queue_arn])]
    return [
        iam.PolicyStatement(actions=["s3:PutObject"], resources=[failures.arn_for_objects("aws/lambda/*")]),
        iam.PolicyStatement(actions=["s3:ListBucket"], resources=[failures.bucket_arn]),
    ]

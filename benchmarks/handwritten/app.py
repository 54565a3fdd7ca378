"""The pattern lambda-consumer as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/app.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_cdk import App, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

HANDLER = Path(__file__).resolve().parents[2] / "patterns" / "lambda-consumer" / "handlers" / "fraud"
MINUTE = Duration.minutes(1)
RETENTION = Duration.hours(72)
MAX_RECORD_AGE = Duration.hours(6)
SHARDS = 6
BYTES_A_MINUTE = SHARDS * 1024 * 1024 * 60
RECORDS_A_MINUTE = SHARDS * 1000 * 60


class PaymentsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self.create_stream()
        self.create_function()
        self.create_mapping()
        self.create_topic()
        self.create_metrics()
        self.create_alarms()
        self.create_dashboard()

    def create_stream(self) -> None:
        self.key = kms.Key(
            self,
            "Key",
            description="Encrypts the stream payments",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.stream = kinesis.Stream(
            self,
            "Payments",
            stream_mode=kinesis.StreamMode.PROVISIONED,
            shard_count=SHARDS,
            retention_period=RETENTION,
            encryption=kinesis.StreamEncryption.KMS,
            encryption_key=self.key,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.queue = sqs.Queue(
            self,
            "FailedBatches",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self.key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )

    def create_function(self) -> None:
        self.log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description="What the fraud function and its event source mapping need",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "kinesis:DescribeStream",
                        "kinesis:DescribeStreamSummary",
                        "kinesis:GetRecords",
                        "kinesis:GetShardIterator",
                        "kinesis:ListShards",
                        "kinesis:ListStreams",
                    ],
                    resources=[self.stream.stream_arn],
                ),
                iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self.queue.queue_arn]),
                iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[self.key.key_arn]),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[self.log_group.log_group_arn]
                ),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Fraud",
            description="Reads the stream payments",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(HANDLER), exclude=["__pycache__", "*.pyc"]),
            memory_size=256,
            timeout=MINUTE,
            environment={
                "AMOUNT_LIMIT": "10000",
                "POWERTOOLS_METRICS_NAMESPACE": "Payments",
                "POWERTOOLS_SERVICE_NAME": "fraud",
            },
            layers=[
                lambda_.LayerVersion.from_layer_version_arn(
                    self, "Powertools", "{{resolve:ssm:/aws/service/powertools/python/arm64/python3.13/latest}}"
                )
            ],
            log_group=self.log_group,
            # The policy above is all that it gets: no grants on the side.
            role=role.without_policy_updates(),
        )
        self.function.node.add_dependency(self.permissions)

    def create_mapping(self) -> None:
        self.mapping = lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=self.function,
            event_source_arn=self.stream.stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=200,
            max_batching_window=Duration.seconds(2),
            parallelization_factor=2,
            bisect_batch_on_error=True,
            retry_attempts=5,
            max_record_age=MAX_RECORD_AGE,
            report_batch_item_failures=True,
            on_failure=event_sources.SqsDlq(self.queue),
            metrics_config=lambda_.MetricsConfig(metrics=[lambda_.MetricType.EVENT_COUNT]),
        )

    def create_topic(self) -> None:
        cloudwatch_service = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        own_account = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        key = kms.Key(
            self,
            "TopicKey",
            description="Encrypts alarm notifications",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToEncrypt",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                principals=[cloudwatch_service],
                resources=["*"],
                conditions=own_account,
            )
        )
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToPublish",
                actions=["sns:Publish"],
                principals=[cloudwatch_service],
                resources=[self.topic.topic_arn],
                conditions=own_account,
            )
        )
        self.topic.add_subscription(subscriptions.EmailSubscription("oncall@example.com"))

    def create_metrics(self) -> None:
        stream, function = self.stream, self.function
        self.stream_age = stream.metric_get_records_iterator_age_milliseconds(period=MINUTE)
        self.write_throttled = stream.metric_write_provisioned_throughput_exceeded(period=MINUTE, statistic="Sum")
        self.read_throttled = stream.metric_read_provisioned_throughput_exceeded(period=MINUTE, statistic="Sum")
        self.put_failed = stream.metric("PutRecords.FailedRecords", period=MINUTE, statistic="Sum")
        self.incoming_bytes = stream.metric_incoming_bytes(period=MINUTE, statistic="Sum")
        self.incoming_records = stream.metric_incoming_records(period=MINUTE, statistic="Sum")
        self.function_age = function.metric("IteratorAge", period=MINUTE, statistic="Maximum")
        self.invocations = function.metric_invocations(period=MINUTE)
        self.errors = function.metric_errors(period=MINUTE)
        self.throttles = function.metric_throttles(period=MINUTE)
        self.undelivered = function.metric("DestinationDeliveryFailures", period=MINUTE, statistic="Sum")
        self.waiting = self.queue.metric_approximate_number_of_messages_visible(period=MINUTE)
        self.polled = self.mapping_metric("PolledEventCount")
        self.filtered_out = self.mapping_metric("FilteredOutEventCount")
        self.invoked = self.mapping_metric("InvokedEventCount")
        self.dropped = self.mapping_metric("DroppedEventCount")

    def mapping_metric(self, name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=name,
            dimensions_map={"EventSourceMappingUUID": self.mapping.event_source_mapping_id},
            statistic="Sum",
            period=MINUTE,
        )

    def create_alarms(self) -> None:
        self.action = actions.SnsAction(self.topic)
        half_retention = RETENTION.to_milliseconds() / 2
        half_age = MAX_RECORD_AGE.to_milliseconds() / 2
        self.alarm("StreamAge", self.stream_age, half_retention, 15, "Readers are behind; records may expire unread.")
        self.alarm("WriteThrottled", self.write_throttled, 0, 5, "Writes are throttled: find the hot key, add shards.")
        self.alarm("ReadThrottled", self.read_throttled, 0, 5, "Reads are throttled: fan out, or add shards.")
        self.alarm("PutFailed", self.put_failed, 0, 5, "Kinesis fails to take records: see that producers retry.")
        self.alarm("Bytes", self.incoming_bytes, 0.8 * BYTES_A_MINUTE, 5, "Bytes are near the limit: add shards.")
        self.alarm("Records", self.incoming_records, 0.8 * RECORDS_A_MINUTE, 5, "Records near the limit: add shards.")
        self.alarm("FunctionAge", self.function_age, half_age, 5, "The function is behind and will skip records.")
        self.alarm("Errors", self.errors, 0, 5, "The function fails again and again: read its log.")
        self.alarm("Throttles", self.throttles, 0, 5, "The function is throttled: raise its concurrency.")
        self.alarm("Waiting", self.waiting, 0, 1, "Failed batches wait in the queue: read them again within 72 h.")
        self.alarm("Dropped", self.dropped, 0, 1, "Records were dropped: raise the retention.")
        self.alarm("Undelivered", self.undelivered, 0, 1, "Failed batches do not reach the queue: check the role.")

    def alarm(
        self, construct_id: str, metric: cloudwatch.Metric, threshold: float, minutes: int, description: str
    ) -> None:
        alarm = metric.create_alarm(
            self,
            f"{construct_id}Alarm",
            alarm_description=description,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=minutes,
            datapoints_to_alarm=minutes,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self.action)

    def create_dashboard(self) -> None:
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            widgets=[
                [heading("# payments (prod)", 1)],
                [heading("## payments\n6 shards: 6 MiB/s, 6,000 records/s", 2)],
                [
                    graph("Bytes written per minute", self.incoming_bytes, line=0.8 * BYTES_A_MINUTE),
                    graph("Records written per minute", self.incoming_records, line=0.8 * RECORDS_A_MINUTE),
                    graph("Iterator age of shared readers", self.stream_age, line=RETENTION.to_milliseconds() / 2),
                    graph("Throttled and failed", self.write_throttled, self.read_throttled, self.put_failed),
                ],
                [heading("## fraud\nreads payments, shared", 2)],
                [
                    graph("Records read, filtered out, handed over", self.polled, self.filtered_out, self.invoked),
                    graph("Lag", self.function_age, line=MAX_RECORD_AGE.to_milliseconds() / 2),
                    graph("Errors and throttles", self.invocations, self.errors, self.throttles),
                    graph("Given up", self.waiting, self.dropped, self.undelivered),
                ],
            ],
        )


def heading(markdown: str, height: int) -> cloudwatch.TextWidget:
    return cloudwatch.TextWidget(markdown=markdown, width=24, height=height)


def graph(title: str, *metrics: cloudwatch.IMetric, line: float | None = None) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_y_axis=cloudwatch.YAxisProps(min=0),
        left_annotations=[cloudwatch.HorizontalAnnotation(value=line)] if line else None,
        period=MINUTE,
        width=6,
        height=6,
    )


app = App()
PaymentsStack(app, "LambdaConsumer", description="Streaming system payments (prod)")
app.synth()

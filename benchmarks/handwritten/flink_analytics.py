"""The pattern flink-analytics as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/flink_analytics.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from archives import Archives, column
from aws_cdk import App, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from consumers import Consumer
from deliveries import ArchiveDelivery
from flink_applications import SqlApplication, WatchedTable
from sources import DirectPut
from streams import WatchedStream
from widgets import heading

HANDLER = Path(__file__).resolve().parents[2] / "patterns" / "flink-analytics" / "handlers" / "notify"
CLICK = [*map(column, ("event_id", "user_id", "page", "action")), column("event_time", "timestamp")]
SESSION = [
    column("user_id"),
    column("session_start", "timestamp"),
    column("session_end", "timestamp"),
    column("clicks", "bigint"),
]


class StorefrontStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        clicks = WatchedStream(self, "clicks", shards=6, retention=Duration.hours(72))
        alerts = WatchedStream(self, "alerts", shards=1, retention=Duration.hours(24))
        page_views = WatchedTable(self, "page_views", partition_key="page", sort_key="window_start", ttl="expires_at")
        archives = Archives(self, "Archives", name="storefront_archives")
        sessions = ArchiveDelivery(
            self,
            "sessions",
            source=DirectPut(self, "Sessions"),
            archives=archives,
            columns=SESSION,
            parquet=True,
            buffer_interval=Duration.seconds(300),
        )
        raw = ArchiveDelivery(
            self,
            "raw",
            source=clicks,
            archives=archives,
            columns=CLICK,
            parquet=False,
            buffer_interval=Duration.seconds(787),
            expire_after=Duration.days(90),
        )
        clickstream = self.create_clickstream(clicks, alerts, page_views, sessions)
        notify = self.create_notify(alerts)
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        watched = (clicks, alerts, notify, clickstream, sessions, raw, page_views)
        for construct in watched:
            construct.watch(alarms)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            widgets=[[heading("# storefront", height=1)], *(row for construct in watched for row in construct.rows())],
        )

    def create_clickstream(
        self, clicks: WatchedStream, alerts: WatchedStream, page_views: WatchedTable, sessions: ArchiveDelivery
    ) -> SqlApplication:
        read = ("DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")
        may = {
            clicks.stream.stream_arn: [f"kinesis:{verb}" for verb in read],
            alerts.stream.stream_arn: ["kinesis:PutRecords"],
            page_views.table.table_arn: ["dynamodb:BatchWriteItem"],
            sessions.delivery_stream.attr_arn: ["firehose:PutRecordBatch"],
        }
        return SqlApplication(
            self,
            "clickstream",
            name="storefront-clickstream",
            parallelism=6,
            variables={
                "CLICKS_STREAM_ARN": clicks.stream.stream_arn,
                "AWS_REGION": Aws.REGION,
                "PAGE_VIEWS_TABLE_NAME": page_views.table.table_name,
                "ALERTS_STREAM_ARN": alerts.stream.stream_arn,
                "SESSIONS_DELIVERY_STREAM_NAME": sessions.delivery_stream.ref,
                "days_kept": "30",
                "clicks_a_minute": "10",
            },
            statements=[iam.PolicyStatement(actions=actions, resources=[arn]) for arn, actions in may.items()],
        )

    def create_notify(self, alerts: WatchedStream) -> Consumer:
        queue = sqs.Queue(
            self,
            "NotifyFailures",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        return Consumer(
            self,
            "notify",
            source=alerts,
            code=HANDLER,
            environment={"POWERTOOLS_METRICS_NAMESPACE": "Storefront", "POWERTOOLS_SERVICE_NAME": "notify"},
            failures=queue,
            batch_size=100,
            batching_window=Duration.seconds(0),
            retry_attempts=5,
            max_record_age=Duration.hours(6),
        )


app = App()
StorefrontStack(app, "FlinkAnalytics", description="Streaming system storefront")
app.synth()

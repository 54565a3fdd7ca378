"""The pattern realtime-dashboard as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/realtime_dashboard.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from archives import Archives, column
from aws_cdk import App, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from consumers import Consumer
from deliveries import ArchiveDelivery
from flink_applications import SqlApplication, WatchedTable
from rest_apis import IngestApi, PageApi
from streams import WatchedStream
from widgets import heading

HANDLERS = Path(__file__).resolve().parents[2] / "patterns" / "realtime-dashboard" / "handlers"
TEXTS = ("event_id", "user_id", "page", "action")


class LiveshopStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        clicks = WatchedStream(self, "clicks", shards=1, retention=Duration.hours(24))
        totals = WatchedStream(self, "totals", shards=1, retention=Duration.hours(24))
        live_counts = WatchedTable(self, "live_counts", partition_key="page", sort_key="minute", ttl="expires_at")
        top_pages = WatchedTable(
            self,
            "top_pages",
            partition_key="minute",
            sort_key="place",
            sort_type=dynamodb.AttributeType.NUMBER,
            ttl="expires_at",
        )
        archive = ArchiveDelivery(
            self,
            "archive",
            source=clicks,
            archives=Archives(self, "Archives", name="liveshop_archive"),
            columns=[*map(column, TEXTS), column("event_time", "timestamp")],
            parquet=True,
            buffer_interval=Duration.seconds(874),
        )
        collect = IngestApi(
            self,
            "collect",
            name="liveshop-collect",
            path="clicks",
            stream=clicks,
            key="user_id",
            texts=(*TEXTS, "event_time"),
            rate=600,
            burst=1200,
        )
        live = PageApi(
            self,
            "live",
            name="liveshop-live",
            code=HANDLERS / "live",
            tables={"LIVE_COUNTS": live_counts.table, "TOP_PAGES": top_pages.table},
            rate=20,
            burst=40,
        )
        counting = self.create_counting(clicks, totals, live_counts, top_pages)
        publish = self.create_publish(totals)
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        watched = (clicks, totals, publish, counting, archive, live_counts, top_pages, live, collect)
        for construct in watched:
            construct.watch(alarms)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            widgets=[[heading("# liveshop", height=1)], *(row for construct in watched for row in construct.rows())],
        )

    def create_counting(
        self, clicks: WatchedStream, totals: WatchedStream, live_counts: WatchedTable, top_pages: WatchedTable
    ) -> SqlApplication:
        read = ("DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")
        may = {
            clicks.stream.stream_arn: [f"kinesis:{verb}" for verb in read],
            totals.stream.stream_arn: ["kinesis:PutRecords"],
            live_counts.table.table_arn: ["dynamodb:BatchWriteItem"],
            top_pages.table.table_arn: ["dynamodb:BatchWriteItem"],
        }
        return SqlApplication(
            self,
            "counting",
            name="liveshop-counting",
            parallelism=1,
            variables={
                "CLICKS_STREAM_ARN": clicks.stream.stream_arn,
                "AWS_REGION": Aws.REGION,
                "LIVE_COUNTS_TABLE_NAME": live_counts.table.table_name,
                "TOP_PAGES_TABLE_NAME": top_pages.table.table_name,
                "TOTALS_STREAM_ARN": totals.stream.stream_arn,
                "days_kept": "2",
                "step_seconds": "10",
            },
            statements=[iam.PolicyStatement(actions=actions, resources=[arn]) for arn, actions in may.items()],
        )

    def create_publish(self, totals: WatchedStream) -> Consumer:
        queue = sqs.Queue(
            self,
            "PublishFailures",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        return Consumer(
            self,
            "publish",
            source=totals,
            code=HANDLERS / "publish",
            environment={"METRICS_NAMESPACE": "Liveshop", "POWERTOOLS_SERVICE_NAME": "publish"},
            failures=queue,
            batch_size=100,
            batching_window=Duration.seconds(0),
            retry_attempts=5,
            max_record_age=Duration.hours(1),
        )


app = App()
LiveshopStack(app, "RealtimeDashboard", description="Streaming system liveshop")
app.synth()

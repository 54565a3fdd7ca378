"""The pattern log-aggregation as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/log_aggregation.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from archives import Archives, column, private_bucket
from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from consumers import Consumer
from deliveries import ArchiveDelivery, SearchDelivery
from producers import Hosts, LogSubscription
from search_domain import SearchDomain
from streams import WatchedStream
from widgets import heading

HANDLERS = Path(__file__).resolve().parents[2] / "patterns" / "log-aggregation" / "handlers"
ONCALL = "oncall@example.com"
TEXT_FIELDS = ("level", "message", "service", "host", "log_group", "log_stream", "event_id")
TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 1024}}}
MAPPINGS = {
    "dynamic": False,
    "properties": {
        "event_time": {"type": "date", "format": "strict_date_optional_time"},
        **dict.fromkeys(TEXT_FIELDS, TEXT),
    },
}


class LogsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        retention = Duration.hours(48)
        service_logs = WatchedStream(self, "service_logs", shards=3, retention=retention)
        logs = WatchedStream(self, "logs", shards=11, retention=retention)
        unpack = self.create_unpack(service_logs, logs)
        alert = self.create_alert(logs)
        archive = ArchiveDelivery(
            self,
            "archive",
            source=logs,
            archives=Archives(self, "Archives", name="logs_archive"),
            columns=[column("event_time", "timestamp"), *map(column, TEXT_FIELDS)],
            parquet=True,
            buffer_interval=Duration.minutes(15),
            transitions=[
                s3.Transition(
                    storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transition_after=Duration.days(90)
                )
            ],
            expire_after=Duration.days(730),
        )
        log_search = SearchDomain(self, "log_search")
        search = SearchDelivery(self, "search", source=logs, domain=log_search.domain, index="logs")
        search.start(log_search.set_up(search, "Setup", writer=search.role, index="logs", mappings=MAPPINGS))
        Hosts(self, "hosts", stream=logs.stream, path="/var/log/app/*.json")
        LogSubscription(
            self,
            "services",
            stream=service_logs.stream,
            but_for=[
                *log_search.log_groups,
                archive.log_group,
                search.log_group,
                unpack.log_group,
                alert.log_group,
            ],
        )
        alarms = Alarms(self, "Alarms", email=ONCALL)
        watched = (service_logs, logs, unpack, alert, archive, search, log_search)
        for construct in watched:
            construct.watch(alarms)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            widgets=[[heading("# logs (prod)", height=1)], *(row for construct in watched for row in construct.rows())],
        )

    def create_unpack(self, service_logs: WatchedStream, logs: WatchedStream) -> Consumer:
        return Consumer(
            self,
            "unpack",
            source=service_logs,
            code=HANDLERS / "unpack",
            environment={
                "POWERTOOLS_METRICS_NAMESPACE": "Logs",
                "POWERTOOLS_SERVICE_NAME": "unpack",
                "LOGS_STREAM_ARN": logs.stream.stream_arn,
            },
            memory_size=512,
            failures=private_bucket(self, "UnpackFailures"),
            batch_size=20,
            batching_window=Duration.seconds(2),
            retry_attempts=10,
            max_record_age=Duration.hours(12),
            statements=[
                iam.PolicyStatement(
                    actions=["kinesis:PutRecord", "kinesis:PutRecords"], resources=[logs.stream.stream_arn]
                )
            ],
        )

    def create_alert(self, logs: WatchedStream) -> Consumer:
        topic = sns.Topic(
            self,
            "LogAlerts",
            master_key=kms.Alias.from_alias_name(self, "SnsKey", "alias/aws/sns"),
            enforce_ssl=True,
        )
        topic.apply_removal_policy(RemovalPolicy.RETAIN)
        topic.add_subscription(subscriptions.EmailSubscription(ONCALL))
        queue = sqs.Queue(
            self,
            "AlertFailures",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        return Consumer(
            self,
            "alert",
            source=logs,
            code=HANDLERS / "alert",
            environment={
                "POWERTOOLS_METRICS_NAMESPACE": "Logs",
                "POWERTOOLS_SERVICE_NAME": "alert",
                "LOG_ALERTS_TOPIC_ARN": topic.topic_arn,
            },
            failures=queue,
            batch_size=500,
            batching_window=Duration.seconds(5),
            retry_attempts=3,
            max_record_age=Duration.hours(1),
            statements=[iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn])],
        )


app = App()
LogsStack(app, "LogAggregation", description="Streaming system logs (prod)")
app.synth()

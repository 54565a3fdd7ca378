"""The pattern firehose-archive as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/firehose_archive.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from typing import Any

from alarms import Alarms
from archives import Archives, column
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from constructs import Construct
from deliveries import ArchiveDelivery
from streams import WatchedStream
from widgets import heading

COLUMNS = [
    column("event_id"),
    column("user_id"),
    column("page"),
    column("action"),
    column("price", "decimal(10,2)"),
    column("device", "struct<os:string,app_version:string>"),
    column("tags", "array<string>"),
    column("user_agent"),
    column("event_time", "timestamp", "By the clock of the device"),
]
JSON_KEYS = {"user_agent": "user-agent"}
BUFFER = Duration.seconds(459)


class ClickstreamStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        clicks = WatchedStream(self, "clicks", shards=7, retention=Duration.hours(72))
        archives = Archives(self, "Archives", name="clickstream")
        raw = ArchiveDelivery(
            self,
            "raw",
            source=clicks,
            archives=archives,
            columns=COLUMNS,
            json_keys=JSON_KEYS,
            parquet=False,
            buffer_interval=BUFFER,
            transitions=[
                s3.Transition(storage_class=s3.StorageClass.INFREQUENT_ACCESS, transition_after=Duration.days(30)),
                s3.Transition(
                    storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transition_after=Duration.days(90)
                ),
            ],
            expire_after=Duration.days(365),
        )
        lake = ArchiveDelivery(
            self,
            "lake",
            source=clicks,
            archives=archives,
            columns=COLUMNS,
            json_keys=JSON_KEYS,
            parquet=True,
            buffer_interval=BUFFER,
        )
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        clicks.watch(alarms)
        raw.watch(alarms)
        lake.watch(alarms)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            widgets=[[heading("# clickstream (prod)", height=1)], *clicks.rows(), *raw.rows(), *lake.rows()],
        )


app = App()
ClickstreamStack(app, "FirehoseArchive", description="Streaming system clickstream (prod)")
app.synth()

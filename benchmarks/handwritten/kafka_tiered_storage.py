"""The pattern kafka-tiered-storage as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/kafka_tiered_storage.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from archives import Archives, column
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct
from deliveries import ArchiveDelivery
from kafka_clusters import TieredCluster
from topic_consumers import TopicConsumer
from topics import Topic
from widgets import heading

HANDLER = Path(__file__).resolve().parents[2] / "patterns" / "kafka-tiered-storage" / "handlers" / "watch"
COLUMNS = [
    column("machine_id"),
    column("firmware"),
    column("temperature_c", "double"),
    column("vibration_mm_s", "array<double>", "Samples of the last second"),
    column("event_time", "timestamp"),
]
KEEPS = "keeps records for 30 d, of which 1 d on the brokers"
TIERED = {
    "cleanup.policy": "delete",
    "local.retention.ms": "86400000",
    "min.insync.replicas": "2",
    "remote.storage.enable": "true",
    "retention.ms": "2592000000",
}


class TelemetryStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        main = TieredCluster(
            self,
            "main",
            name="telemetry-main",
            version="3.9.x.kraft",
            brokers=3,
            instance_type="kafka.m7g.large",
            partitions_recommended=1000,
            volume_gib=1177,
            written_mib_per_second=(5000 * 2 * 4 + 50 * 4 * 10) / 1024,
        )
        readings = Topic(
            self, "readings", cluster=main, partitions=6, keeps=KEEPS, records_per_second=5000, configs=TIERED
        )
        failed_readings = Topic(
            self, "failed-readings", cluster=main, partitions=1, keeps=KEEPS, records_per_second=50, configs=TIERED
        )
        watch = TopicConsumer(
            self,
            "watch",
            source=readings,
            code=HANDLER,
            environment={
                "VIBRATION_LIMIT": "7.1",
                "POWERTOOLS_METRICS_NAMESPACE": "Telemetry",
                "POWERTOOLS_SERVICE_NAME": "watch",
            },
            failures=failed_readings,
            batch_size=500,
            pollers=(6, 6),
            late_seconds=300,
            memory_size=1024,
        )
        lake = ArchiveDelivery(
            self,
            "lake",
            source=readings,
            archives=Archives(self, "Archives", name="telemetry"),
            columns=COLUMNS,
            parquet=True,
            buffer_interval=Duration.seconds(79),
        )
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        main.watch(alarms)
        watch.watch(alarms)
        lake.watch(alarms)
        rows = [row for part in (readings, failed_readings, main, watch, lake) for row in part.rows()]
        cloudwatch.Dashboard(self, "Dashboard", widgets=[[heading("# telemetry", height=1)], *rows])


app = App()
TelemetryStack(app, "KafkaTieredStorage", description="Streaming system telemetry")
app.synth()

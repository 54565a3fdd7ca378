"""The pattern kafka-serverless as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/kafka_serverless.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from archives import private_bucket
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct
from kafka_clusters import ServerlessCluster
from topic_consumers import TopicConsumer
from topics import Topic
from widgets import heading

HANDLER = Path(__file__).resolve().parents[2] / "patterns" / "kafka-serverless" / "handlers" / "audit"


class ShopStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        main = ServerlessCluster(self, "main", name="shop-main")
        orders = Topic(
            self, "orders", cluster=main, partitions=6, keeps="keeps records for 7 d", records_per_second=500
        )
        audit = TopicConsumer(
            self,
            "audit",
            source=orders,
            code=HANDLER,
            environment={"POWERTOOLS_METRICS_NAMESPACE": "Shop", "POWERTOOLS_SERVICE_NAME": "audit"},
            failures=private_bucket(self, "GivenUp", expire_after=Duration.days(30)),
            batch_size=200,
            pollers=(5, 6),
            late_seconds=300,
        )
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        orders.watch(alarms)
        audit.watch(alarms)
        cloudwatch.Dashboard(self, "Dashboard", widgets=[[heading("# shop", height=1)], *orders.rows(), *audit.rows()])


app = App()
ShopStack(app, "KafkaServerless", description="Streaming system shop")
app.synth()

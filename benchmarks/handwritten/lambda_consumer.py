"""The pattern lambda-consumer as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/lambda_consumer.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct
from consumers import Consumer
from streams import WatchedStream
from widgets import heading

HANDLER = Path(__file__).resolve().parents[2] / "patterns" / "lambda-consumer" / "handlers" / "fraud"


class PaymentsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        key = kms.Key(
            self,
            "Key",
            description="Encrypts the stream payments",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        payments = WatchedStream(self, "Payments", shards=6, retention=Duration.hours(72), key=key)
        queue = sqs.Queue(
            self,
            "FailedBatches",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.RETAIN,
        )
        fraud = Consumer(
            self,
            "Fraud",
            source=payments,
            code=HANDLER,
            environment={
                "AMOUNT_LIMIT": "10000",
                "POWERTOOLS_METRICS_NAMESPACE": "Payments",
                "POWERTOOLS_SERVICE_NAME": "fraud",
            },
            failures=queue,
            batch_size=200,
            batching_window=Duration.seconds(2),
            parallelization_factor=2,
            retry_attempts=5,
            max_record_age=Duration.hours(6),
            statements=[iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn])],
        )
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        payments.watch(alarms)
        fraud.watch(alarms)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            widgets=[[heading("# payments (prod)", height=1)], *payments.rows(), *fraud.rows()],
        )


app = App()
PaymentsStack(app, "LambdaConsumer", description="Streaming system payments (prod)")
app.synth()

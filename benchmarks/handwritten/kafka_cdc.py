"""The pattern kafka-cdc as an engineer writes it by hand in CDK: the same resources, with every number worked out.

Run as `python benchmarks/handwritten/kafka_cdc.py`. Nothing of streaming_constructs is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alarms import Alarms
from archives import private_bucket
from aws_cdk import App, Aws, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from broker_cluster import BrokerCluster
from change_topics import ChangeConsumer, ChangeTopic
from connectors import Connector, may_make_topics
from constructs import Construct
from widgets import heading

HANDLER = Path(__file__).resolve().parents[2] / "patterns" / "kafka-cdc" / "handlers" / "paid"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf"
QUOTED = SECRET.replace(":", "%3A")
# Names that stay when a connector is replaced.
GROUP, OFFSETS = "connect-shop-lake", "__amazon_msk_connect_offsets_shop-postgres"
REGISTRY = "shop"
CONVERTERS = {
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "key.converter.schemas.enable": "false",
    "value.converter": "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter",
    "value.converter.avroRecordType": "GENERIC_RECORD",
    "value.converter.compatibility": "BACKWARD",
    "value.converter.region": Aws.REGION,
    "value.converter.registry.name": REGISTRY,
}


class ShopStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:
        super().__init__(scope, construct_id, **kwargs)
        registry = glue.CfnRegistry(self, "Registry", name=REGISTRY)
        registry.apply_removal_policy(RemovalPolicy.RETAIN)
        main = BrokerCluster(
            self,
            "main",
            name="shop-main",
            vpc_id="vpc-0123456789abcdef0",
            subnet_ids=["subnet-0aaa1111aaa1111aa", "subnet-0bbb2222bbb2222bb", "subnet-0ccc3333ccc3333cc"],
            instance_type="kafka.m7g.large",
            partitions_recommended=1000,
            volume_gib=202,
            most_volume_gib=1000,
        )
        topics = [
            ChangeTopic(self, table, cluster=main, name=f"shop.public.{table}", partitions=6)
            for table in ("customers", "orders")
        ]
        postgres, lake = self._source(main, topics, registry), self._sink(main, topics)
        paid_orders = sns.Topic(
            self,
            "PaidOrders",
            master_key=kms.Alias.from_alias_name(self, "SnsKey", "alias/aws/sns"),
            enforce_ssl=True,
        )
        paid_orders.apply_removal_policy(RemovalPolicy.RETAIN)
        paid_orders.add_subscription(subscriptions.EmailSubscription("fulfilment@example.com"))
        paid = ChangeConsumer(
            self,
            "paid",
            source=topics[1],
            registry=registry,
            code=HANDLER,
            environment={"POWERTOOLS_METRICS_NAMESPACE": "Shop", "POWERTOOLS_SERVICE_NAME": "paid"},
            failures=private_bucket(self, "GivenUp"),
            to=paid_orders,
            operations=["c", "u"],
            records_per_second=200,
        )
        alarms = Alarms(self, "Alarms", email="oncall@example.com")
        for watched in (main, postgres, lake, paid):
            watched.watch(alarms)
        rows = [row for part in (*topics, main, postgres, lake, paid) for row in part.rows()]
        cloudwatch.Dashboard(self, "Dashboard", widgets=[[heading("# shop", height=1)], *rows])

    def _source(self, main: BrokerCluster, topics: list[ChangeTopic], registry: glue.CfnRegistry) -> Connector:
        schemas = f"arn:{Aws.PARTITION}:glue:{Aws.REGION}:{Aws.ACCOUNT_ID}:schema/{REGISTRY}/*"
        return Connector(
            self,
            "postgres",
            name="shop-postgres",
            cluster=main,
            topics=topics,
            plugin="debezium-postgres-2.7.4.zip",
            configuration={
                "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
                "database.dbname": "shop",
                "database.hostname": "shop.cluster-abc.eu-west-1.rds.amazonaws.com",
                "database.password": f"${{secretsManager:{QUOTED}:password}}",
                "database.port": "5432",
                "database.user": f"${{secretsManager:{QUOTED}:username}}",
                "decimal.handling.mode": "string",
                "heartbeat.interval.ms": "60000",
                "plugin.name": "pgoutput",
                "publication.autocreate.mode": "disabled",
                "slot.name": "cdc",
                "table.include.list": "public.customers,public.orders",
                "tasks.max": "1",
                "tombstones.on.delete": "false",
                "topic.creation.default.partitions": "-1",
                "topic.creation.default.replication.factor": "-1",
                "topic.prefix": "shop",
            },
            workers={
                **CONVERTERS,
                "config.providers": "secretsManager",
                "config.providers.secretsManager.class": "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider",
                "config.providers.secretsManager.param.region": "eu-west-1",
                "offset.storage.topic": OFFSETS,
                "value.converter.schemaAutoRegistrationEnabled": "true",
            },
            tasks=1,
            throughput=("SourceRecordPollRate", "SourceRecordWriteRate"),
            statements=[
                may_make_topics(main.arn_of("topic", "__debezium-heartbeat.shop")),
                iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[SECRET]),
                iam.PolicyStatement(
                    actions=[
                        "glue:CreateSchema",
                        "glue:GetSchemaByDefinition",
                        "glue:PutSchemaVersionMetadata",
                        "glue:QuerySchemaVersionMetadata",
                        "glue:RegisterSchemaVersion",
                    ],
                    resources=[registry.attr_arn, schemas],
                ),
            ],
        )

    def _sink(self, main: BrokerCluster, topics: list[ChangeTopic]) -> Connector:
        bucket = private_bucket(self, "Lake")
        return Connector(
            self,
            "lake",
            name="shop-lake",
            cluster=main,
            topics=topics,
            plugin="confluent-s3.zip",
            group=GROUP,
            configuration={
                "connector.class": "io.confluent.connect.s3.S3SinkConnector",
                "consumer.override.group.id": GROUP,
                "flush.size": "10000",
                "format.class": "io.confluent.connect.s3.format.parquet.ParquetFormat",
                "rotate.schedule.interval.ms": "600000",
                "s3.bucket.name": bucket.bucket_name,
                "s3.region": Aws.REGION,
                "schema.compatibility": "BACKWARD",
                "storage.class": "io.confluent.connect.s3.storage.S3Storage",
                "tasks.max": "2",
                "timezone": "UTC",
                "topics": ",".join(topic.name for topic in topics),
            },
            workers={**CONVERTERS, "value.converter.schemaAutoRegistrationEnabled": "false"},
            tasks=2,
            throughput=("SinkRecordReadRate", "SinkRecordSendRate"),
            statements=[
                iam.PolicyStatement(
                    actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
                    resources=[bucket.bucket_arn],
                ),
                iam.PolicyStatement(
                    actions=[
                        "s3:AbortMultipartUpload",
                        "s3:GetObject",
                        "s3:ListMultipartUploadParts",
                        "s3:PutObject",
                    ],
                    resources=[bucket.arn_for_objects("*")],
                ),
            ],
        )


app = App()
ShopStack(app, "KafkaCdc", description="Streaming system shop")
app.synth()

"""Amazon MSK Connect: capacity, worker properties, permissions, and what well-known connectors ask for."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.facts.fact import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_READ = "2026-11-28"
_CAPACITY = f"{_GUIDE}/msk-connect-capacity.html"
_QUOTAS = f"{_GUIDE}/limits.html"
_AUTOSCALING = "https://docs.aws.amazon.com/MSKC/latest/mskc/API_AutoScaling.html"

CONNECT_VERSIONS = ("3.7.x", "2.7.1")
"""Versions of Kafka Connect that MSK Connect runs, the recommended one first.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect.html, read 2026-11-28
"""
VERSION_WITH_OVERRIDES = "3.7.x"
"""Connectors may override settings of their Kafka clients by default since Kafka 3.0 (KIP-722), and so name their own group.

Source: https://kafka.apache.org/documentation/#connectconfigs_connector.client.config.override.policy, read 2026-11-28
"""
MCU_COUNTS = (1, 2, 4, 8)
"""MSK Connect Units of a worker: each is 1 vCPU and 4 GiB of memory.

Source: https://docs.aws.amazon.com/MSKC/latest/mskc/API_AutoScaling.html, read 2026-11-28
"""
WORKERS = Range(1, 10, "workers", _QUOTAS, _READ)
"""Of one connector."""
SCALE_OUT_PERCENT = Fact(80, "percent", _AUTOSCALING, _READ)
"""Use of the processors above which a worker is added, where nobody says."""
SCALE_IN_PERCENT = Fact(20, "percent", _AUTOSCALING, _READ)
"""Use of the processors below which a worker is taken away, where nobody says."""
CPU_PERCENT = Range(1, 100, "percent", _AUTOSCALING, _READ)
NAME_CHARACTERS = Fact(
    128,
    "characters",
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kafkaconnect-connector.html",
    _READ,
)
"""Of connectors, plugins and worker configurations. None of them can be renamed, and each name is taken once."""

_WORKER = f"{_GUIDE}/msk-connect-supported-worker-config-properties.html"
WORKER_SOURCE = _WORKER
REFUSED_WORKER_PREFIXES = (
    "access.control.",
    "admin.",
    "client.",
    "connect.",
    "inter.worker.",
    "internal.",
    "listeners.https.",
    "metrics.",
    "rest.",
    "sasl.",
    "security.",
    "socket.",
    "ssl.",
    "topic.tracking.",
    "worker.",
)
"""How properties of workers begin that MSK Connect keeps to itself. Source: `WORKER_SOURCE`, read 2026-11-28."""
REFUSED_WORKER_PROPERTIES = (
    "bootstrap.servers",
    "config.storage.topic",
    "connections.max.idle.ms",
    "connector.client.config.override.policy",
    "group.id",
    "listeners",
    "metric.reporters",
    "plugin.path",
    "receive.buffer.bytes",
    "response.http.headers.config",
    "scheduled.rebalance.max.delay.ms",
    "send.buffer.bytes",
    "status.storage.topic",
)
"""Properties of workers that MSK Connect keeps to itself. Source: `WORKER_SOURCE`, read 2026-11-28."""
WORKER_CLIENT_PROPERTIES = (
    *(
        f"producer.{name}"
        for name in (
            "acks",
            "batch.size",
            "buffer.memory",
            "compression.type",
            "enable.idempotence",
            "key.serializer",
            "linger.ms",
            "max.request.size",
            "metadata.max.age.ms",
            "metadata.max.idle.ms",
            "partitioner.class",
            "reconnect.backoff.max.ms",
            "reconnect.backoff.ms",
            "request.timeout.ms",
            "retry.backoff.ms",
            "value.serializer",
        )
    ),
    *(
        f"consumer.{name}"
        for name in (
            "allow.auto.create.topics",
            "auto.offset.reset",
            "check.crcs",
            "fetch.max.bytes",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "heartbeat.interval.ms",
            "key.deserializer",
            "max.partition.fetch.bytes",
            "max.poll.interval.ms",
            "max.poll.records",
            "metadata.max.age.ms",
            "partition.assignment.strategy",
            "reconnect.backoff.max.ms",
            "reconnect.backoff.ms",
            "request.timeout.ms",
            "retry.backoff.ms",
            "session.timeout.ms",
            "value.deserializer",
        )
    ),
)
"""Properties of the workers' clients that MSK Connect lets be set. Source: `WORKER_SOURCE`, read 2026-11-28."""

STRING_CONVERTER = "org.apache.kafka.connect.storage.StringConverter"
JSON_CONVERTER = "org.apache.kafka.connect.json.JsonConverter"
REGISTRY_CONVERTERS = {
    "avro": "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter",
    "json_schema": "com.amazonaws.services.schemaregistry.kafkaconnect.jsonschema.JsonSchemaConverter",
}
"""Converters that keep schemas in the Glue Schema Registry, by their format; the plugin has to hold them.

Source: https://docs.aws.amazon.com/glue/latest/dg/schema-registry-integrations.html, read 2026-11-28
"""
REGISTRY_CONVERTER_PROPERTIES = {"avro": {"avroRecordType": "GENERIC_RECORD"}, "json_schema": {"dataFormat": "JSON"}}
"""What each has to be told beside the registry: that of JSON Schema starts nowhere without its format, not in a sink either.

Source: `GlueSchemaRegistryKafkaSerializer` in https://github.com/awslabs/aws-glue-schema-registry, read 2026-11-28
"""
REGISTRY_PACKAGE = "com.amazonaws.services.schemaregistry."
"""How the classes of all its converters begin, also of those that the language has no word for."""
PLAIN_CONVERTERS = (STRING_CONVERTER, JSON_CONVERTER)
"""Converters that keep no schema elsewhere; of any other it is not known."""
SECRETS_PROVIDER = "secretsManager"
"""What connectors of ours call the provider of secrets: `${secretsManager:SECRET:KEY}`."""
SECRETS_PROVIDER_CLASS = "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider"
"""The provider that AWS publishes; the plugin has to hold it. The ARN of a secret is written URL-encoded in a reference.

Sources: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html and
https://github.com/aws-samples/msk-config-providers, read 2026-11-28
"""

PROVIDERS_JAR = "msk-config-providers"
"""How the name of the jar begins that has the provider. Source: https://github.com/aws-samples/msk-config-providers,
read 2026-11-28"""

INTERNAL_TOPICS = "__amazon_msk_connect_"
"""How the topics begin in which MSK Connect keeps configurations, positions and states.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html, read 2026-11-28
"""
POSITIONS_SOURCE = f"{_GUIDE}/msk-connect-set-offset-storage-topic.html"
"""Where a source is, stands in that topic under the name of the connector: one of another name begins anew. Read 2026-11-28."""
INTERNAL_GROUPS = ("__amazon_msk_connect_", "connect-")
"""How the groups begin of which workers, and sinks, are members. Source: `ROLE_SOURCE`, read 2026-11-28."""
ROLE_SOURCE = f"{_GUIDE}/msk-connect-service-execution-role.html"
CONNECTS = ("kafka-cluster:Connect", "kafka-cluster:DescribeCluster")
"""What the role of a connector needs on its cluster. Source: `ROLE_SOURCE`, read 2026-11-28."""
USES_INTERNAL_TOPICS = (
    "kafka-cluster:CreateTopic",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:ReadData",
    "kafka-cluster:WriteData",
)
"""What it needs on `INTERNAL_TOPICS`. Source: `ROLE_SOURCE`, read 2026-11-28."""
USES_GROUPS = ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")
"""What it needs on `INTERNAL_GROUPS`. Source: `ROLE_SOURCE`, read 2026-11-28."""
READS_TOPIC = ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData")
"""What it needs on a topic that a sink reads. Source: `ROLE_SOURCE`, read 2026-11-28."""
WRITES_TOPIC = ("kafka-cluster:DescribeTopic", "kafka-cluster:WriteData")
"""What it needs on a topic that a source writes to. Source: `ROLE_SOURCE`, read 2026-11-28."""
WRITES_CLUSTER = ("kafka-cluster:WriteDataIdempotently",)
"""What a source needs on its cluster: producers write idempotently by default, which is allowed for a whole cluster.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html, read 2026-11-28
"""
READS_SECRET = ("secretsmanager:GetSecretValue",)
USES_REGISTRY = (
    "glue:CreateSchema",
    "glue:GetSchemaByDefinition",
    "glue:PutSchemaVersionMetadata",
    "glue:QuerySchemaVersionMetadata",
    "glue:RegisterSchemaVersion",
)
"""What a converter needs on a registry and its schemas, to register those of a source.

Source: https://docs.aws.amazon.com/glue/latest/dg/schema-registry-gs.html, read 2026-11-28
"""
READS_SCHEMA_VERSIONS = ("glue:GetSchemaVersion",)
"""What it needs on any resource (`*`): a version is asked for by its id alone, whichever registry it is in.

Source: the same, and https://github.com/awslabs/aws-glue-schema-registry/issues/68, read 2026-11-28
"""


@dataclass(frozen=True, slots=True)
class ConnectorClass:
    """What is known of a class of connectors.

    Attributes:
        name: What people call it.
        kind: Whether it is a source or a sink.
        required: Keys without which it does not start, each with a value to begin with.
        from_secret: Keys that a secret fills in, each with the key in the secret.
        source: The page that states it.
    """

    name: str
    kind: str
    required: dict[str, str]
    from_secret: dict[str, str]
    source: str


_DEBEZIUM = "https://debezium.io/documentation/reference/stable/connectors"
# What Amazon RDS calls the keys of a secret with a user of a database.
# Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html, read 2026-11-28
_USER = {"database.user": "username", "database.password": "password"}
S3_SINK = "io.confluent.connect.s3.S3SinkConnector"
S3_BUCKET, S3_REGION = "s3.bucket.name", "s3.region"
"""Which bucket the S3 sink writes to, and where that is. Source: the page of the class, read 2026-11-28."""
DEBEZIUM_POSTGRES = "io.debezium.connector.postgresql.PostgresConnector"
DEBEZIUM_MYSQL = "io.debezium.connector.mysql.MySqlConnector"
ONE_TASK = frozenset({DEBEZIUM_POSTGRES, DEBEZIUM_MYSQL})
"""Classes that run one task whatever they are told, and do not work with a number of workers that follows the load.

Sources: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-troubleshooting.html and
https://docs.aws.amazon.com/msk/latest/developerguide/mkc-debeziumsource-connector-example.html, read 2026-11-28
"""
CLASSES = {
    S3_SINK: ConnectorClass(
        "the S3 sink of Confluent",
        "sink",
        {
            "s3.bucket.name": "my-bucket",
            "s3.region": "eu-west-1",
            "flush.size": "10000",
            "storage.class": "io.confluent.connect.s3.storage.S3Storage",
            "format.class": "io.confluent.connect.s3.format.json.JsonFormat",
        },
        {},
        "https://docs.confluent.io/kafka-connectors/s3-sink/current/configuration_options.html",
    ),
    DEBEZIUM_POSTGRES: ConnectorClass(
        "Debezium for PostgreSQL",
        "source",
        {
            "database.hostname": "shop.cluster-abc.eu-west-1.rds.amazonaws.com",
            "database.dbname": "shop",
            "topic.prefix": "shop",
        },
        _USER,
        f"{_DEBEZIUM}/postgresql.html#postgresql-required-configuration-properties",
    ),
    DEBEZIUM_MYSQL: ConnectorClass(
        "Debezium for MySQL",
        "source",
        {
            "database.hostname": "shop.cluster-abc.eu-west-1.rds.amazonaws.com",
            "database.server.id": "184054",
            "topic.prefix": "shop",
        },
        _USER,
        f"{_DEBEZIUM}/mysql.html#mysql-required-connector-configuration-properties",
    ),
}
"""Classes whose configurations are checked, read 2026-11-28; any other is taken as it is."""
FILLED_IN = {S3_SINK: {"storage.class": "io.confluent.connect.s3.storage.S3Storage"}}
"""What has one value that makes sense, and is filled in where nobody gives another."""
FORMATS_WITH_SCHEMA = (
    "io.confluent.connect.s3.format.avro.AvroFormat",
    "io.confluent.connect.s3.format.parquet.ParquetFormat",
)
"""Formats of the S3 sink that write nothing of records without a schema.

Source: https://docs.confluent.io/kafka-connectors/s3-sink/current/overview.html, read 2026-11-28
"""
ROUTERS = ("RegexRouter", "ByLogicalTableRouter", "EventRouter", "TimestampRouter", "ExtractTopic")
"""Transformations that send records to other topics than the connector itself would.

Source: https://debezium.io/documentation/reference/stable/transformations/index.html, read 2026-11-28
"""
HISTORY_TOPIC = "schema.history.internal.kafka.topic"
HISTORY_BROKERS = "schema.history.internal.kafka.bootstrap.servers"
HISTORY_CLIENT = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "AWS_MSK_IAM",
    "sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
    "sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
}
"""How the clients of Debezium for MySQL authenticate that keep the history of its tables' schemas in a topic.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/mkc-debeziumsource-connector-example.html, read 2026-11-28
"""
HISTORY_GROUP, HISTORY_NAME = "schema.history.internal.consumer.group.id", "schema.history.internal.name"
HISTORY_GROUP_ENDING = "-schemahistory"
"""The group that reads that topic whenever the connector starts again: as said, or PREFIX-schemahistory.

Source: `configure` and `recoverRecords` of `KafkaSchemaHistory` in https://github.com/debezium/debezium, read 2026-11-28
"""
READS_TOPIC_SETTINGS = ("kafka-cluster:DescribeTopicDynamicConfiguration",)
"""What it needs on the topic to see whether that keeps the history. Source: `checkTopicSettings` there, read 2026-11-28."""
HEARTBEAT_INTERVAL, HEARTBEAT_PREFIX = "heartbeat.interval.ms", "topic.heartbeat.prefix"
HEARTBEAT_PREFIX_DEFAULT = "__debezium-heartbeat"
"""Debezium writes heartbeats to the topic PREFIX.TOPIC_PREFIX, where it has an interval for them.

Source: https://debezium.io/documentation/reference/stable/connectors/postgresql.html, read 2026-11-28
"""
SCHEMA_CHANGES = "include.schema.changes"
"""Whether Debezium for MySQL writes changes of schemas to the topic that is called like its `topic.prefix`; it does by default.

Source: https://debezium.io/documentation/reference/stable/connectors/mysql.html, read 2026-11-28
"""
DEAD_LETTER_TOPIC = "errors.deadletterqueue.topic.name"
"""The topic to which a sink writes records that it fails on. Source:
https://kafka.apache.org/documentation/#sinkconnectorconfigs_errors.deadletterqueue.topic.name, read 2026-11-28"""
DEAD_LETTER_CREATION = {"errors.deadletterqueue.topic.replication.factor": "-1"}
"""A sink makes that topic where it is not there. Left out it has 3 replicas, which a cluster of two brokers refuses; with
this as many as the brokers' default says, which is that of their zones.

Sources: https://kafka.apache.org/documentation/#sinkconnectorconfigs_errors.deadletterqueue.topic.replication.factor and
https://cwiki.apache.org/confluence/display/KAFKA/KIP-464%3A+Defaults+for+AdminClient%23createTopic, read 2026-11-28
"""
TOPIC_CREATION = {"topic.creation.default.partitions": "-1", "topic.creation.default.replication.factor": "-1"}
"""With these a source makes topics of its own, as the brokers' defaults say: brokers of MSK make none by the way.

Source: https://kafka.apache.org/documentation/#sourceconnectorconfigs, read 2026-11-28
"""
WRITES_S3_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
"""What the S3 sink needs on its bucket."""
WRITES_S3_OBJECTS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject")
"""What it needs on its objects.

Source: https://docs.confluent.io/kafka-connectors/s3-sink/current/overview.html#iam-policy-for-s3, read 2026-11-28
"""
USES_S3_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
"""What it needs on the key that it encrypts objects with: parts of an object that is uploaded in parts are read again.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html, read 2026-11-28
"""

"""Every field of the language changes something: the template, the plan, or what is said about the spec."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml

from streaming_constructs.app import add_system
from streaming_constructs.local.aws.supported_resources import unsupported_resources
from streaming_constructs.planning import plan
from streaming_constructs.spec.json_schema import json_schema
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import build

ACCOUNT = "eu-west-1:111122223333"
KEY = f"arn:aws:kms:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::111122223333:role/existing"
SECRETS = f"arn:aws:secretsmanager:{ACCOUNT}:secret"
AUTHORITY = f"arn:aws:acm-pca:{ACCOUNT}:certificate-authority/12345678-1234-1234-1234-123456789012"
ENDPOINT_SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"

# A small system for each area, so that a field is tried in a moment; below each, what is changed in it for each field. A list
# is walked by position, and `~` is the dot in a key.
Changes = Mapping[str, tuple[str, Any]]
AREAS: dict[str, tuple[str, Changes]] = {}

CLICKS, FRAUD = "streams.clicks", "consumers.fraud"
QUEUED, NOTES, KEPT = (f"consumers.{name}.on_failure.destination" for name in ("queued", "notes", "kept"))
AREAS["streams"] = (
    """
name: shop
schemas:
  click: {action: string}
  view: {page: string}
streams:
  clicks:
    kind: kinesis
    schema: click
    workload: {records_per_second: 900, record_kb: 1, peak_factor: 1}
  small: {kind: kinesis, workload: {records_per_second: 900, record_bytes: 1024}}
  other: {kind: kinesis, shards: 5}
  flood: {kind: kinesis, mode: on_demand}
  old: {kind: kinesis, arn: "arn:aws:kinesis:ACCOUNT:stream/old"}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: one
    filters: [{data: {action: [buy]}}]
    on_failure: {retries: 3, max_record_age_seconds: 600, destination: {kind: s3}}
  audit:
    kind: lambda
    from: other
    function_arn: arn:aws:lambda:ACCOUNT:function:audit
    on_failure: {retries: 3, max_record_age_seconds: 50000, destination: sqs}
  queued:
    kind: lambda
    from: other
    code: one
    on_failure:
      retries: 3
      max_record_age_seconds: 600
      destination: {kind: sqs, queue_arn: "arn:aws:sqs:ACCOUNT:dead"}
  notes:
    kind: lambda
    from: flood
    code: one
    on_failure:
      retries: 3
      max_record_age_seconds: 600
      destination: {kind: sns, topic_arn: "arn:aws:sns:ACCOUNT:dead"}
  kept:
    kind: lambda
    from: flood
    code: one
    on_failure: {retries: 3, max_record_age_seconds: 600, destination: {kind: s3, bucket: "arn:aws:s3:::kept"}}
  given:
    kind: lambda
    from: flood
    code: one
    vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567]}
    permissions: [{actions: ["dynamodb:PutItem"], resources: ["arn:aws:dynamodb:*:*:table/scores"]}]
    on_failure: {destination: told}
  picked: {kind: lambda, from: clicks, code: one, filter: {action: [buy]}, on_failure: sqs}
sns_topics:
  told: {kind: sns}
  shouted: {kind: sns}
alarms: false
""",
    {
        "AtTimestamp.at_timestamp": (f"{FRAUD}.starting_position", {"at_timestamp": "2026-01-15T00:00:00Z"}),
        "ExistingKey.kms_key_arn": (f"{CLICKS}.encryption", {"kms_key_arn": KEY}),
        "CustomerManagedKey.kms_key_arn": (f"{CLICKS}.encryption", {"kind": "customer_managed", "kms_key_arn": KEY}),
        "S3OnFailure.bucket": (f"{KEPT}.bucket", "arn:aws:s3:::other"),
        "S3OnFailure.expire_after_days": (f"{FRAUD}.on_failure.destination.expire_after_days", 9),
        "S3OnFailure.kms_key_arn": (f"{KEPT}.kms_key_arn", KEY),
        "SnsOnFailure.kms_key_arn": (f"{NOTES}.kms_key_arn", KEY),
        "SnsOnFailure.topic_arn": (f"{NOTES}.topic_arn", f"arn:aws:sns:{ACCOUNT}:other"),
        "SqsOnFailure.kms_key_arn": (f"{QUEUED}.kms_key_arn", KEY),
        "SqsOnFailure.queue_arn": (f"{QUEUED}.queue_arn", f"arn:aws:sqs:{ACCOUNT}:other"),
        "KinesisStreamSpec.arn": ("streams.old.arn", f"arn:aws:kinesis:{ACCOUNT}:stream/older"),
        "KinesisStreamSpec.headroom": (f"{CLICKS}.headroom", 3),
        "KinesisStreamSpec.mode": ("streams.other", {"kind": "kinesis", "mode": "on_demand"}),
        "KinesisStreamSpec.partition_key": (f"{CLICKS}.partition_key", "action"),
        "KinesisStreamSpec.retention_days": (f"{CLICKS}.retention_days", 3),
        "KinesisStreamSpec.shards": ("streams.other.shards", 6),
        "KinesisStreamSpec.warm_throughput_mb_per_second": ("streams.flood.warm_throughput_mb_per_second", 100),
        "KinesisStreamSpec.encryption": (f"{CLICKS}.encryption", {"kind": "customer_managed"}),
        "KinesisStreamSpec.max_record_kb": (f"{CLICKS}.max_record_kb", 2048),
        "KinesisStreamSpec.record_distribution": ("streams.flood.record_distribution", "auto"),
        "KinesisStreamSpec.removal_policy": (f"{CLICKS}.removal_policy", "destroy"),
        "KinesisStreamSpec.retention_hours": (f"{CLICKS}.retention_hours", 48),
        "KinesisStreamSpec.schema": (f"{CLICKS}.schema", "view"),
        "KinesisStreamSpec.shard_level_metrics": (f"{CLICKS}.shard_level_metrics", ["IncomingBytes"]),
        "KinesisStreamSpec.workload": (f"{CLICKS}.workload.records_per_second", 9000),
        "LambdaConsumerSpec.architecture": (f"{FRAUD}.architecture", "x86_64"),
        "LambdaConsumerSpec.batch_size": (f"{FRAUD}.batch_size", 10),
        "LambdaConsumerSpec.batch_window_seconds": (f"{FRAUD}.batch_window_seconds", 10),
        "LambdaConsumerSpec.code": (f"{FRAUD}.code", "two"),
        "LambdaConsumerSpec.environment": (f"{FRAUD}.environment", {"LIMIT": "5"}),
        "LambdaConsumerSpec.filter_kms_key_arn": (f"{FRAUD}.filter_kms_key_arn", KEY),
        "LambdaConsumerSpec.filters": (f"{FRAUD}.filters", []),
        "LambdaConsumerSpec.from": (f"{FRAUD}.from", "other"),
        "LambdaConsumerSpec.function_arn": (
            "consumers.audit.function_arn",
            f"arn:aws:lambda:{ACCOUNT}:function:other",
        ),
        "LambdaConsumerSpec.handler": (f"{FRAUD}.handler", "index.other"),
        "LambdaConsumerSpec.layers": (f"{FRAUD}.layers", ["powertools"]),
        "LambdaConsumerSpec.log_retention_days": (f"{FRAUD}.log_retention_days", 7),
        "LambdaConsumerSpec.memory_mb": (f"{FRAUD}.memory_mb", 512),
        "LambdaConsumerSpec.on_failure": (f"{FRAUD}.on_failure.destination", {"kind": "sns"}),
        "LambdaConsumerSpec.parallelization_factor": (f"{FRAUD}.parallelization_factor", 3),
        "LambdaConsumerSpec.partial_batch_responses": (f"{FRAUD}.partial_batch_responses", False),
        "LambdaConsumerSpec.enhanced_fan_out": (f"{FRAUD}.enhanced_fan_out", True),
        "LambdaConsumerSpec.filter": ("consumers.picked.filter", {"action": ["sell"]}),
        "LambdaConsumerSpec.permissions": ("consumers.given.permissions", None),
        "LambdaConsumerSpec.vpc": ("consumers.given.vpc", None),
        "NodeOnFailure.node": ("consumers.given.on_failure.destination", "shouted"),
        "Permission.actions": ("consumers.given.permissions.0.actions", ["dynamodb:GetItem"]),
        "Permission.resources": ("consumers.given.permissions.0.resources", ["arn:aws:dynamodb:*:*:table/other"]),
        "VpcPlacement.vpc_id": ("consumers.given.vpc.vpc_id", "vpc-76543210"),
        "LambdaConsumerSpec.reserved_concurrency": (f"{FRAUD}.reserved_concurrency", 50),
        "LambdaConsumerSpec.runtime": (f"{FRAUD}.runtime", "python3.12"),
        "LambdaConsumerSpec.starting_position": (f"{FRAUD}.starting_position", "latest"),
        "LambdaConsumerSpec.timeout_seconds": (f"{FRAUD}.timeout_seconds", 30),
        "LambdaConsumerSpec.tumbling_window_seconds": (f"{FRAUD}.tumbling_window_seconds", 30),
        "LambdaConsumerSpec.to": (f"{FRAUD}.to", ["other"]),
        "OnFailure.bisect": (f"{FRAUD}.on_failure.bisect", False),
        "OnFailure.destination": (f"{FRAUD}.on_failure.destination", {"kind": "sqs"}),
        "OnFailure.max_record_age_seconds": (f"{FRAUD}.on_failure.max_record_age_seconds", 601),
        "OnFailure.retries": (f"{FRAUD}.on_failure.retries", 4),
        "PipelineSpec.account": ("account", "111122223333"),
        "PipelineSpec.region": ("region", "eu-west-1"),
        "PipelineSpec.removal_policy": ("removal_policy", "destroy"),
        "PipelineSpec.acknowledge": ("acknowledge", {"audit.LAM507": "re-read within the hour"}),
        "PipelineSpec.consumers": ("consumers.fraud.memory_mb", 1024),
        "PipelineSpec.deliveries": ("deliveries", {"lake": {"from": "clicks", "to": {"kind": "s3"}}}),
        "PipelineSpec.name": ("name", "store"),
        "PipelineSpec.producers": (
            "producers",
            {"services": {"kind": "cloudwatch_logs", "to": "clicks", "log_groups": ["/app"]}},
        ),
        "PipelineSpec.schemas": ("schemas.click", {"verb": "string"}),
        "PipelineSpec.stores": ("stores", {"search": {"kind": "opensearch"}}),
        "PipelineSpec.streams": ("streams.other.retention_hours", 99),
        "PipelineSpec.tags": ("tags", {"team": "growth"}),
        "PipelineSpec.sns_topics": ("sns_topics.third", {"kind": "sns"}),
        "Workload.peak_factor": (f"{CLICKS}.workload.peak_factor", 4),
        "Workload.record_bytes": ("streams.small.workload.record_bytes", 9000),
        "Workload.record_kb": (f"{CLICKS}.workload.record_kb", 4),
        "Workload.records_per_second": (f"{CLICKS}.workload.records_per_second", 4000),
    },
)

AREAS["alarms"] = (
    """
name: shop
streams:
  clicks: {kind: kinesis, shards: 1}
consumers:
  fraud: {kind: lambda, from: clicks, code: one, on_failure: sqs}
deliveries:
  lake: {from: clicks, to: {kind: s3}}
sns_topics:
  told: {kind: sns}
  shouted: {kind: sns}
alarms:
  notify: [{email: a@example.com}, {topic_arn: "arn:aws:sns:ACCOUNT:a"}, {sns_topic: told}]
  override: {clicks.incoming_bytes: {threshold: 5, minutes: 5}}
""",
    {
        "AlarmOverride.minutes": ("alarms.override.clicks~incoming_bytes.minutes", 7),
        "AlarmOverride.notify": ("alarms.override.clicks~incoming_bytes.notify", ["b@example.com"]),
        "AlarmOverride.threshold": ("alarms.override.clicks~incoming_bytes.threshold", 6),
        "AlarmsSpec.enabled": ("alarms", False),
        "AlarmsSpec.max_lag_seconds": ("alarms.max_lag_seconds", 99),
        "AlarmsSpec.notify": ("alarms.notify", [{"email": "a@example.com"}]),
        "AlarmsSpec.override": ("alarms.override", {}),
        "AlarmsSpec.silence": ("alarms.silence", {"fraud.errors": "known to be noisy"}),
        "DeliverySpec.max_lag_seconds": ("deliveries.lake.max_lag_seconds", 99),
        "LambdaConsumerSpec.max_lag_seconds": (f"{FRAUD}.max_lag_seconds", 99),
        "NotifyEmail.email": ("alarms.notify.0.email", "b@example.com"),
        "NotifyNode.sns_topic": ("alarms.notify.2.sns_topic", "shouted"),
        "NotifyTopic.topic_arn": ("alarms.notify.1.topic_arn", f"arn:aws:sns:{ACCOUNT}:b"),
        "PipelineSpec.alarms": ("alarms", {}),
        "PipelineSpec.dashboard": ("dashboard", True),
    },
)

LAKE, TO, BACKUP, TRANSFORM = (f"deliveries.lake{part}" for part in ("", ".to", ".to.source_backup", ".transform"))
AREAS["created archives"] = (
    """
name: shop
schemas:
  click: {page: string, at: timestamp}
  view: {item: string}
streams:
  clicks:
    kind: kinesis
    schema: click
    shards: 1
    workload: {records_per_second: 100, record_kb: 1}
  views: {kind: kinesis, schema: click, shards: 1}
deliveries:
  lake:
    from: clicks
    transform: {code: one}
    to:
      kind: s3
      format: parquet
      transitions: [{after_days: 40, storage_class: standard_ia}]
      source_backup: {transitions: [{after_days: 40, storage_class: standard_ia}]}
athena: {}
alarms: false
""",
    {
        "AthenaSpec.expire_results_after_days": ("athena.expire_results_after_days", 3),
        "AthenaSpec.scan_limit_mb": ("athena.scan_limit_mb", 10),
        "AthenaSpec.workgroup": ("athena.workgroup", "existing"),
        "BackupSpec.encryption": (f"{BACKUP}.encryption", "customer_managed"),
        "BackupSpec.expire_after_days": (f"{BACKUP}.expire_after_days", 99),
        "BackupSpec.transitions": (f"{BACKUP}.transitions", []),
        "DeliverySpec.from": (f"{LAKE}.from", "views"),
        "DeliverySpec.log_retention_days": (f"{LAKE}.log_retention_days", 7),
        "DeliverySpec.schema": (f"{LAKE}.schema", "view"),
        "DeliverySpec.to": (TO, {"kind": "s3"}),
        "DeliverySpec.transform": (TRANSFORM, None),
        "PipelineSpec.athena": ("athena", {"workgroup": "existing"}),
        "RecordField.description": ("schemas.click.page", {"type": "string", "description": "What was seen."}),
        "RecordField.json_key": ("schemas.click.page", {"type": "string", "json_key": "pageName"}),
        "RecordField.timestamp_format": ("schemas.click.at", {"type": "timestamp", "timestamp_format": "dd/MM/yyyy"}),
        "RecordField.type": ("schemas.click.page", {"type": "bigint"}),
        "S3Destination.block_mb": (f"{TO}.block_mb", 128),
        "S3Destination.compression": (f"{TO}.compression", "gzip"),
        "S3Destination.writer_version": (f"{TO}.writer_version", "v2"),
        "S3Destination.buffer_mb": (f"{TO}.buffer_mb", 64),
        "S3Destination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "S3Destination.database": (f"{TO}.database", "existing"),
        "S3Destination.encryption": (f"{TO}.encryption", "customer_managed"),
        "S3Destination.error_prefix": (f"{TO}.error_prefix", "bad"),
        "S3Destination.expire_after_days": (f"{TO}.expire_after_days", 99),
        "S3Destination.format": (f"{TO}.format", "orc"),
        "S3Destination.partition_by": (f"{TO}.partition_by", ["hour(arrival)"]),
        "S3Destination.partitions_since": (f"{TO}.partitions_since", "2026-01-01"),
        "S3Destination.prefix": (f"{TO}.prefix", "good"),
        "S3Destination.source_backup": (BACKUP, None),
        "S3Destination.time_zone": (f"{TO}.time_zone", "Europe/Berlin"),
        "S3Destination.transitions": (f"{TO}.transitions", []),
        "TransformSpec.architecture": (f"{TRANSFORM}.architecture", "x86_64"),
        "TransformSpec.buffer_mb": (f"{TRANSFORM}.buffer_mb", 0.5),
        "TransformSpec.buffer_seconds": (f"{TRANSFORM}.buffer_seconds", 30),
        "TransformSpec.code": (f"{TRANSFORM}.code", "two"),
        "TransformSpec.environment": (f"{TRANSFORM}.environment", {"LIMIT": "5"}),
        "TransformSpec.handler": (f"{TRANSFORM}.handler", "index.other"),
        "TransformSpec.layers": (f"{TRANSFORM}.layers", ["powertools"]),
        "TransformSpec.log_retention_days": (f"{TRANSFORM}.log_retention_days", 7),
        "TransformSpec.memory_mb": (f"{TRANSFORM}.memory_mb", 512),
        "TransformSpec.reserved_concurrency": (f"{TRANSFORM}.reserved_concurrency", 50),
        "TransformSpec.retries": (f"{TRANSFORM}.retries", 9),
        "TransformSpec.runtime": (f"{TRANSFORM}.runtime", "python3.12"),
        "TransformSpec.permissions": (
            f"{TRANSFORM}.permissions",
            [{"actions": ["dynamodb:GetItem"], "resources": ["arn:aws:dynamodb:*:*:table/scores"]}],
        ),
        "TransformSpec.timeout_seconds": (f"{TRANSFORM}.timeout_seconds", 30),
        "TransformSpec.vpc": (
            f"{TRANSFORM}.vpc",
            {"subnet_ids": ["subnet-01234567"], "security_group_ids": ["sg-01234567"]},
        ),
        "Transition.after_days": (f"{TO}.transitions.0.after_days", 50),
        "Transition.storage_class": (f"{TO}.transitions.0.storage_class", "glacier_ir"),
    },
)
AREAS["existing archives"] = (
    """
name: shop
schemas:
  click: {page: string, at: timestamp}
deliveries:
  lake:
    schema: click
    decompress_cloudwatch_logs: true
    deaggregate: {delimiter: "|"}
    transform: {function_arn: "arn:aws:lambda:ACCOUNT:function:existing"}
    to:
      kind: s3
      bucket: arn:aws:s3:::clicks
      format: orc
      partition_by: [{by: page, values: [home]}]
      source_backup: {bucket: "arn:aws:s3:::copies"}
""",
    {
        "BackupSpec.bucket": (f"{BACKUP}.bucket", "arn:aws:s3:::other"),
        "BackupSpec.kms_key_arn": (f"{BACKUP}.kms_key_arn", KEY),
        "BackupSpec.prefix": (f"{BACKUP}.prefix", "as-they-came"),
        "DelimitedRecords.delimiter": (f"{LAKE}.deaggregate.delimiter", ";"),
        "DeliverySpec.deaggregate": (f"{LAKE}.deaggregate", "json"),
        "DeliverySpec.decompress_cloudwatch_logs": (f"{LAKE}.decompress_cloudwatch_logs", False),
        "DeliverySpec.encryption": (f"{LAKE}.encryption", "customer_managed"),
        "DeliverySpec.extract_log_messages": (f"{LAKE}.extract_log_messages", True),
        "DeliverySpec.workload": (f"{LAKE}.workload", {"records_per_second": 100, "record_kb": 1}),
        "S3Destination.bloom_filter_columns": (f"{TO}.bloom_filter_columns", ["page"]),
        "S3Destination.stripe_mb": (f"{TO}.stripe_mb", 128),
        "Partition.by": (f"{TO}.partition_by.0", "day(at)"),
        "Partition.values": (f"{TO}.partition_by.0.values", ["home", "cart"]),
        "S3Destination.bucket": (f"{TO}.bucket", "arn:aws:s3:::other"),
        "S3Destination.kms_key_arn": (f"{TO}.kms_key_arn", KEY),
        "S3Destination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "TransformSpec.function_arn": (f"{TRANSFORM}.function_arn", f"arn:aws:lambda:{ACCOUNT}:function:other"),
    },
)
AREAS["raw archives"] = (
    "{name: shop, deliveries: {lake: {to: {kind: s3, format: json}}}}",
    {
        "S3Destination.newline": (f"{TO}.newline", False),
    },
)

DOMAIN, FAILED = "stores.search", f"{TO}.backup"
AREAS["created domains"] = (
    """
name: shop
schemas:
  log: {message: string}
streams:
  logs:
    kind: kinesis
    schema: log
    shards: 1
    workload: {records_per_second: 1000, record_kb: 1}
deliveries:
  lake:
    from: logs
    to:
      kind: opensearch
      domain: search
      backup: {transitions: [{after_days: 40, storage_class: standard_ia}]}
stores:
  search: {kind: opensearch}
  other: {kind: opensearch}
""",
    {
        "FailedBackup.encryption": (f"{FAILED}.encryption", "customer_managed"),
        "FailedBackup.expire_after_days": (f"{FAILED}.expire_after_days", 99),
        "FailedBackup.transitions": (f"{FAILED}.transitions", []),
        "OpenSearchDestination.index": (f"{TO}.index", "events"),
        "OpenSearchDestination.index_rotation": (f"{TO}.index_rotation", "weekly"),
        "OpenSearchDestination.domain": (f"{TO}.domain", "other"),
        "OpenSearchDomainSpec.admin_role_arn": (f"{DOMAIN}.admin_role_arn", ROLE),
        "OpenSearchDomainSpec.dedicated_masters": (f"{DOMAIN}.dedicated_masters", False),
        "OpenSearchDomainSpec.encryption": (f"{DOMAIN}.encryption", "customer_managed"),
        "OpenSearchDomainSpec.instance_type": (f"{DOMAIN}.instance_type", "r7g.4xlarge.search"),
        "OpenSearchDomainSpec.instances": (f"{DOMAIN}.instances", 9),
        "OpenSearchDomainSpec.log_resource_policy": (f"{DOMAIN}.log_resource_policy", "existing"),
        "OpenSearchDomainSpec.removal_policy": (f"{DOMAIN}.removal_policy", "destroy"),
        "OpenSearchDomainSpec.replicas": (f"{DOMAIN}.replicas", 2),
        "OpenSearchDomainSpec.retention_days": (f"{DOMAIN}.retention_days", 28),
        "OpenSearchDomainSpec.version": (f"{DOMAIN}.version", "2.17"),
        "OpenSearchDomainSpec.volume_gb": (f"{DOMAIN}.volume_gb", 700),
        "OpenSearchDomainSpec.vpc": (
            f"{DOMAIN}.vpc",
            {
                "subnet_ids": [f"subnet-0123456789abcdef{number}" for number in range(3)],
                "security_group_ids": ["sg-0123456789abcdef0"],
            },
        ),
        "OpenSearchDomainSpec.zones": (f"{DOMAIN}.zones", 2),
    },
)
AREAS["existing domains"] = (
    """
name: shop
deliveries:
  lake:
    to:
      kind: opensearch
      domain_arn: arn:aws:es:ACCOUNT:domain/search
      backup: {bucket: "arn:aws:s3:::failed"}
stores:
  search:
    kind: opensearch
    zones: 2
    vpc:
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      security_group_ids: [sg-0123456789abcdef0]
""",
    {
        "FailedBackup.bucket": (f"{FAILED}.bucket", "arn:aws:s3:::other"),
        "FailedBackup.kms_key_arn": (f"{FAILED}.kms_key_arn", KEY),
        "FailedBackup.prefix": (f"{FAILED}.prefix", "bad"),
        "FailedBackup.records": (f"{FAILED}.records", "all"),
        "OpenSearchDestination.backup": (FAILED, {}),
        "OpenSearchDestination.buffer_mb": (f"{TO}.buffer_mb", 9),
        "OpenSearchDestination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "OpenSearchDestination.document_id": (f"{TO}.document_id", "none"),
        "OpenSearchDestination.domain_arn": (f"{TO}.domain_arn", f"arn:aws:es:{ACCOUNT}:domain/other"),
        "OpenSearchDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "VpcPlacement.security_group_ids": (f"{DOMAIN}.vpc.security_group_ids", ["sg-99999999999999999"]),
        "VpcPlacement.subnet_ids": (
            f"{DOMAIN}.vpc.subnet_ids",
            ["subnet-0123456789abcdef0", "subnet-0123456789abcdef9"],
        ),
    },
)
SCORES, STEADY, KNOWN = "stores.scores", "stores.steady", "stores.known"
AREAS["tables"] = (
    """
name: shop
schemas:
  score: {user_id: string, at: timestamp, expires_at: bigint}
  order: {user_id: string, at: timestamp, expires_at: string}
stores:
  scores:
    kind: dynamodb
    schema: score
    partition_key: user_id
    sort_key: at
    ttl: expires_at
  steady:
    kind: dynamodb
    partition_key: {name: id, type: string}
    billing: provisioned
    read_capacity: {minimum: 5, maximum: 50}
    write_capacity: {minimum: 5, maximum: 50}
  derived:
    kind: dynamodb
    partition_key: id
    billing: provisioned
    read_capacity: 5
    workload: {records_per_second: 100, record_kb: 1}
  known: {kind: dynamodb, arn: "arn:aws:dynamodb:ACCOUNT:table/known", partition_key: id}
alarms: false
""",
    {
        "DynamoDbTableSpec.arn": (f"{KNOWN}.arn", f"arn:aws:dynamodb:{ACCOUNT}:table/other"),
        "DynamoDbTableSpec.billing": (f"{SCORES}.billing", "provisioned"),
        "DynamoDbTableSpec.deletion_protection": (f"{SCORES}.deletion_protection", False),
        "DynamoDbTableSpec.encryption": (f"{SCORES}.encryption", "aws_owned"),
        "DynamoDbTableSpec.partition_key": (f"{SCORES}.partition_key", {"name": "expires_at", "type": "number"}),
        "DynamoDbTableSpec.point_in_time_recovery": (f"{SCORES}.point_in_time_recovery", False),
        "DynamoDbTableSpec.read_capacity": (f"{STEADY}.read_capacity", 7),
        "DynamoDbTableSpec.removal_policy": (f"{SCORES}.removal_policy", "destroy"),
        "DynamoDbTableSpec.schema": (f"{SCORES}.schema", "order"),
        "DynamoDbTableSpec.sort_key": (f"{SCORES}.sort_key", None),
        "DynamoDbTableSpec.stream": (f"{SCORES}.stream", "new_image"),
        "DynamoDbTableSpec.table_class": (f"{SCORES}.table_class", "standard_infrequent_access"),
        "DynamoDbTableSpec.ttl": (f"{SCORES}.ttl", None),
        "DynamoDbTableSpec.warm_write_units": (f"{SCORES}.warm_write_units", 5000),
        "DynamoDbTableSpec.workload": ("stores.derived.workload.records_per_second", 200),
        "DynamoDbTableSpec.write_capacity": (f"{STEADY}.write_capacity", 7),
        "KeyAttribute.name": (f"{STEADY}.partition_key.name", "key"),
        "KeyAttribute.type": (f"{STEADY}.partition_key.type", "number"),
        "TableCapacity.maximum": (f"{STEADY}.write_capacity.maximum", 60),
        "TableCapacity.minimum": (f"{STEADY}.write_capacity.minimum", 6),
        "TableCapacity.target_percent": (f"{STEADY}.write_capacity.target_percent", 50),
    },
)
AREAS["collections"] = (
    """
name: shop
deliveries:
  lake:
    to:
      kind: opensearch_serverless
      collection_arn: arn:aws:aoss:ACCOUNT:collection/abc123
      collection_endpoint: https://abc123.eu-west-1.aoss.amazonaws.com
""",
    {
        "OpenSearchServerlessDestination.backup": (f"{TO}.backup.records", "all"),
        "OpenSearchServerlessDestination.buffer_mb": (f"{TO}.buffer_mb", 9),
        "OpenSearchServerlessDestination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "OpenSearchServerlessDestination.collection_arn": (
            f"{TO}.collection_arn",
            f"arn:aws:aoss:{ACCOUNT}:collection/other",
        ),
        "OpenSearchServerlessDestination.collection_endpoint": (
            f"{TO}.collection_endpoint",
            "https://other.eu-west-1.aoss.amazonaws.com",
        ),
        "OpenSearchServerlessDestination.index": (f"{TO}.index", "events"),
        "OpenSearchServerlessDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
    },
)

AREAS["redshift"] = (
    """
name: shop
deliveries:
  lake:
    to:
      kind: redshift
      jdbc_url: jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop
      secret_arn: SECRET:shop-AbCdEf
      table: clicks
""",
    {
        "RedshiftDestination.buffer_mb": (f"{TO}.buffer_mb", 9),
        "RedshiftDestination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "RedshiftDestination.columns": (f"{TO}.columns", ["page"]),
        "RedshiftDestination.copy_options": (f"{TO}.copy_options", "json 'auto ignorecase' gzip"),
        "RedshiftDestination.jdbc_url": (
            f"{TO}.jdbc_url",
            "jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/other",
        ),
        "RedshiftDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "RedshiftDestination.secret_arn": (f"{TO}.secret_arn", f"arn:aws:secretsmanager:{ACCOUNT}:secret:other-AbCdEf"),
        "RedshiftDestination.secret_kms_key_arn": (f"{TO}.secret_kms_key_arn", KEY),
        "RedshiftDestination.staging": (f"{TO}.staging.expire_after_days", 9),
        "RedshiftDestination.table": (f"{TO}.table", "views"),
    },
)
AREAS["redshift by name"] = (
    """
name: shop
deliveries:
  lake:
    to: {kind: redshift, workgroup: shop, database: shop, secret_arn: "SECRET:shop-AbCdEf", table: clicks}
""",
    {
        "RedshiftDestination.cluster": (
            TO,
            {
                "kind": "redshift",
                "cluster": "shop.abc123.eu-west-1.redshift.amazonaws.com",
                "database": "shop",
                "secret_arn": f"arn:aws:secretsmanager:{ACCOUNT}:secret:shop-AbCdEf",
                "table": "clicks",
            },
        ),
        "RedshiftDestination.database": (f"{TO}.database", "other"),
        "RedshiftDestination.workgroup": (f"{TO}.workgroup", "other"),
    },
)
AREAS["splunk"] = (
    """
name: shop
deliveries:
  lake: {to: {kind: splunk, endpoint: "https://splunk.example.com:8088", secret_arn: "SECRET:shop-AbCdEf"}}
""",
    {
        "SplunkDestination.ack_timeout_seconds": (f"{TO}.ack_timeout_seconds", 200),
        "SplunkDestination.backup": (f"{TO}.backup.records", "all"),
        "SplunkDestination.buffer_mb": (f"{TO}.buffer_mb", 3),
        "SplunkDestination.buffer_seconds": (f"{TO}.buffer_seconds", 30),
        "SplunkDestination.endpoint": (f"{TO}.endpoint", "https://other.example.com:8088"),
        "SplunkDestination.endpoint_type": (f"{TO}.endpoint_type", "event"),
        "SplunkDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "SplunkDestination.secret_arn": (f"{TO}.secret_arn", f"arn:aws:secretsmanager:{ACCOUNT}:secret:other-AbCdEf"),
        "SplunkDestination.secret_kms_key_arn": (f"{TO}.secret_kms_key_arn", KEY),
    },
)
AREAS["http"] = (
    """
name: shop
deliveries:
  lake: {to: {kind: http, endpoint: "https://example.com/firehose", secret_arn: "SECRET:shop-AbCdEf"}}
""",
    {
        "HttpDestination.attributes": (f"{TO}.attributes", {"team": "shop"}),
        "HttpDestination.backup": (f"{TO}.backup.records", "all"),
        "HttpDestination.buffer_mb": (f"{TO}.buffer_mb", 9),
        "HttpDestination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "HttpDestination.compression": (f"{TO}.compression", "none"),
        "HttpDestination.endpoint": (f"{TO}.endpoint", "https://example.com/other"),
        "HttpDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "HttpDestination.secret_arn": (f"{TO}.secret_arn", f"arn:aws:secretsmanager:{ACCOUNT}:secret:other-AbCdEf"),
        "HttpDestination.secret_kms_key_arn": (f"{TO}.secret_kms_key_arn", KEY),
    },
)
AREAS["snowflake"] = (
    """
name: shop
deliveries:
  lake:
    to:
      kind: snowflake
      account_url: https://abc.snowflakecomputing.com
      secret_arn: SECRET:shop-AbCdEf
      database: shop
      schema: public
      table: clicks
      load_as: variant_and_metadata
      content_column: content
      metadata_column: metadata
""",
    {
        "SnowflakeDestination.account_url": (f"{TO}.account_url", "https://def.snowflakecomputing.com"),
        "SnowflakeDestination.backup": (f"{TO}.backup.records", "all"),
        "SnowflakeDestination.buffer_mb": (f"{TO}.buffer_mb", 9),
        "SnowflakeDestination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "SnowflakeDestination.content_column": (f"{TO}.content_column", "other"),
        "SnowflakeDestination.database": (f"{TO}.database", "other"),
        "SnowflakeDestination.load_as": (
            TO,
            {
                "kind": "snowflake",
                "account_url": "https://abc.snowflakecomputing.com",
                "secret_arn": f"arn:aws:secretsmanager:{ACCOUNT}:secret:shop-AbCdEf",
                "database": "shop",
                "schema": "public",
                "table": "clicks",
                "load_as": "variant",
                "content_column": "content",
            },
        ),
        "SnowflakeDestination.metadata_column": (f"{TO}.metadata_column", "other"),
        "SnowflakeDestination.private_link_service": (f"{TO}.private_link_service", ENDPOINT_SERVICE),
        "SnowflakeDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "SnowflakeDestination.role": (f"{TO}.role", "loader"),
        "SnowflakeDestination.schema": (f"{TO}.schema", "other"),
        "SnowflakeDestination.secret_arn": (
            f"{TO}.secret_arn",
            f"arn:aws:secretsmanager:{ACCOUNT}:secret:other-AbCdEf",
        ),
        "SnowflakeDestination.secret_kms_key_arn": (f"{TO}.secret_kms_key_arn", KEY),
        "SnowflakeDestination.table": (f"{TO}.table", "other"),
    },
)
AREAS["iceberg"] = (
    """
name: shop
deliveries:
  lake:
    transform: {code: one}
    to:
      kind: iceberg
      catalog_arn: arn:aws:glue:ACCOUNT:catalog
      table_bucket: arn:aws:s3:::tables
      append_only: false
      tables: [{database: shop, table: clicks, unique_keys: [id]}]
""",
    {
        "IcebergDestination.append_only": (
            TO,
            {
                "kind": "iceberg",
                "catalog_arn": f"arn:aws:glue:{ACCOUNT}:catalog",
                "table_bucket": "tables",
                "tables": [{"database": "shop", "table": "clicks"}],
            },
        ),
        "IcebergDestination.backup": (f"{TO}.backup.expire_after_days", 9),
        "IcebergDestination.buffer_mb": (f"{TO}.buffer_mb", 9),
        "IcebergDestination.buffer_seconds": (f"{TO}.buffer_seconds", 99),
        "IcebergDestination.catalog_arn": (f"{TO}.catalog_arn", "arn:aws:glue:eu-west-1:444455556666:catalog"),
        "IcebergDestination.retry_seconds": (f"{TO}.retry_seconds", 99),
        "IcebergDestination.table_bucket": (f"{TO}.table_bucket", "arn:aws:s3:::other"),
        "IcebergDestination.table_bucket_kms_key_arn": (f"{TO}.table_bucket_kms_key_arn", KEY),
        "IcebergDestination.tables": (f"{TO}.tables.1", {"database": "shop", "table": "views", "unique_keys": ["id"]}),
        "IcebergTable.database": (f"{TO}.tables.0.database", "other"),
        "IcebergTable.table": (f"{TO}.tables.0.table", "views"),
        "IcebergTable.unique_keys": (f"{TO}.tables.0.unique_keys", ["id", "at"]),
    },
)

AREAS["one iceberg table"] = (
    """
name: shop
deliveries:
  lake: {to: {kind: iceberg, database: shop, table: clicks, unique_keys: [id], table_bucket: tables}}
""",
    {
        "IcebergDestination.database": (f"{TO}.database", "other"),
        "IcebergDestination.table": (f"{TO}.table", "views"),
        "IcebergDestination.unique_keys": (f"{TO}.unique_keys", ["id", "at"]),
    },
)

SERVICES, HOSTS = "producers.services", "producers.hosts"
FILE = f"{HOSTS}.files.0"
AREAS["api"] = (
    """
name: shop
schemas:
  request: {customer_id: string, order_id: string}
streams:
  requests: {kind: kinesis, schema: request, shards: 1}
  other: {kind: kinesis, schema: request, shards: 1}
producers:
  api:
    kind: api_gateway
    to: requests
    path: /requests
    partition_key: customer_id
    throttle: {rate: 200}
alarms: false
""",
    {
        "ApiGatewayProducerSpec.access_logs": ("producers.api.access_logs", True),
        "ApiGatewayProducerSpec.auth": ("producers.api.auth", "api_key"),
        "ApiGatewayProducerSpec.method": ("producers.api.method", "PUT"),
        "ApiGatewayProducerSpec.partition_key": ("producers.api.partition_key", "order_id"),
        "ApiGatewayProducerSpec.path": ("producers.api.path", "/orders"),
        "ApiGatewayProducerSpec.throttle": ("producers.api.throttle", None),
        "ApiGatewayProducerSpec.to": ("producers.api.to", "other"),
        "Throttle.burst": ("producers.api.throttle.burst", 500),
        "Throttle.rate": ("producers.api.throttle.rate", 300),
    },
)

AREAS["apis"] = (
    """
name: shop
schemas:
  view: {page: string, minute: string, views: bigint}
stores:
  page_views: {kind: dynamodb, schema: view, partition_key: page, sort_key: minute}
  others: {kind: dynamodb, schema: view, partition_key: page, sort_key: minute}
apis:
  live: {kind: lambda, from: page_views, code: one, throttle: {rate: 20}}
alarms: false
""",
    {
        "PipelineSpec.apis": ("apis", None),
        "LambdaApiSpec.auth": ("apis.live.auth", "basic"),
        "LambdaApiSpec.from": ("apis.live.from", "others"),
        "LambdaApiSpec.throttle": ("apis.live.throttle", None),
        "LambdaApiSpec.timeout_seconds": ("apis.live.timeout_seconds", 5),
        "LambdaApiSpec.architecture": ("apis.live.architecture", "x86_64"),
        "LambdaApiSpec.code": ("apis.live.code", "two"),
        "LambdaApiSpec.environment": ("apis.live.environment", {"LIMIT": "5"}),
        "LambdaApiSpec.function_arn": (
            "apis.live",
            {"kind": "lambda", "function_arn": f"arn:aws:lambda:{ACCOUNT}:function:live"},
        ),
        "LambdaApiSpec.handler": ("apis.live.handler", "index.other"),
        "LambdaApiSpec.layers": ("apis.live.layers", ["powertools"]),
        "LambdaApiSpec.log_retention_days": ("apis.live.log_retention_days", 7),
        "LambdaApiSpec.memory_mb": ("apis.live.memory_mb", 512),
        "LambdaApiSpec.permissions": (
            "apis.live.permissions",
            [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::pages/*"]}],
        ),
        "LambdaApiSpec.reserved_concurrency": ("apis.live.reserved_concurrency", 50),
        "LambdaApiSpec.runtime": ("apis.live.runtime", "python3.12"),
        "LambdaApiSpec.vpc": ("apis.live.vpc", {"vpc_id": "vpc-01234567", "subnet_ids": ["subnet-01234567"]}),
    },
)

AREAS["logs"] = (
    """
name: shop
streams:
  logs: {kind: kinesis, shards: 1}
  other: {kind: kinesis, shards: 1}
consumers:
  alert:
    kind: lambda
    from: logs
    code: one
    to: [told, shouted]
    on_failure: {retries: 3, max_record_age_seconds: 600, destination: sqs}
sns_topics:
  told: {kind: sns}
  shouted: {kind: sns, topic_arn: "arn:aws:sns:ACCOUNT:shouted"}
producers:
  services:
    kind: cloudwatch_logs
    to: logs
    log_groups: [/app]
    accept_from: {account_ids: ["444455556666"]}
  everything:
    kind: cloudwatch_logs
    to: other
    account_policy: {}
  hosts:
    kind: kinesis_agent
    to: logs
    files:
      - path: /var/log/app.log
        processing:
          - {option: log_to_json, log_format: syslog}
          - {option: csv_to_json, field_names: [a, b]}
  web: {kind: fluent_bit, to: logs, files: [/var/log/web.log]}
alarms: false
""",
    {
        "AcceptFrom.account_ids": (f"{SERVICES}.accept_from.account_ids", ["777788889999"]),
        "AcceptFrom.organization_ids": (f"{SERVICES}.accept_from.organization_ids", ["o-exampleorg1"]),
        "AccountPolicy.exclude_log_groups": ("producers.everything.account_policy.exclude_log_groups", ["/loud"]),
        "AgentFile.initial_position": (f"{FILE}.initial_position", "start_of_file"),
        "AgentFile.multi_line_start": (f"{FILE}.multi_line_start", "^[0-9]"),
        "AgentFile.partition_key": (f"{FILE}.partition_key", "deterministic"),
        "AgentFile.path": (f"{FILE}.path", "/var/log/other.log"),
        "AgentFile.processing": (f"{FILE}.processing", []),
        "CloudWatchLogsProducerSpec.accept_from": (f"{SERVICES}.accept_from", None),
        "CloudWatchLogsProducerSpec.account_policy": (
            "producers.everything",
            {"kind": "cloudwatch_logs", "to": "other", "log_groups": ["/web"]},
        ),
        "CloudWatchLogsProducerSpec.distribution": (f"{SERVICES}.distribution", "random"),
        "CloudWatchLogsProducerSpec.filter_pattern": (f"{SERVICES}.filter_pattern", "?ERROR"),
        "CloudWatchLogsProducerSpec.log_groups": (f"{SERVICES}.log_groups", ["/web"]),
        "CloudWatchLogsProducerSpec.to": (f"{SERVICES}.to", "other"),
        "DataProcessing.delimiter": (f"{FILE}.processing.1.delimiter", ";"),
        "DataProcessing.field_names": (f"{FILE}.processing.1.field_names", ["a", "c"]),
        "DataProcessing.log_format": (f"{FILE}.processing.0.log_format", "rfc3339_syslog"),
        "DataProcessing.match_pattern": (f"{FILE}.processing.0.match_pattern", "^(.*) (.*) (.*) (.*) (.*)$"),
        "DataProcessing.option": (f"{FILE}.processing.0", {"option": "single_line"}),
        "KinesisAgentProducerSpec.buffer_seconds": (f"{HOSTS}.buffer_seconds", 9),
        "KinesisAgentProducerSpec.emit_metrics": (f"{HOSTS}.emit_metrics", True),
        "KinesisAgentProducerSpec.files": (f"{HOSTS}.files.1", {"path": "/var/log/web.log"}),
        "KinesisAgentProducerSpec.role_arn": (f"{HOSTS}.role_arn", ROLE),
        "KinesisAgentProducerSpec.runs_on": (f"{HOSTS}.runs_on", "ecs_tasks"),
        "KinesisAgentProducerSpec.to": (f"{HOSTS}.to", "other"),
        "FluentBitProducerSpec.buffer_seconds": ("producers.web.buffer_seconds", 9),
        "FluentBitProducerSpec.emit_metrics": ("producers.web.emit_metrics", True),
        "FluentBitProducerSpec.files": ("producers.web.files.1", "/var/log/other.log"),
        "FluentBitProducerSpec.role_arn": ("producers.web.role_arn", ROLE),
        "FluentBitProducerSpec.runs_on": ("producers.web.runs_on", "ecs_tasks"),
        "FluentBitProducerSpec.to": ("producers.web.to", "other"),
        "SnsTopicSpec.kms_key_arn": ("sns_topics.shouted.kms_key_arn", KEY),
        "SnsTopicSpec.subscribers": ("sns_topics.told.subscribers", [{"email": "a@example.com"}]),
        "SnsTopicSpec.topic_arn": ("sns_topics.shouted.topic_arn", f"arn:aws:sns:{ACCOUNT}:other"),
    },
)

TASKS, ORDERED, WORKER = "queues.tasks", "queues.ordered", "consumers.worker"
AREAS["queues"] = (
    """
name: shop
schemas:
  task: {action: string}
  other: {page: string}
queues:
  tasks:
    kind: sqs
    schema: task
    visibility_timeout_seconds: 900
    workload: {records_per_second: 100, record_kb: 1}
    dead_letter: {max_receives: 6}
  ordered: {kind: sqs, fifo: true}
  dead: {kind: sqs, dead_letter: {arn: "arn:aws:sqs:ACCOUNT:dead"}}
  old: {kind: sqs, arn: "arn:aws:sqs:ACCOUNT:old"}
consumers:
  worker: {kind: lambda, from: tasks, code: one, filter: {action: [buy]}}
  orderly: {kind: lambda, from: ordered, code: one}
alarms: false
""",
    {
        "DeadLetter.arn": ("queues.dead.dead_letter.arn", f"arn:aws:sqs:{ACCOUNT}:other"),
        "DeadLetter.enabled": (f"{TASKS}.dead_letter", {"enabled": False}),
        "DeadLetter.max_receives": (f"{TASKS}.dead_letter.max_receives", 9),
        "DeadLetter.retention_days": (f"{TASKS}.dead_letter.retention_days", 9),
        "LambdaConsumerSpec.maximum_concurrency": (f"{WORKER}.maximum_concurrency", 7),
        "PipelineSpec.queues": ("queues.third", {"kind": "sqs"}),
        "SqsQueueSpec.arn": ("queues.old.arn", f"arn:aws:sqs:{ACCOUNT}:older"),
        "SqsQueueSpec.content_based_deduplication": (f"{ORDERED}.content_based_deduplication", True),
        "SqsQueueSpec.dead_letter": (f"{ORDERED}.dead_letter", False),
        "SqsQueueSpec.deduplication_scope": (f"{ORDERED}.deduplication_scope", "message_group"),
        "SqsQueueSpec.delay_seconds": (f"{TASKS}.delay_seconds", 9),
        "SqsQueueSpec.encryption": (f"{TASKS}.encryption", "customer_managed"),
        "SqsQueueSpec.fifo": (f"{TASKS}.fifo", True),
        "SqsQueueSpec.fifo_throughput_limit": (
            ORDERED,
            {
                "kind": "sqs",
                "fifo": True,
                "deduplication_scope": "message_group",
                "fifo_throughput_limit": "per_message_group_id",
            },
        ),
        "SqsQueueSpec.max_message_kb": (f"{TASKS}.max_message_kb", 64),
        "SqsQueueSpec.removal_policy": (f"{TASKS}.removal_policy", "destroy"),
        "SqsQueueSpec.retention_days": (f"{TASKS}.retention_days", 9),
        "SqsQueueSpec.schema": (f"{TASKS}.schema", "other"),
        "SqsQueueSpec.visibility_timeout_seconds": (f"{TASKS}.visibility_timeout_seconds", 1000),
        "SqsQueueSpec.workload": (f"{TASKS}.workload.records_per_second", 900),
    },
)

MAIN, FAST, LESS, OLD = (f"clusters.{name}" for name in ("main", "fast", "less", "old"))
ORDERS, USERS = "streams.orders", "streams.users"
OTHER_VPC = {
    "vpc_id": "vpc-99999999999999999",
    "subnet_ids": [f"subnet-9999999999999999{number}" for number in range(3)],
}
AREAS["kafka"] = (
    """
name: shop
schemas:
  order: {order_id: string, customer: string}
  other: {id: string}
clusters:
  main:
    kind: msk
    instance_type: kafka.m7g.2xlarge
    storage_mode: tiered
    max_volume_gb: 9000
    auth: [iam, sasl_scram]
    scram_secret_arns: ["SECRET:AmazonMSK_users-AbCdEf"]
    vpc:
      vpc_id: vpc-0123456789abcdef0
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1, subnet-0123456789abcdef2]
  certified:
    kind: msk
    auth: mtls
    certificate_authority_arns: ["arn:aws:acm-pca:ACCOUNT:certificate-authority/12345678-1234-1234-1234-123456789012"]
  fast:
    kind: msk_express
    vpc:
      vpc_id: vpc-0123456789abcdef0
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1, subnet-0123456789abcdef2]
  less:
    kind: msk_serverless
    vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}
  old: {kind: msk, arn: "arn:aws:kafka:ACCOUNT:cluster/old/12345678-1234-1234-1234-123456789012-1"}
  gone: {kind: msk_express, arn: "arn:aws:kafka:ACCOUNT:cluster/gone/12345678-1234-1234-1234-123456789012-1"}
  far: {kind: msk_serverless, arn: "arn:aws:kafka:ACCOUNT:cluster/far/12345678-1234-1234-1234-123456789012-s1"}
streams:
  orders:
    kind: kafka
    cluster: main
    schema: order
    local_retention_days: 1
    workload: {records_per_second: 5000, record_kb: 2}
  users: {kind: kafka, cluster: main, partitions: 6, retention_hours: 48}
  tiered: {kind: kafka, cluster: main, partitions: 6, local_retention_hours: 5}
  theirs: {kind: kafka, cluster: old, arn: "arn:aws:kafka:ACCOUNT:topic/old/12345678-1234-1234-1234-123456789012-1/theirs"}
consumers:
  audit:
    kind: lambda
    from: orders
    function_arn: arn:aws:lambda:ACCOUNT:function:audit
    filter: {customer: [a]}
    on_failure: {retries: 3, max_record_age_seconds: 600, destination: sqs}
alarms: false
""",
    {
        "PipelineSpec.clusters": ("clusters.more", {"kind": "msk_serverless"}),
        "MskClusterSpec.arn": (
            f"{OLD}.arn",
            f"arn:aws:kafka:{ACCOUNT}:cluster/more/12345678-1234-1234-1234-123456789012-1",
        ),
        "MskClusterSpec.auth": ("clusters.certified.auth", ["iam", "mtls"]),
        "MskClusterSpec.brokers": (f"{MAIN}.brokers", 9),
        "MskClusterSpec.certificate_authority_arns": (
            "clusters.certified.certificate_authority_arns.0",
            f"arn:aws:acm-pca:{ACCOUNT}:certificate-authority/99999999-1234-1234-1234-123456789012",
        ),
        "MskClusterSpec.client_security_group_ids": (f"{MAIN}.client_security_group_ids", ["sg-0123456789abcdef0"]),
        "MskClusterSpec.encryption": (f"{MAIN}.encryption", "customer_managed"),
        "MskClusterSpec.enhanced_monitoring": (f"{MAIN}.enhanced_monitoring", "per_broker"),
        "MskClusterSpec.instance_type": (f"{MAIN}.instance_type", "kafka.m7g.4xlarge"),
        "MskClusterSpec.kafka_version": (f"{MAIN}.kafka_version", "4.0.x.kraft"),
        "MskClusterSpec.log_retention_days": (f"{MAIN}.log_retention_days", 90),
        "MskClusterSpec.max_volume_gb": (f"{MAIN}.max_volume_gb", 8000),
        "MskClusterSpec.open_monitoring": (f"{MAIN}.open_monitoring", True),
        "MskClusterSpec.removal_policy": (f"{MAIN}.removal_policy", "destroy"),
        "MskClusterSpec.scram_secret_arns": (f"{MAIN}.scram_secret_arns.1", f"{SECRETS}:AmazonMSK_more-AbCdEf"),
        "MskClusterSpec.server_properties": (f"{MAIN}.server_properties", {"num.io.threads": 16}),
        "MskClusterSpec.storage_mode": ("clusters.certified.storage_mode", "tiered"),
        "MskClusterSpec.volume_gb": (f"{MAIN}.volume_gb", 3000),
        "MskClusterSpec.volume_throughput_mb_per_second": (f"{MAIN}.volume_throughput_mb_per_second", 300),
        "MskClusterSpec.volume_utilization_percent": (f"{MAIN}.volume_utilization_percent", 50),
        "MskClusterSpec.vpc": (f"{MAIN}.vpc", OTHER_VPC),
        "MskExpressClusterSpec.arn": (
            "clusters.gone.arn",
            f"arn:aws:kafka:{ACCOUNT}:cluster/more/12345678-1234-1234-1234-123456789012-1",
        ),
        "MskExpressClusterSpec.auth": (f"{FAST}.auth", ["iam", "sasl_scram"]),
        "MskExpressClusterSpec.brokers": (f"{FAST}.brokers", 9),
        "MskExpressClusterSpec.certificate_authority_arns": (
            FAST,
            {"kind": "msk_express", "auth": ["mtls"], "certificate_authority_arns": [AUTHORITY]},
        ),
        "MskExpressClusterSpec.client_security_group_ids": (
            f"{FAST}.client_security_group_ids",
            ["sg-0123456789abcdef0"],
        ),
        "MskExpressClusterSpec.encryption": (f"{FAST}.encryption", "customer_managed"),
        "MskExpressClusterSpec.enhanced_monitoring": (f"{FAST}.enhanced_monitoring", "per_broker"),
        "MskExpressClusterSpec.instance_type": (f"{FAST}.instance_type", "express.m7g.4xlarge"),
        "MskExpressClusterSpec.kafka_version": (f"{FAST}.kafka_version", "4.2.x.kraft"),
        "MskExpressClusterSpec.log_retention_days": (f"{FAST}.log_retention_days", 90),
        "MskExpressClusterSpec.open_monitoring": (f"{FAST}.open_monitoring", True),
        "MskExpressClusterSpec.rebalancing": (f"{FAST}.rebalancing", "paused"),
        "MskExpressClusterSpec.removal_policy": (f"{FAST}.removal_policy", "destroy"),
        "MskExpressClusterSpec.scram_secret_arns": (
            FAST,
            {"kind": "msk_express", "auth": ["sasl_scram"], "scram_secret_arns": [f"{SECRETS}:AmazonMSK_more-AbCdEf"]},
        ),
        "MskExpressClusterSpec.server_properties": (f"{FAST}.server_properties", {"num.partitions": 3}),
        "MskExpressClusterSpec.vpc": (f"{FAST}.vpc", OTHER_VPC),
        "MskServerlessClusterSpec.arn": (
            "clusters.far.arn",
            f"arn:aws:kafka:{ACCOUNT}:cluster/more/12345678-1234-1234-1234-123456789012-s1",
        ),
        "MskServerlessClusterSpec.client_security_group_ids": (
            f"{LESS}.client_security_group_ids",
            ["sg-0123456789abcdef0"],
        ),
        "MskServerlessClusterSpec.removal_policy": (f"{LESS}.removal_policy", "destroy"),
        "MskServerlessClusterSpec.vpc": (f"{LESS}.vpc", OTHER_VPC),
        "KafkaTopicSpec.arn": (
            "streams.theirs.arn",
            f"arn:aws:kafka:{ACCOUNT}:topic/old/12345678-1234-1234-1234-123456789012-1/more",
        ),
        "KafkaTopicSpec.cleanup_policy": (f"{USERS}.cleanup_policy", ["compact", "delete"]),
        "KafkaTopicSpec.cluster": (f"{USERS}.cluster", "certified"),
        "KafkaTopicSpec.compression": (f"{USERS}.compression", "zstd"),
        "KafkaTopicSpec.configs": (f"{USERS}.configs", {"segment.ms": 600_000}),
        "KafkaTopicSpec.local_retention_days": (f"{ORDERS}.local_retention_days", 2),
        "KafkaTopicSpec.local_retention_hours": ("streams.tiered.local_retention_hours", 6),
        "KafkaTopicSpec.max_message_kb": (f"{USERS}.max_message_kb", 2048),
        "KafkaTopicSpec.min_insync_replicas": (f"{USERS}.min_insync_replicas", 1),
        "KafkaTopicSpec.partition_key": (f"{ORDERS}.partition_key", "customer"),
        "KafkaTopicSpec.partitions": (f"{USERS}.partitions", 7),
        "KafkaTopicSpec.removal_policy": (f"{USERS}.removal_policy", "destroy"),
        "KafkaTopicSpec.replication_factor": (f"{USERS}.replication_factor", 2),
        "KafkaTopicSpec.retention_days": (f"{ORDERS}.retention_days", 8),
        "KafkaTopicSpec.retention_hours": (f"{USERS}.retention_hours", 49),
        "KafkaTopicSpec.schema": (f"{ORDERS}.schema", "other"),
        "KafkaTopicSpec.topic": (f"{USERS}.topic", "shop.users"),
        "KafkaTopicSpec.workload": (f"{ORDERS}.workload.records_per_second", 50_000),
    },
)

GROUPED, SECRET_ONE, ON_TOPIC = (f"consumers.{name}" for name in ("grouped", "secret", "on-topic"))
AREAS["kafka consumers"] = (
    """
name: shop
clusters:
  main: {kind: msk, arn: "arn:aws:kafka:ACCOUNT:cluster/main/1234abcd-1", auth: [iam, sasl_scram]}
streams:
  orders: {kind: kafka, cluster: main, partitions: 6, encoding: plain}
  failed: {kind: kafka, cluster: main, partitions: 3}
  lost: {kind: kafka, cluster: main, partitions: 3}
  encoded: {kind: kafka, cluster: main, partitions: 3, encoding: registry}
schemas: {order: {id: string}}
schema_registry: glue
consumers:
  grouped:
    kind: lambda
    from: orders
    function_arn: arn:aws:lambda:ACCOUNT:function:grouped
    pollers: {minimum: 1, maximum: 3}
    on_failure: sqs
  secret:
    kind: lambda
    from: orders
    function_arn: arn:aws:lambda:ACCOUNT:function:secret
    secret_arn: SECRET:AmazonMSK_users-AbCdEf
    secret_kms_key_arn: arn:aws:kms:ACCOUNT:key/1234abcd-12ab-34cd-56ef-1234567890ab
    on_failure: sqs
  on-topic:
    kind: lambda
    from: orders
    function_arn: arn:aws:lambda:ACCOUNT:function:on-topic
    on_failure: {destination: {kind: kafka, topic: failed}}
  decoded:
    kind: lambda
    from: encoded
    function_arn: arn:aws:lambda:ACCOUNT:function:decoded
    on_failure: sqs
alarms: false
""",
    {
        "KafkaOnFailure.topic": (f"{ON_TOPIC}.on_failure.destination.topic", "lost"),
        "LambdaConsumerSpec.consumer_group": (f"{GROUPED}.consumer_group", "grouped"),
        "KafkaTopicSpec.encoding": ("streams.encoded.encoding", "plain"),
        "LambdaConsumerSpec.event_record_format": ("consumers.decoded.event_record_format", "source"),
        "LambdaConsumerSpec.pollers": (f"{GROUPED}.pollers", "on_demand"),
        "LambdaConsumerSpec.secret_arn": (
            f"{SECRET_ONE}.secret_arn",
            f"arn:aws:secretsmanager:{ACCOUNT}:secret:AmazonMSK_others-AbCdEf",
        ),
        "LambdaConsumerSpec.secret_kms_key_arn": (f"{SECRET_ONE}.secret_kms_key_arn", None),
        "Pollers.maximum": (f"{GROUPED}.pollers.maximum", 4),
        "Pollers.minimum": (f"{GROUPED}.pollers.minimum", 2),
    },
)

AREAS["private connections to Kafka"] = (
    """
name: shop
clusters:
  main: {kind: msk, multi_vpc: true, shared_with: ["444455556666"]}
  fast: {kind: msk_express, multi_vpc: true, shared_with: ["444455556666"]}
  alone: {kind: msk}
  quick: {kind: msk_express}
streams:
  orders: {kind: kafka, cluster: main, partitions: 6}
deliveries:
  lake: {from: orders, to: {kind: s3}}
alarms: false
""",
    {
        "DeliverySpec.starting_position": ("deliveries.lake.starting_position", "latest"),
        "MskClusterSpec.multi_vpc": ("clusters.alone.multi_vpc", True),
        "MskClusterSpec.shared_with": ("clusters.main.shared_with", ["111122223333"]),
        "MskExpressClusterSpec.multi_vpc": ("clusters.quick.multi_vpc", True),
        "MskExpressClusterSpec.shared_with": ("clusters.fast.shared_with", ["111122223333"]),
    },
)

CDC, LAKE, OTHER, DR = "connectors.cdc", "connectors.lake", "connectors.found", "replicators.dr"
PLUGINS = f"arn:aws:kafkaconnect:{ACCOUNT}:custom-plugin"
PLACED = {"subnet_ids": ["subnet-01234567"], "security_group_ids": ["sg-01234567"]}
AREAS["connectors"] = (
    """
name: shop
schemas: {order: {id: bigint}}
schema_registry: {kind: glue}
clusters:
  main: {kind: msk, vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567, subnet-01234568]}}
  second: {kind: msk, vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567, subnet-01234568]}}
  third: {kind: msk, vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567, subnet-01234568]}}
streams:
  orders: {kind: kafka, cluster: main, partitions: 6, encoding: plain}
  refunds: {kind: kafka, cluster: main, partitions: 6, encoding: plain}
  others: {kind: kafka, cluster: second, partitions: 6}
connectors:
  cdc:
    kind: source
    cluster: main
    plugin: {bucket: my-plugins, key: cdc.zip}
    to: orders
    config: {connector.class: com.example.Cdc, tasks.max: 1}
  lake:
    kind: sink
    cluster: main
    plugin: one
    from: orders
    capacity: {mcu: 1, max_workers: 2}
    config: {connector.class: com.example.Lake}
  found:
    kind: sink
    cluster: main
    plugin: PLUGIN/found/12345678-1234-1234-1234-123456789012-1
    from: orders
    config: {connector.class: com.example.Lake}
replicators:
  dr: {kind: msk, from: main, to: second}
alarms: false
""",
    {
        "PipelineSpec.connectors": ("connectors.found", None),
        "PipelineSpec.replicators": (DR, None),
        "PipelineSpec.schema_registry": ("schema_registry", None),
        "ConnectorCapacity.mcu": (f"{LAKE}.capacity.mcu", 2),
        "ConnectorCapacity.workers": (f"{CDC}.capacity", {"workers": 2}),
        "ConnectorCapacity.min_workers": (f"{LAKE}.capacity.min_workers", 2),
        "ConnectorCapacity.max_workers": (f"{LAKE}.capacity.max_workers", 3),
        "ConnectorCapacity.max_tasks": (f"{LAKE}.capacity.max_tasks", 4),
        "ConnectorCapacity.scale_in_cpu_percent": (f"{LAKE}.capacity.scale_in_cpu_percent", 30),
        "ConnectorCapacity.scale_out_cpu_percent": (f"{LAKE}.capacity.scale_out_cpu_percent", 70),
        "GlueSchemaRegistrySpec.arn": ("schema_registry.arn", f"arn:aws:glue:{ACCOUNT}:registry/company"),
        "GlueSchemaRegistrySpec.compatibility": ("schema_registry.compatibility", "full"),
        "GlueSchemaRegistrySpec.data_format": ("schema_registry.data_format", "json_schema"),
        "GlueSchemaRegistrySpec.name": ("schema_registry.name", "company"),
        "MskReplicatorSpec.compression": (f"{DR}.compression", "zstd"),
        "MskReplicatorSpec.consumer_groups": (f"{DR}.consumer_groups", ["billing"]),
        "MskReplicatorSpec.copy_acls": (f"{DR}.copy_acls", False),
        "MskReplicatorSpec.copy_topic_configs": (f"{DR}.copy_topic_configs", False),
        "MskReplicatorSpec.detect_new": (f"{DR}.detect_new", False),
        "MskReplicatorSpec.exclude_consumer_groups": (f"{DR}.exclude_consumer_groups", ["billing"]),
        "MskReplicatorSpec.exclude_topics": (f"{DR}.exclude_topics", ["refunds"]),
        "MskReplicatorSpec.from": (f"{DR}.from", "third"),
        "MskReplicatorSpec.log_retention_days": (f"{DR}.log_retention_days", 7),
        "MskReplicatorSpec.starting_position": (f"{DR}.starting_position", "earliest"),
        "MskReplicatorSpec.sync_offsets": (f"{DR}.sync_offsets", False),
        "MskReplicatorSpec.to": (f"{DR}.to", "third"),
        "MskReplicatorSpec.topic_names": (f"{DR}.topic_names", "identical"),
        "MskReplicatorSpec.topics": (f"{DR}.topics", "orders"),
        "Plugin.arn": (f"{OTHER}.plugin", f"{PLUGINS}/other/12345678-1234-1234-1234-123456789012-1"),
        "Plugin.bucket": (f"{CDC}.plugin.bucket", "our-plugins"),
        "Plugin.key": (f"{CDC}.plugin.key", "cdc-2.zip"),
        "Plugin.object_version": (f"{CDC}.plugin.object_version", "abc"),
        "Plugin.path": (f"{LAKE}.plugin", "two"),
        "Plugin.revision": (
            f"{OTHER}.plugin",
            {"arn": f"{PLUGINS}/found/12345678-1234-1234-1234-123456789012-1", "revision": 2},
        ),
        "SinkConnectorSpec.from": (f"{LAKE}.from", "refunds"),
        "SourceConnectorSpec.connector_name": (f"{CDC}.connector_name", "shop-postgres"),
        "SourceConnectorSpec.offset_topic": (f"{CDC}.offset_topic", "__amazon_msk_connect_offsets_before"),
        "SourceConnectorSpec.to": (f"{CDC}.to", ["orders", "refunds"]),
        "SinkConnectorSpec.cluster": (
            LAKE,
            {
                "kind": "sink",
                "cluster": "second",
                "plugin": "one",
                "from": "others",
                "config": {"connector.class": "com.example.Lake"},
            },
        ),
        "SourceConnectorSpec.cluster": (
            CDC,
            {
                "kind": "source",
                "cluster": "second",
                "plugin": "one",
                "to": "others",
                "config": {"connector.class": "com.example.Cdc"},
            },
        ),
    }
    | {
        f"{model}.{field}": (f"{node}.{field}", value)
        for model, node in (("SourceConnectorSpec", CDC), ("SinkConnectorSpec", LAKE))
        for field, value in (
            ("capacity", {"mcu": 4}),
            ("config", {"connector.class": "com.example.Other"}),
            ("kafka_connect_version", "2.7.1"),
            ("log_retention_days", 7),
            ("permissions", [{"actions": ["sqs:SendMessage"], "resources": [f"arn:aws:sqs:{ACCOUNT}:late"]}]),
            ("plugin", "two"),
            ("secret_arn", f"arn:aws:secretsmanager:{ACCOUNT}:secret:db-AbCdEf"),
            ("value_converter", "string"),
            ("vpc", PLACED),
            ("worker_config", {"producer.linger.ms": 5}),
        )
    },
)


def applications() -> dict[str, tuple[str, Any]]:
    """Fields that applications of Flink have in common, whatever their code is."""
    found: dict[str, tuple[str, Any]] = {}
    for model, node in (("FlinkSqlSpec", "counts"), ("FlinkAppSpec", "sessions")):
        values: dict[str, Any] = {
            "autoscaling": True,
            "checkpointing": {"interval_seconds": 30},
            "encryption": "customer_managed",
            "log_level": "warn",
            "log_retention_days": 7,
            "max_lag_seconds": 30,
            "metrics_level": "task",
            "parallelism": 4,
            "parallelism_per_kpu": 2,
            "permissions": [
                {"actions": ["dynamodb:GetItem"], "resources": [f"arn:aws:dynamodb:{ACCOUNT}:table/rules"]}
            ],
            "restore": {"allow_non_restored_state": True},
            "rollback": False,
            "runtime": "FLINK-2_2",
            "snapshots": False,
            "start": False,
            "vpc": PLACED,
        }
        found |= {f"{model}.{field}": (f"analytics.{node}.{field}", value) for field, value in values.items()}
    return found


COUNTS, SESSIONS = "analytics.counts", "analytics.sessions"
AREAS["analytics"] = (
    """
name: shop
schemas:
  click: {page: string, at: timestamp, seen: timestamp}
  count: {page: string, start: timestamp, views: bigint}
  tally: {page: string, start: timestamp, views: bigint, share: double}
clusters:
  old:
    kind: msk
    arn: "arn:aws:kafka:ACCOUNT:cluster/old/12345678-1234-1234-1234-123456789012-1"
    vpc:
      vpc_id: vpc-0123456789abcdef0
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      security_group_ids: [sg-0123456789abcdef0]
streams:
  clicks: {kind: kinesis, schema: click, shards: 2}
  timed: {kind: kinesis, schema: click, shards: 2, watermark: {field: at, delay_seconds: 5}}
  views:
    kind: kafka
    cluster: old
    schema: click
    arn: "arn:aws:kafka:ACCOUNT:topic/old/12345678-1234-1234-1234-123456789012-1/views"
    partitions: 2
    watermark: {field: at, delay_seconds: 5}
  per_page: {kind: kinesis, schema: count, shards: 1}
  again: {kind: kinesis, schema: count, shards: 1}
stores:
  search: {kind: opensearch, schema: count}
analytics:
  counts:
    kind: flink_sql
    from: clicks
    to: per_page
    watermark: {field: at, delay_seconds: 5}
    sql: >-
      SELECT page, window_start AS `start`, COUNT(*) AS `views`
      FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
      GROUP BY page, window_start, window_end
    variables: {gap: "1"}
  by_stream:
    kind: flink_sql
    from: [timed, views]
    sql:
      - CREATE TABLE nowhere (page STRING) WITH ('connector' = 'blackhole')
      - INSERT INTO nowhere SELECT page FROM timed WHERE page <> '${not}'
      - INSERT INTO nowhere SELECT page FROM `views`
    variables: {"not": "1"}
    restore: before
    checkpointing: {interval_seconds: 30, min_pause_seconds: 3}
  found:
    kind: flink_sql
    from: clicks
    to: search
    sql: SELECT page, `at` AS `start`, CAST(1 AS BIGINT) AS `views` FROM clicks
  sessions: {kind: flink_app, from: clicks, code: app.jar}
  kept: {kind: flink_app, from: clicks, bucket: my-code, key: app.zip}
alarms: {notify: [oncall@example.com]}
""",
    {
        "OpenSearchDomainSpec.schema": ("stores.search.schema", "tally"),
        "PipelineSpec.analytics": ("analytics.more", {"kind": "flink_app", "from": "clicks", "code": "app.jar"}),
        "KinesisStreamSpec.watermark": ("streams.timed.watermark", {"field": "seen", "delay_seconds": 6}),
        "KafkaTopicSpec.watermark": ("streams.views.watermark", {"field": "seen", "delay_seconds": 5}),
        "Watermark.field": ("streams.timed.watermark.field", "seen"),
        "Watermark.delay_seconds": ("streams.timed.watermark.delay_seconds", 9),
        "Checkpointing.interval_seconds": ("analytics.by_stream.checkpointing.interval_seconds", 20),
        "Checkpointing.min_pause_seconds": ("analytics.by_stream.checkpointing.min_pause_seconds", 2),
        "Restore.snapshot": ("analytics.by_stream.restore", "later"),
        "Restore.allow_non_restored_state": (
            "analytics.by_stream.restore",
            {"snapshot": "before", "allow_non_restored_state": True},
        ),
        **applications(),
        "FlinkSqlSpec.config": (f"{COUNTS}.config", {"table.exec.state.ttl": "1 h"}),
        "FlinkSqlSpec.connectors": (f"{COUNTS}.connectors", ["kinesis.jar"]),
        "FlinkSqlSpec.enhanced_fan_out": (f"{COUNTS}.enhanced_fan_out", True),
        "FlinkSqlSpec.from": (f"{COUNTS}.from", ["clicks", "timed"]),
        "FlinkSqlSpec.idle_timeout_seconds": (f"{COUNTS}.idle_timeout_seconds", 10),
        "FlinkSqlSpec.invalid_records": (f"{COUNTS}.invalid_records", "skip"),
        "FlinkSqlSpec.sql": ("analytics.by_stream.sql.2", "INSERT INTO nowhere SELECT 'x' FROM `views`"),
        "FlinkSqlSpec.starting_position": (f"{COUNTS}.starting_position", "latest"),
        "FlinkSqlSpec.to": (f"{COUNTS}.to", "again"),
        "FlinkSqlSpec.variables": ("analytics.by_stream.variables", {"not": "2"}),
        "FlinkSqlSpec.watermark": (f"{COUNTS}.watermark", {"field": "seen", "delay_seconds": 5}),
        "FlinkAppSpec.bucket": ("analytics.kept.bucket", "other-code"),
        "FlinkAppSpec.code": (f"{SESSIONS}.code", "other.jar"),
        "FlinkAppSpec.from": (f"{SESSIONS}.from", ["clicks", "timed"]),
        "FlinkAppSpec.jarfile": ("analytics.kept.jarfile", "lib/all.jar"),
        "FlinkAppSpec.key": ("analytics.kept.key", "other.zip"),
        "FlinkAppSpec.object_version": ("analytics.kept.object_version", "abc"),
        "FlinkAppSpec.properties": (f"{SESSIONS}.properties", {"rules": {"limit": "1"}}),
        "FlinkAppSpec.python": ("analytics.kept.python", "job.py"),
        "FlinkAppSpec.to": (f"{SESSIONS}.to", "again"),
    },
)

CHANGES = {field: (area, *change) for area, (_, changes) in AREAS.items() for field, change in changes.items()}
TAGS = {"kind"}
"""Which kind a part is; with one kind there is nothing to change it to, with several the choice is tried above."""


def base(area: str) -> dict[str, Any]:
    text = (
        AREAS[area][0]
        .replace("SECRET", "arn:aws:secretsmanager:ACCOUNT:secret")
        .replace("PLUGIN/", f"{PLUGINS}/")
        .replace("ACCOUNT", ACCOUNT)
    )
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def changed(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(data))
    *way, last = [step.replace("~", ".") for step in path.split(".")]
    place: Any = copy
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [value]
    elif value is None:
        del place[last]
    else:
        place[last] = value
    return copy


def read(data: dict[str, Any], folder: Path) -> PipelineSpec:
    spec, findings, _ = build(data, folder)
    assert spec is not None
    assert [str(finding) for finding in findings] == []
    return spec


def planned(spec: PipelineSpec) -> tuple[Any, ...]:
    """What is planned for a spec, and said about it."""
    made = plan(spec)
    return made.findings, [(node.summary(), node.working) for node in made.nodes.values()]


def built(spec: PipelineSpec, folder: Path) -> tuple[Any, ...]:
    """What is built from a spec, and where."""
    app = cdk.App(outdir=str(folder / "out"))
    stack, _ = add_system(app, spec, "Shop")
    return stack.account, stack.region, app.synth().get_stack_by_name(stack.stack_name).template


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fields")
    for name in ("one", "two"):
        (made / name).mkdir()
        (made / name / "index.py").write_text(f"def handler(event, context):\n    return {{}}  # {name}\n")
    for name in ("app.jar", "other.jar"):
        with zipfile.ZipFile(made / name, "w") as jar:
            jar.writestr(zipfile.ZipInfo("name", (1980, 1, 1, 0, 0, 0)), name)
            manifest = zipfile.ZipInfo("META-INF/MANIFEST.MF", (1980, 1, 1, 0, 0, 0))
            jar.writestr(manifest, "Main-Class: com.example.App\n")
    with zipfile.ZipFile(made / "kinesis.jar", "w") as jar:
        factory = "org.apache.flink.connector.kinesis.table.KinesisDynamicTableFactory"
        services = zipfile.ZipInfo("META-INF/services/org.apache.flink.table.factories.Factory", (1980, 1, 1, 0, 0, 0))
        jar.writestr(services, factory)
    return made


@pytest.fixture(scope="module")
def unchanged(folder: Path) -> Mapping[str, tuple[Any, Any]]:
    """What is planned and built for each area as it stands; built when it is first asked for."""

    class Outcomes(dict[str, tuple[Any, Any]]):
        def __missing__(self, area: str) -> tuple[Any, Any]:
            spec = read(base(area), folder)
            return self.setdefault(area, (planned(spec), built(spec, folder)))

    return Outcomes()


@pytest.mark.parametrize("area", sorted(AREAS))
def test_every_area_can_be_rehearsed(area: str, unchanged: Mapping[str, tuple[Any, Any]]) -> None:
    _, (*_, template) = unchanged[area]
    assert list(unsupported_resources(template)) == []


def test_every_field_is_listed_once() -> None:
    schema = json_schema()
    models = {"PipelineSpec": schema, **schema["$defs"]}
    fields = {f"{name}.{field}" for name, model in models.items() for field in model.get("properties", {})}
    # What nodes have by default, and what differs in an environment, is the same fields again.
    again = {"PipelineSpec.defaults", "PipelineSpec.environments"}
    told = {field for field in fields if field.partition(".")[2] not in TAGS} - again
    listed = [field for _, changes in AREAS.values() for field in changes]
    assert sorted(listed) == sorted(told)


@pytest.mark.parametrize("area", sorted(AREAS))
def test_same_system_leads_to_the_same(area: str, folder: Path, unchanged: Mapping[str, tuple[Any, Any]]) -> None:
    spec = read(base(area), folder)
    assert (planned(spec), built(spec, folder)) == unchanged[area]


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_field_changes_something(field: str, folder: Path, unchanged: Mapping[str, tuple[Any, Any]]) -> None:
    area, path, value = CHANGES[field]
    spec = read(changed(base(area), path, value), folder)
    # What changes the plan need not be built to be seen.
    assert planned(spec) != unchanged[area][0] or built(spec, folder) != unchanged[area][1]

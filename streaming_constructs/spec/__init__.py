"""The language: typed models of a streaming system, read from YAML with line numbers or written in Python.

Knows nothing of CDK, of capacity or of the command line. Works without Node. Names are loaded when they are first used:
what only looks up a finding's code does not wait for pydantic.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming_constructs.spec.alarms import AlarmOverride, AlarmsSpec, NotifyEmail, NotifyTopic
    from streaming_constructs.spec.athena import AthenaSpec
    from streaming_constructs.spec.consumers.lambda_function import AtTimestamp, LambdaConsumerSpec
    from streaming_constructs.spec.deliveries.backup import FailedBackup
    from streaming_constructs.spec.deliveries.firehose import DelimitedRecords, DeliverySpec, TransformSpec
    from streaming_constructs.spec.deliveries.http_endpoint import HttpDestination
    from streaming_constructs.spec.deliveries.iceberg import IcebergDestination, IcebergTable
    from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
    from streaming_constructs.spec.deliveries.opensearch_serverless import OpenSearchServerlessDestination
    from streaming_constructs.spec.deliveries.redshift import RedshiftDestination
    from streaming_constructs.spec.deliveries.s3 import S3Destination
    from streaming_constructs.spec.deliveries.s3_format import JsonFormat, OrcFormat, ParquetFormat
    from streaming_constructs.spec.deliveries.s3_partitions import Partition
    from streaming_constructs.spec.deliveries.snowflake import SnowflakeDestination
    from streaming_constructs.spec.deliveries.splunk import SplunkDestination
    from streaming_constructs.spec.encryption import AwsManagedKey, AwsOwnedKey, CustomerManagedKey, S3ManagedKey
    from streaming_constructs.spec.finding import Finding, SpecError
    from streaming_constructs.spec.on_failure import KeepInS3, KeepInSns, KeepInSqs, OnError, SkipAfter
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.producers.cloudwatch_logs import (
        AcceptFrom,
        AccountPolicy,
        CloudWatchLogsProducerSpec,
    )
    from streaming_constructs.spec.producers.kinesis_agent import AgentFile, DataProcessing, KinesisAgentProducerSpec
    from streaming_constructs.spec.s3_bucket import BackupSpec, Transition
    from streaming_constructs.spec.schemas import RecordField
    from streaming_constructs.spec.sns_topics.sns import SnsTopicSpec
    from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec
    from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec, OnDemandCapacity, ProvisionedCapacity
    from streaming_constructs.spec.vpc import VpcPlacement
    from streaming_constructs.spec.workload import Workload

_HOME = {
    "alarms": ("AlarmOverride", "AlarmsSpec", "NotifyEmail", "NotifyTopic"),
    "athena": ("AthenaSpec",),
    "consumers.lambda_function": ("AtTimestamp", "LambdaConsumerSpec"),
    "deliveries.backup": ("FailedBackup",),
    "deliveries.firehose": ("DelimitedRecords", "DeliverySpec", "TransformSpec"),
    "deliveries.http_endpoint": ("HttpDestination",),
    "deliveries.iceberg": ("IcebergDestination", "IcebergTable"),
    "deliveries.opensearch": ("OpenSearchDestination",),
    "deliveries.opensearch_serverless": ("OpenSearchServerlessDestination",),
    "deliveries.redshift": ("RedshiftDestination",),
    "deliveries.s3": ("S3Destination",),
    "deliveries.s3_format": ("JsonFormat", "OrcFormat", "ParquetFormat"),
    "deliveries.s3_partitions": ("Partition",),
    "deliveries.snowflake": ("SnowflakeDestination",),
    "deliveries.splunk": ("SplunkDestination",),
    "encryption": ("AwsManagedKey", "AwsOwnedKey", "CustomerManagedKey", "S3ManagedKey"),
    "finding": ("Finding", "SpecError"),
    "on_failure": ("KeepInS3", "KeepInSns", "KeepInSqs", "OnError", "SkipAfter"),
    "pipeline": ("PipelineSpec",),
    "producers.cloudwatch_logs": ("AcceptFrom", "AccountPolicy", "CloudWatchLogsProducerSpec"),
    "producers.kinesis_agent": ("AgentFile", "DataProcessing", "KinesisAgentProducerSpec"),
    "s3_bucket": ("BackupSpec", "Transition"),
    "schemas": ("RecordField",),
    "sns_topics.sns": ("SnsTopicSpec",),
    "stores.opensearch": ("OpenSearchDomainSpec",),
    "streams.kinesis": ("KinesisStreamSpec", "OnDemandCapacity", "ProvisionedCapacity"),
    "vpc": ("VpcPlacement",),
    "workload": ("Workload",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AcceptFrom",
    "AccountPolicy",
    "AgentFile",
    "AlarmOverride",
    "AlarmsSpec",
    "AtTimestamp",
    "AthenaSpec",
    "AwsManagedKey",
    "AwsOwnedKey",
    "BackupSpec",
    "CloudWatchLogsProducerSpec",
    "CustomerManagedKey",
    "DataProcessing",
    "DelimitedRecords",
    "DeliverySpec",
    "FailedBackup",
    "Finding",
    "HttpDestination",
    "IcebergDestination",
    "IcebergTable",
    "JsonFormat",
    "KeepInS3",
    "KeepInSns",
    "KeepInSqs",
    "KinesisAgentProducerSpec",
    "KinesisStreamSpec",
    "LambdaConsumerSpec",
    "NotifyEmail",
    "NotifyTopic",
    "OnDemandCapacity",
    "OnError",
    "OpenSearchDestination",
    "OpenSearchDomainSpec",
    "OpenSearchServerlessDestination",
    "OrcFormat",
    "ParquetFormat",
    "Partition",
    "PipelineSpec",
    "ProvisionedCapacity",
    "RecordField",
    "RedshiftDestination",
    "S3Destination",
    "S3ManagedKey",
    "SkipAfter",
    "SnowflakeDestination",
    "SnsTopicSpec",
    "SpecError",
    "SplunkDestination",
    "TransformSpec",
    "Transition",
    "VpcPlacement",
    "Workload",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

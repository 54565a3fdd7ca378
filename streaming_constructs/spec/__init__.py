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
    from streaming_constructs.spec.buckets import BackupSpec, Transition
    from streaming_constructs.spec.consumers import AtTimestamp, LambdaConsumerSpec
    from streaming_constructs.spec.deliveries import DelimitedRecords, DeliverySpec, TransformSpec
    from streaming_constructs.spec.failures import KeepInS3, KeepInSns, KeepInSqs, OnError, SkipAfter
    from streaming_constructs.spec.finding import Finding, SpecError
    from streaming_constructs.spec.formats import JsonFormat, OrcFormat, ParquetFormat
    from streaming_constructs.spec.keys import AwsManagedKey, AwsOwnedKey, CustomerManagedKey, S3ManagedKey
    from streaming_constructs.spec.other_destinations import (
        HttpDestination,
        IcebergDestination,
        IcebergTable,
        RedshiftDestination,
        SnowflakeDestination,
        SplunkDestination,
    )
    from streaming_constructs.spec.partitions import Partition
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.producers import (
        AcceptFrom,
        AccountPolicy,
        AgentFile,
        CloudWatchLogsProducerSpec,
        DataProcessing,
        KinesisAgentProducerSpec,
    )
    from streaming_constructs.spec.s3_destination import S3Destination
    from streaming_constructs.spec.schemas import RecordField
    from streaming_constructs.spec.search_destinations import (
        FailedBackup,
        OpenSearchDestination,
        OpenSearchServerlessDestination,
    )
    from streaming_constructs.spec.stores import OpenSearchDomainSpec, VpcPlacement
    from streaming_constructs.spec.streams import KinesisStreamSpec, OnDemandCapacity, ProvisionedCapacity
    from streaming_constructs.spec.topics import SnsTopicSpec
    from streaming_constructs.spec.workload import Workload

_HOME = {
    "alarms": (
        "AlarmOverride",
        "AlarmsSpec",
        "NotifyEmail",
        "NotifyTopic",
    ),
    "athena": ("AthenaSpec",),
    "buckets": (
        "BackupSpec",
        "Transition",
    ),
    "consumers": (
        "AtTimestamp",
        "LambdaConsumerSpec",
    ),
    "deliveries": (
        "DelimitedRecords",
        "DeliverySpec",
        "TransformSpec",
    ),
    "failures": (
        "KeepInS3",
        "KeepInSns",
        "KeepInSqs",
        "OnError",
        "SkipAfter",
    ),
    "finding": (
        "Finding",
        "SpecError",
    ),
    "formats": (
        "JsonFormat",
        "OrcFormat",
        "ParquetFormat",
    ),
    "keys": (
        "AwsManagedKey",
        "AwsOwnedKey",
        "CustomerManagedKey",
        "S3ManagedKey",
    ),
    "other_destinations": (
        "HttpDestination",
        "IcebergDestination",
        "IcebergTable",
        "RedshiftDestination",
        "SnowflakeDestination",
        "SplunkDestination",
    ),
    "partitions": ("Partition",),
    "pipeline": ("PipelineSpec",),
    "producers": (
        "AcceptFrom",
        "AccountPolicy",
        "AgentFile",
        "CloudWatchLogsProducerSpec",
        "DataProcessing",
        "KinesisAgentProducerSpec",
    ),
    "s3_destination": ("S3Destination",),
    "schemas": ("RecordField",),
    "search_destinations": (
        "FailedBackup",
        "OpenSearchDestination",
        "OpenSearchServerlessDestination",
    ),
    "stores": (
        "OpenSearchDomainSpec",
        "VpcPlacement",
    ),
    "streams": (
        "KinesisStreamSpec",
        "OnDemandCapacity",
        "ProvisionedCapacity",
    ),
    "topics": ("SnsTopicSpec",),
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

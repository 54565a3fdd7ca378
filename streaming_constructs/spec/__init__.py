"""The language: typed models of a streaming system, read from YAML with line numbers or written in Python.

Knows nothing of CDK, of capacity or of the command line. Works without Node.
"""

from streaming_constructs.spec.alarms import AlarmOverride, AlarmsSpec, NotifyEmail, NotifyTopic
from streaming_constructs.spec.consumers import AtTimestamp, LambdaConsumerSpec
from streaming_constructs.spec.failures import KeepInS3, KeepInSns, KeepInSqs, OnError, SkipAfter
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.streams import (
    AwsManagedKey,
    CustomerManagedKey,
    KinesisStreamSpec,
    OnDemandCapacity,
    ProvisionedCapacity,
)
from streaming_constructs.spec.workload import Workload

__all__ = [
    "AlarmOverride",
    "AlarmsSpec",
    "AtTimestamp",
    "AwsManagedKey",
    "CustomerManagedKey",
    "Finding",
    "KeepInS3",
    "KeepInSns",
    "KeepInSqs",
    "KinesisStreamSpec",
    "LambdaConsumerSpec",
    "NotifyEmail",
    "NotifyTopic",
    "OnDemandCapacity",
    "OnError",
    "PipelineSpec",
    "ProvisionedCapacity",
    "SkipAfter",
    "SpecError",
    "Workload",
]

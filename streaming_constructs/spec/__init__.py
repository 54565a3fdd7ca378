"""The language: typed models of a streaming system, read from YAML with line numbers or written in Python.

Knows nothing of CDK, of capacity or of the command line. Works without Node. Names are loaded when they are first used:
what only looks up a finding's code does not wait for pydantic.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOME = {
    "alarms": ("AlarmOverride", "AlarmsSpec", "NotifyEmail", "NotifyTopic"),
    "consumers": ("AtTimestamp", "LambdaConsumerSpec"),
    "failures": ("KeepInS3", "KeepInSns", "KeepInSqs", "OnError", "SkipAfter"),
    "finding": ("Finding", "SpecError"),
    "pipeline": ("PipelineSpec",),
    "streams": ("AwsManagedKey", "CustomerManagedKey", "KinesisStreamSpec", "OnDemandCapacity", "ProvisionedCapacity"),
    "workload": ("Workload",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

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


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

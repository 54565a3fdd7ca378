"""AWS CDK constructs that build, size and check streaming systems from one typed spec.

Everything public is imported from here, and loaded when it is first used: the spec alone needs neither Node nor CDK.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from streaming_constructs.spec import __all__ as _spec_names

if TYPE_CHECKING:
    from streaming_constructs.app import streaming_app
    from streaming_constructs.cdk import KinesisStream, LambdaConsumer, StreamAlarms, StreamDashboard, StreamingPipeline
    from streaming_constructs.planning import PipelinePlan, Reader, plan
    from streaming_constructs.spec import (
        AlarmOverride,
        AlarmsSpec,
        AtTimestamp,
        AwsManagedKey,
        CustomerManagedKey,
        Finding,
        KeepInS3,
        KeepInSns,
        KeepInSqs,
        KinesisStreamSpec,
        LambdaConsumerSpec,
        NotifyEmail,
        NotifyTopic,
        OnDemandCapacity,
        OnError,
        PipelineSpec,
        ProvisionedCapacity,
        SkipAfter,
        SpecError,
        Workload,
    )

_MODULE_OF = {
    "streaming_app": "streaming_constructs.app",
    **dict.fromkeys(
        ("KinesisStream", "LambdaConsumer", "StreamAlarms", "StreamDashboard", "StreamingPipeline"),
        "streaming_constructs.cdk",
    ),
    **dict.fromkeys(("PipelinePlan", "Reader", "plan"), "streaming_constructs.planning"),
    **dict.fromkeys(_spec_names, "streaming_constructs.spec"),
}

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
    "KinesisStream",
    "KinesisStreamSpec",
    "LambdaConsumer",
    "LambdaConsumerSpec",
    "NotifyEmail",
    "NotifyTopic",
    "OnDemandCapacity",
    "OnError",
    "PipelinePlan",
    "PipelineSpec",
    "ProvisionedCapacity",
    "Reader",
    "SkipAfter",
    "SpecError",
    "StreamAlarms",
    "StreamDashboard",
    "StreamingPipeline",
    "Workload",
    "plan",
    "streaming_app",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

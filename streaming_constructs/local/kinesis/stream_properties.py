"""Properties of an `AWS::Kinesis::Stream`, checked as CloudFormation checks them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from streaming_constructs.facts import kinesis
from streaming_constructs.facts.fact import Range

_ON_DEMAND_SHARDS = int(kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.value / kinesis.SHARD_WRITE_MIB_PER_SECOND.value)


@dataclass(frozen=True, slots=True)
class StreamProperties:
    """What a template says of a stream.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html
    """

    name: str | None
    mode: str
    shards: int
    retention_hours: int
    max_record_kb: int
    distribution: str
    shard_level_metrics: tuple[str, ...]
    key_id: str | None
    tags: Mapping[str, str]

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> Self:
        """Reads properties, of which numbers may be text.

        Raises:
            ValueError: If AWS would not take them.
        """
        unknown = sorted(set(properties) - PROPERTIES)
        if unknown:
            raise ValueError(f"properties that have no effect here: {', '.join(unknown)}")
        mode = properties.get("StreamModeDetails", {}).get("StreamMode", "PROVISIONED")
        if mode not in {"PROVISIONED", "ON_DEMAND"}:
            raise ValueError(f"StreamMode is PROVISIONED or ON_DEMAND, not {mode}")
        for name in sorted(set(properties) & _OF_OTHER_MODE[mode]):
            raise ValueError(f"{name} must not be given with {mode}")
        distribution = properties.get("RecordDistributionStrategy", "USER_PARTITION_KEY")
        if distribution not in {"AUTO", "USER_PARTITION_KEY"}:
            raise ValueError(f"RecordDistributionStrategy is AUTO or USER_PARTITION_KEY, not {distribution}")
        encryption = properties.get("StreamEncryption") or {}
        if encryption and (encryption.get("EncryptionType") != "KMS" or not encryption.get("KeyId")):
            raise ValueError("StreamEncryption has the EncryptionType KMS and a KeyId")
        metrics = tuple(properties.get("DesiredShardLevelMetrics", ()))
        if "ALL" in metrics:
            metrics = kinesis.SHARD_LEVEL_METRICS
        if strange := sorted(set(metrics) - set(kinesis.SHARD_LEVEL_METRICS)):
            raise ValueError(f"DesiredShardLevelMetrics has {', '.join(strange)}")
        return cls(
            properties.get("Name"),
            mode,
            _warm_shards(properties) if mode == "ON_DEMAND" else _number(properties, "ShardCount", kinesis.SHARD_COUNT),
            _number(properties, "RetentionPeriodHours", kinesis.RETENTION_HOURS, kinesis.RETENTION_HOURS.minimum),
            _number(properties, "MaxRecordSizeInKiB", kinesis.MAX_RECORD_KIB, kinesis.MAX_RECORD_KIB.minimum),
            distribution,
            metrics,
            encryption.get("KeyId"),
            {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())},
        )


PROPERTIES = frozenset(
    {
        "DesiredShardLevelMetrics",
        "MaxRecordSizeInKiB",
        "Name",
        "RecordDistributionStrategy",
        "RetentionPeriodHours",
        "ShardCount",
        "StreamEncryption",
        "StreamModeDetails",
        "Tags",
        "WarmThroughputMiBps",
    }
)
_OF_OTHER_MODE = {
    "PROVISIONED": {"RecordDistributionStrategy", "WarmThroughputMiBps"},
    "ON_DEMAND": {"ShardCount"},
}


def _warm_shards(properties: Mapping[str, Any]) -> int:
    """How many shards warm throughput needs. AWS says what there is at once, and not in how many shards."""
    warm = int(properties.get("WarmThroughputMiBps", 0)) / kinesis.SHARD_WRITE_MIB_PER_SECOND.value
    return max(_ON_DEMAND_SHARDS, math.ceil(warm))


def _number(properties: Mapping[str, Any], name: str, limits: Range, default: int | None = None) -> int:
    given = properties.get(name, default)
    if given is None:
        raise ValueError(f"{name} is missing")
    value = int(given)
    if value not in limits:
        raise ValueError(f"{name} is {limits.minimum:,} to {limits.maximum:,}, not {value:,}")
    return value

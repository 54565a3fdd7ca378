"""Amazon MSK: from which level of monitoring on a cluster publishes a metric. What is not named here it publishes at each."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.facts.msk import MONITORING_LEVELS

LEVELS = tuple(level.upper() for level in MONITORING_LEVELS)
"""As CloudFormation names them: each publishes what the ones before it do."""
_OF_BROKERS = (
    "ConnectionCreationRate",
    "FetchThrottleTime",
    "IAMNumberOfConnectionRequests",
    "IAMTooManyConnections",
    "KafkaFileDescriptorsUsagePercent",
    "KafkaMemoryMappedFilesUsagePercent",
    "NetworkProcessorAvgIdlePercent",
    "ProduceThrottleTime",
    "RemoteCopyBytesPerSec",
    "RemoteCopyLagBytes",
    "RemoteLogSizeBytes",
    "RequestHandlerAvgIdlePercent",
    "TcpConnections",
)
_OF_PARTITIONS = ("EstimatedTimeLag", "OffsetLag")
FROM_LEVEL: Mapping[str, str] = {
    **dict.fromkeys(_OF_BROKERS, "PER_BROKER"),
    **dict.fromkeys(_OF_PARTITIONS, "PER_TOPIC_PER_PARTITION"),
}
"""The level that a metric needs, by its name.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html, read 2026-11-29
"""

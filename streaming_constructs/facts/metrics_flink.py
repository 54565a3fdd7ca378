"""CloudWatch metrics of Managed Flink, with the dimensions that it publishes them under.

Those of an application have its name as their one dimension; those of tasks, operators and subtasks are published from finer
levels on, at the price of custom metrics, and nothing stands on them here. What connectors say of how late they are has
dimensions of which the documentation tells no more than the names: the lag of a stream is seen in its own metrics, and in the
watermark.
"""

from __future__ import annotations

from streaming_constructs.facts.metrics import Metric

_PAGE = "https://docs.aws.amazon.com/managed-flink/latest/java/metrics-dimensions.html"
_READ = "2026-11-28"


def _application(name: str, unit: str, statistic: str = "Maximum") -> Metric:
    return Metric("AWS/KinesisAnalytics", name, ("Application",), unit, statistic, _PAGE, _READ)


# Up to Flink 1.20.
DOWNTIME = _application("downtime", "Milliseconds", "Average")
FULL_RESTARTS = _application("fullRestarts", "Count")
# From Flink 2.2 on.
NUM_RESTARTS = _application("numRestarts", "Count")
RESTARTING_TIME = _application("restartingTime", "Milliseconds", "Average")
FAILING_TIME = _application("failingTime", "Milliseconds", "Average")

FAILED_CHECKPOINTS = _application("numberOfFailedCheckpoints", "Count")
CHECKPOINT_DURATION = _application("lastCheckpointDuration", "Milliseconds")
CONTAINER_CPU = _application("containerCPUUtilization", "Percent")
HEAP = _application("heapMemoryUtilization", "Percent")
RECORDS_IN = _application("numRecordsInPerSecond", "Count/Second", "Average")
RECORDS_OUT = _application("numRecordsOutPerSecond", "Count/Second", "Average")
LATE_RECORDS_DROPPED = _application("numLateRecordsDropped", "Count", "Sum")
OUTPUT_WATERMARK = _application("currentOutputWatermark", "Milliseconds")
"""Milliseconds since 1970; far below 0 before the first record."""

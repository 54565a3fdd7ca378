"""The embedded metric format of Amazon CloudWatch: limits of a document."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_FORMAT = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"

NAMESPACE_CHARACTERS = Range(1, 1024, "characters", _FORMAT, "2026-11-29")
DIMENSIONS = Range(0, 30, "dimensions in a set", _FORMAT, "2026-11-29")
METRICS = Range(1, 100, "metrics in a directive", _FORMAT, "2026-11-29")
METRIC_NAME_CHARACTERS = Range(1, 1024, "characters", _FORMAT, "2026-11-29")
VALUES = Fact(100, "values of a metric in an array", _FORMAT, "2026-11-29")

"""Amazon Athena and the AWS Glue Data Catalog: limits of a workgroup, and the size of objects."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_LIMITS = "https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html"
_DATA = "https://docs.aws.amazon.com/athena/latest/ug/performance-tuning-data-optimization-techniques.html"

# Workgroups.
SCAN_LIMIT_MIB = Range(10, 6_675_720_214_843, "MiB", _LIMITS)
"""AWS writes 10 MB to 7 EB; whole MiB within that."""

# Objects.
OBJECT_MIB = Fact(128, "MiB", _DATA)
"""The size of a Parquet row group below which AWS advises not to go, so the least object that has one whole.

AWS names no size of objects: neither many small ones nor few that cannot be split.
"""

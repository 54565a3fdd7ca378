"""Amazon Athena and the AWS Glue Data Catalog: limits, names and partition projection."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.facts.fact import Fact, Range

_LIMITS = "https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html"
_QUOTAS = "https://docs.aws.amazon.com/athena/latest/ug/service-limits.html"
_DATA = "https://docs.aws.amazon.com/athena/latest/ug/performance-tuning-data-optimization-techniques.html"
_NAMES = "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"
_PROJECTION = "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html"
_GLUE = "https://docs.aws.amazon.com/glue/latest/webapi"

# Workgroups.
SCAN_LIMIT_BYTES_LEAST = Fact(
    10_000_000, "bytes", "https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html"
)
SCAN_LIMIT_MIB = Range(10, 6_675_720_214_843, "MiB", _LIMITS)
"""AWS writes 10 MB to 7 EB; whole MiB within that."""
QUERY_BYTES = Fact(262_144, "bytes", _QUOTAS)

# Names. Athena folds them to lower case.
NAME_BYTES = Range(1, 255, "bytes", _NAMES)
"""Of databases, tables and columns."""
COMMENT_CHARACTERS = Fact(255, "characters", f"{_GLUE}/API_Column.html")
COLUMN_TYPE_CHARACTERS = Fact(131_072, "characters", f"{_GLUE}/API_Column.html")
TABLE_DESCRIPTION_CHARACTERS = Fact(2048, "characters", f"{_GLUE}/API_TableInput.html")
TABLE_PARAMETER_CHARACTERS = Fact(512_000, "characters", f"{_GLUE}/API_TableInput.html")
TABLE_METADATA_MIB = Fact(1, "MiB, gzipped", _PROJECTION)
"""About so much of columns, locations and values of enumerations together fit in one table."""

# Objects.
OBJECT_MIB = Fact(128, "MiB", _DATA)
"""The size of a Parquet row group below which AWS advises not to go, so the least object that has one whole.

AWS names no size of objects: neither many small ones nor few that cannot be split.
"""
OBJECTS_PER_LIST = Fact(1000, "objects", _DATA)
"""More in one partition take further requests, one after the other, before a query starts."""

# Partition projection: what the parameters of a table may say of its partition columns.
PROJECTION_PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "enum": ("values",),
    "integer": ("digits", "interval", "range"),
    "date": ("format", "interval", "interval.unit", "range"),
    "injected": (),
}
"""By type: what follows `projection.COLUMN.`, beside `type`.

`range` is of both ends, with a comma between, and both count. `injected` columns are strings, and every query has to
name their values. Projected dates are in UTC.
Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""
PROJECTION_UNITS = ("YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLIS")
"""Of `interval.unit`. Dates that are neither days nor months need `interval` and `interval.unit`.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""
PROJECTION_NOW = r"^\s*NOW\s*(([+\-])\s*([0-9]+)\s*(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?)\s*)?$"
"""A relative end of a range, such as NOW+1DAY.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""
LOCATION_TEMPLATE = "storage.location.template"
"""Where partitions are, with `${COLUMN}` for each of them and a slash at the end.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
"""
PROJECTION_EMPTY_SHARE = Fact(
    0.5, "of the partitions", "https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html"
)
"""Where more than this many are empty, AWS advises against projection: each of them is listed all the same."""
INJECTED_VALUES = Fact(1000, "values in one IN list", _PROJECTION)

"""Amazon DynamoDB: what a table takes, in one item, of one key and in a second."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_LIMITS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"
_QUOTAS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"
_CAPACITY = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html"
_PARTITIONS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
_WARM = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html"
_SCALING = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html"
_PROVISIONED = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-table-provisionedthroughput.html"
_READ = "2026-11-28"

# One item.
ITEM_KIB = Fact(400, "KiB, names of attributes and values together", _LIMITS, _READ)
PARTITION_KEY_BYTES = Range(1, 2048, "bytes", _LIMITS, _READ)
SORT_KEY_BYTES = Range(1, 1024, "bytes", _LIMITS, _READ)
KEY_NAME_CHARACTERS = Range(1, 255, "characters", _LIMITS, _READ)

# One unit of capacity, for a second; on demand it is one request unit.
WRITE_UNIT_KIB = Fact(1, "KiB of an item; what is begun counts whole", _CAPACITY, _READ)
READ_UNIT_KIB = Fact(4, "KiB of an item, read strongly consistent", _CAPACITY, _READ)

# One partition: a value of the partition key is in one, as long as its items have no sort key to be divided by.
PARTITION_WRITE_UNITS_PER_SECOND = Fact(1000, "write units/s", _PARTITIONS, _READ)
PARTITION_READ_UNITS_PER_SECOND = Fact(3000, "read units/s", _PARTITIONS, _READ)

# One table.
NEW_ON_DEMAND_WRITE_UNITS_PER_SECOND = Fact(4000, "write units/s", _WARM, _READ)
NEW_ON_DEMAND_READ_UNITS_PER_SECOND = Fact(12_000, "read units/s", _WARM, _READ)
TABLE_WRITE_UNITS_QUOTA = Fact(40_000, "write units/s of a table", _QUOTAS, _READ)
TABLE_READ_UNITS_QUOTA = Fact(40_000, "read units/s of a table", _QUOTAS, _READ)
CAPACITY_UNITS = Range(1, 40_000, "units/s; more takes a higher quota of the account", _PROVISIONED, _READ)
WARM_WRITE_UNITS = Range(4000, 40_000, "write units/s; more takes a higher quota of the account", _WARM, _READ)
"""AWS keeps the least of these warm for every table on demand, and lowers none that was asked for."""

# Capacity that Application Auto Scaling moves between two bounds.
SCALING_TARGET_PERCENT = Range(20, 90, "% of the capacity", _SCALING, _READ)
SCALING_DEFAULT_PERCENT = Fact(70, "% of the capacity", _SCALING, _READ)
"""What the console of DynamoDB sets."""

TTL_DELETION_DAYS = Fact(
    2,
    "days within which items usually are gone",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    _READ,
)
"""Until then they can still be read."""

LAMBDA_OPERATIONS = ("BatchWriteItem", "PutItem", "UpdateItem")
FLINK_OPERATIONS = ("BatchWriteItem",)
"""Operations by which functions and applications of Managed Service for Apache Flink write; some metrics are published by them.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html, read 2026-11-28
"""

RECOVERY_DAYS_BY_DEFAULT = Fact(
    35,
    "days that a table can be restored to",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html",
    "2026-11-29",
)
INDEXES_PER_UPDATE = Fact(
    1,
    "global secondary indexes that one update creates or deletes",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
    "2026-11-29",
)
STREAM_HOURS = Fact(
    24,
    "hours for which a stream of changes keeps them",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
    "2026-11-29",
)
AWS_MANAGED_KEY = "alias/aws/dynamodb"
"""The key that a table has which is encrypted with a key of KMS, and names none.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html, read 2026-11-29
"""

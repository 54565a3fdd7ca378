"""What AWS charges, in US dollars in us-east-1: for judging whether a choice is out of proportion, and for no bill."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact

_KINESIS = "https://aws.amazon.com/kinesis/data-streams/pricing/"
_READ = "2026-11-27"

HOURS_A_MONTH = 730
SHARD_HOUR = Fact(0.015, "USD per shard and hour", _KINESIS, _READ)
PUT_UNITS = Fact(0.014, "USD per million records of up to 25 KB", _KINESIS, _READ)
PUT_UNIT_KIB = Fact(25, "KiB", _KINESIS, _READ)
EXTENDED_RETENTION_SHARD_HOUR = Fact(0.020, "USD per shard and hour, beyond 24 hours", _KINESIS, _READ)
ON_DEMAND_STREAM_HOUR = Fact(0.04, "USD per stream and hour", _KINESIS, _READ)
ON_DEMAND_IN = Fact(0.08, "USD per GB written", _KINESIS, _READ)
ON_DEMAND_EXTENDED_RETENTION = Fact(0.10, "USD per GB and month, from 24 hours to 7 days", _KINESIS, _READ)
LONG_TERM_RETENTION = Fact(0.023, "USD per GB and month, beyond 7 days", _KINESIS, _READ)

_API_GATEWAY = "https://aws.amazon.com/api-gateway/pricing/"
API_REQUESTS = (
    Fact(
        3.50, "USD per million requests to a REST API, of the first 333 million in a month", _API_GATEWAY, "2026-11-28"
    ),
    Fact(2.80, "USD per million requests, of the next 667 million", _API_GATEWAY, "2026-11-28"),
    Fact(2.38, "USD per million requests, of the next 19 billion", _API_GATEWAY, "2026-11-28"),
    Fact(1.51, "USD per million requests beyond 20 billion", _API_GATEWAY, "2026-11-28"),
)
API_REQUEST_TIERS_MILLIONS = (333, 667, 19_000)
"""How many million requests each of these prices but the last is for."""

_FLINK = "https://aws.amazon.com/managed-service-apache-flink/pricing/"
KPU_HOUR = Fact(0.11, "USD per KPU and hour, that of orchestration too", _FLINK, _READ)
FLINK_RUNNING_STORAGE = Fact(0.10, "USD per GB and month of running storage", _FLINK, _READ)
"""AWS's pricing page charges the 50 GB of each KPU."""

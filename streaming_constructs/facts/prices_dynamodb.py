"""What writing to a DynamoDB table costs by the list, in USD in us-east-1: to tell orders of magnitude.

The page shows its prices by a program; these are as copies of AWS's price list have them.
"""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact

_ON_DEMAND = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
_PROVISIONED = "https://aws.amazon.com/dynamodb/pricing/provisioned/"
_READ = "2026-11-28"

WRITE_REQUEST_UNITS = Fact(0.625, "USD per million write request units", _ON_DEMAND, _READ)
WRITE_CAPACITY_UNIT_HOUR = Fact(0.00065, "USD per write capacity unit and hour", _PROVISIONED, _READ)

"""Prices of Amazon DynamoDB tables, class Standard.

Requests on demand cost half of what they did before November 2024. Each row has a price for each of `REGIONS`, in their order.
"""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.prices.price import listed

_COPIED = "2025-08-28"
_on_demand = partial(listed, "https://aws.amazon.com/dynamodb/pricing/on-demand/", _COPIED, moves="on_demand")
_provisioned = partial(listed, "https://aws.amazon.com/dynamodb/pricing/provisioned/", _COPIED, moves="on_demand")

WRITE_UNITS = _on_demand("write request unit", 0.625, 0.625, 0.625, 0.705, 0.7423, 0.7625, 0.715, per=1e6)
READ_UNITS = _on_demand("read request unit", 0.125, 0.125, 0.125, 0.1415, 0.1487, 0.1525, 0.1425, per=1e6)
WRITE_CAPACITY = _provisioned("WCU-hour", 0.00065, 0.00065, 0.00065, 0.000735, 0.000772, 0.000793, 0.000742)
READ_CAPACITY = _provisioned("RCU-hour", 0.00013, 0.00013, 0.00013, 0.000147, 0.0001544, 0.0001586, 0.0001484)
STORAGE = _on_demand("GB-month", 0.25, 0.25, 0.25, 0.283, 0.29715, 0.306, 0.285)
POINT_IN_TIME = _on_demand("GB-month", 0.2, 0.2, 0.2, 0.22, 0.23772, 0.2448, 0.228)
STREAM_READS = _on_demand("read request", 0.2, 0.2, 0.2, 0.226, 0.237, 0.245, 0.228, per=1e6)

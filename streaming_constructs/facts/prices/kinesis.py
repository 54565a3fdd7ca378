"""Prices of Kinesis Data Streams: provisioned, on demand, and On-demand Advantage.

Each row has a price for each of `REGIONS`, in their order.
"""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.fact import Fact
from streaming_constructs.facts.prices.price import listed

_PAGE = "https://aws.amazon.com/kinesis/data-streams/pricing/"
_listed = partial(listed, _PAGE, "2025-11-03", moves="shard_hour")
_on_demand = partial(listed, _PAGE, "2025-11-03", moves="on_demand")

SHARD_HOUR = _listed("shard-hour", 0.015, 0.015, 0.015, 0.017, 0.0179, 0.018, 0.0195)
PUT_UNITS = _listed("PUT payload unit", 0.014, 0.014, 0.014, 0.0165, 0.0173, 0.0175, 0.0215, per=1e6)
EXTENDED_RETENTION = _listed("shard-hour", 0.02, 0.02, 0.02, 0.023, 0.0242, 0.024, 0.026)
LONG_TERM_RETENTION = _listed("GB-month", 0.023, 0.023, 0.023, 0.023, 0.024, 0.0245, 0.025)
FAN_OUT_HOUR = _listed("consumer-shard-hour", 0.015, 0.015, 0.015, 0.017, 0.0179, 0.018, 0.0195)
FAN_OUT_DATA = _listed("GB", 0.013, 0.013, 0.013, 0.0147, 0.0155, 0.0156, 0.0169)

ON_DEMAND_STREAM_HOUR = _on_demand("stream-hour", 0.04, 0.04, 0.04, 0.045, 0.048, 0.048, 0.052)
ON_DEMAND_IN = _on_demand("GB", 0.08, 0.08, 0.08, 0.091, 0.095, 0.096, 0.104)
ON_DEMAND_OUT = _on_demand("GB", 0.04, 0.04, 0.04, 0.045, 0.048, 0.048, 0.052)
ON_DEMAND_FAN_OUT = _on_demand("GB", 0.05, 0.05, 0.05, 0.057, 0.06, 0.06, 0.065)
ON_DEMAND_EXTENDED_RETENTION = _on_demand("GB-month", 0.1, 0.1, 0.1, 0.11, 0.116, 0.119, 0.12)
ON_DEMAND_LONG_TERM_RETENTION = _on_demand("GB-month", 0.023, 0.023, 0.023, 0.023, 0.024, 0.025, 0.025)

ADVANTAGE_IN = _on_demand("GB", 0.032, 0.032, 0.032, 0.0364, 0.038, 0.0384, 0.0416)
ADVANTAGE_OUT = _on_demand("GB", 0.016, 0.016, 0.016, 0.018, 0.0192, 0.0192, 0.0208)
ADVANTAGE_RETENTION = _on_demand("GB-month", 0.023, 0.023, 0.023, 0.023, 0.024, 0.025, 0.025)

PUT_UNIT_KIB = Fact(25, "KiB of a record, rounded up", _PAGE, "2026-11-27")
ADVANTAGE_LEAST_MIB_PER_SECOND = Fact(
    25, "MiB/s that an account pays for in a region, in and out each", _PAGE, "2026-11-27"
)

"""Prices of AWS Lambda, with the pollers of Kafka."""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.fact import Fact
from streaming_constructs.facts.prices.price import Price, everywhere, listed

_PAGE = "https://aws.amazon.com/lambda/pricing/"
_COPIED = "2025-10-30"
_everywhere = partial(everywhere, _PAGE, _COPIED)

REQUESTS = _everywhere("request", 0.20, per=1e6)
DURATION_X86 = _everywhere("GB-second", 0.0000166667, 0.000015, 0.0000133334, edges=(6e9, 15e9))
DURATION_ARM64 = _everywhere("GB-second", 0.0000133334, 0.0000120001, 0.0000106667, edges=(7.5e9, 18.75e9))
PROVISIONED_X86 = Price("GB-second", _PAGE).also("us-east-1", 0.0000041667, copied=_COPIED)
"""Concurrency that is kept ready, whether it is used or not."""
POLLER_UNIT = listed(_PAGE, _COPIED, "EPU-hour", 0.185, 0.185, 0.185, 0.207, 0.213, 0.221, 0.238, moves="shard_hour")
"""An event poller unit of provisioned pollers of Kafka, which carries ten of them."""

_SCALING = "https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html"
UNIT_POLLERS = Fact(10, "pollers in an event poller unit, by default", _SCALING, "2026-11-27")
UNIT_MB_PER_SECOND = Fact(20, "MB/s that an event poller unit carries", _SCALING, "2026-11-27")

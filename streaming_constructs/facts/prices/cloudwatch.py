"""Prices of Amazon CloudWatch: alarms, metrics, dashboards, logs."""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.prices.price import Price, everywhere, listed

_PAGE = "https://aws.amazon.com/cloudwatch/pricing/"
_COPIED = "2025-09-23"
_everywhere = partial(everywhere, _PAGE, _COPIED)
_listed = partial(listed, _PAGE, _COPIED, moves="on_demand")

ALARM = _everywhere("alarm metric-month", 0.10)
"""For each metric that an alarm looks at."""
HIGH_RESOLUTION_ALARM = _everywhere("alarm metric-month", 0.30)
"""Of an alarm that looks oftener than each minute."""
CUSTOM_METRIC = _everywhere("metric-month", 0.30, 0.10, 0.05, 0.02, edges=(10_000, 250_000, 1_000_000))
DASHBOARD = Price("dashboard-month", _PAGE).also("us-east-1", 3.00, copied="2026-07")
LOGS_IN = _listed("GB", 0.5, 0.5, 0.5, 0.57, 0.5985, 0.63, 0.76)
LOGS_IN_VENDED = _listed(
    "GB",
    *((0.5, 0.25, 0.1, 0.05),) * 3,
    (0.57, 0.285, 0.114, 0.057),
    (0.5985, 0.2993, 0.1197, 0.0599),
    (0.63, 0.315, 0.126, 0.063),
    (0.76, 0.38, 0.152, 0.076),
    edges=(10_240, 30_720, 51_200),
)
"""What AWS's services write, and since May 2025 functions of Lambda."""
LOGS_STORAGE = _listed("GB-month", 0.03, 0.03, 0.03, 0.03, 0.0315, 0.0324, 0.033)
"""Of what it is compressed to."""
LOGS_QUERIED = _listed("GB", 0.005, 0.005, 0.005, 0.0057, 0.0059, 0.0063, 0.0076)

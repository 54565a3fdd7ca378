"""What Amazon CloudWatch costs: alarms, metrics, dashboards, logs."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import cloudwatch as prices
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted, number


def alarms(metrics: int, *, count: int | None = None, high_resolution: bool = False) -> Charge:
    """The charge for alarms.

    Args:
        metrics: The metrics that they look at, all together; one that watches for anomalies looks at three.
        count: How many alarms that are. Left out: as many.
        high_resolution: Whether they look oftener than each minute.
    """
    price = prices.HIGH_RESOLUTION_ALARM if high_resolution else prices.ALARM
    working = f"{counted(metrics if count is None else count, 'alarm')} on {counted(metrics, 'metric')}"
    return Charge("alarms", price, metrics, "fixed", working)


def custom_metrics(count: int, working: str = "") -> Charge:
    """The charge for metrics that AWS does not publish for nothing.

    Args:
        count: How many.
        working: How that came about. Left out: it is said in numbers alone.
    """
    return Charge("metrics", prices.CUSTOM_METRIC, count, "fixed", working or counted(count, "metric"))


def dashboards(count: int) -> Charge:
    """The charge for dashboards.

    Args:
        count: How many.
    """
    return Charge("dashboard", prices.DASHBOARD, count, "fixed", counted(count, "dashboard"))


def logs(gb: float, *, stored_gb: float = 0.0, queried_gb: float = 0.0, is_vended: bool = False) -> Iterator[Charge]:
    """The charges for logs.

    Args:
        gb: What is written in the month.
        stored_gb: What is stored, compressed.
        queried_gb: What queries scan.
        is_vended: Whether AWS's services write it, or functions of Lambda: that has tiers.
    """
    price = prices.LOGS_IN_VENDED if is_vended else prices.LOGS_IN
    yield Charge("logs written", price, gb, "usage", f"{number(gb)} GB")
    if stored_gb:
        yield Charge("logs stored", prices.LOGS_STORAGE, stored_gb, "usage", f"{number(stored_gb)} GB")
    if queried_gb:
        yield Charge("logs queried", prices.LOGS_QUERIED, queried_gb, "usage", f"{number(queried_gb)} GB")

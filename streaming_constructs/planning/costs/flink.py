"""What an application of Managed Service for Apache Flink costs.

Source: https://aws.amazon.com/managed-service-apache-flink/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import flink
from streaming_constructs.facts.prices import flink as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import counted, number


def application(
    kpus: float, *, snapshots_gb: float = 0.0, hours: float = HOURS_A_MONTH, month: float | None = None
) -> Iterator[Charge]:
    """The charges of an application. AWS counts seconds, at least ten minutes of each start.

    Args:
        kpus: Its KPUs, without that of orchestration; their average, where they scale.
        snapshots_gb: What its snapshots hold.
        hours: The hours that it runs.
        month: The hours of the month, by which storage is charged. Left out: it runs all of them.
    """
    orchestration = flink.ORCHESTRATION_KPUS.value
    working = f"({number(kpus)} + {number(orchestration)} for orchestration) × {number(hours)} h"
    yield Charge("KPUs", prices.KPU_HOUR, (kpus + orchestration) * hours, "fixed", working)
    size = flink.RUNNING_STORAGE_GB_OF_A_KPU.value
    storage = kpus * size * hours / (month or hours)
    working = f"{number(size)} GB × {counted(int(kpus), 'KPU') if kpus == int(kpus) else number(kpus)}"
    yield Charge("running storage", prices.RUNNING_STORAGE, storage, "fixed", working)
    if snapshots_gb:
        yield Charge("snapshots", prices.SNAPSHOTS, snapshots_gb, "usage", f"{number(snapshots_gb)} GB")

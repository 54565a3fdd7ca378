"""What flows, as costs are reckoned by it: on average, and not in the busiest minute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs.kinesis import Flow

if TYPE_CHECKING:
    from streaming_constructs.spec.workload import Workload

NO_WORKLOAD = "the workload is not known"
"""What is missing where nothing says what flows."""


def flow_of(workload: Workload | None) -> Flow | None:
    """The flow of a workload, on average; None where there is none.

    Args:
        workload: The workload.
    """
    return Flow(float(workload.records_per_second), float(workload.kb)) if workload is not None else None


def gib_of(flows: Iterable[Flow], hours: float) -> float:
    """What several flows bring together, in GiB.

    Args:
        flows: The flows.
        hours: In which time.
    """
    return sum(flow.gib(hours) for flow in flows)

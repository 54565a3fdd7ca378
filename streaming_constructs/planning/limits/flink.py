"""The limits of an application of Managed Service for Apache Flink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import flink
from streaming_constructs.planning.limits.limit import Limit, limit_of

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan


def limits(application: FlinkApplicationPlan, region: str | None) -> Iterator[Limit]:  # noqa: ARG001 - as all kinds have it
    """The limits of an application.

    Args:
        application: The application with its numbers.
        region: Its region; None where nothing says it.
    """
    yield limit_of(application.name, "KPUs", application.capacity.kpus, flink.KPUS_OF_AN_APPLICATION, code="FLK327")

"""What an application of Flink costs in a month. What its sources charge for its reads is told with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import flink, kms
from streaming_constructs.planning.costs.charge import Charge

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan


def application_costs(application: FlinkApplicationPlan) -> Iterator[Charge]:
    """The charges of an application that runs the whole month, with the KPUs that it starts with.

    Args:
        application: The application with its numbers.
    """
    for charge in flink.application(application.capacity.kpus):
        scales = ", as it starts; it scales" if application.spec.autoscaling else ""
        yield replace(charge, working=f"{charge.working}{scales}")
    yield from kms.created_key(application.spec.encryption)

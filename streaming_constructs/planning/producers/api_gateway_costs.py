"""What an API in front of a stream or a delivery costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import api_gateway
from streaming_constructs.planning.costs.charge import Charge, seconds, unknown
from streaming_constructs.planning.costs.flows import NO_WORKLOAD, flow_of

if TYPE_CHECKING:
    from streaming_constructs.planning.producers.api_gateway import ApiGatewayProducerPlan


def api_costs(api: ApiGatewayProducerPlan) -> Iterator[Charge]:
    """The charges of an API, as if every record of its stream came through it, each in a request of its own.

    Args:
        api: The API with its numbers.
    """
    flow = flow_of(api.stream.workload) if api.stream is not None else None
    if flow is None:
        yield unknown("requests", NO_WORKLOAD)
        return
    charge = api_gateway.requests(flow.records * seconds())
    working = f"one for each of {flow}, if all come this way; up to {api.most_records:,} fit in one"
    yield replace(charge, working=working)

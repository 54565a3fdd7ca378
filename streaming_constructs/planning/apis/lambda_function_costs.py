"""What an API in front of a function costs in a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import api_gateway
from streaming_constructs.planning.costs.charge import Charge, seconds, unknown
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan


def api_costs(api: LambdaApiPlan) -> Iterator[Charge]:
    """The charges of an API: nothing says how often it is asked.

    Args:
        api: The API with its numbers.
    """
    most = replace(api_gateway.requests(api.rate * seconds()), working=f"{number(api.rate)} requests/s all the month")
    yield unknown("requests", "how often it is asked is not known", most)
    yield unknown("invocations", "as often as it is asked")

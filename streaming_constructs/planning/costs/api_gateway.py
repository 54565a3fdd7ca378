"""What Amazon API Gateway costs."""

from __future__ import annotations

from streaming_constructs.facts.prices import api_gateway as prices
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import number


def requests(count: float, *, is_http: bool = False) -> Charge:
    """The charge for requests.

    Args:
        count: How many in the month.
        is_http: Whether it is an HTTP API, and not a REST API.
    """
    price = prices.HTTP_REQUESTS if is_http else prices.REST_REQUESTS
    return Charge("requests", price, count, "usage", f"{number(count)} requests")

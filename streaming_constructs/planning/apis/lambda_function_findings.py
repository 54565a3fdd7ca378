"""What is likely to go wrong with an API with a function behind it."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import api_gateway
from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan
from streaming_constructs.planning.numbers import number
from streaming_constructs.spec.finding import Edit, Finding


def api_findings(api: LambdaApiPlan) -> Iterator[Finding]:
    """What is likely to go wrong with an API; paths are relative to it.

    Args:
        api: The API with its numbers.
    """
    given = api.spec.throttle
    if given is None:
        return
    region = api.system.region if api.system is not None else None
    rate, burst = api_gateway.account_limits(region)
    for field, value, quota in (("rate", given.rate, rate), ("burst", given.burst or 0, burst)):
        if value > quota:
            yield Finding(
                "API886",
                f"`{field}` is more than an account lets through",
                ("throttle", field),
                note=f"{number(value)}, where a new account has {number(quota)} for all of its APIs together",
                help="ask AWS for a higher quota before you deploy, or set it to what the account has",
                edits=(Edit(("throttle", field), int(quota)),),
            )

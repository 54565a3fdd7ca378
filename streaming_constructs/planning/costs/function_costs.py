"""What functions of a system cost: how often they are invoked is reckoned, how long they run is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import lambda_function
from streaming_constructs.planning.costs.charge import Charge, unknown
from streaming_constructs.planning.numbers import number

if TYPE_CHECKING:
    from streaming_constructs.spec.function import FunctionSpec

_SHOWN_SECONDS = 0.1
"""The duration that a price is told of, as nothing says how long a function runs."""


def function_costs(function: FunctionSpec, invocations: float, working: str) -> Iterator[Charge]:
    """The charges of a function.

    Args:
        function: The function.
        invocations: How often it is invoked in the month.
        working: How that came about.
    """
    yield lambda_function.requests(invocations, working)
    if function.function_arn is not None:
        yield unknown("duration", "neither the memory of the existing function nor how long it runs is known")
        return
    _, duration = lambda_function.invoked(invocations, function.memory_mb, function.architecture, _SHOWN_SECONDS)
    shown = replace(duration, working=f"each {number(_SHOWN_SECONDS * 1000)} ms with {function.memory_mb:,} MB")
    yield unknown("duration", "how long it runs is not known", shown)

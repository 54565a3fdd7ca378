"""A line of a bill for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming_constructs.planning.costs.cost_line import CostLine


def cost_line_object(line: CostLine) -> dict[str, Any]:
    """A line as plain data.

    Args:
        line: The line.
    """
    return {
        "what": line.what,
        "usd": None if line.usd is None else round(line.usd, 4),
        "quantity": line.quantity,
        "unit": line.unit,
        "basis": line.basis,
        "working": line.working,
        "confidence": line.confidence,
        "factor": line.factor,
        "source": line.source,
        "copied": line.copied,
    }

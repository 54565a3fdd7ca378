"""What a change does to the bill of a month, in words: one line for all of it, and one for each resource."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.costs.monthly_change import ChargeChange, MonthlyChange

MOST = 10
"""How many resources are named."""
BESIDE = "what flows is charged beside that, and stands in no template"


def change_head(change: MonthlyChange) -> str:
    """All of it in a line; empty where nothing is charged otherwise.

    Args:
        change: The change.
    """
    if change.known:
        return (
            f"{signed(change.usd)} USD a month for what is there, by AWS's list in {change.region}; "
            + (f"{len(change.unknown)} not known; " if change.unknown else "")
            + BESIDE
        )
    if change.unknown:
        return f"what is there is charged otherwise, by how much no template says; {BESIDE}"
    return ""


def change_lines(change: MonthlyChange) -> Iterator[str]:
    """A line for each resource, the dearest first.

    Args:
        change: The change.
    """
    for one in change.changes[:MOST]:
        yield f"{_named(one)} {_described(one)}"
    if len(change.changes) > MOST:
        yield f"… and {len(change.changes) - MOST:,} more"
    for name, usd in change.retained[:MOST]:
        yield f"{name} stays in the account, and is charged further: {usd:,.2f} USD"


def signed(usd: float) -> str:
    """Dollars with their sign.

    Args:
        usd: The dollars.
    """
    return f"{'-' if round(usd, 2) < 0 else '+'}{abs(usd):,.2f}"


def _named(change: ChargeChange) -> str:
    return f"{change.stack}: {change.logical_id}" if change.stack else change.logical_id


def _described(change: ChargeChange) -> str:
    if change.usd is None:
        return f"{change.what}: {change.missing}"
    old, new = (line.working if line is not None else "none" for line in (change.old, change.new))
    return f"{change.what} {signed(change.usd)} USD: {old} → {new}"

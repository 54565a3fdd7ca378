"""The concurrency that all functions of a system ask of their account together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from streaming_constructs.facts import event_source
from streaming_constructs.planning.node import NodePlan
from streaming_constructs.spec.finding import Finding, SpecPath


class _Demand(NamedTuple):
    """What one function may keep busy, and what is reserved for it; None where that is unknown, or nothing is."""

    name: str
    path: SpecPath
    needed: int | None
    reserved: int | None


def concurrency_findings(sections: Mapping[str, Mapping[str, NodePlan]]) -> Iterator[Finding]:
    """What the functions of a system ask for together, and an account does not start with.

    Args:
        sections: The nodes with their numbers, by section and name.
    """
    demands = list(_demands(sections))
    quota, kept = int(event_source.ACCOUNT_CONCURRENCY.value), int(event_source.UNRESERVED_CONCURRENCY.value)
    reserved = [demand for demand in demands if demand.reserved]
    total = sum(demand.reserved or 0 for demand in reserved)
    if total > quota - kept:
        largest = max(reserved, key=lambda demand: demand.reserved or 0)
        yield Finding(
            "LAM528",
            "more reserved concurrency than an account starts with",
            (*largest.path, "reserved_concurrency"),
            note=f"{_sum((demand.name, demand.reserved or 0) for demand in reserved)}; an account starts with {quota:,}, of "
            f"which {kept} stay for functions without a reservation",
            help="reserve less, or ask AWS for a higher limit before you deploy",
        )
    free = [demand for demand in demands if not demand.reserved and demand.needed]
    needed = sum(demand.needed or 0 for demand in free)
    # One that asks for more than all is told by itself.
    if needed > quota - total and total <= quota - kept and max(demand.needed or 0 for demand in free) <= quota:
        largest = max(free, key=lambda demand: demand.needed or 0)
        left = f"{quota:,}, of which {total:,} are reserved and {quota - total:,} left," if total else f"{quota:,}"
        yield Finding(
            "LAM516",
            "more concurrency than an account starts with",
            largest.path,
            note=f"{_sum((demand.name, demand.needed or 0) for demand in free)} batches at once; an account starts with {left} "
            "for all its functions",
            help="ask AWS for a higher limit before you deploy, or lower `parallelization_factor`",
        )


def asked_concurrency(sections: Mapping[str, Mapping[str, NodePlan]]) -> int:
    """The concurrent executions that the functions of a system reserve, or keep busy, as far as that is known.

    Args:
        sections: The nodes with their numbers, by section and name.
    """
    return sum(demand.reserved or demand.needed or 0 for demand in _demands(sections))


def _demands(sections: Mapping[str, Mapping[str, NodePlan]]) -> Iterator[_Demand]:
    for section, nodes in sections.items():
        for name, node in nodes.items():
            for path, function in node.spec.functions():
                needed: int | None = getattr(node, "concurrency", None)
                yield _Demand(name, (section, name, *path), needed, function.reserved_concurrency)


def _sum(terms: Iterator[tuple[str, int]]) -> str:
    listed = list(terms)
    total = sum(number for _, number in listed)
    parts = " + ".join(f"{number:,} of {name}" for name, number in listed)
    return f"{parts} = {total:,}" if len(listed) > 1 else parts

"""What a change of templates does to the bill of a month, as far as templates say: what is charged for being there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from streaming_constructs.facts.prices.price import UnknownRegionError
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.costs.cost_line import CostLine, cost_lines
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.costs.charged_by_use import charged_by_use
from streaming_constructs.review.costs.resource_charges import charges_of
from streaming_constructs.review.stacks_review import Report

_STAYS = frozenset({"Retain", "RetainExceptOnCreate"})
_CENT = 0.005


@dataclass(frozen=True, slots=True)
class ChargeChange:
    """What is charged for a resource before and after.

    Attributes:
        stack: The name of its stack; empty where there is but one.
        logical_id: Its logical id.
        what: What it is for, such as `shards`.
        old: What it was; None where nothing was charged.
        new: What it will be; None where nothing is.
    """

    stack: str
    logical_id: str
    what: str
    old: CostLine | None
    new: CostLine | None

    @property
    def usd(self) -> float | None:
        """How many dollars more it is; None where one of both is not known."""
        found = [line.usd if line is not None else 0.0 for line in (self.old, self.new)]
        before, after = found
        return None if before is None or after is None else after - before

    @property
    def missing(self) -> str:
        """What is not known of it."""
        return next((line.working for line in (self.new, self.old) if line is not None and line.usd is None), "")


@dataclass(frozen=True)
class MonthlyChange:
    """What a change does to the bill of a month.

    Attributes:
        region: Whose prices these are.
        changes: What is charged otherwise, the dearest first.
        retained: Resources that leave their stack, stay in the account, and are charged further: their dollars, by logical id.
    """

    region: str
    changes: tuple[ChargeChange, ...]
    retained: tuple[tuple[str, float], ...] = ()

    @cached_property
    def usd(self) -> float:
        """How many dollars more it is, without what is not known."""
        return sum(change.usd or 0.0 for change in self.changes)

    @property
    def known(self) -> tuple[ChargeChange, ...]:
        """What is known in dollars."""
        return tuple(change for change in self.changes if change.usd is not None)

    @property
    def unknown(self) -> tuple[ChargeChange, ...]:
        """What is charged otherwise, by how much is not known."""
        return tuple(change for change in self.changes if change.usd is None)

    def as_object(self) -> dict[str, object]:
        """The change as plain data."""
        return {
            "region": self.region,
            "usd": round(self.usd, 2),
            "changes": [
                {
                    "stack": change.stack,
                    "logical_id": change.logical_id,
                    "what": change.what,
                    "old": change.old.working if change.old is not None else None,
                    "new": change.new.working if change.new is not None else None,
                    "usd": None if change.usd is None else round(change.usd, 2),
                }
                for change in self.changes
            ],
            "retained": [{"logical_id": name, "usd": round(usd, 2)} for name, usd in self.retained],
        }


def monthly_change(report: Report, region: str) -> MonthlyChange:
    """What a change does to the bill of a month.

    Args:
        report: The review.
        region: Whose prices count.
    """
    changes, retained = list[ChargeChange](), list[tuple[str, float]]()
    for each in report.stacks:
        found, stays = _of_stack(each.stack.name, each.review.old, each.review.new, region)
        changes += found
        retained += stays
    changes.sort(key=lambda change: (change.usd is None, -abs(change.usd or 0.0)))
    return MonthlyChange(region, tuple(changes), tuple(retained))


def _of_stack(
    stack: str, old: Template, new: Template, region: str
) -> tuple[list[ChargeChange], list[tuple[str, float]]]:
    before, after = _lines(old, region), _lines(new, region)
    retained = [
        (key[0], line.usd or 0.0)
        for key, line in before.items()
        if key not in after and _stays(old.resources[key[0]], new)
    ]
    gone = {name for name, _ in retained}
    changes = [
        ChargeChange(stack, key[0], key[1], before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if key[0] not in gone and _differs(before.get(key), after.get(key))
    ]
    return list(_without_renamed(changes)), retained


def _stays(resource: Resource, new: Template) -> bool:
    """Whether what leaves the template stays in the account."""
    return resource.deletion_policy in _STAYS and resource.logical_id not in new.resources


def _lines(template: Template, region: str) -> dict[tuple[str, str], CostLine]:
    """What each resource is charged, by its logical id and what that is for."""
    return {
        (name, line.what): line
        for name, resource in template.resources.items()
        for charge in (*charges_of(resource, template), *charged_by_use(resource, template))
        for line in _priced(name, charge, region)
    }


def _priced(name: str, charge: Charge, region: str) -> Iterator[CostLine]:
    """A charge with its dollars; without, where its region has no such price, and none can be reckoned."""
    try:
        yield from cost_lines(name, [charge], region)
    except UnknownRegionError:
        yield CostLine(name, charge.what, None, "", None, charge.basis, f"no price of {region} is known")


def _differs(before: CostLine | None, after: CostLine | None) -> bool:
    if before is None or after is None:
        return True
    if before.usd is None or after.usd is None:
        return before.usd is not after.usd
    return abs(after.usd - before.usd) >= _CENT


def _without_renamed(changes: Iterable[ChargeChange]) -> Iterator[ChargeChange]:
    """Changes without what left under one logical id and came under another, for the same money."""
    told = list(changes)
    for change in [one for one in told if one.new is None]:
        same = (one for one in told if one.old is None and one.what == change.what and _is_equal(one.new, change.old))
        twin = next(same, None)
        if twin is not None:
            told = [one for one in told if one not in (change, twin)]
    yield from told


def _is_equal(one: CostLine | None, other: CostLine | None) -> bool:
    return one is not None and other is not None and one.usd == other.usd and one.working == other.working

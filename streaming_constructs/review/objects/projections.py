"""What other parameters of partition projection mean for the partitions that are there.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html, read 2026-11-29
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning
from streaming_constructs.review.objects.object_places import parameters

_ENABLED = "projection.enabled"
_RELATIVE = re.compile(r"NOW([+-]\d+)(\w+)")
"""A day that is counted from today, such as `NOW-3YEARS`."""
_SIZES = (".range", ".values")
"""What says which values there are."""


def projection_meanings(changed: Changed, differing: Mapping[str, Sequence[Any]]) -> Iterator[Meaning]:
    """What other parameters of projection mean.

    Args:
        changed: The parameters of the table.
        differing: Before and after of each that differs, by name.
    """
    was, is_now = (is_true(parameters(value).get(_ENABLED)) for value in (changed.old, changed.new))
    if was and not is_now:
        yield Meaning(
            "REV340",
            "partitions are computed no more: Athena reads those alone that are registered in the catalog",
            "register the partitions first (`MSCK REPAIR TABLE`, a crawler), then turn projection off",
        )
    elif is_now and not was:
        yield Meaning(
            "REV340",
            "partitions are computed from now on: those that are registered in the catalog are ignored",
            "see that the projection covers every folder that is there",
            "caution",
        )
    elif is_now:
        for name, (before, after) in differing.items():
            yield _parameter(name, before, after)
    else:
        yield Meaning("REV343", "parameters of a projection that is off are others")


def _parameter(name: str, before: Any, after: Any) -> Meaning:
    said = f"`{name}` was {shown(before)} and is {shown(after)}"
    if name.endswith(_SIZES) and _covers(before, after, is_range=name.endswith(".range")):
        return Meaning("REV341", f"{said}: more partitions are read")
    return Meaning(
        "REV340",
        f"{said}: folders that are there and that it does not compute are missing from answers",
        "let it cover what is there as well; for other folders make a second table, and read both through a view",
    )


def _covers(before: Any, after: Any, *, is_range: bool) -> bool:
    """Whether all values of before are among those of after."""
    old, new = ([part.strip() for part in str(value).split(",")] for value in (before, after))
    if not is_range:
        return isinstance(before, str) and isinstance(after, str) and {*old} <= {*new}
    if len(old) != 2 or len(new) != 2:
        return False
    return _not_after(new[0], old[0]) and _not_after(old[1], new[1])


def _not_after(first: str, second: str) -> bool:
    """Whether a bound is not after another: the same, a lesser number, or an earlier day written in the same form."""
    if first == second:
        return True
    one, other = number(first), number(second)
    if one is not None and other is not None:
        return one <= other
    relative = [_RELATIVE.fullmatch(bound) for bound in (first, second)]
    if relative[0] and relative[1] and relative[0][2] == relative[1][2]:
        return int(relative[0][1]) <= int(relative[1][1])
    is_dated = first[:4].isdecimal() and second[:4].isdecimal() and len(first) == len(second)
    return (second == "NOW" and (first[:4].isdecimal() or first.startswith("NOW-"))) or (is_dated and first < second)

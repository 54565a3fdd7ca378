"""Fields that the language does not know: another word, a slip of the pen, or one of ours in another unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from streaming_constructs.spec.amounts import measure_of
from streaming_constructs.spec.annotations import type_at
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.model import field_names
from streaming_constructs.spec.other_units import OtherUnit, in_our_unit
from streaming_constructs.spec.words import brought_word, told_in_our_unit

FILE_FIELDS = ("defaults", "environments")
"""Fields of a file that are gone when it is a system."""


def unknown_field(details: ErrorDetails, path: SpecPath, model: type[BaseModel], beside: Mapping[str, Any]) -> Finding:
    """The finding of a field that the language does not know: what it is called here, or else what there is.

    Args:
        details: What pydantic says.
        path: Where the field stands.
        model: The model that was read.
        beside: All that the part says that it stands in.
    """
    field = str(details["loc"][-1])
    owner = type_at(model, details["loc"][:-1])
    known = brought_word(field, details["input"], path[:-1], owner, beside)
    if known is not None:
        return known
    names = [*field_names(owner), *(FILE_FIELDS if owner is model and "streams" in field_names(owner) else ())]
    other = _mistyped_in_another_unit(field, details["input"], owner)
    if other is not None:
        return told_in_our_unit(field, path[:-1], other)
    names = [name for name in names if not _measures_something_else(field, name)]
    close = nearest(field, names)
    edits = (Edit(path), Edit((*path[:-1], close), details["input"])) if close else ()
    return Finding("LNG201", f"unknown field `{field}`", path, help=did_you_mean(field, names), edits=edits)


def _mistyped_in_another_unit(field: str, value: Any, owner: Any) -> OtherUnit | None:
    """`retension_minutes`: a slip of the pen in what stands before the unit, which is another one than ours."""
    measure = measure_of(field)
    if measure is None:
        return None
    measures = {name: own for name in field_names(owner) if (own := measure_of(name)) is not None}
    alike = {own.stem for own in measures.values() if own.quantity == measure.quantity}
    stem = nearest(measure.stem, alike)
    candidates = [name for name, own in measures.items() if (own.stem, own.quantity) == (stem, measure.quantity)]
    if any(measures[name].size == measure.size for name in candidates):
        return None  # the unit is right
    return in_our_unit(field, value, owner, candidates)


def _measures_something_else(field: str, name: str) -> bool:
    """Whether both names end in a unit, of two quantities or of two sizes: a number means something else there."""
    was, ours = measure_of(field), measure_of(name)
    return was is not None and ours is not None and (was.quantity, was.size) != (ours.quantity, ours.size)

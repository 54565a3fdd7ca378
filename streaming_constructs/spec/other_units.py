"""Fields of ours that are said in another unit, such as `retention_minutes`: which field that is, and what it says then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from streaming_constructs.spec.amounts import Measure, amount_in_unit_of, measure_of, plain_number
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.model import field_names

_DECIMALS = 10**6
"""A number that has no end is rounded up to so much of one: nothing is kept shorter than was asked for."""


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """What a field in another unit is called here.

    Attributes:
        field: Our field.
        value: What it says: the same amount in its unit, if it takes that.
        help: The change to make.
        is_exact: Whether the value is the amount, and not the next whole number above it, or an example.
    """

    field: str
    value: int | float
    help: str
    is_exact: bool = True


def in_our_unit(
    field: str, value: Any, owner: type[BaseModel], candidates: Sequence[str] | None = None
) -> OtherUnit | None:
    """Our field for one whose name has another unit, with the amount in that of ours; None where there is no such field.

    Of several fields, such as `retention_hours` and `retention_days`, it is one that takes the amount, in the nearest unit.

    Args:
        field: What was written, in small letters with `_`.
        value: What it says.
        owner: The model of the place.
        candidates: The fields of it that it may be. Left out: those of the same name but for the unit.
    """
    measure = measure_of(field)
    if measure is None:
        return None
    names = field_names(owner) if candidates is None else candidates
    ours = [
        (name, own)
        for name in names
        if name != field
        and (own := measure_of(name)) is not None
        and own.quantity == measure.quantity
        and (candidates is not None or own.stem == measure.stem)
    ]
    ours.sort(key=lambda pair: abs(math.log(pair[1].size / measure.size)))
    amount = _amount(field, value)
    if not ours:
        return None
    if amount is None:
        name, own = ours[0]
        return OtherUnit(name, 1, f"write `{name}`, in {own.unit}", is_exact=False)
    for name, own in ours:
        exact = _in_decimals(amount * measure.size / own.size)
        if takes(owner, name, exact):
            return OtherUnit(name, exact, f"write `{name}: {in_yaml(exact)}`")
    return _nearest_above(amount, measure, ours, owner)


def amount_as(field: str, value: Any, other: str) -> int | float | None:
    """What one field says in the unit of another; None where their names differ in more than the unit.

    Args:
        field: What was written, in small letters with `_`.
        value: What it says.
        other: The name with the other unit.
    """
    measure, own = measure_of(field), measure_of(other)
    if measure is None or own is None or (own.stem, own.quantity) != (measure.stem, measure.quantity):
        return None
    amount = _amount(field, value)
    return None if amount is None else _in_decimals(amount * measure.size / own.size)


def _nearest_above(
    amount: Fraction, measure: Measure, ours: Sequence[tuple[str, Measure]], owner: type[BaseModel]
) -> OtherUnit:
    """The next whole number that a field takes; else which unit it has."""
    given = f"{plain_number(amount):,} {measure.unit}"
    for name, own in ours:
        exact = amount * measure.size / own.size
        whole = math.ceil(exact)
        if takes(owner, name, whole):
            why = f"{given} are {_in_decimals(exact):,} {own.unit}, and it takes whole ones"
            return OtherUnit(name, whole, f"write `{name}: {whole}`: {why}", is_exact=False)
    name, own = ours[0]
    told = f"{_in_decimals(amount * measure.size / own.size):,} {own.unit}"
    return OtherUnit(
        name, 1, f"write `{name}`, in {own.unit}: {given} are {told}, which it does not take", is_exact=False
    )


def _amount(field: str, value: Any) -> Fraction | None:
    """The amount in the unit that the field's name has, also of a text such as `90` or `90m`."""
    if isinstance(value, str):
        text = value.strip()
        value = amount_in_unit_of(field, text) if not text.isdecimal() else int(text)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return Fraction(str(value))


def _in_decimals(amount: Fraction) -> int | float:
    return plain_number(Fraction(math.ceil(amount * _DECIMALS), _DECIMALS))


def takes(owner: type[BaseModel], name: str, value: Any) -> bool:
    """Whether a field takes a value.

    Args:
        owner: The model that has the field.
        name: The field, as a file calls it.
        value: The value.
    """
    for own, field in owner.model_fields.items():
        if name == (field.validation_alias or own):
            place: Any = Annotated[field.annotation, field]
            try:
                TypeAdapter(place).validate_python(value)
            except ValidationError:
                return False
            return True
    return False

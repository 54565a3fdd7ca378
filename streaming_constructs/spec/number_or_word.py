"""Fields that are a number or a word, such as `retention_days`: a value that is neither is told once, with both."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from streaming_constructs.spec.annotations import literals_of_type, type_at
from streaming_constructs.spec.finding import Edit, SpecPath
from streaming_constructs.spec.other_units import in_our_unit


def told_as_numbers(errors: Iterable[ErrorDetails]) -> list[ErrorDetails]:
    """What pydantic refused, without what it says of the word where it says the same of the number.

    Args:
        errors: Its errors.
    """
    found = list(errors)
    numbers = {error["loc"][:-1] for error in found if _is_of_number(error)}
    return [error for error in found if error["type"] != "literal_error" or error["loc"][:-1] not in numbers]


def _is_of_number(error: ErrorDetails) -> bool:
    """Whether an error is about the number of such a union: its member stands behind the field."""
    member = str(error["loc"][-1:] and error["loc"][-1])
    return member in {"int", "float"} or member.startswith(("constrained-", "function-"))


def or_a_word(details: ErrorDetails, model: type[BaseModel]) -> str:
    """The words that may stand in place of a number, as they follow on "write …"; empty where there are none.

    Args:
        details: What pydantic says.
        model: The model that was read.
    """
    if not _is_of_number(details):
        return ""
    union = type_at(model, details["loc"][:-1])
    members = get_args(union) if get_origin(union) in (Union, types.UnionType) else ()
    return "".join(f", or `{word}`" for member in members for word in literals_of_type(member))


def in_a_finer_unit(
    details: ErrorDetails, path: SpecPath, model: type[BaseModel]
) -> tuple[str, tuple[Edit, ...]] | None:
    """Half a day where whole ones are asked for: the help and the edits that say it in hours; None where nothing does.

    Args:
        details: What pydantic says.
        path: Where the field stands.
        model: The model that was read.
    """
    field, loc = path[-1] if path else "", details["loc"]
    if not isinstance(field, str) or field not in loc:
        return None
    owner = type_at(model, loc[: len(loc) - 1 - loc[::-1].index(field)])
    other = in_our_unit(field, details["input"], owner)
    if other is None or not other.is_exact:
        return None
    return other.help, (Edit(path), Edit((*path[:-1], other.field), other.value))

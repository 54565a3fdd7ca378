"""A moment as the place where reading begins."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from streaming_constructs.spec.model import SpecModel


def _written_out(value: Any) -> Any:
    # Pydantic would read a number, such as 20260115, as seconds since 1970.
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise PydanticCustomError("datetime_parsing", "not a moment")


class AtTimestamp(SpecModel):
    """Start with the first record at or after a moment."""

    at_timestamp: Annotated[AwareDatetime, BeforeValidator(_written_out)] = Field(
        description="A moment with its time zone, such as 2026-01-15T00:00:00Z."
    )


def position_kind(value: Any) -> str:
    """Whether a position is a moment, or a word: the tag of a union of both.

    Args:
        value: What the field says.
    """
    return "timestamp" if isinstance(value, (dict, AtTimestamp)) else "position"

"""How an archive is divided into folders: by time of arrival, by a time in the record, or by a value in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.model import SpecModel, form, listed_once

Granularity = Literal["month", "day", "hour"]
ARRIVAL = "arrival"
"""The word for the time at which Firehose received the first record of an object."""

GRANULARITIES = ("month", "day", "hour")


def _of_arrival(text: Any) -> Any:
    """A bare length of time is that of the arrival; spaces inside the brackets say nothing."""
    if not isinstance(text, str):
        return text
    compact = "".join(text.split())
    return f"{compact}({ARRIVAL})" if compact in GRANULARITIES else compact


PartitionExpression = Annotated[
    str,
    BeforeValidator(_of_arrival),
    form(
        r"^([A-Za-z_][A-Za-z0-9_]*|(month|day|hour)\([A-Za-z_][A-Za-z0-9_]*\))$",
        "a field such as country, or a time such as day(arrival) or hour(event_time)",
        max_length=200,
    ),
]
PartitionValue = Annotated[str, form(r"^[A-Za-z0-9_.-]{1,64}$", "a value of letters, digits and _.-")]
OTHER = "other"
"""The folder of records whose value is not one of those that were listed."""


class Partition(SpecModel):
    """One level of the folders that an archive is divided into."""

    by: PartitionExpression = Field(
        description="What decides: day(arrival) (or month, hour; a bare day is the same), a timestamp of the record such as "
        "day(event_time), or a field such as country."
    )
    values: tuple[PartitionValue, ...] = Field(
        default=(),
        max_length=1000,
        description="The values that the field has; others share the folder `other`. With them a query needs no condition on "
        "the partition. Left out: any value has its folder, and a query has to name the values that it wants.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "values")
        if self.values and self.granularity is not None:
            yield Finding(
                "LNG404",
                "`values` has no effect here",
                ("values",),
                note="the folders of a time follow from the time",
                help=f"take it out, or partition by the field: `by: {self.field}`",
            )
        if OTHER in self.values:
            yield Finding(
                "LNG206",
                f"`{OTHER}` is the folder of values that are not listed",
                ("values", self.values.index(OTHER)),
                help="take it out",
            )

    @property
    def field(self) -> str:
        """The field that decides, or `arrival`."""
        return self.by.partition("(")[2].rstrip(")") if self.granularity else self.by

    @property
    def granularity(self) -> Granularity | None:
        """The length of time that shares a folder; None for a value."""
        return cast("Granularity", self.by.partition("(")[0]) if "(" in self.by else None

    @property
    def is_arrival(self) -> bool:
        """Whether it is the time of arrival, which Firehose knows without looking into the record."""
        return self.granularity is not None and self.field == ARRIVAL

    @property
    def column(self) -> str:
        """The column that a query names: `arrival_day`, `event_time_hour`, `by_country`."""
        return f"{self.field}_{self.granularity}".lower() if self.granularity else f"by_{self.field}".lower()


def _expanded(value: Any) -> Any:
    return {"by": value} if isinstance(value, str) else value


PartitionBy = Annotated[Partition, BeforeValidator(_expanded, json_schema_input_type=PartitionExpression | Partition)]

_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def _in_the_calendar(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("string_pattern_mismatch", "no day", {"pattern": _DAY}) from None
    return text


FirstDay = Annotated[str, form(_DAY, "a day in quotes, such as '2026-01-15'"), AfterValidator(_in_the_calendar)]

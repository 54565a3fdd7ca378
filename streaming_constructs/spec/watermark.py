"""The watermark of a stream: which field is the time of a record, and how late records may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean
from streaming_constructs.spec.model import Number, SpecModel
from streaming_constructs.spec.schemas import FieldName, RecordSchema


class Watermark(SpecModel):
    """Event time: windows end by the times that records carry, and wait for those that come late."""

    example: ClassVar = {"field": "event_time", "delay_seconds": 5}

    field: FieldName = Field(description="The field of the record's own time; a timestamp in its schema.")
    delay_seconds: Annotated[Number, Field(ge=0, le=86_400)] = Field(
        description="How late a record may be, in seconds, 0 to 86400: a window waits that long, and drops what comes later."
    )


def watermark_findings(
    watermark: Watermark | None, schema: RecordSchema | None, stream: str, path: SpecPath = ("watermark", "field")
) -> Iterator[Finding]:
    """What is wrong with the watermark of a stream.

    Args:
        watermark: The watermark, if there is one.
        schema: The schema of the records; None where nothing says what they are.
        stream: The name of the stream.
        path: Where the field is said.
    """
    if watermark is None:
        return
    if schema is None:
        yield Finding(
            "FLK238",
            "a watermark of records of which nothing says what they are",
            path,
            note=f"`{stream}` has no `schema`",
            help=f"add one with `{watermark.field}: timestamp`",
        )
    elif watermark.field not in schema or schema[watermark.field].type != "timestamp":
        yield no_time(watermark.field, schema, stream, path)


def no_time(field: str, schema: RecordSchema, stream: str, path: SpecPath) -> Finding:
    """The finding of a field that is named as the time of records, and is none.

    Args:
        field: The field.
        schema: The schema of the records.
        stream: The name of the stream.
        path: Where it is named.
    """
    times = [name for name, column in schema.items() if column.type == "timestamp"]
    named = f"name a `timestamp` of the schema: {', '.join(f'`{name}`' for name in times)}"
    if field in schema:
        message, note = f"`{field}` is no time", f"in the schema of `{stream}` it is a `{schema[field].type}`"
        otherwise = (
            f"write `{field}: timestamp`, or `{field}: {{type: timestamp, timestamp_format: epoch_millis}}` of a number"
        )
    else:
        message = f"the records have no field `{field}`"
        note = f"the schema of `{stream}` has {', '.join(f'`{name}`' for name in schema)}"
        otherwise = did_you_mean(field, schema) or f"add `{field}: timestamp` to the schema"
    edits = (Edit(path, times[0]),) if len(times) == 1 and path[-1:] == ("field",) else ()
    return Finding("FLK238", message, path, note=note, help=named if times else otherwise, edits=edits)

"""The watermark of a stream: which field is the time of a record, and how late records may be."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from streaming_constructs.spec.model import Number, SpecModel
from streaming_constructs.spec.schemas import FieldName


class Watermark(SpecModel):
    """Event time: windows end by the times that records carry, and wait for those that come late."""

    example: ClassVar = {"field": "event_time", "delay_seconds": 5}

    field: FieldName = Field(description="The field of the record's own time; a timestamp in its schema.")
    delay_seconds: Annotated[Number, Field(ge=0, le=86_400)] = Field(
        description="How late a record may be, in seconds, 0 to 86400: a window waits that long, and drops what comes later."
    )

"""The workload of a stream: the records per second and their size, from which its capacity is derived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Number, SpecModel


class Workload(SpecModel):
    """Records per second and their size."""

    example: ClassVar = {"records_per_second": 1000, "record_kb": 1}

    records_per_second: Number = Field(gt=0, le=1e9, description="Records written per second, on average.")
    record_kb: Number | None = Field(
        default=None,
        gt=0,
        le=10_240,
        description="Size of one record with its partition key, in KB of 1,024 bytes, on average. Left out: give "
        "`record_bytes`.",
    )
    record_bytes: Number | None = Field(
        default=None,
        gt=0,
        le=10_485_760,
        description="The same size in bytes. Left out: give `record_kb`.",
    )
    peak_factor: Number = Field(
        default=1.0,
        ge=1,
        le=1000,
        description="How many times the average the busiest minute is. Left out: 1, the numbers are the peak already.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.record_kb is None and self.record_bytes is None:
            yield Finding(
                "LNG202",
                "the size of a record is missing",
                help="add `record_kb: 1`, or `record_bytes: 1024`",
                edits=(Edit(("record_kb",), 1),),
            )
        if self.record_kb is not None and self.record_bytes is not None:
            yield Finding(
                "LNG404",
                "`record_bytes` has no effect beside `record_kb`",
                ("record_bytes",),
                note="both say how large a record is",
                help="take one of them out",
                edits=(Edit(("record_bytes",)),),
            )

    @property
    def kb(self) -> float:
        """The size of one record, in KB of 1,024 bytes."""
        if self.record_kb is not None:
            return self.record_kb
        assert self.record_bytes is not None
        return self.record_bytes / 1024

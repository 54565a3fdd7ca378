"""What flows through a stream: the numbers that capacity is derived from."""

from __future__ import annotations

from pydantic import Field

from streaming_constructs.spec.model import Number, SpecModel


class Workload(SpecModel):
    """Records per second and their size."""

    records_per_second: Number = Field(gt=0, le=1e9, description="Records written per second, on average.")
    record_kb: Number = Field(
        gt=0, le=10_240, description="Size of one record with its partition key, in KiB, on average."
    )
    peak_factor: Number = Field(
        default=1.0,
        ge=1,
        le=1000,
        description="How many times the average the busiest minute is. Left out: 1, the numbers are the peak already.",
    )

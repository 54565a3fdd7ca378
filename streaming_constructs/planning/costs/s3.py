"""What Amazon S3 costs, class Standard."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.prices import s3 as prices
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.numbers import number


def bucket(stored_gb: float, puts: float, gets: float = 0.0, *, why: str = "") -> Iterator[Charge]:
    """The charges of a bucket.

    Args:
        stored_gb: What it holds.
        puts: Objects that are written in the month.
        gets: Objects that are read.
        why: How what it holds came about. Left out: it is said in GB alone.
    """
    if stored_gb:
        yield Charge("stored in S3", prices.STORAGE, stored_gb, "usage", why or f"{number(stored_gb)} GB")
    if puts:
        yield Charge("objects written to S3", prices.PUT, puts, "usage", f"{number(puts)} objects")
    if gets:
        yield Charge("objects read from S3", prices.GET, gets, "usage", f"{number(gets)} objects")

"""What Firehose takes of producers that put records into it, before AWS raises that: more in some regions."""

from __future__ import annotations

from streaming_constructs.facts import firehose
from streaming_constructs.facts.fact import Fact


def direct_put_quota(region: str | None) -> tuple[Fact, Fact]:
    """The quotas of a delivery stream in a region: MiB/s, and records/s.

    Args:
        region: The region; None where nothing says it.
    """
    if region in firehose.LARGE_REGIONS:
        return firehose.DIRECT_PUT_MIB_PER_SECOND_LARGE_REGIONS, firehose.DIRECT_PUT_RECORDS_PER_SECOND_LARGE_REGIONS
    return firehose.DIRECT_PUT_MIB_PER_SECOND, firehose.DIRECT_PUT_RECORDS_PER_SECOND

"""The quotas of an account for streams of Kinesis, which differ by region."""

from __future__ import annotations

from streaming_constructs.facts import kinesis
from streaming_constructs.facts.fact import Fact


def is_large(region: str | None) -> bool:
    """Whether a region is one of those with the greater quotas; one that nobody told is none of them.

    Args:
        region: The region; None where nothing says it.
    """
    return region in kinesis.LARGE_REGIONS


def shards_quota(region: str | None) -> Fact:
    """How many shards an account has in a region before AWS raises that.

    Args:
        region: The region; None where nothing says it.
    """
    return kinesis.SHARDS_LARGE_REGIONS_QUOTA if is_large(region) else kinesis.SHARDS_LEAST_QUOTA


def on_demand_quota(region: str | None) -> Fact:
    """How much a stream on demand takes in a region before AWS raises that.

    Args:
        region: The region; None where nothing says it.
    """
    if is_large(region):
        return kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_LARGE_REGIONS
    return kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_MOST_REGIONS

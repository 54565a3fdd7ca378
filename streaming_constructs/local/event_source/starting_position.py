"""`StartingPosition` of an event source mapping: TRIM_HORIZON, LATEST and AT_TIMESTAMP as positions in a shard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard


def starting_position(shard: EmbeddedShard, properties: Mapping[str, Any]) -> int:
    """Where a mapping begins in a shard that is there when the mapping is created.

    Args:
        shard: The shard.
        properties: The properties of the mapping.

    Returns:
        The sequence number behind which it begins.
    """
    match properties.get("StartingPosition", "LATEST"):
        case "TRIM_HORIZON":
            return shard.log.starting_sequence_number
        case "AT_TIMESTAMP":
            return shard.log.after_timestamp(moment_of(properties["StartingPositionTimestamp"]))
        case _:
            return shard.log.last_sequence_number


def moment_of(timestamp: Any) -> float:
    """A `StartingPositionTimestamp`, in seconds since 1970.

    Args:
        timestamp: The moment, or its seconds as a number or as text.
    """
    return timestamp.timestamp() if isinstance(timestamp, datetime) else float(timestamp)

"""Where a delivery begins to read a topic, in the words of Firehose."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from streaming_constructs.facts import firehose
from streaming_constructs.spec.starting_position import AtTimestamp

if TYPE_CHECKING:
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec


def read_from(spec: DeliverySpec) -> str | None:
    """`ReadFromTimestamp`; None to begin when the delivery is active.

    Args:
        spec: The delivery.
    """
    position = spec.starting_position or "earliest"
    if isinstance(position, AtTimestamp):
        return position.at_timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return firehose.MSK_EARLIEST if position == "earliest" else None

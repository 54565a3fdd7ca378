"""A record of a Kinesis stream."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a stream.

    Attributes:
        shard_id: The shard that it is in, such as `shardId-000000000000`.
        sequence_number: Its number: greater than that of every record before it in the shard. AWS writes it as a string of
            digits; here it is a number, so that two can be compared.
        partition_key: The key that it was put with.
        data: Its bytes, not encoded.
        arrival: When it came in, in seconds since 1970; AWS calls it ApproximateArrivalTimestamp.
    """

    shard_id: str
    sequence_number: int
    partition_key: str
    data: bytes
    arrival: float

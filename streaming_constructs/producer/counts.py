"""What a producer did so far, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """Records are those that were put, not those of the stream, of which an aggregated one holds many.

    At every moment `accepted` is `delivered` + `failed` + `buffered_records`.

    Attributes:
        accepted: Records that were accepted.
        delivered: Records that the stream has.
        failed: Records that were given up; each was told to `on_failure` and to its receipt.
        refused: How often the stream refused a record for the moment; nothing was stored.
        unanswered: How often a record was sent and nobody said what became of it: it may be stored, and once more by the
            next attempt. The stream has no more duplicates than these.
        requests: Calls of PutRecords.
        delivered_bytes: Bytes of what was delivered, with partition keys.
        buffered_records: Records that wait or are on their way.
        buffered_bytes: Their bytes.
    """

    accepted: int = 0
    delivered: int = 0
    failed: int = 0
    refused: int = 0
    unanswered: int = 0
    requests: int = 0
    delivered_bytes: int = 0
    buffered_records: int = 0
    buffered_bytes: int = 0

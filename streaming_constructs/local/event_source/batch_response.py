"""The response of a function to a batch: which of its records succeeded, by `ReportBatchItemFailures`.

"Lambda treats a batch as a complete success" for a response that is null or empty, and for `batchItemFailures` that are null or
empty; "as a complete failure" for an `itemIdentifier` that is empty, null or "with a bad key name". A member other than
`batchItemFailures` is none that Lambda knows, so a response with that one alone is a success, however it is spelt.
Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html

Recordings of AWS that users have published agree, and show `[]` to be an empty response; that `""` is one too is read out of
the same words. A response of any other kind, a list of failures that is none, and an identifier of no record in the batch are
complete failures: the last is recorded, the others are a reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeResponse
from streaming_constructs.local.kinesis.record import Record

_FAILURES = "batchItemFailures"
_IDENTIFIER = "itemIdentifier"
_REPORT = "ReportBatchItemFailures"


def named_failures(response: InvokeResponse, mapping: EventSourceMapping) -> Sequence[object] | None:
    """What a response names as failed, whatever a batch is of.

    Args:
        response: What came of the invocation.
        mapping: The settings.

    Returns:
        The identifier of each failure, None where one names nothing; empty where nothing failed. None: the batch is a complete
        failure.
    """
    payload = response.payload
    if response.error_type:
        return None
    if not mapping.report_batch_item_failures or payload in (None, "", []):
        return ()
    failures = payload.get(_FAILURES) if isinstance(payload, dict) else ""
    if failures is None or failures == []:
        return ()
    if not isinstance(failures, list):
        return None
    return [failure.get(_IDENTIFIER) if isinstance(failure, dict) else None for failure in failures]


def handled_count(
    response: InvokeResponse, records: Sequence[Record], mapping: EventSourceMapping, *, has_window: bool
) -> int | None:
    """How many records at the front of a batch succeeded.

    Args:
        response: What came of the invocation.
        records: The records that were in it.
        mapping: The settings.
        has_window: Whether they are in a tumbling window, whose state has to be returned.

    Returns:
        The number. None: the batch is a complete failure.
    """
    payload = response.payload
    if has_window and not (isinstance(payload, dict) and "state" in payload):
        return None  # "Lambda considers this a failed invocation": services-kinesis-windows.html
    named = named_failures(response, mapping)
    if not named:
        return None if named is None else len(records)
    positions = {str(record.sequence_number): position for position, record in enumerate(records)}
    known = [positions[identifier] for identifier in named if isinstance(identifier, str) and identifier in positions]
    return min(known) if len(known) == len(named) else None

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

import re
from collections.abc import Sequence

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeResponse
from streaming_constructs.local.kinesis.record import Record

_FAILURES = "batchItemFailures"
_IDENTIFIER = "itemIdentifier"
_REPORT = "ReportBatchItemFailures"


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
    if response.error_type:
        return None
    if has_window and not (isinstance(payload, dict) and "state" in payload):
        return None  # "Lambda considers this a failed invocation": services-kinesis-windows.html
    if not mapping.report_batch_item_failures or payload in (None, "", []):
        return len(records)
    failures = payload.get(_FAILURES) if isinstance(payload, dict) else ""
    if failures is None or failures == []:
        return len(records)
    if not isinstance(failures, list):
        return None
    positions = {str(record.sequence_number): position for position, record in enumerate(records)}
    named = [failure.get(_IDENTIFIER) if isinstance(failure, dict) else None for failure in failures]
    known = [positions[identifier] for identifier in named if isinstance(identifier, str) and identifier in positions]
    return min(known) if len(known) == len(named) else None


def response_hint(response: InvokeResponse, mapping: EventSourceMapping) -> str:
    """What somebody who wrote a response has probably overlooked; empty if there is nothing.

    Args:
        response: What came of the invocation.
        mapping: The settings.
    """
    payload = response.payload
    if not isinstance(payload, dict):
        return ""
    failures = payload.get(_FAILURES)
    if failures and not mapping.report_batch_item_failures:
        return (
            f"the function returned `{_FAILURES}`, and nothing asks for them: without `{_REPORT}` in FunctionResponseTypes "
            "Lambda takes the whole batch for handled"
        )
    if not mapping.report_batch_item_failures:
        return ""
    if _FAILURES not in payload:
        misspelt = next((name for name in payload if _is_meant(name, _FAILURES)), "")
        return (
            f"the function returned `{misspelt}`, which Lambda does not know: it reads `{_FAILURES}`, and takes the whole "
            "batch for handled"
            if misspelt
            else ""
        )
    if isinstance(failures, list) and any(not isinstance(one, dict) or _IDENTIFIER not in one for one in failures):
        return (
            f"the function returned a failure without `{_IDENTIFIER}`: Lambda takes the whole batch for failed, and tries all "
            "of it again"
        )
    return ""


def _is_meant(name: str, member: str) -> bool:
    """Whether a name is a member's, but for capitals, dashes and its last letter."""
    return re.sub(r"[^a-z]", "", name.lower()).rstrip("s") == member.lower().rstrip("s")

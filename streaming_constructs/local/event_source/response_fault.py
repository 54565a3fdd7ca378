"""What a function says to an event source mapping that Lambda cannot read, or does not: in words, for whoever wrote it.

`batch_processor` does what Lambda does with a response; here it is told why. Sources:
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from streaming_constructs.local.event_source.batch_processor import Invocation
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.kafka_batch_response import item_of

_FAILURES, _IDENTIFIER = "batchItemFailures", "itemIdentifier"
_WHOLE = "the whole batch counts as failed"
_NUMBER = "the text of a sequence number"
_UNREAD = (
    f"returned `{_FAILURES}`, which its mapping does not read: the records that it names count as handled; "
    "set `partial_batch_responses: true`"
)


def response_fault(invocation: Invocation, mapping: EventSourceMapping) -> str:
    """What is wrong with the response of an invocation that did not fail; empty if nothing is.

    Args:
        invocation: The invocation.
        mapping: The settings.
    """
    payload = invocation.response.payload
    if invocation.response.error_type:
        return ""
    if mapping.tumbling_window_in_seconds and not (isinstance(payload, dict) and "state" in payload):
        return f"returned no `state`, which a tumbling window needs: {_WHOLE}"
    if not isinstance(payload, dict):
        # What else is no object, and a success all the same, says nothing about records.
        is_read = mapping.report_batch_item_failures and invocation.result == "failure"
        return f"returned what is no object: {_WHOLE}" if is_read else ""
    if not mapping.report_batch_item_failures:
        return _UNREAD if payload.get(_FAILURES) else ""
    if _FAILURES not in payload:
        return _misspelt(payload)
    return _list_fault(payload[_FAILURES], invocation, mapping)


def _misspelt(payload: dict[str, Any]) -> str:
    """Lambda reads one spelling; a response without that key is a complete success."""
    for key, value in payload.items():
        if value and _letters(key).removesuffix("s") == _letters(_FAILURES).removesuffix("s"):
            return (
                f"returned `{key}`, which Lambda does not read: the records that it names count as handled; "
                f"write `{_FAILURES}`"
            )
    return ""


def _letters(key: str) -> str:
    return "".join(filter(str.isalpha, key)).lower()


def _list_fault(failures: Any, invocation: Invocation, mapping: EventSourceMapping) -> str:
    if failures is None or failures == []:
        return ""
    if not isinstance(failures, list):
        return f"returned `{_FAILURES}` that is no list: {_WHOLE}"
    records = invocation.records
    if mapping.is_kafka:
        known: Container[object] = {(record.shard_id, record.sequence_number) for record in records}
        form = 'as {"partition": "orders-0", "offset": 12}'
        return _items_fault(failures, known, item_of, form)
    if mapping.is_queue:
        ids = {getattr(record, "message_id", "") for record in records}
        return _items_fault(failures, ids, _number_of, "the `messageId` of a message")
    return _items_fault(failures, {str(record.sequence_number) for record in records}, _number_of, _NUMBER)


def _number_of(identifier: Any) -> str | None:
    return identifier if isinstance(identifier, str) and identifier else None


def _items_fault(
    failures: Sequence[Any], known: Container[object], item_of_: Callable[[Any], object | None], form: str
) -> str:
    for failure in failures:
        if not isinstance(failure, dict) or _IDENTIFIER not in failure:
            return f"returned `{_FAILURES}` with an entry that has no `{_IDENTIFIER}`: {_WHOLE}"
        item = item_of_(failure[_IDENTIFIER])
        if item is None:
            return f"returned an {_IDENTIFIER} that is not {form}: {_WHOLE}"
        if item not in known:
            return f"returned an {_IDENTIFIER} that is not in the batch: {_WHOLE}"
    return ""

"""The response of a function to a batch of an SQS queue: which of its messages failed, by `ReportBatchItemFailures`.

An `itemIdentifier` is the `messageId` of a message. A response without failures, or none at all, is a complete success; one
that Lambda cannot read a complete failure, and so is one that names an empty id or none.
Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html

An id of no message in the batch is a complete failure: a reading, as nothing of it was compared with AWS.
"""

from __future__ import annotations

from collections.abc import Sequence

from streaming_constructs.local.event_source.batch_response import named_failures
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeResponse
from streaming_constructs.local.event_source.queue_record import QueueRecord


def failed_messages(
    response: InvokeResponse, records: Sequence[QueueRecord], mapping: EventSourceMapping
) -> Sequence[QueueRecord]:
    """The messages of a batch that failed; all of them where it is a complete failure.

    Args:
        response: What came of the invocation.
        records: The messages that were in it.
        mapping: The settings.
    """
    identifiers = named_failures(response, mapping)
    if not identifiers:
        return records if identifiers is None else ()
    # What is no text names no message, and cannot be looked up.
    named = {identifier if isinstance(identifier, str) else None for identifier in identifiers}
    if not named <= {record.message_id for record in records}:
        return records
    return [record for record in records if record.message_id in named]

"""The response of a function to a batch of a Kafka topic: which of its records failed, by `ReportBatchItemFailures`.

An `itemIdentifier` is `{"partition": "orders-0", "offset": 12}`. Lambda retries "just those specific items", takes an empty or
missing list for a success, and the whole batch for failed when an identifier is of no record that was in it.
Source: https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html

So records behind one that failed, in its partition too, are done with unless they are named: a function that must keep the
order of a partition names all from the first that failed on. AWS's page says no more than that; nothing of it was compared
with AWS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from streaming_constructs.local.event_source.batch_response import named_failures
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeResponse
from streaming_constructs.local.kinesis.record import Record

Item = tuple[str, int]
"""Partition and offset of a record."""


def item_of(identifier: Any) -> Item | None:
    """The record that an identifier names; None where it names none.

    Args:
        identifier: An `itemIdentifier`.
    """
    if not isinstance(identifier, dict):
        return None
    partition, offset = identifier.get("partition"), identifier.get("offset")
    if not isinstance(partition, str) or not isinstance(offset, int) or isinstance(offset, bool):
        return None
    return partition, offset


def failed_records(
    response: InvokeResponse, records: Sequence[Record], mapping: EventSourceMapping
) -> Sequence[Record] | None:
    """The records of a batch that failed, in order.

    Args:
        response: What came of the invocation.
        records: The records that were in it.
        mapping: The settings.

    Returns:
        The records. None: the batch is a complete failure.
    """
    identifiers = named_failures(response, mapping)
    if not identifiers:
        return None if identifiers is None else ()
    named = {item_of(identifier) for identifier in identifiers}
    if not named <= {(record.shard_id, record.sequence_number) for record in records}:
        return None
    return [record for record in records if (record.shard_id, record.sequence_number) in named]

"""How many records the source of a table has, and what lies in the stream of a sink."""

from __future__ import annotations

from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kinesis.kinesis_hooks import stream_by_arn
from streaming_constructs.local.managed_flink.deployed_statements import Table
from streaming_constructs.local.shown_records import shown_data

_SAMPLE_ROWS = 3
_SAMPLE_BYTES = 65_536


def source_records(table: Table, msk: EmbeddedMsk | None) -> int | None:
    """How many records were ever put into what a table reads.

    Args:
        table: The table.
        msk: The clusters of Kafka.

    Returns:
        None, if that cannot be told.
    """
    if table.connector == "kinesis" and table.resource.count(":") > 4:
        stream = stream_by_arn(table.resource)
        return None if stream is None else sum(shard.counts.records for shard in stream.shards.values())
    if table.is_kafka and msk is not None:
        topic = next((one for one in msk.topics() if one.name == table.resource), None)
        return None if topic is None else sum(topic.log.end_offsets(topic.name).values())
    return None


def sample_rows(table: Table) -> tuple[str, ...]:
    """The latest rows of the stream that a table writes to; of other sinks none.

    Args:
        table: The table.
    """
    if table.connector != "kinesis" or table.resource.count(":") <= 4:
        return ()
    stream = stream_by_arn(table.resource)
    if stream is None:
        return ()
    records = [
        record
        for shard in stream.shards.values()
        for record in shard.log.read(shard.log.last_sequence_number - _SAMPLE_ROWS, _SAMPLE_ROWS, _SAMPLE_BYTES)
    ]
    latest = sorted(records, key=lambda record: record.arrival)[-_SAMPLE_ROWS:]
    return tuple(shown_data(record.data) for record in latest)

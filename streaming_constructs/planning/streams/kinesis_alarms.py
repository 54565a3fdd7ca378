"""The CloudWatch alarms of a Kinesis data stream, with thresholds computed from its own numbers."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import PERIOD_SECONDS, SUSTAINED_MINUTES, AlarmPlan, late_after
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.planning.streams.kinesis import StreamPlan

CAPACITY_SHARE = 0.8
"""Share of a stream's capacity at which there is still time to add some."""
AGE_MINUTES = 15
"""AWS recommends 15 of 15 for iterator age."""


def stream_alarms(stream: StreamPlan) -> Iterator[AlarmPlan]:
    """The alarms of a stream."""
    if stream.shared_readers:
        hours = stream.spec.retention
        late, why = late_after(None, stream.max_lag_seconds, hours * 3600, f"the retention of {hours:,} h")
        yield AlarmPlan(
            stream.name,
            "iterator_age",
            metrics.STREAM_ITERATOR_AGE,
            threshold=late * 1000,
            minutes=AGE_MINUTES,
            most=hours * 3_600_000 if stream.retention_is_known else None,
            title=f"A reader of the stream {stream.name} is late; records expire unread in the end",
            action="find the reader that is behind by its own iterator age alarm; raise retention_hours before records "
            "expire",
            working=why,
        )
    yield AlarmPlan(
        stream.name,
        "write_throttling",
        metrics.WRITE_THROTTLED,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"Writes to the stream {stream.name} are being throttled",
        action="look for a hot partition key in shard-level metrics; add shards, or switch to on_demand",
        working=f"any throttled record, {SUSTAINED_MINUTES} min in a row",
    )
    yield AlarmPlan(
        stream.name,
        "read_throttling",
        metrics.READ_THROTTLED,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"Reads from the stream {stream.name} are being throttled",
        action="move readers to enhanced_fan_out, or add shards: each gives 2 MiB/s and 5 reads/s to all shared readers",
        working=f"any throttled read, {SUSTAINED_MINUTES} min in a row",
    )
    yield AlarmPlan(
        stream.name,
        "put_records_failures",
        metrics.PUT_RECORDS_FAILED,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"Kinesis fails to take records into the stream {stream.name}",
        action="make sure that producers retry the failed records of each PutRecords response; check AWS Health",
        working=f"any failed record, {SUSTAINED_MINUTES} min in a row",
    )
    if stream.write_mib_per_second is not None and stream.write_records_per_second is not None:
        yield from _capacity_alarms(stream, stream.write_mib_per_second, stream.write_records_per_second)


def _capacity_alarms(stream: StreamPlan, mib: float, records: float) -> Iterator[AlarmPlan]:
    of = counted(stream.shards, "shard") if stream.shards is not None else "the on-demand capacity"
    action = (
        "add shards before writes are throttled"
        if stream.shards is not None
        else "set warm_throughput_mb_per_second, or slow the growth: on demand takes twice its last peak at once"
    )
    yield AlarmPlan(
        stream.name,
        "incoming_bytes",
        metrics.INCOMING_BYTES,
        threshold=float(exact(CAPACITY_SHARE) * exact(mib) * 1_048_576 * PERIOD_SECONDS),
        most=float(exact(mib) * 1_048_576 * PERIOD_SECONDS) if stream.shards is not None else None,
        minutes=SUSTAINED_MINUTES,
        title=f"The stream {stream.name} takes in almost as many bytes as it can",
        action=action,
        working=f"{CAPACITY_SHARE:.0%} of {number(mib)} MiB/s ({of}) x {PERIOD_SECONDS} s",
    )
    yield AlarmPlan(
        stream.name,
        "incoming_records",
        metrics.INCOMING_RECORDS,
        threshold=float(exact(CAPACITY_SHARE) * exact(records) * PERIOD_SECONDS),
        most=float(exact(records) * PERIOD_SECONDS) if stream.shards is not None else None,
        minutes=SUSTAINED_MINUTES,
        title=f"The stream {stream.name} takes in almost as many records as it can",
        action=action,
        working=f"{CAPACITY_SHARE:.0%} of {number(records)} records/s ({of}) x {PERIOD_SECONDS} s",
    )

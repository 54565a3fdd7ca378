"""Which alarms a delivery needs, with thresholds computed from its buffer, its source and what it does to records."""

from __future__ import annotations

import math
from collections.abc import Iterator

from streaming_constructs.facts import firehose, metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan, late_after
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.numbers import counted, exact, number

FRESHNESS_BUFFERS = 2
"""A record that is older than this many buffers has missed one delivery, and is about to miss the next."""
LEAST_FRESHNESS_SECONDS = 900
"""The example of AWS: below it, retries that succeed would wake somebody.

Source: https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html
"""


def delivery_alarms(delivery: DeliveryPlan) -> Iterator[AlarmPlan]:
    """The alarms of a delivery.

    Args:
        delivery: The delivery.
    """
    yield from _destination_alarms(delivery)
    yield from _source_alarms(delivery)
    yield from _processing_alarms(delivery)
    if delivery.own_key:
        yield _counted(
            delivery,
            "key_denied",
            "refused use of a key",
            metrics.DELIVERY_KEY_DENIED,
            f"The delivery {delivery.name} may not use the key that its records are encrypted with",
            f"give the delivery its permission on the key back; {_kept(delivery)}",
        )


def _destination_alarms(delivery: DeliveryPlan) -> Iterator[AlarmPlan]:
    name, facts = delivery.name, delivery.spec.to.facts
    # A function's batch is a buffer before the buffer.
    transform = delivery.spec.transform
    buffer = delivery.buffer_seconds + (transform.buffer_seconds if transform is not None else 0)
    buffers = FRESHNESS_BUFFERS * buffer
    threshold = max(buffers, LEAST_FRESHNESS_SECONDS)
    of = f"{FRESHNESS_BUFFERS} buffers of {delivery.buffer_seconds} s"
    if buffer > delivery.buffer_seconds:
        of = f"{FRESHNESS_BUFFERS} times {buffer} s, the buffer of {delivery.buffer_seconds} s and that before the function"
    if threshold > buffers:
        of += f" are {buffers} s; AWS starts at {LEAST_FRESHNESS_SECONDS} s"
    yield AlarmPlan(
        name,
        "freshness",
        facts.freshness,
        threshold=float(threshold),
        minutes=SUSTAINED_MINUTES,
        well_up_to=float(buffer),
        title=f"The oldest record in the delivery {name} waits too long",
        action=f"look at its other alarms and its error log; {_kept(delivery)}",
        working=of,
    )
    yield AlarmPlan(
        name,
        "delivery_success",
        facts.success,
        threshold=1,
        minutes=SUSTAINED_MINUTES,
        title=f"The delivery {name} fails to write to its destination",
        action="read its error log: permissions, a key, a full or missing destination; Firehose retries meanwhile",
        working=f"any failed write, {SUSTAINED_MINUTES} min in a row",
        below=True,
    )
    if facts.refused is not None:
        yield _counted(
            delivery,
            "refused_records",
            "refused record",
            facts.refused,
            f"The destination of {name} refuses records; they go to the backup",
            "read the reason in the error log; most often a field has another type than in the index or table",
        )
    if facts.unauthorized is not None:
        yield _counted(
            delivery,
            "access_denied",
            "refusal",
            facts.unauthorized,
            f"The destination of {name} does not let it in; records go to the backup",
            "map the delivery's role in the access control of the domain or collection again",
        )
    backup = backup_metric(delivery)
    if backup is not None:
        is_staged = delivery.spec.to.is_staged
        yield AlarmPlan(
            name,
            "staging_failures" if is_staged else "backup_failures",
            backup,
            threshold=1,
            minutes=SUSTAINED_MINUTES,
            title=f"The delivery {name} fails to {'stage records in' if is_staged else 'write its backup to'} S3",
            action="check the bucket, its policy and its key; what fails there too is lost when retention ends",
            working=f"any failed write, {SUSTAINED_MINUTES} min in a row",
            below=True,
        )


def _kept(delivery: DeliveryPlan) -> str:
    """How long what is not delivered is still there."""
    if delivery.is_direct:
        return f"Firehose keeps what is not delivered for {firehose.DIRECT_PUT_RETENTION_HOURS.value:,.0f} h"
    return f"the {'topic' if delivery.reads_topic else 'stream'} keeps what is not delivered until retention ends"


def backup_metric(delivery: DeliveryPlan) -> Metric | None:
    """The metric that tells whether what is written beside the destination arrives: a backup, or what is staged.

    Args:
        delivery: The delivery.
    """
    of_failed, of_all = delivery.spec.to.facts.backup_success
    return of_all if delivery.spec.to.copies_all_records else of_failed


def _source_alarms(delivery: DeliveryPlan) -> Iterator[AlarmPlan]:
    name = delivery.name
    if delivery.is_direct:
        yield _counted(
            delivery,
            "throttled_records",
            "refused record",
            metrics.DELIVERY_THROTTLED_RECORDS,
            f"The delivery {name} refuses records, because they come too fast",
            "let producers retry with backoff; ask AWS for a higher quota, or put a stream in front",
            minutes=SUSTAINED_MINUTES,
        )
        return
    hours = delivery.source.retention_hours if delivery.source is not None else 24
    late, why = late_after(
        delivery.spec.max_lag_seconds, delivery.max_lag_seconds, hours * 3600, f"the retention of {hours:,} h"
    )
    if delivery.reads_topic:
        yield from _topic_alarms(delivery, late, why)
        return
    yield AlarmPlan(
        name,
        "source_lag",
        metrics.DELIVERY_SOURCE_LAG,
        threshold=late * 1000,
        minutes=SUSTAINED_MINUTES,
        title=f"The delivery {name} is late behind its stream; records expire undelivered in the end",
        action="see whether it fails or is throttled; raise retention_hours of the stream before records expire",
        working=why,
    )
    yield _counted(
        delivery,
        "throttled_reads",
        "throttled read",
        metrics.DELIVERY_THROTTLED_READS,
        f"The reads of {name} from its stream are being throttled",
        "move other readers of the stream to enhanced_fan_out, or add shards",
        minutes=SUSTAINED_MINUTES,
    )


def _topic_alarms(delivery: DeliveryPlan, late: int, why: str) -> Iterator[AlarmPlan]:
    """Firehose tells of a topic how many records it is behind in a partition, not for how long."""
    name, source = delivery.name, delivery.source
    assert source is not None
    if source.workload is not None and source.partitions is not None:
        rate = exact(source.workload.records_per_second)
        yield AlarmPlan(
            name,
            "source_lag",
            metrics.DELIVERY_OFFSET_LAG,
            threshold=float(math.ceil(late * rate / source.partitions)),
            minutes=SUSTAINED_MINUTES,
            title=f"The delivery {name} is late behind its topic; records expire undelivered in the end",
            action="see whether it fails or is slowed down; raise the retention of the topic before records expire",
            working=f"{why}, of {number(rate)} records/s in {counted(source.partitions, 'partition')}",
        )
    yield AlarmPlan(
        name,
        "backpressured",
        metrics.DELIVERY_BACKPRESSURED,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"The delivery {name} reads its topic more slowly than it is written",
        action="see whether writing fails; else spread the load over more partitions, or ask AWS for more MiB/s of each",
        working=f"any, {SUSTAINED_MINUTES} min in a row",
    )
    yield _counted(
        delivery,
        "invalid_records",
        "such record",
        metrics.DELIVERY_INVALID_RECORDS,
        f"The topic of {name} has records that Firehose does not take; they are not delivered",
        "see who writes records of more than 10 MB, 6 MB where a function transforms them; lower max_message_kb of the topic",
    )


def _processing_alarms(delivery: DeliveryPlan) -> Iterator[AlarmPlan]:
    name, spec = delivery.name, delivery.spec
    if spec.transform is not None:
        yield AlarmPlan(
            name,
            "transform_failures",
            metrics.TRANSFORM_SUCCESS,
            threshold=1,
            minutes=SUSTAINED_MINUTES,
            title=f"The function that transforms records of {name} fails",
            action="read its log; after its retries Firehose puts the records under `processing-failed` in the errors",
            working=f"any failed invocation, {SUSTAINED_MINUTES} min in a row",
            below=True,
        )
    if spec.decompress_cloudwatch_logs:
        yield _counted(
            delivery,
            "failed_decompression",
            "record",
            metrics.FAILED_DECOMPRESSION_RECORDS,
            f"Records of {name} are not what CloudWatch Logs sends; they are under `decompression-failed` in the errors",
            "find out who else writes to its source",
        )
    if spec.to.is_converted:
        yield _counted(
            delivery,
            "failed_conversion",
            "record",
            metrics.FAILED_CONVERSION_RECORDS,
            f"Records of {name} do not fit their schema; they are under `format-conversion-failed` in the errors",
            "compare one of them with the schema; mend the producer, or add what is new to the schema, and put them in again",
        )
    if spec.to.is_dynamic:
        yield _counted(
            delivery,
            "partitions_exceeded",
            "such minute",
            metrics.PARTITION_COUNT_EXCEEDED,
            f"The delivery {name} writes to more folders at once than it may; the rest goes to the errors",
            "ask AWS for a higher quota of active partitions, or partition by fewer values",
        )


def _counted(
    delivery: DeliveryPlan, kind: str, what: str, metric: Metric, title: str, action: str, minutes: int = 1
) -> AlarmPlan:
    """An alarm on anything at all: what is counted should never be."""
    working = f"any {what}" if minutes == 1 else f"any {what}, {minutes} min in a row"
    return AlarmPlan(
        delivery.name, kind, metric, threshold=0, minutes=minutes, title=title, action=action, working=working
    )

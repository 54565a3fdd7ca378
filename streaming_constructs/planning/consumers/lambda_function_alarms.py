"""The CloudWatch alarms of a Lambda consumer, with thresholds computed from its own numbers."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import event_source, metrics
from streaming_constructs.planning.alarm import PERIOD_SECONDS, SUSTAINED_MINUTES, AlarmPlan, late_after
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.consumers.lambda_function_findings import PARTS
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.spec.on_failure import destination_kind


def consumer_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    """The alarms of a consumer."""
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import queue_consumer_alarms

        yield from queue_consumer_alarms(consumer)
        return
    name, spec = consumer.name, consumer.spec
    part = PARTS[consumer.kind]
    yield from _kafka_lag_alarms(consumer) if consumer.kind == "kafka" else _lag_alarms(consumer)
    yield AlarmPlan(
        name,
        "errors",
        metrics.FUNCTION_ERRORS,
        threshold=0,
        most=_most_invocations(consumer),
        minutes=SUSTAINED_MINUTES,
        title=f"The function of {name} fails again and again, and its {part} waits meanwhile",
        action="read its log; a batch is given up after "
        f"{spec.failure_policy.retries} retries or {spec.failure_policy.max_record_age_seconds} s"
        if consumer.gives_up
        else "read its log; a batch is tried until it succeeds or its records expire",
        working=f"any failed invocation, {SUSTAINED_MINUTES} min in a row",
    )
    yield AlarmPlan(
        name,
        "throttles",
        metrics.FUNCTION_THROTTLES,
        threshold=0,
        most=_most_invocations(consumer),
        minutes=SUSTAINED_MINUTES,
        title=f"The function of {name} is throttled, and its {part}s wait meanwhile",
        action="raise reserved_concurrency, or the account's limit on concurrent executions",
        working=f"any throttled invocation, {SUSTAINED_MINUTES} min in a row",
    )
    yield from _failure_alarms(consumer)


def _lag_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    name, spec = consumer.name, consumer.spec
    seconds, of = late_after(spec.max_lag_seconds, consumer.max_lag_seconds, *_time_left(consumer))
    yield AlarmPlan(
        name,
        "iterator_age",
        metrics.FUNCTION_ITERATOR_AGE,
        threshold=seconds * 1000,
        most=_oldest(consumer),
        minutes=SUSTAINED_MINUTES,
        title=f"The consumer {name} is behind, and will skip records if it stays so",
        action="check its errors and duration; raise parallelization_factor, memory_mb or the number of shards",
        working=of,
    )
    if spec.enhanced_fan_out:
        yield AlarmPlan(
            name,
            "fan_out_lag",
            metrics.FAN_OUT_LAG,
            threshold=seconds * 1000,
            most=_oldest(consumer),
            minutes=SUSTAINED_MINUTES,
            title=f"The enhanced fan-out subscription of {name} is behind the tip of the stream",
            action="check the function's errors and concurrency; Kinesis pushes no faster than the function takes",
            working=of,
        )


def _kafka_lag_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    """How late a group is, as MSK estimates it; and how many records that is, where it is known how many there are."""
    name, spec, source = consumer.name, consumer.spec, consumer.source
    seconds, of = late_after(spec.max_lag_seconds, consumer.max_lag_seconds, *_time_left(consumer))
    action = "check its errors and duration; raise `pollers`, memory_mb or the number of partitions"
    # Of a group with a colon in its id MSK publishes nothing; that of a group of its own is the id of the mapping.
    if spec.consumer_group is None or ":" not in spec.consumer_group:
        yield AlarmPlan(
            name,
            "time_lag",
            metrics.GROUP_TIME_LAG,
            threshold=seconds,
            most=source.retention_hours * 3600 if source is not None and source.retention_is_known else None,
            minutes=SUSTAINED_MINUTES,
            title=f"The consumer {name} is behind, and will skip records if it stays so",
            action=action,
            working=of,
        )
    if source is not None and source.workload is not None:
        rate = exact(source.workload.records_per_second)
        yield AlarmPlan(
            name,
            "offset_lag",
            metrics.FUNCTION_OFFSET_LAG,
            threshold=max(1, int(seconds * rate)),
            minutes=SUSTAINED_MINUTES,
            title=f"More records wait for {name} than come in the time after which it is late",
            action=action,
            working=f"{number(rate)} records/s × {seconds:,} s: {of}",
        )


def _oldest(consumer: ConsumerPlan) -> float | None:
    """The greatest age of a record that its stream still has, in milliseconds."""
    source = consumer.source
    return source.retention_hours * 3_600_000 if source is not None and source.retention_is_known else None


def _most_invocations(consumer: ConsumerPlan) -> float | None:
    """Invocations in a period, if each took no longer than the shortest that Lambda counts."""
    if consumer.concurrency is None:
        return None
    return consumer.concurrency * PERIOD_SECONDS * 1000 / event_source.INVOCATION_MILLISECONDS.value


def _failure_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    name, kept_in = consumer.name, destination_kind(consumer.spec.failure_policy)
    numbers = "offsets" if consumer.kind == "kafka" else "sequence numbers"
    if kept_in == "sqs":
        reread = f"{consumer.source.retention_hours} h" if consumer.source else "the stream's retention"
        yield AlarmPlan(
            name,
            "failed_batches",
            metrics.QUEUE_DEPTH,
            threshold=0,
            minutes=1,
            title=f"Batches that {name} gave up wait in its dead-letter queue",
            action=f"find the cause in the function's log; read the records again by the {numbers} in the message, "
            f"within {reread} of their arrival",
            working="any message",
        )
    else:
        where = {"s3": "bucket, records included", "kafka": "topic, records included"}.get(
            kept_in, "topic, by position alone"
        )
        yield AlarmPlan(
            name,
            "failed_batches",
            metrics.MAPPING_KEPT_FAILURES,
            threshold=0,
            minutes=1,
            title=f"{name} gave up records; they went to the failure {where}",
            action="find the cause in the function's log, mend it, and put the records into the stream again",
            working="any record",
        )
    yield AlarmPlan(
        name,
        "dropped_records",
        metrics.MAPPING_DROPPED,
        threshold=0,
        minutes=1,
        title=f"{name} dropped records without keeping them",
        action="find out when they expired; raise retention_hours or max_record_age_seconds",
        working="any record",
    )
    yield AlarmPlan(
        name,
        "destination_failures",
        metrics.MAPPING_DESTINATION_ERRORS if consumer.kind == "kafka" else metrics.FUNCTION_DESTINATION_FAILURES,
        threshold=0,
        minutes=1,
        title=f"{name} could not deliver given-up batches to their destination",
        action="check that the destination exists and that the function's role and the key let it write there",
        working="any failed delivery",
    )


def _time_left(consumer: ConsumerPlan) -> tuple[int, str]:
    """Seconds until a record is skipped or expires, whichever is first, and what that is."""
    age = consumer.spec.failure_policy.max_record_age_seconds
    if consumer.source is not None and not consumer.gives_up:
        hours = consumer.source.retention_hours
        return hours * 3600, f"the retention of {hours:,} h"
    if consumer.source is not None and consumer.source.retention_hours * 3600 < age:
        hours = consumer.source.retention_hours
        return hours * 3600, f"the retention of {hours:,} h"
    return age, f"the {age:,} s after which it skips a record"

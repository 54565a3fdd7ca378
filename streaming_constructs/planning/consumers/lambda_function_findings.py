"""What of a Lambda consumer is likely to lose data, block a shard, or do nothing: each as a finding with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from streaming_constructs.facts import event_source, kinesis
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.consumers.lambda_function_filters import filter_findings
from streaming_constructs.planning.numbers import exact, number
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.on_failure import destination_kind
from streaming_constructs.spec.starting_position import AtTimestamp

PARTS = {"kinesis": "shard", "kafka": "partition"}
"""What is read in order, by the kind of source."""
_CONCURRENCY = {"kinesis": "parallelization_factor", "kafka": "pollers"}
"""What says how many batches are processed at once."""
_LARGEST = {"kinesis": "max_record_kb", "kafka": "max_message_kb"}
"""What says how large a record may be."""
LARGEST_LAMBDA_RECORD_KIB = int(event_source.PAYLOAD_MIB.value * 1024 * 3 / 4)
"""Records reach a function in base64, a third larger than they are."""


def consumer_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a consumer; paths are relative to it.

    Args:
        consumer: The consumer with its numbers.
    """
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import queue_consumer_findings

        yield from queue_consumer_findings(consumer)
        yield from filter_findings(consumer)
    else:
        yield from _stream_findings(consumer)
    if consumer.directory is not None and not consumer.spec.partial_batch_responses:
        from streaming_constructs.planning.consumers.failed_record_findings import failed_record_findings

        yield from failed_record_findings(consumer.spec, consumer.directory)
    if consumer.kind == "kafka" or consumer.far_topics:
        from streaming_constructs.planning.consumers.lambda_on_kafka import kafka_findings, reach_findings

        yield from kafka_findings(consumer) if consumer.kind == "kafka" else ()
        yield from reach_findings(consumer)


def _stream_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What is of shards and partitions, and of positions in them."""
    if consumer.gives_up:
        yield from _expiry_findings(consumer)
        yield from _age_findings(consumer)
    yield from _start_findings(consumer)
    yield from _concurrency_findings(consumer)
    yield from _batch_findings(consumer)
    yield from filter_findings(consumer)
    yield from _costly_findings(consumer)


def _costly_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What costs money for nothing; its prices are loaded where something may."""
    if consumer.spec.enhanced_fan_out or consumer.spec.batch_size == 1:
        from streaming_constructs.planning.consumers.needless_cost_findings import (
            fan_out_findings,
            single_record_findings,
        )

        yield from fan_out_findings(consumer)
        yield from single_record_findings(consumer)


def _expiry_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    spec, source = consumer.spec, consumer.source
    on_failure, where = spec.failure_policy, ("on_failure", "max_record_age_seconds")
    if source is not None:
        retention = source.retention_hours * 3600
        if on_failure.max_record_age_seconds >= retention:
            yield Finding(
                "LAM506",
                "records expire before they are given up: they are lost, and kept nowhere",
                where,
                note=f"a failing record is retried for {on_failure.max_record_age_seconds:,} s; the stream keeps it "
                f"{source.retention_hours:,} h = {retention:,} s",
                help=f"set it to {retention // 2}, or raise `retention_hours` of the stream",
                # What an existing stream does not tell is taken for the least; that is no ground for an error.
                level="error" if source.retention_is_known else "warning",
                edits=(Edit(where, retention // 2),),
            )
        elif (
            destination_kind(spec.failure_policy) in event_source.METADATA_ONLY_DESTINATIONS
            and on_failure.max_record_age_seconds > retention / 2
        ):
            left = (retention - on_failure.max_record_age_seconds) / 3600
            yield Finding(
                "LAM507",
                "little time is left to read given-up records again",
                where,
                note=f"{destination_kind(spec.failure_policy)} keeps their position alone; {number(left)} h after a record is "
                "given up it leaves the stream",
                help="set `destination: s3`, which keeps the records too; or lower `max_record_age_seconds`, or raise "
                "`retention_hours`",
                edits=(Edit(("on_failure", "destination"), "s3"),),
            )


def _age_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """An age that comes before the attempts that the consumer asks for, or before the first of them."""
    spec, part = consumer.spec, PARTS[consumer.kind]
    age, timeout, window = spec.failure_policy.max_record_age_seconds, spec.timeout_seconds, spec.batch_window_seconds
    if window >= age:
        yield Finding(
            "LAM525",
            "records are given up before the function sees them",
            ("batch_window_seconds",),
            note=f"a batch that does not fill waits {window} s for more records; its first one is given up at {age} s",
            help=f"set `batch_window_seconds: {age // 2}` or less, or raise `max_record_age_seconds`",
            edits=(Edit(("batch_window_seconds",), age // 2),),
        )
        return
    if spec.code is None:
        return  # an existing function does not tell its timeout
    if timeout > age:
        yield Finding(
            "LAM526",
            "records behind a slow batch are given up untried",
            ("timeout_seconds",),
            note=f"one attempt may take {timeout} s, and the records of its {part} wait for it; they are given up at {age} s",
            help=f"set `timeout_seconds: {age}` or less, or raise `max_record_age_seconds`",
            edits=(Edit(("timeout_seconds",), age),),
        )
        return
    worst = window + (1 + spec.failure_policy.retries) * timeout
    if worst > age:
        fit = (age - window) // timeout - 1
        waits = f"a batch may wait {window} s for its records, and " if window else ""
        yield Finding(
            "LAM509",
            "age, not retries, decides when a slow batch is given up",
            ("on_failure", "retries"),
            note=f"{waits}1 + {spec.failure_policy.retries} attempts of up to {timeout} s take up to {worst - window:,} s; a "
            f"record is given up at {age:,} s",
            help=f"set `retries: {fit}` or fewer, or raise `max_record_age_seconds`"
            if fit >= 0
            else "raise `max_record_age_seconds`, or lower `timeout_seconds`",
            edits=(Edit(("on_failure", "retries"), fit),) if fit >= 0 else (),
        )


def _start_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    start = consumer.spec.starting_position
    if consumer.today is None or not isinstance(start, AtTimestamp):
        return
    moment = start.at_timestamp.astimezone(UTC)
    if moment.date() > consumer.today:
        yield Finding(
            "LAM531",
            "reading cannot begin in the future",
            ("starting_position", "at_timestamp"),
            note=f"{moment:%Y-%m-%d} is after today, {consumer.today:%Y-%m-%d}; Lambda refuses such a mapping",
            help="set `starting_position: latest` to read what comes from now on, or give a moment that has passed",
            edits=(Edit(("starting_position",), "latest"),),
        )


def _concurrency_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    needed, reserved = consumer.concurrency, consumer.spec.reserved_concurrency
    if needed is None:
        return
    if reserved is not None and reserved < needed:
        yield Finding(
            "LAM510",
            f"less concurrency than the {PARTS[consumer.kind]}s ask for: some of them will wait",
            ("reserved_concurrency",),
            note=f"{consumer.working[-1]}; {reserved:,} are reserved",
            help=f"set it to {needed} or more, or lower `{_CONCURRENCY[consumer.kind]}`",
            edits=(Edit(("reserved_concurrency",), needed),),
        )
    elif reserved is None and needed > event_source.ACCOUNT_CONCURRENCY.value:
        yield Finding(
            "LAM516",
            "more concurrency than an account starts with",
            ("parallelization_factor",) if consumer.kind == "kinesis" else (),
            note=f"{consumer.working[-1]}; an account starts with 1,000 for all its functions",
            help="ask AWS for a higher limit before you deploy",
        )


def _batch_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    spec, source = consumer.spec, consumer.source
    factor = int(event_source.WINDOWED_PARALLELIZATION_FACTOR.value)
    if spec.tumbling_window_seconds is not None and spec.parallelization_factor > factor:
        yield Finding(
            "LAM518",
            "windows and parallel batches exclude each other",
            ("parallelization_factor",),
            note="the state of a window belongs to a whole shard; Lambda is reported to refuse both together",
            help="take out `parallelization_factor` or `tumbling_window_seconds`",
            edits=(Edit(("parallelization_factor",)),),
        )
    if source is None:
        return
    if spec.tumbling_window_seconds is not None and source.splits_by_itself:
        yield Finding(
            "LAM511",
            "windows break when an on-demand stream splits a shard",
            ("tumbling_window_seconds",),
            note="a window's state belongs to a shard; on demand, AWS splits and merges shards when it likes",
            help="set `mode: provisioned` on the stream, or keep the state in a table",
        )
    largest = source.largest_record_kb or kinesis.MAX_RECORD_KIB.minimum
    if largest > LARGEST_LAMBDA_RECORD_KIB:
        yield Finding(
            "LAM515",
            "the largest records never reach the function",
            (),
            note=f"the stream takes {largest:,} KiB; an invocation takes 6 MiB in base64, so {LARGEST_LAMBDA_RECORD_KIB:,} KiB",
            help=f"set `{_LARGEST[consumer.kind]}` of the stream to {LARGEST_LAMBDA_RECORD_KIB} or less; larger records "
            "go to the destination of `on_failure`",
        )
    if source.workload is not None:
        fits = int(LARGEST_LAMBDA_RECORD_KIB / exact(source.workload.kb))
        if spec.batch_size > max(fits, 1):
            yield Finding(
                "LAM512",
                "batches stay smaller than `batch_size`",
                ("batch_size",),
                note=f"an invocation takes 6 MiB in base64: about {fits:,} records of {number(source.workload.kb)} KiB",
                help=f"set `batch_size: {max(fits, 1)}`, which says what happens",
                edits=(Edit(("batch_size",), max(fits, 1)),),
            )

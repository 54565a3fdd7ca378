"""Which alarms a stream and its consumers need, with thresholds computed from their own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from streaming_constructs.facts import metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.capacity import StreamPlan, exact, number
from streaming_constructs.planning.concurrency import ConsumerPlan
from streaming_constructs.spec.alarms import AlarmOverride

PERIOD_SECONDS = 60
"""Every metric here is published each minute, at no charge."""
CAPACITY_SHARE = 0.8
"""Share of a stream's capacity at which there is still time to add some."""
AGE_SHARE = 0.5
"""Share of the time that is left to a record, as AWS recommends for iterator age.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""
SUSTAINED_MINUTES = 5
"""AWS recommends 5 of 5 for throttling: a single throttled minute is repaired by a retry."""
AGE_MINUTES = 15
"""AWS recommends 15 of 15 for iterator age."""


@dataclass(frozen=True, slots=True)
class AlarmPlan:
    """One alarm, before it is a resource.

    Attributes:
        node: The node that it watches.
        kind: What it watches, such as `iterator_age`.
        metric: The metric, with the names of its dimensions.
        threshold: The threshold, in the metric's unit for one period.
        minutes: Minutes in a row past the threshold before it alarms.
        title: What is wrong when it alarms.
        action: What to do then.
        working: How the threshold came about.
        below: Whether it alarms below the threshold, as for a share of successes; else above.
        overridden: Whether the spec changed its numbers.
    """

    node: str
    kind: str
    metric: Metric
    threshold: float
    minutes: int
    title: str
    action: str
    working: str
    below: bool = False
    overridden: bool = False

    @property
    def name(self) -> str:
        """Its name in the spec: `clicks.iterator_age`."""
        return f"{self.node}.{self.kind}"

    @property
    def description(self) -> str:
        """What the alarm says to whom it wakes: what is wrong, what to do, and why there."""
        return f"{self.title}. What to do: {self.action}. Threshold: {self.working}."

    def overridden_by(self, override: AlarmOverride | None) -> AlarmPlan:
        """The alarm with the numbers of the spec in place of the computed ones."""
        if override is None:
            return self
        threshold = self.threshold if override.threshold is None else override.threshold
        minutes = self.minutes if override.minutes is None else override.minutes
        working = f"set to {number(threshold)} for {minutes} min in the spec (computed: {self.working})"
        return replace(self, threshold=threshold, minutes=minutes, working=working, overridden=True)


def stream_alarms(stream: StreamPlan) -> Iterator[AlarmPlan]:
    """The alarms of a stream."""
    if stream.shared_readers:
        hours = stream.spec.retention_hours
        yield AlarmPlan(
            stream.name,
            "iterator_age",
            metrics.STREAM_ITERATOR_AGE,
            threshold=AGE_SHARE * hours * 3_600_000,
            minutes=AGE_MINUTES,
            title=f"A reader of the stream {stream.name} is so far behind that records may expire unread",
            action="find the reader that is behind by its own iterator age alarm; raise retention_hours before records "
            "expire",
            working=f"{AGE_SHARE:.0%} of the retention of {hours:,} h",
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
    of = f"{stream.shards:,} shards" if stream.shards is not None else "the on-demand capacity"
    action = (
        "add shards before writes are throttled"
        if stream.shards is not None
        else "set warm_throughput_mib_per_second, or slow the growth: on demand takes twice its last peak at once"
    )
    yield AlarmPlan(
        stream.name,
        "incoming_bytes",
        metrics.INCOMING_BYTES,
        threshold=float(exact(CAPACITY_SHARE) * exact(mib) * 1_048_576 * PERIOD_SECONDS),
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
        minutes=SUSTAINED_MINUTES,
        title=f"The stream {stream.name} takes in almost as many records as it can",
        action=action,
        working=f"{CAPACITY_SHARE:.0%} of {number(records)} records/s ({of}) x {PERIOD_SECONDS} s",
    )


def consumer_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    """The alarms of a consumer."""
    name, spec = consumer.name, consumer.spec
    seconds, of = _time_left(consumer)
    yield AlarmPlan(
        name,
        "iterator_age",
        metrics.FUNCTION_ITERATOR_AGE,
        threshold=AGE_SHARE * seconds * 1000,
        minutes=SUSTAINED_MINUTES,
        title=f"The consumer {name} is behind, and will skip records if it stays so",
        action="check its errors and duration; raise parallelization_factor, memory_mib or the number of shards",
        working=f"{AGE_SHARE:.0%} of {of}",
    )
    if spec.read == "enhanced_fan_out":
        yield AlarmPlan(
            name,
            "fan_out_lag",
            metrics.FAN_OUT_LAG,
            threshold=AGE_SHARE * seconds * 1000,
            minutes=SUSTAINED_MINUTES,
            title=f"The enhanced fan-out subscription of {name} is behind the tip of the stream",
            action="check the function's errors and concurrency; Kinesis pushes no faster than the function takes",
            working=f"{AGE_SHARE:.0%} of {of}",
        )
    yield AlarmPlan(
        name,
        "errors",
        metrics.FUNCTION_ERRORS,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"The function of {name} fails again and again, and its shard waits meanwhile",
        action="read its log; a batch is given up after "
        f"{spec.on_error.skip_after.attempts} retries or {spec.on_error.skip_after.max_age_seconds} s",
        working=f"any failed invocation, {SUSTAINED_MINUTES} min in a row",
    )
    yield AlarmPlan(
        name,
        "throttles",
        metrics.FUNCTION_THROTTLES,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"The function of {name} is throttled, and its shards wait meanwhile",
        action="raise reserved_concurrency, or the account's limit on concurrent executions",
        working=f"any throttled invocation, {SUSTAINED_MINUTES} min in a row",
    )
    yield from _failure_alarms(consumer)


def _failure_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    name, keep_in = consumer.name, consumer.spec.on_error.keep_in
    if keep_in.kind == "sqs":
        reread = f"{consumer.stream.spec.retention_hours} h" if consumer.stream else "the stream's retention"
        yield AlarmPlan(
            name,
            "failed_batches",
            metrics.QUEUE_DEPTH,
            threshold=0,
            minutes=1,
            title=f"Batches that {name} gave up wait in its dead-letter queue",
            action=f"find the cause in the function's log; read the records again by the sequence numbers in the message, "
            f"within {reread} of their arrival",
            working="any message",
        )
    else:
        where = "bucket, records included" if keep_in.kind == "s3" else "topic, by position alone"
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
        action="find out when they expired; raise retention_hours or max_age_seconds",
        working="any record",
    )
    yield AlarmPlan(
        name,
        "destination_failures",
        metrics.FUNCTION_DESTINATION_FAILURES,
        threshold=0,
        minutes=1,
        title=f"{name} could not deliver given-up batches to their destination",
        action="check that the destination exists and that the function's role and the key let it write there",
        working="any failed delivery",
    )


def _time_left(consumer: ConsumerPlan) -> tuple[int, str]:
    """Seconds until a record is skipped or expires, whichever is first, and what that is."""
    age = consumer.spec.on_error.skip_after.max_age_seconds
    if consumer.stream is not None and consumer.stream.spec.retention_hours * 3600 < age:
        hours = consumer.stream.spec.retention_hours
        return hours * 3600, f"the retention of {hours:,} h"
    return age, f"the {age:,} s after which it skips a record"

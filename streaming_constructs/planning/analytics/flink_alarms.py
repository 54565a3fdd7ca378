"""The CloudWatch alarms of an application of Flink, by its runtime: Flink 2.2 took some of the metrics of before away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics as metrics_kafka
from streaming_constructs.facts import metrics_flink as metrics
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.analytics.flink_application_findings import late_seconds
from streaming_constructs.planning.numbers import counted, duration, number

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan

RESTART_WINDOW_SECONDS = 900
RESTARTS = 1
"""Restarts in that time that are tolerated: the service makes one in a maintenance window."""
DOWN_MINUTES = 10
"""A maintenance takes half a minute; an update, or a start from a large snapshot, some minutes."""
BUSY_PERCENT, HEAP_PERCENT = 80, 90
BUSY_MINUTES = 15
LOST_MINUTES = 5
FOUR = 4
"""Samples that Managed Flink publishes of a counter each minute: their sum is four times the count.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/metrics-dimensions.html
"""
WATERMARK_LAG = "IF(m > 0 AND records > 0, EPOCH(m) * 1000 - m, 0)"
"""How far a watermark, the metric `m`, is behind the clock in milliseconds; it stands still where no records come."""
WHILE_RECORDS_COME: Mapping[str, Metric] = {"records": metrics.RECORDS_IN}


def application_alarms(application: FlinkApplicationPlan) -> Iterator[AlarmPlan]:
    """The alarms of an application. Without data, as before its first start, all of them are silent.

    Args:
        application: The application with its numbers.
    """
    yield from _restart_alarms(application)
    if application.spec.checkpointing:
        yield from _checkpoint_alarms(application)
        yield from _lag_alarms(application)
    yield from _load_alarms(application)
    yield from _time_alarms(application)


def _restart_alarms(application: FlinkApplicationPlan) -> Iterator[AlarmPlan]:
    name = application.name
    is_2 = application.runtime.is_2
    yield AlarmPlan(
        name,
        "restarts",
        metrics.NUM_RESTARTS if is_2 else metrics.FULL_RESTARTS,
        threshold=RESTARTS,
        minutes=RESTART_WINDOW_SECONDS // 60,
        period_seconds=RESTART_WINDOW_SECONDS,
        expression="DIFF(m)",
        title=f"The application {name} restarts again and again",
        action="read its log for the first exception: a record that it cannot read, a permission, or memory; what it did since "
        "its last checkpoint is done again each time",
        working=f"more than {counted(RESTARTS, 'restart')} in {RESTART_WINDOW_SECONDS // 60} min; the service makes one in a "
        "maintenance window",
    )
    yield AlarmPlan(
        name,
        "downtime",
        metrics.RESTARTING_TIME if is_2 else metrics.DOWNTIME,
        threshold=0,
        minutes=DOWN_MINUTES,
        metrics={"failing": metrics.FAILING_TIME} if is_2 else {},
        expression="FILL(m, 0) + FILL(failing, 0)" if is_2 else "",
        title=f"The application {name} has failed, and computes nothing",
        action="read its log for the first exception; if an update broke it, deploy the version before, or roll it back in the "
        "console",
        working=f"down for {DOWN_MINUTES} min in a row; a maintenance takes half a minute",
    )


def _checkpoint_alarms(application: FlinkApplicationPlan) -> Iterator[AlarmPlan]:
    name, checkpointing = application.name, application.spec.checkpointing
    assert checkpointing
    yield AlarmPlan(
        name,
        "failed_checkpoints",
        metrics.FAILED_CHECKPOINTS,
        threshold=0,
        minutes=3 * SUSTAINED_MINUTES,
        period_seconds=SUSTAINED_MINUTES * 60,
        expression="DIFF(m)",
        title=f"Checkpoints of the application {name} fail, and all since the last one is done again after a failure",
        action="look at the size of its state and at back pressure; bound the state with table.exec.state.ttl, or give it more "
        "KPUs",
        working="some in each of three times 5 min",
    )
    interval = checkpointing.interval_seconds
    yield AlarmPlan(
        name,
        "checkpoint_duration",
        metrics.CHECKPOINT_DURATION,
        threshold=interval * 1000,
        minutes=BUSY_MINUTES,
        title=f"A checkpoint of the application {name} takes longer than the time between two",
        action="look at the size of its state and at back pressure; bound the state, give it more KPUs, or make checkpoints "
        "less often",
        working=f"{duration(interval)}, the time from one to the next",
    )


def _lag_alarms(application: FlinkApplicationPlan) -> Iterator[AlarmPlan]:
    """How late it is in each topic, as MSK estimates it from the offsets that the source of Kafka commits with each checkpoint.

    Of a stream of Kinesis the connector has a metric of its own, whose dimensions AWS does not document.
    Source: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kafka/, "Consumer Offset Committing"
    """
    seconds, why = late_seconds(application)
    for node, topic in application.topics.items():
        yield AlarmPlan(
            application.name,
            "time_lag",
            metrics_kafka.GROUP_TIME_LAG,
            threshold=seconds,
            minutes=SUSTAINED_MINUTES,
            title=f"The application {application.name} is behind in {node}, and will skip records if it stays so",
            action="see whether its KPUs are busy and whether its checkpoints fail: offsets are told with each of them; lower "
            "`parallelism_per_kpu`, or have more partitions",
            working=f"{number(seconds)} s: {why}",
            instance=node,
            dimensions={metrics_kafka.TOPIC: topic},
        )


def _load_alarms(application: FlinkApplicationPlan) -> Iterator[AlarmPlan]:
    name = application.name
    yield AlarmPlan(
        name,
        "cpu",
        metrics.CONTAINER_CPU,
        threshold=BUSY_PERCENT,
        minutes=BUSY_MINUTES,
        title=f"The KPUs of the application {name} are busy",
        action="lower `parallelism_per_kpu`, so that there are more KPUs for the same subtasks",
        working=f"{BUSY_PERCENT} % of their processors",
    )
    yield AlarmPlan(
        name,
        "heap",
        metrics.HEAP,
        threshold=HEAP_PERCENT,
        minutes=BUSY_MINUTES,
        title=f"The application {name} runs out of memory",
        action="bound its state, or lower `parallelism_per_kpu`, so that each subtask has more of a KPU's 4 GiB",
        working=f"{HEAP_PERCENT} % of the heap, as AWS recommends",
    )


def _time_alarms(application: FlinkApplicationPlan) -> Iterator[AlarmPlan]:
    """What of the time of records goes wrong: they come too late, or it stands still."""
    if not application.is_event_time:
        return
    name = application.name
    yield AlarmPlan(
        name,
        "late_records",
        metrics.LATE_RECORDS_DROPPED,
        threshold=0,
        minutes=LOST_MINUTES,
        datapoints=1,
        expression=f"m / {FOUR}",
        title=f"The application {name} drops records that come later than its watermark waits",
        action="raise `delay_seconds` of the watermark; with fewer subtasks than shards set `parallelism` to the number of "
        "shards",
        working="any dropped record; they are in no window",
    )
    seconds, why = late_seconds(application)
    yield AlarmPlan(
        name,
        "watermark_lag",
        metrics.OUTPUT_WATERMARK,
        threshold=seconds * 1000,
        minutes=SUSTAINED_MINUTES * 3,
        metrics=WHILE_RECORDS_COME,
        expression=WATERMARK_LAG,
        title=f"The time of the application {name} is behind the clock, or stands still: its results are late",
        action="see whether records are old when they come; whether a shard without records is waited for "
        "(`idle_timeout_seconds`); and whether its KPUs are busy",
        working=f"{number(seconds)} s while records come in: {why}",
    )
    yield AlarmPlan(
        name,
        "no_results",
        metrics.RECORDS_OUT,
        threshold=0,
        minutes=BUSY_MINUTES * 2,
        metrics=WHILE_RECORDS_COME,
        expression="IF(records > 0 AND m == 0, 1, 0)",
        most=1,
        title=f"Records come into the application {name}, and nothing comes out",
        action="see whether its watermark stands still, and whether its filters let anything through",
        working=f"none in {2 * BUSY_MINUTES} min while records come in",
    )

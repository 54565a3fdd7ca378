"""The thresholds of alarms, each computed here a second time from the facts alone."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import AlarmPlan, PipelinePlan, plan
from streaming_constructs.spec import PipelineSpec

STREAM_ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
DERIVED = {"workload": {"records_per_second": 5000, "record_kb": 1, "peak_factor": 2}}
ALWAYS = {"iterator_age", "write_throttling", "read_throttling", "put_records_failures"}
CAPACITY = {"incoming_bytes", "incoming_records"}


def planned(
    stream: dict[str, Any],
    *,
    read: str = "shared",
    destination: Any = "s3",
    age: int = 3600,
    alarms: dict[str, Any] | None = None,
) -> PipelinePlan:
    consumer = {
        "kind": "lambda",
        "from": "clicks",
        "function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:fraud",
        "read": read,
        "on_failure": {"retries": 5, "max_record_age_seconds": age, "destination": destination},
    }
    data = {
        "name": "shop",
        "streams": {"clicks": {"kind": "kinesis", **stream}},
        "consumers": {"fraud": consumer},
        "alarms": alarms or {},
    }
    return plan(PipelineSpec.model_validate(data))


def alarms_of(made: PipelinePlan) -> dict[str, AlarmPlan]:
    return {alarm.name: alarm for alarm in made.alarms}


@pytest.mark.parametrize(
    ("stream", "mib", "records"),
    [
        ({**DERIVED}, 13, 13_000),  # 1.3 x 10,000 records/s: 13 shards
        ({"shards": 4}, 4, 4000),
        ({"mode": "on_demand"}, 4, 4000),
        ({"mode": "on_demand", **DERIVED}, 19.53125, 20_000),  # twice the peak of 10,000 KiB/s
        ({"mode": "on_demand", "warm_throughput_mb_per_second": 50}, 50, 50_000),
        ({"arn": STREAM_ARN, "shards": 7}, 7, 7000),
        ({"arn": STREAM_ARN, "mode": "on_demand"}, 4, 4000),
    ],
    ids=["derived", "given", "on demand", "on demand with workload", "warm", "existing", "existing on demand"],
)
def test_intake_alarms_at_four_fifths_of_the_capacity_of_a_minute(
    stream: dict[str, Any], mib: float, records: float
) -> None:
    alarms = alarms_of(planned(stream))
    in_bytes, in_records = alarms["clicks.incoming_bytes"], alarms["clicks.incoming_records"]
    assert in_bytes.threshold == pytest.approx(mib * 1024 * 1024 * 60 * 4 / 5)
    assert in_records.threshold == pytest.approx(records * 60 * 4 / 5)
    assert (in_bytes.metric.name, in_bytes.metric.statistic, in_bytes.minutes) == ("IncomingBytes", "Sum", 5)
    assert (in_records.metric.name, in_records.metric.statistic, in_records.minutes) == ("IncomingRecords", "Sum", 5)


@pytest.mark.parametrize("stream", [{"arn": STREAM_ARN}, {"arn": STREAM_ARN, **DERIVED}])
def test_unknown_capacity_is_not_alarmed(stream: dict[str, Any]) -> None:
    kinds = {alarm.kind for alarm in planned(stream).alarms if alarm.node == "clicks"}
    assert kinds == ALWAYS


@pytest.mark.parametrize("retention_hours", [24, 168, 8760])
def test_a_streams_age_alarms_at_half_of_its_retention(retention_hours: int) -> None:
    alarm = alarms_of(planned({**DERIVED, "retention_hours": retention_hours}))["clicks.iterator_age"]
    assert alarm.threshold == retention_hours * 60 * 60 * 1000 / 2
    assert (alarm.metric.name, alarm.metric.dimensions) == ("GetRecords.IteratorAgeMilliseconds", ("StreamName",))
    assert (alarm.metric.statistic, alarm.minutes) == ("Maximum", 15)


def test_a_stream_without_shared_readers_has_no_age_of_its_own() -> None:
    alarms = alarms_of(planned(DERIVED, read="enhanced_fan_out"))
    assert {alarm.kind for alarm in alarms.values() if alarm.node == "clicks"} == (ALWAYS | CAPACITY) - {"iterator_age"}


@pytest.mark.parametrize(
    ("name", "metric", "namespace"),
    [
        ("clicks.write_throttling", "WriteProvisionedThroughputExceeded", "AWS/Kinesis"),
        ("clicks.read_throttling", "ReadProvisionedThroughputExceeded", "AWS/Kinesis"),
        ("clicks.put_records_failures", "PutRecords.FailedRecords", "AWS/Kinesis"),
        ("fraud.errors", "Errors", "AWS/Lambda"),
        ("fraud.throttles", "Throttles", "AWS/Lambda"),
    ],
)
def test_what_should_never_happen_alarms_after_five_minutes(name: str, metric: str, namespace: str) -> None:
    alarm = alarms_of(planned(DERIVED))[name]
    assert (alarm.metric.namespace, alarm.metric.name, alarm.metric.statistic) == (namespace, metric, "Sum")
    assert (alarm.threshold, alarm.minutes) == (0, 5)


@pytest.mark.parametrize(
    ("age", "retention_hours", "seconds"),
    [
        (3600, 24, 3600),  # skipped long before it expires
        (604_800, 8760, 604_800),
        (86_400, 24, 86_400),  # at the same moment
        (604_800, 24, 86_400),  # expires first
    ],
)
def test_a_consumers_age_alarms_at_half_of_the_time_that_a_record_has(
    age: int, retention_hours: int, seconds: int
) -> None:
    made = planned({**DERIVED, "retention_hours": retention_hours}, age=age, read="enhanced_fan_out")
    alarms = alarms_of(made)
    for name, metric, dimensions in (
        ("fraud.iterator_age", "IteratorAge", ("FunctionName",)),
        ("fraud.fan_out_lag", "SubscribeToShardEvent.MillisBehindLatest", ("StreamName", "ConsumerName")),
    ):
        alarm = alarms[name]
        assert alarm.threshold == seconds * 1000 / 2
        assert (alarm.metric.name, alarm.metric.dimensions, alarm.minutes) == (metric, dimensions, 5)


def test_shared_readers_have_no_fan_out_lag() -> None:
    assert "fraud.fan_out_lag" not in alarms_of(planned(DERIVED))


@pytest.mark.parametrize(
    ("destination", "metric", "dimension"),
    [
        ("sqs", "ApproximateNumberOfMessagesVisible", "QueueName"),
        ("sns", "OnFailureDestinationDeliveredEventCount", "EventSourceMappingUUID"),
        ("s3", "OnFailureDestinationDeliveredEventCount", "EventSourceMappingUUID"),
    ],
)
def test_the_first_failed_batch_alarms(destination: str, metric: str, dimension: str) -> None:
    alarms = alarms_of(planned(DERIVED, destination=destination))
    alarm = alarms["fraud.failed_batches"]
    assert (alarm.metric.name, alarm.metric.dimensions) == (metric, (dimension,))
    assert (alarm.threshold, alarm.minutes) == (0, 1)
    for name, counted in (
        ("fraud.dropped_records", "DroppedEventCount"),
        ("fraud.destination_failures", "DestinationDeliveryFailures"),
    ):
        assert (alarms[name].metric.name, alarms[name].threshold, alarms[name].minutes) == (counted, 0, 1)


@pytest.mark.parametrize(
    ("override", "threshold", "minutes"),
    [({"threshold": 7}, 7, 5), ({"minutes": 9}, 0, 9), ({"threshold": 0.5, "minutes": 1}, 0.5, 1)],
)
def test_an_override_changes_its_numbers_and_no_others(
    override: dict[str, Any], threshold: float, minutes: int
) -> None:
    before = alarms_of(planned(DERIVED))
    after = alarms_of(planned(DERIVED, alarms={"override": {"fraud.errors": override}}))
    changed = after.pop("fraud.errors")
    assert (changed.threshold, changed.minutes, changed.overridden) == (threshold, minutes, True)
    assert before.pop("fraud.errors").working in changed.working
    assert after == before
    assert not any(alarm.overridden for alarm in after.values())


def test_a_silenced_alarm_is_not_there() -> None:
    before = set(alarms_of(planned(DERIVED)))
    made = planned(DERIVED, alarms={"silence": {"clicks.write_throttling": "producers retry"}})
    assert before - set(alarms_of(made)) == {"clicks.write_throttling"}


def test_a_description_says_what_is_wrong_what_to_do_and_why_there() -> None:
    alarm = alarms_of(planned(DERIVED))["fraud.iterator_age"]
    assert alarm.description == (
        "The consumer fraud is behind, and will skip records if it stays so. What to do: check its errors and duration; "
        "raise parallelization_factor, memory_mb or the number of shards. Threshold: 50% of the 3,600 s after which it "
        "skips a record."
    )

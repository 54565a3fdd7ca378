"""The thresholds of alarms, each computed here a second time from the facts alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from streaming_constructs.planning import AlarmPlan, PipelinePlan, plan
from streaming_constructs.planning.alarm import late_after
from streaming_constructs.spec import AlarmOverride, NotifyEmail, PipelineSpec

STREAM_ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
DERIVED = {"workload": {"records_per_second": 5000, "record_kb": 1, "peak_factor": 2}}
ALWAYS = {"iterator_age", "write_throttling", "read_throttling", "put_records_failures"}
CAPACITY = {"incoming_bytes", "incoming_records"}


def planned(
    stream: dict[str, Any],
    *,
    fan_out: bool = False,
    lag: int | None = None,
    destination: Any = "s3",
    age: int = 3600,
    alarms: dict[str, Any] | bool | None = None,
) -> PipelinePlan:
    consumer = {
        "kind": "lambda",
        "from": "clicks",
        "function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:fraud",
        "enhanced_fan_out": fan_out,
        **({} if lag is None else {"max_lag_seconds": lag}),
        "on_failure": {"retries": 5, "max_record_age_seconds": age, "destination": destination},
    }
    data = {
        "name": "shop",
        "streams": {"clicks": {"kind": "kinesis", **stream}},
        "consumers": {"fraud": consumer},
        "alarms": {} if alarms is None else alarms,
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
def test_a_streams_age_alarms_at_an_hour_where_records_live_longer(retention_hours: int) -> None:
    alarm = alarms_of(planned({**DERIVED, "retention_hours": retention_hours}))["clicks.iterator_age"]
    assert alarm.threshold == 60 * 60 * 1000
    assert (
        alarm.working == f"an hour: 50% of the retention of {retention_hours:,} h would be {retention_hours * 1800:,} s"
    )
    assert (alarm.metric.name, alarm.metric.dimensions) == ("GetRecords.IteratorAgeMilliseconds", ("StreamName",))
    assert (alarm.metric.statistic, alarm.minutes) == ("Maximum", 15)


@pytest.mark.parametrize(
    ("own", "system", "left", "expected"),
    [
        (None, None, 7200, (3600, "50% of it")),  # the boundary
        (None, None, 7199, (3599, "50% of it")),
        (None, None, 60, (30, "50% of it")),
        (None, None, 7202, (3600, "an hour: 50% of it would be 3,601 s")),
        (None, None, 31_536_000, (3600, "an hour: 50% of it would be 15,768,000 s")),
        (None, 600, 60, (600, "600 s, as `alarms.max_lag_seconds` says")),
        (300, 600, 60, (300, "300 s, as `max_lag_seconds` says")),
        (86_400, None, 60, (86_400, "86,400 s, as `max_lag_seconds` says")),
    ],
)
def test_late_is_what_is_said_or_an_hour_or_half_of_the_time_that_is_left(
    own: int | None, system: int | None, left: int, expected: tuple[int, str]
) -> None:
    assert late_after(own, system, left, "it") == expected


def test_what_the_system_calls_late_is_late_for_all_that_say_nothing_else() -> None:
    alarms = alarms_of(planned(DERIVED, fan_out=True, alarms={"max_lag_seconds": 120}))
    assert alarms["fraud.iterator_age"].threshold == alarms["fraud.fan_out_lag"].threshold == 120_000
    assert alarms_of(planned(DERIVED, alarms={"max_lag_seconds": 120}))["clicks.iterator_age"].threshold == 120_000
    alarms = alarms_of(planned(DERIVED, fan_out=True, lag=30, alarms={"max_lag_seconds": 120}))
    assert alarms["fraud.iterator_age"].threshold == alarms["fraud.fan_out_lag"].threshold == 30_000


def test_a_stream_without_shared_readers_has_no_age_of_its_own() -> None:
    alarms = alarms_of(planned(DERIVED, fan_out=True))
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
        (600, 24, 300),  # half of the time until it is skipped
        (3600, 24, 1800),
        (7200, 24, 3600),
        (604_800, 8760, 3600),  # an hour, where records live long
        (604_800, 24, 3600),
    ],
)
def test_a_consumers_age_alarms_where_it_is_late(age: int, retention_hours: int, seconds: int) -> None:
    made = planned({**DERIVED, "retention_hours": retention_hours}, age=age, fan_out=True)
    alarms = alarms_of(made)
    for name, metric, dimensions in (
        ("fraud.iterator_age", "IteratorAge", ("FunctionName",)),
        ("fraud.fan_out_lag", "SubscribeToShardEvent.MillisBehindLatest", ("StreamName", "ConsumerName")),
    ):
        alarm = alarms[name]
        assert alarm.threshold == seconds * 1000
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


def test_an_alarm_is_changed_by_its_kind_for_all_nodes_and_by_its_name_for_one() -> None:
    both = {"iterator_age": {"threshold": 7}, "clicks.iterator_age": {"threshold": 9}}
    alarms = alarms_of(planned(DERIVED, alarms={"override": both}))
    assert (alarms["clicks.iterator_age"].threshold, alarms["fraud.iterator_age"].threshold) == (9, 7)
    silenced = planned(DERIVED, alarms={"silence": {"iterator_age": "nobody is ever late"}})
    assert [alarm.name for alarm in silenced.alarms if alarm.kind == "iterator_age"] == []
    assert silenced.alarms != ()


def test_an_alarm_may_tell_others_than_the_rest() -> None:
    made = planned(DERIVED, alarms={"notify": ["a@example.com"], "override": {"errors": {"notify": ["b@example.com"]}}})
    alarms = alarms_of(made)
    assert [target.model_dump() for target in alarms["fraud.errors"].notify] == [{"email": "b@example.com"}]
    assert not alarms["fraud.errors"].overridden  # its numbers are those that were computed
    assert {alarm.notify for name, alarm in alarms.items() if name != "fraud.errors"} == {()}


@pytest.mark.parametrize("off", [False, {"enabled": False}])
def test_no_alarms_are_none_and_nobody_is_missed(off: Any) -> None:
    made = planned(DERIVED, alarms=off)
    assert made.alarms == ()
    assert [finding.code for finding in made.findings] == []


def test_alarms_of_several_parts_share_a_name_and_have_a_key_each() -> None:
    alarm = alarms_of(planned(DERIVED))["fraud.errors"]
    parts = [replace(alarm, instance=instance) for instance in ("", "1", "2")]
    assert {part.name for part in parts} == {"fraud.errors"}
    assert [part.key for part in parts] == ["fraud.errors", "fraud.errors.1", "fraud.errors.2"]


@pytest.mark.parametrize(("minutes", "period", "periods"), [(5, 60, 5), (5, 300, 1), (6, 300, 2), (1440, 3600, 24)])
def test_minutes_are_looked_at_in_whole_periods(minutes: int, period: int, periods: int) -> None:
    alarm = replace(alarms_of(planned(DERIVED))["fraud.errors"], minutes=minutes, period_seconds=period)
    assert alarm.periods == periods


def test_your_own_numbers_are_all_that_is_looked_at() -> None:
    alarm = replace(alarms_of(planned(DERIVED))["fraud.errors"], datapoints=3)
    assert alarm.overridden_by(AlarmOverride(threshold=1)).datapoints is None
    assert alarm.overridden_by(AlarmOverride(notify=(NotifyEmail(email="a@example.com"),))).datapoints == 3
    assert alarm.overridden_by(None) is alarm


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (AlarmOverride(threshold=70), (900, 3)),
        (AlarmOverride(minutes=30), (900, 2)),
        (AlarmOverride(minutes=5), (60, 5)),
        (AlarmOverride(minutes=50), (60, 50)),
    ],
)
def test_your_own_minutes_are_looked_at_for_no_longer(override: AlarmOverride, expected: tuple[int, int]) -> None:
    alarm = replace(alarms_of(planned(DERIVED))["fraud.errors"], minutes=45, period_seconds=900)
    changed = alarm.overridden_by(override)
    assert (changed.period_seconds, changed.periods) == expected


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

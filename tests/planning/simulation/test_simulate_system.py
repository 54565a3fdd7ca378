"""A whole system minute by minute: from its plan to what is said of it, its alarms, and as an event source mapping has it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from streaming_constructs.facts import metrics
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.simulation import kinesis_records, simulate_event_source
from streaming_constructs.planning import AlarmPlan, PipelinePlan, plan
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.planning.simulation.alarms import ringing, series_of, spans
from streaming_constructs.planning.simulation.answer import answers, level_again
from streaming_constructs.planning.simulation.assumptions import assumptions
from streaming_constructs.planning.simulation.chart import chart_svg
from streaming_constructs.planning.simulation.day_costs import day_costs
from streaming_constructs.planning.simulation.models import batch_records, models_of
from streaming_constructs.planning.simulation.report import report
from streaming_constructs.planning.simulation.scenario import Burst, HotKey, Load, Outage, Scenario, Takes
from streaming_constructs.planning.simulation.simulate import ScenarioError, Simulation, simulate
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.patterns import find_pattern

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:fraud"
FLAT = (Load("flat"),)


def system(
    stream: dict[str, Any] | None = None,
    consumer: dict[str, Any] | None = None,
    deliveries: dict[str, Any] | None = None,
    age: int = 3600,
) -> PipelinePlan:
    data = {
        "name": "shop",
        "streams": {
            "clicks": {
                "kind": "kinesis",
                "shards": 2,
                "workload": {"records_per_second": 1000, "record_kb": 1},
                **(stream or {}),
            }
        },
        "consumers": {
            "fraud": {
                "kind": "lambda",
                "from": "clicks",
                "function_arn": ARN,
                "on_failure": {"retries": 5, "max_record_age_seconds": age, "destination": "s3"},
                **(consumer or {}),
            }
        },
        "deliveries": deliveries or {},
    }
    return plan(PipelineSpec.model_validate(data))


def rung(simulation: Simulation) -> dict[str, tuple[int, int | None]]:
    return {each.alarm.key: (each.start, each.end) for each in ringing(simulation)[0]}


def test_an_outage_is_answered_in_sentences_first() -> None:
    scenario = Scenario(
        1, FLAT, (Outage("fraud", 540, 30),), takes=(Takes("fraud", 0.1, "batch"),)
    )  # 2 shards × 100 records / 0.1 s: 2,000/s
    simulation = simulate(system(), scenario)
    assert list(answers(simulation)) == [
        (
            "fraud is down for 30 min from day 1, 09:00: nothing is lost by it. When it is back 1,800,000 records wait, the "
            "oldest for 30 min. It is level again at day 1, 10:00, 30 min after it is back."
        )
    ]
    assert simulation.lost == 0
    (reader,) = simulation.readers
    assert (level_again(reader, 570), reader.age[569], reader.age[570]) == (600, 30, 29)


def test_what_is_lost_is_told_and_when_it_began() -> None:
    lake = {"lake": {"from": "clicks", "to": {"kind": "s3", "format": "json"}}}
    simulation = simulate(system(deliveries=lake), Scenario(3, FLAT, (Outage("lake", 540, 1500),)))
    assert next(iter(answers(simulation))).startswith(
        "lake is down for 1 d 1 h from day 1, 09:00: 3,600,000 records are lost, expired unread after 1 d, the first at day 2, "
        "09:00. When it is back 86,400,000 records wait, the oldest for 1 d. "
    )
    assert simulation.lost == 3_600_000


def test_what_loses_most_is_said_first() -> None:
    scenario = Scenario(1, FLAT, (Outage("fraud", 540, 30),), (Burst(4, 540, 10),), (Takes("fraud", 0.1, "batch"),))
    first, second = answers(simulate(system(), scenario))
    assert "600,000 records are lost" in first
    assert second.startswith("fraud is down for 30 min from day 1, 09:00: nothing is lost by it.")


def test_outages_that_overlap_are_one() -> None:
    twice = (Outage("fraud", 540, 120), Outage("fraud", 600, 120), Outage("fraud", 720, 10))
    scenario = Scenario(1, FLAT, twice, takes=(Takes("fraud", 0.1, "batch"),))
    simulation = simulate(system(age=86_400), scenario)
    (told,) = answers(simulation)
    assert told.startswith("fraud is down for 3 h 10 min from day 1, 09:00")
    assert [each["end_minute"] for each in report(simulation, 0)["outages"]] == [730]


def test_an_outage_tells_of_its_own_time_alone() -> None:
    takes = (Takes("fraud", 0.1, "batch"),)
    twice = Scenario(1, FLAT, (Outage("fraud", 540, 90), Outage("fraud", 640, 90)), takes=takes)
    simulation = simulate(system(), twice)
    first, second = answers(simulation)
    kept = simulation.readers[0].kept
    assert f"{sum(kept[540:640]):,} records are given up" in first
    assert first.endswith("It is not level again when it is down for the next time, from day 1, 10:40.")
    assert f"{sum(kept[640:]):,} records are given up" in second
    waiting = simulation.readers[0].backlog[639]
    assert second.startswith(f"fraud is down for 1 h 30 min from day 1, 10:40, when {waiting:,} records wait already: ")


def test_what_is_offered_is_told_and_drawn_beside_what_is_accepted() -> None:
    simulation = simulate(system(), Scenario(1, FLAT, bursts=(Burst(4, 540, 10),)))
    told = report(simulation, 0)["streams"]["clicks"]
    assert (told["busiest_minute_records"], told["busiest_minute_accepted"]) == (240_000, 120_000)
    drawn = chart_svg(simulation)
    assert "records/s offered; area: accepted; dashed: what it takes" in drawn
    heights = [
        min(float(point.split(",")[1]) for point in re.findall(rf'class="{kind}" points="([^"]+)"', drawn)[0].split())
        for kind in ("line", "area")
    ]
    assert heights == [85.2, 123.6]  # of 96 below 66: 4,000 and 2,000 of 5,000 a second


def test_who_handles_less_than_comes_is_never_level_again() -> None:
    scenario = Scenario(1, FLAT, (Outage("fraud", 540, 30),), takes=(Takes("fraud", 0.2, "batch"),))
    told = " ".join(answers(simulate(system(), scenario)))
    assert "It is not level again within 1 day: 1,800,000 records still wait, as it handles 1,000 records/s" in told


def test_records_that_are_given_up_are_kept_not_lost() -> None:
    scenario = Scenario(1, FLAT, (Outage("fraud", 540, 90),), takes=(Takes("fraud", 0.05, "batch"),))
    simulation = simulate(system(), scenario)
    assert next(iter(answers(simulation))).startswith(
        "fraud is down for 1 h 30 min from day 1, 09:00: nothing is lost by it; 1,800,000 records are given up at an age of "
        "1 h, kept in S3 with their records."
    )
    assert simulation.lost == 0


def test_throttled_writes_are_told_with_what_producers_lose() -> None:
    simulation = simulate(system(), Scenario(1, FLAT, bursts=(Burst(4, 540, 10),)))
    told = list(answers(simulation))
    assert told[0] == (
        "clicks throttles writes in 19 minutes, for the first time at day 1, 09:00; 600,000 records are lost, as producers "
        "give them up after 5 min."
    )
    assert simulation.lost == 600_000  # the seventh minute of the burst, and half of each behind it
    assert "producers try again for 5 min what is throttled, then it is lost (`--retry`)" in set(
        assumptions(simulation)
    )


def test_without_an_event_nothing_is_lost() -> None:
    simulation = simulate(system(), Scenario(1, FLAT))
    assert (list(answers(simulation)), rung(simulation)) == (["In 1 day nothing is lost."], {})


def test_capacities_come_from_the_plan() -> None:
    stream = {"shards": 3, "workload": {"records_per_second": 100, "record_kb": 10}}
    planned = system(stream, {"parallelization_factor": 4, "batch_size": 1000, "batch_window_seconds": 0})
    (reader,) = models_of(planned, [Takes("fraud", 0.5, "batch")]).readers
    assert batch_records(1000, 10_240) == 460  # 6 MiB ÷ 4/3 of 10 KiB
    assert reader.per_shard == 4 * 460 * 120
    assert reader.capacity(3, None) == 3 * 4 * 460 * 120
    assert reader.capacity(3, 12_288) == 3 * 12_288


def test_a_function_that_takes_longer_than_it_may_is_ended() -> None:
    planned = system(consumer={"batch_size": 10_000})
    (reader,) = models_of(planned, [Takes("fraud", 0.01, "record")]).readers
    timeout = planned.consumers["fraud"].spec.timeout_seconds
    seconds = min(100 if timeout is None else timeout, 0.01 * batch_records(10_000, 1024))
    assert reader.per_shard == pytest.approx(batch_records(10_000, 1024) * 60 / seconds)


def test_a_delivery_to_another_place_than_s3_gives_up_to_its_backup() -> None:
    http = {
        "lake": {
            "from": "clicks",
            "to": {"kind": "http", "endpoint": "https://example.com/in", "secret_arn": SECRET, "retry_seconds": 300},
        }
    }
    lake = next(each for each in models_of(system(deliveries=http), []).readers if each.name == "lake")
    buffer = system(deliveries=http).deliveries["lake"].buffer_seconds
    assert (lake.gives_up_minutes, lake.gives_up_when_down) == (-(-(300 + buffer) // 60), True)


SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf"


def test_all_that_does_not_fit_the_system_is_told_at_once() -> None:
    scenario = Scenario(
        1,
        (Load("flat", "click"),),
        (Outage("fraude", 540, 30), Outage("fraud", 2000, 30)),
        (Burst(2, 5000, 1, "orders"),),
        (Takes("frau", 1, "batch"), Takes("fraud", 9000, "batch")),
    )
    with pytest.raises(ScenarioError) as error:
        simulate(system(consumer={"function_arn": None, "code": "handlers/fraud", "timeout_seconds": 60}), scenario)
    assert [problem.partition(";")[0] for problem in error.value.problems] == [
        "--outage: nobody who reads is called `fraude`",
        "--outage: fraud would be down after the last day",
        "--takes: no function that reads is called `frau`",
        "--takes: fraud is ended after 60 s",
        "--load: no stream that is looked at is called `click`",
        "--burst: no stream that is looked at is called `orders`",
        "--burst: it would begin after the last day",
    ]


def test_a_system_of_which_nothing_is_known_is_refused_with_what_to_write() -> None:
    with pytest.raises(ScenarioError, match=r"give it `workload: \{records_per_second: 1000, record_kb: 1\}`"):
        simulate(system({"workload": None}), Scenario())


# Alarms


def alarm(**more: Any) -> AlarmPlan:
    values: dict[str, Any] = {"threshold": 5, "minutes": 3, "title": "", "action": "", "working": ""} | more
    return AlarmPlan("clicks", "write_throttling", metrics.WRITE_THROTTLED, **values)


@pytest.mark.parametrize(
    ("more", "series", "expected"),
    [
        ({}, [0, 6, 6, 6, 6, 0], [(4, 6)]),
        ({}, [0, 6, 6, 0, 6, 6], []),
        ({}, [5, 5, 5, 6, 6, 6], [(6, None)]),
        ({"inclusive": True}, [5, 5, 5, 0], [(3, 4)]),
        ({"below": True}, [9, 1, 1, 1, 9], [(4, 5)]),
        ({"datapoints": 2}, [0, 6, 0, 6, 0, 0], [(4, 5)]),
        ({"minutes": 4, "period_seconds": 120}, [3, 3, 3, 3, 0, 0], [(4, 6)]),
    ],
)
def test_an_alarm_rings_while_enough_of_its_periods_are_past(
    more: dict[str, Any], series: list[int], expected: list[tuple[int, int | None]]
) -> None:
    assert list(spans(alarm(**more), series)) == expected


def test_alarms_of_an_outage_ring_when_they_are_due() -> None:
    lake = {"lake": {"from": "clicks", "to": {"kind": "s3", "format": "json", "buffer_seconds": 300}}}
    outages = (Outage("fraud", 540, 90), Outage("lake", 540, 30))
    scenario = Scenario(1, FLAT, outages, takes=(Takes("fraud", 0.05, "batch"),))
    simulation = simulate(system(deliveries=lake, age=7200), scenario)
    found = rung(simulation)
    # Half of two hours, for five minutes in a row: the 61st minute is the first that is older.
    assert found["fraud.iterator_age"][0] == 540 + 61 - 1 + 5
    assert found["fraud.throttles"] == (545, 631)
    # A minute's delivery fails five times in a row; it succeeds in the first minute behind the outage.
    assert found["lake.delivery_success"] == (545, 571)
    # 900 s: ten minutes of age and a buffer of five, so the eleventh minute is the first of five.
    assert found["lake.freshness"][0] == 540 + 11 - 1 + 5
    assert "fraud.failed_batches" not in found


def test_an_alarm_whose_metric_is_not_known_is_none_that_is_silent() -> None:
    simulation = simulate(system(), Scenario(1, FLAT))
    unknown = {each.key for each in ringing(simulation)[1]}
    assert {"clicks.put_records_failures", "fraud.errors"} <= unknown
    assert all(series_of(simulation, each) is None for each in simulation.plan.alarms if each.key in unknown)


# What programs and eyes get


def test_a_report_has_sums_and_series_that_are_as_coarse_as_they_are_asked_for() -> None:
    scenario = Scenario(1, FLAT, (Outage("fraud", 540, 30),), takes=(Takes("fraud", 0.1, "batch"),))
    simulation = simulate(system(), scenario)
    made = report(simulation, 60)
    assert made["outages"] == [
        {"node": "fraud", "stream": "clicks", "start_minute": 540, "end_minute": 570, "level_again_minute": 600}
    ]
    assert made["streams"]["clicks"]["series"]["arriving"] == [3_600_000] * 24
    assert max(made["readers"][0]["series"]["age_minutes"]) == made["readers"][0]["oldest_minutes"] == 30
    assert len(report(simulation, 1)["readers"][0]["series"]["backlog"]) == 1440
    assert "series" not in report(simulation, 0)["readers"][0]


def test_a_chart_draws_each_stream_and_who_ever_waits() -> None:
    lake = {"lake": {"from": "clicks", "to": {"kind": "s3", "format": "json"}}}
    drawn = chart_svg(simulate(system(deliveries=lake), Scenario(7, FLAT, (Outage("fraud", 540, 30),))))
    assert drawn.count('<polyline class="line"') == 3
    assert drawn.count('<rect class="down"') == 2
    assert "fraud reads clicks" in drawn
    assert "lake reads clicks" not in drawn
    assert "prefers-color-scheme:dark" in drawn


def test_names_leave_room_on_a_chart() -> None:
    long = "a" * 30 + "b" * 34
    plan_ = system(deliveries={long: {"from": "clicks", "to": {"kind": "s3", "format": "json"}}})
    drawn = chart_svg(simulate(plan_, Scenario(1, FLAT, (Outage(long, 540, 30),))))
    assert f"{'a' * 18}…{'b' * 17} reads clicks" in drawn


def test_a_chart_has_a_theme_of_its_own_where_no_screen_tells_one() -> None:
    simulation = simulate(system(), Scenario(1, FLAT))
    for dark, paper in ((False, "#ffffff"), (True, "#0d1117")):
        drawn = chart_svg(simulation, dark=dark)
        assert f".paper{{fill:{paper}}}" in drawn
        assert "prefers-color-scheme" not in drawn


def test_a_hot_key_throttles_its_shard_while_others_idle() -> None:
    plan_ = system({"shards": 4, "workload": {"records_per_second": 2000, "record_kb": 1}})
    even = simulate(plan_, Scenario(1, FLAT))
    simulation = simulate(plan_, Scenario(1, FLAT, hot_keys=(HotKey(0.5),)))
    hot, rest = simulation.streams["clicks"].parts
    assert even.lost == 0
    assert sum(hot.arriving) / 86_400 == pytest.approx(1250)  # half of 2,000, and a quarter of the rest
    assert sum(hot.accepted) / 86_400 == pytest.approx(1000)
    assert sum(rest.rejected) == 0
    told = list(answers(simulation))
    assert told[1] == (
        "Its hot shard gets 62% of the records of clicks: in the busiest minute 125% of what it takes, and the other 3 shards "
        "25% of what they take."
    )
    assert told[0].startswith("clicks throttles writes in 1,440 minutes")
    assert "50 % of the records of clicks have one key, and go to one shard" in list(assumptions(simulation))
    assert report(simulation, 0)["streams"]["clicks"]["hot_shard"]["most_use_of_others"] == 0.25
    assert "clicks, its hot shard" in chart_svg(simulation)


def test_a_hot_key_of_a_stream_with_one_shard_changes_nothing() -> None:
    simulation = simulate(system({"shards": 1}), Scenario(1, FLAT, hot_keys=(HotKey(0.9, "clicks"),)))
    assert simulation.streams["clicks"].parts == ()
    assert "clicks has one shard, where all keys go" in list(assumptions(simulation))


def test_a_reader_is_as_late_as_with_the_shard_of_the_hot_key() -> None:
    plan_ = system({"shards": 4})
    takes = (Takes("fraud", 0.2, "batch"),)  # 500 records/s of each shard
    even = simulate(plan_, Scenario(1, FLAT, takes=takes))
    skewed = simulate(plan_, Scenario(1, FLAT, takes=takes, hot_keys=(HotKey(0.6),)))  # 700 records/s in one
    assert (max(even.readers[0].age), max(skewed.readers[0].age)) == (0, 60)


def test_days_cost_what_is_there_by_the_hour_and_what_flows_as_it_is_simulated() -> None:
    plan_, takes = system(consumer={"function_arn": None, "code": "."}), (Takes("fraud", 0.5, "batch"),)
    whole, half = (
        day_costs(simulate(plan_, Scenario(2, (Load("day.csv", points=(factor,)),), takes=takes)))
        for factor in (1.0, 0.5)
    )
    lines = [{(line.node, line.what): line.usd for line in costs.lines} for costs in (whole, half)]
    assert lines[0]["clicks", "shards"] == lines[1]["clicks", "shards"] == pytest.approx(2 * 48 * 0.015)
    assert lines[0]["clicks", "records written"] == pytest.approx(1000 * 172_800 / 1e6 * 0.014)
    assert lines[1]["clicks", "records written"] == pytest.approx((lines[0]["clicks", "records written"] or 0) / 2)
    (invoked,) = [line.quantity for line in whole.lines if line.what == "invocations"]
    (duration,) = [line.quantity for line in whole.lines if line.what == "duration"]
    assert duration == pytest.approx((invoked or 0) * 0.5 * plan_.consumers["fraud"].spec.memory_mb / 1024)
    assert whole.hours == 48


def test_a_delivery_reads_no_more_of_a_partition_than_firehose_may() -> None:
    models = models_of(load_plan(find_pattern("kafka-tiered-storage").spec_path), ())
    (lake,) = [reader for reader in models.readers if reader.name == "lake"]
    assert lake.capacity(6, None) == int(6 * 10 * 1024**2 * 60 / models.streams["readings"].record_bytes)


def test_where_prices_are_not_known_no_costs_are_told() -> None:
    plan_ = plan(system().spec.model_copy(update={"region": "us-gov-east-7"}))
    assert report(simulate(plan_, Scenario(1, FLAT)), 0)["costs"] is None


# The same, record by record


def test_a_backlog_takes_as_long_as_an_event_source_mapping_needs_for_it() -> None:
    """20 minutes of 10 records a second wait for a function that takes 10 s for a batch of 100; then nothing more comes."""
    taken, down = 10.0, 20
    load = Load("day.csv", points=(10.0,) * down + (0.0,) * (1440 - down), is_absolute=True)
    scenario = Scenario(1, (load,), (Outage("fraud", 0, down),), takes=(Takes("fraud", taken, "batch"),))
    for age in (3600, 600):
        (reader,) = simulate(system({"shards": 1}, age=age), scenario).readers
        level = level_again(reader, down)
        assert level is not None
        records = [record for second in range(down * 60) for record in arrived(second)]
        mapping = EventSourceMapping(
            maximum_record_age_in_seconds=age, on_failure="arn:aws:sqs:us-east-1:123456789012:q"
        )
        rehearsed = simulate_event_source(handled, records, mapping, now=down * 60.0, invocation_seconds=taken)
        assert level - down == pytest.approx(len(rehearsed.invocations) * taken / 60, rel=0.1)
        assert sum(reader.handled) == pytest.approx(len(rehearsed.handled), rel=0.1)
        given_up = sum(len(failure.records) for failure in rehearsed.failures)
        assert sum(reader.kept) == pytest.approx(given_up, rel=0.1)


def arrived(second: int) -> list[Any]:
    return kinesis_records(["x"] * 10, first=second * 10 + 1, arrival=float(second))


def handled(event: dict[str, Any], context: Any) -> None:
    """A function that takes what it gets."""

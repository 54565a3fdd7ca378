"""What happens in a simulation: loads, tables of loads, times and options as they are written."""

from __future__ import annotations

import pytest

from streaming_constructs.planning.simulation.arrivals import arrivals
from streaming_constructs.planning.simulation.clock import length, minute_of, minutes_of, seconds_of, time
from streaming_constructs.planning.simulation.load_file import LoadError, read_load
from streaming_constructs.planning.simulation.scenario import (
    Burst,
    Load,
    Outage,
    Scenario,
    Takes,
    parse_burst,
    parse_outage,
    parse_takes,
)
from streaming_constructs.planning.simulation.shapes import PRESETS, factors
from streaming_constructs.spec.workload import Workload

DAY = 1440


def test_times_and_lengths_are_read_as_people_write_them() -> None:
    assert [seconds_of(text) for text in ("2h", "1h30m", "200ms", "1.5s", "1d")] == [7200, 5400, 0.2, 1.5, 86_400]
    assert [seconds_of(text) for text in ("", "2", "h", "-2h", "2h ", "2 h", "1e3s", "٣h")] == [None] * 8
    assert [minutes_of(text) for text in ("2h", "90s", "0h", "60s")] == [120, None, None, 1]
    assert [minute_of(text) for text in ("09:00", "9:05", "2d09:00", "0d09:00", "24:00", "09:60", "9")] == [
        540,
        545,
        1980,
        None,
        None,
        None,
        None,
    ]
    assert (time(1980), length(161), length(0)) == ("day 2, 09:00", "2 h 41 min", "0 min")


def test_options_are_read() -> None:
    assert parse_outage("fraud=2h") == Outage("fraud", 540, 120)
    assert parse_outage("fraud=2h@2d10:30") == Outage("fraud", 2070, 120)
    assert parse_burst("5x@09:00/1h") == Burst(5, 540, 60)
    assert parse_burst("clicks=1.5x") == Burst(1.5, 540, 30, "clicks")
    assert parse_takes("fraud=200ms") == Takes("fraud", 0.2, "batch")
    assert parse_takes("fraud=2ms/record") == Takes("fraud", 0.002, "record")


@pytest.mark.parametrize("text", ["fraud", "fraud=2", "=2h", "fraud=2h@25:00", "fraud=90s", "fraud=-2h", "fraud=0h"])
def test_what_is_no_outage_is_told_with_one_to_paste(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no outage: write `CONSUMER=2h`"):
        parse_outage(text)


@pytest.mark.parametrize("text", ["5", "x", "-5x", "0x", "5x@9", "5x@09:00/", "1.2.3x", "nanx"])
def test_what_is_no_burst_is_told_with_one_to_paste(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no burst: write `5x@09:00/30m`"):
        parse_burst(text)


@pytest.mark.parametrize("text", ["fraud", "fraud=1", "=1s", "fraud=1s/shard", "fraud=1s/", "fraud=0s"])
def test_what_is_no_time_is_told_with_one_to_paste(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time: write `CONSUMER=200ms`"):
        parse_takes(text)


@pytest.mark.parametrize("preset", ["office-hours", "evening", "weekly"])
@pytest.mark.parametrize("peak", [1.5, 2, 3])
def test_a_preset_has_the_mean_and_the_peak_of_the_workload(preset: str, peak: float) -> None:
    shape = factors(preset, peak)
    assert max(shape) == peak
    assert sum(shape) / len(shape) == pytest.approx(1, abs=1e-6)


def test_without_a_peak_factor_the_workload_is_the_peak() -> None:
    assert max(factors("evening", 1)) == 1
    assert factors("evening", 1)[20 * 60] == 1
    assert factors("evening", 1)[30] == pytest.approx((0.4 + 0.25) / 2)
    assert set(factors("flat", 3)) == {1}
    assert {name: len(factors(name, 1)) // DAY for name in PRESETS} == {
        "flat": 1,
        "office-hours": 1,
        "evening": 1,
        "weekly": 7,
    }


def test_records_of_a_minute_are_whole_and_none_gets_lost() -> None:
    workload = Workload(records_per_second=0.02, record_kb=1)
    records = arrivals(workload, Load("flat"), [], 100)
    assert (records[:5], sum(records)) == ([1, 1, 1, 1, 2], 120)


def test_bursts_multiply() -> None:
    workload = Workload(records_per_second=1, record_kb=1)
    assert arrivals(workload, Load("flat"), [Burst(2, 1, 2), Burst(3, 2, 9)], 4) == [60, 120, 360, 180]


def test_the_last_load_of_a_stream_counts_and_one_that_names_it_wins() -> None:
    loads = (Load("evening", "clicks"), Load("flat"), Load("weekly"))
    scenario = Scenario(loads=loads)
    assert [scenario.load_of(name).name for name in ("clicks", "orders")] == ["evening", "weekly"]
    assert Scenario().load_of("clicks").name == "office-hours"


def test_a_row_of_a_table_holds_until_the_next_and_the_last_until_the_first() -> None:
    load = read_load("day.csv", "time,factor\n09:00,2\n17:00,0.5\n")
    assert (load.is_absolute, len(load.points)) == (False, DAY)
    assert [load.points[minute] for minute in (0, 539, 540, 1019, 1020, 1439)] == [0.5, 0.5, 2, 2, 0.5, 0.5]


def test_a_table_that_goes_beyond_a_day_is_of_a_week() -> None:
    load = read_load("week.csv", "\ufeffminute, records_per_second\n0,10\n\n7200,1\n", "clicks")
    assert (load.is_absolute, load.stream, len(load.points)) == (True, "clicks", 7 * DAY)
    assert [load.points[minute] for minute in (0, 7199, 7200)] == [10, 10, 1]
    assert arrivals(Workload(records_per_second=5, record_kb=1), load, [], 1) == [600]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["`x.csv` has the columns ``: write it as `time,factor`"]),
        ("time,rate\n", ["`x.csv` has the columns `time, rate`: write it as"]),
        ("time,minute,factor\n", ["`x.csv` has the columns `time, minute, factor`"]),
        ("time,factor\n", ["`x.csv` has no rows"]),
        (
            "minute,factor\n0,-1\nsoon,1\n5,nan\n5\n6,1\n6,2\n",
            [
                "`x.csv`, line 2: `-1` is no factor: write a number from 0, such as `1.5`",
                "`x.csv`, line 3: `soon` is no minute within a week: write `540`",
                "`x.csv`, line 4: `nan` is no factor",
                "`x.csv`, line 5: `` is no factor",
                "`x.csv`, line 7: `6` is not later than the row before: sort the rows by minute",
            ],
        ),
        ("time,factor\n8d00:00,1\n", ["`x.csv`, line 2: `8d00:00` is no time within a week: write `09:00`"]),
    ],
)
def test_all_that_is_wrong_with_a_table_is_told_at_once(text: str, problems: list[str]) -> None:
    with pytest.raises(LoadError) as error:
        read_load("x.csv", text)
    assert len(error.value.problems) == len(problems)
    assert all(found.startswith(told) for found, told in zip(error.value.problems, problems, strict=True))


def test_of_many_bad_lines_ten_are_told() -> None:
    with pytest.raises(LoadError) as error:
        read_load("x.csv", "time,factor\n" + "x,1\n" * 500)
    assert error.value.problems[-1] == "and 490 more lines of `x.csv`"
    assert len(error.value.problems) == 11

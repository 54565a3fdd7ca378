"""The deployed SQL on a real Flink: windows have what is theirs, on every runtime, in any order that the watermark allows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.flink_jars import FLINK_OF_RUNTIME
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.planning.analytics.flink_ddl import source_table
from streaming_constructs.spec import FlinkSqlSpec, KinesisStreamSpec
from streaming_constructs.spec.schemas import RecordField, record_schema
from streaming_constructs.spec.watermark import Watermark
from streaming_constructs.testing.flink_scenario import FlinkScenario
from tests.local.flink_clickstream import (
    EVENTS,
    ROWS,
    SESSIONS,
    STATEMENTS,
    TUMBLING,
    VARIABLES,
    VIEWED,
    click,
    source,
)

pytestmark = pytest.mark.xdist_group("flink")


@pytest.fixture
def flink(flink_jvm: LocalFlink) -> FlinkScenario:
    return FlinkScenario(flink_jvm)


@pytest.mark.parametrize("runtime", FLINK_OF_RUNTIME)
def test_every_runtime_gives_the_rows_that_were_worked_out_by_hand(
    runtime: str, flink_of: Callable[[str], LocalFlink]
) -> None:
    scenario = FlinkScenario(flink_of(runtime))
    scenario.load(STATEMENTS, VARIABLES)
    scenario.given("clicks", EVENTS)
    assert scenario.run() == ROWS


@pytest.mark.parametrize("runtime", FLINK_OF_RUNTIME)
def test_every_form_of_a_time_makes_a_watermark(runtime: str, flink_of: Callable[[str], LocalFlink]) -> None:
    """Each beside invalid records that are skipped and that fail, and under its own name and another."""
    formats = (None, "iso8601", "epoch_millis", "epoch_seconds", "dd/MM/yyyy HH:mm:ss")
    statements = ["CREATE TABLE counted (minute_at TIMESTAMP(3), n BIGINT) WITH ('connector' = 'blackhole')"]
    for number, (written, key, invalid) in enumerate(product(formats, (None, "time at"), ("fail", "skip"))):
        schema = record_schema({"at": RecordField(type="timestamp", timestamp_format=written, json_key=key)})
        spec = FlinkSqlSpec(sql=("SELECT 1",), invalid_records=invalid)
        watermark = Watermark(field="at", delay_seconds=5)
        statements += source_table(f"t{number}", KinesisStreamSpec(), schema, watermark, spec, "").statements
        window = f"TABLE(TUMBLE(TABLE t{number}, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))"
        statements.append(
            f"INSERT INTO counted SELECT window_start, COUNT(*) FROM {window} GROUP BY window_start, window_end"
        )
    arns = {f"T{number}_STREAM_ARN": VARIABLES["clicks"] for number in range(len(formats) * 4)}
    variables = arns | {"AWS_REGION": VARIABLES["region"]}
    assert flink_of(runtime).validate(SqlDocument(tuple(statements), {}), variables) == ()


def test_what_runs_locally_plans_as_it_is_deployed(flink: FlinkScenario) -> None:
    flink.load(STATEMENTS, VARIABLES)
    assert flink.validate() == ("totals",)  # no jar of Kafka is there


def test_a_late_event_is_dropped_and_counted(flink: FlinkScenario) -> None:
    flink.load((source(), VIEWED, *TUMBLING), VARIABLES)
    flink.given("clicks", [click("ann", 1), click("ann", 70), click("ann", 2)])
    assert [row["views"] for row in flink.run()["views_per_minute"]] == [1, 1]
    assert flink.last is not None
    assert (flink.last.records_in, sum(flink.last.late_records_dropped.values())) == ({"clicks": 3}, 1)


def test_events_of_one_scenario_are_not_seen_by_the_next(flink_jvm: LocalFlink) -> None:
    for _ in range(2):
        scenario = FlinkScenario(flink_jvm)
        scenario.load((source(), VIEWED, *TUMBLING), VARIABLES)
        scenario.given("clicks", [click("ann", 1)])
        assert [row["views"] for row in scenario.run()["views_per_minute"]] == [1]


@st.composite
def shuffled(draw: st.DrawFn) -> list[int]:
    """Seconds of events, each at most as late as the watermark waits for."""
    seconds = draw(st.lists(st.integers(0, 300), min_size=1, max_size=30))
    lateness = draw(st.lists(st.integers(0, 4), min_size=len(seconds), max_size=len(seconds)))
    arrivals = sorted(zip(seconds, lateness, strict=True), key=lambda each: each[0] + each[1])
    return [second for second, _ in arrivals]


@settings(max_examples=3)  # each is two jobs
@given(seconds=shuffled())
def test_any_order_within_the_watermark_gives_the_same_windows(flink_jvm: LocalFlink, seconds: list[int]) -> None:
    statements = (source(), VIEWED, *TUMBLING, *SESSIONS)
    ran = []
    for order in (seconds, sorted(seconds)):
        scenario = FlinkScenario(flink_jvm)
        scenario.load(statements, VARIABLES)
        scenario.given("clicks", [click("ann", second) for second in order])
        ran.append((scenario.run(), scenario.last and scenario.last.late_records_dropped))
    assert ran[0] == ran[1]
    assert sum(row["views"] for row in ran[0][0]["views_per_minute"]) == len(seconds)


def test_columns_of_metadata_are_given_with_an_event(flink: FlinkScenario) -> None:
    topic = (
        "CREATE TABLE topic (page STRING, part INT METADATA FROM 'partition' VIRTUAL) WITH ("
        "'connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9098', 'format' = 'json')"
    )
    sink = "CREATE TABLE seen (page STRING, part INT) WITH ('connector' = 'print')"
    flink.load((topic, sink, "INSERT INTO seen SELECT page, part FROM topic"))
    flink.given("topic", [{"page": "/a", "part": 3}])
    assert flink.run() == {"seen": [{"page": "/a", "part": 3}]}


def test_views_may_come_before_their_tables_are_swapped_and_comments_before_statements(flink: FlinkScenario) -> None:
    commented = tuple(f"-- what is deployed\n/* as it is */ {each}" for each in (source(), VIEWED, *TUMBLING))
    flink.load(commented, VARIABLES)
    flink.given("clicks", [click("ann", 1)])
    assert [row["page"] for row in flink.run()["views_per_minute"]] == ["/home"]


def test_a_window_over_the_time_of_processing_is_refused_in_a_run_and_planned(flink: FlinkScenario) -> None:
    timed = source().replace("`event_time` TIMESTAMP_LTZ(3),", "`event_time` TIMESTAMP_LTZ(3), `now` AS PROCTIME(),")
    insert = TUMBLING[1].replace("DESCRIPTOR(event_time)", "DESCRIPTOR(now)")
    flink.load((timed, VIEWED, TUMBLING[0], insert), VARIABLES)
    flink.validate()
    with pytest.raises(FlinkError, match="a window is over now, which is the time of processing"):
        flink.run()


def test_an_event_that_cannot_be_read_fails_the_run_with_the_event(flink: FlinkScenario) -> None:
    flink.load((source(), VIEWED, *TUMBLING), VARIABLES)
    flink.given("clicks", ["{not json"])
    with pytest.raises(FlinkError) as failed:
        flink.run()
    assert any("the event {not json cannot be read" in cause for cause in failed.value.causes)

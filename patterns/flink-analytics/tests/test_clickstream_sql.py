"""The queries of `sql/clickstream.sql` on a real Flink: what comes of given clicks.

They are skipped where there is no Java 17, or Flink is not on this machine: `streaming-constructs jars --flink FLINK-2_3`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs import PipelineSpec, SpecError, plan
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.testing.flink_scenario import FlinkScenario

PATTERN = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def running() -> Iterator[LocalFlink]:
    """Return a Flink that all tests share: it takes seconds to start, and each scenario one or two."""
    flink = LocalFlink("FLINK-2_3")
    try:
        flink.start()
    except SpecError as error:
        pytest.skip(f"no Java 17, or no jars of Flink: {error.findings[0].message}")
    with flink:
        yield flink


@pytest.fixture
def clickstream(running: LocalFlink) -> FlinkScenario:
    """Return a scenario of the application, as the spec describes it."""
    own = PATTERN / "pipeline.yaml"  # what a project calls its spec, with environments in it
    spec = PipelineSpec.load(own, "prod") if own.exists() else PipelineSpec.load(PATTERN / "pattern.yaml")
    scenario = FlinkScenario(running)
    scenario.load(plan(spec).nodes["clickstream"])
    return scenario


def click(user: str | None, time: str, page: str | None = "/", action: str = "view") -> dict[str, Any]:
    """Build a click of 15 January, at `time`, such as `09:30:00`."""
    return {"event_id": "e", "user_id": user, "page": page, "action": action, "event_time": f"2026-01-15T{time}Z"}


def views(rows: dict[str, list[Any]]) -> list[tuple[str, str, int, int]]:
    """Return page, end of the window, views and users of each item that was written."""
    written = [row for sign, row in rows["page_views"] if sign == "+"]
    return sorted((row["page"], row["window_end"][11:19], row["views"], row["users"]) for row in written)


def sessions(rows: dict[str, list[Any]]) -> list[tuple[str, str, str, int]]:
    """Return user, first click, end and clicks of each session."""
    return sorted(
        (row["user_id"], row["session_start"][11:19], row["session_end"][11:19], row["clicks"])
        for row in rows["sessions"]
    )


def test_views_and_visitors_are_counted_minute_by_minute(clickstream: FlinkScenario) -> None:
    clickstream.given(
        "clicks",
        [
            click("ann", "09:30:00"),
            click("bob", "09:30:30"),
            click("ann", "09:30:59", action="buy"),
            click("ann", "09:30:59.999", "/cart"),
            click("ann", "09:31:00"),
            click("ann", "09:31:01"),
        ],
    )
    assert views(clickstream.run()) == [
        ("/", "09:31:00", 2, 2),
        ("/", "09:32:00", 2, 1),
        ("/cart", "09:31:00", 1, 1),
    ]


def test_an_item_expires_thirty_days_after_its_minute(clickstream: FlinkScenario) -> None:
    clickstream.given("clicks", [click("ann", "09:30:00")])
    ((_, item),) = clickstream.run()["page_views"]
    assert item["expires_at"] == 1_768_469_460 + 30 * 86_400


@pytest.mark.parametrize(("clicks", "alerts"), [(9, []), (10, [("eve", 10)]), (16, [("eve", 16)])])
def test_ten_clicks_a_minute_are_an_alert(
    clickstream: FlinkScenario, clicks: int, alerts: list[tuple[str, int]]
) -> None:
    clickstream.given("clicks", [click("eve", f"09:30:{second:02d}") for second in range(clicks)])
    assert [(row["user_id"], row["clicks"]) for row in clickstream.run()["alerts"]] == alerts


def test_a_visit_ends_after_half_an_hour_without_a_click(clickstream: FlinkScenario) -> None:
    times = ["09:00:00", "09:29:59", "09:59:58", "10:29:59"]
    clickstream.given("clicks", [click("ann", time) for time in times])
    assert sessions(clickstream.run()) == [
        ("ann", "09:00:00", "10:29:58", 3),
        ("ann", "10:29:59", "10:59:59", 1),
    ]


def test_clicks_may_come_out_of_order_by_ten_seconds(clickstream: FlinkScenario) -> None:
    clickstream.given("clicks", [click("ann", "09:31:09"), click("ann", "09:30:59"), click("bob", "09:31:00")])
    assert views(clickstream.run()) == [("/", "09:31:00", 1, 1), ("/", "09:32:00", 2, 2)]


def test_a_click_that_is_later_is_in_no_window(clickstream: FlinkScenario) -> None:
    clickstream.given("clicks", [click("ann", "09:31:11"), click("ann", "09:30:59")])
    rows = clickstream.run()
    assert views(rows) == [("/", "09:32:00", 1, 1)]
    assert clickstream.last is not None
    assert clickstream.last.late_records_dropped


@pytest.mark.parametrize(
    "broken",
    [
        '{"event_id": "e", "user_id": "ann"',
        "",
        click("ann", "09:30:10") | {"event_time": "yesterday"},
        click("ann", "09:30:10") | {"event_time": None},
        click("ann", "09:30:10") | {"event_time": 1768469410},
        click(None, "09:30:10", None),
    ],
    ids=["cut off", "empty", "no such time", "no time", "time as number", "neither user nor page"],
)
def test_what_is_broken_is_left_out_and_stops_nothing(clickstream: FlinkScenario, broken: dict[str, Any] | str) -> None:
    clickstream.given("clicks", [broken, click("ann", "09:30:00"), broken, click("ann", "09:30:20")])
    rows = clickstream.run()
    assert views(rows) == [("/", "09:31:00", 2, 1)]
    assert sessions(rows) == [("ann", "09:30:00", "10:00:20", 2)]

"""The queries of `sql/counting.sql` on a real Flink: what comes of given clicks.

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
Rows = dict[str, list[Any]]


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
def counting(running: LocalFlink) -> FlinkScenario:
    """Return a scenario of the application, as the spec describes it."""
    own = PATTERN / "pipeline.yaml"  # what a project calls its spec, with environments in it
    spec = PipelineSpec.load(own, "prod") if own.exists() else PipelineSpec.load(PATTERN / "pattern.yaml")
    scenario = FlinkScenario(running)
    scenario.load(plan(spec).nodes["counting"])
    return scenario


def click(user: str | None, time: str, page: str | None = "/", action: str = "view") -> dict[str, Any]:
    """Build a click of 15 January, at `time`, such as `09:30:00`."""
    return {"event_id": "e", "user_id": user, "page": page, "action": action, "event_time": f"2026-01-15T{time}Z"}


def items(rows: Rows, table: str) -> list[dict[str, Any]]:
    """Return what was put into a table of DynamoDB, in the order of what it counted."""
    assert {sign for sign, _ in rows[table]} == {"+"}
    return sorted((row for _, row in rows[table]), key=lambda row: (row["minute"], row["views"]))


def steps(rows: Rows, page: str) -> list[tuple[str, str, int, int]]:
    """Return minute, how far it was counted, views and visitors of each item of a page, the oldest first."""
    return sorted(
        (item["minute"][11:16], item["counted_until"][11:19], item["views"], item["visitors"])
        for item in items(rows, "live_counts")
        if item["page"] == page
    )


def kept(rows: Rows) -> dict[tuple[str, str], int]:
    """Return the views that are left in the table: an item of a key takes the place of the one before."""
    written = sorted(items(rows, "live_counts"), key=lambda item: item["counted_until"])
    return {(item["page"], item["minute"][11:16]): item["views"] for item in written}


def totals(rows: Rows) -> list[tuple[str, int, int, int]]:
    """Return minute, views, visitors and orders of each minute."""
    return sorted((row["minute"][11:16], row["views"], row["visitors"], row["orders"]) for row in rows["totals"])


def test_a_minute_is_written_every_ten_seconds_with_what_was_counted_so_far(counting: FlinkScenario) -> None:
    counting.given(
        "clicks",
        [click("ann", "09:30:05"), click("ann", "09:30:12"), click("bob", "09:30:45"), click("bob", "09:31:00")],
    )
    first = [("09:30", f"09:30:{second}0", views, 1) for second, views in ((1, 1), (2, 2), (3, 2), (4, 2))]
    whole = [("09:30", "09:30:50", 3, 2), ("09:30", "09:31:00", 3, 2)]
    assert steps(counting.run(), "*")[:6] == first + whole


def test_pages_are_counted_apart_and_all_of_them_under_a_star(counting: FlinkScenario) -> None:
    clicks = [click("ann", "09:30:00"), click("bob", "09:30:01"), click("ann", "09:30:02", "/cart")]
    counting.given("clicks", [*clicks, click("ann", "09:31:30", "/cart")])
    assert kept(counting.run()) == {
        ("*", "09:30"): 3,
        ("/", "09:30"): 2,
        ("/cart", "09:30"): 1,
        ("*", "09:31"): 1,
        ("/cart", "09:31"): 1,
    }


def test_what_is_no_page_is_counted_nowhere(counting: FlinkScenario) -> None:
    longest = "/" + "ü" * 499
    others = ["*", "*/", "", "cart", None, longest + "x"]
    counting.given("clicks", [click("ann", "09:30:00", page) for page in [*others, longest]])
    rows = counting.run()
    assert kept(rows) == {("*", "09:30"): 1, (longest, "09:30"): 1}
    assert {item["page"] for item in items(rows, "top_pages")} == {longest}


def test_items_expire_two_days_after_their_minute(counting: FlinkScenario) -> None:
    counting.given("clicks", [click("ann", "09:30:00")])
    rows = counting.run()
    found = {item["expires_at"] for table in ("live_counts", "top_pages") for item in items(rows, table)}
    assert found == {1_768_469_400 + 2 * 86_400}


def test_the_ten_pages_that_were_viewed_most_have_a_place(counting: FlinkScenario) -> None:
    views = [
        click("ann", "09:30:01", f"/{name}") for place, name in enumerate("abcdefghijkl") for _ in range(12 - place)
    ]
    counting.given("clicks", views)
    top = [item for item in items(counting.run(), "top_pages") if item["views"] and item["minute"][11:16] == "09:30"]
    assert {(item["place"], item["page"], item["views"]) for item in top} == {
        (place, f"/{name}", 13 - place) for place, name in enumerate("abcdefghij", 1)
    }


def test_a_place_is_taken_by_who_overtakes(counting: FlinkScenario) -> None:
    counting.given("clicks", [click("ann", "09:30:01", "/a"), *[click("bob", "09:30:55", "/b")] * 2])
    first = [item["page"] for item in items(counting.run(), "top_pages") if item["place"] == 1]
    assert first == ["/a"] * 5 + ["/b"]


def test_totals_are_told_once_when_a_minute_has_ended(counting: FlinkScenario) -> None:
    buys = [click("bob", "09:30:20", "/checkout", "buy"), click("eve", "09:31:01", "/checkout", "buy")]
    counting.given("clicks", [click("ann", "09:30:00"), click("ann", "09:30:10"), *buys])
    assert totals(counting.run()) == [("09:30", 2, 2, 1), ("09:31", 0, 1, 1)]


def test_clicks_may_come_out_of_order_by_ten_seconds_and_no_later(counting: FlinkScenario) -> None:
    counting.given(
        "clicks",
        [click("ann", "09:31:09"), click("ann", "09:30:59"), click("bob", "09:31:10"), click("eve", "09:30:58")],
    )
    rows = counting.run()
    assert totals(rows) == [("09:30", 1, 1, 0), ("09:31", 2, 2, 0)]
    assert kept(rows)["*", "09:30"] == 1
    assert counting.last is not None
    assert counting.last.late_records_dropped


def test_what_is_broken_is_left_out_and_stops_nothing(counting: FlinkScenario) -> None:
    good = click("ann", "09:30:00")
    broken = [
        '{"event_id": "e", "user_id": "ann"',
        "",
        *[good | {"event_time": time} for time in ("yesterday", None, 1)],
    ]
    counting.given("clicks", [*broken, good, *broken, click("ann", "09:30:20")])
    rows = counting.run()
    assert totals(rows) == [("09:30", 2, 1, 0)]
    assert kept(rows) == {("*", "09:30"): 2, ("/", "09:30"): 2}

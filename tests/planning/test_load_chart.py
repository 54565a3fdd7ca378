"""The drawing of costs and capacity over the load: well-formed, within its borders, and nothing in it is obeyed."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs import PipelineSpec, plan
from streaming_constructs.planning.drawing.axis import amount_label, rounded_up
from streaming_constructs.planning.loads.chart import apart, load_chart
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import list_patterns

STREAM = {"kind": "kinesis", "workload": {"records_per_second": 1000, "record_kb": 1}}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("pattern", list_patterns(), ids=lambda pattern: pattern.name)
def test_the_chart_of_a_pattern_stays_within_its_borders(pattern: object) -> None:
    root = ET.fromstring(load_chart(load_plan(pattern.spec_path)))  # type: ignore[attr-defined]
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    lines = [element.attrib["points"] for element in root.iter(f"{SVG}polyline")]
    assert lines
    for points in lines:
        for x, y in (map(float, point.split(",")) for point in points.split()):
            assert 0 <= x <= width
            assert 0 <= y <= height
    texts = "".join(root.itertext())
    assert "Costs" in texts
    assert "Capacity" in texts


def test_costs_of_all_modes_are_drawn_by_stream() -> None:
    chart = load_chart(plan(PipelineSpec.model_validate({"name": "shop", "streams": {"clicks": STREAM}})))
    assert re.findall(r'class="t\d"[^>]*>([^<]*)<', chart) == [
        *("together", "of it for being there"),
        *("provisioned", "on demand", "on demand with Advantage"),
        *("clicks records written", "clicks bytes written", "(account) shards"),
    ]


def test_a_chart_says_where_its_prices_are_reckoned() -> None:
    def titles(region: str) -> list[str]:
        spec = {"name": "shop", "region": region, "streams": {"clicks": STREAM}}
        return re.findall(r"USD a month[^<]*", load_chart(plan(PipelineSpec.model_validate(spec))))

    assert titles("us-east-1") == ["USD a month", "USD a month of the stream, by mode"]
    reckoned = "; some prices reckoned from us-east-1"
    assert titles("eu-west-3") == [f"USD a month{reckoned}", f"USD a month of the stream, by mode{reckoned}"]


def test_without_prices_capacity_is_drawn_alone() -> None:
    spec = {"name": "shop", "region": "cn-north-1", "streams": {"clicks": STREAM}}
    chart = load_chart(plan(PipelineSpec.model_validate(spec)))
    assert "USD" not in chart
    assert "Capacity" in chart


def test_a_picture_is_dark_light_or_as_the_screen_is() -> None:
    planned = load_plan(list_patterns()[0].spec_path)
    light, dark, either = (load_chart(planned, dark=dark) for dark in (False, True, None))
    assert ("#ffffff" in light, "#0d1117" in light) == (True, False)
    assert ("#ffffff" in dark, "#0d1117" in dark) == (False, True)
    assert "prefers-color-scheme:dark" in either


@given(st.lists(st.floats(60, 200), min_size=1, max_size=6))
def test_names_never_stand_on_one_another_nor_outside(wanted: list[float]) -> None:
    placed = apart(wanted, 60, 200)
    assert all(low + 14.999 <= high for low, high in pairwise(sorted(placed)))
    assert all(60 - 1e-9 <= y <= 200 + 1e-9 for y in placed)


@given(st.floats(1e-3, 1e9))
def test_an_axis_ends_above_what_is_on_it(value: float) -> None:
    assert value <= rounded_up(value) * (1 + 1e-9) <= 2.5000001 * value * (1 + 1e-9)


def test_amounts_are_short() -> None:
    assert [amount_label(value) for value in (0, 2.5, 750, 2500, 1e6, 3e9)] == [
        "0",
        "2.5",
        "750",
        "2.5 k",
        "1 M",
        "3 G",
    ]

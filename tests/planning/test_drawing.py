"""Pictures of systems: what is drawn, where it stands, and that nothing of a spec is obeyed by what shows them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.kinds import KINDS
from streaming_constructs.planning.drawing.graph import SERVICES, Arrow, Box, Graph, graph_of
from streaming_constructs.planning.drawing.layers import crossings, layers_of
from streaming_constructs.planning.drawing.layout import LABEL_SIZE, Layout, layout_of
from streaming_constructs.planning.drawing.mermaid import mermaid
from streaming_constructs.planning.drawing.svg import svg
from streaming_constructs.planning.drawing.text import text
from streaming_constructs.planning.drawing.text_width import text_width, wrapped
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import find_pattern, list_patterns

HOSTILE = '<script>"]-->\x1b[2J&amp;'
Rect = tuple[float, float, float, float]


def big(seed: int = 1, boxes: int = 26) -> Graph:
    """An odd system: ways that pass layers, a loop, and boxes without any."""
    chance = random.Random(seed)
    arrows = [
        Arrow(chance.randrange(max(0, end - 6), end), end, "1,000 records/s" if end % 2 else "", end % 5 == 0)
        for end in range(1, boxes - 2)
        for _ in range(1 + end % 2)
    ]
    arrows += [Arrow(0, boxes - 3), Arrow(boxes - 3, 2)]
    nodes = tuple(
        Box(f"node-{number}" * (1 + number % 4), "Kinesis stream", "stream", ("1 shard",)) for number in range(boxes)
    )
    return Graph("big", nodes, tuple(dict.fromkeys(arrows)))


def rects(layout: Layout) -> list[Rect]:
    """The room that boxes and labels take."""
    boxes = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes]
    labels = []
    for arrow in layout.arrows:
        if arrow.arrow.label:
            x, y = arrow.label
            labels.append((x, y - LABEL_SIZE, x + text_width(arrow.arrow.label, LABEL_SIZE), y + 2))
    return [*boxes, *labels]


def overlaps(layout: Layout) -> list[tuple[Rect, Rect]]:
    found = rects(layout)
    return [
        (a, b)
        for at, a in enumerate(found)
        for b in found[at + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_every_kind_has_its_name_on_a_picture() -> None:
    assert [kind.module for kind in KINDS if kind.module not in SERVICES] == []


def test_the_graph_of_a_pattern() -> None:
    graph = graph_of(load_plan(find_pattern("lambda-consumer").spec_path))
    assert graph.boxes == (
        Box("payments", "Kinesis stream", "stream", ("provisioned", "6 shards", "192 USD a month"), "streams.payments"),
        Box("fraud", "Lambda function", "compute", ("from 3.23 USD a month",), "consumers.fraud"),
        Box("fraud failures", "SQS queue", "store", path="consumers.fraud.on_failure"),
    )
    assert graph.arrows == (Arrow(0, 1, "1,000 records/s"), Arrow(1, 2, "dead letters", dead_letters=True))
    assert graph.costs == "from 198 USD a month, by AWS's list in us-east-1"


@pytest.mark.parametrize("draw", [lambda graph: svg(layout_of(graph)), mermaid, text])
def test_every_picture_tells_what_nodes_cost(draw: Callable[[Graph], str]) -> None:
    assert "192 USD a month" in draw(graph_of(load_plan(find_pattern("lambda-consumer").spec_path)))


def test_where_prices_are_not_known_none_are_told(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("name: a\nregion: us-gov-east-7\nstreams: {clicks: {kind: kinesis, shards: 1}}\n")
    graph = graph_of(load_plan(path))
    assert (graph.boxes[0].lines, graph.costs) == (("provisioned", "1 shard"), "")


def test_dead_letters_go_to_the_topic_that_is_named() -> None:
    graph = graph_of(load_plan(find_pattern("kafka-tiered-storage").spec_path))
    dead = [
        (graph.boxes[arrow.start].name, graph.boxes[arrow.end].name) for arrow in graph.arrows if arrow.dead_letters
    ]
    assert dead == [("watch", "failed-readings")]
    (buffered,) = [arrow.label for arrow in graph.arrows if graph.boxes[arrow.end].service == "S3 bucket"]
    assert buffered == "128 MiB or 79 s"


@pytest.mark.parametrize("name", [pattern.name for pattern in list_patterns()])
def test_pictures_of_patterns_have_no_crossing_and_no_overlap(name: str) -> None:
    graph = graph_of(load_plan(find_pattern(name).spec_path))
    layers = layers_of(len(graph.boxes), [(arrow.start, arrow.end) for arrow in graph.arrows])
    links = [(a, b) for way in layers.ways for a, b in itertools.pairwise(way)]
    assert crossings(layers.rows, links) == 0
    assert overlaps(layout_of(graph)) == []


@pytest.mark.parametrize("seed", range(5))
def test_nothing_of_a_large_picture_overlaps(seed: int) -> None:
    layout = layout_of(big(seed))
    assert overlaps(layout) == []
    assert all(
        left >= 0 and right <= layout.width and bottom <= layout.height for left, _, right, bottom in rects(layout)
    )


def test_records_flow_from_left_to_right_unless_they_flow_back() -> None:
    layers = layers_of(4, [(0, 1), (1, 2), (2, 0), (0, 3), (2, 3)])
    assert layers.rows[0] == (0,)
    assert [way[0] for way in layers.ways] == [0, 1, 0, 0, 2]
    assert len(layers.ways[3]) == 4


def test_crossings_that_can_be_avoided_are() -> None:
    layers = layers_of(6, [(0, 5), (1, 4), (2, 3)])
    links = [(way[0], way[1]) for way in layers.ways]
    assert crossings([(0, 1, 2), (3, 4, 5)], links) == 3
    assert crossings(layers.rows, links) == 0


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), max_size=14))
def test_every_way_goes_from_layer_to_layer(arrows: list[tuple[int, int]]) -> None:
    layers = layers_of(8, arrows)
    rank = {node: at for at, row in enumerate(layers.rows) for node in row}
    assert all(rank[b] == rank[a] + 1 for way in layers.ways for a, b in itertools.pairwise(way))
    assert [{way[0], way[-1]} for way in layers.ways] == [set(pair) for pair in arrows]


@pytest.mark.parametrize("boxes", [0, 1])
def test_a_system_of_one_node(boxes: int) -> None:
    graph = Graph("one", tuple(Box("only", "Kinesis stream", "stream") for _ in range(boxes)), ())
    picture = svg(layout_of(graph))
    assert ("only" in picture, "only" in text(graph)) == (bool(boxes), bool(boxes))
    assert ET.fromstring(picture).attrib["role"] == "img"


def test_texts_of_a_spec_are_texts_in_every_form() -> None:
    graph = Graph(
        HOSTILE, (Box(HOSTILE, "Kinesis stream", "stream", (HOSTILE,)), Box("b", "x", "store")), (Arrow(0, 1, HOSTILE),)
    )
    drawn = svg(layout_of(graph))
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawn).iter()}
    assert names == {"svg", "title", "desc", "style", "rect", "text", "path", "polygon"}
    assert "\x1b" not in drawn + text(graph) + mermaid(graph)
    assert "script>" not in mermaid(graph)
    assert mermaid(graph).count('"') == 6


def test_a_picture_says_what_it_is_and_has_both_schemes() -> None:
    drawn = svg(layout_of(big()))
    assert "<title" in drawn
    assert "@media (prefers-color-scheme:dark)" in drawn
    assert "@media" not in svg(layout_of(big()), dark=True)
    assert drawn == svg(layout_of(big()))


def test_text_names_what_is_drawn_above() -> None:
    boxes = tuple(Box(name, "Kinesis stream", "stream") for name in "abcd")
    graph = Graph(
        "t", boxes, (Arrow(0, 1), Arrow(0, 2, "5 records/s"), Arrow(1, 2, "", dead_letters=True), Arrow(2, 3))
    )
    assert text(graph).splitlines() == [
        "t",
        "",
        "Kinesis stream a",
        "├─▶ Kinesis stream b",
        "│   └╌▶ Kinesis stream c",
        "│       └─▶ Kinesis stream d",
        "└─▶ 5 records/s: Kinesis stream c (see above)",
    ]


def test_long_names_are_wrapped_and_none_of_a_name_is_lost() -> None:
    assert wrapped("orders_of_customers_in_europe", 20) == ["orders_of_customers_", "in_europe"]
    assert "".join(wrapped("x" * 50, 20)) == "x" * 50
    assert wrapped("", 5) == [""]

"""Where everything of a picture stands, in pixels: boxes in columns, arrows with a place of their own at both ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from streaming_constructs.planning.drawing.graph import Arrow, Box, Graph
from streaming_constructs.planning.drawing.layers import Layers, layers_of
from streaming_constructs.planning.drawing.text_width import text_width, wrapped

NAME_SIZE, SERVICE_SIZE, LINE_SIZE, LABEL_SIZE = 14.0, 11.0, 11.0, 11.0
PAD, LEADING = 12.0, 16.0
_NAME_CHARACTERS, _LINE_CHARACTERS = 24, 32
_PORT, _BETWEEN, _BEND, _MARGIN, _TITLE = 22.0, 26.0, 56.0, 24.0, 64.0
_PASSES = 8


@dataclass(slots=True)
class PlacedBox:
    """A box, or a place that a way passes, with its measures.

    Attributes:
        box: What is written in it; None for a place that a way passes.
        name: The lines of its name.
        lines: What else is told.
        width: Its width.
        height: Its height.
        x: Its left side.
        y: Its upper side.
    """

    box: Box | None
    name: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    width: float = 0.0
    height: float = _PORT
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class PlacedArrow:
    """An arrow with its way.

    Attributes:
        arrow: What it is.
        points: Where it leaves, where it passes on both sides of a column, and where it ends.
        label: Where its label begins, and the height of its line.
        is_turned: Whether its tip is at its left end, as it leads back.
    """

    arrow: Arrow
    points: tuple[tuple[float, float], ...]
    label: tuple[float, float]
    is_turned: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture.

    Attributes:
        title: The name of the system.
        costs: What all of it costs; may be empty.
        width: Its width.
        height: Its height.
        boxes: Its boxes.
        arrows: Its arrows.
    """

    title: str
    costs: str
    width: float
    height: float
    boxes: tuple[PlacedBox, ...]
    arrows: tuple[PlacedArrow, ...]


def layout_of(graph: Graph) -> Layout:
    """Places a graph.

    Args:
        graph: The graph.
    """
    connected = sorted({end for arrow in graph.arrows for end in (arrow.start, arrow.end)})
    number = {node: at for at, node in enumerate(connected)}
    layers = layers_of(len(connected), [(number[arrow.start], number[arrow.end]) for arrow in graph.arrows])
    alone = [_measured(box) for place, box in enumerate(graph.boxes) if place not in number]
    placed = [_measured(graph.boxes[node]) for node in connected]
    placed += [PlacedBox(None) for _ in range(sum(map(len, layers.rows)) - len(placed))]
    _make_room(placed, layers)
    label_widths = _place_columns(placed, layers, graph.arrows)
    _place_rows(placed, layers)
    arrows = _arrows(placed, layers, graph.arrows, [number[arrow.start] for arrow in graph.arrows], label_widths)
    title_width = max(text_width(graph.title, 18), text_width(graph.costs, LINE_SIZE)) + 2 * _MARGIN
    width = max([box.x + box.width + _MARGIN for box in placed] + [title_width])
    bottom = max([box.y + box.height for box in placed], default=_TITLE)
    width, bottom = _place_alone(alone, width, bottom + _BETWEEN if placed else _TITLE, bottom)
    boxes = (*(box for box in placed if box.box), *alone)
    return Layout(graph.title, graph.costs, width, bottom + _MARGIN, boxes, tuple(arrows))


def _measured(box: Box) -> PlacedBox:
    name = wrapped(box.name, _NAME_CHARACTERS)
    lines = [part for line in box.lines if line for part in wrapped(line, _LINE_CHARACTERS)]
    width = max(
        [text_width(box.service, SERVICE_SIZE)]
        + [text_width(line, NAME_SIZE) * 1.08 for line in name]  # it is bold
        + [text_width(line, LINE_SIZE) for line in lines]
    )
    height = (1 + len(name) + len(lines)) * LEADING + 2 * PAD - 4
    return PlacedBox(box, name, lines, width + 2 * PAD, height)


def _make_room(placed: Sequence[PlacedBox], layers: Layers) -> None:
    """Makes boxes as high as the arrows at one of their sides need."""
    for node, box in enumerate(placed):
        if box.box is not None:
            most = max(sum(way[0] == node for way in layers.ways), sum(way[-1] == node for way in layers.ways))
            box.height = max(box.height, (most + 0.5) * _PORT)


def _place_columns(placed: Sequence[PlacedBox], layers: Layers, arrows: Sequence[Arrow]) -> list[float]:
    """Places layers side by side; between two there is room for bends, and before a layer for the longest label there."""
    rank_of = {node: rank for rank, row in enumerate(layers.rows) for node in row}
    label_widths = [0.0] * (len(layers.rows) + 1)
    for way, arrow in zip(layers.ways, arrows, strict=True):
        if arrow.label:
            rank = rank_of[way[-1]]
            label_widths[rank] = max(label_widths[rank], text_width(arrow.label, LABEL_SIZE) + 20)
    x = _MARGIN
    for rank, row in enumerate(layers.rows):
        x += (_BEND + max(label_widths[rank], 16)) if rank else 0
        width = max(placed[node].width for node in row)
        for node in row:
            placed[node].x, placed[node].width = x, width
        x += width
    return label_widths


def _place_rows(placed: Sequence[PlacedBox], layers: Layers) -> None:
    """Places what stands in a layer at the heights of what it is connected with, as near as its neighbours let it."""
    beside: dict[int, list[int]] = {}
    for way in layers.ways:
        for a, b in itertools.pairwise(way):
            beside.setdefault(a, []).append(b)
            beside.setdefault(b, []).append(a)
    for row in layers.rows:
        y = 0.0
        for node in row:
            placed[node].y = y
            y += placed[node].height + _BETWEEN
    for number in range(_PASSES):
        for row in layers.rows if number % 2 == 0 else reversed(layers.rows):
            wanted = []
            for node in row:
                others = [placed[other].middle for other in beside[node]]
                wanted.append(sum(others) / len(others) - placed[node].height / 2)
            for node, y in zip(row, _apart(wanted, [placed[node].height + _BETWEEN for node in row]), strict=True):
                placed[node].y = y
    top = min((box.y for box in placed), default=0.0)
    for box in placed:
        box.y += _TITLE - top


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """The heights nearest to those that are wanted, in the same order, at which nothing overlaps."""
    offsets = [sum(heights[:at]) for at in range(len(heights))]
    blocks: list[tuple[float, int]] = []  # the mean that a block wants, and how many are in it
    for y, offset in zip(wanted, offsets, strict=True):
        mean, count = y - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, more = blocks.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _arrows(
    placed: Sequence[PlacedBox],
    layers: Layers,
    arrows: Sequence[Arrow],
    starts: Sequence[int],
    label_widths: Sequence[float],
) -> list[PlacedArrow]:
    rank_of = {node: rank for rank, row in enumerate(layers.rows) for node in row}
    leaving = _ports(placed, layers, 0, 1)
    coming = _ports(placed, layers, -1, -2)
    found = []
    for at, (way, arrow) in enumerate(zip(layers.ways, arrows, strict=True)):
        first, last = placed[way[0]], placed[way[-1]]
        room = max(label_widths[rank_of[way[-1]]], 16)
        points = [(first.x + first.width, leaving[at])]
        for node in way[1:-1]:
            passed = placed[node]
            before = max(label_widths[rank_of[node]], 16)
            points += [(passed.x - before, passed.middle), (passed.x + passed.width, passed.middle)]
        points += [(last.x - room, coming[at]), (last.x, coming[at])]
        label = (last.x - room + 4, coming[at] - 5)
        found.append(PlacedArrow(arrow, tuple(points), label, way[0] != starts[at]))
    return found


def _ports(placed: Sequence[PlacedBox], layers: Layers, end: int, next_to: int) -> dict[int, float]:
    """The height at which each arrow touches its box, in the order of where they come from, or go to."""
    at_box: dict[int, list[int]] = {}
    for at, way in enumerate(layers.ways):
        at_box.setdefault(way[end], []).append(at)
    ports = {}
    for node, ways in at_box.items():
        ways.sort(key=lambda at: placed[layers.ways[at][next_to]].middle)
        for place, at in enumerate(ways):
            ports[at] = placed[node].middle + (place - (len(ways) - 1) / 2) * _PORT
    return ports


def _place_alone(alone: Sequence[PlacedBox], width: float, y: float, bottom: float) -> tuple[float, float]:
    """Places boxes without arrows below the others, side by side; returns the width and the bottom of all."""
    x, height = _MARGIN, 0.0
    for box in alone:
        if x > _MARGIN and x + box.width + _MARGIN > max(width, 900.0):
            x, y, height = _MARGIN, y + height + _BETWEEN, 0.0
        box.x, box.y = x, y
        x += box.width + _BETWEEN
        height, bottom = max(height, box.height), max(bottom, y + box.height)
        width = max(width, box.x + box.width + _MARGIN)
    return width, bottom

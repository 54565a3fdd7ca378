"""The drawing of a system with room for what moves: lines that a page fills, and which box and arrow each of them is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from streaming_constructs.planning.drawing.graph import Graph
from streaming_constructs.planning.drawing.layout import Layout, layout_of
from streaming_constructs.planning.drawing.svg import style, svg

LIVE_LINES = 3
"""How many lines of each box are filled while it lives."""
_LINE, _RATE = "0" * 22, "0" * 9
"""As wide as what will stand there; the picture is measured with them, and says none of them."""
_LINES = re.compile(r'<text class="line"[^>]*>([^<]*)</text>')
_MEASURES = re.compile(rf'(<text class="(?:line|label|deadlabel)"[^>]*>)(?:{_LINE}|{_RATE})</text>')


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A box of a drawing.

    Attributes:
        path: Where the spec says it.
        name: Its name.
        service: What it is, as AWS calls it.
        first_line: The place of the first of its lines that are filled among all lines of the picture.
    """

    path: str
    name: str
    service: str
    first_line: int


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """An arrow of a drawing.

    Attributes:
        start: The path of the node that records leave.
        end: The path of the node that they go to.
        is_dead: Whether they are records that were given up.
        has_label: Whether something is told of it in the drawing itself.
    """

    start: str
    end: str
    is_dead: bool
    has_label: bool


@dataclass(frozen=True, slots=True)
class LiveDrawing:
    """A drawing that a page can fill.

    Attributes:
        svg: The picture.
        nodes: Its boxes, in the order in which they stand in it.
        arrows: Its arrows, in the order in which they stand in it.
    """

    svg: str
    nodes: tuple[DrawnNode, ...]
    arrows: tuple[DrawnArrow, ...]


def live_drawing(graph: Graph) -> LiveDrawing:
    """Draws a system, with room for what moves.

    Args:
        graph: The system.
    """
    layout = layout_of(_with_room(graph))
    paths = [box.path for box in graph.boxes]
    placed = [arrow.arrow for arrow in layout.arrows]
    arrows = (DrawnArrow(paths[one.start], paths[one.end], one.dead_letters, one.label != _RATE) for one in placed)
    # The policy of the page takes no style but that of a file.
    picture = svg(layout).replace(f"<style>{style(None)}</style>\n", "")
    return LiveDrawing(_MEASURES.sub(r"\1</text>", picture), tuple(_nodes(layout, picture)), tuple(arrows))


def _with_room(graph: Graph) -> Graph:
    boxes = tuple(replace(box, lines=(*box.lines, *(_LINE,) * LIVE_LINES)) for box in graph.boxes)
    arrows = tuple(replace(arrow, label=arrow.label or _RATE) for arrow in graph.arrows)
    return replace(graph, boxes=boxes, arrows=arrows)


def _nodes(layout: Layout, picture: str) -> Iterator[DrawnNode]:
    """The boxes, with the places of their lines; other lines than those of boxes may be written in the picture as well."""
    places = [place for place, line in enumerate(_LINES.findall(picture)) if line == _LINE]
    for at, placed in enumerate(layout.boxes):
        assert placed.box is not None
        yield DrawnNode(placed.box.path, placed.box.name, placed.box.service, places[at * LIVE_LINES])

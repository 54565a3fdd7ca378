"""A picture as plain text: each source, and below it who gets its records."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.planning.drawing.graph import Arrow, Box, Graph
from streaming_constructs.spec.printable import printable


def text(graph: Graph) -> str:
    """The picture.

    Args:
        graph: The graph.
    """
    leaving: dict[int, list[Arrow]] = {}
    for arrow in graph.arrows:
        leaving.setdefault(arrow.start, []).append(arrow)
    led_to = {arrow.end for arrow in graph.arrows}
    drawn: set[int] = set()
    lines = [printable(f"{graph.title}, {graph.costs}" if graph.costs else graph.title)]
    roots = [place for place in range(len(graph.boxes)) if place not in led_to]
    for place in (*roots, *range(len(graph.boxes))):
        if place not in drawn:
            lines += ["", _told(graph.boxes[place]), *_below(graph, leaving, place, drawn, "")]
    return "\n".join(lines) + "\n"


def _below(graph: Graph, leaving: dict[int, list[Arrow]], place: int, drawn: set[int], indent: str) -> Iterator[str]:
    """What gets the records of a box; what was drawn already is named alone."""
    drawn.add(place)
    arrows = leaving.get(place, [])
    for arrow in arrows:
        is_last = arrow is arrows[-1]
        way = f"{'└' if is_last else '├'}{'╌' if arrow.dead_letters else '─'}▶ "
        label = f"{printable(arrow.label)}: " if arrow.label else ""
        again = arrow.end in drawn
        yield f"{indent}{way}{label}{_told(graph.boxes[arrow.end])}{' (see above)' if again and leaving.get(arrow.end) else ''}"
        if not again:
            yield from _below(graph, leaving, arrow.end, drawn, f"{indent}{' ' if is_last else '│'}   ")


def _told(box: Box) -> str:
    more = f" ({', '.join(line for line in box.lines if line)})" if any(box.lines) else ""
    return printable(f"{box.service} {box.name}{more}")

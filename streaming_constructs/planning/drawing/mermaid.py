"""A picture as a flowchart of Mermaid, which GitHub and many wikis draw."""

from __future__ import annotations

import re

from streaming_constructs.planning.drawing.graph import Graph
from streaming_constructs.spec.printable import printable

_UNSAFE = re.compile(r"[^A-Za-z0-9 .,:/+-]")


def mermaid(graph: Graph) -> str:
    """The flowchart.

    Args:
        graph: The graph.
    """
    lines = ["flowchart LR"]
    for place, box in enumerate(graph.boxes):
        told = "<br>".join(map(_escaped, (box.service, box.name, *(line for line in box.lines if line))))
        lines.append(f'    n{place}["{told}"]')
    for arrow in graph.arrows:
        way = "-.->" if arrow.dead_letters else "-->"
        label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
        lines.append(f"    n{arrow.start} {way}{label} n{arrow.end}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """A text in which nothing is Mermaid or HTML: other signs than letters, digits and a few marks as their numbers."""
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", printable(text))

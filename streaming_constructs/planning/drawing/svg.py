"""A picture as SVG: a background of its own, light or dark as the reader's screen is, with a title and a description."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from streaming_constructs.planning.drawing.layout import (
    LABEL_SIZE,
    LEADING,
    LINE_SIZE,
    NAME_SIZE,
    PAD,
    SERVICE_SIZE,
    Layout,
    PlacedArrow,
    PlacedBox,
)
from streaming_constructs.spec.printable import printable

_LIGHT = {
    ".paper": "fill:#ffffff",
    ".box": "fill:#f6f8fa;stroke:#8c959f",
    ".name,.title": "fill:#1f2328",
    ".line": "fill:#424a53",
    ".service": "fill:#57606a",
    ".arrow": "stroke:#57606a",
    ".tip": "fill:#57606a",
    ".dead": "stroke:#bc4c00",
    ".deadtip,.deadlabel": "fill:#bc4c00",
    ".label": "fill:#424a53",
    ".stream": "fill:#8250df",
    ".compute": "fill:#d4740c",
    ".delivery": "fill:#0969da",
    ".store": "fill:#1a7f37",
    ".outside": "fill:#6e7781",
}
_DARK = {
    ".paper": "fill:#0d1117",
    ".box": "fill:#161b22;stroke:#6e7681",
    ".name,.title": "fill:#f0f6fc",
    ".line": "fill:#c9d1d9",
    ".service": "fill:#a3adb8",
    ".arrow": "stroke:#9aa4af",
    ".tip": "fill:#9aa4af",
    ".dead": "stroke:#f0883e",
    ".deadtip,.deadlabel": "fill:#f0883e",
    ".label": "fill:#c9d1d9",
    ".stream": "fill:#a371f7",
    ".compute": "fill:#f0883e",
    ".delivery": "fill:#58a6ff",
    ".store": "fill:#3fb950",
    ".outside": "fill:#8b949e",
}
_ALWAYS = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif}"
    ".arrow,.dead{fill:none;stroke-width:1.5}.dead{stroke-dasharray:5 4}.box{stroke-width:1}"
    ".name,.title{font-weight:600}"
)
_NO_XML = re.compile("[^\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufdcf\\ufdf0-\\ufffd]")
_TIP = 8.0


def svg(layout: Layout, *, dark: bool | None = None) -> str:
    """The picture.

    Args:
        layout: Where everything stands.
        dark: Whether it is dark. Left out: as the reader's screen is.
    """
    width, height = round(layout.width), round(layout.height)
    boxes = ", ".join(f"{box.box.service} {box.box.name}" for box in layout.boxes if box.box)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            'role="img" aria-labelledby="title description">'
        ),
        f'<title id="title">{_escaped(layout.title)}</title>',
        f'<desc id="description">{_escaped(f"The graph of {layout.title}, from left to right: {boxes}.")}</desc>',
        f"<style>{style(dark)}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        _text(24, 30, 18, "title", layout.title),
        *([_text(24, 48, LINE_SIZE, "line", layout.costs)] if layout.costs else []),
        *(line for arrow in layout.arrows for line in _arrow(arrow)),
        *(line for box in layout.boxes for line in _box(box)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def style(dark: bool | None) -> str:  # noqa: FBT001 - as `svg` has it
    """How classes of a picture look.

    Args:
        dark: Whether it is dark. None: as the reader's screen is.
    """

    def rules(colours: dict[str, str]) -> str:
        return "".join(f"{name}{{{style}}}" for name, style in colours.items())

    if dark is not None:
        return _ALWAYS + rules(_DARK if dark else _LIGHT)
    return f"{_ALWAYS}{rules(_LIGHT)}@media (prefers-color-scheme:dark){{{rules(_DARK)}}}"


def _box(placed: PlacedBox) -> Iterator[str]:
    box = placed.box
    assert box is not None
    x, y = placed.x, placed.y
    size = f'width="{_number(placed.width)}" height="{_number(placed.height)}"'
    yield f'<rect class="box" x="{_number(x)}" y="{_number(y)}" {size} rx="6"/>'
    yield f'<rect class="{box.group}" x="{_number(x)}" y="{_number(y)}" width="4" height="{_number(placed.height)}" rx="2"/>'
    y += PAD + SERVICE_SIZE - 2
    yield _text(x + PAD, y, SERVICE_SIZE, "service", box.service)
    for name in placed.name:
        y += LEADING
        yield _text(x + PAD, y, NAME_SIZE, "name", name)
    for line in placed.lines:
        y += LEADING
        yield _text(x + PAD, y, LINE_SIZE, "line", line)


def _arrow(placed: PlacedArrow) -> Iterator[str]:
    is_dead = placed.arrow.dead_letters
    points = list(placed.points)
    (x, y), (end_x, end_y) = points[0], points[-1]
    tip_x, tip_y, side = (x, y, -1) if placed.is_turned else (end_x, end_y, 1)
    points[0 if placed.is_turned else -1] = (tip_x - side * _TIP, tip_y)
    path = [f"M{_number(points[0][0])} {_number(points[0][1])}"]
    for (from_x, from_y), (to_x, to_y) in itertools.pairwise(points):
        if from_y == to_y:
            path.append(f"H{_number(to_x)}")
        else:
            middle = _number((from_x + to_x) / 2)
            path.append(f"C{middle} {_number(from_y)} {middle} {_number(to_y)} {_number(to_x)} {_number(to_y)}")
    yield f'<path class="{"dead" if is_dead else "arrow"}" d="{"".join(path)}"/>'
    back = tip_x - side * _TIP
    corners = (
        f"{_number(tip_x)},{_number(tip_y)} {_number(back)},{_number(tip_y - 4)} {_number(back)},{_number(tip_y + 4)}"
    )
    yield f'<polygon class="{"deadtip" if is_dead else "tip"}" points="{corners}"/>'
    if placed.arrow.label:
        yield _text(*placed.label, LABEL_SIZE, "deadlabel" if is_dead else "label", placed.arrow.label)


def _text(x: float, y: float, size: float, style: str, text: str) -> str:
    return (
        f'<text class="{style}" x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}">{_escaped(text)}</text>'
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    """A text in which nothing is markup, or a sign that XML does not know."""
    text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", printable(text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")

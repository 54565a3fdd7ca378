"""Costs and capacity over the load as a drawing in SVG, from a tenth to ten times the load; light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from streaming_constructs.planning.costs.cost_line import ONE_SOURCE, RECKONED, mark_of, usd_of
from streaming_constructs.planning.drawing.axis import amount_label, rounded_up
from streaming_constructs.planning.limits.limits import system_limits
from streaming_constructs.planning.loads.report import row_at
from streaming_constructs.planning.loads.stream_modes import MODES, created_streams, mode_lines, mode_of
from streaming_constructs.planning.numbers import rounded
from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from streaming_constructs.planning.loads.at_load import AtLoad
    from streaming_constructs.planning.pipeline import PipelinePlan

_WIDTH, _LEFT, _RIGHT = 960, 84, 250
_TOP, _TITLE, _PLOT, _GAP, _AXIS = 44, 22, 170, 34, 10
LEAST, MOST, POINTS = 0.1, 10.0, 61
"""Between which loads it is drawn, evenly on a logarithmic axis, and at how many of them."""
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
_LINES = 6
"""Most lines of a graph: more cannot be told apart."""
_LEADING = 15
_UNSURE = {RECKONED: "; some prices reckoned from us-east-1", ONE_SOURCE: "; some prices from one source"}
"""What is said of dollars that are not sure."""


def _of_lines(*colours: str) -> dict[str, str]:
    """The styles of lines, and of their names."""
    lines = {f".l{number}": f"stroke:{colour}" for number, colour in enumerate(colours)}
    return {**lines, **{f".t{number}": f"fill:{colour}" for number, colour in enumerate(colours)}}


_LIGHT = {
    "svg,.paper": "fill:#ffffff",
    "text": "fill:#1f2328",
    ".faint": "fill:#59636e",
    ".grid": "stroke:#d1d9e0",
    ".now": "stroke:#59636e",
    ".area": "fill:#0969da",
    **_of_lines("#0969da", "#bc4c00", "#1a7f37", "#8250df", "#9a6700", "#cf222e"),
}
_DARK = {
    "svg,.paper": "fill:#0d1117",
    "text": "fill:#f0f6fc",
    ".faint": "fill:#9198a1",
    ".grid": "stroke:#3d444d",
    ".now": "stroke:#9198a1",
    ".area": "fill:#4493f8",
    **_of_lines("#4493f8", "#f0883e", "#3fb950", "#a371f7", "#d29922", "#f85149"),
}
_ALWAYS = (
    "text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif}"
    ".title{font-size:15px;font-weight:600}.name{font-weight:600}.grid{stroke-width:1}"
    ".now{stroke-width:1;stroke-dasharray:2 3}.area{opacity:.15}.line{fill:none;stroke-width:1.8}"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a graph: a value for each load."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Panel:
    """One graph.

    Attributes:
        name: What it is of.
        what: What it shows, with its unit.
        lines: Its lines, the most important first; the first has an area below it.
        is_share: Whether values are shares of something, of which 1 is all.
    """

    name: str
    what: str
    lines: Sequence[_Line]
    is_share: bool = False


def load_chart(plan: PipelinePlan, *, dark: bool | None = None) -> str:
    """Draws what a system costs over its load, and how much of what it has is used.

    Args:
        plan: The system with its numbers; something is known of its load.
        dark: Whether it is dark. Left out: as the reader's screen is.
    """
    factors = [LEAST * (MOST / LEAST) ** (point / (POINTS - 1)) for point in range(POINTS)]
    rows = [row_at(plan, rounded(factor, 6)) for factor in factors]
    panels = [*_cost_panels(plan, rows), *_capacity_panels(rows)]
    height = _TOP + len(panels) * (_TITLE + _PLOT + _GAP) + _AXIS
    title = f"{plan.spec.title} over its load"
    size, box = f'width="{_WIDTH}" height="{height}"', f"0 0 {_WIDTH} {height}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}" role="img" aria-label="{_text(title)}">',
        f"<style>{_style(dark)}</style>",
        f'<rect class="paper" {size}/>',
        f'<text class="title" x="{_LEFT}" y="26">{_text(title)}</text>',
    ]
    for number, panel in enumerate(panels):
        lines += _drawn(panel, _TOP + number * (_TITLE + _PLOT + _GAP))
    return "\n".join([*lines, "</svg>", ""])


def _cost_panels(plan: PipelinePlan, rows: Sequence[AtLoad]) -> Iterator[_Panel]:
    costs = [row.costs for row in rows if row.costs is not None]
    if len(costs) < len(rows):
        return
    total = _Line("together", [cost.usd for cost in costs])
    fixed = _Line("of it for being there", [cost.fixed_usd for cost in costs])
    unsure = _UNSURE.get(mark_of(line for cost in costs for line in cost.lines), "")
    yield _Panel("Costs", f"USD a month{unsure}", (total, fixed))
    for stream in created_streams(plan):
        now = mode_of(stream)
        modes = sorted(MODES, key=lambda mode: mode != now)
        priced = {mode: [mode_lines(stream, mode, costs[0].region, row.factor) for row in rows] for mode in modes}
        lines = [_Line(MODES[mode], list(map(usd_of, each))) for mode, each in priced.items()]
        unsure = _UNSURE.get(mark_of(line for each in priced.values() for month in each for line in month), "")
        yield _Panel(stream.name, f"USD a month of the stream, by mode{unsure}", lines)


def _capacity_panels(rows: Sequence[AtLoad]) -> Iterator[_Panel]:
    """How much of each limit is used, of those that are nearest somewhere."""
    shares: dict[tuple[str, str], list[float]] = {}
    for number, row in enumerate(rows):
        for limit in system_limits(row.plan):
            if limit.by_load:
                shares.setdefault((limit.node, limit.what), [0.0] * len(rows))[number] = limit.share
    nearest = sorted(shares.items(), key=lambda item: -max(item[1]))[:_LINES]
    if nearest:
        lines = [_Line(f"{node or '(account)'} {what}", values) for (node, what), values in nearest]
        yield _Panel("Capacity", "share of it that is used at the peak; 100 % is all", lines, is_share=True)


def _drawn(panel: _Panel, top: int) -> Iterator[str]:
    foot = top + _TITLE + _PLOT
    highest = rounded_up(max(max(line.values) for line in panel.lines))
    yield (
        f'<text x="{_LEFT}" y="{top + 14}"><tspan class="name">{_text(panel.name)}</tspan>'
        f'<tspan class="faint" dx="8">{_text(panel.what)}</tspan></text>'
    )
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = foot - share * _PLOT
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:g}" y2="{y:g}"/>'
        label = f"{highest * share:.0%}" if panel.is_share else amount_label(highest * share)
        yield f'<text class="faint" x="{_LEFT - 8}" y="{y + 4:g}" text-anchor="end">{label}</text>'
    for factor in _TICKS:
        x = _x(factor)
        yield f'<line class="{"now" if factor == 1 else "grid"}" x1="{x:g}" x2="{x:g}" y1="{foot - _PLOT}" y2="{foot + 4}"/>'
        yield f'<text class="faint" x="{x:g}" y="{foot + 17}" text-anchor="middle">{factor:g}x</text>'
    for number, line in reversed(list(enumerate(panel.lines))):
        points = " ".join(_points(line.values, highest, foot))
        if number == 0 and not panel.is_share:
            yield f'<polygon class="area" points="{_LEFT},{foot} {points} {_WIDTH - _RIGHT},{foot}"/>'
        yield f'<polyline class="line l{number}" points="{points}"/>'
    ends = [foot - line.values[-1] / highest * _PLOT for line in panel.lines]
    x = _WIDTH - _RIGHT + 8
    for number, y in enumerate(apart(ends, top + _TITLE, foot)):
        yield f'<text class="t{number}" x="{x}" y="{y + 4:.1f}">{_text(_short(panel.lines[number].name))}</text>'


def apart(wanted: Sequence[float], top: float, foot: float) -> list[float]:
    """Where names stand beside the ends of their lines: as near as they can, and none on another.

    Args:
        wanted: Where the lines end.
        top: No name stands above this.
        foot: No name stands below this.
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    placed = dict.fromkeys(order, 0.0)
    y = top - _LEADING
    for number in order:
        y = max(y + _LEADING, wanted[number])
        placed[number] = y
    below = foot + _LEADING
    for number in reversed(order):
        below = min(below - _LEADING, placed[number])
        placed[number] = below
    return [placed[number] for number in range(len(wanted))]


def _points(values: Sequence[float], highest: float, foot: int) -> Iterator[str]:
    width = _WIDTH - _LEFT - _RIGHT
    for number, value in enumerate(values):
        yield f"{_LEFT + number / (len(values) - 1) * width:.1f},{foot - value / highest * _PLOT:.1f}"


def _x(factor: float) -> float:
    return round(_LEFT + math.log(factor / LEAST) / math.log(MOST / LEAST) * (_WIDTH - _LEFT - _RIGHT), 1)


def _short(name: str) -> str:
    return name if len(name) <= 34 else f"{name[:33]}…"


def _style(dark: bool | None) -> str:  # noqa: FBT001 - as `load_chart` has it
    def rules(colours: dict[str, str]) -> str:
        return "".join(f"{name}{{{style}}}" for name, style in colours.items())

    if dark is not None:
        return rules(_DARK if dark else _LIGHT) + _ALWAYS
    return f"{rules(_LIGHT)}{_ALWAYS}@media (prefers-color-scheme:dark){{{rules(_DARK)}}}"


def _text(text: str) -> str:
    return escape(printable(text), {'"': "&quot;"})

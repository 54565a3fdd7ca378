"""A simulation as a drawing in SVG: what comes, what waits and how old it is, one below the other; light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from streaming_constructs.planning.drawing.axis import amount_label, rounded_up
from streaming_constructs.planning.simulation.clock import DAY, HOUR
from streaming_constructs.planning.simulation.reader import ReaderRun
from streaming_constructs.planning.simulation.simulate import Simulation
from streaming_constructs.planning.simulation.stream import StreamRun
from streaming_constructs.spec.printable import printable

_WIDTH, _LEFT, _RIGHT = 960, 84, 16
_TOP, _TITLE, _PLOT, _GAP, _AXIS = 44, 22, 96, 22, 28
_POINTS = 800
"""Most points of a line: each is the greatest value of its minutes, so that no peak is lost."""
_TICKS_A_DAY = 4
_NAME_CHARACTERS = 36
_SHAPES = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif;font-size:12px}"
    ".title{font-size:15px;font-weight:600}.name{font-weight:600}.grid{stroke-width:1}"
    ".line{fill:none;stroke-width:1.5}.limit{fill:none;stroke-width:1.5;stroke-dasharray:5 3}"
)
_LIGHT = (
    ".paper{fill:#ffffff}text{fill:#1f2328}.faint{fill:#59636e}.grid{stroke:#d1d9e0}.down{fill:#cf222e;opacity:0.12}"
    ".area{fill:#0969da;opacity:0.18}.line{stroke:#0969da}.limit{stroke:#bc4c00}"
)
_DARK = (
    ".paper{fill:#0d1117}text{fill:#f0f6fc}.faint{fill:#9198a1}.grid{stroke:#3d444d}.down{fill:#f85149;opacity:0.2}"
    ".area{fill:#4493f8;opacity:0.25}.line{stroke:#4493f8}.limit{stroke:#f0883e}"
)


@dataclass(frozen=True, slots=True)
class _Panel:
    """One graph.

    Attributes:
        name: What it is of.
        what: What it shows, with its unit.
        values: What it shows, a value each minute.
        limit: What is drawn as a limit, likewise; empty where there is none.
        area: What is drawn as an area, likewise; empty where it is below the values.
        outages: The first minute of each outage, and the first behind it.
        is_time: Whether values are minutes.
    """

    name: str
    what: str
    values: Sequence[float]
    limit: Sequence[float] = ()
    area: Sequence[float] = ()
    outages: Sequence[tuple[int, int]] = ()
    is_time: bool = False


def chart_svg(simulation: Simulation, *, dark: bool | None = None) -> str:
    """Draws a simulation: each stream with what it takes, and each reader for which something ever waits.

    Args:
        simulation: What became of a system.
        dark: Whether it is dark. Left out: as the reader's screen is.
    """
    panels = [panel for name, stream in simulation.streams.items() for panel in _stream_panels(name, stream)]
    for reader in simulation.readers:
        if any(reader.backlog) or any(reader.down):
            panels += _reader_panels(simulation, reader)
    each = _TITLE + _PLOT + _GAP
    height = _TOP + len(panels) * each + _AXIS
    spec, days = simulation.plan.spec, simulation.scenario.days
    name = f"{spec.name} ({spec.environment})" if spec.environment else spec.name
    title = f"{name}: {days} {'day' if days == 1 else 'days'}, minute by minute"
    lines = [
        _head(height, title),
        f"<style>{_style(dark)}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
        f'<text class="title" x="{_LEFT}" y="26">{_text(title)}</text>',
    ]
    for number, panel in enumerate(panels):
        lines += _drawn(panel, _TOP + number * each)
    lines += _time_axis(simulation.scenario.minutes, _TOP + len(panels) * each)
    return "\n".join([*lines, "</svg>", ""])


def _style(dark: bool | None) -> str:  # noqa: FBT001 - as `chart_svg` has it
    if dark is not None:
        return _SHAPES + (_DARK if dark else _LIGHT)
    return f"{_SHAPES}{_LIGHT}@media (prefers-color-scheme:dark){{{_DARK}}}"


def _head(height: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img" aria-label="{_text(title)}">'
    )


def _stream_panels(name: str, stream: StreamRun) -> Iterator[_Panel]:
    """A stream; and its hot shard, which throttles long before the whole has what it takes."""
    yield _stream_panel(name, stream)
    if stream.parts:
        yield _stream_panel(f"{_short(name)}, its hot shard", stream.parts[0])


def _stream_panel(name: str, stream: StreamRun) -> _Panel:
    per_second = [records / 60 for records in stream.arriving]
    limit = [records / 60 for records in stream.capacity]
    what = "records/s offered; area: accepted; dashed: what it takes" if limit else "records/s offered, all accepted"
    return _Panel(name, what, per_second, limit, area=[records / 60 for records in stream.accepted])


def _reader_panels(simulation: Simulation, reader: ReaderRun) -> Iterator[_Panel]:
    name = f"{_short(reader.model.name)} reads {_short(reader.model.stream)}"
    minutes = simulation.scenario.minutes
    outages = [
        (outage.start, min(outage.end, minutes))
        for outage in simulation.scenario.outages
        if outage.node == reader.model.name
    ]
    what = "records that wait; red: it is down" if outages else "records that wait"
    yield _Panel(name, what, reader.backlog, outages=outages)
    yield _Panel(name, "age of the oldest", reader.age, outages=outages, is_time=True)


def _drawn(panel: _Panel, top: int) -> Iterator[str]:
    foot = top + _TITLE + _PLOT
    values, limit, area = _thinned(panel.values), _thinned(panel.limit), _thinned(panel.area or panel.values)
    highest = _rounded_up(max([*values, *limit, *area], default=0), is_time=panel.is_time)
    minutes = len(panel.values)
    yield (
        f'<text x="{_LEFT}" y="{top + 14}"><tspan class="name">{_text(panel.name)}</tspan>'
        f'<tspan class="faint" dx="8">{_text(panel.what)}</tspan></text>'
    )
    for share in (0, 0.5, 1):
        y = foot - share * _PLOT
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:g}" y2="{y:g}"/>'
        label = _minutes_label(highest * share) if panel.is_time else amount_label(highest * share)
        yield f'<text class="faint" x="{_LEFT - 8}" y="{y + 4:g}" text-anchor="end">{label}</text>'
    for start, end in panel.outages:
        x, to = _x(start, minutes), _x(end, minutes)
        yield f'<rect class="down" x="{x:g}" y="{foot - _PLOT}" width="{max(1.0, to - x):.1f}" height="{_PLOT}"/>'
    filled = " ".join(_points(area, highest, foot))
    yield f'<polygon class="area" points="{_LEFT},{foot} {filled} {_WIDTH - _RIGHT},{foot}"/>'
    yield f'<polyline class="line" points="{" ".join(_points(values, highest, foot))}"/>'
    if limit:
        yield f'<polyline class="limit" points="{" ".join(_points(limit, highest, foot))}"/>'


def _time_axis(minutes: int, top: int) -> Iterator[str]:
    y = top - _GAP + 16
    step = DAY // _TICKS_A_DAY if minutes == DAY else DAY * math.ceil(minutes / DAY / 10)
    for minute in range(0, minutes, step):
        label = f"{minute // HOUR:02}:00" if minutes == DAY else f"day {minute // DAY + 1}"
        x = _x(minute, minutes)
        yield f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{y - 16}" y2="{y - 11}"/>'
        yield f'<text class="faint" x="{x:g}" y="{y + 2}" text-anchor="middle">{label}</text>'


def _thinned(values: Sequence[float]) -> list[float]:
    size = max(1, math.ceil(len(values) / _POINTS))
    return [max(values[start : start + size]) for start in range(0, len(values), size)]


def _points(values: Sequence[float], highest: float, foot: int) -> Iterator[str]:
    for number, value in enumerate(values):
        yield f"{_x(number, max(1, len(values) - 1)):.1f},{foot - value / highest * _PLOT:.1f}"


def _x(part: float, whole: float) -> float:
    return round(_LEFT + part / whole * (_WIDTH - _LEFT - _RIGHT), 1)


def _rounded_up(value: float, *, is_time: bool) -> float:
    """The end of an axis: one, two or five times a power of ten; of minutes whole hours or days."""
    if is_time:
        unit = DAY if value > DAY else HOUR if value > HOUR else 10
        return max(unit, math.ceil(value / unit) * unit)
    return rounded_up(value)


def _minutes_label(value: float) -> str:
    for size, unit in ((DAY, "d"), (HOUR, "h")):
        if value >= size:
            return f"{value / size:g} {unit}"
    return f"{value:g} min"


def _short(name: str) -> str:
    """A name that leaves room beside it: its begin and its end."""
    if len(name) <= _NAME_CHARACTERS:
        return name
    half = _NAME_CHARACTERS // 2
    return f"{name[:half]}…{name[1 - half :]}"


def _text(text: str) -> str:
    return escape(printable(text), {'"': "&quot;"})

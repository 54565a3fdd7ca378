"""The state of a rehearsal at one moment, as JSON that its page reads: what each node shows, and what passed each arrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Literal

from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.live_page.live_drawing import DrawnArrow, LiveDrawing
from streaming_constructs.local.live_page.node_path import NodePath
from streaming_constructs.local.live_page.node_state import NodeState, node_state
from streaming_constructs.local.rehearsal_report import Report

Verdict = Literal["running", "green", "red"]


def snapshot(
    report: Report, drawing: LiveDrawing, now: float, verdict: Verdict, reasons: Sequence[str]
) -> dict[str, Any]:
    """What the page shows.

    Args:
        report: What came out where so far.
        drawing: What is drawn.
        now: The time of the rehearsal, in seconds since 1970.
        verdict: How it went, or that it goes on.
        reasons: Why it is red; while it goes on, why it would be.
    """
    states = {node.path: node_state(report, node.path, now) for node in drawing.nodes}
    leading = Counter(arrow.end for arrow in drawing.arrows)
    return {
        "drawing": sha256(drawing.svg.encode()).hexdigest()[:16],
        "verdict": verdict,
        "headline": report.headline,
        "reasons": list(reasons),
        "nodes": [{"path": path, **asdict(state)} for path, state in states.items()],
        "arrows": [_passed(arrow, report, states, is_alone=leading[arrow.end] == 1) for arrow in drawing.arrows],
    }


def _passed(arrow: DrawnArrow, report: Report, states: Mapping[str, NodeState], *, is_alone: bool) -> int | None:
    """How many records passed an arrow so far; None: that cannot be told."""
    start_section, start, _ = NodePath.parse(arrow.start)
    _, end, _ = NodePath.parse(arrow.end)
    if arrow.is_dead:
        return sum(one.isolated for one in report.consumers if one.name == start)
    if start_section == "deliveries":
        return sum(one.delivered for one in report.deliveries if one.name == start)
    if start_section == "analytics":
        rows = [sink.rows for one in report.applications if one.name == start for sink in one.sinks if sink.name == end]
        return sum(rows) if rows else None
    readers: list[ConsumerReport | DeliveryReport] = [*report.consumers, *report.deliveries]
    if start_section == "producers":
        return states[arrow.start].taken
    read = [one.records for one in readers if (one.name, one.source) == (end, start)]
    read += [
        source.read
        for application in report.applications
        if application.name == end
        for source in application.sources
        if source.name == start
    ]
    if read:
        return sum(read)
    # What others wrote is known where nobody else does.
    return states[arrow.end].taken if is_alone and end not in report.into else None

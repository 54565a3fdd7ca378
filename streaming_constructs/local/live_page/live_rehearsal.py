"""A rehearsal as its page asks for it: the drawing, the state at this moment, a node, an object."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from streaming_constructs.local.live_page.live_drawing import LiveDrawing
from streaming_constructs.local.live_page.snapshot import Verdict, snapshot
from streaming_constructs.local.rehearsal_report import Report

if TYPE_CHECKING:
    from streaming_constructs.local.rehearsal import Rehearsal
    from streaming_constructs.planning.drawing.graph import Graph

_LEAST_SECONDS = 0.25
_REST = 9
"""How often as long as a report took nobody gets another: a page takes a tenth of the time at most, however many look."""


class Asked(Protocol):
    """What a page can ask."""

    def drawing(self) -> LiveDrawing:
        """The drawing of the system, as it is now."""

    def snapshot(self) -> dict[str, Any]:
        """What each node shows at this moment."""

    def node(self, path: str) -> list[dict[str, Any]]:
        """What the panel of a node shows.

        Args:
            path: Where the spec says the node.
        """

    def object_head(self, bucket: str, key: str) -> dict[str, Any]:
        """The begin of an object.

        Args:
            bucket: Its bucket.
            key: Its key.

        Raises:
            LookupError: If there is none.
        """


class LiveRehearsal:
    """Answers what a page asks of a rehearsal; nothing is gathered unless it asks."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        """Knows no drawing yet: until it is told one, what is deployed is drawn.

        Args:
            rehearsal: The rehearsal.
        """
        from streaming_constructs.local.live_page.stored import Stored

        embedded, engine = rehearsal.embedded, rehearsal.engine
        self._now = embedded.clock.now
        self._reports = RecentReports(rehearsal.report)
        self._stored = Stored(embedded.aws, embedded.cloudformation.deployed, engine.name_of)
        self._drawn: LiveDrawing | None = None
        self._deployed: tuple[Graph, LiveDrawing] | None = None
        self._ended: tuple[Verdict, Sequence[str]] | None = None

    def draw(self, drawing: LiveDrawing) -> None:
        """Takes the drawing of the system.

        Args:
            drawing: The drawing.
        """
        self._drawn = drawing

    def end(self, reasons: Sequence[str]) -> None:
        """Says that the rehearsal is over.

        Args:
            reasons: Why it is red; none: it is green.
        """
        self._ended = "red" if reasons else "green", tuple(reasons)

    def drawing(self) -> LiveDrawing:
        if self._drawn is not None:
            return self._drawn
        from streaming_constructs.local.live_page.deployed_graph import deployed_graph
        from streaming_constructs.local.live_page.live_drawing import live_drawing

        graph = deployed_graph(self._reports.get())
        if self._deployed is None or self._deployed[0] != graph:
            self._deployed = graph, live_drawing(graph)
        return self._deployed[1]

    def snapshot(self) -> dict[str, Any]:
        from streaming_constructs.local.verdict import faults

        report = self._reports.get()
        verdict, reasons = self._ended or ("running", faults(report))
        return snapshot(report, self.drawing(), self._now(), verdict, reasons)

    def node(self, path: str) -> list[dict[str, Any]]:
        from streaming_constructs.local.live_page.node_details import node_details

        report = self._reports.get()
        return [*node_details(report, path), *self._stored.parts(report, path)]

    def object_head(self, bucket: str, key: str) -> dict[str, Any]:
        return self._stored.object_head(bucket, key)


class RecentReports:
    """Reports for everybody who looks: one is made when the last is old, by one at a time."""

    def __init__(self, report: Callable[[], Report], now: Callable[[], float] = time.monotonic) -> None:
        """Has none yet.

        Args:
            report: Makes one.
            now: Tells the time, in seconds.
        """
        self._report, self._now = report, now
        self._making = threading.Lock()
        self._last: Report | None = None
        self._good_until = 0.0

    def get(self) -> Report:
        """A report of now, or of a moment ago."""
        with self._making:
            begin = self._now()
            if self._last is None or begin >= self._good_until:
                self._last = self._report()
                end = self._now()
                self._good_until = end + max(_LEAST_SECONDS, _REST * (end - begin))
            return self._last

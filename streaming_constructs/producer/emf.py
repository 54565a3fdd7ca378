"""Metrics of a producer as lines of CloudWatch's embedded metric format, which CloudWatch Logs makes metrics of.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html,
read 2026-11-29
"""

from __future__ import annotations

import json
import random as chance
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from streaming_constructs.facts.emf import DIMENSIONS, NAMESPACE_CHARACTERS, VALUES
from streaming_constructs.producer.counts import Counts

UNITS = {
    "RecordsAccepted": "Count",
    "RecordsDelivered": "Count",
    "RecordsFailed": "Count",
    "RecordsRefused": "Count",
    "RecordsUnanswered": "Count",
    "RecordsBuffered": "Count",
    "BytesDelivered": "Bytes",
    "BytesBuffered": "Bytes",
    "Requests": "Count",
    "RequestLatency": "Milliseconds",
}
"""The metrics and their units."""
_MOST_VALUES = int(VALUES.value)


def _to_stdout(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class EmfMetrics:
    """Writes a line whenever its time has come and something has happened since the last one.

    A line has what happened since the one before, what waits now, and how long requests took, of which it has 100 at most,
    chosen evenly: an array of the format has no more. Lines that reach CloudWatch Logs become metrics, from Lambda and ECS by
    standard output as it is.
    """

    def __init__(
        self,
        namespace: str = "StreamingProducers",
        *,
        dimensions: Mapping[str, str] | None = None,
        every_seconds: float = 60.0,
        write: Callable[[str], object] = _to_stdout,
        wall: Callable[[], float] = time.time,
        random: Callable[[int], int] = chance.randrange,
    ) -> None:
        """Writes nothing yet.

        Args:
            namespace: The namespace of the metrics.
            dimensions: Their dimensions. Left out: `StreamName` alone. Each combination of values is metrics of its own, which
                are paid for: no id of a host or of a request belongs here.
            every_seconds: How often there is a line at most.
            write: Takes a line, without its end. Left out: standard output.
            wall: Gives the time, in seconds since 1970.
            random: Gives a number from 0 to one less than its argument.

        Raises:
            ValueError: If CloudWatch would not take them.
        """
        if len(namespace) not in NAMESPACE_CHARACTERS:
            raise ValueError("a namespace has 1 to 1,024 characters")
        if len(dimensions or {}) not in DIMENSIONS:
            raise ValueError("there are up to 30 dimensions")
        if wrong := [
            name for pair in (dimensions or {}).items() for name in pair if not (name.strip() and name.isascii())
        ]:
            raise ValueError(f"names and values of dimensions are ASCII and not empty, which {wrong[0]!r} is not")
        if taken := sorted({*UNITS, "_aws"} & set(dimensions or {})):
            raise ValueError(f"{taken[0]!r} is no name for a dimension: a line has a member of that name")
        self._namespace, self._dimensions, self._every = namespace, dimensions, every_seconds
        self._write, self._wall, self._random = write, wall, random
        self._before = Counts()
        self._latencies: list[float] = []
        self._seen = 0
        self._last: float | None = None
        self._writing = threading.Lock()

    def request_took(self, milliseconds: float) -> None:
        """Notes a request.

        Args:
            milliseconds: How long it took.
        """
        self._seen += 1
        if len(self._latencies) < _MOST_VALUES:
            self._latencies.append(milliseconds)
        elif (place := self._random(self._seen)) < _MOST_VALUES:
            self._latencies[place] = milliseconds

    def due_at(self, counts: Counts, now: float) -> float | None:
        """When a line is to be written; None: nothing has happened.

        Args:
            counts: What happened so far.
            now: The time, in seconds.
        """
        if counts == self._before:
            return None
        if self._last is None:
            self._last = now
        return self._last + self._every

    def write(self, counts: Counts, stream: str, now: float) -> None:
        """Writes a line, if anything has happened.

        Args:
            counts: What happened so far.
            stream: The name of the stream.
            now: The time, in seconds.
        """
        with self._writing:
            self._write_line(counts, stream, now)

    def _write_line(self, counts: Counts, stream: str, now: float) -> None:
        if counts == self._before:
            return
        dimensions = {"StreamName": stream} if self._dimensions is None else dict(self._dimensions)
        values = _values(counts, self._before, self._latencies)
        self._before, self._latencies, self._seen, self._last = replace(counts), [], 0, now
        self._write(emf_line(self._namespace, dimensions, values, round(self._wall() * 1000)))


def _values(counts: Counts, before: Counts, latencies: Sequence[float]) -> dict[str, float | list[float]]:
    values: dict[str, float | list[float]] = {
        "RecordsAccepted": counts.accepted - before.accepted,
        "RecordsDelivered": counts.delivered - before.delivered,
        "RecordsFailed": counts.failed - before.failed,
        "RecordsRefused": counts.refused - before.refused,
        "RecordsUnanswered": counts.unanswered - before.unanswered,
        "RecordsBuffered": counts.buffered_records,
        "BytesDelivered": counts.delivered_bytes - before.delivered_bytes,
        "BytesBuffered": counts.buffered_bytes,
        "Requests": counts.requests - before.requests,
    }
    if latencies:
        values["RequestLatency"] = [round(each, 3) for each in latencies]
    return values


def emf_line(
    namespace: str, dimensions: Mapping[str, str], values: Mapping[str, float | list[float]], timestamp: int
) -> str:
    """A line of the format.

    Args:
        namespace: The namespace of the metrics.
        dimensions: Their dimensions.
        values: Their values, by names of `UNITS`.
        timestamp: When, in milliseconds since 1970.
    """
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in values]
    directive = {"Namespace": namespace, "Dimensions": [list(dimensions)], "Metrics": metrics}
    return json.dumps({"_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [directive]}, **dimensions, **values})

"""The dashboard graphs of a Kinesis data stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.facts import metrics
from streaming_constructs.planning.dashboard import Graph

if TYPE_CHECKING:
    from streaming_constructs.planning.streams.kinesis import StreamPlan


def stream_graphs(stream: StreamPlan) -> tuple[Graph, ...]:
    """What flows, what is late, and what was throttled.

    Args:
        stream: The stream.
    """
    late = (Graph("Iterator age of shared readers", (metrics.STREAM_ITERATOR_AGE,)),) if stream.shared_readers else ()
    return (
        Graph("Bytes written per minute", (metrics.INCOMING_BYTES,)),
        Graph("Records written per minute", (metrics.INCOMING_RECORDS,)),
        *late,
        Graph("Throttled and failed", (metrics.WRITE_THROTTLED, metrics.READ_THROTTLED, metrics.PUT_RECORDS_FAILED)),
    )

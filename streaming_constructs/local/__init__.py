"""Rehearses a system on one machine: an embedded AWS, the system's own template, and real records through it.

`simulate_event_source` and what it takes and gives need nothing but this package; `Rehearsal` needs the extra `local`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.event_source.kafka_record import KafkaRecord
from streaming_constructs.local.event_source.simulation import (
    Simulation,
    kafka_records,
    kinesis_records,
    simulate_event_source,
)
from streaming_constructs.local.kinesis.record import Record

if TYPE_CHECKING:
    from streaming_constructs.local.events import Event
    from streaming_constructs.local.rehearsal import Rehearsal
    from streaming_constructs.local.rehearsal_report import Report
    from streaming_constructs.local.verdict import MaxPoison, faults

__all__ = [
    "DiscardedRecords",
    "Event",
    "EventSourceMapping",
    "KafkaRecord",
    "MaxPoison",
    "Record",
    "Rehearsal",
    "Report",
    "Simulation",
    "faults",
    "kafka_records",
    "kinesis_records",
    "simulate_event_source",
]

_LAZY = {
    "Event": "events",
    "MaxPoison": "verdict",
    "Rehearsal": "rehearsal",
    "Report": "rehearsal_report",
    "faults": "verdict",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_LAZY[name]}"), name)

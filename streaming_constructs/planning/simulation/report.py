"""A simulation as plain data, for programs: sums, answers, alarms, and series as coarse as they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from streaming_constructs.planning.simulation.alarms import Ringing, ringing
from streaming_constructs.planning.simulation.answer import answers, level_again, peak
from streaming_constructs.planning.simulation.assumptions import assumptions
from streaming_constructs.planning.simulation.reader import ReaderRun
from streaming_constructs.planning.simulation.simulate import Simulation
from streaming_constructs.planning.simulation.stream import StreamRun


def report(simulation: Simulation, every: int) -> dict[str, Any]:
    """A simulation as plain data.

    Args:
        simulation: What became of a system.
        every: The minutes that one value of a series is of; 0: no series.
    """
    spec, scenario = simulation.plan.spec, simulation.scenario
    rung, unknown = ringing(simulation)
    return {
        "name": spec.name,
        "environment": spec.environment or None,
        "days": scenario.days,
        "lost_records": simulation.lost,
        "answers": list(answers(simulation)),
        "outages": [
            {
                "node": outage.node,
                "stream": reader.model.stream,
                "start_minute": outage.start,
                "end_minute": outage.end,
                "level_again_minute": level_again(reader, min(outage.end, scenario.minutes)),
            }
            for outage in scenario.outages
            for reader in simulation.readers
            if reader.model.name == outage.node
        ],
        "streams": {name: _stream(stream, every) for name, stream in simulation.streams.items()},
        "readers": [_reader(reader, every) for reader in simulation.readers],
        "alarms": [_ringing(each) for each in rung],
        "alarms_not_simulated": [alarm.key for alarm in unknown],
        "assumptions": list(assumptions(simulation)),
        "series_minutes": every or None,
    }


def _stream(stream: StreamRun, every: int) -> dict[str, Any]:
    return {
        "records": sum(stream.arriving),
        "accepted": sum(stream.accepted),
        "rejected": sum(stream.rejected),
        "waiting_at_producers": stream.waiting,
        "throttled_minutes": sum(map(bool, stream.throttled)),
        "record_bytes": stream.model.record_bytes,
        "shards": peak(stream.shards),
        "busiest_minute_records": peak(stream.accepted),
        "retention_minutes": stream.model.retention_minutes,
        **_series(
            every,
            sums={
                "arriving": stream.arriving,
                "accepted": stream.accepted,
                "rejected": stream.rejected,
                "capacity": stream.capacity,
            },
            most={"throttled": stream.throttled, "shards": stream.shards},
        ),
    }


def _reader(reader: ReaderRun, every: int) -> dict[str, Any]:
    model = reader.model
    return {
        "name": model.name,
        "kind": model.kind,
        "stream": model.stream,
        "handled": sum(reader.handled),
        "given_up": sum(reader.kept),
        "expired": sum(reader.expired),
        "waiting": reader.backlog[-1],
        "most_waiting": peak(reader.backlog),
        "oldest_minutes": peak(reader.age),
        "capacity_records_per_minute": min(reader.capacity, default=None),
        "working": model.working,
        **_series(
            every,
            sums={"handled": reader.handled, "given_up": reader.kept, "expired": reader.expired},
            most={"backlog": reader.backlog, "age_minutes": reader.age},
        ),
    }


def _series(every: int, sums: dict[str, list[int]], most: dict[str, list[int]]) -> dict[str, Any]:
    """Counts of some minutes together are their sum; of what waits, and how long, it is the most."""
    if not every:
        return {}
    series = {name: [sum(part) for part in _parts(values, every)] for name, values in sums.items()}
    series |= {name: [max(part) for part in _parts(values, every)] for name, values in most.items()}
    return {"series": series}


def _parts(values: Sequence[int], every: int) -> list[Sequence[int]]:
    return [values[start : start + every] for start in range(0, len(values), every)]


def _ringing(each: Ringing) -> dict[str, Any]:
    return {"alarm": each.alarm.key, "start_minute": each.start, "end_minute": each.end, "title": each.alarm.title}

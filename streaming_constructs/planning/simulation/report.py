"""A simulation as plain data, for programs: sums, answers, alarms, and series as coarse as they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from streaming_constructs.facts.prices.price import UnknownRegionError
from streaming_constructs.planning.simulation.alarms import Ringing, ringing
from streaming_constructs.planning.simulation.answer import answers, level_again, peak, use
from streaming_constructs.planning.simulation.assumptions import assumptions
from streaming_constructs.planning.simulation.day_costs import day_costs
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
        "costs": _costs(simulation),
        "streams": {name: _stream(stream, every) for name, stream in simulation.streams.items()},
        "readers": [_reader(reader, every) for reader in simulation.readers],
        "alarms": [_ringing(each) for each in rung],
        "alarms_not_simulated": [alarm.key for alarm in unknown],
        "assumptions": list(assumptions(simulation)),
        "series_minutes": every or None,
    }


def _costs(simulation: Simulation) -> dict[str, Any] | None:
    """What the days cost, line by line; None where no prices are known."""
    try:
        costs = day_costs(simulation)
    except UnknownRegionError:
        return None
    return {
        "region": costs.region,
        "currency": "USD",
        "hours": costs.hours,
        "usd": round(costs.usd, 4),
        "fixed_usd": round(costs.fixed_usd, 4),
        "usage_usd": round(costs.usage_usd, 4),
        "lines": [
            {
                "node": line.node or None,
                "what": line.what,
                "usd": None if line.usd is None else round(line.usd, 4),
                "quantity": line.quantity,
                "unit": line.unit,
                "basis": line.basis,
            }
            for line in costs.lines
        ],
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
        "busiest_minute_records": peak(stream.arriving),
        "busiest_minute_accepted": peak(stream.accepted),
        "most_use": round(use(stream), 4),
        "hot_shard": _hot_shard(stream),
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


def _hot_shard(stream: StreamRun) -> dict[str, Any] | None:
    if not stream.parts:
        return None
    hot, rest = stream.parts
    return {
        "records": sum(hot.arriving),
        "rejected": sum(hot.rejected),
        "throttled_minutes": sum(map(bool, hot.throttled)),
        "most_use": round(use(hot), 4),
        "most_use_of_others": round(use(rest), 4),
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

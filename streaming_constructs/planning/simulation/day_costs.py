"""What the days of a simulation cost: what is charged for being there by the hour, what flows as it is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.costs import lambda_function
from streaming_constructs.planning.costs.charge import seconds
from streaming_constructs.planning.costs.cost_line import CostLine, cost_lines
from streaming_constructs.planning.costs.system_costs import SystemCosts, system_costs
from streaming_constructs.planning.simulation.models import RECORD_SECONDS
from streaming_constructs.planning.simulation.scenario import Takes

if TYPE_CHECKING:
    from streaming_constructs.planning.simulation.simulate import Simulation

DAY_HOURS = 24
DURATION = "duration"


def day_costs(simulation: Simulation) -> SystemCosts:
    """The lines of the system's month, each as much as it is in the days that were simulated.

    What flows is charged by the records that a stream took and that a reader handled, against those of a month of the spec's
    workload. What no simulation has, such as a table behind a function, follows the mean of all streams.

    Args:
        simulation: What became of a system.

    Raises:
        UnknownRegionError: If nothing is known of its region.
    """
    month = system_costs(simulation.plan)
    hours = simulation.scenario.days * DAY_HOURS
    flows = _flows(simulation)
    lines = [
        _scaled(line, hours / month.hours if line.basis == "fixed" else flows.get(line.node, flows[""]))
        for line in month.lines
    ]
    durations = _durations(simulation, lines, month.region)
    told = tuple(durations.get(line.node, line) if line.what == DURATION else line for line in lines)
    return SystemCosts(month.region, month.is_told, told, hours)


def _durations(simulation: Simulation, lines: Sequence[CostLine], region: str) -> dict[str, CostLine]:
    """What functions that read cost for their time, which the month does not know: by the time that is simulated."""
    invocations = {line.node: line.quantity for line in lines if line.what == "invocations"}
    takes = {take.node: take for take in simulation.scenario.takes}
    found: dict[str, CostLine] = {}
    for name, invoked in invocations.items():
        readers = [
            reader for reader in simulation.readers if reader.model.name == name and reader.model.kind == "lambda"
        ]
        function = simulation.plan.consumers[name].spec if readers else None
        if function is None or function.function_arn is not None or invoked is None:
            continue
        take = takes.get(name, Takes(name, RECORD_SECONDS, "record"))
        batch = sum(sum(reader.handled) for reader in readers) / invoked if invoked else 0.0
        each = batch if take.per == "record" else 1.0
        *_, charge = lambda_function.invoked(invoked, function.memory_mb, function.architecture, each * take.seconds)
        found[name] = next(cost_lines(name, [charge], region))
    return found


def _scaled(line: CostLine, times: float) -> CostLine:
    if line.usd is None or line.quantity is None:
        return line
    return replace(line, quantity=line.quantity * times, usd=line.usd * times)


def _flows(simulation: Simulation) -> dict[str, float]:
    """Of each node what flows, as a share of what would in a month; under the empty name of all streams together."""
    planned = {}
    for name in simulation.streams:
        workload = simulation.plan.streams[name].workload
        assert workload is not None
        planned[name] = workload.records_per_second * seconds()
    accepted = {name: sum(stream.accepted) for name, stream in simulation.streams.items()}
    flows = {name: accepted[name] / planned[name] for name in planned if planned[name]}
    handled: dict[str, list[float]] = {}
    for reader in simulation.readers:
        if planned[reader.model.stream]:
            handled.setdefault(reader.model.name, []).append(sum(reader.handled) / planned[reader.model.stream])
    flows |= {name: sum(shares) / len(shares) for name, shares in handled.items()}
    whole = sum(planned.values())
    return flows | {"": sum(accepted.values()) / whole if whole else 0.0}

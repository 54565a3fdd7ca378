"""A simulation for people: the answer in sentences, then tables, alarms, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.cli.console import plain, show
from streaming_constructs.cli.rows import Rows
from streaming_constructs.planning.numbers import counted
from streaming_constructs.planning.simulation.alarms import Ringing, ringing
from streaming_constructs.planning.simulation.answer import answers, peak, use
from streaming_constructs.planning.simulation.assumptions import assumptions
from streaming_constructs.planning.simulation.clock import length, time

if TYPE_CHECKING:
    from rich.text import Text

    from streaming_constructs.planning.simulation.reader import ReaderRun
    from streaming_constructs.planning.simulation.simulate import Simulation
    from streaming_constructs.planning.simulation.stream import StreamRun

_STREAM_COLUMNS = ("stream", "shards", "records", "offered /s", "takes /s", "use", "throttled", "lost")
_READER_COLUMNS = ("reader", "of", "handles /s", "most waiting", "oldest", "given up", "expired", "waiting at the end")


def show_simulation(simulation: Simulation) -> None:
    """Prints a simulation.

    Args:
        simulation: What became of a system.
    """
    show(*map(plain, answers(simulation)), "")
    show(Rows(_STREAM_COLUMNS, [_stream_row(*each) for each in simulation.streams.items()], 7, is_named=True), "")
    if simulation.readers:
        show(Rows(_READER_COLUMNS, [_reader_row(reader) for reader in simulation.readers], 6, is_named=True), "")
    show(*_alarm_lines(simulation), "")
    show(*_cost_lines(simulation), "")
    show(plain("what this rests on", "bold"), *(plain(f"- {line}") for line in assumptions(simulation)))


def _stream_row(name: str, stream: StreamRun) -> tuple[str, ...]:
    takes = f"{min(stream.capacity) / 60:,.0f}" if stream.capacity else "all"
    return (
        name,
        f"{peak(stream.shards):,}",
        f"{sum(stream.arriving):,}",
        f"{peak(stream.arriving) / 60:,.0f}",
        takes,
        f"{use(stream):.0%}" if stream.capacity else "-",
        counted(sum(map(bool, stream.throttled)), "minute"),
        f"{sum(stream.rejected):,}",
    )


def _reader_row(reader: ReaderRun) -> tuple[str, ...]:
    model = reader.model
    return (
        model.name,
        model.stream,
        f"{min(reader.capacity) / 60:,.0f}" if reader.capacity else "all",
        f"{peak(reader.backlog):,}",
        length(peak(reader.age)),
        f"{sum(reader.kept):,}",
        f"{sum(reader.expired):,}",
        f"{reader.backlog[-1]:,}",
    )


def _cost_lines(simulation: Simulation) -> Iterator[Text]:
    """What the days cost, the dearest line first."""
    from streaming_constructs.facts.prices.price import UnknownRegionError
    from streaming_constructs.planning.simulation.day_costs import day_costs

    try:
        costs = day_costs(simulation)
    except UnknownRegionError as error:
        yield plain(f"no prices of {error} are known")
        return
    days = simulation.scenario.days
    yield plain(
        f"{counted(days, 'day')} {'costs' if days == 1 else 'cost'} {costs.usd:,.2f} USD by AWS's list in {costs.region}: "
        f"{costs.fixed_usd:,.2f} for being there, {costs.usage_usd:,.2f} for what flows",
        "bold",
    )
    for line in costs.drivers:
        yield plain(f"  {line.node or '(system)'}, {line.what}: {line.usd:,.2f}")
    if costs.unknown:
        missing: dict[str, list[str]] = {}
        for line in costs.unknown:
            missing.setdefault(line.node, []).append(line.what)
        told = "; ".join(f"{node} ({', '.join(whats)})" for node, whats in missing.items())
        yield plain(f"  not in it, as nothing says how much it is: {told}")


def _alarm_lines(simulation: Simulation) -> Iterator[Text]:
    rung, unknown = ringing(simulation)
    if not rung:
        known = len(simulation.plan.alarms) - len(unknown)
        yield plain(f"no alarm rings, of {counted(known, 'alarm')} whose metrics are known here")
        return
    yield plain("alarms that ring", "bold")
    for key in dict.fromkeys(each.alarm.key for each in rung):
        yield _alarm_line([each for each in rung if each.alarm.key == key])


def _alarm_line(times: Sequence[Ringing]) -> Text:
    first = times[0]
    until = f"until {time(first.end)}" if first.end is not None else "until the end"
    more = f"; {counted(len(times), 'time')} in all" if len(times) > 1 else ""
    return plain(f"  {first.alarm.key}: {time(first.start)}, {until}{more}")

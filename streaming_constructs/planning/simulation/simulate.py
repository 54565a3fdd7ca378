"""A system minute by minute: streams first, then who reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streaming_constructs.planning.simulation.arrivals import arrivals
from streaming_constructs.planning.simulation.clock import DAY
from streaming_constructs.planning.simulation.hot_key import run_hot_readers, run_hot_stream
from streaming_constructs.planning.simulation.models import Models, models_of
from streaming_constructs.planning.simulation.reader import ReaderRun, run_readers
from streaming_constructs.planning.simulation.scenario import Burst, HotKey, Load, Scenario, merged
from streaming_constructs.planning.simulation.stream import StreamRun, run_stream
from streaming_constructs.spec.finding import did_you_mean

if TYPE_CHECKING:
    from streaming_constructs.planning.pipeline import PipelinePlan


@dataclass(frozen=True, slots=True)
class Simulation:
    """What became of a system.

    Attributes:
        plan: The system.
        scenario: What happened.
        models: What the arithmetic knew of the system.
        streams: Its streams, by name.
        readers: Who reads them.
    """

    plan: PipelinePlan
    scenario: Scenario
    models: Models
    streams: Mapping[str, StreamRun]
    readers: Sequence[ReaderRun]

    @property
    def lost(self) -> int:
        """The records that nobody has any more: given up by producers, or expired before a reader had them."""
        rejected = sum(sum(stream.rejected) for stream in self.streams.values())
        return rejected + sum(sum(reader.expired) for reader in self.readers)

    def readers_of(self, stream: str) -> Sequence[ReaderRun]:
        """Who reads a stream.

        Args:
            stream: Its name.
        """
        return [reader for reader in self.readers if reader.model.stream == stream]


class ScenarioError(ValueError):
    """A scenario that does not fit its system.

    Attributes:
        problems: All that is wrong with it.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


def simulate(plan: PipelinePlan, scenario: Scenario) -> Simulation:
    """Goes through a system minute by minute.

    Args:
        plan: The system.
        scenario: What happens.

    Raises:
        ScenarioError: If it does not fit the system; with all that is wrong with it.
    """
    models = models_of(plan, scenario.takes)
    problems = list(_problems(plan, models, scenario))
    if problems:
        raise ScenarioError(problems)
    scenario = replace(scenario, outages=merged(scenario.outages))
    streams = {}
    for name, model in models.streams.items():
        workload = plan.streams[name].workload
        assert workload is not None
        bursts = [burst for burst in scenario.bursts if burst.stream in {"", name}]
        arriving = arrivals(workload, scenario.load_of(name), bursts, scenario.minutes)
        hot_share = scenario.hot_share_of(name)
        streams[name] = (
            run_hot_stream(model, arriving, scenario.retry_minutes, hot_share)
            if hot_share
            else run_stream(model, arriving, scenario.retry_minutes)
        )
    readers = [reader for name, stream in streams.items() for reader in _read(stream, models, name, scenario)]
    return Simulation(plan, scenario, models, streams, readers)


def _read(stream: StreamRun, models: Models, name: str, scenario: Scenario) -> list[ReaderRun]:
    of_stream = [each for each in models.readers if each.stream == name]
    run = run_hot_readers if stream.parts else run_readers
    return run(stream, of_stream, scenario.outages)


def _problems(plan: PipelinePlan, models: Models, scenario: Scenario) -> Iterator[str]:
    if not models.streams:
        yield "; ".join(["no stream of it can be looked at", *models.left_out])
        return
    yield from _problems_of_outages(models, scenario)
    yield from _problems_of_takes(plan, models, scenario)
    yield from _problems_of_loads(models, scenario)


def _problems_of_outages(models: Models, scenario: Scenario) -> Iterator[str]:
    readers = {reader.name for reader in models.readers}
    for outage in scenario.outages:
        if outage.node not in readers:
            yield f"--outage: nobody who reads is called `{outage.node}`; {did_you_mean(outage.node, readers)}"
        if outage.start >= scenario.minutes:
            yield f"--outage: {outage.node} would be down after the last day; give `--days {outage.end // DAY + 1}`"


def _problems_of_takes(plan: PipelinePlan, models: Models, scenario: Scenario) -> Iterator[str]:
    functions = {reader.name for reader in models.readers if reader.kind == "lambda"}
    for take in scenario.takes:
        if take.node not in functions:
            told = did_you_mean(take.node, functions) or "there is no function"
            yield f"--takes: no function that reads is called `{take.node}`; {told}"
            continue
        timeout = plan.consumers[take.node].spec.timeout_seconds
        if timeout is not None and take.per == "batch" and take.seconds > timeout:
            yield (
                f"--takes: {take.node} is ended after {timeout} s; give `--takes {take.node}={timeout}s`, or raise its "
                "`timeout_seconds`"
            )


def _problems_of_loads(models: Models, scenario: Scenario) -> Iterator[str]:
    named: tuple[tuple[str, Sequence[Load | Burst | HotKey]], ...] = (
        ("--load", scenario.loads),
        ("--burst", scenario.bursts),
        ("--hot-key", scenario.hot_keys),
    )
    for option, things in named:
        for stream in dict.fromkeys(thing.stream for thing in things if thing.stream):
            if stream not in models.streams:
                yield f"{option}: no stream that is looked at is called `{stream}`; {did_you_mean(stream, models.streams)}"
    for burst in scenario.bursts:
        if burst.start >= scenario.minutes:
            yield f"--burst: it would begin after the last day; give `--days {burst.start // DAY + 1}`"
    for load in scenario.loads:
        if load.is_absolute and not load.stream and len(models.streams) > 1:
            first = next(iter(models.streams))
            yield f"--load: `{load.name}` has records a second, of one stream: write `--load {first}={load.name}`"

"""What a simulation rests on, said with its numbers: each assumption with the option that says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.simulation.clock import length
from streaming_constructs.planning.simulation.models import RECORD_SECONDS
from streaming_constructs.planning.simulation.simulate import Simulation


def assumptions(simulation: Simulation) -> Iterator[str]:
    """What is assumed, and what is left out.

    Args:
        simulation: What became of a system.
    """
    scenario = simulation.scenario
    said = {take.node: take for take in scenario.takes}
    guessed = [reader.model.name for reader in simulation.readers if reader.model.kind == "lambda"]
    for name in dict.fromkeys(guessed):
        if name in said:
            take = said[name]
            yield f"{name} takes {number(take.seconds * 1000)} ms for a {take.per}, as `--takes` says"
        else:
            yield (
                f"{name} takes {number(RECORD_SECONDS * 1000)} ms for a record: nobody says, so measure it and give "
                f"`--takes {name}=200ms` for a batch, or `--takes {name}=2ms/record`"
            )
        if simulation.plan.consumers[name].spec.patterns:
            yield f"all records pass the filters of {name}: a record that is skipped takes no time of it"
    yield from _of_outages(simulation)
    if any(reader.model.kind == "flink" for reader in simulation.readers):
        yield "a KPU of Flink takes as many records as `plan` assumes; a query may be ten times as heavy"
    if any(any(stream.throttled) for stream in simulation.streams.values()):
        yield f"producers try again for {length(scenario.retry_minutes)} what is throttled, then it is lost (`--retry`)"
    yield from _of_streams(simulation)
    yield from (f"not looked at: {line}" for line in simulation.models.left_out)


def _of_streams(simulation: Simulation) -> Iterator[str]:
    for name, stream in simulation.streams.items():
        if stream.model.is_on_demand:
            yield f"{name} has seen its workload's peak in the last 30 days: on demand takes twice of it"
        if stream.model.kind == "kafka":
            yield f"{name} takes and gives as much as comes: what its brokers can carry is not looked at"
        share = simulation.scenario.hot_share_of(name)
        if not share:
            yield f"the records of {name} are spread evenly: a hot key fills a shard long before the others (`--hot-key`)"
        elif stream.parts:
            yield f"{number(100 * share)} % of the records of {name} have one key, and go to one shard"
        else:
            yield f"{name} has one shard, where all keys go"


def _of_outages(simulation: Simulation) -> Iterator[str]:
    for node in dict.fromkeys(outage.node for outage in simulation.scenario.outages):
        reader = next(each for each in simulation.readers if each.model.name == node)
        if reader.model.kind == "lambda":
            spec = simulation.plan.consumers[node].spec
            told = f"{node} is down: its function cannot be invoked, as when it is throttled"
            if simulation.plan.consumers[node].gives_up:
                retries = counted(spec.failure_policy.retries, "retry")
                told += f". If it is invoked and fails, batches are given up after {retries}, {reader.model.given_up}"
            yield told
        elif reader.model.kind == "firehose":
            yield f"{node} is down: its destination takes nothing"
        else:
            yield f"{node} is down: it reads nothing, and begins again where it was"

"""`streaming-constructs simulate`: a system minute by minute, as arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from streaming_constructs.planning.simulation.scenario import Load, Scenario

_T = TypeVar("_T")
_DAYS, _MOST_DAYS = 7, 30  # capacity on demand follows the peak of 30 days


@click.command()
@options.system
@options.environment
@click.option(
    "--load",
    "loads",
    multiple=True,
    metavar="[STREAM=]PRESET|FILE.csv",
    help="What is written: flat, office-hours, evening, weekly, or a table with the columns time (09:00) or minute, and factor "
    "or records_per_second. Left out: office-hours.",
)
@click.option(
    "--outage",
    "outages",
    multiple=True,
    metavar="CONSUMER=2h[@09:00]",
    help="A consumer, a delivery or an application that takes nothing for a time; 2d09:00 is nine on the second day. Left out: "
    "nobody is down.",
)
@click.option(
    "--burst",
    "bursts",
    multiple=True,
    metavar="[STREAM=]5x[@09:00][/30m]",
    help="Five times as much is written for half an hour.",
)
@click.option(
    "--hot-key",
    "hot_keys",
    multiple=True,
    metavar="[STREAM=]30%",
    help="So many of the records have one key, and go to one shard. Left out: records are spread evenly.",
)
@click.option(
    "--takes",
    multiple=True,
    metavar="CONSUMER=200ms[/record]",
    help="How long a function takes for a batch, or for a record of it. Left out: 2 ms for a record, which nobody measured.",
)
@click.option(
    "--retry",
    metavar="5m",
    help="How long producers try again what a stream throttles, in whole minutes; then it is lost. Left out: 5m.",
)
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=_DAYS,
    show_default=True,
    help="How many days are looked at; the first is a Monday.",
)
@options.text_or_json
@click.option(
    "--every",
    type=click.IntRange(0, 1440),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="Of JSON: the minutes that one value of a series is of; 1 for the whole series, 0 for none.",
)
@click.option(
    "--chart",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.svg|FILE.png",
    help="Draws what comes, what waits and how old it is into this file; PNG needs the extra `draw`.",
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    help="The colours of --chart. Left out: SVG is as the screen of whoever looks at it, PNG is light.",
)
@click.pass_context
def simulate(
    ctx: click.Context,
    /,
    system: str,
    environment: str | None,
    form: str,
    chart: Path | None,
    theme: str | None,
    **said: Any,
) -> None:
    """Says what becomes of a system minute by minute: who is late, what is lost, and when it is level again.

    It is arithmetic over the numbers that `plan` shows: no record is made, nothing runs, and no AWS account is needed.

    Exit codes: 0 nothing is lost; 1 records are lost, expired unread or given up by their producers; or the spec has errors;
    2 wrong usage.
    """
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.own_prices import take_own_prices
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.plan_file import plan_system
    from streaming_constructs.planning.simulation.simulate import ScenarioError
    from streaming_constructs.planning.simulation.simulate import simulate as simulated

    every = said.pop("every")
    scenario, problems = _scenario(said)
    if chart is not None and chart.suffix not in {".svg", ".png"}:
        problems.append(f"--chart: `{chart}` is neither SVG nor PNG; name a file such as `{chart.with_suffix('.svg')}`")
    if theme and chart is None:
        problems.append("--theme: there is no chart; give `--chart FILE.svg`")
    opened = open_system(system)
    take_own_prices(opened.directory)
    plan = plan_system(opened.document, environment)
    try:
        simulation = simulated(plan, scenario)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        from streaming_constructs.spec.printable import printable

        raise click.UsageError("\n".join(map(printable, dict.fromkeys(problems))), ctx)
    if chart is not None:
        _draw(simulation, chart, theme)
    if form == "json":
        from streaming_constructs.planning.simulation.report import report

        show_json(report(simulation, every))
    else:
        from streaming_constructs.cli.render_simulation import show_simulation

        show_simulation(simulation)
    ctx.exit(1 if simulation.lost else 0)


def _scenario(said: dict[str, Any]) -> tuple[Scenario, list[str]]:
    """What was asked for, and all that is wrong with it."""
    from streaming_constructs.planning.simulation.clock import minutes_of
    from streaming_constructs.planning.simulation.scenario import (
        PRODUCERS_RETRY_MINUTES,
        Scenario,
        parse_burst,
        parse_hot_key,
        parse_outage,
        parse_takes,
    )

    problems: list[str] = []
    retry = minutes_of(said["retry"]) if said["retry"] is not None else PRODUCERS_RETRY_MINUTES
    if retry is None and said["retry"] not in {"0", "0m"}:
        problems.append(f"--retry: `{said['retry']}` is no length of whole minutes: write `--retry 5m`")
    scenario = Scenario(
        days=said["days"],
        loads=tuple(_parsed("--load", _load, said["loads"], problems)),
        outages=tuple(_parsed("--outage", parse_outage, said["outages"], problems)),
        bursts=tuple(_parsed("--burst", parse_burst, said["bursts"], problems)),
        takes=tuple(_parsed("--takes", parse_takes, said["takes"], problems)),
        retry_minutes=retry or 0,
        hot_keys=tuple(_parsed("--hot-key", parse_hot_key, said["hot_keys"], problems)),
    )
    return scenario, problems


def _parsed(option: str, parse: Callable[[str], _T], texts: Iterable[str], problems: list[str]) -> Iterable[_T]:
    for text in texts:
        try:
            yield parse(text)
        except ValueError as error:
            found = getattr(error, "problems", (str(error),))
            problems += [f"{option}: {problem}" for problem in found]


def _load(text: str) -> Load:
    from streaming_constructs.planning.simulation.load_file import MOST_BYTES, read_load
    from streaming_constructs.planning.simulation.scenario import Load
    from streaming_constructs.planning.simulation.shapes import PRESETS

    stream, _, name = text.rpartition("=")
    if name in PRESETS:
        return Load(name, stream)
    from streaming_constructs.spec.finding import did_you_mean

    path = Path(name)
    if path.suffix != ".csv":
        raise ValueError(f"`{name}` is neither a load nor a table `.csv`; {did_you_mean(name, PRESETS)}")
    try:
        with path.open("rb") as file:
            read = file.read(MOST_BYTES + 1)
        if len(read) > MOST_BYTES:
            raise ValueError(f"`{name}` is larger than {MOST_BYTES:,} bytes: a row for each minute of a week is enough")
        return read_load(name, read.decode(), stream)
    except OSError as error:
        raise ValueError(f"`{name}` cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"`{name}` is no text in UTF-8; save it as CSV in UTF-8") from None


def _draw(simulation: Any, chart: Path, theme: str | None) -> None:
    from streaming_constructs.cli.picture import png, write_picture
    from streaming_constructs.planning.simulation.chart import chart_svg

    if chart.suffix == ".png":
        drawn: str | bytes = png(chart_svg(simulation, dark=theme == "dark"))
    else:
        drawn = chart_svg(simulation, dark=theme == "dark" if theme else None)
    write_picture(str(chart), drawn, "--chart")

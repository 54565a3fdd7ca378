"""`streaming-constructs plan`: what a spec will build, and why so large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import RenderableType

    from streaming_constructs.planning import AlarmPlan, PipelinePlan
    from streaming_constructs.planning.costs.system_costs import SystemCosts
    from streaming_constructs.spec.finding import Finding


@click.command()
@options.system
@options.environment
@options.text_or_json
@click.option(
    "--at",
    metavar="0.5x,2x,10x",
    help="Tells the same at other loads, where it stops fitting, and from where on another mode of a stream costs less.",
)
@click.option(
    "--compare", is_flag=True, help="Tells what streams and clusters would cost in other modes, and of other services."
)
@click.option(
    "--chart",
    metavar="FILE.svg|png",
    help="Draws costs and capacity over the load, a tenth to ten times, into this file; PNG needs the extra `draw`.",
)
@click.pass_context
def plan(
    ctx: click.Context,
    system: str,
    environment: str | None,
    form: str,
    at: str | None,
    chart: str | None,
    *,
    compare: bool,
) -> None:
    """Shows what a spec will build: shards, readers, alarms, and why.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern. What is likely to go wrong follows
    on stderr. What it costs in a month is by AWS's price list, without free tiers and discounts, in the region of the spec.

    Exit codes: 0 fine, or nothing but notes; 1 errors or warnings; 2 wrong usage.
    """
    from dataclasses import replace

    from streaming_constructs.cli.console import show, show_findings, show_json
    from streaming_constructs.cli.differences import differences
    from streaming_constructs.cli.own_prices import take_own_prices
    from streaming_constructs.cli.render_costs import CostTable, costs_object
    from streaming_constructs.cli.render_limits import LimitTable, advice_object
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.limits.advice import advice
    from streaming_constructs.planning.plan_file import plan_document

    factors = _factors(at) if at is not None else []
    if chart is not None and not chart.lower().endswith((".svg", ".png")):
        raise click.BadParameter("a picture is SVG or PNG: name a file such as `load.svg`", param_hint="'--chart'")
    opened = open_system(system)
    document = opened.document
    take_own_prices(opened.directory)
    planned, findings = plan_document(document, environment)
    if planned is not None:
        differing = differences(document, environment)
        costs, unpriced = _costs(planned)
        findings = [*findings, *map(document.locate, unpriced)]
        advised = advice(planned, costs.region if costs is not None else None)
        if chart is not None:
            _draw(planned, chart)
        whole = replace(planned, findings=tuple(findings))
        views = [*_loads(whole, factors), *(_compared(whole, costs) if compare else ())]
        if form == "json":
            priced = costs_object(costs) if costs is not None else None
            made = {**plan_object(planned, differing, findings), "costs": priced, **advice_object(advised)}
            show_json({**made, **{name: value for view in views for name, value in view.values.items()}})
        else:
            show_plan(planned, differing)
            if costs is not None and costs.lines:
                show("", CostTable(costs))
            if advised.limits:
                show("", LimitTable(advised))
            for view in views:
                show("", view.shown)
    show_findings(findings)
    ctx.exit(1 if any(finding.level != "note" for finding in findings) else 0)


class _View(NamedTuple):
    """What is told only when it is asked for: for people, and for programs."""

    shown: RenderableType
    values: Mapping[str, Any]


def _loads(planned: PipelinePlan, factors: list[float]) -> Iterator[_View]:
    if factors:
        from streaming_constructs.cli.render_loads import LoadTable, loads_object
        from streaming_constructs.planning.loads.report import loads_of

        _refuse_no_load(planned, "--at")
        loads = loads_of(planned, factors)
        yield _View(LoadTable(loads), loads_object(loads))


def _refuse_no_load(planned: PipelinePlan, option: str) -> None:
    from streaming_constructs.planning.loads.at_load import has_load

    if not has_load(planned):
        raise click.UsageError(f"{option}: nothing says what flows through the system; give a stream its `workload`")


def _draw(planned: PipelinePlan, chart: str) -> None:
    """Draws a system over its load: SVG light or dark as the screen is, PNG light."""
    from streaming_constructs.cli.picture import png, write_picture
    from streaming_constructs.planning.loads.chart import load_chart

    _refuse_no_load(planned, "--chart")
    is_svg = chart.lower().endswith(".svg")
    write_picture(chart, load_chart(planned) if is_svg else png(load_chart(planned, dark=False)), "--chart")


def _compared(planned: PipelinePlan, costs: SystemCosts | None) -> Iterator[_View]:
    """What nodes could be instead; nothing where no prices are known to compare by, as is told."""
    if costs is not None:
        from streaming_constructs.cli.render_alternatives import AlternativeTable, alternatives_object
        from streaming_constructs.planning.loads.alternatives import alternatives

        told = alternatives(planned, costs)
        yield _View(AlternativeTable(told), alternatives_object(told))


def _factors(at: str) -> list[float]:
    from streaming_constructs.planning.loads.factors import parse_factors

    try:
        return parse_factors(at)
    except ValueError as error:
        from streaming_constructs.spec.printable import printable

        raise click.UsageError(f"--at: {printable(str(error))}") from None


def _costs(planned: PipelinePlan) -> tuple[SystemCosts | None, list[Finding]]:
    """What a system costs; or that no prices of its region are known."""
    from streaming_constructs.facts.prices.price import UnknownRegionError
    from streaming_constructs.planning.costs.system_costs import no_prices, system_costs

    try:
        return system_costs(planned), []
    except UnknownRegionError as error:
        return None, [no_prices(str(error))]


def show_plan(plan: PipelinePlan, differing: Mapping[str, Any]) -> None:
    """Prints a plan for people.

    Args:
        plan: The system.
        differing: What its environment changes in the rest of the file.
    """
    from streaming_constructs.cli.console import plain, show
    from streaming_constructs.cli.differences import differing_lines
    from streaming_constructs.cli.render import AlarmTable, notified_lines
    from streaming_constructs.cli.tree import pipeline_tree

    show(pipeline_tree(plan, differing_lines(differing)), "", AlarmTable(plan.alarms))
    told = notified_lines(plan.spec.alarms) if plan.alarms else []
    if told:
        show("", *map(plain, told))


def plan_object(plan: PipelinePlan, differing: Mapping[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    """A plan for programs.

    Args:
        plan: The system.
        differing: What its environment changes in the rest of the file.
        findings: What was found in it.
    """
    from streaming_constructs.cli.report import finding_object

    spec = plan.spec
    return {
        "name": spec.name,
        "environment": spec.environment or None,
        "account": spec.account,
        "region": spec.region,
        "removal_policy": spec.removal_policy,
        "differs": dict(differing),
        **{
            section: {name: dict(node.summary().values) for name, node in nodes.items()}
            for section, nodes in plan.sections.items()
        },
        "alarms": [_alarm_object(alarm) for alarm in plan.alarms],
        "findings": [finding_object(finding) for finding in findings],
    }


def _alarm_object(alarm: AlarmPlan) -> dict[str, Any]:
    metrics = {name: f"{metric.namespace}/{metric.name}" for name, metric in alarm.metrics.items()}
    optional = {
        "instance": alarm.instance,
        "dimensions": dict(alarm.dimensions),
        "expression": alarm.expression,
        "metrics": metrics,
        "datapoints": alarm.datapoints,
        "inclusive": alarm.inclusive,
    }
    return {
        "name": alarm.name,
        "metric": f"{alarm.metric.namespace}/{alarm.metric.name}",
        "statistic": alarm.statistic or alarm.metric.statistic,
        "threshold": alarm.threshold,
        "below": alarm.below,
        "unit": alarm.metric.unit,
        "minutes": alarm.minutes,
        "period_seconds": alarm.period_seconds,
        "missing": alarm.missing,
        "overridden": alarm.overridden,
        "working": alarm.working,
        **{name: value for name, value in optional.items() if value},
    }

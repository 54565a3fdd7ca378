"""`validate --sql`: what Flink itself has against the SQL of applications."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streaming_constructs.cli.check import Checked
    from streaming_constructs.cli.system import System
    from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
    from streaming_constructs.spec.finding import Finding

    Judge = Callable[[FlinkSqlPlan], list[Finding]]

Level = Literal["parse", "plan"]
"""How far Flink goes: `parse` looks at the grammar of the spec's statements, `plan` at what all statements are together."""


def with_flink(systems: Sequence[System], checked: Sequence[Checked], level: Level) -> list[Checked]:
    """What was found in files, with what Flink refuses of their SQL. Each runtime is started once, and only if it is needed.

    Args:
        systems: The files.
        checked: What was found in them.
        level: How far Flink goes.

    Raises:
        SpecError: If there is no Java, the jars of Flink or of its parser are not there, or its process ends meanwhile.
    """
    import click

    from streaming_constructs.local.flink.flink_error import FlinkGoneError
    from streaming_constructs.local.jars.bringing import told
    from streaming_constructs.spec.finding import SpecError

    try:
        with told(partial(click.echo, err=True)):
            return _judged(systems, checked, level)
    except FlinkGoneError as gone:
        raise SpecError([gone.finding]) from None


def _judged(systems: Sequence[System], checked: Sequence[Checked], level: Level) -> list[Checked]:
    from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan

    start = _parser if level == "parse" else _planner
    judges: dict[str, Judge] = {}
    with ExitStack() as running:
        files = []
        for system, file in zip(systems, checked, strict=True):
            judged = []
            for one in file.systems:
                findings = list(one.findings)
                for node in one.plan.nodes.values() if one.plan is not None else ():
                    if isinstance(node, FlinkSqlPlan):
                        runtime = node.spec.runtime
                        judge = judges.get(runtime) or start(runtime, running)
                        judges[runtime] = judge
                        findings += map(system.document.locate, judge(node))
                judged.append(replace(one, findings=findings))
            files.append(replace(file, systems=judged))
    return files


def _parser(runtime: str, running: ExitStack) -> Judge:
    from streaming_constructs.local.flink.sql_check import syntax_findings
    from streaming_constructs.local.flink.sql_parser import FlinkSqlParser

    return partial(syntax_findings, parser=running.enter_context(FlinkSqlParser(runtime)))


def _planner(runtime: str, running: ExitStack) -> Judge:
    from streaming_constructs.local.flink.local_flink import LocalFlink
    from streaming_constructs.local.flink.sql_check import planning_findings

    return partial(planning_findings, flink=running.enter_context(LocalFlink(runtime)))

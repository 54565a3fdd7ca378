"""`validate --sql`: what Flink itself has against the SQL of applications."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streaming_constructs.cli.check import Checked
    from streaming_constructs.cli.system import System
    from streaming_constructs.local.flink.local_flink import LocalFlink
    from streaming_constructs.local.flink.sql_check import Level


def with_flink(systems: Sequence[System], checked: Sequence[Checked], level: Level) -> list[Checked]:
    """What was found in files, with what Flink refuses of their SQL. Each runtime is started once, and only if it is needed.

    Args:
        systems: The files.
        checked: What was found in them.
        level: How far Flink goes.

    Raises:
        SpecError: If there is no Java, or the jars of Flink are not there.
    """
    from streaming_constructs.local.flink.local_flink import LocalFlink
    from streaming_constructs.local.flink.sql_check import flink_findings
    from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan

    flinks: dict[str, LocalFlink] = {}
    with ExitStack() as running:
        files = []
        for system, file in zip(systems, checked, strict=True):
            judged = []
            for one in file.systems:
                findings = list(one.findings)
                for node in one.plan.nodes.values() if one.plan is not None else ():
                    if isinstance(node, FlinkSqlPlan):
                        runtime = node.spec.runtime
                        flink = flinks.get(runtime) or running.enter_context(LocalFlink(runtime))
                        flinks[runtime] = flink
                        findings += map(system.document.locate, flink_findings(node, flink, level))
                judged.append(replace(one, findings=findings))
            files.append(replace(file, systems=judged))
    return files

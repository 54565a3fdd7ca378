"""The jar of an application of SQL: the runner, the statements, and the connectors that they need."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from streaming_constructs.cdk.analytics.application_jar import write_application_jar
from streaming_constructs.planning.analytics.connector_file_findings import connector_file_findings
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.planning.connectors_lock import CONNECTORS_LOCK
from streaming_constructs.planning.flink_connector_jars import connectors_at_hand, find_connector_jars
from streaming_constructs.spec.finding import Finding, SpecError

RUNNER = Path(__file__).parents[2] / "runtime" / "flink_sql_runner" / "flink-sql-runner.jar"
NOT_HERE = "FLK128"
"""The code of connectors that are not on this machine."""


def write_sql_jar(file: Path, plan: FlinkSqlPlan, directory: Path) -> list[Finding]:
    """Writes the jar, byte for byte the same for the same application and connectors, and gives what it lacks to run.

    Where some connectors are not on this machine, the others are in it all the same: a rehearsal takes Kafka's from there.

    Args:
        file: Where to.
        plan: The application with its numbers.
        directory: The folder that paths of the spec are relative to.

    Raises:
        SpecError: If a jar that the spec names is not one, or does not fit the runtime or another one.
    """
    lacking: list[Finding] = []
    connectors: Sequence[Path] = [directory / path for path in plan.spec.connectors]
    if connectors:
        findings = connector_file_findings(plan.spec, plan.connectors, directory)
        errors = [finding.below("analytics", plan.name) for finding in findings if finding.level == "error"]
        if errors:
            raise SpecError(errors)
    elif plan.connectors:
        try:
            connectors = find_connector_jars(plan.spec.runtime, plan.connectors, directory / CONNECTORS_LOCK)
        except SpecError as error:
            lacking = [finding for finding in error.findings if finding.code == NOT_HERE]
            if len(lacking) < len(error.findings):
                raise
            connectors = _those_here(plan, directory)
    write_application_jar(file, runner=RUNNER, statements=plan.document, connectors=connectors)
    return lacking


def _those_here(plan: FlinkSqlPlan, directory: Path) -> Sequence[Path]:
    lock_file = directory / CONNECTORS_LOCK
    here = connectors_at_hand(plan.spec.runtime, plan.connectors, lock_file)
    return find_connector_jars(plan.spec.runtime, here, lock_file)

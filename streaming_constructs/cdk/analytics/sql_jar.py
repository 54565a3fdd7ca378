"""The jar of an application of SQL: the runner, the statements, and the connectors that they need."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan

RUNNER = Path(__file__).parents[2] / "runtime" / "flink_sql_runner" / "flink-sql-runner.jar"
_TIME = (1980, 1, 1, 0, 0, 0)


def write_sql_jar(file: Path, plan: FlinkSqlPlan) -> tuple[str, ...]:
    """Writes the jar, byte for byte the same for the same application, and gives the connectors that it lacks.

    Args:
        file: Where to.
        plan: The application with its numbers.
    """
    document = json.dumps(plan.document, sort_keys=True, ensure_ascii=False)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as jar, zipfile.ZipFile(RUNNER) as runner:
        for name in sorted(runner.namelist()):
            jar.writestr(zipfile.ZipInfo(name, _TIME), runner.read(name))
        jar.writestr(zipfile.ZipInfo("statements.json", _TIME), document)
    return plan.connectors

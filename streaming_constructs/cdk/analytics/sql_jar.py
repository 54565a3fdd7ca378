"""The jar of an application of SQL: the runner, the statements, and the connectors that they need."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan

_TIME = (1980, 1, 1, 0, 0, 0)


def write_sql_jar(file: Path, plan: FlinkSqlPlan, directory: Path) -> tuple[str, ...]:
    """Writes the jar, byte for byte the same for the same application, and gives the connectors that no jar has.

    Args:
        file: Where to.
        plan: The application with its numbers.
        directory: The folder that paths of the spec are relative to.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as jar:
        jar.writestr(
            zipfile.ZipInfo("statements.json", _TIME), json.dumps(plan.document, sort_keys=True, ensure_ascii=False)
        )
    return () if all((directory / path).is_file() for path in plan.spec.connectors) and plan.spec.connectors else plan.connectors

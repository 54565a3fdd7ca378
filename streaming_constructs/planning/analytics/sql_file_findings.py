"""Tables of files that the SQL creates: formats that need a jar, and files that nobody sees for long, or ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts.flink_connectors import FILE_ROLLOVER, FORMATS_OF_JARS
from streaming_constructs.planning.analytics.sql_connector_findings import connector_of
from streaming_constructs.planning.numbers import number
from streaming_constructs.spec.analytics.sql_text import path_of, where
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement

_ROLLOVER, _COMPACTION = "sink.rolling-policy.rollover-interval", "auto-compaction"


def file_findings(spec: FlinkSqlSpec, statements: Sequence[Statement]) -> Iterator[Finding]:
    """What is wrong; paths are relative to the application.

    Args:
        spec: The application.
        statements: Its statements.
    """
    written = {statement.target for statement in statements if statement.kind == "insert"}
    for statement in statements:
        if statement.kind != "table" or connector_of(statement) != "filesystem":
            continue
        options = {key: value for key, value, _ in statement.options}
        if options.get("format") in FORMATS_OF_JARS and not spec.connectors:
            yield _no_format(statement, options["format"])
        if statement.target not in written:
            continue
        if spec.checkpointing is False:
            yield Finding(
                "FLK261",
                f"no file of `{statement.target}` is ever finished",
                path_of(statement),
                note=f"{where(statement)}; Flink finishes files with checkpoints, and `checkpointing` is false",
                help="take out `checkpointing: false`",
                level="error",
            )
        elif options.get("format") not in FORMATS_OF_JARS and not {_ROLLOVER, _COMPACTION} & {*options}:
            yield Finding(
                "FLK261",
                f"files of `{statement.target}` are seen after {number(FILE_ROLLOVER.value)} min",
                path_of(statement),
                note=f"{where(statement)}; so long each of them is written to, however often there are checkpoints",
                help=f"add `'{_ROLLOVER}' = '1 min'` for files of a minute, many and small; or write to a delivery to S3",
            )


def _no_format(statement: Statement, name: str) -> Finding:
    return Finding(
        "FLK232",
        f"`{name}` is no format that the application has",
        path_of(statement),
        note=f"the table `{statement.target}`, {where(statement)}; Flink itself has json, csv and raw",
        help="list the jar that has it in `connectors`; or write to a delivery, `deliveries: {files: {from: direct_put, to: "
        "{kind: s3, format: parquet}}}`",
    )

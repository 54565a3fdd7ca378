"""Time and state in SQL: windows without a watermark, updates where none are taken, and state that grows for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts.flink_connectors import CONNECTORS
from streaming_constructs.planning.analytics.flink_ddl import RAW
from streaming_constructs.planning.analytics.sql_changes import WINDOW_COLUMNS, is_windowed, telling_rows_apart
from streaming_constructs.planning.analytics.sql_connector_findings import connector_of
from streaming_constructs.spec.analytics.sql_text import path_of, where
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.watermark import no_time

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_tables import FlinkTables
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement, Window
    from streaming_constructs.spec.analytics.sql_tokens import Token
    from streaming_constructs.spec.pipeline import PipelineSpec

_TTL = "table.exec.state.ttl"
_DELAY_SECONDS = 5


def time_findings(
    spec: FlinkSqlSpec, statements: Sequence[Statement], tables: FlinkTables, system: PipelineSpec
) -> Iterator[Finding]:
    """What is wrong; paths are relative to the application.

    Args:
        spec: The application.
        statements: Its statements.
        tables: Its tables.
        system: The system that it stands in.
    """
    views = {one.target: one for one in statements if one.kind == "view"}
    own = {one.target: one for one in statements if one.kind == "table"}
    told, has_ttl = set[str](), _has_ttl(spec, statements)
    for statement in statements:
        for window in statement.windows:
            stream = _origin(window.over, views, statement)
            if stream in told:
                continue
            for finding in _window_findings(spec, statement, window, stream, tables, own, system):
                told.add(stream)
                yield finding
        yield from _update_findings(statement, tables, own, views)
        yield from _pattern_findings(statement)
        if not has_ttl:
            yield from _state_findings(statement)


def _origin(name: str, views: dict[str, Statement], statement: Statement) -> str:
    """The table that a view shows, where it shows one; empty where that is not plain."""
    for _ in range(len(views) + 1):
        if name in statement.own_names:
            return ""
        if name not in views:
            return name
        read = dict.fromkeys(source for source, _ in views[name].reads)
        if len(read) != 1 or views[name].own_names:
            return ""
        statement, name = views[name], next(iter(read))
    return ""


def _window_findings(
    spec: FlinkSqlSpec,
    statement: Statement,
    window: Window,
    stream: str,
    tables: FlinkTables,
    own: dict[str, Statement],
    system: PipelineSpec,
) -> Iterator[Finding]:
    function, over, field, token = window
    if stream in own:
        words = own[stream].words
        if "PROCTIME" in words and "WATERMARK" not in words:
            yield Finding(
                "FLK247",
                f"the windows over `{stream}` go by the clock of the machine",
                path_of(statement),
                note=f"{where(statement, token)}; what is read late, after an outage or a restart, is counted in the "
                "windows of then",
                help="give records a time of their own and a `watermark`, where that matters",
            )
        elif "WATERMARK" not in words:
            yield Finding(
                "FLK237",
                f"a window over `{stream}`, which has no watermark",
                path_of(statement),
                note=f"{where(statement, token)}: {function} over `{field}` never ends without one",
                help=f"add `WATERMARK FOR {field} AS {field} - INTERVAL '5' SECOND` to the columns of its CREATE TABLE",
            )
        return
    table = tables.written.get(stream.removesuffix(RAW))
    if table is None or stream not in spec.from_ or table.watermark is not None:
        return
    node = system.streams[stream]
    if spec.watermark is not None or getattr(node, "watermark", None) is not None:
        return  # it is wrong, and was told
    schema = system.schemas[str(getattr(node, "record_schema", ""))]
    asked = next((name for name in schema if name.lower() == field.lower()), field)
    times = [name for name, column in schema.items() if column.type == "timestamp"]
    if over == stream and asked not in times and (asked in schema or not times):
        yield no_time(asked, schema, stream, path_of(statement))
        return
    meant = asked if asked in times else times[0] if times else asked
    value = {"field": meant, "delay_seconds": _DELAY_SECONDS}
    yield Finding(
        "FLK237",
        f"a window over `{stream}`, which has no watermark",
        path_of(statement),
        note=f"{where(statement, token)}: {function} over `{field}` ends by a watermark, which says how late records may be",
        help=f"add `watermark: {{field: {meant}, delay_seconds: {_DELAY_SECONDS}}}` here, or to `streams.{stream}`",
        edits=(Edit(("watermark",), value),),
    )


def _updating_group(statement: Statement) -> Token | None:
    """Where a GROUP BY without a window stands."""
    for place, group in zip(statement.group_places, statement.groups, strict=True):
        if group and not is_windowed(group):
            return statement.tokens[place - 2]
    return None


def _update_findings(
    statement: Statement, tables: FlinkTables, own: dict[str, Statement], views: dict[str, Statement]
) -> Iterator[Finding]:
    """A GROUP BY without a window, into what takes no updates."""
    if statement.kind != "insert" or any(word in statement.words for word in ("ROW_NUMBER", "MATCH_RECOGNIZE")):
        return
    target = statement.target
    name = (
        tables.written[target].connector
        if target in tables.written
        else connector_of(own[target])
        if target in own
        else ""
    )
    connector = CONNECTORS.get(name)
    read = [views[source] for source, _ in statement.reads if source in views]
    # A window may group what a query groups by other names: window columns under an alias are not seen here.
    if (
        connector is None
        or connector.takes_updates
        or statement.windows
        or any(view.windows for view in read)
        or statement.own_names
        or len(statement.groups) != 1
        or (token := _updating_group(statement)) is None
        or any("FORMAT" in key.upper() and "-json" in value for one in own.values() for key, value, _ in one.options)
    ):
        return
    yield Finding(
        "FLK236",
        f"the query changes what it wrote, and `{target}` takes no changes",
        path_of(statement),
        note=f"{where(statement, token)}: GROUP BY {_shown(statement)} without a window writes each group anew with every "
        f"record; {name} only takes new records",
        help="group by a window, such as `FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)) GROUP "
        "BY page, window_start, window_end`; or write to a table of DynamoDB, or to a topic with `cleanup_policy: compact`",
    )


def _shown(statement: Statement) -> str:
    return "".join(", " if word == "," else word.lower() for word in statement.groups[0])[:60]


def _has_ttl(spec: FlinkSqlSpec, statements: Sequence[Statement]) -> bool:
    return _TTL in spec.config or any(one.assignment is not None and one.assignment[0] == _TTL for one in statements)


def _state_findings(statement: Statement) -> Iterator[Finding]:
    """State that nothing ends: groups and rows told apart without a window, and joins without bounds of time."""
    if statement.kind not in {"insert", "view"} or any(
        token.form == "hint" and "STATE_TTL" in token.text.upper() for token in statement.tokens
    ):
        return
    group, same, join = _updating_group(statement), telling_rows_apart(statement), _unbounded_join(statement)
    is_bounded = bool(statement.windows or statement.own_names)
    if group is not None and not is_bounded:
        token, what = group, f"GROUP BY {_shown(statement)} keeps every group that ever was"
    elif same is not None and not is_bounded:
        token, what = same, "DISTINCT, and UNION without ALL, keep every row that ever was"
    elif join is not None:
        token, what = join, "a JOIN without bounds of time keeps all records of both sides"
    else:
        return
    yield Finding(
        "FLK239",
        "the state of the query grows for ever",
        path_of(statement),
        note=f"{where(statement, token)}: {what}; checkpoints take longer and longer, until they fail",
        help="bound it: add `config: {table.exec.state.ttl: 1 d}`, after which what was not touched is forgotten",
        edits=(Edit(("config", _TTL), "1 d", invented=True),),
    )


def _pattern_findings(statement: Statement) -> Iterator[Finding]:
    """Patterns that are begun and never end; what is set of the life of state is none of theirs."""
    words = statement.words
    if statement.kind in {"insert", "view"} and "MATCH_RECOGNIZE" in words and "WITHIN" not in words:
        token = statement.tokens[words.index("MATCH_RECOGNIZE")]
        yield Finding(
            "FLK239",
            "the state of the query grows for ever",
            path_of(statement),
            note=f"{where(statement, token)}: MATCH_RECOGNIZE keeps what began a pattern until it ends, and "
            f"`{_TTL}` does not count for it; checkpoints take longer and longer, until they fail",
            help="write how long a pattern may take behind it, such as `PATTERN (a b+ c) WITHIN INTERVAL '1' HOUR`",
        )


def _unbounded_join(statement: Statement) -> Token | None:
    """Where a join stands that no time bounds: no interval, no window, and no version of a table at a time."""
    words = statement.words
    is_bounded = (
        "INTERVAL" in words
        or bool(WINDOW_COLUMNS & {*words})
        or ("FOR" in words and "SYSTEM_TIME" in words)
        or "LATERAL" in words
        or "UNNEST" in words
    )
    return statement.tokens[words.index("JOIN")] if "JOIN" in words and not is_bounded else None

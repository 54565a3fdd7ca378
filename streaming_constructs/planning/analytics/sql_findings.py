"""What is wrong with the statements of an application, as far as their tokens and the graph tell. What is valid, Flink
knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from streaming_constructs.facts.flink_settable import FIELDS, SERVICE_PREFIXES, SETTABLE
from streaming_constructs.planning.analytics.flink_ddl import RAW
from streaming_constructs.spec.analytics.sql_text import path_of, where
from streaming_constructs.spec.analytics.sql_tokens import no_variables, quoted
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest

if TYPE_CHECKING:
    from streaming_constructs.planning.analytics.flink_tables import FlinkTables
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.analytics.sql_statements import Statement
    from streaming_constructs.spec.analytics.sql_tokens import Token
    from streaming_constructs.spec.pipeline import PipelineSpec

_OTHERS = {
    "ADD": "jars come with the application: list their paths in `connectors`",
    "ALTER": "create the table or view as it is to be",
    "ANALYZE": "take it out",
    "DELETE": "streams only take records: write a query with INSERT INTO",
    "DESCRIBE": "take it out",
    "DROP": "take it out: each start begins with no tables",
    "EXPLAIN": "take it out: an application runs statements, and shows no plans",
    "INSERT": "write INSERT INTO: streams are not overwritten",
    "LOAD": "take it out",
    "RESET": "take it out",
    "SHOW": "take it out",
    "TRUNCATE": "streams only take records: write a query with INSERT INTO",
    "UPDATE": "streams only take records: write a query with INSERT INTO",
    "USE": "take it out: tables are in the one catalog that there is",
}
_BEGINNINGS = ("INSERT", "CREATE", "SELECT", "WITH", "SET")
_ARN = re.compile(r"\barn:aws[a-z-]*:(kinesis|firehose|dynamodb|kafka):")
_REGION = re.compile(r"^[a-z]{2}(-[a-z]+)+-\d$")


def statement_findings(
    spec: FlinkSqlSpec,
    statements: Sequence[Statement],
    tables: FlinkTables,
    bound: Mapping[str, object],
    system: PipelineSpec,
) -> Iterator[Finding]:
    """What is wrong; paths are relative to the application.

    Args:
        spec: The application.
        statements: Its statements; a bare SELECT that could be told its target is an INSERT already.
        tables: Its tables.
        bound: The variables that nodes have, by name.
        system: The system that it stands in.
    """
    for statement in statements:
        yield from _kind_findings(spec, statement)
        yield from _literal_findings(statement)
    yield from _select_findings(spec, statements)
    yield from _variable_findings(spec, statements, bound)
    yield from _target_findings(spec, statements, tables)
    yield from _source_findings(spec, statements, system)
    yield from _place_findings(statements, tables)
    yield from config_findings(spec, statements)


def _kind_findings(spec: FlinkSqlSpec, statement: Statement) -> Iterator[Finding]:
    first = statement.words[0]
    if statement.kind == "select":
        count = len(spec.to)
        yield Finding(
            "FLK225",
            "nothing says where the SELECT writes to",
            path_of(statement),
            note=f"{where(statement)}; `to` names {'nothing' if not count else f'{count} nodes'}, and a SELECT alone goes to "
            "the one that it names",
            help=f"write `INSERT INTO {spec.to[0].replace('-', '_') if spec.to else 'name'} SELECT …`"
            + ("" if spec.to else ", and name the node in `to`"),
        )
    elif statement.kind == "other":
        yield Finding(
            "FLK224",
            f"`{' '.join(statement.words[:2])[:60]}` is no statement of an application",
            path_of(statement),
            note=f"{where(statement)}; there are INSERT INTO, CREATE TABLE, CREATE VIEW, CREATE FUNCTION and SET",
            help=_OTHERS.get(first)
            or _meant_path(statement)
            or (did_you_mean(first, _BEGINNINGS) if nearest(first, _BEGINNINGS) else "take it out"),
        )
    elif statement.kind == "set" and statement.assignment is None:
        yield Finding(
            "FLK224",
            "`SET` sets nothing",
            path_of(statement),
            note=where(statement),
            help="write SET 'table.exec.state.ttl' = '1 h', or use `config`",
        )


def _meant_path(statement: Statement) -> str:
    """What helps where a path was written for SQL; empty where that is not it."""
    text = statement.text
    is_path = not statement.file and len(text.split()) == 1 and ("/" in text or "." in text)
    return (
        f"the path of a file with SQL ends in `.sql`: call it so, as `{text.rpartition('.')[0] or text}.sql`"
        if is_path
        else ""
    )


def _select_findings(spec: FlinkSqlSpec, statements: Sequence[Statement]) -> Iterator[Finding]:
    """A SELECT alone is the one statement that writes: a second may have been meant for something else."""
    for statement in [one for one in statements if one.lines_before][1:]:
        into = _as_name(spec.to[0])
        yield Finding(
            "FLK225",
            f"a second SELECT stands alone, and both would write to `{spec.to[0]}`",
            path_of(statement),
            note=f"{where(statement)}; one may stand alone, for what `to` names",
            help=f"write `INSERT INTO {into} SELECT …` for each, or one SELECT with UNION ALL",
        )


def _literal_findings(statement: Statement) -> Iterator[Finding]:
    quote = next((token for token in statement.tokens if token.text == '"'), None)
    if quote is not None:
        yield Finding(
            "FLK253",
            "Flink knows no double quotes",
            path_of(statement),
            note=f"{where(statement, quote)}: `{_from(statement, quote)[:40]}`",
            help="write names in backticks, as in `page`, and texts in single quotes, as in 'home'",
        )
    for token in statement.tokens:
        if token.form != "text":
            continue
        if _ARN.search(token.value) or (
            _REGION.match(token.value) and ("aws.region", token.value) in {(k, v) for k, v, _ in statement.options}
        ):
            what = "an ARN" if token.value.startswith("arn:") else "a region"
            yield Finding(
                "FLK235",
                f"{what} stands in the SQL",
                path_of(statement),
                note=f"{where(statement, token)}: `{token.value[:80]}`; every environment would use the same one",
                help="write `${AWS_REGION}`, and of a node of the system its variable, such as `${CLICKS_STREAM_ARN}`",
            )


def _from(statement: Statement, token: Token) -> str:
    """What stands in a statement from a token on, as far as its line goes."""
    later = statement.tokens[statement.tokens.index(token) :]
    return "".join(one.text for one in later[:4]).partition("\n")[0]


def _variable_findings(
    spec: FlinkSqlSpec, statements: Sequence[Statement], bound: Mapping[str, object]
) -> Iterator[Finding]:
    used = {name for statement in statements for name in statement.variables}
    known = (*spec.variables, *bound)
    for statement in statements:
        for name in statement.variables:
            if name not in spec.variables and name not in bound:
                yield Finding(
                    "FLK226",
                    f"nothing says what `${{{name}}}` is",
                    path_of(statement),
                    note=f"{where(statement)} has it",
                    help=did_you_mean(name, known) if nearest(name, known) else f"add `variables: {{{name}: …}}`",
                )
        yield from _name_findings(statement)
    for name in spec.variables:
        if name in bound:
            yield Finding(
                "FLK269",
                f"`${{{name}}}` is what the system says already",
                ("variables", name),
                note="the tables of what is read and written are written with it, and would be those of something else",
                help="take it out, or call it otherwise: `variables: {my_" + name.lower() + ": …}`",
                edits=(Edit(("variables", name)),),
            )
        elif name not in used:
            yield Finding(
                "FLK227",
                f"no statement has `${{{name}}}`",
                ("variables", name),
                help=did_you_mean(name, used - {*spec.variables})
                if nearest(name, used - {*spec.variables})
                else "take it out",
                edits=(Edit(("variables", name)),),
            )


def _name_findings(statement: Statement) -> Iterator[Finding]:
    """What is meant for a variable, and has a name that none has: Flink is given it as it stands."""
    for token in statement.tokens:
        is_text = token.form in {"text", "name", "hint"}
        for name in no_variables(token.text):
            yield Finding(
                "FLK226",
                f"`${{{name}}}` is no variable",
                path_of(statement),
                note=f"{where(statement, token)}: a name is letters, digits, `_`, `.` and `-`, and begins with a letter or `_`"
                + ("; the text stays as it stands" if is_text else ""),
                help="call it such as `${gap_minutes}`, and say in `variables` what it is",
                level="warning" if is_text else "error",
            )


def _target_findings(spec: FlinkSqlSpec, statements: Sequence[Statement], tables: FlinkTables) -> Iterator[Finding]:
    inserts = [statement for statement in statements if statement.kind == "insert"]
    for statement in inserts:
        target = statement.target
        if target in spec.to or target in tables.own or is_variable(target):
            continue
        yield Finding(
            "FLK228",
            f"`{target}` is nothing that the application writes to",
            path_of(statement),
            note=f"{where(statement)}; `to` names {', '.join(f'`{name}`' for name in spec.to) or 'nothing'}",
            help=_in_backticks(target, spec.to)
            or (
                did_you_mean(target, spec.to)
                if nearest(target, spec.to)
                else f"add it to `to`: `to: [{', '.join((*spec.to, target))}]`, if it is a node"
            ),
        )
    if any(statement.kind in {"select", "other"} for statement in statements):
        return  # told already, and meant to write
    written = {statement.target for statement in inserts}
    if any(map(is_variable, written)):
        return  # what it stands for is known when it runs
    for place, name in enumerate(spec.to):
        if name not in written and not any(target not in spec.to and target not in tables.own for target in written):
            yield Finding(
                "FLK229",
                f"no statement writes to `{name}`",
                ("to", place),
                help=f"add `INSERT INTO {_as_name(name)} SELECT …`, or take it out of `to`",
                edits=(Edit(("to", place)),) if len(spec.to) > 1 else (),
            )
    if not inserts and not spec.to:
        yield Finding(
            "FLK229",
            "no statement writes anything",
            ("sql",),
            note="an application is queries that write; without one Flink has no job to run",
            help="add `INSERT INTO name SELECT …`, and name the node in `to`",
        )


def _as_name(name: str) -> str:
    return f"`{name}`" if "-" in name else name


def is_variable(name: str) -> bool:
    """Whether a name of the SQL is known when it runs, and not before: none was read, or a variable is in it.

    Args:
        name: The name of a table.
    """
    return not name or "${" in name


def _in_backticks(name: str, nodes: Iterable[str]) -> str:
    """What helps where a name ends at the first `-` of a node's; empty where that is not it."""
    meant = [node for node in nodes if node.startswith(f"{name}-")]
    return f"write it in backticks: {quoted(meant[0])}" if meant else ""


def _source_findings(spec: FlinkSqlSpec, statements: Sequence[Statement], system: PipelineSpec) -> Iterator[Finding]:
    created = {one.target for one in statements if one.kind in {"table", "view", "function"}}
    read, has_variables, is_unknown = set[str](), False, False
    for statement in statements:
        is_unknown |= statement.kind == "other"
        has_variables |= any(token.form != "text" and "${" in token.text for token in statement.tokens)
        for name, token in statement.reads:
            node = name.removesuffix(RAW)
            read.add(node)
            if node in spec.from_ or name in created or name in statement.own_names or is_variable(name):
                continue
            note = where(statement, token)
            if node in system.streams and node not in spec.to:
                yield Finding(
                    "FLK230",
                    f"the SQL reads `{node}`, which `from` does not name",
                    path_of(statement),
                    note=note,
                    help=f"write `from: [{', '.join((*spec.from_, node))}]`",
                    edits=(Edit(("from",), [*spec.from_, node]),),
                )
            elif statement.kind != "other":
                is_unknown = True
                known = sorted({*spec.from_, *created} - {statement.target})
                yield Finding(
                    "FLK252",
                    f"the SQL reads `{name}`, and there is no such table",
                    path_of(statement),
                    note=f"{note}; {'it is written to, and not read' if node in spec.to else _names_told(known)}",
                    help=_instead(name, known, spec),
                )
    for place, name in enumerate(spec.from_):
        if name not in read and statements and not (has_variables or is_unknown):
            yield Finding(
                "FLK231",
                f"the SQL does not read `{name}`",
                ("from", place),
                note="it is read by no FROM, JOIN or TABLE",
                help="take it out of `from`, or read it",
            )


def _instead(name: str, known: Sequence[str], spec: FlinkSqlSpec) -> str:
    if name in spec.to:
        return f"read it in an application of its own, with `from: {name}`"
    if in_backticks := _in_backticks(name, spec.from_):
        return in_backticks
    if nearest(name, known):
        return did_you_mean(name, known)
    return f"name a stream in `from`, or create it: `CREATE VIEW {quoted(name)} AS SELECT …`"


def _names_told(known: Sequence[str]) -> str:
    return f"there are {', '.join(f'`{name}`' for name in known[:8])}" if known else "there is none"


def _place_findings(statements: Sequence[Statement], tables: FlinkTables) -> Iterator[Finding]:
    """Columns that a query names like those of the table, in another order: they go by their place."""
    for statement in statements:
        table = tables.written.get(statement.target) if statement.kind == "insert" else None
        names = [name for name, _ in statement.selected]
        if table is None or statement.named_columns or not all(names):
            continue
        expected = [column.key for column in table.columns]
        if names != expected and sorted(names) == sorted(expected):
            columns = ", ".join(f"`{name}`" for name in names)
            yield Finding(
                "FLK245",
                f"the columns of `{table.name}` are filled by their place, and the SELECT has another order",
                path_of(statement),
                note=f"{where(statement)} selects {', '.join(names)}; the schema has {', '.join(expected)}",
                help=f"write `INSERT INTO {_as_name(table.name)} ({columns}) SELECT …`, or select in the order of the schema",
            )


def config_findings(spec: FlinkSqlSpec, statements: Sequence[Statement] = ()) -> Iterator[Finding]:
    """Keys of Flink's configuration that code does not set on Managed Flink.

    Args:
        spec: The application.
        statements: Its statements, of which some set keys.
    """
    said: list[tuple[SpecPath, str]] = [(("config", key), key) for key in spec.config]
    said += [(path_of(one), one.assignment[0]) for one in statements if one.assignment is not None]
    restricted = spec.runtime != "FLINK-1_20"
    for path, key in said:
        owned = key in FIELDS or key.startswith(SERVICE_PREFIXES)
        if not owned and (not restricted or key in SETTABLE):
            continue
        field = FIELDS.get(key, "")
        close = nearest(key, SETTABLE)
        yield Finding(
            "FLK240",
            f"`{key}` is not for code to set",
            path,
            note="the service sets it, and takes no other value from code"
            if owned
            else f"of {spec.runtime} code may set {len(SETTABLE)} keys; any other ends the application at its start",
            help=f"use `{field}`" if field else f"did you mean `{close}`?" if close and not owned else "take it out",
            edits=(Edit(path),) if path[0] == "config" else (),
        )

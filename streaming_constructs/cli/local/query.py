"""`streaming-constructs local query`: SQL over what has been archived."""

from __future__ import annotations

import click

from streaming_constructs.cli import options


@click.command()
@click.argument("sql")
@options.text_or_json
def query(sql: str, form: str) -> None:
    """Answers SQL over what has been archived.

    DuckDB reads the objects, with the columns of the tables in the catalog; what is still in a buffer is not there yet.

    Exit codes: 0 answered; 1 findings; 2 wrong usage.
    """
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.local.render_rehearsal import query_result_object, show_query_result
    from streaming_constructs.local.athena.duckdb_query import query as ask
    from streaming_constructs.local.daemon import running_daemon

    result = ask(running_daemon().aws, sql)
    if form == "json":
        show_json(query_result_object(sql, result))
    else:
        show_query_result(sql, result)

"""`streaming-constructs local query`: SQL over what has been archived."""

from __future__ import annotations

import json

import click

from streaming_constructs.cli.local import local_options


@click.command()
@click.argument("sql")
@local_options.as_json
def query(sql: str, as_json: bool) -> None:  # noqa: FBT001 - click gives it so
    """Answers SQL over what has been archived.

    DuckDB reads the objects, with the columns of the tables in the catalog; what is still in a buffer is not there yet.

    Exit codes: 0 answered; 1 findings; 2 wrong usage.
    """
    from streaming_constructs.cli.local.require_extra import require_extra

    require_extra()
    from streaming_constructs.cli.local.render_rehearsal import query_result_object, show_query_result
    from streaming_constructs.local.athena.duckdb_query import query as ask
    from streaming_constructs.local.aws.api import Aws
    from streaming_constructs.local.aws.embedded_aws import REGION
    from streaming_constructs.local.daemon import running_daemon

    result = ask(Aws(running_daemon().endpoint_url, REGION), sql)
    if as_json:
        click.echo(json.dumps(query_result_object(sql, result), indent=2, ensure_ascii=False, default=str))
    else:
        show_query_result(sql, result)

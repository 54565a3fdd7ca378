"""`streaming-constructs patterns`: what can be started from."""

from __future__ import annotations

import json

import click

from streaming_constructs.cli import options


@click.command()
@options.text_or_json
def patterns(form: str) -> None:
    """Lists the documented patterns.

    Each is a whole system, with handlers and their tests. `streaming-constructs init PATTERN DIR` starts a project from
    one.
    """
    from streaming_constructs.spec.patterns import list_patterns

    found = list_patterns()
    if form == "json":
        listed = [{"name": one.name, "title": one.title, "spec": str(one.spec_path)} for one in found]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        width = max((len(one.name) for one in found), default=0)
        for one in found:
            click.echo(f"{one.name:{width}}  {one.title}")

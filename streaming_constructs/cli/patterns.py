"""`streaming-constructs patterns`: what can be started from."""

from __future__ import annotations

import click

from streaming_constructs.cli import options


@click.command()
@options.text_or_json
def patterns(form: str) -> None:
    """Lists the documented patterns.

    Each is a whole system, with handlers and their tests. `streaming-constructs init PATTERN DIR` starts a project from
    one.
    """
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.spec.patterns import list_patterns

    found = list_patterns()
    if form == "json":
        listed = [{"name": pattern.name, "title": pattern.title, "spec": str(pattern.spec_path)} for pattern in found]
        show_json(listed)
    else:
        width = max((len(pattern.name) for pattern in found), default=0)
        for pattern in found:
            click.echo(f"{pattern.name:{width}}  {pattern.title}")

"""`streaming-constructs schema`: the JSON Schema of the language."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Prints the JSON Schema of the language, for editors.

    Write it into a file beside a spec, and begin the spec with `# yaml-language-server: $schema=FILE`.
    """
    from streaming_constructs.spec.json_schema import SCHEMA_FILE

    click.echo(SCHEMA_FILE.read_text(encoding="utf-8"), nl=False)

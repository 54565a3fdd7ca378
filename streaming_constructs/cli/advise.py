"""`streaming-constructs advise`: which service a stream belongs on, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.answer_options import answer_options, said_of

if TYPE_CHECKING:
    from streaming_constructs.planning.advice.advice import Advice
    from streaming_constructs.planning.advice.answers import Answers
    from streaming_constructs.spec.finding import Finding


@click.command()
@click.option(
    "--answers",
    "file",
    metavar="FILE.yaml",
    help="A file with answers, by the names of the options below with `_` in place of `-`. What an option says counts more.",
)
@answer_options
@options.text_or_json
@click.option(
    "--write",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Writes a spec to begin with for what is advised, and a handler beside it for what reads. Nothing is overwritten.",
)
@click.option("--option", metavar="NAME", help="What to write a spec for. Left out: what is advised.")
@click.pass_context
def advise(
    ctx: click.Context, /, file: str | None, form: str, write: Path | None, option: str | None, **flags: Any
) -> None:
    """Says which service a stream belongs on, and what each that can do it costs.

    Of Kinesis, provisioned, on demand or with On-demand Advantage, of MSK, Serverless or with Express or Standard brokers, of
    Firehose alone, of SQS and of EventBridge. First what cannot do it, with the reason and AWS's page; then what can, side by
    side: how large it would be, what that costs in a month, how much speaks for it. In a terminal, without options, it asks.

    Exit codes: 0 something can do it; 1 nothing can, an answer in the file is wrong, or no spec is written; 2 wrong usage.
    """
    from streaming_constructs.planning.advice.advice import advise as advised

    if option is not None and write is None:
        raise click.UsageError("--option says what to write a spec for: give `--write pipeline.yaml` as well", ctx)
    answers = _answers(ctx, file, said_of(flags))
    advice = advised(answers)
    if form == "json":
        from streaming_constructs.cli.console import show_json
        from streaming_constructs.cli.render_advice import advice_object

        show_json(advice_object(advice))
    else:
        from streaming_constructs.cli.render_advice import advice_lines

        click.echo("\n".join(advice_lines(advice)))
    if advice.winner is None:
        ctx.exit(1)
    if write is not None:
        _write(ctx, advice, write, option)


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _answers(ctx: click.Context, file: str | None, said: dict[str, Any]) -> Answers:
    """What was said: in a file, by options, or in a dialogue."""
    if file is None and not said:
        if not is_terminal():
            raise click.UsageError(
                "say how much is written: `--records-per-second 1000`, or `--answers FILE.yaml`; in a terminal it asks",
                ctx,
            )
        from streaming_constructs.cli.answer_dialogue import asked

        said = asked()
    from streaming_constructs.planning.advice.answers_file import read_answers
    from streaming_constructs.spec.finding import SpecError

    answers, findings = read_answers(file, said)
    of_options = [finding for finding in findings if file is None or (finding.path and finding.path[0] in said)]
    if of_options:
        raise click.UsageError("\n".join(dict.fromkeys(_told(finding) for finding in of_options)), ctx)
    if answers is None:
        raise SpecError(findings)
    return answers


def _told(finding: Finding) -> str:
    """A finding about an option, in the words of the command line."""
    import re

    from streaming_constructs.spec.printable import printable

    place = f"--{str(finding.path[0]).replace('_', '-')}: " if finding.path else ""
    text = (
        f"{finding.message}{f', {finding.note}' if finding.note else ''}{f'; {finding.help}' if finding.help else ''}"
    )
    text = re.sub(r"`([a-z_]+): ([^`]*)`", lambda found: f"`--{found[1].replace('_', '-')} {found[2]}`", text)
    return printable(place + text)


def _write(ctx: click.Context, advice: Advice, path: Path, name: str | None) -> None:
    from streaming_constructs.cli.write_skeleton import write_skeleton
    from streaming_constructs.planning.advice.options import OPTIONS
    from streaming_constructs.spec.finding import did_you_mean
    from streaming_constructs.spec.printable import printable

    if name is not None and name not in OPTIONS:
        raise click.UsageError(f"--option: there is no `{printable(name)}`; {did_you_mean(name, OPTIONS)}", ctx)
    assert advice.winner is not None
    for written in write_skeleton(advice, OPTIONS[name or advice.winner.option.name], path):
        click.echo(f"wrote {printable(str(written))}", err=True)
    click.echo(f"next: streaming-constructs plan {printable(str(path))}", err=True)

"""`streaming-constructs advise`: which service a stream belongs on, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options
from streaming_constructs.cli.answer_options import answer_options, said_of
from streaming_constructs.planning.advice.options import OPTIONS, Option, option_of

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
@click.option(
    "--option",
    metavar="NAME",
    help=f"What to write a spec for: {', '.join(option.name for option in OPTIONS.values() if option.has_spec)}, or as it is "
    "called in the table. Left out: what is advised.",
)
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
    chosen = _option(ctx, option) if option is not None else None
    if write is not None:
        _check_file(ctx, write)
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
        _write(advice, write, chosen or advice.winner.option)


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


def _option(ctx: click.Context, name: str) -> Option:
    from streaming_constructs.spec.finding import did_you_mean
    from streaming_constructs.spec.printable import printable

    option = option_of(name)
    if option is None:
        raise click.UsageError(f"--option: there is no `{printable(name)}`; {did_you_mean(name, OPTIONS)}", ctx)
    return option


def _check_file(ctx: click.Context, path: Path) -> None:
    """Whether a spec can go into a file, before anything is asked or printed."""
    from streaming_constructs.cli.write_skeleton import check_new
    from streaming_constructs.spec.printable import printable

    shown = printable(str(path))
    if path.suffix.lower() not in {".yaml", ".yml"}:
        raise click.UsageError(f"--write: `{shown}` is no name of a YAML file; let it end in `.yaml`", ctx)
    if not path.parent.is_dir():
        raise click.UsageError(f"--write: there is no folder `{printable(str(path.parent))}`", ctx)
    check_new(path)


def _write(advice: Advice, path: Path, option: Option) -> None:
    from streaming_constructs.cli.write_skeleton import write_skeleton
    from streaming_constructs.planning.advice.skeletons import spec_notes
    from streaming_constructs.spec.printable import printable

    for written in write_skeleton(advice, option, path):
        click.echo(f"wrote {printable(str(written))}", err=True)
    notes = list(spec_notes(option.name, advice.answers))
    if notes:
        click.echo("\n".join(("what the spec does not carry:", *(f"  {note}" for note in notes))), err=True)
    click.echo(f"next: streaming-constructs plan {printable(str(path))}", err=True)

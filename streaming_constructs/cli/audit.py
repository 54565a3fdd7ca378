"""`streaming-constructs audit`: what is wrong with templates that anybody wrote."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from streaming_constructs.cli.fail_on import ACCEPT, fail_on_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streaming_constructs.review.acceptances import Acceptances
    from streaming_constructs.review.reading.read_template import Source
    from streaming_constructs.review.writing.placed import Told
    from streaming_constructs.spec.finding import Finding

_STDIN = "-"


@click.command()
@click.argument("templates", metavar="TEMPLATE…", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, as annotations of a pull request on GitHub, or for code scanning.",
)
@fail_on_option("caution", "danger", "caution")
@ACCEPT
@click.option(
    "--spec",
    "spec_file",
    metavar="FILE",
    help="Also write the spec that would build what the one TEMPLATE builds, as far as the language has words for it: streams "
    "of Kinesis, functions that read them, deliveries to S3 and tables. What could not be read is listed in it.",
)
@click.pass_context
def audit(
    ctx: click.Context,
    templates: tuple[str, ...],
    form: str,
    fail_on: tuple[str, ...],
    accept: str | None,
    spec_file: str | None,
) -> None:
    """Says what is wrong with CloudFormation templates that anybody wrote.

    TEMPLATE is a file in JSON or YAML, a folder of `cdk synth` or of snapshots, or - for standard input. A danger is what is
    lost, open, unencrypted or unwatched; a caution is a guard that is missing. Needs neither Node nor an AWS account.

    Exit codes: 0 fine, 1 what --fail-on asks for, or what cannot be read, 2 wrong usage.
    """
    from streaming_constructs.cli.console import show_findings
    from streaming_constructs.cli.fail_on import check_fail_on, fails, read_accepted
    from streaming_constructs.cli.passed_over import show_passed_over

    check_fail_on(fail_on)
    if templates.count(_STDIN) > 1:
        raise click.UsageError("standard input is one template")
    files = [template for template in templates if template != _STDIN]
    acceptances = read_accepted(accept, files[0] if files else None, files)
    sources, unread, passed_over = _sources(templates)
    told = _told(sources, acceptances)
    if sources:
        _show(told, sources, form)
    show_findings(unread)
    show_passed_over(passed_over)
    if spec_file is not None and not unread:
        _write_spec(sources, spec_file)
    ctx.exit(1 if unread or fails((placed.remark for placed in told.remarks), fail_on) else 0)


def _write_spec(sources: Mapping[str, Source], file: str) -> None:
    """Writes the spec that would build what a template builds; never over a file that is there."""
    from pathlib import Path

    from streaming_constructs.planning.numbers import counted
    from streaming_constructs.review.comparing.template_meaning import template_meaning
    from streaming_constructs.review.pipeline_of_template import pipeline_of_template
    from streaming_constructs.review.problem import ReviewError

    if len(sources) != 1:
        raise click.UsageError(f"--spec takes one template, and there are {len(sources)}")
    (source,) = sources.values()
    found = pipeline_of_template(template_meaning(source))
    try:
        with Path(file).open("x", encoding="utf-8") as opened:
            opened.write(found.text())
    except OSError as error:
        help_ = "name another file, or move that one away" if isinstance(error, FileExistsError) else ""
        raise ReviewError("REV914", f"{file} cannot be written: {error.strerror}", help=help_) from None
    looked_at = f", with {counted(len(found.unread), 'thing')} to look at" if found.unread else ""
    click.echo(f"\n{file}: the spec of {source.name}{looked_at} · streaming-constructs validate {file}", err=True)


def _sources(names: Sequence[str]) -> tuple[dict[str, Source], list[Finding], list[str]]:
    """The templates that can be read, by their names, what is wrong with the others, and the files that are none."""
    from streaming_constructs.review.sources import templates
    from streaming_constructs.spec.finding import SpecError

    sources: dict[str, Source] = {}
    unread: list[Finding] = []
    passed_over: list[str] = []
    for name in names:
        try:
            found = templates(name)
            passed_over += found.passed_over
            for within, source in found.templates.items():
                sources[f"{name.rstrip('/')}/{within}" if within else source.name] = source
        except SpecError as error:
            unread += error.findings
    return sources, unread, passed_over


def _told(sources: Mapping[str, Source], acceptances: Acceptances) -> Told:
    """What is told of all templates; where there are several each remark says of which it is."""
    from streaming_constructs.review import auditing
    from streaming_constructs.review.writing.placed import Told, gravest_first, told_of_one

    told = []
    for name, source in sources.items():
        found = [replace(remark, stack=name if len(sources) > 1 else "") for remark in auditing.audit(source)]
        told.append(told_of_one(source, *acceptances.divide(found, name)))
    remarks = [placed for each in told for placed in each.remarks]
    accepted = tuple(accepted for each in told for accepted in each.accepted)
    return Told(gravest_first([*remarks, *acceptances.outdated("AUD")]), accepted)


def _show(told: Told, sources: Mapping[str, Source], form: str) -> None:
    from streaming_constructs.cli import remarks
    from streaming_constructs.cli.console import show_commands, show_json
    from streaming_constructs.cli.guarded_stream import is_coloured

    if form == "json":
        from streaming_constructs.review.writing.report_object import audit_object

        show_json(audit_object(told))
    elif form == "sarif":
        from streaming_constructs.review.writing.sarif import sarif

        show_json(sarif(told))
    elif form == "github":
        show_commands(remarks.audit_commands(told))
    else:
        click.echo(remarks.audit_text(told, list(sources), coloured=is_coloured(sys.stdout)))

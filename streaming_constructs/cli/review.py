"""`streaming-constructs review`: what a change of templates means."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from streaming_constructs.cli.fail_on import ACCEPT, fail_on_option

if TYPE_CHECKING:
    from streaming_constructs.review.stacks_review import Report

_STDIN = "-"


@click.command()
@click.argument("old", metavar="OLD", required=False)
@click.argument("new", metavar="NEW", required=False)
@click.option(
    "--base",
    metavar="REVISION",
    help="Take the old templates from this revision of git, such as origin/main: then only NEW may be named.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for a comment on a pull request, for programs, as annotations of a pull request on GitHub, or for code "
    "scanning.",
)
@click.option(
    "--region",
    metavar="REGION",
    default="us-east-1",
    show_default=True,
    help="Whose prices say what the change costs: templates name no region.",
)
@fail_on_option("danger", "danger", "caution", "fine")
@ACCEPT
@click.pass_context
def review(
    ctx: click.Context,
    old: str | None,
    new: str | None,
    base: str | None,
    form: str,
    region: str,
    fail_on: tuple[str, ...],
    accept: str | None,
) -> None:
    """Says what a change of CloudFormation templates means: what is lost, opened or weakened; and what it
    does to the bill of a month, as far as templates say.

    OLD is as it is deployed, NEW as it would be: templates in JSON or YAML, folders of `cdk synth` or of snapshots, or - for
    standard input. The verdict is danger, caution, fine, or none where nothing changed that means anything. Needs neither
    Node nor an AWS account.

    Exit codes: 0 fine, 1 what --fail-on asks for, or what cannot be read, 2 wrong usage.
    """
    from streaming_constructs.cli.fail_on import check_fail_on, fails, read_accepted
    from streaming_constructs.cli.passed_over import show_passed_over
    from streaming_constructs.review.accepting import without_accepted
    from streaming_constructs.review.costs.monthly_change import monthly_change
    from streaming_constructs.review.sources import compared
    from streaming_constructs.review.stacks_review import review_stacks

    check_fail_on(fail_on)
    _check_region(region)
    old, new = _checked(old, new, base)
    read = compared(old, new, base)
    acceptances = read_accepted(accept, new, [stack.new.name for stack in read.stacks if stack.new is not None])
    report = without_accepted(review_stacks(read.stacks), acceptances)
    report = replace(report, costs=monthly_change(report, region))
    _show(report, form)
    show_passed_over(read.passed_over)
    ctx.exit(1 if fails(report.remarks, fail_on) else 0)


def _check_region(region: str) -> None:
    from streaming_constructs.facts.prices.factors import REGIONS

    if region not in REGIONS:
        raise click.UsageError(f"no prices of `{region}` are known, but of {', '.join(REGIONS)}")


def _checked(old: str | None, new: str | None, base: str | None) -> tuple[str | None, str | None]:
    """What is compared; with a revision of git what stands alone is new."""
    if base is not None:
        if new is not None:
            raise click.UsageError("with `--base` name NEW alone: the old templates are those of the revision")
        return None, old
    if old is None or new is None:
        raise click.UsageError("name OLD and NEW, or `--base` and a revision of git, such as `--base origin/main`")
    if old == new == _STDIN:
        raise click.UsageError("standard input is one template: name a file for the other")
    return old, new


def _show(report: Report, form: str) -> None:
    from streaming_constructs.cli import remarks
    from streaming_constructs.cli.console import show_commands, show_json
    from streaming_constructs.cli.guarded_stream import is_coloured

    if form == "json":
        from streaming_constructs.review.writing.report_object import review_object

        show_json(review_object(report))
    elif form == "sarif":
        from streaming_constructs.review.writing.placed import told_of
        from streaming_constructs.review.writing.sarif import sarif

        show_json(sarif(told_of(report)))
    elif form == "markdown":
        from streaming_constructs.review.writing.markdown import markdown

        click.echo(markdown(report))
    elif form == "github":
        show_commands(remarks.review_commands(report))
    else:
        click.echo(remarks.review_text(report, coloured=is_coloured(sys.stdout)))

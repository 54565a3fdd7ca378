"""`streaming-constructs ready`: whether a system is ready for production, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.text import Text

    from streaming_constructs.planning.readiness.readiness import Answered

MARKS = {"fail": "FAIL", "confirm": "ask ", "pass": "pass", "not_applicable": "n/a "}
"""How each status stands in text; the gravest first."""


@click.command()
@options.system
@options.environment
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for a wiki or a pull request, with boxes to tick.",
)
@click.pass_context
def ready(ctx: click.Context, system: str, environment: str | None, form: str) -> None:
    """Says whether a system is ready for production: the checklist of each service that it uses.

    SPEC is a file, or - for standard input; PATTERN is the name of a documented pattern. What the spec says is passed or
    failed, with the evidence; what no spec says has to be confirmed by a person, and is never ticked by itself.

    Exit codes: 0 nothing failed, 1 something did, or the spec has errors, 2 wrong usage.
    """
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.system import open_system
    from streaming_constructs.planning.plan_file import plan_system
    from streaming_constructs.planning.readiness.readiness import readiness

    planned = plan_system(open_system(system).document, environment)
    answered = list(readiness(planned))
    if form == "json":
        show_json(readiness_object(planned.spec.name, answered))
    elif form == "markdown":
        from streaming_constructs.cli.ready_markdown import readiness_markdown

        click.echo(readiness_markdown(planned.spec.name, answered))
    else:
        _show(planned.spec.name, answered)
    ctx.exit(1 if any(each.answer.status == "fail" for each in answered) else 0)


def counts(answered: Iterable[Answered]) -> dict[str, int]:
    """How many items have which status; the gravest first.

    Args:
        answered: The items.
    """
    found: list[str] = [each.answer.status for each in answered]
    return {status: found.count(status) for status in MARKS}


def headline(name: str, answered: Sequence[Answered]) -> str:
    """The result in one sentence.

    Args:
        name: The system.
        answered: Its items.
    """
    number = counts(answered)
    if not answered:
        return f"{name}: no checklist is for what it has"
    ready = "is not ready" if number["fail"] else "has nothing that fails" if number["confirm"] else "is ready"
    return (
        f"{name} {ready}: {number['fail']} failed, {number['confirm']} for a person to confirm, {number['pass']} passed, "
        f"{number['not_applicable']} do not apply"
    )


def readiness_object(name: str, answered: Sequence[Answered]) -> dict[str, Any]:
    """The result for programs.

    Args:
        name: The system.
        answered: Its items.
    """
    return {
        "name": name,
        "ready": not any(each.answer.status in ("fail", "confirm") for each in answered),
        "counts": counts(answered),
        "items": [
            {
                "section": each.section,
                "node": each.name,
                "id": each.item.id,
                "group": each.item.group,
                "title": each.item.title,
                "status": each.answer.status,
                "evidence": each.answer.evidence,
                "fix": each.answer.fix or None,
                "path": ".".join(map(str, each.path)),
                "source": each.item.source,
            }
            for each in answered
        ],
    }


def _show(name: str, answered: Sequence[Answered]) -> None:
    from streaming_constructs.cli.console import show

    show(*_texts(name, answered))


def _texts(name: str, answered: Sequence[Answered]) -> Iterator[Text | str]:
    from rich.text import Text

    from streaming_constructs.cli.console import plain

    styles = {"fail": "bold red", "confirm": "yellow", "pass": "green", "not_applicable": "dim"}
    node = None
    for each in answered:
        if node != (each.section, each.name):
            node = (each.section, each.name)
            yield from ("", plain(f"{each.section}.{each.name}", "bold"))
        status = each.answer.status
        yield Text.assemble(plain(MARKS[status], styles[status]), " ", plain(f"{each.item.id} {each.item.title}"))
        yield plain(f"     {each.answer.evidence}", "dim")
        if each.answer.fix:
            yield plain(f"     → {each.answer.fix}")
    yield from ("", plain(headline(name, answered), "bold"))

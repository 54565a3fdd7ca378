"""What reviews and audits say, for people and as annotations of a pull request on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streaming_constructs.cli.most_of_a_kind import most_of_a_kind
from streaming_constructs.cli.workflow_command import workflow_command
from streaming_constructs.planning.numbers import counted
from streaming_constructs.review.acceptances import OUTDATED
from streaming_constructs.review.costs.change_text import change_head, change_lines
from streaming_constructs.review.remark_text import remark_text
from streaming_constructs.review.writing.headline import count_grades, counted_grades, headline
from streaming_constructs.review.writing.placed import Told, for_people, told_of
from streaming_constructs.review.writing.report_object import assumptions
from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streaming_constructs.review.reading.places import Placed
    from streaming_constructs.review.stacks_review import Report

_COLOURS = {"danger": "red", "caution": "yellow", "fine": "green", "none": "green"}
_COMMANDS = {"danger": "error", "caution": "warning", "fine": "notice", "none": "notice"}


def review_text(report: Report, *, coloured: bool) -> str:
    """A review for people: the headline, what is grave in full, what is fine in a line each.

    Args:
        report: The review.
        coloured: Whether grades are in colour.
    """
    report = for_people(report)
    told = told_of(report)
    said = printable(headline(report))
    first = click.style(said, fg=_COLOURS[report.verdict], bold=True) if coloured else said
    grave = [placed for placed in told.remarks if placed.remark.grade != "fine"]
    fine = [placed for placed in told.remarks if placed.remark.grade == "fine"]
    last = [_same_line(report.same)] if report.same and any(report.same) else []
    last += [f"assumed: {printable(sentence)}" for sentence in dict.fromkeys(assumptions(report.stacks))]
    last += _summary(told)
    told_apart = [*_fine_block(fine), *_cost_block(report), *_accepted_block(told)]
    blocks = [*_blocks(grave, coloured=coloured), *told_apart, "\n".join(last)]
    return "\n\n".join([first, *filter(None, blocks)])


def audit_text(told: Told, names: Sequence[str], *, coloured: bool) -> str:
    """Audits for people.

    Args:
        told: What is told of all templates.
        names: The templates.
        coloured: Whether grades are in colour.
    """
    found = [placed.remark for placed in told.remarks if placed.remark.code not in OUTDATED]
    faulty = {remark.stack for remark in found} if len(names) > 1 else set(names if found else ())
    last = [f"{printable(name)}: fine" for name in names if name not in faulty]
    last += _summary(told)
    blocks = [*_blocks(told.remarks, coloured=coloured), *_accepted_block(told), "\n".join(last)]
    return "\n\n".join(filter(None, blocks))


def _blocks(remarks: Sequence[Placed], *, coloured: bool) -> list[str]:
    shown, unsaid = most_of_a_kind(remarks, lambda placed: placed.remark.code)
    return [*(_block(placed, coloured=coloured) for placed in shown), *unsaid]


def _block(placed: Placed, *, coloured: bool) -> str:
    text = remark_text(placed.remark, str(placed.place))
    head, colon, rest = text.partition(":")
    return f"{click.style(head, fg=_COLOURS[placed.remark.grade], bold=True)}{colon}{rest}" if coloured else text


def _fine_block(fine: Sequence[Placed]) -> list[str]:
    if not fine:
        return []
    shown, unsaid = most_of_a_kind(fine, lambda placed: placed.remark.code)
    return ["\n".join([f"{counted(len(fine), 'fine change')}:", *map(_line, shown), *unsaid])]


def _cost_block(report: Report) -> list[str]:
    if report.costs is None or not change_head(report.costs):
        return []
    lines = (f"  {printable(line)}" for line in change_lines(report.costs))
    return ["\n".join([f"costs: {change_head(report.costs)}", *lines])]


def _line(placed: Placed) -> str:
    remark = placed.remark
    where = f" (where {remark.where})" if remark.where else ""
    return f"  {printable(f'{remark.code} {remark.named}: {remark.message}{where}')}"


def _accepted_block(told: Told) -> list[str]:
    if not told.accepted:
        return []
    lines = ["accepted:"]
    for accepted, place in told.accepted:
        remark = accepted.remark
        until = f", until {accepted.until}" if accepted.until else ""
        lines.append(f"  {remark.grade}[{remark.code}] {printable(f'{place} {remark.named}: {remark.message}')}")
        lines.append(f"    {printable(f'because: {accepted.reason}{until}')}")
    return ["\n".join(lines)]


def _same_line(names: Sequence[str]) -> str:
    return f"{counted(len(names), 'stack')} without a change: {printable(', '.join(names))}"


def _summary(told: Told) -> list[str]:
    if not told.remarks:
        return []
    remarks = [placed.remark for placed in told.remarks]
    return [f"{counted_grades(count_grades(remarks))} · streaming-constructs explain {remarks[0].code}"]


def review_commands(report: Report) -> str:
    """A review as workflow commands: the headline, then each danger and caution beside its line.

    Args:
        report: The review.
    """
    report = for_people(report)
    first = workflow_command(_COMMANDS[report.verdict], {"title": f"Review: {report.verdict}"}, [headline(report)])
    return "\n".join([first, *_commands(told_of(report))])


def audit_commands(told: Told) -> str:
    """Audits as workflow commands; nothing where there is nothing to say.

    Args:
        told: What is told of all templates.
    """
    return "\n".join(_commands(told))


def _commands(told: Told) -> Iterator[str]:
    """Workflow commands; what is fine is none, as GitHub shows but a few of a kind."""
    grave = [placed for placed in told.remarks if placed.remark.grade != "fine"]
    shown, unsaid = most_of_a_kind(grave, lambda placed: placed.remark.code)
    for remark, place in shown:
        lines = [f"{remark.message} ({remark.named})" if remark.named else remark.message]
        lines += [f"{name}: {text}" for name, text in (("where", remark.where), ("help", remark.help)) if text]
        properties = {"file": place.file, "line": place.line, "title": f"{remark.code} {remark.grade}"}
        yield workflow_command(_COMMANDS[remark.grade], properties, lines)
    for line in unsaid:
        yield workflow_command("notice", {}, [line])

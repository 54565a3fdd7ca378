"""A review as a comment on a pull request: in Markdown, with a marker by which a bot finds its own comment again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from streaming_constructs.facts.github import COMMENT_CHARACTERS
from streaming_constructs.planning.numbers import counted
from streaming_constructs.review.acceptances import OUTDATED
from streaming_constructs.review.costs.change_text import change_head, change_lines
from streaming_constructs.review.grade import RANKS, Grade, worst
from streaming_constructs.review.reading.places import Placed
from streaming_constructs.review.stacks_review import Report
from streaming_constructs.review.writing.headline import sentences
from streaming_constructs.review.writing.markdown_detail import DETAILS, Detail
from streaming_constructs.review.writing.markdown_text import markdown_code, markdown_text
from streaming_constructs.review.writing.nodes import Nodes
from streaming_constructs.review.writing.placed import Told, for_people, told_of
from streaming_constructs.review.writing.report_object import assumptions

MARKER = "<!-- streaming-constructs review -->"
"""The first line: it is not seen, and a bot that finds it in a comment of its own writes that one anew."""
_SIGNS = {"danger": "\U0001f534", "caution": "\U0001f7e1", "fine": "\U0001f7e2", "none": "\u26aa"}
_WHOLE = "The stack as a whole"
_ACCEPTANCES = "Acceptances"


def markdown(report: Report, most: int = int(COMMENT_CHARACTERS.value)) -> str:
    """A review as a comment; where it would be too long, details are left out, and what they were is said.

    Args:
        report: The review.
        most: How long it may be, in bytes: so many characters it has at most.
    """
    report = for_people(report)
    told, nodes = told_of(report), _nodes(report)

    @cache
    def page(number: int) -> str:
        return _page(report, told, nodes, DETAILS[number])

    def fits(number: int) -> bool:
        return len(page(number).encode("utf-8", "replace")) <= most

    if fits(0):
        return page(0)
    # Each has less than the one before it; the last is told though it be too long.
    return page(bisect_left(range(len(DETAILS) - 1), True, key=fits))


def _nodes(report: Report) -> dict[str, tuple[Nodes, Nodes]]:
    return {each.stack.name: (Nodes(each.review.new), Nodes(each.review.old)) for each in report.stacks}


def _page(report: Report, told: Told, nodes: dict[str, tuple[Nodes, Nodes]], detail: Detail) -> str:
    verdict = report.verdict
    first, *more = sentences(report)
    lead = first.removeprefix(f"{verdict.capitalize()}: ")
    said = " ".join([f"**{markdown_text(lead[:1].upper() + lead[1:])}**", *map(markdown_text, more)])
    grave, left_out = detail.chosen([each for each in told.remarks if RANKS[each.remark.grade] >= RANKS["caution"]])
    fine = [placed for placed in told.remarks if placed.remark.grade == "fine"]
    blocks = [f"{MARKER}\n## {_SIGNS[verdict]} {verdict.capitalize()}", said]
    for name, placed in _by_node(grave, nodes, detail):
        blocks += [f"### {name}", _table(placed, detail), *_details(placed, detail)]
    blocks += [
        *_fine(fine, detail),
        *_costs(report, detail),
        *_accepted(told, detail),
        *_last(report, told, left_out, detail),
    ]
    return "\n\n".join(blocks) + "\n"


def _by_node(
    remarks: Iterable[Placed], nodes: dict[str, tuple[Nodes, Nodes]], detail: Detail
) -> list[tuple[str, list[Placed]]]:
    """Remarks by the node that they are about, the node with the gravest first."""
    found: dict[str, list[Placed]] = {}
    for placed in remarks:
        remark = placed.remark
        new, old = nodes.get(remark.stack, (None, None))
        node = _ACCEPTANCES if remark.code in OUTDATED else _WHOLE
        if remark.logical_id and new is not None and old is not None:
            node = new.of(remark.logical_id) or old.of(remark.logical_id) or remark.logical_id
        name = f"{remark.stack}: {node}" if remark.stack else node
        found.setdefault(markdown_text(name, detail.longest), []).append(placed)
    return sorted(found.items(), key=lambda item: -RANKS[_worst(item[1])])


def _worst(remarks: Iterable[Placed]) -> Grade:
    return worst(placed.remark.grade for placed in remarks)


def _table(remarks: Sequence[Placed], detail: Detail) -> str:
    return "\n".join(
        ["| | Resource | What happens | Code |", "|---|---|---|---|", *(_row(one, detail) for one in remarks)]
    )


def _row(placed: Placed, detail: Detail) -> str:
    remark = placed.remark
    resource = markdown_code(remark.logical_id, detail.longest) if remark.logical_id else ""
    if remark.resource_type:
        resource += f"<br>{markdown_text(remark.resource_type, detail.longest)}"
    happens = markdown_text(remark.message, detail.longest)
    if remark.where:
        happens += f"<br>Where {markdown_text(remark.where, detail.longest)}."
    if remark.grade == "danger" and remark.help and detail.helps_dangers:
        happens += f"<br>**Instead:** {markdown_text(remark.help, detail.longest)}"
    return f"| {_SIGNS[remark.grade]}&nbsp;**{remark.grade}** | {resource} | {happens} | {markdown_text(remark.code)} |"


def _details(remarks: Sequence[Placed], detail: Detail) -> Iterator[str]:
    """Where the changes of a node are written, and what to do about cautions."""
    if not detail.places:
        return
    lines = []
    for remark, place in remarks:
        named = f" {markdown_code(remark.named, detail.longest)}" if remark.named else ""
        line = f"- {markdown_code(str(place), detail.longest)}{named}"
        help_ = remark.help if remark.grade != "danger" else ""
        lines.append(f"{line}: {markdown_text(help_, detail.longest)}" if help_ else line)
    summary = (
        "Where, and what to do" if any(one.remark.grade != "danger" and one.remark.help for one in remarks) else "Where"
    )
    yield _folded(summary, lines)


def _folded(summary: str, lines: Iterable[str]) -> str:
    return "\n".join([f"<details><summary>{summary}</summary>", "", *lines, "", "</details>"])


def _fine(fine: Sequence[Placed], detail: Detail) -> Iterator[str]:
    if not fine:
        return
    count = counted(len(fine), "fine change")
    if not detail.fine:
        yield f"{_SIGNS['fine']} {count}"
        return
    lines = []
    for remark, _ in fine:
        where = f" (where {markdown_text(remark.where)})" if remark.where else ""
        lines.append(
            f"- {markdown_code(remark.named)}: {markdown_text(remark.message)}{where} ({markdown_text(remark.code)})"
        )
    yield _folded(f"{_SIGNS['fine']} {count}", lines)


def _costs(report: Report, detail: Detail) -> Iterator[str]:
    if report.costs is None or not change_head(report.costs):
        return
    yield f"**Costs:** {markdown_text(change_head(report.costs))}"
    lines = [f"- {markdown_text(line, detail.longest)}" for line in change_lines(report.costs)]
    if lines and detail.places:
        yield _folded("For what", lines)


def _accepted(told: Told, detail: Detail) -> Iterator[str]:
    """What was accepted; it is not folded, so that who approves sees it."""
    if not told.accepted:
        return
    yield "### Accepted"
    lines = []
    for accepted, _ in told.accepted[: detail.accepted]:
        remark = accepted.remark
        until = f", until {markdown_text(accepted.until)}" if accepted.until else ""
        what = f"**{remark.grade}** {markdown_text(remark.code)} {markdown_code(remark.named, detail.longest)}"
        message, reason = (markdown_text(text, detail.longest) for text in (remark.message, accepted.reason))
        lines.append(f"- {what}: {message}<br>Because: {reason}{until}")
    more = len(told.accepted) - len(lines)
    yield "\n".join([*lines, f"- … and {more:,} more"] if more else lines)


def _last(report: Report, told: Told, left_out: Sequence[str], detail: Detail) -> Iterator[str]:
    assumed = list(dict.fromkeys(assumptions(report.stacks)))
    if assumed:
        shown = assumed[: detail.accepted]
        lines = [f"- {markdown_text(sentence, detail.longest)}" for sentence in shown]
        lines += [f"- … and {len(assumed) - len(shown):,} more"] if len(assumed) > len(shown) else []
        yield "\n".join(["**Assumptions**", "", *lines])
    if report.same and any(report.same):
        yield f"{counted(len(report.same), 'stack')} without a change: {markdown_text(', '.join(report.same), detail.longest)}"
    cut = [*left_out, *detail.cut]
    if cut:
        yield f"_Shortened, as a comment has a limit: {'; '.join(cut)}. The whole review is in the output of the job._"
    if told.remarks:
        yield f"<sub>`streaming-constructs explain {told.remarks[0].remark.code}` tells the story of a code.</sub>"

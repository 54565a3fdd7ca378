"""Whether a system is ready, in Markdown: for a wiki or a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.cli.ready import headline
from streaming_constructs.review.writing.markdown_text import markdown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streaming_constructs.planning.readiness.readiness import Answered

_WORDS = {"fail": "**failed**", "confirm": "to confirm", "pass": "passed", "not_applicable": "does not apply"}


def readiness_markdown(name: str, answered: Sequence[Answered]) -> str:
    """A list of tasks for each node: what passed is ticked, what a person has to confirm is left to tick.

    Args:
        name: The system.
        answered: Its items.
    """
    return "\n".join(_lines(name, answered))


def _lines(name: str, answered: Sequence[Answered]) -> Iterator[str]:
    yield f"# Readiness of {markdown_text(name)}"
    yield ""
    yield markdown_text(headline(name, answered))
    node = None
    for each in answered:
        if node != (each.section, each.name):
            node = (each.section, each.name)
            yield ""
            yield f"## {markdown_text(f'{each.section}.{each.name}')}"
            yield ""
        yield _line(each)


def _line(each: Answered) -> str:
    status = each.answer.status
    box = "[x]" if status in ("pass", "not_applicable") else "[ ]"
    fix = f" → {markdown_text(each.answer.fix)}" if each.answer.fix else ""
    told = f"{_WORDS[status]}: {markdown_text(each.answer.evidence)}{fix}"
    return f"- {box} {each.item.id} [{markdown_text(each.item.title)}]({each.item.source}) — {told}"

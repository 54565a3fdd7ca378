"""How findings are written: for people, for programs, and for the annotations of a pull request on GitHub."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streaming_constructs.cli.check import Checked
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.spec.finding import Finding, Level

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def text_report(checked: Sequence[Checked], *, coloured: bool = False) -> str:
    """Findings for people, then what is fine, then the summary."""
    findings = [finding for one in checked for finding in one.findings]
    blocks = [text_finding(finding, coloured=coloured) for finding in findings]
    last = [line for one in checked if one.fine for line in _fine_lines(one)]
    if findings:
        last.append(summary(findings))
    return "\n\n".join([*blocks, "\n".join(last)])


def text_finding(finding: Finding, *, coloured: bool = False) -> str:
    """One finding for people; its level and code in colour."""
    head = f"{finding.level}[{finding.code}]"
    styled = click.style(head, fg=_COLOURS[finding.level], bold=True) if coloured else head
    return styled + str(finding).removeprefix(head)


def summary(findings: Sequence[Finding]) -> str:
    """How many of each level, and how to learn more about the worst of them."""
    counts = count_levels(findings)
    worst = next(finding.code for level in LEVELS for finding in findings if finding.level == level)
    parts = [_counted(counts[level], level) for level in LEVELS if counts[level]]
    return f"{', '.join(parts)} · streaming-constructs explain {worst}"


def count_levels(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each level there are."""
    counts = Counter(finding.level for finding in findings)
    return {level: counts[level] for level in LEVELS}


def json_report(checked: Sequence[Checked]) -> str:
    """Findings for programs: one object."""
    findings = [finding for one in checked for finding in one.findings]
    counts = count_levels(findings)
    report = {
        "files": [
            {
                "file": one.file,
                "fine": one.fine,
                "systems": [{"environment": plan.spec.environment, **_sizes(plan)} for plan in one.plans.values()],
            }
            for one in checked
        ],
        "findings": [json_finding(finding) for finding in findings],
        "summary": {f"{level}s": counts[level] for level in LEVELS},
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def json_finding(finding: Finding) -> dict[str, str | int]:
    """One finding for programs; a line of 0 means that it is about no line."""
    return {
        "code": finding.code,
        "level": finding.level,
        "message": finding.message,
        "path": finding.dotted_path,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "note": finding.note,
        "help": finding.help,
    }


def github_report(checked: Sequence[Checked]) -> str:
    """Findings as workflow commands, which GitHub shows beside the line; nothing when there are none.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    return "\n".join(_github_command(finding) for one in checked for finding in one.findings)


def _github_command(finding: Finding) -> str:
    properties = {"file": finding.file, "line": finding.line, "col": finding.column, "title": finding.code}
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    notes = [f"{name}: {text}" for name, text in (("note", finding.note), ("help", finding.help)) if text]
    where = f" ({finding.dotted_path})" if finding.path else ""
    return f"::{_COMMANDS[finding.level]} {given}::{_data(chr(10).join([finding.message + where, *notes]))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _fine_lines(checked: Checked) -> Iterator[str]:
    for environment, plan in checked.plans.items():
        name = f"{checked.file} ({environment})" if environment else checked.file
        sizes = ", ".join(_counted(count, _ONE_OF.get(what, what[:-1])) for what, count in _sizes(plan).items())
        yield f"{name}: fine · {sizes}"


def _sizes(plan: PipelinePlan) -> dict[str, int]:
    sections = ("streams", "consumers", "deliveries", "stores", "sns_topics", "producers")
    sizes = {name: len(getattr(plan.spec, name)) for name in sections}
    # What most systems have is always told, the rest where there is some.
    told = {name: count for name, count in sizes.items() if count or name in {"streams", "consumers"}}
    return {**told, "alarms": len(plan.alarms)}


_ONE_OF = {"deliveries": "delivery"}


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else what.removesuffix('y') + 'ies' if what.endswith('y') else what + 's'}"

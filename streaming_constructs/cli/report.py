"""How findings are written: for people, for programs, and for the annotations of a pull request on GitHub."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from streaming_constructs.cli.console import text_finding
from streaming_constructs.cli.most_of_a_kind import most_of_a_kind
from streaming_constructs.cli.workflow_command import workflow_command
from streaming_constructs.planning.numbers import counted
from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streaming_constructs.cli.check import Checked, FoundIn
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.spec.finding import Finding, Level
LEVELS: tuple[Level, ...] = ("error", "warning", "note")
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def text_report(checked: Sequence[Checked], *, coloured: bool = False) -> str:
    """Findings for people, then what is fine, then the summary."""
    blocks = []
    for file in checked:
        blocks += found_texts(file, coloured=coloured)
    last = [line for file in checked for line in _fine_lines(file)]
    if blocks:
        last.append(summary([found.finding for file in checked for found in file.found()]))
    return "\n\n".join([*blocks, "\n".join(last)])


def found_texts(file: Checked, *, coloured: bool = False) -> list[str]:
    """What was found in a file for people, the first of each code; then how many more there are."""
    shown, unsaid = most_of_a_kind(file.found(), lambda found: found.finding.code)
    return [*(_text_found(found, file, coloured=coloured) for found in shown), *unsaid]


def _text_found(found: FoundIn, file: Checked, *, coloured: bool) -> str:
    text = text_finding(found.finding, coloured=coloured)
    return f"{text}\n   = in: {', '.join(found.environments)}" if _is_partial(found, file) else text


def _is_partial(found: FoundIn, file: Checked) -> bool:
    """Whether some of a file's environments have a finding, and others do not."""
    return 0 < len(found.environments) < len(file.systems)


def summary(findings: Sequence[Finding]) -> str:
    """How many of each level, and how to learn more about the worst of them."""
    counts = count_levels(findings)
    worst = next(finding.code for level in LEVELS for finding in findings if finding.level == level)
    parts = [counted(counts[level], level) for level in LEVELS if counts[level]]
    return f"{', '.join(parts)} · streaming-constructs explain {worst}"


def count_levels(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each level there are."""
    counts = Counter(finding.level for finding in findings)
    return {level: counts[level] for level in LEVELS}


def report_object(checked: Sequence[Checked]) -> dict[str, Any]:
    """Findings for programs."""
    found = [found for file in checked for found in file.found()]
    counts = count_levels(found_in.finding for found_in in found)
    return {
        "files": [
            {
                "file": file.file,
                "fine": file.is_fine,
                "systems": [
                    {
                        "environment": system.environment or None,
                        "fine": system.is_fine,
                        "sizes": sizes(system.plan) if system.plan else None,
                    }
                    for system in file.systems
                ],
            }
            for file in checked
        ],
        "findings": [{**finding_object(found_in.finding), "environments": found_in.environments} for found_in in found],
        "summary": {f"{level}s": counts[level] for level in LEVELS},
    }


def finding_object(finding: Finding) -> dict[str, str | int]:
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
    """Findings as workflow commands, which GitHub shows beside the line; nothing when there are none."""
    commands = []
    for file in checked:
        shown, unsaid = most_of_a_kind(file.found(), lambda found: found.finding.code)
        commands += [_github_command(found, file) for found in shown]
        commands += [workflow_command("notice", {"file": file.file}, [line]) for line in unsaid]
    return "\n".join(commands)


def _github_command(found: FoundIn, file: Checked) -> str:
    finding = found.finding
    properties = {"file": finding.file, "line": finding.line, "col": finding.column, "title": finding.code}
    environments = ", ".join(found.environments) if _is_partial(found, file) else ""
    more = {"note": finding.note, "help": finding.help, "in": environments}
    where = f" ({finding.dotted_path})" if finding.path else ""
    lines = [finding.message + where, *(f"{name}: {text}" for name, text in more.items() if text)]
    return workflow_command(_COMMANDS[finding.level], properties, lines)


def _fine_lines(checked: Checked) -> Iterator[str]:
    for system in checked.systems:
        if system.plan is not None and system.is_fine:
            name = f"{checked.file} ({system.environment})" if system.environment else checked.file
            yield f"{printable(name)}: fine · {', '.join(_counted_nodes(system.plan))}"


def _counted_nodes(plan: PipelinePlan) -> Iterator[str]:
    for nodes in plan.sections.values():
        for node in list(nodes.values())[:1]:
            yield counted(len(nodes), node.summary().noun)
    yield counted(len(plan.alarms), "alarm")


def sizes(plan: PipelinePlan) -> dict[str, int]:
    """How many nodes each section of a system has, and how many alarms it has."""
    return {**{section: len(nodes) for section, nodes in plan.sections.items()}, "alarms": len(plan.alarms)}

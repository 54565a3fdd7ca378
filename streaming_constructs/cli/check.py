"""Everything that is to be said about a file: what the language, and what planning, finds in each system that it describes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streaming_constructs.cli.system import System
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.spec.document import Document
    from streaming_constructs.spec.finding import Finding


@dataclass(frozen=True, slots=True)
class CheckedSystem:
    """One system that a file describes.

    Attributes:
        environment: Which of the file's `environments` it is; empty where the file has none.
        plan: What it will build; None where it cannot be built.
        findings: What was found in it.
    """

    environment: str
    plan: PipelinePlan | None
    findings: Sequence[Finding]

    @property
    def is_fine(self) -> bool:
        """Whether it can be built, and there is nothing but notes."""
        return self.plan is not None and all(finding.level == "note" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class FoundIn:
    """A finding, and where it was found.

    Attributes:
        finding: The finding.
        environments: The environments that have it; empty where the file has none.
    """

    finding: Finding
    environments: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with the systems that it describes.

    Attributes:
        file: What the file was called.
        systems: The systems that were looked at.
    """

    file: str
    systems: Sequence[CheckedSystem]

    @property
    def is_fine(self) -> bool:
        """Whether all of its systems are."""
        return all(system.is_fine for system in self.systems)

    def found(self) -> list[FoundIn]:
        """What was found in it, in its order; once, also where several of its systems have it."""
        merged: dict[object, FoundIn] = {}
        for system in self.systems:
            for finding in system.findings:
                key = (finding.code, finding.line, finding.column, finding.path, finding.message, finding.note)
                known = merged.setdefault(key, FoundIn(finding))
                if system.environment and system.environment not in known.environments:
                    known.environments.append(system.environment)
        return sorted(merged.values(), key=lambda found: (found.finding.line, found.finding.column))


def check(system: System, environment: str | None = None, earlier: Document | None = None) -> Checked:
    """Checks a file: each of its environments, and never what they differ from alone.

    Args:
        system: The file.
        environment: Which of its environments to check. Left out: all of them.
        earlier: The earlier version of the file, of which it has to stand what is there. Left out: none.
    """
    from streaming_constructs.planning.plan_file import plan_document
    from streaming_constructs.spec.environments import environments_of

    document = system.document
    environments: Sequence[str | None] = [environment] if environment else environments_of(document) or [None]
    checked = []
    for name in environments:
        planned, findings = plan_document(document, name)
        if earlier is not None:
            from streaming_constructs.planning.evolution import evolved

            findings += evolved(document, earlier, name)
        checked.append(CheckedSystem(name or "", planned, findings))
    return Checked(system.name, checked)

"""Everything that is to be said about a file: what the language, and what planning, finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.spec.document import Document
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.model import Environment


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, and all that was found in it.

    Attributes:
        file: The file.
        plans: What it will build, by environment; the name is empty where no environment was chosen.
        findings: What is wrong with it, in the order of the file.
    """

    file: str
    plans: dict[str, PipelinePlan]
    findings: tuple[Finding, ...]

    @property
    def fine(self) -> bool:
        """Whether there is nothing but notes."""
        return all(finding.level == "note" for finding in self.findings)


def check(file: str, environment: Environment | None = None, earlier: Document | None = None) -> Checked:
    """Checks a file.

    Args:
        file: The file.
        environment: Which of its environments to check. Left out: all of them.
        earlier: The earlier version of the file that its schemas are compared with. Left out: none.
    """
    from streaming_constructs.planning import plan_document
    from streaming_constructs.spec.read import environments_of, open_document

    opened = open_document(file)
    environments: Sequence[Environment | None] = [environment] if environment else environments_of(opened) or [None]
    plans: dict[str, PipelinePlan] = {}
    found: list[Finding] = []
    for one in environments:
        planned, findings = plan_document(opened, one)
        found += findings
        if earlier is not None:
            from streaming_constructs.spec.evolution import compared

            found += compared(opened, earlier, one)
        if planned is not None:
            plans[one or ""] = planned
    merged = sorted(dict.fromkeys(found), key=lambda finding: (finding.line, finding.column))
    return Checked(file, plans, tuple(merged))

"""From a file to a plan: everything that can be wrong with a spec, located, before anything is built."""

from __future__ import annotations

import os
from dataclasses import replace

from streaming_constructs.planning.plan import PipelinePlan, plan
from streaming_constructs.spec.document import Document
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.load import open_document, read_as
from streaming_constructs.spec.removal_policy import RemovalPolicy


def plan_document(
    document: Document, removal_policy: RemovalPolicy | None = None
) -> tuple[PipelinePlan | None, list[Finding]]:
    """Plans a document without raising: the plan if there is a spec to plan, and all findings, in the file's order.

    Args:
        document: The file's content.
        environment: Which of the file's `environments` to apply. Left out: none of them.
    """
    spec, findings, merged = read_as(document, environment)
    if spec is None:
        return None, findings
    planned = plan(spec)
    located = sorted(map(merged.locate, planned.findings), key=lambda finding: (finding.line, finding.column))
    return replace(planned, findings=tuple(located)), located


def load_plan(path: str | os.PathLike[str], removal_policy: RemovalPolicy | None = None) -> PipelinePlan:
    """Reads a spec, plans it, and gives its findings their lines.

    Args:
        path: The file.
        environment: Which of the file's `environments` to apply. Left out: none of them.

    Raises:
        SpecError: With every error of the file, of the language and of planning alike.
    """
    planned, findings = plan_document(open_document(path), environment)
    errors = [finding for finding in findings if finding.level == "error"]
    if planned is None or errors:
        raise SpecError(errors or findings)
    return planned

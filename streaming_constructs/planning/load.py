"""From a file to a plan: everything that can be wrong with a spec, located, before anything is built."""

from __future__ import annotations

import os
from dataclasses import replace

from streaming_constructs.planning.plan import PipelinePlan, plan
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.load import read
from streaming_constructs.spec.model import Environment


def load_plan(path: str | os.PathLike[str], environment: Environment | None = None) -> PipelinePlan:
    """Reads a spec, plans it, and gives its findings their lines.

    Args:
        path: The file.
        environment: Which of the file's `environments` to apply. Left out: none of them.

    Raises:
        SpecError: With every error of the file, of the language and of planning alike.
    """
    spec, findings, document = read(path, environment)
    if spec is None:
        raise SpecError(findings)
    planned = plan(spec)
    located = tuple(document.locate(finding) for finding in planned.findings)
    errors = [finding for finding in located if finding.level == "error"]
    if errors:
        raise SpecError(errors)
    return replace(planned, findings=located)

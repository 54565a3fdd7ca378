"""From a file to a plan: everything that can be wrong with a spec, located, before anything is built."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.planning.pipeline import PipelinePlan, plan
from streaming_constructs.planning.shared_environments import used_by
from streaming_constructs.planning.stack_quotas import stack_findings
from streaming_constructs.spec.document import Document
from streaming_constructs.spec.environments import environments_of
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.read import Reading, open_document, read_as


def plan_document(document: Document, environment: str | None = None) -> tuple[PipelinePlan | None, list[Finding]]:
    """Plans a document without raising: the plan if it can be built, and all findings, in the file's order.

    What is wrong with the language of a part does not hide what planning finds in the others.

    Args:
        document: The file's content.
        environment: Which of the file's `environments` it is.
    """
    reading = read_as(document, environment)
    findings = list(reading.findings)
    if reading.spec is None:
        return None, findings
    planned = plan(reading.spec, used=_used(document) if environment is not None else {})
    told = [finding for finding in planned.findings if reading.speaks_of_the_file(finding) and _holds(finding, reading)]
    told += stack_findings(planned.spec, planned.alarms)
    located = [reading.document.locate(finding) for finding in told]
    findings = sorted([*findings, *located], key=lambda finding: (finding.line, finding.column))
    return (replace(planned, findings=tuple(located)) if reading.is_whole else None), findings


@lru_cache(maxsize=1)
def _used(document: Document) -> Mapping[str, Sequence[str]]:
    """What each environment of a file uses on AWS; asked by every one of them, and read once."""
    read = {name: read_as(document, name).spec for name in environments_of(document)}
    return used_by({name: spec for name, spec in read.items() if spec is not None})


def _holds(finding: Finding, reading: Reading) -> bool:
    """Whether a finding about a name of an alarm, or of a warning, would be there without repairs: none of a node has any."""
    if finding.code not in {"ALM601", "LNG604"}:
        return True
    node, dot, _ = str(finding.path[-1]).partition(".")
    repaired = [part for part in reading.repaired if part[0] in NODE_SECTIONS]
    return not any(len(part) == 1 or not dot or part[1] == node for part in repaired)


def load_plan(path: str | os.PathLike[str], environment: str | None = None) -> PipelinePlan:
    """Reads a spec, plans it, and gives its findings their lines.

    Args:
        path: The file.
        environment: Which of the file's `environments` it is.

    Raises:
        SpecError: With every error of the file, of the language and of planning alike.
    """
    return plan_system(open_document(path), environment)


def plan_system(document: Document, environment: str | None = None) -> PipelinePlan:
    """Plans the system that a file describes, or one of them.

    Args:
        document: The file's content.
        environment: Which of the file's `environments` it is; a file that has some is never planned without one.

    Raises:
        SpecError: With every error of the file, of the language and of planning alike.
    """
    planned, findings = plan_document(document, environment)
    errors = [finding for finding in findings if finding.level == "error"]
    if planned is None or errors:
        raise SpecError(errors or findings)
    return planned


def load_plans(document: Document, environment: str | None = None) -> list[PipelinePlan]:
    """Plans each system that a file describes.

    Args:
        document: The file's content.
        environment: Which of the file's `environments` to plan alone. Left out: each that it has.

    Raises:
        SpecError: With every error of all of them.
    """
    plans, errors = [], list[Finding]()
    environments: Sequence[str | None] = [environment] if environment else environments_of(document) or [None]
    for name in environments:
        try:
            plans.append(plan_system(document, name))
        except SpecError as error:
            errors += [finding for finding in error.findings if finding not in errors]
    if errors:
        raise SpecError(errors)
    return plans


@contextmanager
def located(document: Document, environment: str | None = None) -> Iterator[None]:
    """Gives the findings of an error in a `with` their lines: what is wrong shows only while the system is built.

    Args:
        document: The file that the system was read from.
        environment: Which of the file's `environments` it is; none, or an empty one, where the file has none.

    Raises:
        SpecError: The same, with lines.
    """
    try:
        yield
    except SpecError as error:
        there = read_as(document, environment or None).document
        findings = [finding if finding.file else there.locate(finding) for finding in error.findings]
        raise SpecError(findings) from error

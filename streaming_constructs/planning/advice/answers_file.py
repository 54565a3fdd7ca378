"""Answers as they are read: from a file, from what was said beside it, or from both; and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.spec.finding import Finding


def read_answers(file: str | None, said: Mapping[str, Any]) -> tuple[Answers | None, list[Finding]]:
    """The answers, or all that is wrong with them, each with its line where it is of the file.

    Args:
        file: A YAML file. None: there is none.
        said: What was said beside it, which counts more.
    """
    if file is None:
        return _read(said)
    from streaming_constructs.spec.read import open_document

    document = open_document(file)
    if document.findings:
        return None, list(document.findings)
    data = document.data
    if not isinstance(data, dict):
        seen = "it is empty" if data is None else "its top is no mapping"
        finding = Finding("LNG106", "the file has no answers", note=seen, help="start with `records_per_second: 1000`")
        return None, [document.locate(finding)]
    answers, findings = _read({**data, **said})
    located = [
        finding if finding.path and finding.path[0] in said else document.locate(finding) for finding in findings
    ]
    return answers, sorted(located, key=lambda finding: (finding.line, finding.column))


def _read(data: Mapping[str, Any]) -> tuple[Answers | None, list[Finding]]:
    """The answers, or all that is wrong with them: with single ones, and with what is left of them together."""
    try:
        return Answers.model_validate(data), []
    except ValidationError as error:
        from streaming_constructs.spec.validation_errors import validation_findings

        findings = list(validation_findings(error, Answers, data))
    wrong = {finding.path[0] for finding in findings if finding.path}
    rest = {name: value for name, value in data.items() if name not in wrong}
    if wrong and len(rest) < len(data):
        findings += [finding for finding in _read(rest)[1] if not wrong & {edit.path[0] for edit in finding.edits}]
    return None, findings

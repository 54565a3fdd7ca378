"""Helps lead out: what each asks for, carried out as its edits say, leaves nothing that the first look could have told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from streaming_constructs.spec.codes import every_code
from streaming_constructs.spec.codes.code import Code
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.read import edited

if TYPE_CHECKING:
    from types import ModuleType

    from streaming_constructs.spec.finding import Finding

FRAGMENTS = [pytest.param(code, id=name) for name, code in every_code().items() if code.form == "fragment"]


def followed(text: str, findings: list[Finding]) -> str:
    """A file with everything in it that its findings ask for and a program can write."""
    data = edited(read_document(text, "pipeline.yaml").data, [edit for finding in findings for edit in finding.edits])
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100_000)


@pytest.mark.parametrize("code", FRAGMENTS)
def test_who_does_what_the_helps_say_is_told_nothing_more(generate: ModuleType, code: Code) -> None:
    text = code.file(code.example)
    told = generate.findings(text, code.file(code.earlier))
    left = generate.findings(followed(text, told), code.file(code.earlier))
    by_hand = [(finding.code, finding.path) for finding in told if not finding.edits]
    # The handler of a consumer that a help adds is still to be written.
    by_hand += [("LAM502", (*edit.path, "code")) for finding in told for edit in finding.edits]
    assert [str(finding) for finding in left if (finding.code, finding.path) not in by_hand] == []

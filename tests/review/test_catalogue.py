"""The catalogue of reviews and audits: each entry's example is found, under its code, its grade and what it is about."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import Source, as_source, read_template
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review
from streaming_constructs.spec.codes import codes_of
from streaming_constructs.spec.codes.code import Code


def of_templates(topic: str) -> list[Any]:
    return [pytest.param(code, id=code.code) for code in codes_of(topic) if code.form == "template"]


def template(resources: str) -> Source:
    """A template from what an example has below `Resources`, or from a whole one."""
    text = (
        resources
        if resources.startswith(("Resources:", "Parameters:", "Conditions:", "Outputs:"))
        else f"Resources:\n{indented(resources)}"
    )
    return read_template(text, "template.yaml") if resources.strip() else as_source({"Resources": {}}, "template.yaml")


def indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


def told(remarks: list[Remark] | tuple[Remark, ...]) -> set[tuple[str, str, str]]:
    return {(remark.code, remark.grade, remark.about) for remark in remarks}


@pytest.mark.parametrize("code", of_templates("REV"))
def test_an_example_of_a_review_yields_its_code_and_nothing_worse(code: Code) -> None:
    remarks = review(template(code.earlier), template(code.example)).remarks
    assert (code.code, code.grade, code.about) in told(remarks)
    assert remarks[0].grade == code.grade
    assert [remark.code for remark in remarks if remark.code == "REV199" != code.code] == []


@pytest.mark.parametrize("code", [param for param in of_templates("REV") if param.values[0].mend])
def test_the_safe_way_does_not_yield_it(code: Code) -> None:
    assert code.code not in {remark.code for remark in review(template(code.earlier), template(code.mend)).remarks}


@pytest.mark.parametrize("code", of_templates("AUD"))
def test_an_example_of_an_audit_yields_its_code(code: Code) -> None:
    assert (code.code, code.grade, code.about) in told(audit(template(code.example)))


@pytest.mark.parametrize("code", of_templates("AUD"))
def test_what_is_put_right_does_not_yield_it(code: Code) -> None:
    assert code.mend, "an audit says how to put it right"
    assert code.code not in {remark.code for remark in audit(template(code.mend))}


@pytest.mark.parametrize("code", of_templates("REV"))
def test_a_template_against_itself_is_no_change(code: Code) -> None:
    assert review(template(code.example), template(code.example)).remarks == ()

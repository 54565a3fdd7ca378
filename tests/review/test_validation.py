"""The native engine: what it says of a template, and what is noise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.review import TemplateFinding, TemplateValidator
from streaming_constructs.review.validation import NOISE


@pytest.fixture(scope="module")
def validator() -> TemplateValidator:
    return TemplateValidator()


def alarm(**properties: Any) -> str:
    minimal = {
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "MetricName": "m",
        "Namespace": "n",
    }
    minimal |= {"Period": 60, "Statistic": "Sum", "Threshold": 1}
    resource = {"Type": "AWS::CloudWatch::Alarm", "Properties": {**minimal, **properties}}
    return json.dumps({"Resources": {"Late": resource}})


def test_good_template_has_no_findings(validator: TemplateValidator) -> None:
    assert validator.validate(alarm()) == []


def test_finding_names_rule_level_resource_and_property(validator: TemplateValidator) -> None:
    (found,) = validator.validate(alarm(EvaluationPeriods=0))
    assert (found.rule, found.level, found.logical_id, found.path) == (
        "F3034",
        "error",
        "Late",
        "Properties.EvaluationPeriods",
    )
    assert str(found) == f"error[F3034]: {found.message}\n  --> Late.Properties.EvaluationPeriods"


def test_template_that_is_none_is_a_finding_too(validator: TemplateValidator) -> None:
    assert {one.level for one in validator.validate("no: [template")} == {"error"}


def test_finding_without_a_place_is_about_the_template() -> None:
    assert str(TemplateFinding("E1", "warning", "odd", "", "")) == "warning[E1]: odd\n  --> template"


def test_noise_is_left_out_and_named_with_its_reason(validator: TemplateValidator) -> None:
    # A name is create-only, which the engine says of every such property.
    assert validator.validate(alarm(AlarmName="late")) == []
    assert all(len(reason.split()) > 5 for reason in NOISE.values())

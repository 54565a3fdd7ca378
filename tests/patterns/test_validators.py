"""What others say about the templates: cfn-lint, CloudFormation's own engine, and the packs of cdk-nag."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs.review import TemplateValidator

CFN_LINT_NOISE = {
    "W3005": "CDK states dependencies that a reference implies already; they do no harm",
}


@pytest.fixture(scope="module")
def validator() -> TemplateValidator:
    return TemplateValidator()


def test_cfn_lint_finds_nothing(pattern: Any) -> None:
    config = ManualArgs(regions=["us-east-1", "eu-central-1"], ignore_checks=list(CFN_LINT_NOISE))
    assert [str(match) for match in api.lint(pattern.text, config=config)] == []


def test_cloudformation_validate_finds_nothing(pattern: Any, validator: TemplateValidator) -> None:
    assert [str(finding) for finding in validator.validate(pattern.text, pattern.name)] == []


@pytest.mark.parametrize(
    "pack",
    [
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.ServerlessChecks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.PCIDSS321Checks,
    ],
)
def test_cdk_nag_finds_nothing_that_is_not_acknowledged(pattern: Any, pack: Any) -> None:
    violations = pack(pattern.stack).validate_scope(pattern.stack).violations
    assert [f"{one.rule_name}: {one.description}" for one in violations] == []


def test_validators_would_speak_up(validator: TemplateValidator) -> None:
    broken = """
    {"Resources": {"M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
      "FunctionName": "f", "BatchSize": 20000, "EventSourceArn": "arn:aws:kinesis:eu-west-1:111122223333:stream/s"}}}}
    """
    assert {match.rule.id for match in api.lint(broken, config=ManualArgs(regions=["us-east-1"]))} == {"E3034", "E3633"}
    found = {(finding.rule, finding.level, finding.path) for finding in validator.validate(broken)}
    assert found == {("F3003", "error", "Properties"), ("F3034", "error", "Properties.BatchSize")}

"""Any valid spec becomes a template that CloudFormation's own engine accepts, in which every alarm watches something, and that
can be created on one machine.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aws_cdk as cdk
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.local.aws.supported_resources import unsupported_resources
from streaming_constructs.planning import plan
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.testing import alarm_problems, policy_problems
from tests.strategies import CODE_FOLDER, valid_specs


@pytest.fixture(scope="module")
def validator() -> TemplateValidator:
    return TemplateValidator()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("generated")
    (made / CODE_FOLDER).mkdir()
    (made / CODE_FOLDER / "index.py").write_text("def handler(event, context):\n    return {}\n")
    return made


def check(data: dict[str, Any], folder: Path, validator: TemplateValidator) -> None:
    file = folder / "pipeline.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True))
    spec = PipelineSpec.load(file, next(iter(data.get("environments", ())), None))
    planned = plan(spec)
    assert [str(finding) for finding in planned.findings if finding.level == "error"] == []
    with TemporaryDirectory(dir=folder) as out:
        app = cdk.App(outdir=out)
        stack = cdk.Stack(app, "Generated")
        StreamingPipeline(stack, "Pipeline", spec=spec)
        path = Path(out) / f"{stack.stack_name}.template.json"
        template = app.synth().get_stack_by_name(stack.stack_name).template
        assert [str(finding) for finding in validator.validate(path.read_text())] == []
    assert list(alarm_problems(template)) == []
    assert list(unsupported_resources(template)) == []  # and it can be rehearsed
    # CDK's own helper empties disposable buckets, by a policy that CDK writes.
    assert spec.removal_policy == "destroy" or list(policy_problems(template)) == []
    alarms = [one for one in template["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) == len(planned.alarms)


# Two halves, one for each core; the same specs in every run. A failing spec is small enough as it is: a smaller one would
# take hundreds of syntheses to find.
SETTINGS = settings(
    max_examples=75,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@seed(1)
@SETTINGS
@given(data=valid_specs())
def test_generated_systems(folder: Path, validator: TemplateValidator, data: dict[str, Any]) -> None:
    check(data, folder, validator)


@seed(2)
@SETTINGS
@given(data=valid_specs())
def test_other_generated_systems(folder: Path, validator: TemplateValidator, data: dict[str, Any]) -> None:
    check(data, folder, validator)

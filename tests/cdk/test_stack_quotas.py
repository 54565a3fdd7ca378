"""What a system adds to its stack at least: never more than the template has, and of usual nodes as much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.app import add_system, new_app, synthesize
from streaming_constructs.cdk.refusal import refusals
from streaming_constructs.planning.pipeline import plan
from streaming_constructs.planning.stack_quotas import stack_findings
from streaming_constructs.review.template_quotas import quota_findings
from streaming_constructs.spec import PipelineSpec, SpecError
from streaming_constructs.spec.patterns import list_patterns
from streaming_constructs.spec.read import load

S3 = {"retries": 1, "max_record_age_seconds": 600, "destination": "s3"}
ARCHIVE = {"kind": "s3", "partition_by": ["day"]}
STREAM = {"kind": "kinesis", "shards": 1}


def system(**sections: Any) -> PipelineSpec:
    return PipelineSpec.model_validate(
        {"name": "shop", "alarms": {"enabled": False}, "streams": {"clicks": STREAM}, **sections},
        context={"by_alias": True, "by_name": False},
    )


def template(spec: PipelineSpec, folder: Path) -> dict[str, Any]:
    app = new_app(folder)
    stack, _ = add_system(app, spec)
    found: dict[str, Any] = synthesize(app, spec).get_stack_by_name(stack.stack_name).template
    return found


def at_least(spec: PipelineSpec) -> tuple[int, int]:
    shares = [node.stack_share() for _, _, node in spec.nodes()]
    return sum(share.resources for share in shares), sum(share.outputs for share in shares)


NODES = {
    "streams": {"streams": {"clicks": STREAM, "more": STREAM}},
    "an existing stream": {
        "streams": {
            "clicks": STREAM,
            "old": {"kind": "kinesis", "arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/x"},
        }
    },
    "a topic": {"sns_topics": {"alerts": {"kind": "sns"}}},
    **{
        f"a consumer with {kept}": {
            "consumers": {
                "fraud": {"kind": "lambda", "from": "clicks", "code": ".", "on_failure": {**S3, "destination": kept}}
            }
        }
        for kept in ("s3", "sqs", "sns", "arn:aws:sqs:eu-west-1:123456789012:failed")
    },
    "a consumer with fan-out": {
        "consumers": {
            "fraud": {"kind": "lambda", "from": "clicks", "code": ".", "enhanced_fan_out": True, "on_failure": S3}
        }
    },
    "an existing function": {
        "consumers": {
            "fraud": {
                "kind": "lambda",
                "from": "clicks",
                "function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:fraud",
                "on_failure": S3,
            }
        }
    },
    "an archive": {"deliveries": {"lake": {"from": "clicks", "to": ARCHIVE}}},
    "an archive in an existing bucket": {
        "deliveries": {"lake": {"from": "clicks", "to": {**ARCHIVE, "bucket": "arn:aws:s3:::shared"}}}
    },
    "an archive with a function": {
        "deliveries": {"lake": {"from": "clicks", "transform": {"code": "."}, "to": ARCHIVE}}
    },
}


@pytest.mark.parametrize("sections", NODES.values(), ids=NODES)
def test_usual_nodes_say_exactly_what_they_add(tmp_path: Path, sections: dict[str, Any]) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "index.py").write_text("def handler(event, context): ...\n")
    spec = system(**sections).read_from(code)
    built = template(spec, tmp_path / "out")
    assert at_least(spec) == (len(built["Resources"]), len(built["Outputs"]))


@pytest.mark.parametrize("pattern", list_patterns(), ids=lambda pattern: pattern.name)
def test_a_pattern_has_no_less_than_is_said(tmp_path: Path, pattern: Any) -> None:
    spec = load(pattern.spec_path)
    built = template(spec, tmp_path / "out")
    resources, outputs = at_least(spec)
    alarms = len(plan(spec).alarms)
    assert 0.6 * len(built["Resources"]) < resources + alarms <= len(built["Resources"])
    assert outputs <= len(built["Outputs"])
    assert list(quota_findings("{}", built)) == []


# --- the quotas


@pytest.mark.parametrize(
    ("topics", "code"), [(200, []), (201, ["CFN122"]), (250, ["CFN122"]), (251, ["CFN121", "CFN122"])]
)
def test_more_than_a_stack_takes_is_an_error_before_it_is_built(topics: int, code: list[str]) -> None:
    spec = system(streams={}, sns_topics={f"t{number}": {"kind": "sns"} for number in range(topics)})
    findings = list(stack_findings(spec, plan(spec).alarms))
    assert [(finding.code, finding.level) for finding in findings] == [(one, "error") for one in code]


@pytest.mark.parametrize(("alarms", "code"), [(100, []), (101, ["CFN121"])])
def test_an_alarm_is_a_resource(alarms: int, code: list[str]) -> None:
    spec = system(streams={}, sns_topics={f"t{number}": {"kind": "sns"} for number in range(200)})
    (alarm, *_) = plan(system(alarms={"notify": ["oncall@example.com"]})).alarms
    assert [finding.code for finding in stack_findings(spec, [alarm] * alarms)] == code


def test_what_only_cdk_counts_is_told_with_the_same_code(bench: Any) -> None:
    from aws_cdk import aws_sns as sns

    for number in range(501):
        sns.CfnTopic(bench.stack, f"Topic{number}")
    with pytest.raises(SpecError) as caught, refusals():
        bench.app.synth()
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("CFN121", "a stack of 501 resources")

"""What holds in every pattern."""

from __future__ import annotations

import json
import re
from typing import Any

import aws_cdk as cdk

from streaming_constructs.app import add_system
from streaming_constructs.planning import plan
from streaming_constructs.spec.read import load
from streaming_constructs.testing import alarm_problems, policy_problems


def test_every_alarm_watches_something(pattern: Any) -> None:
    assert list(alarm_problems(pattern.template)) == []


def test_every_policy_names_what_it_allows(pattern: Any) -> None:
    assert list(policy_problems(pattern.template)) == []


def test_every_alarm_of_the_plan_is_in_the_template(pattern: Any) -> None:
    alarms = [one for one in pattern.template["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) == len(pattern.pipeline.plan.alarms)
    assert {one["Properties"]["Threshold"] for one in alarms} == {
        alarm.threshold for alarm in pattern.pipeline.plan.alarms
    }


def test_spec_has_nothing_that_is_likely_to_go_wrong(pattern: Any) -> None:
    findings = plan(load(pattern.directory / "pattern.yaml")).findings
    assert [str(finding) for finding in findings if finding.level != "note"] == []


def test_what_holds_data_is_kept(pattern: Any) -> None:
    data = {
        "AWS::KMS::Key",
        "AWS::Kinesis::Stream",
        "AWS::Logs::LogGroup",
        "AWS::MSK::Cluster",
        "AWS::MSK::ServerlessCluster",
        "AWS::MSK::Topic",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
    }
    policies = {one.get("DeletionPolicy") for one in pattern.template["Resources"].values() if one["Type"] in data}
    assert policies == {"Retain"}


def test_disposable_it_leaves_nothing_behind(pattern: Any, tmp_path: Any) -> None:
    spec = load(pattern.directory / "pattern.yaml").model_copy(update={"removal_policy": "destroy"})
    app = cdk.App(outdir=str(tmp_path))
    stack, _ = add_system(app, spec.read_from(pattern.directory), "Disposable")
    template = app.synth().get_stack_by_name(stack.stack_name).template
    kept = [key for key, one in template["Resources"].items() if one.get("DeletionPolicy") == "Retain"]
    assert kept == []


def test_sample_events_are_what_the_stream_takes(pattern: Any) -> None:
    for line in (pattern.directory / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        assert set(event) - {"into"} == {"partition_key", "data"}
        assert 0 < len(event["partition_key"]) <= 256


def test_readme_has_what_a_reader_looks_for(pattern: Any) -> None:
    readme = (pattern.directory / "README.md").read_text()
    headings = [line.removeprefix("## ") for line in readme.splitlines() if line.startswith("## ")]
    assert headings[:5] == ["When to use it", "When not", "Drawing", "What it creates", "Alarms"]
    alarms = {alarm.name for alarm in pattern.pipeline.plan.alarms}
    nodes = "|".join({alarm.node for alarm in pattern.pipeline.plan.alarms})
    assert set(re.findall(rf"`((?:{nodes})\.[a-z_]+)`", readme.partition("## Alarms")[2])) == alarms

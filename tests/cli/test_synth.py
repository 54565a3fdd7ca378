"""`synth`: what it writes, what it shows, and what it says of a spec that is wrong or risky."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result

from streaming_constructs.cli.group import verbs
from tests.cli.conftest import Run, Write

FINE = """\
name: click-stream
streams:
  clicks:
    kind: kinesis
    workload: {records_per_second: 3000, record_kb: 0.5}
alarms: {notify: [{email: oncall@example.com}]}
"""
UNTOLD = FINE.partition("alarms")[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def synth(*arguments: str) -> Result:
    return CliRunner().invoke(verbs, ["synth", *arguments])


def test_it_writes_the_template_and_shows_what_it_is(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(FINE)
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "click-stream"
    assert "    │   └── headroom 1.3 × 3 = 3.9 → 4 shards" in lines
    template = json.loads((folder / "cdk.out" / "ClickStream.template.json").read_text())
    types = [resource["Type"] for resource in template["Resources"].values()]
    assert f"        {types.count('AWS::CloudWatch::Alarm')}  AWS::CloudWatch::Alarm" in lines
    assert lines[-3:] == [
        "spec      pipeline.yaml",
        f"template  cdk.out/ClickStream.template.json ({len(types)} resources, valid)",
        "deploy    cdk deploy --app cdk.out ClickStream",
    ]
    (stream,) = [one for one in template["Resources"].values() if one["Type"] == "AWS::Kinesis::Stream"]
    assert stream["Properties"]["ShardCount"] == 4


def test_pattern_by_name_into_a_folder_of_choice(folder: Path) -> None:
    result = synth("lambda-consumer", "-o", "elsewhere")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("payments\n")
    assert (folder / "elsewhere" / "LambdaConsumer.template.json").is_file()


def test_what_is_wrong_is_said_with_its_line_and_nothing_is_written(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(FINE.replace("record_kb", "record_bits"))
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[LNG201]: unknown field `record_bits`\n  --> pipeline.yaml:5" in result.stderr
    assert not (folder / "cdk.out").exists()


def test_error_of_planning_is_said_with_its_line_too(folder: Path) -> None:
    silence = "alarms: {silence: {clicks.iterator_age: no one reads it}}\n"
    (folder / "pipeline.yaml").write_text(UNTOLD + silence)
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[ALM601]: there is no alarm `clicks.iterator_age`\n  --> pipeline.yaml:6" in result.stderr


def test_warning_is_said_and_the_template_written_all_the_same(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(UNTOLD)
    result = synth("pipeline.yaml")
    assert result.exit_code == 1
    assert "warning[ALM603]: the alarms tell nobody" in result.stderr
    assert (folder / "cdk.out" / "ClickStream.template.json").is_file()


def test_unknown_pattern_is_a_finding(folder: Path) -> None:
    result = synth("lambda-consumr")
    assert result.exit_code == 1
    assert "error[CMD107]" in result.stderr
    assert "did you mean `lambda-consumer`?" in result.stderr


def test_folder_that_cannot_be_written_is_a_finding(folder: Path) -> None:
    (folder / "taken").write_text("")
    result = synth("lambda-consumer", "--out", "taken/out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[CMD108]: cannot write into `taken/out`\n   = note: not a directory" in result.stderr


def test_without_the_native_engine_the_check_is_left_to_cdk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cloudformation_validate", None)
    (folder / "pipeline.yaml").write_text(FINE)
    result = synth("pipeline.yaml")
    assert result.exit_code == 0, result.output
    template = json.loads((folder / "cdk.out" / "ClickStream.template.json").read_text())
    assert f"({len(template['Resources'])} resources, checked by CDK)" in result.stdout


# --- environments


ENVIRONMENTS = (
    FINE
    + """\
environments:
  dev: {removal_policy: destroy, streams: {clicks: {shards: 1}}}
  prod: {account: "111122223333", region: eu-west-1}
"""
)


def stream_of(template: Path) -> dict[str, Any]:
    """The stream of a template."""
    resources = json.loads(template.read_text())["Resources"].values()
    (stream,) = [resource for resource in resources if resource["Type"] == "AWS::Kinesis::Stream"]
    return cast("dict[str, Any]", stream)


def stacks(out: Path) -> dict[str, str]:
    """The stacks of an assembly, and the environment of AWS that each goes to."""
    artifacts = json.loads((out / "manifest.json").read_text())["artifacts"]
    return {
        name: artifact["environment"]
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def test_each_environment_is_a_stack_of_its_own(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(ENVIRONMENTS)
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert stacks(folder / "cdk.out") == {
        "ClickStream-dev": "aws://unknown-account/unknown-region",
        "ClickStream-prod": "aws://111122223333/eu-west-1",
    }
    dev, prod = (stream_of(folder / "cdk.out" / f"ClickStream-{name}.template.json") for name in ("dev", "prod"))
    assert (dev["Properties"]["ShardCount"], dev["DeletionPolicy"]) == (1, "Delete")
    assert (prod["Properties"]["ShardCount"], prod["DeletionPolicy"]) == (4, "Retain")
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith("click-stream")] == ["click-stream (dev)", "click-stream (prod)"]
    assert [line for line in lines if line.startswith("deploy")] == [
        "deploy    cdk deploy --app cdk.out ClickStream-dev",
        "deploy    cdk deploy --app cdk.out ClickStream-prod",
    ]


def test_what_all_environments_have_is_told_once_and_at_its_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_CONSTRUCTS_CACHE", str(folder / "nothing"))
    (folder / "two.yaml").write_text(
        "name: clicks\n"
        "environments: {dev: {}, prod: {}}\n"
        "schemas: {click: {page: string}}\n"
        "streams:\n"
        "  clicks: {kind: kinesis, shards: 1, schema: click}\n"
        "  pages: {kind: kinesis, shards: 1, schema: click}\n"
        "analytics:\n"
        "  app: {kind: flink_sql, from: clicks, to: pages, parallelism: 1, sql: SELECT page FROM clicks}\n"
    )
    told = synth("two.yaml").stderr
    assert (told.count("[FLK128]"), told.count("[ALM603]")) == (1, 1)
    assert "two.yaml:8 analytics.app" in told


def test_one_environment_is_built_when_it_is_named(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(ENVIRONMENTS)
    assert synth("pipeline.yaml", "--environment", "dev").exit_code == 0
    assert list(stacks(folder / "cdk.out")) == ["ClickStream-dev"]


def test_an_error_in_one_environment_stops_the_others_too(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(ENVIRONMENTS.replace("shards: 1", "shards: 0"))
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[LNG204]")
    assert not (folder / "cdk.out").exists()


@pytest.mark.parametrize(("account", "region"), [("111122223333", None), (None, "eu-west-1")])
def test_what_is_given_of_the_place_is_passed_on(folder: Path, account: str | None, region: str | None) -> None:
    given = f'account: "{account}"' if account else f"region: {region}"
    (folder / "pipeline.yaml").write_text(f"{FINE}{given}\n")
    assert synth("pipeline.yaml").exit_code == 0
    expected = f"aws://{account or 'unknown-account'}/{region or 'unknown-region'}"
    assert stacks(folder / "cdk.out") == {"ClickStream": expected}


def test_programs_are_told_what_was_built(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(ENVIRONMENTS)
    result = synth("pipeline.yaml", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told["assembly"] == "cdk.out"
    dev = told["stacks"][0]
    assert (dev["stack"], dev["template"]) == ("ClickStream-dev", "cdk.out/ClickStream-dev.template.json")
    assert dev["resources"]["AWS::Kinesis::Stream"] == 1
    assert dev["plan"]["differs"]["streams.clicks.shards"] == 1
    assert dev["template_findings"] == []


def test_a_system_from_standard_input(folder: Path) -> None:
    result = CliRunner().invoke(verbs, ["synth", "-"], input=FINE)
    assert result.exit_code == 0, result.output
    assert "spec      <stdin>" in result.stdout.splitlines()
    assert list(stacks(folder / "cdk.out")) == ["ClickStream"]


def test_what_cdk_refuses_is_a_finding_of_the_file(run: Run, write: Write, tmp_path: Path) -> None:
    (tmp_path / "out" / "manifest.json").mkdir(parents=True)
    result = run("synth", write(), "-o", "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("error[CMD110]: CDK refuses to build it\n  --> pipeline.yaml:1\n")
    assert "EISDIR" in result.stderr
    assert "Traceback" not in result.output

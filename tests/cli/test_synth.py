"""`synth`: what it writes, what it shows, and what it says of a spec that is wrong or risky."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streaming_constructs.cli.group import verbs

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
    monkeypatch.setenv("COLUMNS", "140")
    return tmp_path


def synth(*arguments: str) -> Result:
    return CliRunner().invoke(verbs, ["synth", *arguments])


def test_it_writes_the_template_and_shows_what_it_is(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(FINE)
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "click-stream (prod)"
    assert "    │   └── headroom 1.3 × 3 = 3.9 → 4 shards" in lines
    assert "        5  AWS::CloudWatch::Alarm" in lines
    assert lines[-3:] == [
        "spec      pipeline.yaml",
        "template  cdk.out/ClickStream.template.json (10 resources, valid)",
        "deploy    cdk deploy --app cdk.out",
    ]
    template = json.loads((folder / "cdk.out" / "ClickStream.template.json").read_text())
    (stream,) = [one for one in template["Resources"].values() if one["Type"] == "AWS::Kinesis::Stream"]
    assert stream["Properties"]["ShardCount"] == 4


def test_pattern_by_name_into_a_folder_of_choice(folder: Path) -> None:
    result = synth("lambda-consumer", "--out", "elsewhere", "--environment", "dev")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("payments (dev)")
    assert (folder / "elsewhere" / "LambdaConsumer.template.json").is_file()


def test_what_is_wrong_is_said_with_its_line_and_nothing_is_written(folder: Path) -> None:
    (folder / "pipeline.yaml").write_text(FINE.replace("record_kb", "record_kb"))
    result = synth("pipeline.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[LNG201]: unknown field `record_kb`\n  --> pipeline.yaml:5" in result.stderr
    assert "did you mean `record_kb`?" in result.stderr
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
    assert "(10 resources, checked by CDK)" in result.stdout

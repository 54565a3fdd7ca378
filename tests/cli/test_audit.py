"""`audit`: what it says, in which form, and with which exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from streaming_constructs.cli.group import verbs
from streaming_constructs.review import auditing
from tests.review.told import remark

if TYPE_CHECKING:
    from pathlib import Path

    from streaming_constructs.review.reading.read_template import Source
    from streaming_constructs.review.remark import Remark
    from tests.cli.conftest import Run

TEMPLATE = """\
Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: 2
"""
OPEN = remark(
    about="encryption",
    code="AUD901",
    message="its records are not encrypted",
    help="encrypt them",
    path="Properties.ShardCount",
)
BARE = remark("caution", "alarm", code="AUD902", message="nobody watches it", path="Properties")
TEXT = """\
danger[AUD901]: its records are not encrypted
  --> a.yaml:5 Clicks.Properties.ShardCount
   = type: AWS::Kinesis::Stream
   = help: encrypt them

caution[AUD902]: nobody watches it
  --> a.yaml:2 Clicks
   = type: AWS::Kinesis::Stream

1 danger, 1 caution · streaming-constructs explain AUD901
"""


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are others': a stream here is open where it has two shards, and bare where it has any."""

    def audit(source: Source) -> list[Remark]:
        text = source.text
        return [OPEN, BARE] if "ShardCount: 2" in text else [BARE] if "ShardCount" in text else []

    monkeypatch.setattr(auditing, "audit", audit)
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "a.yaml": TEMPLATE,
        "b.yaml": TEMPLATE.replace("2", "1"),
        "fine.yaml": "Resources: {}\n",
    }.items():
        (tmp_path / name).write_text(text)


def told(run: Run, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("audit", *arguments, "--format", "json").stdout)
    return found


def test_what_is_wrong_is_told_with_its_line(run: Run) -> None:
    result = run("audit", "a.yaml")
    assert (result.stdout, result.stderr, result.exit_code) == (TEXT, "", 1)


def test_what_is_fine_is_a_line(run: Run) -> None:
    result = run("audit", "fine.yaml")
    assert (result.stdout, result.exit_code) == ("fine.yaml: fine\n", 0)


def test_json_has_each_finding(run: Run) -> None:
    assert told(run, "a.yaml") == {"findings": [OPEN.as_object(), BARE.as_object()], "accepted": []}
    assert told(run, "fine.yaml") == {"findings": [], "accepted": []}


def test_of_several_templates_each_finding_says_of_which(run: Run) -> None:
    found = [(each["stack"], each["code"]) for each in told(run, "b.yaml", "a.yaml", "fine.yaml")["findings"]]
    assert found == [("a.yaml", "AUD901"), ("b.yaml", "AUD902"), ("a.yaml", "AUD902")]
    assert "\n\nfine.yaml: fine\n1 danger, 2 cautions · " in run("audit", "b.yaml", "a.yaml", "fine.yaml").stdout


def test_annotations_and_sarif(run: Run) -> None:
    assert run("audit", "a.yaml", "--format", "github").stdout.splitlines()[0] == (
        "::error file=a.yaml,line=5,title=AUD901 danger::its records are not encrypted (Clicks.Properties.ShardCount)"
        "%0Ahelp: encrypt them"
    )
    assert run("audit", "fine.yaml", "--format", "github").stdout == ""
    log = json.loads(run("audit", "a.yaml", "--format", "sarif").stdout)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["AUD901", "AUD902"]


@pytest.mark.parametrize(
    ("template", "fail_on", "code"),
    [
        ("b.yaml", [], 1),
        ("b.yaml", ["danger"], 0),
        ("a.yaml", ["danger"], 1),
        ("b.yaml", ["alarm"], 1),
        ("b.yaml", ["encryption"], 0),
        ("a.yaml", ["never"], 0),
        ("fine.yaml", [], 0),
    ],
)
def test_what_ends_with_1_can_be_said(run: Run, template: str, fail_on: list[str], code: int) -> None:
    options = [word for what in fail_on for word in ("--fail-on", what)]
    assert run("audit", template, *options).exit_code == code


def test_what_cannot_be_read_never_ends_with_0_and_the_rest_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("Resources: {")
    result = run("audit", "bad.yaml", "fine.yaml", "missing.yaml", "--fail-on", "never")
    assert (result.exit_code, result.stdout) == (1, "fine.yaml: fine\n")
    assert result.stderr.count("error[REV9") == 2
    assert (run("audit", "bad.yaml").stdout, run("audit", "bad.yaml").exit_code) == ("", 1)


@pytest.mark.parametrize(
    "arguments", [[], ["-", "-"], ["a.yaml", "--fail-on", "fine"], ["a.yaml", "--format", "markdown"]]
)
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    assert run("audit", *arguments).exit_code == 2


def test_a_template_may_come_from_standard_input() -> None:
    result = CliRunner().invoke(verbs, ["audit", "-"], input=TEMPLATE)
    assert (result.exit_code, result.stdout) == (1, TEXT.replace("a.yaml", "standard input"))


def test_what_is_accepted_does_not_count(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streaming_constructs.review import acceptances

    monkeypatch.setattr(acceptances, "_can_be_accepted", lambda _: True)
    (tmp_path / "review.yaml").write_text(
        "review:\n  accept:\n    - {code: AUD902, logical_id: Clicks, reason: a test}\n"
        "    - {code: AUD903, logical_id: Clicks, reason: gone}\n    - {code: REV103, logical_id: Old, reason: others}\n"
    )
    result = run("audit", "b.yaml")
    assert result.exit_code == 1
    assert result.stdout == (
        "caution[REV912]: the acceptance of AUD903 of Clicks fits nothing any more\n"
        "  --> review.yaml:4\n   = help: take it out\n\n"
        "accepted:\n  caution[AUD902] b.yaml:2 Clicks: nobody watches it\n    because: a test\n\n"
        "b.yaml: fine\n1 caution · streaming-constructs explain REV912\n"
    )


def test_a_folder_is_all_of_its_templates(run: Run, tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "a.yaml").write_text(TEMPLATE)
    (tmp_path / "stacks" / "fine.yaml").write_text("Resources: {}\n")
    result = run("audit", "stacks")
    assert "  --> stacks/a.yaml:5 stacks/a.yaml: Clicks.Properties.ShardCount\n" in result.stdout
    assert "\n\nstacks/fine.yaml: fine\n1 danger, 1 caution · " in result.stdout


def test_the_spec_that_builds_the_same_is_written_beside(run: Run, tmp_path: Path) -> None:
    result = run("audit", "a.yaml", "--spec", "pipeline.yaml", "--fail-on", "never")
    assert (result.exit_code, result.stderr) == (
        0,
        "\npipeline.yaml: the spec of a.yaml, with 1 thing to look at · streaming-constructs validate pipeline.yaml\n",
    )
    assert "  clicks:\n    kind: kinesis\n    shards: 2\n" in (tmp_path / "pipeline.yaml").read_text()


def test_a_spec_is_never_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text("mine")
    result = run("audit", "a.yaml", "--spec", "pipeline.yaml", "--fail-on", "never")
    assert result.exit_code == 1
    assert "error[REV914]: pipeline.yaml cannot be written: File exists" in result.stderr
    assert (tmp_path / "pipeline.yaml").read_text() == "mine"


def test_a_spec_is_that_of_one_template(run: Run, tmp_path: Path) -> None:
    result = run("audit", "a.yaml", "b.yaml", "--spec", "pipeline.yaml")
    assert result.exit_code == 2
    assert "--spec takes one template, and there are 2" in result.stderr
    assert not (tmp_path / "pipeline.yaml").exists()


def test_files_that_are_no_templates_are_told_on_stderr(run: Run, tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "fine.yaml").write_text("Resources: {}\n")
    for name in "abcd":
        (tmp_path / "stacks" / f"{name}.md").write_text("notes")
    result = run("audit", "stacks")
    assert (result.exit_code, result.stdout) == (0, "stacks/fine.yaml: fine\n")
    assert result.stderr == "\npassed over, no template: 4 files (stacks/a.md, stacks/b.md, stacks/c.md, …)\n"

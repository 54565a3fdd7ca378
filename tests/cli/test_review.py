"""`review`: what it says, in which form, and with which exit code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.cli.group import verbs
from streaming_constructs.cli.remarks import review_commands, review_text
from tests.review.told import RETENTION, TAGS, remark, report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

OLD = """\
Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties:
      Name: clicks
      ShardCount: 2
  Gone: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
"""
NEW = """\
Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties:
      Name: clicks
      ShardCount: 2
      Tags: [{Key: team, Value: web}]
"""
FINE = OLD.replace("ShardCount: 2\n", "ShardCount: 2\n      Tags: [{Key: team, Value: web}]\n", 1)
ACCEPT = "review:\n  accept:\n    - {code: REV103, logical_id: Gone, reason: nobody reads it}\n"
TEXT = """\
Danger: 1 of 2 changes loses data. Gone (AWS::Kinesis::Stream): it is deleted with its records and the positions of its readers.

danger[REV103]: it is deleted with its records and the positions of its readers
  --> old.yaml:7 Gone
   = type: AWS::Kinesis::Stream
   = help: deploy `DeletionPolicy: Retain` first, then take it out: it then stays in the account

1 fine change:
  REV117 Clicks.Properties.Tags: its tags are others

costs: -21.90 USD a month for what is there, by AWS's list in us-east-1; what flows is charged beside that, and stands in \
no template
  Gone shards -21.90 USD: 2 shards × 730 h → none

1 danger, 1 fine · streaming-constructs explain REV103
"""


@pytest.fixture(autouse=True)
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"old.yaml": OLD, "new.yaml": NEW, "fine.yaml": FINE}.items():
        (tmp_path / name).write_text(text)


def test_a_danger_is_told_with_its_line_and_ends_with_1(run: Run) -> None:
    result = run("review", "old.yaml", "new.yaml")
    assert (result.stdout, result.stderr, result.exit_code) == (TEXT, "", 1)


def test_nothing_changed_is_a_line(run: Run) -> None:
    result = run("review", "old.yaml", "old.yaml")
    assert (result.stdout, result.exit_code) == ("Nothing changed.\n", 0)


def test_json_has_the_verdict_and_each_change(run: Run) -> None:
    result = run("review", "old.yaml", "new.yaml", "--format", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["verdict"], told["accepted"], told["assumptions"]) == ("danger", [], [])
    assert told["changes"][0] == {
        "logical_id": "Gone",
        "resource_type": "AWS::Kinesis::Stream",
        "path": "Properties",
        "grade": "danger",
        "code": "REV103",
        "about": "data-loss",
        "message": "it is deleted with its records and the positions of its readers",
        "help": "deploy `DeletionPolicy: Retain` first, then take it out: it then stays in the account",
    }
    assert [change["code"] for change in told["changes"]] == ["REV103", "REV117"]
    assert json.loads(run("review", "old.yaml", "old.yaml", "--format", "json").stdout)["verdict"] == "none"


def test_annotations_stand_beside_their_lines(run: Run) -> None:
    lines = run("review", "old.yaml", "new.yaml", "--format", "github").stdout.splitlines()
    assert [line.partition("::Danger")[0].partition("::it")[0] for line in lines] == [
        "::error title=Review%3A danger",
        "::error file=old.yaml,line=7,title=REV103 danger",
    ]


@pytest.mark.parametrize(("form", "first"), [("markdown", "<!-- streaming-constructs review -->"), ("sarif", "{")])
def test_other_forms_are_what_they_are(run: Run, form: str, first: str) -> None:
    result = run("review", "old.yaml", "new.yaml", "--format", form)
    assert (result.stdout.splitlines()[0], result.exit_code) == (first, 1)


@pytest.mark.parametrize(
    ("new", "fail_on", "code"),
    [
        ("new.yaml", ["danger"], 1),
        ("new.yaml", ["caution"], 1),
        ("new.yaml", ["data-loss"], 1),
        ("new.yaml", ["alarm"], 0),
        ("new.yaml", ["alarm", "data-loss"], 1),
        ("new.yaml", ["alarm", "danger"], 1),
        ("new.yaml", ["never"], 0),
        ("fine.yaml", ["danger"], 0),
        ("fine.yaml", ["caution"], 0),
        ("fine.yaml", ["fine"], 1),
        ("old.yaml", ["fine"], 0),
    ],
)
def test_what_ends_with_1_can_be_said(run: Run, new: str, fail_on: list[str], code: int) -> None:
    options = [word for what in fail_on for word in ("--fail-on", what)]
    assert run("review", "old.yaml", new, *options).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["old.yaml"], "name OLD and NEW, or `--base`"),
        ([], "name OLD and NEW, or `--base`"),
        (["-", "-"], "standard input is one template"),
        (["--base", "main", "old.yaml", "new.yaml"], "with `--base` name NEW alone"),
        (["old.yaml", "new.yaml", "--fail-on", "alram"], "nothing is `alram`; did you mean `alarm`?"),
        (["old.yaml", "new.yaml", "--fail-on", "none"], "nothing is `none`"),
        (
            ["old.yaml", "new.yaml", "--fail-on", "never", "--fail-on", "danger"],
            "never is all that it can be said with",
        ),
        (["old.yaml", "new.yaml", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: list[str], said: str) -> None:
    result = run("review", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("text", ["Resources: {", "streams: {}", "", "\x00"])
def test_what_cannot_be_read_never_ends_with_0(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    for names in (("old.yaml", "bad.yaml"), ("bad.yaml", "old.yaml"), ("old.yaml", "missing.yaml")):
        result = run("review", *names, "--fail-on", "never")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "error[REV9" in result.stderr


def test_a_template_may_come_from_standard_input() -> None:
    result = CliRunner().invoke(verbs, ["review", "old.yaml", "-"], input=NEW)
    assert (result.exit_code, result.stdout) == (1, TEXT)


def test_what_is_accepted_beside_the_new_template_does_not_count(run: Run, tmp_path: Path) -> None:
    (tmp_path / "review.yaml").write_text(ACCEPT)
    result = run("review", "old.yaml", "new.yaml")
    assert result.exit_code == 0
    assert result.stdout == (
        "Fine: 1 change, which weakens nothing. Accepted: 1 danger.\n\n"
        "1 fine change:\n  REV117 Clicks.Properties.Tags: its tags are others\n\n"
        "costs: -21.90 USD a month for what is there, by AWS's list in us-east-1; what flows is charged beside that, and "
        "stands in no template\n  Gone shards -21.90 USD: 2 shards × 730 h → none\n\n"
        "accepted:\n"
        "  danger[REV103] old.yaml:7 Gone: it is deleted with its records and the positions of its readers\n"
        "    because: nobody reads it\n\n"
        "1 fine · streaming-constructs explain REV117\n"
    )
    told = json.loads(run("review", "old.yaml", "new.yaml", "--format", "json").stdout)
    assert (told["verdict"], [(one["code"], one["reason"]) for one in told["accepted"]]) == (
        "fine",
        [("REV103", "nobody reads it")],
    )


def test_costs_are_those_of_the_region_that_is_asked_for(run: Run) -> None:
    told = json.loads(run("review", "old.yaml", "new.yaml", "--format", "json", "--region", "eu-west-1").stdout)
    assert (told["costs"]["region"], told["costs"]["usd"]) == ("eu-west-1", -24.82)
    comment = run("review", "old.yaml", "new.yaml", "--format", "markdown", "--region", "eu-west-1").stdout
    assert "24.82 USD a month for what is there, by AWS's list in eu-west-1" in comment
    assert run("review", "old.yaml", "new.yaml", "--region", "mars").exit_code == 2


def test_an_acceptance_that_fits_nothing_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "accepted.yaml").write_text(ACCEPT)
    result = run("review", "old.yaml", "old.yaml", "--accept", "accepted.yaml")
    assert result.exit_code == 0
    assert result.stdout == (
        "Caution: the acceptance of REV103 of Gone fits nothing any more. Nothing changed.\n\n"
        "caution[REV912]: the acceptance of REV103 of Gone fits nothing any more\n"
        "  --> accepted.yaml:3\n"
        "   = help: take it out\n\n"
        "1 caution · streaming-constructs explain REV912\n"
    )


@pytest.mark.parametrize("text", ["review: {}\n", "review: [", None])
def test_acceptances_that_cannot_be_read_end_with_1(run: Run, tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "accepted.yaml").write_text(text)
    result = run("review", "old.yaml", "old.yaml", "--accept", "accepted.yaml", "--fail-on", "never")
    assert (result.exit_code, result.stdout) == (1, "")


def test_colours_are_for_terminals_alone() -> None:
    told = report(RETENTION, TAGS)
    assert "\x1b" not in review_text(told, coloured=False)
    first, _, grave, *_ = review_text(told, coloured=True).splitlines()
    assert first.startswith("\x1b[31m\x1b[1mDanger: ")
    assert grave.startswith("\x1b[31m\x1b[1mdanger[REV101]\x1b[0m: ")


@given(st.text(st.sampled_from("\x1b[31m\r\n\u202e::#vso[]% error"), max_size=30))
def test_no_name_is_obeyed_by_a_terminal_or_a_ci_system(name: str) -> None:
    hostile = remark(message=name, help=name, logical_id=name, resource_type=name, path=name, where=name, stack=name)
    told = report(hostile, remark("fine", message=name, logical_id=name), name=name, assumptions=(name,))
    text = review_text(told, coloured=False)
    assert all(line.isprintable() for line in text.splitlines())
    assert [line for line in text.splitlines() if line.lstrip().startswith("::") or "##vso[" in line] == []
    assert len(review_commands(told).splitlines()) == 2


def test_help_and_usage_load_no_templates() -> None:
    import subprocess

    code = (
        "import sys; from streaming_constructs.cli.review import review; import streaming_constructs.cli.audit; "
        "print([name for name in ('yaml', 'streaming_constructs.review') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_folders_are_compared_stack_by_stack(run: Run, tmp_path: Path) -> None:
    for folder, text in (("old", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dev.yaml").write_text(text)
        (tmp_path / folder / "prod.yaml").write_text(OLD)
    result = run("review", "old", "new")
    assert result.exit_code == 1
    assert "  --> old/dev.yaml:7 dev.yaml: Gone\n" in result.stdout
    assert "\n1 stack without a change: prod.yaml\n" in result.stdout
    changes = json.loads(run("review", "old", "new", "--format", "json").stdout)["changes"]
    assert [change["stack"] for change in changes] == ["dev.yaml", "dev.yaml"]


def test_one_stack_needs_no_name(run: Run, tmp_path: Path) -> None:
    for folder, text in (("old", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dev.yaml").write_text(text)
    assert "  --> old/dev.yaml:7 Gone\n" in run("review", "old", "new").stdout

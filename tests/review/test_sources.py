"""What is reviewed: files, folders of `cdk synth`, folders of snapshots, revisions of git."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.read_template import Source
from streaming_constructs.review.reading.snapshots import templates_of
from streaming_constructs.review.sources import compared, templates
from streaming_constructs.review.stacks_review import Stack, review_stacks

STREAM = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}}


def written(path: Path, resources: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    return path


def assembly(folder: Path, **artifacts: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))
    return folder


def a_stack(file: str, **more: str) -> dict[str, Any]:
    return {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}, **more}


def stacks(old: str | None, new: str | None, base: str | None = None) -> list[Stack]:
    return compared(old, new, base).stacks


def names(found: list[Stack]) -> list[tuple[str, list[str] | None, list[str] | None]]:
    def resources(side: Source | None) -> list[str] | None:
        return list(side.data["Resources"]) if side else None

    return [(stack.name, resources(stack.old), resources(stack.new)) for stack in found]


def test_two_files_are_one_stack_without_a_name(tmp_path: Path) -> None:
    old, new = written(tmp_path / "old.json", {"A": STREAM}), written(tmp_path / "new.json", {"B": STREAM})
    assert names(stacks(str(old), str(new))) == [("", ["A"], ["B"])]


def test_stacks_of_an_assembly_are_matched_by_name_and_those_nested_in_them_followed(tmp_path: Path) -> None:
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://…"},
        "Metadata": {"aws:asset:path": "nested.json"},
    }
    for side, shards in (("old", 2), ("new", 1)):
        folder = assembly(
            tmp_path / side,
            Main=a_stack("main.json", displayName="App/Main"),
            Stage={"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
            tree={"type": "cdk:tree", "properties": {"file": "tree.json"}},
        )
        written(folder / "main.json", {"Inner": nested})
        written(folder / "nested.json", {"Clicks": {**STREAM, "Properties": {"ShardCount": shards}}})
        assembly(folder / "assembly-Prod", Prod=a_stack("prod.json"))
        written(folder / "assembly-Prod" / "prod.json", {"A": STREAM})
    found = stacks(str(tmp_path / "old"), str(tmp_path / "new"))
    assert names(found) == [
        ("App/Main", ["Inner"], ["Inner"]),
        ("App/Main/Inner", ["Clicks"], ["Clicks"]),
        ("Prod", ["A"], ["A"]),
    ]
    assert [stack.stack.name for stack in review_stacks(found).stacks] == ["App/Main/Inner"]


def test_a_stack_that_is_gone_takes_its_resources_with_it(tmp_path: Path) -> None:
    for side, artifacts in (
        ("old", {"One": a_stack("a.json"), "Two": a_stack("b.json")}),
        ("new", {"One": a_stack("a.json")}),
    ):
        folder = assembly(tmp_path / side, **artifacts)
        written(folder / "a.json", {"A": STREAM})
        written(folder / "b.json", {"B": STREAM})
    report = review_stacks(stacks(str(tmp_path / "old"), str(tmp_path / "new")))
    assert report.verdict == "danger"
    assert [(remark.stack, remark.logical_id, remark.code) for remark in report.remarks] == [("Two", "B", "REV103")]
    assert report.same == ("One",)


def test_a_single_stack_is_itself_whatever_it_is_called(tmp_path: Path) -> None:
    for side in ("Main", "Feature"):
        written(assembly(tmp_path / side, **{side: a_stack("t.json")}) / "t.json", {"A": STREAM})
    assert names(stacks(str(tmp_path / "Main"), str(tmp_path / "Feature"))) == [("Feature", ["A"], ["A"])]


def test_snapshots_are_matched_by_their_paths_and_what_is_no_template_is_passed_over(tmp_path: Path) -> None:
    for side in ("old", "new"):
        written(tmp_path / side / "a" / "one.json", {"A": STREAM})
        (tmp_path / side / "two.yaml").write_text("Resources:\n  B: {Type: AWS::SNS::Topic}\n")
        (tmp_path / side / "ledger.json").write_text('{"Clicks": {"Type": "AWS::Kinesis::Stream"}}')
        (tmp_path / side / "notes.md").write_text("Resources: none")
    assert names(stacks(str(tmp_path / "old"), str(tmp_path / "new"))) == [
        ("a/one.json", ["A"], ["A"]),
        ("two.yaml", ["B"], ["B"]),
    ]


AMBER = """\
# serializer version: 1
# name: test_template
  dict({
    'Resources': dict({
      'Clicks': dict({
        'Properties': dict({
          'Tags': list([
            dict({
              'Key': 'team',
              'Value': "it's",
            }),
          ]),
        }),
        'Type': 'AWS::Kinesis::Stream',
      }),
    }),
  })
# ---
# name: test_text
  'no template'
# ---
"""
JEST = """\
// Jest Snapshot v1, https://goo.gl/fbAQLP

exports[`the stack matches 1`] = `
Object {
  "Resources": Object {
    "Clicks": Object {
      "Properties": Object {
        "Name": "a\\\\\\\\b",
        "Tags": Array [
          Object {
            "Key": "team",
          },
        ],
      },
      "Type": "AWS::Kinesis::Stream",
    },
  },
}
`;

exports[`a number 1`] = `5`;
"""


@pytest.mark.parametrize(
    ("name", "text", "title"), [("a.ambr", AMBER, "test_template"), ("a.snap", JEST, "the stack matches 1")]
)
def test_snapshots_of_syrupy_and_jest_are_read(name: str, text: str, title: str) -> None:
    ((found, source),) = templates_of(text, name, name)
    assert found == f"{name}: {title}"
    assert source.data["Resources"]["Clicks"]["Type"] == "AWS::Kinesis::Stream"
    assert source.data["Resources"]["Clicks"]["Properties"]["Tags"][0]["Key"] == "team"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose branch changed one snapshot, added one and removed one since it left `main`."""

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    git("init", "-q", "-b", "main")
    written(tmp_path / "snapshots" / "changed.json", {"A": STREAM})
    written(tmp_path / "snapshots" / "same.json", {"S": STREAM})
    written(tmp_path / "snapshots" / "gone.json", {"G": STREAM})
    git("add", ".")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "feature")
    written(tmp_path / "snapshots" / "changed.json", {"A": {**STREAM, "Properties": {"ShardCount": 2}}})
    (tmp_path / "snapshots" / "gone.json").unlink()
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    (tmp_path / "snapshots" / "same.json").write_text(json.dumps({"Resources": {"S": STREAM}}, indent=1))
    git("commit", "-qam", "main went on")
    git("checkout", "-q", "feature")
    written(tmp_path / "snapshots" / "new.json", {"N": STREAM})
    return tmp_path


def test_what_differs_from_where_a_branch_left_a_revision_is_reviewed(repository: Path) -> None:
    assert names(stacks(None, str(repository), "main")) == [
        ("snapshots/changed.json", ["A"], ["A"]),
        ("snapshots/gone.json", ["G"], None),
        ("snapshots/new.json", None, ["N"]),
    ]


@pytest.mark.parametrize("base", ["nowhere", "--output=/tmp/x", "main:snapshots"])
def test_what_is_no_revision_is_refused(repository: Path, base: str) -> None:
    with pytest.raises(ReviewError) as told:
        stacks(None, str(repository), base)
    assert told.value.findings[0].code == "REV922"


def test_a_repository_runs_nothing_of_its_own(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        subprocess.run(["git", "config", key, str(trap)], cwd=repository, check=True)
    stacks(None, str(repository), "main")
    assert not (repository / "sprung").exists()


def test_filters_of_a_checkout_are_not_run(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.json filter=evil\n")
    for kind in ("clean", "smudge", "process"):
        command = ["git", "config", f"filter.evil.{kind}", f"sh -c 'touch {repository}/sprung; cat'"]
        subprocess.run(command, cwd=repository, check=True)
    assert len(stacks(None, str(repository), "main")) == 3
    assert not (repository / "sprung").exists()


@pytest.mark.parametrize("where", ["linked", "linked/", "linked/changed.json"])
def test_a_link_is_not_compared_with_a_revision(repository: Path, where: str) -> None:
    (repository / "linked").symlink_to("snapshots")
    with pytest.raises(ReviewError) as told:
        stacks(None, f"{repository}/{where}", "main")
    assert told.value.findings[0].code == "REV926"


@pytest.mark.parametrize(
    ("where", "found"),
    [("snapshots", 3), ("snapshots/changed.json", 1), ("snapshots/gone.json", 1), ("snapshots/same.json", 0)],
)
def test_a_folder_or_a_file_is_compared_alone(repository: Path, where: str, found: int) -> None:
    written(repository / "elsewhere.json", {"E": STREAM})
    assert len(stacks(None, str(repository / where), "main")) == found


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("nowhere.json", "a.json", "REV920"),
        ("a.json", "folder", "REV924"),
        ("empty", "folder", "REV925"),
        ("binary.json", "a.json", "REV921"),
        ("broken.json", "a.json", "REV901"),
        ("spec.yaml", "a.json", "REV902"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    written(tmp_path / "a.json", {"A": STREAM})
    written(tmp_path / "folder" / "a.json", {"A": STREAM})
    (tmp_path / "empty").mkdir()
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "broken.json").write_text('{"Resources": {"A": ')
    (tmp_path / "spec.yaml").write_text("streams: {}\n")
    with pytest.raises(ReviewError) as told:
        stacks(str(tmp_path / old), str(tmp_path / new))
    assert told.value.findings[0].code == code


def test_a_folder_stands_for_all_its_templates(tmp_path: Path) -> None:
    written(tmp_path / "one.json", {"A": STREAM})
    written(tmp_path / "two.json", {"B": STREAM})
    assert list(templates(str(tmp_path)).templates) == ["one.json", "two.json"]

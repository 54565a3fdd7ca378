"""Files that want more than to be read: what unfolds without end, says one thing twice, or leads elsewhere."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.read_template import MAX_RESOURCES, read_template
from streaming_constructs.review.sources import compared, templates
from streaming_constructs.review.stacks_review import review_stacks
from streaming_constructs.spec.finding import SpecError

TOPIC = "Resources: {A: {Type: AWS::SNS::Topic}}\n"
LOOPS = "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::All:\n"


def tenfold(levels: int, written: str) -> str:
    """Anchors of which each says the one before it ten times."""
    rows = (f"a{n + 1}: &a{n + 1} {written.replace('?', ', '.join([f'*a{n}'] * 10))}\n" for n in range(levels))
    return "a0: &a0 {k: 1}\n" + "".join(rows) + TOPIC


TOO_MUCH = {
    "brackets": "Resources: " + "[" * 100_000,
    "braces": "Resources: " + "{a: " * 100_000,
    "JSON": '{"Resources": ' + '{"a": ' * 100_000,
    "indents": "".join(" " * depth + "a:\n" for depth in range(300)),
    "aliases": tenfold(12, "[?]"),
    "merges": tenfold(12, "{<<: [?]}"),
    "an alias of itself": "a: &a {b: *a}\n" + TOPIC,
    "a merge of itself": "a: &a {<<: *a}\n" + TOPIC,
    "one text often": "a: &a " + "x" * 100_000 + "\nb: [" + ", ".join(["*a"] * 1000) + "]\n" + TOPIC,
    "values": json.dumps({"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": [0] * 300_000}}}),
    "text": TOPIC + "#" * 2_000_000,
    "resources": json.dumps({"Resources": {f"A{n}": {"Type": "AWS::SNS::Topic"} for n in range(MAX_RESOURCES + 1)}}),
    "loops": f"{LOOPS}    - N\n    - {list(range(2000))}\n"
    f"    - {{'A${{N}}': {{Type: 'AWS::SNS::Topic', Properties: {['${N}'] * 1000}}}}}\n",
    "copies of loops": f"{LOOPS}    - N\n    - {list(range(1001))}\n    - {{'A${{N}}': {{Type: 'AWS::SNS::Topic'}}}}\n",
    "one text in loops": f"{LOOPS}    - N\n    - [{'x' * 10_000}]\n    - {{'A': {{Type: '{'${N}' * 1000}'}}}}\n",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TOO_MUCH.items()])
def test_what_is_far_beyond_any_template_is_refused(text: str) -> None:
    with pytest.raises(ReviewError) as told:
        read_template(text, "new.yaml")
    assert [finding.code for finding in told.value.findings] == ["REV903"]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(alphabet="{}[]:,-?!&*<>|'\"# \n\taR\x00\ufeff\u2028", max_size=60))
def test_no_text_stops_the_program(text: str) -> None:
    for start in ("", "{", "Resources:\n  A: ", '{"Resources": '):
        assert codes(start + text) <= {"REV901", "REV902", "REV903", "REV904"}


def codes(text: str) -> set[str]:
    try:
        read_template(text, "new.yaml")
    except SpecError as error:
        return {finding.code for finding in error.findings}
    return set()


def test_a_loop_over_what_is_known_at_deployment_only_is_told() -> None:
    source = read_template(
        f"Parameters: {{P: {{Type: CommaDelimitedList}}}}\n{LOOPS}    - N\n    - !Ref P\n    - {{}}\n", "a"
    )
    assert source.notes == ("what the loop All goes over is known at deployment only: what it makes is not seen here",)


TWICE = {
    "YAML": ("Resources:\n  A:\n    Type: AWS::SNS::Topic\n  A:\n    Type: AWS::SQS::Queue\n", [("A", 4)]),
    "JSON": (
        '{"Resources": {"A":\n{"Type": "AWS::SNS::Topic",\n"Type": "AWS::SQS::Queue"},\n"A": {"Type": "AWS::SQS::Queue"}}}',
        [("Type", 3), ("A", 4)],
    ),
    "flow": ("{Resources: {A: {Type: AWS::SQS::Queue,\n 'Type': AWS::SQS::Queue}}}\n", [("Type", 2)]),
    "names that are written otherwise": (
        "Resources: {A: {Type: AWS::SQS::Queue}}\n\nResources: {}\n",
        [("Resources", 3)],
    ),
    "what a merge is overridden by": (
        "x: &x {Type: AWS::SNS::Topic}\nResources: {A: {<<: *x, Type: AWS::SQS::Queue}}\n",
        [],
    ),
}


@pytest.mark.parametrize(("text", "twice"), [pytest.param(*row, id=name) for name, row in TWICE.items()])
def test_a_key_that_is_written_twice_has_a_line(text: str, twice: list[tuple[str, int]]) -> None:
    assert list(read_template(text, "new.yaml").twice) == twice


def test_what_is_new_must_say_one_thing_and_of_what_is_deployed_the_last_counts(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(TWICE["YAML"][0])
    new.write_text("Resources:\n  A: {Type: AWS::SQS::Queue}\n  B: {Type: AWS::SNS::Topic}\n")
    report = review_stacks(compared(str(old), str(new)).stacks)
    assert [(remark.logical_id, remark.grade) for remark in report.remarks] == [("B", "fine")]
    assert "`A` was written twice before, and the last counts" in report.stacks[0].review.assumptions
    for look in (lambda: compared(str(new), str(old)), lambda: templates(str(old))):
        with pytest.raises(SpecError) as told:
            look()
        assert [(finding.code, finding.file, finding.line) for finding in told.value.findings] == [
            ("REV915", str(old), 4)
        ]


def an_assembly(folder: Path, file: str, kind: str = "aws:cloudformation:stack", name: str = "templateFile") -> Path:
    folder.mkdir()
    manifest = {"artifacts": {"Main": {"type": kind, "properties": {name: file}}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A template that is none of what is reviewed, and an assembly beside it."""
    folder = an_assembly(tmp_path / "outside", "secret.json")
    (folder / "secret.json").write_text(json.dumps({"Resources": {"Secret": {"Type": "AWS::SNS::Topic"}}}))
    return folder


def refused(look: Any) -> list[str]:
    with pytest.raises(SpecError) as told:
        look()
    return [finding.code for finding in told.value.findings]


@pytest.mark.parametrize(
    "file", ["../outside/secret.json", "linked.json", "{outside}/secret.json", "linked/secret.json", "a\0"]
)
def test_a_manifest_names_nothing_outside_of_its_folder(tmp_path: Path, outside: Path, file: str) -> None:
    folder = an_assembly(tmp_path / "cdk.out", file.format(outside=outside))
    (folder / "linked.json").symlink_to(outside / "secret.json")
    (folder / "linked").symlink_to(outside)
    assert refused(lambda: templates(str(folder))) == ["REV927"]


def test_neither_does_a_stage_or_a_nested_stack(tmp_path: Path, outside: Path) -> None:
    stage = an_assembly(tmp_path / "stage.out", "../outside", "cdk:cloud-assembly", "directoryName")
    assert refused(lambda: templates(str(stage))) == ["REV927"]
    parent = an_assembly(tmp_path / "cdk.out", "main.json")
    nested = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "../outside/secret.json"}}
    (parent / "main.json").write_text(json.dumps({"Resources": {"Inner": nested}}))
    assert refused(lambda: templates(str(parent))) == ["REV927"]


@pytest.mark.parametrize(("named", "code"), [("main.json", "REV903"), ("missing.json", "REV920")])
def test_a_nested_stack_that_is_not_there_or_is_itself_is_told(tmp_path: Path, named: str, code: str) -> None:
    folder = an_assembly(tmp_path / "cdk.out", "main.json")
    nested = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": named}}
    (folder / "main.json").write_text(json.dumps({"Resources": {"One": nested, "Two": nested}}))
    assert refused(lambda: templates(str(folder))) == [code]


def test_a_stage_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = an_assembly(tmp_path / "cdk.out", "assembly-Prod", "cdk:cloud-assembly", "directoryName")
    assert refused(lambda: templates(str(folder))) == ["REV920"]


@pytest.mark.parametrize("target", ["secret.json", ".", "missing.json"])
def test_a_link_among_snapshots_leads_nowhere_else(tmp_path: Path, outside: Path, target: str) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps({"Resources": {}}))
    (folder / "linked.json").symlink_to(outside / target)
    assert refused(lambda: templates(str(folder))) == ["REV927"]


def test_a_link_within_a_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps({"Resources": {}}))
    (folder / "b.json").symlink_to("a.json")
    (folder / "gone.json").symlink_to("missing.json")
    found = templates(str(folder))
    assert (list(found.templates), found.passed_over) == (["a.json", "b.json"], (str(folder / "gone.json"),))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repository"
    (top / "snapshots").mkdir(parents=True)
    (top / "elsewhere.json").write_text(json.dumps({"Resources": {}}))
    (top / "snapshots" / "a.json").write_text(json.dumps({"Resources": {"A": {"Type": "AWS::Kinesis::Stream"}}}))
    (top / "snapshots" / "was.json").symlink_to("../elsewhere.json")
    for command in (
        ["init", "-qb", "main"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", *command], cwd=top, check=True, capture_output=True)
    return top


@pytest.mark.parametrize(
    ("target", "code"),
    [("../elsewhere.json", "REV926"), ("missing.json", "REV926"), ("../../outside/secret.json", "REV927")],
)
def test_a_template_that_became_a_link_is_not_compared(repository: Path, outside: Path, target: str, code: str) -> None:
    (repository / "snapshots" / "was.json").unlink()
    (repository / "snapshots" / "a.json").unlink()
    (repository / "snapshots" / "a.json").symlink_to(target)
    assert refused(lambda: compared(None, str(repository / "snapshots"), "main")) == [code]


def test_a_link_that_became_a_template_is_not_taken_for_a_new_one(repository: Path) -> None:
    was = repository / "snapshots" / "was.json"
    was.unlink()
    was.write_text(json.dumps({"Resources": {}}))
    assert refused(lambda: compared(None, str(repository / "snapshots"), "main")) == ["REV926"]


def test_a_folder_that_became_a_link_is_not_compared(repository: Path, outside: Path) -> None:
    (repository / "snapshots").rename(repository.parent / "moved")
    (repository / "snapshots").symlink_to("../moved")
    assert refused(lambda: compared(None, str(repository), "main")) == ["REV927"]


def test_a_link_that_is_no_template_is_nobodys_business(repository: Path) -> None:
    (repository / "snapshots" / "was.json").unlink()
    (repository / "notes.txt").write_text("notes")
    (repository / "notes.json").symlink_to("notes.txt")
    assert compared(None, str(repository), "main").stacks == []


def test_files_that_are_no_templates_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"Resources": {}}))
    for name in ("ledger.json", "notes.md", "review.yaml"):
        (tmp_path / name).write_text("{}")
    passed_over = tuple(str(tmp_path / name) for name in ("ledger.json", "notes.md"))
    assert templates(str(tmp_path)).passed_over == passed_over
    assert compared(str(tmp_path), str(tmp_path)).passed_over == passed_over


def test_so_are_those_that_changed_in_a_folder_that_was_named(repository: Path) -> None:
    (repository / "snapshots" / "was.json").unlink()
    (repository / "snapshots" / "ledger.json").write_text("{}")
    assert compared(None, str(repository / "snapshots"), "main").passed_over == ("snapshots/ledger.json",)
    assert compared(None, None, "HEAD").passed_over == ()

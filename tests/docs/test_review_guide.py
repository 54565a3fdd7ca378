"""The guide to reviews: what it shows can be used as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from streaming_constructs.cli.audit import audit
from streaming_constructs.cli.review import review
from streaming_constructs.review.acceptances import read_acceptances
from streaming_constructs.review.grade import About
from streaming_constructs.review.writing.markdown import MARKER

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
WORKFLOWS = [block for block in BLOCKS if "jobs:" in block]
COMMANDS = re.findall(r"streaming-constructs (review|audit) ([^\n`>)]*)", GUIDE)


def workflow(text: str) -> Any:
    return yaml.safe_load(text)


def test_its_acceptances_can_be_read() -> None:
    texts = [block for block in BLOCKS if block.startswith("review:\n  accept:")]
    assert [each.logical_id for each in read_acceptances(texts[0], "review.yaml")] == ["Clicks"]


@pytest.mark.parametrize("text", BLOCKS)
def test_every_piece_is_yaml(text: str) -> None:
    assert isinstance(workflow(text), dict)


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_job_may_do_no_more_than_it_says(text: str) -> None:
    told = workflow(text)
    assert told["permissions"] == {}
    for job in told["jobs"].values():
        assert job["permissions"]
        writes = [name for name, may in job["permissions"].items() if may == "write"]
        runs = " ".join(step.get("run", "") for step in job["steps"])
        assert not ("pull-requests" in writes and ("pip install" in runs or "synth" in runs))
        for step in job["steps"]:
            assert re.fullmatch(r"(actions|github)/[\w/-]+@v\d+", step.get("uses", "actions/x@v1"))
            assert "${{" not in step.get("run", ""), "what others wrote is no part of a script"


@pytest.mark.parametrize(("verb", "arguments"), COMMANDS)
def test_its_options_are_there(verb: str, arguments: str) -> None:
    command = {"review": review, "audit": audit}[verb]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [option for option in re.findall(r"--[\w-]+", arguments) if option not in known] == []


def test_it_names_what_things_are_about() -> None:
    named = re.search(r"What it can be about: (.*?)\. With", GUIDE, re.DOTALL)
    assert named is not None
    assert re.findall(r"`([\w-]+)`", named[1]) == [about for about in get_args(About) if about != "none"]


def test_it_names_the_marker() -> None:
    assert GUIDE.count(MARKER) == 3


STREAM = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 2, "RetentionPeriodHours": 168}}
SHORTER = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 2, "RetentionPeriodHours": 24}}
SYNTH = f"""#!/bin/sh
if [ "$1" = synth ]; then mkdir -p cdk.out; cp "$SYNTHESIZED"/* cdk.out; else exec {shlex.quote(sys.executable)} -c '
from streaming_constructs.cli import main; main()' "$@"; fi
"""
JOBS = {
    "GitHub": [
        step["run"]
        for block in WORKFLOWS
        for step in workflow(block)["jobs"].get("review", {"steps": []})["steps"]
        if "run" in step and "pip install" not in step["run"]
    ],
    "GitLab": [
        line
        for block in BLOCKS
        if "stage: test" in block
        for line in workflow(block)["review"]["script"]
        if "pip install" not in line
    ],
}


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the snapshots of two stacks on `main`, and a branch."""
    folder = tmp_path / "checkout"
    (folder / "snapshots").mkdir(parents=True)
    git(folder, "init", "-qb", "main")
    (folder / ".gitignore").write_text("cdk.out\nreview.md\nsummary.md\n")
    for name in ("clicks", "old"):
        (folder / "snapshots" / f"{name}.template.json").write_text(json.dumps({"Resources": {"Clicks": STREAM}}))
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    git(folder, "update-ref", "refs/remotes/origin/main", "main")
    git(folder, "checkout", "-qb", "feature")
    return folder


def run_job(checkout: Path, steps: list[str], stacks: dict[str, Any]) -> list[int]:
    """What each step of a job ends with, where these stacks are synthesized."""
    made, programs = checkout.parent / "made", checkout.parent / "programs"
    for folder in (made, programs):
        folder.mkdir()
    for name, resource in stacks.items():
        (made / f"{name}.template.json").write_text(json.dumps({"Resources": {"Clicks": resource}}))
    (programs / "streaming-constructs").write_text(SYNTH)
    (programs / "streaming-constructs").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "SYNTHESIZED": str(made),
        "BASE": "origin/main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(checkout, "rev-parse", "main"),
        "GITHUB_STEP_SUMMARY": str(checkout / "summary.md"),
    }
    return [
        subprocess.run(
            ["bash", "-e", "-c", step], cwd=checkout, env=environment, check=False, capture_output=True
        ).returncode
        for step in steps
    ]


@pytest.mark.parametrize("job", JOBS)
def test_a_danger_makes_its_job_red_and_is_in_the_comment(checkout: Path, job: str) -> None:
    codes = run_job(checkout, JOBS[job], {"clicks": SHORTER, "old": STREAM})
    reviewed = next(number for number, step in enumerate(JOBS[job]) if "--fail-on danger" in step)
    assert codes[:reviewed] == [0] * reviewed
    assert codes[reviewed] == 1
    assert codes[-1] == 1, "the snapshot of the branch is not that of its code"
    comment = (checkout / "review.md").read_text()
    assert comment.startswith(MARKER)
    assert "records older than 24 h are deleted" in comment


@pytest.mark.parametrize("job", JOBS)
def test_a_stack_that_is_gone_is_told_and_its_snapshot_taken_away(checkout: Path, job: str) -> None:
    codes = run_job(checkout, JOBS[job], {"clicks": STREAM})
    assert 1 in codes
    assert "old.template.json" in (checkout / "review.md").read_text()
    assert not (checkout / "snapshots" / "old.template.json").exists()


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_snapshot_that_was_never_added_is_told(checkout: Path, job: str, is_committed: bool) -> None:
    if is_committed:
        (checkout / "snapshots" / "new.template.json").write_text(json.dumps({"Resources": {"Clicks": STREAM}}))
        git(checkout, "add", ".")
        git(checkout, "commit", "-qm", "two")
    codes = run_job(checkout, JOBS[job], {"clicks": STREAM, "old": STREAM, "new": STREAM})
    assert codes == [0] * (len(codes) - 1) + [0 if is_committed else 1]


def test_what_runs_before_a_push_stops_it(checkout: Path) -> None:
    script = next(
        block for block in re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL) if "#!/bin/sh" in block
    )
    (checkout / "snapshots" / "clicks.template.json").write_text(json.dumps({"Resources": {"Clicks": SHORTER}}))
    git(checkout, "remote", "add", "origin", str(checkout))
    git(checkout, "commit", "-qam", "two")
    assert run_job(checkout, [script], {}) == [1]

"""The guide to reviews: what it shows can be used as it stands."""

from __future__ import annotations

import re
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

"""The page about rehearsals: its examples run, its commands are commands, and it names what is written down alone."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from streaming_constructs.cli.local import VERBS
from streaming_constructs.local.aws.resources import RESOURCE_TYPES

PAGE = (Path(__file__).parents[2] / "docs" / "local.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "text",
    [text for language, text in BLOCKS if language == "python"],
    ids=["client", "simulate", "spec", "kafka", "deploy"],
)
def test_examples_run(text: str) -> None:
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_verb_is_shown() -> None:
    lines = [line for language, text in BLOCKS if language == "console" for line in text.splitlines()]
    shown = {shlex.split(line)[3] for line in lines if line.startswith("$ streaming-constructs local")}
    assert shown == set(VERBS)


def test_what_is_written_down_alone_is_named() -> None:
    named = set(re.findall(r"`(AWS::[\w:]+)`", PAGE))
    alone = {name for name, one in RESOURCE_TYPES.items() if one.record_only}
    assert alone - named == {"AWS::CloudFormation::CustomResource"}  # called by what it is for
    assert named <= alone

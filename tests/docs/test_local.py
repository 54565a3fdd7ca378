"""The page about rehearsals: its examples run, its commands are commands, and it names what is written down alone."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.cli.local import VERBS
from streaming_constructs.local.aws.resources import RESOURCE_TYPES
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, target_variable

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


@pytest.mark.parametrize("topic", ["orders", "failed-orders"])
def test_a_handler_finds_the_brokers_of_a_topic_whatever_its_name(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = next(text for _, text in BLOCKS if "def client_settings" in text)
    names: dict[str, Any] = {}
    exec(compile(text, "local.md", "exec"), names)
    monkeypatch.setenv(target_variable(topic, BOOTSTRAP_SERVERS), "127.0.0.1:9092")
    for name in ("KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"):
        monkeypatch.setenv(name, name.lower())
    assert names["client_settings"](topic)["bootstrap.servers"] == "127.0.0.1:9092"


def test_every_verb_is_shown() -> None:
    lines = [line for language, text in BLOCKS if language == "console" for line in text.splitlines()]
    shown = {shlex.split(line)[3] for line in lines if line.startswith("$ streaming-constructs local")}
    assert shown == set(VERBS)


def test_what_is_written_down_alone_is_named() -> None:
    named = set(re.findall(r"`(AWS::[\w:]+)`", PAGE))
    alone = {name for name, one in RESOURCE_TYPES.items() if one.record_only}
    assert alone - named == {"AWS::CloudFormation::CustomResource"}  # called by what it is for
    assert named <= alone

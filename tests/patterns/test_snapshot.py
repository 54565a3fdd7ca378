"""One snapshot per pattern, for the reviewer's eyes, and a ledger of what a deployment must not lose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from streaming_constructs.testing import TemplateSnapshotExtension, ledger_changes, ledger_of

LEDGERS = Path(__file__).parents[1] / "ledger"


def test_template(pattern: Any, snapshot: SnapshotAssertion) -> None:
    assert pattern.template == snapshot(extension_class=TemplateSnapshotExtension)


def test_no_stateful_resource_is_lost_or_replaced(pattern: Any, request: pytest.FixtureRequest) -> None:
    """To accept a change: say it in CHANGELOG.md, then run `pytest --snapshot-update`, which writes the ledger too."""
    path, current = LEDGERS / f"{pattern.name}.json", ledger_of(pattern.template)
    if request.config.getoption("update_snapshots"):
        path.write_text(json.dumps(current, indent=2) + "\n")
    assert path.exists(), "a new pattern has to be entered: pytest --snapshot-update"
    kept = json.loads(path.read_text())
    assert ledger_changes(kept, current) == []
    assert set(current) == set(kept), "a new stateful resource has to be entered: pytest --snapshot-update"

"""What the tests of the command line share: a runner, and specs to run it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from streaming_constructs.cli.group import verbs
from streaming_constructs.spec.codes.base import BASE

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., Result]
Write = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """Runs a verb as the command line does."""
    return lambda *arguments: CliRunner().invoke(verbs, [*arguments], prog_name="streaming-constructs")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a spec, with its handler beside it, into the working directory; returns the name of its file."""
    monkeypatch.chdir(tmp_path)
    handler = tmp_path / "handlers" / "fraud" / "index.py"
    handler.parent.mkdir(parents=True)
    handler.write_text("def handler(event, context): ...\n")

    def write_spec(text: str = BASE, name: str = "pipeline.yaml") -> str:
        (tmp_path / name).write_text(text)
        return name

    return write_spec

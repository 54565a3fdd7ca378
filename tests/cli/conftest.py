"""What the tests of the command line share: a runner, and specs to run it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streaming_constructs.cli.group import verbs

FINE = """\
name: payments
streams:
  payments:
    kind: kinesis
    workload: {records_per_second: 1000, record_kib: 1}
consumers:
  fraud:
    kind: lambda
    from: payments
    code: handlers/fraud
    on_error:
      skip_after: {attempts: 5, max_age_seconds: 3600}
      keep_in: s3
alarms:
  notify: [{email: oncall@example.com}]
"""

Run = Callable[..., Result]
Write = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """Runs a verb as the command line does."""
    return lambda *arguments: CliRunner().invoke(verbs, [*arguments], prog_name="streaming-constructs")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a spec, with its handler beside it, into the working directory; the name of its file is what it returns."""
    monkeypatch.chdir(tmp_path)
    handler = tmp_path / "handlers" / "fraud" / "index.py"
    handler.parent.mkdir(parents=True)
    handler.write_text("def handler(event, context): ...\n")

    def write_spec(text: str = FINE, name: str = "pipeline.yaml") -> str:
        (tmp_path / name).write_text(text)
        return name

    return write_spec

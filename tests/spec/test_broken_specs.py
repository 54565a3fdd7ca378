"""Whatever is in the file: findings with a place, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from streaming_constructs.planning import plan, plan_document
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.environments import environments_of
from streaming_constructs.spec.read import Reading, open_document, read
from tests.strategies import CODE_FOLDER, broken_specs, damaged_texts, valid_specs

TEXT = """\
name: shop
schemas:
  click: {user_id: string, page: string, at: timestamp}
streams:
  clicks: &usual
    kind: kinesis
    schema: click
    workload: {records_per_second: 5000, record_kb: 1.0, peak_factor: 2.0}
    encryption: {kind: customer_managed}
  orders: *usual
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: handler
    filters:
      - data: {page: [home, "cart"]}
    starting_position: {at_timestamp: 2026-01-15T00:00:00Z}
    on_failure:
      retries: 5
      max_record_age_seconds: 3600
      destination: s3
alarms:
  notify: [{email: oncall@example.com}]
  silence: {clicks.write_throttling: producers retry for as long as it takes}
environments:
  dev: {streams: {clicks: {retention_hours: 48}}}
"""
# A failing file is small enough as it is: a smaller one would take minutes to find.
EXAMPLES = settings(
    phases=[Phase.explicit, Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the same, and ten times as fast
environments = st.sampled_from([None, "dev", "prod"])
"""As which a file is read, also where it has none of that name."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each spec is written to, beside its code."""
    folder = tmp_path_factory.mktemp("specs")
    (folder / CODE_FOLDER).mkdir()
    (folder / CODE_FOLDER / "index.py").touch()
    return folder / "pipeline.yaml"


def dumped(data: dict[str, Any]) -> str:
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def read_text(file: Path, text: str, environment: Any = None) -> Reading:
    """A file as the language reads it; whatever is found has its place in it, also what planning says."""
    file.write_text(text, encoding="utf-8", newline="")
    reading = read(file, environment)
    planned, findings = plan_document(open_document(file), environment)
    lines = max(1, len(text.splitlines()))
    for finding in (*reading.findings, *findings):
        assert re.fullmatch(r"[A-Z]{3}\d{3}", finding.code)
        assert finding.message.strip()
        assert finding.file == str(file)
        assert 1 <= finding.line <= lines
        assert finding.source == "" or finding.source in text
        printed = str(finding)
        assert printed.startswith(f"{finding.level}[{finding.code}]: ")
        assert f"\n  --> {file}:{finding.line}" in printed
        # Nothing in a file commands the terminal that its findings are printed to.
        assert all(character.isprintable() or character == "\n" for character in printed)
    assert [finding for finding in reading.findings if finding not in findings] == []
    if not reading.is_whole:
        assert any(finding.level == "error" for finding in findings)
        assert planned is None
    return reading


@settings(EXAMPLES, max_examples=150)
@given(data=broken_specs(), environment=environments)
def test_broken_data_gets_located_findings(file: Path, data: dict[str, Any], environment: Any) -> None:
    read_text(file, dumped(data), environment)


@settings(EXAMPLES, max_examples=300)
@given(text=damaged_texts(TEXT), environment=environments)
def test_damaged_text_gets_located_findings(file: Path, text: str, environment: Any) -> None:
    read_text(file, text, environment)


@settings(EXAMPLES, max_examples=100)
@given(text=st.text(max_size=60) | st.text("\n\t -?:,[]{}#&*!|>'\"%@`ab0<.~", max_size=40))
def test_noise_gets_located_findings(file: Path, text: str) -> None:
    read_text(file, text)


@settings(EXAMPLES, max_examples=100)
@given(data=valid_specs())
def test_valid_specs_have_no_findings_and_plan_without_errors(file: Path, data: dict[str, Any]) -> None:
    text = dumped(data)
    for environment in environments_of(read_document(text, "pipeline.yaml")) or [None]:
        reading = read_text(file, text, environment)
        assert reading.findings == ()
        assert reading.is_whole
        assert not reading.repaired
        assert reading.spec is not None
        assert [finding for finding in plan(reading.spec).findings if finding.level == "error"] == []

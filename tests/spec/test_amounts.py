"""Amounts with a unit: what is written into a field that counts in another, and what is left as it was."""

from __future__ import annotations

import importlib
import re

import pytest

from streaming_constructs.kinds import KINDS
from streaming_constructs.spec.amounts import amount_in_unit_of
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.read import edited, read_as
from streaming_constructs.spec.section import model_of


@pytest.mark.parametrize(
    ("field", "text", "amount"),
    [
        ("timeout_seconds", "5m", 300),
        ("timeout_seconds", "5 minutes", 300),
        ("timeout_seconds", "1.5 min", 90),
        ("max_record_age_seconds", "1h", 3600),
        ("retention_hours", "7d", 168),
        ("retention_hours", "1 week", 168),
        ("retention_days", "30 days", 30),
        ("retention_days", "12h", 0.5),
        ("minutes", "1h", 60),
        ("memory_mb", "512MB", 512),
        ("memory_mb", "1 GiB", 1024),
        ("memory_mb", "512M", 512),
        ("buffer_mb", "5mb", 5),
        ("volume_gb", "1TB", 1024),
        ("record_kb", "512B", 0.5),
        ("record_bytes", "2kb", 2048),
        ("records_per_second", "2k", 2000),
        ("records_per_second", "2.5K", 2500),
        ("records_per_second", "500/s", 500),
        ("warm_throughput_mb_per_second", "1GB/s", 1024),
        # What is no amount that goes there.
        ("timeout_seconds", "300", None),
        ("timeout_seconds", "5 MB", None),
        ("memory_mb", "5m5", None),
        ("memory_mb", "-5MB", None),
        ("memory_mb", "MB", None),
        ("memory_mb", "", None),
        ("shards", "4k", None),
        ("records", "4k", None),
        ("backup", "5m", None),
    ],
)
def test_an_amount_is_told_in_the_unit_of_its_field(field: str, text: str, amount: float | None) -> None:
    assert amount_in_unit_of(field, text) == amount


def test_every_field_with_a_unit_in_its_name_takes_a_number() -> None:
    importlib.import_module("streaming_constructs.spec.pipeline")
    models = [model_of(row) for row in KINDS]
    with_unit = {
        (model.__name__, name): field.annotation
        for model in models
        for name, field in model.model_fields.items()
        if amount_in_unit_of(name, "1d") is not None or amount_in_unit_of(name, "1kb") is not None
    }
    assert {str(annotation) for annotation in with_unit.values() if re.search(r"\bstr\b", str(annotation))} == set()
    assert ("KinesisStreamSpec", "retention_hours") in with_unit


SPEC = """\
name: shop
streams:
  clicks: {kind: kinesis, retention_hours: 7d, workload: {records_per_second: 2k, record_kb: 512B}}
deliveries:
  lake: {from: clicks, to: {kind: s3, format: json, buffer_mb: 64MB, buffer_seconds: 5m, expire_after_days: 2 weeks}}
alarms: {notify: [oncall@example.com], max_lag_seconds: 10 min}
"""


def test_one_round_of_what_is_told_makes_it_right() -> None:
    document = read_document(SPEC, "pipeline.yaml")
    findings = read_as(document).findings
    assert [(finding.path[-1], finding.help) for finding in findings] == [
        ("retention_hours", "write `168`, in hours"),
        ("records_per_second", "write `2000`"),
        ("record_kb", "write `0.5`, in KB"),
        ("buffer_mb", "write `64`, in MB"),
        ("buffer_seconds", "write `300`, in seconds"),
        ("expire_after_days", "write `14`, in days"),
        ("max_lag_seconds", "write `600`, in seconds"),
    ]
    document.data = edited(document.data, [edit for finding in findings for edit in finding.edits])
    assert read_as(document).findings == ()


@pytest.mark.parametrize("text", ["90m", "a day", "12 parsecs", "seven"])
def test_what_makes_no_whole_number_is_not_rounded(text: str) -> None:
    (finding,) = read_as(
        read_document(SPEC.replace("7d", text).replace("2k", "2").replace("512B", "1"), "p.yaml")
    ).findings[:1]
    assert (finding.path[-1], finding.help, finding.edits) == ("retention_hours", "write a whole number", ())

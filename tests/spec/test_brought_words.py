"""Words and shapes that people bring from AWS, Terraform and vendors: one round of what the findings say makes a spec right."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.document import Document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import document_of, edited, open_document

BROUGHT = {path.stem: path for path in sorted((Path(__file__).parent / "brought").glob("*.yaml"))}


def told(document: Document) -> list[Finding]:
    """What is wrong, or likely to be."""
    _, findings = plan_document(document, None)
    return [finding for finding in findings if finding.level != "note"]


@pytest.mark.parametrize("name", BROUGHT)
def test_one_round_of_what_is_told_makes_it_right(name: str) -> None:
    document = open_document(BROUGHT[name])
    findings = told(document)
    assert any(finding.level == "error" for finding in findings)
    assert [finding for finding in findings if not finding.edits] == []
    mended = edited(document.data, [edit for finding in findings for edit in finding.edits])
    assert told(document_of(yaml.safe_dump(mended).encode(), name)) == []


@pytest.mark.parametrize("name", BROUGHT)
def test_a_mistake_is_told_once_and_where_it_stands(name: str) -> None:
    findings = told(open_document(BROUGHT[name]))
    assert len({finding.path for finding in findings}) == len(findings)
    assert all(finding.line and finding.help for finding in findings)


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("format-mapping", "format", "parquet"),
        ("format-mapping", "compression", "gzip"),
        ("format-mapping", "block_mb", 128),
        ("lifecycle-mapping", "transitions", [{"after_days": 60, "storage_class": "glacier_ir"}]),
        ("lifecycle-mapping", "expire_after_days", 700),
        ("backup-with-a-mode", "backup", {"records": "failed", "bucket": "shop-not-indexed", "prefix": "visits/"}),
        ("backup-mode-inside", "backup", {"records": "all"}),
        ("backup-mode-inside", "endpoint_type", "event"),
        ("backup-mode-of-aws", "backup", "all"),
        ("on-failure-beside", "retry_seconds", 900),
        ("on-failure-beside", "backup", "failed"),
        ("http-as-vendors-write-it", "endpoint", "https://collector.shop.example.com/visits"),
        ("http-as-vendors-write-it", "buffer_mb", 2),
        ("iceberg-upsert", "table_bucket", "arn:aws:s3:::shop-lakehouse"),
        ("iceberg-keys", "unique_keys", ["visitor"]),
        ("opensearch-of-aws", "index_rotation", "monthly"),
        ("bucket-arn", "bucket", "arn:aws:s3:::shop-visits"),
    ],
)
def test_what_was_meant_is_kept(name: str, path: str, expected: object) -> None:
    document = open_document(BROUGHT[name])
    mended = edited(document.data, [edit for finding in told(document) for edit in finding.edits])
    assert mended["deliveries"]["out"]["to"][path] == expected


@pytest.mark.parametrize("name", ["http-as-vendors-write-it", "redshift-by-name", "backup-mode-inside"])
def test_what_is_called_otherwise_is_not_said_to_be_missing(name: str) -> None:
    assert "LNG202" not in {finding.code for finding in told(open_document(BROUGHT[name]))}

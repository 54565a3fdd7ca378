"""Systems with applications of Flink that tests build."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.read import build

SYSTEM = """
name: shop
schemas:
  click: {page: string, at: timestamp}
  count: {page: string, start: timestamp, views: bigint}
streams:
  clicks: {kind: kinesis, schema: click, shards: 2}
  per_page: {kind: kinesis, schema: count, shards: 1}
analytics:
  counts:
    kind: flink_sql
    from: clicks
    to: per_page
    watermark: {field: at, delay_seconds: 5}
    sql: >-
      SELECT page, window_start AS `start`, COUNT(*) AS `views`
      FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
      GROUP BY page, window_start, window_end
alarms: {notify: [oncall@example.com]}
dashboard: true
"""
ON_KAFKA: Mapping[str, Any] = {
    "clusters": {"main": {"kind": "msk"}},
    "streams.clicks": {"kind": "kafka", "cluster": "main", "schema": "click", "partitions": 6},
    "streams.per_page": {"kind": "kafka", "cluster": "main", "schema": "count", "partitions": 3},
}
"""The same on topics of a cluster, in a VPC that is created for it."""
TO_DELIVERY: Mapping[str, Any] = {
    "streams.per_page": None,
    "deliveries": {"per_page": {"from": "direct_put", "schema": "count", "to": {"kind": "s3"}}},
}
TO_TABLE: Mapping[str, Any] = {
    "streams.per_page": None,
    "stores": {"per_page": {"kind": "dynamodb", "partition_key": "page", "sort_key": "start", "schema": "count"}},
}

TO_DOMAIN: Mapping[str, Any] = {
    "streams.per_page": None,
    "stores": {"per_page": {"kind": "opensearch", "schema": "count"}},
}
"""To a domain, by the delivery that is assembled."""


def code_system(folder: Path, name: str = "app.jar", **more: Any) -> dict[str, Any]:
    """Changes that make the application one of code, which stands in a folder."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        for file, text in (
            ("META-INF/MANIFEST.MF", "Main-Class: com.example.App\n"),
            ("main.py", "print()"),
            ("lib/all.jar", ""),
        ):
            archive.writestr(zipfile.ZipInfo(file, (1980, 1, 1, 0, 0, 0)), text)
    return {
        "analytics.counts": {"kind": "flink_app", "from": "clicks", "to": "per_page", "code": name, **more},
    }


def system(*changes: Mapping[str, Any], folder: Path | None = None) -> PipelineSpec:
    """The system, with other values at dotted paths; None takes one out."""
    data: dict[str, Any] = yaml.safe_load(SYSTEM)
    for path, value in (item for change in changes for item in change.items()):
        *way, last = path.split(".")
        place: Any = data
        for step in way:
            place = place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    spec, findings, _ = build(data, folder or Path())
    assert spec is not None
    assert [str(finding) for finding in findings if finding.level == "error"] == []
    return spec

"""Jars that `connectors` names are looked at when the spec is: each is told where the spec lists it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import load

SPEC = """
name: clicks
schemas: {click: {page: string}}
streams:
  clicks: {kind: kinesis, shards: 1, schema: click}
  pages: {kind: kinesis, shards: 1, schema: click}
analytics:
  app:
    kind: flink_sql
    from: clicks
    to: pages
    parallelism: 1
    connectors: [whole.jar, other.jar]
    sql: SELECT page FROM clicks
"""
FACTORY = "org.apache.flink.connector.kinesis.table.KinesisDynamicTableFactory"
SINK = "org.apache.flink.connector.kinesis.sink.KinesisStreamsSink"


def jar(path: Path, *factories: str) -> None:
    with ZipFile(path, "w") as written:
        written.writestr("META-INF/services/org.apache.flink.table.factories.Factory", "\n".join(factories) + "\n")


def found(folder: Path) -> list[Finding]:
    (folder / "pipeline.yaml").write_text(SPEC)
    node = plan(load(folder / "pipeline.yaml")).nodes["app"]
    return [finding for finding in node.findings() if finding.code.startswith("FLK13") or finding.code == "FLK128"]


def missing(path: Path) -> None:
    path.unlink(missing_ok=True)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def page(path: Path) -> None:
    path.write_text("<html>404</html>")


def folder_of_that_name(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [missing, empty, page, folder_of_that_name])
def test_what_is_no_jar_is_told_where_it_is_listed(make: Callable[[Path], None], tmp_path: Path) -> None:
    jar(tmp_path / "whole.jar", FACTORY)
    make(tmp_path / "other.jar")
    (finding,) = found(tmp_path)
    assert (finding.code, finding.path) == ("FLK135", ("analytics", "app", "connectors", 1))


def test_jars_that_lack_a_connector_are_told(tmp_path: Path) -> None:
    jar(tmp_path / "whole.jar", "com.example.Other")
    jar(tmp_path / "other.jar", "com.example.Another")
    assert {(finding.code, finding.path) for finding in found(tmp_path)} == {
        ("FLK128", ("analytics", "app", "connectors"))
    }

"""Topics whose writers put the same key on different partitions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import document_of


def found(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    *,
    runtime: str = "python3.13",
    topic: dict[str, Any] | None = None,
    worker_config: dict[str, Any] | None = None,
    connector: bool = True,
) -> list[Finding]:
    """What is said of a topic that a connector and a function write to."""
    monkeypatch.chdir(folder)
    for name, text in {"index.py": "def handler(event, context): ...", "index.mjs": "", **files}.items():
        file = folder / "handlers" / "enrich" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    keyed = {"partitions": 12, "schema": "order", "partition_key": "id"} if topic is None else topic
    source = {
        "kind": "source",
        "cluster": "main",
        "plugin": {"bucket": "plugins", "key": "source.zip"},
        "to": "orders",
        "config": {"connector.class": "com.example.MySource", "tasks.max": 1},
        "worker_config": worker_config or {},
    }
    consumer = {"kind": "lambda", "from": "raw", "to": "orders", "code": "handlers/enrich", "runtime": runtime}
    spec = {
        "name": "shop",
        "alarms": False,
        "schemas": {"order": {"id": "string"}},
        "clusters": {"main": {"kind": "msk"}},
        "streams": {
            "raw": {"kind": "kafka", "cluster": "main", "partitions": 12},
            "orders": {"kind": "kafka", "cluster": "main", **keyed},
        },
        "connectors": {"changes": source} if connector else {},
        "consumers": {"enrich": {**consumer, "on_failure": "s3"}},
    }
    _, findings = plan_document(document_of(json.dumps(spec).encode(), "shop.yaml"))
    return [one for one in findings if one.code == "MSK497"]


def test_it_says_who_differs_how_often_they_agree_and_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (finding,) = found(tmp_path, monkeypatch, {})
    assert (finding.level, finding.dotted_path) == ("warning", "streams.orders.partition_key")
    assert "`changes` by murmur2" in finding.note
    assert "`enrich` by CRC-32" in finding.note
    assert "8.6 % of keys" in finding.note
    assert '"partitioner": "murmur2_random"' in finding.help


@pytest.mark.parametrize(
    ("files", "runtime", "differs"),
    [
        ({"requirements.txt": "confluent-kafka==2.11.1"}, "python3.13", True),
        ({"requirements.txt": "kafka-python==2.2.15"}, "python3.13", False),
        ({"requirements.txt": "aiokafka"}, "python3.13", False),
        ({"index.py": 'def handler(e, c): Producer({"partitioner": "murmur2_random"})'}, "python3.13", False),
        ({"lib/producer.py": 'CONFIG = {"partitioner": "MURMUR2"}'}, "python3.13", False),
        ({".venv/lib/a.py": "murmur2"}, "python3.13", True),
        ({}, "nodejs22.x", False),
        ({"package.json": '{"dependencies": {"kafkajs": "2"}}'}, "nodejs22.x", False),
        ({"package.json": '{"dependencies": {"@confluentinc/kafka-javascript": "1"}}'}, "nodejs22.x", True),
        ({"package.json": '{"dependencies": {"node-rdkafka": "3"}}'}, "nodejs22.x", True),
        ({}, "dotnet8", True),
        ({}, "java21", False),
        ({}, "provided.al2023", False),
    ],
)
def test_a_function_places_keys_as_its_library_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], runtime: str, *, differs: bool
) -> None:
    assert bool(found(tmp_path, monkeypatch, files, runtime=runtime)) is differs


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"topic": {"partitions": 12}}, None),
        ({"topic": {"partitions": 1, "schema": "order", "partition_key": "id"}}, None),
        ({"topic": {"partitions": 12, "cleanup_policy": "compact"}}, "streams.orders.cleanup_policy"),
        ({"connector": False}, None),
        ({"worker_config": {"producer.partitioner.class": "com.example.Mine"}}, None),
    ],
    ids=["no key", "one partition", "compacted", "one writer", "a partitioner of its own"],
)
def test_it_is_told_where_keys_and_writers_of_both_kinds_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], place: str | None
) -> None:
    assert [one.dotted_path for one in found(tmp_path, monkeypatch, {}, **given)] == ([place] if place else [])

"""Topics of Kafka through the deployed SQL: a real broker, a real Flink, and the connector out of the deployed jar."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.app import add_system, new_app, stack_name
from streaming_constructs.local import Event, Rehearsal, faults
from streaming_constructs.local.kafka.planned_topic import planned_topics
from streaming_constructs.local.kafka.topic_keeper import topic_keeper
from streaming_constructs.local.managed_flink.flink_runner import FlinkRunner
from streaming_constructs.planning import plan
from streaming_constructs.spec.read import load

pytestmark = [
    pytest.mark.xdist_group("flink"),
    pytest.mark.xdist_group("kafka"),
    pytest.mark.usefixtures("flink_at_hand", "kafka"),
]

SPEC = """
name: clicks
clusters:
  main: {kind: msk_serverless}
schemas:
  click: {page: string, clicked_at: timestamp}
  per_page: {page: string, until: timestamp, clicks: bigint}
  total: {page: string, clicks: bigint}
streams:
  clicks: {kind: kafka, cluster: main, partitions: 2, schema: click, partition_key: page}
  taps: {kind: kinesis, shards: 1, schema: click, partition_key: page}
  per_page: {kind: kafka, cluster: main, partitions: 1, schema: per_page, partition_key: page}
  totals: {kind: kafka, cluster: main, partitions: 1, schema: total, partition_key: page, cleanup_policy: compact}
  tapped: {kind: kafka, cluster: main, partitions: 1, schema: click, partition_key: page}
analytics:
  counts:
    kind: flink_sql
    runtime: RUNTIME
    from: [clicks, taps]
    to: [per_page, totals, tapped]
    watermark: {field: clicked_at, delay_seconds: 5}
    parallelism: 1
    sql: |
      INSERT INTO per_page SELECT page, window_end, COUNT(*)
      FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(clicked_at), INTERVAL '1' MINUTE))
      GROUP BY page, window_start, window_end;
      INSERT INTO totals SELECT page, COUNT(*) FROM clicks GROUP BY page;
      INSERT INTO tapped SELECT page, clicked_at FROM taps;
"""


def click(page: str, second: int) -> Event:
    at = f"2026-01-01T00:{second // 60:02d}:{second % 60:02d}Z"
    return Event(page, json.dumps({"page": page, "clicked_at": at}).encode())


def rows(rehearsal: Rehearsal, name: str) -> list[dict[str, Any]]:
    topic = next(topic for topic in rehearsal.msk.topics() if topic.name == name)
    return [json.loads(record.value or b"null") for record in topic.log.read(name, 0, 0, 1000)]


@pytest.mark.parametrize("runtime", ["FLINK-2_3", "FLINK-1_20"])
def test_topics_and_streams_go_through_flink_into_topics(
    runtime: str, kafka_connector_of: Callable[[str], tuple[Path, ...]], tmp_path: Path
) -> None:
    kafka_connector_of(runtime)  # for the synthesis, which takes them from the cache
    (tmp_path / "pipeline.yaml").write_text(SPEC.replace("RUNTIME", runtime))
    spec = load(tmp_path / "pipeline.yaml")
    app = new_app(tmp_path / "cdk.out")
    add_system(app, spec, stack_name("clicks"))
    app.synth()
    keeper = topic_keeper("kafka")
    with Rehearsal(topic_keeper=lambda: keeper, job_runner=FlinkRunner) as rehearsal:
        rehearsal.deploy(tmp_path / "cdk.out", list(planned_topics(plan(spec))))
        rehearsal.put([click("a", 0), click("b", 10), click("a", 30), click("a", 70)], rehearsal.target("clicks", spec))
        rehearsal.put([click("c", 5)], rehearsal.target("taps", spec))
        assert rehearsal.drain(90), rehearsal.report()
        first = {"until": "2026-01-01T00:01:00Z"}
        assert sorted(rows(rehearsal, "per_page"), key=lambda row: str(row["page"])) == [
            {"page": "a", **first, "clicks": 2},
            {"page": "b", **first, "clicks": 1},
        ]
        latest = {row["page"]: row["clicks"] for row in rows(rehearsal, "totals")}
        assert latest == {"a": 3, "b": 1}
        assert [row["page"] for row in rows(rehearsal, "tapped")] == ["c"]
        report = rehearsal.report()
    (application,) = report.applications
    assert {source.table: source.read for source in application.sources} == {"clicks": 4, "taps": 1}
    assert (application.late, faults(report)) == (0, ())


def test_a_null_key_of_a_compacted_topic_is_told_as_what_failed(
    kafka_connector_of: Callable[[str], tuple[Path, ...]], tmp_path: Path
) -> None:
    """The writer of Kafka fails once more while it is closed, which ends the task manager: not that is told, and it goes on."""
    kafka_connector_of("FLINK-2_3")
    (tmp_path / "pipeline.yaml").write_text(SPEC.replace("RUNTIME", "FLINK-2_3"))
    spec = load(tmp_path / "pipeline.yaml")
    app = new_app(tmp_path / "cdk.out")
    add_system(app, spec, stack_name("clicks"))
    app.synth()
    keeper = topic_keeper("kafka")
    no_page = Event("x", json.dumps({"page": None, "clicked_at": "2026-01-01T00:00:02Z"}).encode())
    with Rehearsal(topic_keeper=lambda: keeper, job_runner=FlinkRunner) as rehearsal:
        rehearsal.deploy(tmp_path / "cdk.out", list(planned_topics(plan(spec))))
        rehearsal.put([click("a", 0), click("b", 1), no_page], rehearsal.target("clicks", spec))
        rehearsal.drain(90)
        (application,) = rehearsal.report().applications
    assert [failure.partition(",")[0] for failure in application.failures] == ["Column 'page' is NOT NULL"]
    assert application.is_stuck

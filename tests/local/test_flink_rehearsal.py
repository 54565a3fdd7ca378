"""Rehearsals with a real Flink: records go from a stream of the embedded AWS through the deployed SQL into another."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local import Event, Rehearsal, faults
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.kinesis.kinesis_hooks import stream_by_arn
from streaming_constructs.local.managed_flink.flink_runner import Flink, FlinkRunner, local_flink
from tests.local.conftest import write_assembly
from tests.local.fake_flink import jar_of
from tests.local.test_managed_flink_resources import template

pytestmark = [pytest.mark.xdist_group("flink"), pytest.mark.usefixtures("flink_at_hand")]

_JSON = "'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'"
_STREAM = f"'connector' = 'kinesis', 'aws.region' = 'us-east-1', {_JSON}"
CLICKS = (
    "CREATE TABLE `clicks` (`page` STRING, `at` TIMESTAMP_LTZ(3), WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND) "
    f"WITH ({_STREAM}, 'stream.arn' = '${{clicks_arn}}', 'source.init.position' = 'TRIM_HORIZON')"
)
PAGES = (
    "CREATE TABLE `pages` (`page` STRING, `until` TIMESTAMP_LTZ(3), `views` BIGINT) "
    f"WITH ({_STREAM}, 'stream.arn' = '${{pages_arn}}')"
)
INSERT = (
    "INSERT INTO `pages` SELECT `page`, `window_end`, COUNT(*) FROM TABLE(TUMBLE(TABLE `clicks`, DESCRIPTOR(`at`), "
    "INTERVAL '1' MINUTE)) GROUP BY `page`, `window_start`, `window_end`"
)


FILES = (
    "CREATE TABLE `pages` (`page` STRING, `until` TIMESTAMP_LTZ(3), `views` BIGINT) WITH ('connector' = 'filesystem', "
    f"'path' = 's3a://results/views/', {_JSON}, 'sink.rolling-policy.rollover-interval' = '1 min')"
)


class Watched:
    """Opens Flinks, and knows the last one."""

    def __init__(self) -> None:
        self.opened: list[LocalFlink] = []

    def open(self, runtime: str, connectors: Sequence[Path], aws: Aws) -> Flink:
        flink = local_flink(runtime, connectors, aws)
        assert isinstance(flink, LocalFlink)
        self.opened.append(flink)
        return flink


@pytest.fixture(scope="module")
def flinks() -> Watched:
    return Watched()


@pytest.fixture(scope="module")
def rehearsal(flink_at_hand: None, flinks: Watched) -> Iterator[Rehearsal]:
    with Rehearsal(job_runner=lambda aws: FlinkRunner(aws, flinks.open)) as running:
        s3 = running.embedded.aws.client("s3")
        s3.create_bucket(Bucket="code")
        s3.put_object(Bucket="code", Key="app.jar", Body=jar_of(CLICKS, PAGES, INSERT))
        s3.put_object(Bucket="code", Key="files.jar", Body=jar_of(CLICKS, FILES, INSERT))
        yield running
    assert not any(flink.is_alive for flink in flinks.opened)


@pytest.fixture
def deployed(rehearsal: Rehearsal, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Deploys a stack, which is gone at the end of the test, with its streams."""

    def deploy(**settings: Any) -> None:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        rehearsal.deploy(write_assembly(folder, "Stack", template(**settings)))

    yield deploy
    rehearsal.embedded.aws.client("cloudformation").delete_stack(StackName="Stack")
    rehearsal.engine.refresh()


def click(page: str, second: int) -> Event:
    at = f"2026-01-01T00:{second // 60:02d}:{second % 60:02d}Z"
    return Event(page, json.dumps({"page": page, "at": at}).encode())


def counted(rehearsal: Rehearsal) -> dict[tuple[str, str], int]:
    """The rows of the sink: views by page and window; a row that comes again is one."""
    pages = next(target for target in rehearsal.targets() if target.name == "Pages")
    stream = stream_by_arn(f"arn:aws:kinesis:us-east-1:123456789012:stream/{pages.physical_id}")
    assert stream is not None
    logs = [shard.log for shard in stream.shards.values()]
    records = [record for log in logs for record in log.read(log.starting_sequence_number, 10_000, 1 << 24)]
    rows = [json.loads(record.data) for record in records]
    return {(row["page"], row["until"]): row["views"] for row in rows}


def test_records_go_through_the_deployed_sql(rehearsal: Rehearsal, deployed: Callable[..., None]) -> None:
    deployed(parallelism=1)
    rehearsal.put([click("a", 0), click("b", 10), click("a", 30), click("a", 70)], rehearsal.target("Clicks"))
    assert rehearsal.drain(60)
    assert counted(rehearsal) == {("a", "2026-01-01T00:01:00Z"): 2, ("b", "2026-01-01T00:01:00Z"): 1}
    assert rehearsal.close_windows()
    assert rehearsal.drain(60)
    report = rehearsal.report()
    (application,) = report.applications
    (source,), (sink,) = application.sources, application.sinks
    assert (source.records, source.read, sink.rows, sink.at_end) == (4, 4, 3, 1)
    assert counted(rehearsal)["a", "2026-01-01T00:02:00Z"] == 1
    assert faults(report) == ()


def test_files_that_flink_itself_writes_to_s3_are_counted(rehearsal: Rehearsal, deployed: Callable[..., None]) -> None:
    deployed(parallelism=1, key="files.jar")
    rehearsal.put([click("a", 0), click("b", 10), click("a", 30), click("a", 70)], rehearsal.target("Clicks"))
    assert rehearsal.drain(60)
    assert rehearsal.close_windows()
    assert rehearsal.drain(60)
    report = rehearsal.report()
    ((sink,),) = (application.sinks for application in report.applications)
    assert (sink.name, sink.rows, sink.at_end) == ("s3a://results/views/", 3, 1)
    assert faults(report) == ()


def test_an_update_goes_on_with_the_windows_that_are_open(rehearsal: Rehearsal, deployed: Callable[..., None]) -> None:
    deployed(parallelism=1)
    rehearsal.put([click("a", 0), click("a", 30)], rehearsal.target("Clicks"))
    assert rehearsal.drain(60)
    deployed(parallelism=1, ApplicationDescription="another version", RuntimeEnvironment="FLINK-2_3")
    deployed(parallelism=1, ServiceExecutionRole="arn:aws:iam::123456789012:role/other")
    rehearsal.put([click("a", 59), click("a", 70)], rehearsal.target("Clicks"))
    assert rehearsal.drain(60)
    assert counted(rehearsal) == {("a", "2026-01-01T00:01:00Z"): 3}


def test_a_flink_that_is_killed_loses_nothing_that_was_acknowledged(
    rehearsal: Rehearsal, flinks: Watched, deployed: Callable[..., None]
) -> None:
    deployed(parallelism=1)
    rehearsal.put([click("a", 0), click("a", 30)], rehearsal.target("Clicks"))
    assert rehearsal.drain(60)
    process = flinks.opened[-1]._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process._process.wait()
    rehearsal.put([click("a", 59), click("a", 70)], rehearsal.target("Clicks"))
    assert rehearsal.drain(60), (rehearsal.report().stopped, rehearsal.report().applications)
    assert counted(rehearsal) == {("a", "2026-01-01T00:01:00Z"): 3}
    report = rehearsal.report()
    assert (report.applications[0].restarts, faults(report)) == (1, ())


def test_a_record_that_flink_cannot_read_is_red(rehearsal: Rehearsal, deployed: Callable[..., None]) -> None:
    deployed(parallelism=1)
    rehearsal.put([click("a", 0), Event("a", b"no json")], rehearsal.target("Clicks"))
    rehearsal.drain(60)
    (fault,) = [one for one in faults(rehearsal.report()) if "Flink failed" in one]
    assert "`clicks` cannot read no json: Unrecognized token 'no'" in fault
    assert "`invalid_records: skip` drops what cannot be read" in fault


def test_shards_that_one_subtask_reads_are_late_for_each_other(
    rehearsal: Rehearsal, deployed: Callable[..., None]
) -> None:
    deployed(parallelism=1, started=False, shards=2)
    events = [click(page, second) for second in range(0, 300, 10) for page in "abcdef"]
    rehearsal.put(events, rehearsal.target("Clicks"))
    deployed(parallelism=1, shards=2)
    assert rehearsal.drain(60)
    rehearsal.close_windows()
    report = rehearsal.report()
    assert report.applications[0].records == len(events)
    assert sum(counted(rehearsal).values()) < len(events)
    assert report.applications[0].late > 0

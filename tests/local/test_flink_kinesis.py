"""The deployed SQL on the embedded Kinesis: watermarks arise in subtasks, and nothing is lost by a restart or a reshard."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.flink.flink_job import FlinkJob
from streaming_constructs.local.flink.local_flink import LocalFlink
from tests.local.flink_clickstream import TUMBLING, VIEWED, click, source

pytestmark = pytest.mark.xdist_group("flink")

USERS = [f"u{each}" for each in range(8)]
BACKLOG = [*(click(user, second) for user in USERS for second in range(0, 60, 5)), *(click(user, 75) for user in USERS)]
"""96 views of the first minute, of eight users on two shards, and eight later ones that close it."""
IDLE = {"table.exec.source.idle-timeout": "1 s"}


@pytest.fixture(scope="module")
def flink(embedded: EmbeddedAws, flink_at_hand: None) -> Iterator[LocalFlink]:
    with LocalFlink(endpoint=embedded.aws.endpoint_url, credentials=embedded.environment) as running:
        yield running


class Streams:
    """Two streams: what is read, and what is written."""

    def __init__(self, embedded: EmbeddedAws, name: str, shards: int) -> None:
        self.client = embedded.aws.client("kinesis")
        self.read, self.written = f"{name}-in", f"{name}-out"
        arns = [self._created(self.read, shards), self._created(self.written, 1)]
        self.variables = {"clicks": arns[0], "results": arns[1], "region": "us-east-1"}

    def _created(self, name: str, shards: int) -> str:
        self.client.create_stream(StreamName=name, ShardCount=shards)
        return self.active(name)

    def active(self, name: str) -> str:
        """Waits until a stream is active."""
        while (told := self.client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"])[
            "StreamStatus"
        ] != "ACTIVE":
            time.sleep(0.05)
        arn: str = told["StreamARN"]
        return arn

    def put(self, events: list[dict[str, Any]]) -> None:
        records = [{"PartitionKey": event["user_id"], "Data": json.dumps(event).encode()} for event in events]
        assert self.client.put_records(StreamName=self.read, Records=records)["FailedRecordCount"] == 0

    def results(self) -> list[dict[str, Any]]:
        shard = self.client.list_shards(StreamName=self.written)["Shards"][0]["ShardId"]
        at = {"StreamName": self.written, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        records = self.client.get_records(ShardIterator=self.client.get_shard_iterator(**at)["ShardIterator"])[
            "Records"
        ]
        return [{**json.loads(record["Data"]), "key": record["PartitionKey"]} for record in records]


def until(is_so: Callable[[], Any], seconds: float = 60) -> None:
    """Waits for something to be so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to be so"
        time.sleep(0.4)  # a shard is read five times a second, and no more


def started(
    flink: LocalFlink,
    streams: Streams,
    folder: Path,
    parallelism: int,
    config: dict[str, str] | None = None,
    **given: Any,
) -> FlinkJob:
    """Starts the application that counts views a minute, from its deployed jar."""
    jar = _jar(folder, [source("TRIM_HORIZON", 1), VIEWED, *TUMBLING], config)
    return flink.start_job(jar, streams.variables, parallelism=parallelism, checkpoint_seconds=0.5, **given)


def _jar(folder: Path, statements: list[str], config: dict[str, str] | None = None) -> Path:
    jar = folder / "application.jar"
    with zipfile.ZipFile(jar, "w") as opened:
        opened.writestr("statements.json", json.dumps({"config": config or {}, "statements": statements}))
    return jar


def test_fewer_subtasks_than_shards_lose_records_of_a_backlog(
    embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path
) -> None:
    streams = Streams(embedded, "fewer", 2)
    streams.put(BACKLOG)
    job = started(flink, streams, tmp_path, 1)
    until(streams.results)
    counted = streams.results()[0]
    until(lambda: job.metrics().late_records_dropped)  # the other shard is read when the first has closed the window
    metrics = job.metrics()
    job.cancel()
    assert (counted["views"] < 96, metrics.records_in) == (True, {"clicks": 104})


def test_as_many_subtasks_as_shards_count_all(embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path) -> None:
    streams = Streams(embedded, "same", 2)
    streams.put(BACKLOG)
    job = started(flink, streams, tmp_path, 2)
    until(streams.results)
    counted, metrics = streams.results(), job.metrics()
    job.cancel()
    assert counted == [{"page": "/home", "window_end": "2024-01-01 00:01:00", "views": 96, "users": 8, "key": "/home"}]
    assert (metrics.late_records_dropped, metrics.records_out) == ({}, {"views_per_minute": 1})


def test_what_is_no_json_is_read_and_is_no_row(embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path) -> None:
    streams = Streams(embedded, "invalid", 1)
    streams.client.put_records(StreamName=streams.read, Records=[{"PartitionKey": "u0", "Data": b'{"user_id": "u'}])
    streams.put(BACKLOG)
    skips = source("TRIM_HORIZON", 1, more=", 'json.ignore-parse-errors' = 'true'")
    job = flink.start_job(_jar(tmp_path, [skips, VIEWED, *TUMBLING]), streams.variables, checkpoint_seconds=0.5)
    until(streams.results)
    metrics, status = job.metrics(), job.status()
    job.cancel()
    assert (metrics.records_in, status.restarts) == ({"clicks": len(BACKLOG)}, 0)


def test_more_subtasks_than_shards_need_the_idle_timeout(
    embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path
) -> None:
    streams = Streams(embedded, "more", 2)
    streams.put(BACKLOG)
    waiting = started(flink, streams, tmp_path, 4)
    until(lambda: waiting.metrics().records_in == {"clicks": 104} and waiting.status().checkpoints > 2)
    (watermarks,) = waiting.metrics().watermarks.values()
    waiting.cancel()
    assert (streams.results(), sorted(mark is None for mark in watermarks)) == ([], [False, False, True, True])
    job = started(flink, streams, tmp_path, 4, IDLE)
    until(streams.results)
    job.cancel()
    assert [row["views"] for row in streams.results()] == [96]


def test_no_subtask_goes_ahead_of_records_that_another_has_still_to_read(
    embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path
) -> None:
    """All are idle when records come, and each shard is asked at a moment of its own, up to two seconds after the other."""
    streams = Streams(embedded, "race", 2)
    slowly = source("TRIM_HORIZON", 1, more=", 'source.reader.empty-records-fetch-interval' = '2 s'")
    jar = _jar(tmp_path, [slowly, VIEWED, *TUMBLING], IDLE)
    job = flink.start_job(jar, streams.variables, parallelism=2, checkpoint_seconds=0.5)
    minutes = range(4)
    for minute in minutes:
        time.sleep(2.5)  # longer than the idle timeout: windows wait for nobody now
        streams.put([click(user, minute * 60 + second) for second in range(0, 60, 2) for user in USERS])
    streams.put([click(USERS[0], 300)])
    until(lambda: len(streams.results()) == len(minutes))
    metrics = job.metrics()
    job.cancel()
    assert [row["views"] for row in streams.results()] == [240] * len(minutes)
    assert metrics.late_records_dropped == {}


def test_a_job_goes_on_from_its_savepoint(embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path) -> None:
    streams = Streams(embedded, "savepoint", 2)
    streams.put(BACKLOG[:50])
    job = started(flink, streams, tmp_path, 2)
    until(lambda: job.metrics().records_in == {"clicks": 50})
    savepoint = job.stop(tmp_path / "savepoints")
    assert job.status().state == "FINISHED"
    streams.put(BACKLOG[50:])
    again = started(flink, streams, tmp_path, 2, restore=savepoint)
    until(streams.results)
    metrics = again.metrics()
    again.cancel()
    assert [row["views"] for row in streams.results()] == [96]
    assert metrics.records_in == {"clicks": 54}


def test_children_of_a_split_shard_are_read_after_it(embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path) -> None:
    streams = Streams(embedded, "split", 1)
    streams.put(BACKLOG[:50])
    shard = streams.client.list_shards(StreamName=streams.read)["Shards"][0]
    half = str(2**127)
    streams.client.split_shard(StreamName=streams.read, ShardToSplit=shard["ShardId"], NewStartingHashKey=half)
    streams.active(streams.read)
    streams.put(BACKLOG[50:])
    job = started(flink, streams, tmp_path, 2, IDLE)
    until(lambda: job.metrics().records_in == {"clicks": 104})
    job.cancel()


def test_a_flink_that_was_killed_goes_on_from_its_last_checkpoint(
    embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path
) -> None:
    streams = Streams(embedded, "killed", 2)
    checkpoints = tmp_path / "checkpoints"
    given = {"endpoint": embedded.aws.endpoint_url, "credentials": embedded.environment}
    with LocalFlink(**given) as killed:  # type: ignore[arg-type]
        streams.put(BACKLOG[:50])
        job = started(killed, streams, tmp_path, 2, checkpoints=checkpoints)
        until(lambda: job.metrics().records_in == {"clicks": 50})
        complete = job.status().checkpoints
        until(lambda: job.status().checkpoints > complete + 1)
        killed.kill()
    streams.put(BACKLOG[50:])
    job = started(flink, streams, tmp_path, 2, restore=checkpoints)
    until(streams.results)
    job.cancel()
    assert [row["views"] for row in streams.results()] == [96]


def test_a_record_that_cannot_be_read_makes_the_job_start_anew_and_says_why(
    embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path
) -> None:
    streams = Streams(embedded, "poison", 1)
    streams.client.put_record(StreamName=streams.read, PartitionKey="a", Data=b"{no")
    job = started(flink, streams, tmp_path, 1)
    until(lambda: job.status().restarts > 0)
    status = job.status()
    job.cancel()
    assert "Unexpected character" in status.failure


def test_a_stream_that_there_is_not_is_told(embedded: EmbeddedAws, flink: LocalFlink, tmp_path: Path) -> None:
    streams = Streams(embedded, "there", 1)
    streams.variables["clicks"] = streams.variables["clicks"].replace("there-in", "nowhere")
    job = started(flink, streams, tmp_path, 1)
    until(lambda: job.status().failure)
    status = job.status()
    job.cancel()
    assert "ResourceNotFoundException" in status.failure


@pytest.mark.parametrize("runtime", ["FLINK-1_20"])
def test_the_stand_in_is_the_same_for_an_older_runtime_whose_folder_is_gone_when_it_ends(
    embedded: EmbeddedAws, runtime: str, tmp_path: Path, flink_at_hand: None
) -> None:
    streams = Streams(embedded, "older", 2)
    streams.put(BACKLOG)
    with LocalFlink(runtime, endpoint=embedded.aws.endpoint_url, credentials=embedded.environment) as older:
        job = started(older, streams, tmp_path, 2)
        until(streams.results)
        job.cancel()
        assert older.folder.is_dir()
    assert [row["views"] for row in streams.results()] == [96]
    assert (older.folder.exists(), older.is_alive) == (False, False)


TO_STORES = [
    (
        "CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', "
        "'fields.n.end' = '60', 'rows-per-second' = '1000')"
    ),
    (
        "CREATE TABLE latest (word STRING, n INT, PRIMARY KEY (word) NOT ENFORCED) PARTITIONED BY (word) WITH ("
        "'connector' = 'dynamodb', 'table-name' = '${table}', 'aws.region' = 'us-east-1')"
    ),
    (
        "INSERT INTO latest SELECT word, CAST(COUNT(*) AS INT) FROM "
        "(SELECT CASE WHEN MOD(n, 3) = 0 THEN 'third' ELSE 'other' END AS word FROM numbers) GROUP BY word"
    ),
]


def words(embedded: EmbeddedAws, table: str) -> Any:
    """A client of DynamoDB, with a table of words."""
    client = embedded.aws.client("dynamodb")
    client.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "word", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "word", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


def test_a_table_has_the_last_row_of_each_key(embedded: EmbeddedAws, flink: LocalFlink) -> None:
    client = words(embedded, "latest")
    job = flink.start_job(TO_STORES, {"table": "latest"})
    until(lambda: job.status().has_ended)
    assert (job.status().state, job.status().failure) == ("FINISHED", "")
    items = client.scan(TableName="latest")["Items"]
    assert sorted((item["word"]["S"], item["n"]["N"]) for item in items) == [("other", "40"), ("third", "20")]


def test_a_table_whose_key_is_not_named_for_batches_is_refused(embedded: EmbeddedAws, flink: LocalFlink) -> None:
    words(embedded, "unpartitioned")
    unpartitioned = [statement.replace("PARTITIONED BY (word) ", "") for statement in TO_STORES]
    job = flink.start_job(unpartitioned, {"table": "unpartitioned"})
    until(lambda: job.status().failure)
    assert "Provided list of item keys contains duplicates" in job.status().failure
    job.cancel()


TYPES = {
    # type, value in SQL, attribute: as the tests of the real connector have them for the class that converts rows; those of
    # BYTES, DATE and NULL follow from the converters of the SDK that it uses.
    "a_string": ("STRING", "'text'", {"S": "text"}),
    "a_char": ("CHAR(9)", "CAST('some_char' AS CHAR(9))", {"S": "some_char"}),
    "a_boolean": ("BOOLEAN", "TRUE", {"BOOL": True}),
    "a_decimal": ("DECIMAL(5, 2)", "CAST(1.5 AS DECIMAL(5, 2))", {"N": "1.50"}),
    "a_tinyint": ("TINYINT", "CAST(5 AS TINYINT)", {"N": "5"}),
    "a_smallint": ("SMALLINT", "CAST(256 AS SMALLINT)", {"N": "256"}),
    "an_int": ("INT", "65536", {"N": "65536"}),
    "a_bigint": ("BIGINT", "4294967295", {"N": "4294967295"}),
    "a_double": ("DOUBLE", "CAST(2.5 AS DOUBLE)", {"N": "2.5"}),
    "a_timestamp": ("TIMESTAMP(3)", "TIMESTAMP '2022-11-10 00:00:00'", {"S": "2022-11-10T00:00"}),
    "an_instant": ("TIMESTAMP_LTZ(3)", "TO_TIMESTAMP_LTZ(1500, 3)", {"S": "1970-01-01T00:00:01.500Z"}),
    "a_date": ("DATE", "DATE '2022-11-10'", {"S": "2022-11-10"}),
    "some_bytes": ("BYTES", "CAST(X'0102' AS BYTES)", {"B": b"\x01\x02"}),
    "nothing": ("INT", "CAST(NULL AS INT)", {"NULL": True}),
    "words": ("ARRAY<STRING>", "ARRAY['a', 'b']", {"L": [{"S": "a"}, {"S": "b"}]}),
    "flags": ("ARRAY<BOOLEAN>", "ARRAY[TRUE, FALSE]", {"L": [{"BOOL": True}, {"BOOL": False}]}),
    "numbers": ("MAP<STRING, INT>", "MAP['a', 1]", {"M": {"a": {"N": "1"}}}),
    "nested": (
        "ROW<n INT, word STRING>",
        "CAST(ROW(1, 'a') AS ROW<n INT, word STRING>)",
        {"M": {"n": {"N": "1"}, "word": {"S": "a"}}},
    ),
}


def test_each_type_is_the_attribute_that_the_connector_makes_of_it(embedded: EmbeddedAws, flink: LocalFlink) -> None:
    client = words(embedded, "types")
    columns = ", ".join(f"{name} {kind}" for name, (kind, _, _) in TYPES.items())
    values = ", ".join(value for _, value, _ in TYPES.values())
    table = "'connector' = 'dynamodb', 'table-name' = '${table}', 'aws.region' = 'us-east-1'"
    job = flink.start_job(
        [
            "CREATE TABLE once (n INT) WITH ('connector' = 'datagen', 'number-of-rows' = '1')",
            f"CREATE TABLE items (word STRING, {columns}) PARTITIONED BY (word) WITH ({table})",
            f"INSERT INTO items SELECT 'key', {values} FROM once",
        ],
        {"table": "types"},
    )
    until(lambda: job.status().has_ended)
    assert (job.status().state, job.status().failure) == ("FINISHED", "")
    (item,) = client.scan(TableName="types")["Items"]
    assert item == {"word": {"S": "key"}} | {name: attribute for name, (_, _, attribute) in TYPES.items()}

"""A local Flink: it says what Flink says, where it is, and ends with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_document import SqlDocument
from tests.local.flink_clickstream import TUMBLING, VARIABLES, VIEWED, source

pytestmark = pytest.mark.xdist_group("flink")


def refused(flink: LocalFlink, *statements: str) -> FlinkError:
    """What Flink says of statements."""
    with pytest.raises(FlinkError) as raised:
        flink.validate(statements, VARIABLES)
    return raised.value


def test_syntax_is_told_with_statement_line_and_column(flink_jvm: LocalFlink) -> None:
    errors = flink_jvm.parse([source(), "INSERT INTO x\nSELECT page FORM clicks", TUMBLING[1]], VARIABLES)
    assert [(error.statement, error.line, error.column) for error in errors] == [(1, 2, 18)]
    assert 'Encountered "clicks"' in errors[0].message


def test_an_unknown_column_is_told_with_its_place(flink_jvm: LocalFlink) -> None:
    error = refused(flink_jvm, source(), VIEWED, TUMBLING[0], "INSERT INTO views_per_minute\nSELECT pge FROM viewed")
    assert (error.statement, error.line, error.column) == (3, 2, 8)
    assert str(error).startswith("statement 4, line 2, column 8: Column 'pge' not found in any table")


def test_a_query_that_updates_is_refused_by_a_stream(flink_jvm: LocalFlink) -> None:
    columns = "page, CAST(NULL AS TIMESTAMP(3)), COUNT(*), COUNT(*)"
    totals = f"INSERT INTO views_per_minute SELECT {columns} FROM viewed GROUP BY page"
    error = refused(flink_jvm, source(), VIEWED, TUMBLING[0], totals)
    assert "doesn't support consuming update changes" in error.message


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (", 'scan.stream.initpos' = 'LATEST'", "scan.stream.initpos"),
        (", 'source.reader.type' = 'PUSH'", "source.reader.type"),
        (", 'source.shard.discovery.interval' = 'soon'", "source.shard.discovery.interval"),
        (", 'source.reader.type' = 'EFO'", "source.efo.consumer.name has to be set"),
        (", 'aws.credentials.provider' = 'MAGIC'", "aws.credentials.provider"),
    ],
)
def test_an_option_that_the_connector_has_not_is_refused(flink_jvm: LocalFlink, option: str, said: str) -> None:
    error = refused(flink_jvm, source(more=option), VIEWED, *TUMBLING)
    assert any(said in cause for cause in error.causes)


def test_a_position_that_there_is_not_is_refused(flink_jvm: LocalFlink) -> None:
    error = refused(flink_jvm, source("EARLIEST"), VIEWED, *TUMBLING)
    assert any("source.init.position" in cause for cause in error.causes)


def test_partitioned_by_and_a_partitioner_exclude_each_other(flink_jvm: LocalFlink) -> None:
    both = TUMBLING[0].replace("'format' = 'json'", "'format' = 'json', 'sink.partitioner' = 'fixed'")
    error = refused(flink_jvm, source(), VIEWED, both, TUMBLING[1])
    assert "Cannot set sink.partitioner option" in error.message


def test_a_variable_without_value_is_named(flink_jvm: LocalFlink) -> None:
    with pytest.raises(FlinkError, match=r"statement 1: .* has no clicks, which a statement refers to; it has region"):
        flink_jvm.validate([source()], {"region": "us-east-1"})


def test_quotes_in_a_value_stay_in_their_literal(flink_jvm: LocalFlink) -> None:
    table = "CREATE TABLE seen (word STRING) WITH ('connector' = 'print')"
    insert = "INSERT INTO seen /* ${unknown} in a comment */ SELECT '${word}' -- ${unknown}"
    ran = flink_jvm.run([table, insert], {"word": "it's 'so'"}, {})
    assert ran.rows == {"seen": [{"word": "it's 'so'"}]}


def test_events_for_a_table_that_there_is_not_are_refused(flink_jvm: LocalFlink) -> None:
    with pytest.raises(FlinkError, match="there is no table click that events could be given to; there are clicks"):
        flink_jvm.run([source(), VIEWED, *TUMBLING], VARIABLES, {"click": []})


def test_a_text_is_no_list_of_statements() -> None:
    with pytest.raises(TypeError, match="list of statements"):
        SqlDocument.of("SELECT 1")


def test_a_runtime_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no runtime FLINK-1_18; there are FLINK-2_3, FLINK-2_2, FLINK-1_20"):
        LocalFlink("FLINK-1_18")


def test_nothing_is_asked_before_it_is_started() -> None:
    with pytest.raises(FlinkError, match="Flink is not started"):
        LocalFlink().parse(["SELECT 1"])


def until_gone(pid: int) -> None:
    """Waits until a process is no more."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
        if not said.strip() or said.startswith("Z"):
            return
        time.sleep(0.05)
    raise AssertionError


def test_it_ends_when_whoever_started_it_is_killed(flink_jvm: LocalFlink) -> None:
    script = (
        "import sys; from streaming_constructs.local.flink.local_flink import LocalFlink\n"
        "with LocalFlink() as flink: print(flink.pid, flink.folder, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        pid, folder = started.stdout.readline().split()
        os.kill(started.pid, signal.SIGKILL)
    until_gone(int(pid))
    assert Path(folder).name.startswith("flink-")


def test_times_in_a_table_without_a_format_are_as_they_are_written(flink_jvm: LocalFlink) -> None:
    statements = [
        source(),
        (
            "CREATE TABLE latest (page STRING, seen TIMESTAMP_LTZ(3), PRIMARY KEY (page) NOT ENFORCED) WITH ("
            "'connector' = 'dynamodb', 'table-name' = 'latest', 'aws.region' = 'us-east-1')"
        ),
        "INSERT INTO latest SELECT page, TO_TIMESTAMP_LTZ(1772359200000, 3) FROM clicks",
    ]
    event = {"page": "/home", "event_time": "2026-03-01T10:00:00Z"}
    rows = flink_jvm.run(statements, VARIABLES, {"clicks": [event]}).rows["latest"]
    assert rows == [("+", {"page": "/home", "seen": "2026-03-01T10:00:00Z"})]

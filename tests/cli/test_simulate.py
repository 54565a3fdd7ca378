"""`simulate`: the answer first, then tables, alarms and what they rest on; and what is wrong with its options, all at once."""

# ruff: noqa: E501 - tables are as wide as they are

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Write

TEXT = """\
fraud is down for 2 h from day 1, 09:00: nothing is lost by it. When it is back 20,968,420 records wait, the oldest for 2 h. It is level again at day 1, 12:30, 1 h 30 min after it is back.

stream    shards     records  offered /s  takes /s  use  throttled  lost
payments       6  86,400,000       3,000     4,096  73%  0 minutes     0

reader  of        handles /s  most waiting  oldest  given up  expired  waiting at the end
fraud   payments       6,000    20,968,420     2 h         0        0                   0

alarms that ring
  fraud.throttles: day 1, 09:05, until day 1, 11:01
  fraud.iterator_age: day 1, 10:05, until day 1, 11:57
  payments.iterator_age: day 1, 10:15, until day 1, 11:57

what this rests on
- fraud takes 400 ms for a batch, as `--takes` says
- fraud is down: its function cannot be invoked, as when it is throttled. If it is invoked and fails, batches are given up after 5 retries, their position in SQS: read them again before they expire
- the records of payments are spread evenly: a hot key fills a shard long before the others (`--hot-key`)
"""


def test_a_pattern_is_answered_in_words(run: Run) -> None:
    result = run("simulate", "lambda-consumer", "--outage", "fraud=2h", "--takes", "fraud=400ms", "--days", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    told, _, rest = result.stdout.partition("1 day costs ")
    assert told + rest[rest.index("what this rests on") :] == TEXT
    assert "by AWS's list in us-east-1" in rest
    assert "\n  payments, shards: 2.16\n" in rest
    assert "\n  fraud, duration: " in rest


def test_a_time_that_nobody_measured_is_told(run: Run) -> None:
    told = run("simulate", "lambda-consumer", "--days", "1").stdout
    assert told.startswith("In 1 day nothing is lost.\n")
    assert (
        "- fraud takes 2 ms for a record: nobody says, so measure it and give `--takes fraud=200ms` for a batch" in told
    )
    assert "no alarm rings, of " in told


def test_the_table_tells_what_is_offered_and_not_what_is_left_of_it(run: Run) -> None:
    result = run("simulate", "lambda-consumer", "--burst", "5x@09:00/30m", "--load", "flat", "--days", "1")
    row = next(line for line in result.stdout.splitlines() if line.startswith("payments  "))
    assert row.split()[3:6] == ["5,000", "4,096", "122%"]


def test_lost_records_are_red(run: Run) -> None:
    result = run("simulate", "firehose-archive", "--outage", "lake=4d", "--format", "json", "--every", "0")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["lost_records"] > 0
    assert [each["expired"] > 0 for each in found["readers"]] == [False, True]


@pytest.mark.parametrize("pattern", ["flink-analytics", "kafka-cdc", "kafka-serverless", "log-aggregation"])
def test_every_kind_of_reader_is_known(run: Run, pattern: str) -> None:
    result = run("simulate", pattern, "--days", "1", "--load", "weekly", "--format", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["readers"]
    assert all(
        each["handled"] + each["given_up"] + each["expired"] + each["waiting"]
        == found["streams"][each["stream"]]["accepted"]
        for each in found["readers"]
    )


def test_all_that_is_wrong_is_told_at_once_with_what_to_write(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("time,factor\n09:00,-1\n")
    result = run(
        *("simulate", "lambda-consumer", "--load", "evenin", "--load", str(bad), "--load", "none.csv"),
        *("--outage", "fraud", "--outage", "fraude=2h", "--burst", "5", "--takes", "fraud=1", "--retry", "soon"),
        *("--chart", "a.jpg", "--hot-key", "much", "--hot-key", "clicks=30%"),
    )
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.partition("Error: ")[2].splitlines() == [
        "--retry: `soon` is no length of whole minutes: write `--retry 5m`",
        "--load: `evenin` is neither a load nor a table `.csv`; did you mean `evening`?",
        f"--load: `{bad}`, line 2: `-1` is no factor: write a number from 0, such as `1.5`",
        "--load: `none.csv` cannot be read: No such file or directory",
        "--outage: `fraud` is no outage: write `CONSUMER=2h`, or `CONSUMER=2h@2d09:00` for nine on the second day",
        "--burst: `5` is no burst: write `5x@09:00/30m`, or `STREAM=5x@2d09:00/30m` for one stream alone",
        "--takes: `fraud=1` is no time: write `CONSUMER=200ms` for a batch, or `CONSUMER=2ms/record`",
        "--hot-key: `much` is no share: write `30%`, or `STREAM=30%` of one stream alone",
        "--chart: `a.jpg` is neither SVG nor PNG; name a file such as `a.svg`",
        "--outage: nobody who reads is called `fraude`; did you mean `fraud`?",
        "--hot-key: no stream that is looked at is called `clicks`; use one of: `payments`",
    ]


def test_a_chart_is_drawn_as_png_light_and_dark(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    pictures = []
    for theme in ("light", "dark"):
        file = tmp_path / f"{theme}.png"
        assert run("simulate", "lambda-consumer", "--days", "1", "--chart", str(file), "--theme", theme).exit_code == 0
        pictures.append(file.read_bytes())
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]


def test_a_theme_is_of_a_chart(run: Run) -> None:
    result = run("simulate", "lambda-consumer", "--theme", "dark")
    assert result.exit_code == 2
    assert "--theme: there is no chart; give `--chart FILE.svg`" in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\xff\xfe", "is no text in UTF-8"), (b"time,factor\n" + b"0" * 4_000_001, "is larger than 4,000,000 bytes")],
)
def test_a_table_that_is_none_is_refused(run: Run, tmp_path: Path, content: bytes, told: str) -> None:
    table = tmp_path / "x.csv"
    table.write_bytes(content)
    result = run("simulate", "lambda-consumer", "--load", str(table))
    assert (result.exit_code, told in result.stderr) == (2, True)


def test_what_a_file_says_reaches_no_terminal(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "x.csv"
    table.write_text("time,factor\n\x1b[2J,1\n")
    assert "\x1b" not in run("simulate", "lambda-consumer", "--load", str(table)).stderr


def test_a_table_of_records_a_second_is_of_one_stream(run: Run, write: Write, tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text("minute,records_per_second\n0,100\n")
    found = json.loads(
        run("simulate", write(), "--load", "day.csv", "--days", "1", "--format", "json", "--every", "1440").stdout
    )
    assert found["streams"]["payments"]["series"]["arriving"] == [8_640_000]
    result = run("simulate", "kafka-cdc", "--load", str(tmp_path / "day.csv"))
    assert result.exit_code == 2
    assert "has records a second, of one stream: write `--load customers=" in result.stderr


def test_a_chart_is_written(run: Run, tmp_path: Path) -> None:
    chart = tmp_path / "a.svg"
    assert run("simulate", "lambda-consumer", "--outage", "fraud=2h", "--chart", str(chart)).exit_code == 0
    assert chart.read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    result = run("simulate", "lambda-consumer", "--chart", str(tmp_path / "none" / "a.svg"))
    assert (result.exit_code, "cannot be written: No such file or directory" in result.stderr) == (2, True)


def test_errors_of_the_spec_come_first(run: Run, write: Write) -> None:
    result = run("simulate", write("name: shop\nstreams: {clicks: {kind: kinesi}}\n"))
    assert result.exit_code == 1
    assert "error[LNG" in result.stderr

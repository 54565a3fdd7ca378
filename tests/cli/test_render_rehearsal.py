"""What a report shows people: why a function failed and where, which records were kept apart; nothing in it is broken apart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from streaming_constructs.cli.local.render_logs import show_logs
from streaming_constructs.cli.local.render_rehearsal import show_report
from streaming_constructs.local.consumer_report import ConsumerReport, PoisonRecord
from streaming_constructs.local.delivery_report import DeliveryReport, KeptApart
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.local.stream_report import StreamReport
from streaming_constructs.local.table_report import TableReport

if TYPE_CHECKING:
    from collections.abc import Callable

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:dead"
NUMBER = "49017958604000000000000000000000000000000000000000000013"
DATA = '{"country":"' + "x" * 80 + '"}'
STREAM = StreamReport("clicks", 4, 100, 0, (), "")
FRAUD = ConsumerReport(
    "fraud",
    "clicks",
    records=4,
    handled=3,
    batches=1,
    invocations=2,
    retries=1,
    isolated=1,
    failures=(
        FunctionFailure(
            "ValueError", "handler", "boom", 2, ("index.py:4 in handler: raise ValueError('boom')",), ("got\t3",)
        ),
    ),
    destination=QUEUE,
    poison=(PoisonRecord("shardId-000000000001", NUMBER, "user-1", DATA, "RetryAttemptsExhausted", QUEUE),),
    log="line\tone\n\x1b[2J\n",
)
LAKE = DeliveryReport(
    "lake",
    "clicks",
    "parquet",
    records=4,
    split=2,
    delivered=5,
    rows=7,
    objects=1,
    failed={"format-conversion-failed": 7},
    kept_apart=(
        KeptApart("format-conversion-failed", "Code", "no JSON", "shardId-000000000000", NUMBER, "key", "<html>"),
    ),
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[[Report, int], list[str]]:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def show(report: Report, columns: int) -> list[str]:
        terminal = Terminal()
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setattr("sys.stdout", terminal)
        show_report(report)
        return [line.rstrip() for line in terminal.getvalue().splitlines()]

    return show


def test_a_failure_has_its_place_and_poison_its_shard(shown: Callable[[Report, int], list[str]]) -> None:
    assert shown(Report(4, streams=(STREAM,), consumers=(FRAUD,)), 80) == [
        "clicks  4 records, 100 B, 0 shards",
        "└── fraud  3 handled",
        "    ├── 1 batch, 2 invocations, 1 retry",
        "    ├── ValueError: 2 times",
        "    │   ├── boom",
        "    │   ├── index.py:4 in handler: raise ValueError('boom')",
        "    │   └── got  3",
        "    └── 1 poison record isolated in the queue dead",
        "        └── shardId-000000000001  user-1",
        f"            ├── {NUMBER}",
        "            ├── RetryAttemptsExhausted",
        f"            └── {DATA[:63]}…",
    ]


def test_what_is_kept_apart_has_its_reason_and_sums_add_up(shown: Callable[[Report, int], list[str]]) -> None:
    assert shown(Report(4, streams=(STREAM,), deliveries=(LAKE,)), 100)[1:] == [
        "└── lake  4 records taken apart into 6, 5 records in 7 rows as parquet in 1 object, 0 B",
        "    └── 7 records kept apart: format-conversion-failed",
        "        ├── shardId-000000000000  key",
        f"        │   ├── {NUMBER}",
        "        │   ├── Code: no JSON",
        "        │   └── <html>",
        "        └── and 6 more",
    ]


def test_what_is_not_rehearsed_is_called_that(shown: Callable[[Report, int], list[str]]) -> None:
    java = ConsumerReport("java", "clicks", not_run="its runtime is java21")
    late = DeliveryReport("late", "direct put", "json", function_not_run="its runtime is java21")
    lines = shown(Report(4, streams=(STREAM,), consumers=(java,), deliveries=(late,)), 80)
    assert lines.count("    └── not rehearsed: its runtime is java21") == 2


def test_a_log_keeps_its_tabs_and_nothing_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    show_logs(Report(consumers=(FRAUD,)))
    assert capsys.readouterr().out == "\nlog of fraud\nline\tone\n\\x1b[2J\n"


def test_without_a_log_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    show_logs(Report(deliveries=(LAKE,)))
    assert capsys.readouterr() == ("", "no function wrote anything\n")


def test_a_table_tells_its_items_each_on_a_line_that_no_terminal_takes_for_more(
    shown: Callable[[Report, int], list[str]],
) -> None:
    items = ({"page": "/a\x1b[2J", "hour": 1, "clicks": 2}, {"page": "x" * 80, "hour": 1})
    table = TableReport("scores", 1200, ("page", "hour"), items)
    assert shown(Report(4, tables=(table,)), 60) == [
        "scores  1,200 items, keyed by page, then hour",
        r'├── {"page": "/a\u001b[2J", "hour": 1, "clicks": 2}',
        '├── {"page": "' + "x" * 45 + "…",
        "└── and 1,198 more",
    ]


def test_a_queue_stands_above_who_reads_it(shown: Callable[[Report, int], list[str]]) -> None:
    poison = PoisonRecord("tasks", "059f36b4", "", "bad", "received 5 times", QUEUE)
    worker = ConsumerReport(
        "worker",
        "tasks",
        records=3,
        handled=2,
        batches=1,
        invocations=1,
        isolated=1,
        destination=QUEUE,
        poison=(poison,),
    )
    lines = [line.strip() for line in shown(Report(consumers=(worker,)), 100)]
    assert lines[0] == "tasks"
    assert lines[1].endswith("worker  2 handled")
    assert any(line.endswith("1 poison record isolated in the queue dead") for line in lines)
    assert any(line.endswith("received 5 times") for line in lines)

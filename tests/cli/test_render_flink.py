"""What is shown of applications of Flink."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streaming_constructs.cli.local.render_flink import findings_of_flink
from streaming_constructs.cli.local.render_rehearsal import show_report
from streaming_constructs.local.application_report import ApplicationReport, ApplicationSink, ApplicationSource
from streaming_constructs.local.rehearsal_report import Report

APPLICATION = ApplicationReport(
    "pages",
    "RUNNING",
    flink="Flink 2.3",
    sources=(ApplicationSource("clicks", "clicks", 60, 60),),
    sinks=(ApplicationSink("per_page", "per-page", 15, sample=('{"page":"a"}',)),),
    watermark=1_767_225_890_000,
    checkpoints=5,
)


def shown(capsys: pytest.CaptureFixture[str], application: ApplicationReport) -> str:
    show_report(Report(applications=(application,)))
    return capsys.readouterr().out


def codes(application: ApplicationReport) -> list[str]:
    return [finding.code for finding in findings_of_flink(Report(applications=(application,)))]


def test_an_application_is_shown_with_its_rows_and_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, APPLICATION)
    assert "60 records read, 15 rows written" in text
    assert '{"page":"a"}' in text
    assert "windows are closed up to 2026-01-01 00:04:50 UTC" in text


def test_text_of_flink_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b[2J" not in shown(capsys, replace(APPLICATION, failures=("bad \x1b[2J record",)))


def test_a_subtask_without_a_record_is_why_there_is_no_watermark(capsys: pytest.CaptureFixture[str]) -> None:
    held = replace(APPLICATION, watermark=None, subtasks_without_watermark=2)
    assert "no watermark: 2 subtasks had no record\n" in shown(capsys, held)
    again = replace(held, restarts=1)
    assert "no watermark: 2 subtasks had no record since the last restart" in shown(capsys, again)


def test_nothing_is_said_of_an_application_that_lost_nothing() -> None:
    assert codes(APPLICATION) == []


def test_late_records_skipped_ones_and_open_windows_are_told() -> None:
    skips = ApplicationSource("clicks", "clicks", 60, 58, skips_invalid=True)
    sink = ApplicationSink("per_page", "per-page", 15, at_end=3)
    told = replace(APPLICATION, late_dropped={"Window": 4}, sources=(skips,), sinks=(sink,))
    assert codes(told) == ["LOC997", "LOC998", "LOC999"]

"""What applications of Flink did with records, drawn for a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from streaming_constructs.cli.console import plain
from streaming_constructs.cli.local.amounts import many
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streaming_constructs.local.application_report import ApplicationReport, ApplicationSink
    from streaming_constructs.local.rehearsal_report import Report


def add_application(application: ApplicationReport, parent: Tree) -> None:
    """Adds an application to what it reads.

    Args:
        application: The application.
        parent: What it is added to.
    """
    head = f"  {many(application.records, 'record')} read, {many(application.rows, 'row')} written"
    node = parent.add(Text.assemble(plain(application.name, "bold"), head))
    if application.not_run:
        node.add(plain(f"not rehearsed: {application.not_run}", "yellow"))
        return
    node.add(plain(", ".join(_how(application))))
    for source in application.sources:
        if source.records is not None and source.unread:
            what = "skipped as invalid" if source.skips_invalid else "not read yet"
            node.add(plain(f"{source.name}: {many(source.unread, 'record')} of {source.records:,} {what}", "yellow"))
    for sink in application.sinks:
        _add_sink(node, sink)
    for operator, count in application.late_dropped.items():
        node.add(plain(f"{count:,} or more records dropped as late by {operator}", "yellow"))
    node.add(plain(_watermark(application)))
    for failure in application.failures:
        node.add(Text("\n").join(plain(line, "red") for line in failure.splitlines()))


def applications_beside(report: Report, known: set[str]) -> Iterator[Tree]:
    """The applications that read nothing of what is shown already.

    Args:
        report: What came out where.
        known: The names of the streams and topics that are.
    """
    for application in report.applications:
        if not known & {source.name for source in application.sources}:
            tree = Tree(plain("Flink", "bold"))
            add_application(application, tree)
            yield tree


def _how(application: ApplicationReport) -> Iterator[str]:
    yield application.status
    yield application.flink
    yield f"parallelism {application.parallelism:,}"
    yield many(application.checkpoints, "checkpoint")
    if application.restarts:
        yield many(application.restarts, "restart")


def _add_sink(node: Tree, sink: ApplicationSink) -> None:
    at_end = f", {sink.at_end:,} of them when open windows were closed at the end" if sink.at_end else ""
    shown = node.add(plain(f"{sink.name}  {many(sink.rows, 'row')}{at_end}"))
    for row in sink.sample:
        line = plain(row)
        line.no_wrap, line.overflow = True, "ellipsis"
        shown.add(line)


def _watermark(application: ApplicationReport) -> str:
    if application.watermark is None:
        held = application.subtasks_without_watermark
        since = " since the last restart" if application.restarts else ""
        return f"no watermark: {many(held, 'subtask')} had no record{since}" if held else "no watermark"
    at = datetime.fromtimestamp(application.watermark / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"windows are closed up to {at} UTC"


def findings_of_flink(report: Report) -> Iterator[Finding]:
    """What is to be known of what applications did, and makes no rehearsal red.

    Args:
        report: What came out where.
    """
    for application in report.applications:
        if application.late:
            yield Finding(
                "LOC997",
                f"`{application.name}` dropped {application.late:,} or more records as late",
                note="they came after the watermark had closed their windows; records that were added up before count as one. "
                "A source of Kinesis has one watermark for each subtask: shards that one subtask reads, one after the other, "
                "are late for each other where there is a backlog",
                help="allow for more delay in `watermark`, or let `parallelism` be the number of shards",
            )
        for source in application.sources:
            if source.skips_invalid and source.unread:
                yield Finding(
                    "LOC998",
                    f"`{application.name}` skipped {many(source.unread, 'record')} of `{source.name}`",
                    note="they are no JSON, and no query sees them: on AWS nothing tells of them. Fields that do not fit are "
                    "NULL, and records without a time are left out as well, uncounted",
                    help="write `invalid_records: fail`, so that none is lost in silence",
                )
        at_end = sum(sink.at_end for sink in application.sinks)
        if at_end:
            yield Finding(
                "LOC999",
                f"{many(at_end, 'row')} of `{application.name}` came of windows that were open at the end",
                note="a rehearsal closes them with its last event; on AWS they wait for an event of a later time",
            )

"""`streaming-constructs keys`: how real records spread over shards or partitions, and which field would do better."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from streaming_constructs.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streaming_constructs.planning.partition_keys.event_files import EventFormat
    from streaming_constructs.planning.partition_keys.key_report import KeyReport
    from streaming_constructs.planning.partition_keys.placement import Placement

_STDIN = "-"
_MOST_SHARDS = 100_000


@click.command()
@click.argument("events", metavar="EVENTS")
@click.option(
    "--field", metavar="NAME", required=True, help="The field that records are keyed by; nested ones by dots."
)
@click.option("--shards", type=click.IntRange(1, _MOST_SHARDS), help="As a stream of Kinesis with so many shards.")
@click.option("--partitions", type=click.IntRange(1, _MOST_SHARDS), help="As a topic of Kafka with so many partitions.")
@click.option(
    "--events-format",
    "events_form",
    type=click.Choice(["jsonl", "csv", "tsv", "parquet"]),
    help="What EVENTS is. Left out: as the ending of its name says; standard input is JSON lines.",
)
@options.text_or_json
def keys(
    events: str, field: str, shards: int | None, partitions: int | None, events_form: EventFormat | None, form: str
) -> None:
    """Shows how the keys of real records spread over shards or partitions, and which field would do better.

    EVENTS is a file of JSON lines, CSV or Parquet, or - for standard input. Keys are placed as Kinesis places them, by MD5 over
    even ranges; or as producers of Kafka do, by murmur2 (Java) and by CRC-32 (librdkafka's default). Told are the hot keys,
    what they limit, and fields that spread better, judged on a sample. The file is read once, in bounded memory.

    Exit codes: 0 told, 2 wrong usage, no such file or field.
    """
    from streaming_constructs.cli.console import show_json
    from streaming_constructs.cli.render_keys import keys_object, show_keys
    from streaming_constructs.planning.partition_keys.key_report import key_report

    placements = _placements(shards, partitions)
    with _chunks(events, field, events_form) as chunks:
        report = key_report(chunks, field, placements)
    _refuse_no_keys(report, events)
    if form == "json":
        show_json(keys_object(report))
    else:
        show_keys(report, events)


def _placements(shards: int | None, partitions: int | None) -> list[Placement]:
    from streaming_constructs.planning.partition_keys.placement import Placement

    if shards is not None and partitions is None:
        return [Placement("kinesis", shards)]
    if partitions is not None and shards is None:
        return [Placement("java", partitions), Placement("librdkafka", partitions)]
    raise click.UsageError("give `--shards`, of a stream of Kinesis, or `--partitions`, of a topic of Kafka")


@contextmanager
def _chunks(events: str, field: str, form: EventFormat | None) -> Iterator[Any]:
    """The records of a file; whatever is wrong with it is wrong usage."""
    from streaming_constructs.planning.partition_keys.event_files import EventsError, chunks_of
    from streaming_constructs.spec.printable import printable

    told = printable(events)
    try:
        with _open(events) as file:
            yield chunks_of(file, form or _form_of(events), tuple(field.split(".")))
    except OSError as error:
        raise click.BadParameter(f"{told} cannot be read: {error.strerror}", param_hint="'EVENTS'") from None
    except EventsError as error:
        raise click.BadParameter(f"{told}: {printable(str(error))}", param_hint="'EVENTS'") from None
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        message = "Parquet is read by pyarrow; run `pip install 'streaming-constructs[local]'`"
        raise click.BadParameter(message, param_hint="'EVENTS'") from None


@contextmanager
def _open(events: str) -> Iterator[BinaryIO]:
    from streaming_constructs.spec.regular_file import open_regular_file

    if events == _STDIN:
        yield sys.stdin.buffer
        return
    with open_regular_file(events) as file:
        yield file


def _form_of(events: str) -> EventFormat:
    """What a file is by its ending."""
    from pathlib import Path

    from streaming_constructs.planning.partition_keys.event_files import FORMATS

    ending = Path(events).suffix.lower()
    if events == _STDIN:
        return "jsonl"
    if ending not in FORMATS:
        known = ", ".join(FORMATS)
        raise click.UsageError(f"no format is known by that ending; give `--events-format`, or one of {known}")
    return FORMATS[ending]


def _refuse_no_keys(report: KeyReport, events: str) -> None:
    """A file without a key tells nothing."""
    from streaming_constructs.spec.finding import did_you_mean
    from streaming_constructs.spec.printable import printable

    if not report.records:
        broken = f"; line {report.unread_line} is no JSON object" if report.unread else ""
        raise click.BadParameter(f"there is no record in {printable(events)}{broken}", param_hint="'EVENTS'")
    if not report.keyed:
        named = next((name for name in report.fields if name.rpartition(".")[2] == report.field), "")
        told = (
            f"did you mean `{printable(named)}`?"
            if named
            else printable(did_you_mean(report.field, report.fields[:10]))
        )
        why = ", ".join(f"{count:,} {reason}" for reason, count in report.without.items())
        message = f"no record has a key in `{printable(report.field)}` ({why}); {told}"
        raise click.BadParameter(message, param_hint="'--field'")

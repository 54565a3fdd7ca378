"""The events of a rehearsal: a file with a record on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from streaming_constructs.facts import kinesis
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.regular_file import open_regular_file

MOST_FINDINGS = 20
"""How many lines are named before the rest is left unsaid."""
LONGEST_LINE_BYTES = 6 * 1024 * kinesis.MAX_RECORD_KIB.maximum + 4096
"""A record as JSON writes it at its longest, six signs for each of its bytes, in its envelope."""
_ENVELOPE, _PLACE = {"data", "partition_key"}, "into"
_KEY_CHARACTERS = 256
"""Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html"""


@dataclass(frozen=True, slots=True)
class Event:
    """What is put into a stream.

    Attributes:
        partition_key: Its partition key.
        data: Its bytes.
        into: The stream or the delivery that it names; empty: it goes where all go that name none.
        is_keyed: Whether somebody gave it that key. A record that has none is put under one of its own where it needs one.
    """

    partition_key: str
    data: bytes
    is_keyed: bool = True
    into: str = ""


def read_events(path: Path) -> Iterator[Event]:
    """Reads events, one after the other, so that a file may be larger than memory.

    A line `{"partition_key": …, "data": …}` says what to put under which key: an object as JSON, a text as its bytes, whatever
    they are. With `"into": …` it also says into which stream or delivery, where there are several. Any other line is a record's
    data as it stands, under a key of its own, so that such records spread evenly.

    Args:
        path: The file.

    Raises:
        SpecError: If it cannot be read, has no record, or a line has no usable key; all such lines at once, before anything
            is put.
    """
    check_events(path)
    with open_regular_file(path) as file:
        for number, line in enumerate(_lines(file), 1):
            text = line.strip()
            if text:
                yield _event(_envelope(text), text, number)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, each as long as it may be, or a byte longer."""
    return iter(lambda: file.readline(LONGEST_LINE_BYTES + 1), b"")


def _event(envelope: dict[str, Any] | None, text: bytes, number: int) -> Event:
    if envelope is None:
        return Event(str(number), text, is_keyed=False)
    data = envelope["data"]
    plain = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    data = plain.encode("utf-8", "surrogatepass")
    return Event(envelope["partition_key"], data, into=envelope.get(_PLACE, ""))


def _envelope(text: bytes) -> dict[str, Any] | None:
    if not text.startswith(b"{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None  # a record that is no JSON is a record all the same
    return value if isinstance(value, dict) and set(value) - {_PLACE} == _ENVELOPE else None


def check_events(path: Path) -> set[str]:
    """Looks through a file of events, and puts nothing.

    Args:
        path: The file.

    Returns:
        The streams and deliveries that events name, and an empty text where some name none.

    Raises:
        SpecError: As `read_events` does.
    """
    findings, places = [], set[str]()
    is_empty = True
    try:
        with open_regular_file(path) as file:
            for number, line in enumerate(_lines(file), 1):
                is_empty = is_empty and not line.strip()
                if len(line) > LONGEST_LINE_BYTES:
                    findings.append(_too_long(path, number))
                    break
                envelope = _envelope(line.strip())
                key = envelope["partition_key"] if envelope else "-"
                if not isinstance(key, str) or not 1 <= len(key) <= _KEY_CHARACTERS:
                    findings.append(_no_key(path, number))
                place = envelope.get(_PLACE, "") if envelope else ""
                if not isinstance(place, str):
                    findings.append(_no_place(path, number))
                elif line.strip():
                    places.add(place)
                if len(findings) == MOST_FINDINGS:
                    break
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        help_ = "name a file with a record on each line"
        raise SpecError([Finding("LOC954", f"cannot read events from `{path}`", note=why, help=help_)]) from None
    if is_empty:
        findings.append(_no_record(path))
    if findings:
        raise SpecError(findings)
    return places


def _no_record(path: Path) -> Finding:
    return Finding(
        "LOC954",
        f"there is no record in `{path}`",
        note="a rehearsal without any would prove nothing",
        help="write a record on each line",
        file=str(path),
    )


def _too_long(path: Path, number: int) -> Finding:
    return Finding(
        "LOC954",
        "the line is longer than any record",
        note=f"it has more than {LONGEST_LINE_BYTES:,} bytes",
        help="write each record on a line of its own",
        file=str(path),
        line=number,
        column=1,
    )


def _no_key(path: Path, number: int) -> Finding:
    return Finding(
        "LOC954",
        "the partition key is no text of 1 to 256 characters",
        ("partition_key",),
        help='write `{"partition_key": "a key", "data": {…}}`, or the data alone',
        file=str(path),
        line=number,
        column=1,
    )


def _no_place(path: Path, number: int) -> Finding:
    return Finding(
        "LOC954",
        "the place of a record is no text",
        (_PLACE,),
        help='write `{"into": "a stream", "partition_key": "a key", "data": {…}}`',
        file=str(path),
        line=number,
        column=1,
    )

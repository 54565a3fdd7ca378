"""The events of a rehearsal: a file with a record on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from streaming_constructs.facts import kinesis
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.regular_file import open_regular_file

if TYPE_CHECKING:
    from streaming_constructs.local.event_targets import EventTarget

MOST_FINDINGS = 20
"""How many lines are named before the rest is left unsaid."""
LONGEST_LINE_BYTES = 6 * 1024 * kinesis.MAX_RECORD_KIB.maximum + 4096
"""A record as JSON writes it at its longest, six signs for each of its bytes, in its envelope."""
_DATA, _KEY, _PLACE = "data", "partition_key", "into"
_KEY_CHARACTERS = kinesis.PARTITION_KEY_CHARACTERS.maximum


@dataclass(frozen=True, slots=True)
class Event:
    """What is put into a stream.

    Attributes:
        partition_key: Its partition key.
        data: Its bytes.
        into: The stream or the delivery that it names; empty: it goes where all go that name none.
        is_keyed: Whether somebody gave it that key. A record that has none is put under one of its own where it needs one.
        line: Its line in its file; 0: it is in none.
    """

    partition_key: str
    data: bytes
    is_keyed: bool = True
    into: str = ""
    line: int = field(default=0, compare=False)


def read_events(path: Path) -> Iterator[Event]:
    """Reads events, one after the other, so that a file may be larger than memory.

    A line `{"partition_key": …, "data": …}` says what to put under which key: an object as JSON, a text as its bytes, whatever
    they are. With `"into": …` it also says into which stream or delivery, where there are several. Either may be left out, or
    null. Any other line is a record's data as it stands. What has no key is put under what the stream or the topic is keyed by;
    without such a field it has none in a topic of Kafka, and one of its own elsewhere, so that such records spread evenly.

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
        return Event(str(number), text, is_keyed=False, line=number)
    data = envelope[_DATA]
    plain = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    key = envelope.get(_KEY)
    return Event(
        str(number) if key is None else key,
        plain.encode("utf-8", "surrogatepass"),
        is_keyed=key is not None,
        into=envelope.get(_PLACE) or "",
        line=number,
    )


def _envelope(text: bytes) -> dict[str, Any] | None:
    if not text.startswith(b"{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None  # a record that is no JSON is a record all the same
    return value if isinstance(value, dict) and {_DATA} <= set(value) <= {_DATA, _KEY, _PLACE} else None


def check_events(path: Path) -> dict[str, int]:
    """Looks through a file of events, and puts nothing.

    Args:
        path: The file.

    Returns:
        The streams and deliveries that events name, and an empty text where some name none: for each the first line whose key
        Kinesis would not take, as it is too long; 0: there is none.

    Raises:
        SpecError: As `read_events` does.
    """
    findings, places = [], dict[str, int]()
    is_empty = True
    try:
        with open_regular_file(path) as file:
            for number, line in enumerate(_lines(file), 1):
                is_empty = is_empty and not line.strip()
                if len(line) > LONGEST_LINE_BYTES:
                    findings.append(_too_long(path, number))
                    break
                envelope = _envelope(line.strip())
                key, place = (envelope.get(_KEY), envelope.get(_PLACE)) if envelope else (None, None)
                if key is not None and not (isinstance(key, str) and key):
                    findings.append(_no_key(path, number))
                if place is not None and not isinstance(place, str):
                    findings.append(_no_place(path, number))
                elif line.strip():
                    is_long = isinstance(key, str) and len(key) > _KEY_CHARACTERS
                    places[place or ""] = places.get(place or "", 0) or (number if is_long else 0)
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


def check_keys(path: Path, long_key: int, target: EventTarget) -> None:
    """Looks whether what events go into takes their keys.

    Args:
        path: The file of the events.
        long_key: The first line of those events whose key Kinesis would not take; 0: there is none.
        target: What they go into.

    Raises:
        SpecError: If it is a stream of Kinesis, and there is such a line.
    """
    if long_key and target.kind == "stream":
        raise SpecError([_long_key(path, long_key, target.name)])


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
        "the partition key is no text, or an empty one",
        (_KEY,),
        help='write `{"partition_key": "a key", "data": {…}}`, or leave the key out',
        file=str(path),
        line=number,
        column=1,
    )


def _long_key(path: Path, number: int, stream: str) -> Finding:
    return Finding(
        "LOC954",
        f"the partition key is longer than {_KEY_CHARACTERS} characters, and `{stream}` is a stream of Kinesis",
        (_KEY,),
        note="a topic of Kafka would take it",
        help="shorten the key",
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

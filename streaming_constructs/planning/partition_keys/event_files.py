"""Records of files, in chunks: JSON lines, CSV and Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from streaming_constructs.planning.partition_keys.key_of_value import MISSING, value_at

EventFormat = Literal["jsonl", "csv", "tsv", "parquet"]
FORMATS: Mapping[str, EventFormat] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
"""What files are by the ending of their name."""

_BLOCK_BYTES = 2**16
MOST_LINE_BYTES = 16 * 2**20
"""A line without an end is no record: more than this is not held."""
_ROWS = 8192
_DELIMITERS = {"csv": ",", "tsv": "\t"}


class EventsError(ValueError):
    """A file that holds no records of its format."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records of a file.

    Attributes:
        values: The value of the field of each.
        sizes: The bytes of each.
        records: The records of some places of the chunk.
        unread: Lines that are no record.
        unread_line: The line of the first of these in the file; 0 where there is none.
    """

    values: Sequence[Any]
    sizes: Sequence[int]
    records: Callable[[range], Sequence[Mapping[str, Any]]]
    unread: int = 0
    unread_line: int = 0


def chunks_of(file: BinaryIO, form: EventFormat, path: tuple[str, ...]) -> Iterator[Chunk]:
    """The records of a file.

    Args:
        file: The file.
        form: What it is.
        path: The names that lead to the field.

    Raises:
        EventsError: If it is not what it should be.
        ModuleNotFoundError: If what reads Parquet is not installed.
    """
    if form == "parquet":
        from streaming_constructs.planning.partition_keys.parquet_events import parquet_chunks

        return parquet_chunks(file, path)
    return _json_chunks(file, path) if form == "jsonl" else _csv_chunks(file, ".".join(path), _DELIMITERS[form])


def _blocks(file: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of a file, many at once."""
    rest = b""
    while block := file.read(_BLOCK_BYTES):
        lines = (rest + block).split(b"\n") if rest else block.split(b"\n")
        rest = lines.pop()
        if len(rest) > MOST_LINE_BYTES:
            raise EventsError(f"a line is longer than {MOST_LINE_BYTES // 2**20} MiB")
        yield lines
    if rest:
        yield [rest]


def _json_chunks(file: BinaryIO, path: tuple[str, ...]) -> Iterator[Chunk]:
    """Holds lines, no records: what is freed at once is in the cache of the processor when the next record is made."""
    before = 0
    first, *deeper = path
    for lines in _blocks(file):
        values: list[Any] = []
        good: list[bytes] = []
        unread, unread_line = 0, 0
        for number, line in enumerate(lines, before + 1):
            text = line.strip()
            record = _record(text)
            if record is not None:
                values.append(value_at(record, path) if deeper else record.get(first, MISSING))
                good.append(text)
            elif text:
                unread, unread_line = unread + 1, unread_line or number
        before += len(lines)
        yield Chunk(values, list(map(len, good)), _of(good), unread, unread_line)


_scan: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]  # `loads` takes a third longer


def _record(line: bytes) -> dict[str, Any] | None:
    """The object that a line is; None for any other line."""
    try:
        text = str(line, "utf-8")
        record, end = _scan(text, 0)
    except (ValueError, RecursionError, StopIteration):
        return None
    return record if record.__class__ is dict and end == len(text) else None


def _of(lines: list[bytes]) -> Callable[[range], Sequence[Mapping[str, Any]]]:
    return lambda places: [_record(lines[place]) or {} for place in places]


def _csv_chunks(file: BinaryIO, field: str, delimiter: str) -> Iterator[Chunk]:
    lines = (line.decode("utf-8", "replace") + "\n" for block in _blocks(file) for line in block)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        columns = [name.removeprefix("\ufeff") for name in next(reader, [])]
        at = columns.index(field) if field in columns else -1
        while rows := _some_rows(reader, len(columns)):
            values = [row[at] for row in rows] if at >= 0 else [MISSING] * len(rows)
            sizes = [len(delimiter.join(row).encode("utf-8", "replace")) for row in rows]
            yield Chunk(values, sizes, _of_rows(columns, rows))
    except csv.Error as error:
        raise EventsError(f"line {reader.line_num}: {error}") from None


def _some_rows(reader: Iterator[list[str]], columns: int) -> list[list[str]]:
    """The next rows, each as long as the first line of the file; empty lines are none."""
    rows: list[list[str]] = []
    for row in reader:
        if row:
            rows.append(row if len(row) >= columns else [*row, *[""] * (columns - len(row))])
            if len(rows) == _ROWS:
                break
    return rows


def _of_rows(columns: list[str], rows: list[list[str]]) -> Callable[[range], Sequence[Mapping[str, Any]]]:
    return lambda places: [dict(zip(columns, rows[place], strict=False)) for place in places]

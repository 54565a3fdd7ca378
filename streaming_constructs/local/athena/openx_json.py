"""Athena's OpenX JSON SerDe: objects of JSON as files that DuckDB reads, with the rows that it would make of them.

"The SerDe expects each JSON document to be on a single line of text".
Source: https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html

Read as follows; nothing of it was compared with AWS.

- Of several documents in a line, as in an archive without newlines, the first is the row. An empty line is a row without
  values, as in Trino, which Athena is made of.
- AWS says that `ignore.malformed.json` "lets you skip malformed JSON syntax": such a line is no row. In Trino, which Athena is
  made of, it is a row without values. What is no object is malformed.
- AWS says that with `use.null.for.invalid.data` no query fails for a value that does not fit its column. So without it, one
  fails that reads such a value; one that reads other columns does not.
- AWS says that keys that differ in their case alone fail with `Row is not a valid JSON Object - JSONException: Duplicate key`,
  and that `case.insensitive` as `false`, with mappings, is the way out. So such a line is malformed, however deep they are.
- Which values fit is what Firehose's deserializer of that name takes.
"""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet

from streaming_constructs.local.athena.glue_table import GlueTable
from streaming_constructs.local.firehose.glue_arrow import arrow_schema
from streaming_constructs.local.firehose.json_value import Deserializer, DuplicateKeyError, converter
from streaming_constructs.spec.glue_types import parse_type

INVALID = pa.field("?invalid", pa.map_(pa.string(), pa.string()))
"""A column of the file besides the table's: what is wrong with values that do not fit, by column. No column is called so."""
_ROWS_AT_ONCE = 5000
_GZIP = b"\x1f\x8b"
_MAPPING = "mapping."


def write_rows(source: Path, target: Path, table: GlueTable) -> None:
    """Writes a file of Parquet with the columns of a table that are in objects, and `INVALID`.

    Args:
        source: The object; its name ends as its key does.
        target: The file.
        table: The table.

    Raises:
        ValueError: If the object cannot be read.
        EOFError: If it is compressed and ends too early.
        OSError: If it is compressed and broken.
        zlib.error: If it is compressed and broken.
    """
    schema = arrow_schema(table.columns).append(INVALID)
    row = _Row(table)
    with _uncompressed(source) as lines, pyarrow.parquet.ParquetWriter(target, schema) as writer:
        rows = (cells for number, line in enumerate(lines, 1) if (cells := row.of(number, line)) is not None)
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            columns = [
                pa.array(values, field.type) for values, field in zip(zip(*some, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))


class _Row:
    """Makes rows of lines."""

    def __init__(self, table: GlueTable) -> None:
        serde = table.serde
        self._skips_malformed = _is_set(serde, "ignore.malformed.json", default=False)
        self._takes_null = _is_set(serde, "use.null.for.invalid.data", default=False)
        self._deserializer = Deserializer(
            "openx",
            {name.removeprefix(_MAPPING): key for name, key in serde.items() if name.startswith(_MAPPING)},
            is_case_insensitive=_is_set(serde, "case.insensitive", default=True),
            dots_to_underscores=_is_set(serde, "dots.in.keys", default=False),
        )
        keys = self._deserializer.key_mappings
        self._columns = [
            (name, keys.get(name, name), converter(parse_type(type_), self._deserializer))
            for name, type_ in table.columns
        ]

    def of(self, number: int, line: bytes) -> list[Any] | None:
        if not line.strip():
            return self._values({})
        document, why = None, ""
        try:
            document = next(self._deserializer.documents(line.decode()), None)
        except DuplicateKeyError as error:
            why = f" that Athena takes ({error})"
        except (ValueError, RecursionError):
            pass
        if type(document) is not dict:
            if self._skips_malformed:
                return None
            raise ValueError(
                f"line {number} is no JSON object{why}, and the table does not say `ignore.malformed.json`"
            )
        return self._values(document)

    def _values(self, document: Mapping[str, Any]) -> list[Any]:
        given = self._deserializer.keys(document)
        row: list[Any] = []
        invalid = []
        for name, key, convert in self._columns:
            value = given.get(key)
            try:
                row.append(None if value is None else convert(value))
            except (ValueError, RecursionError) as error:
                row.append(None)
                invalid.append((name, f"{name}: {error}"))
        row.append(invalid if invalid and not self._takes_null else None)
        return row


def _is_set(serde: Mapping[str, str], name: str, *, default: bool) -> bool:
    return serde.get(name, str(default)).lower() == "true"


def _uncompressed(source: Path) -> BinaryIO:
    if source.suffix == ".zip":
        raise ValueError("Athena reads no ZIP")
    if source.suffix == ".snappy":
        return io.BytesIO(_snappy(source.read_bytes()))
    if source.suffix == ".hsnappy":
        return io.BytesIO(b"".join(_hadoop_blocks(source.read_bytes())))
    with source.open("rb") as file:
        # No JSON begins so, whatever the object is called.
        is_gzip = file.read(len(_GZIP)) == _GZIP
    return cast("BinaryIO", gzip.open(source)) if is_gzip else source.open("rb")


def _snappy(block: bytes) -> bytes:
    """A block of Snappy; it begins with its size, seven bits a byte and the low ones first."""
    size = shift = 0
    for byte in block:
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    plain: bytes = pa.decompress(block, size, codec="snappy", asbytes=True)
    return plain


def _hadoop_blocks(data: bytes) -> Iterator[bytes]:
    """Blocks of Snappy in Hadoop's framing; `compression` writes them."""
    position = 0
    while position < len(data):
        try:
            _, size = struct.unpack_from(">II", data, position)
        except struct.error:
            raise ValueError("it ends in the middle of a block") from None
        yield _snappy(data[position + 8 : position + 8 + size])
        position += 8 + size

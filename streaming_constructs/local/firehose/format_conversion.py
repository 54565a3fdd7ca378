"""Firehose's record format conversion: JSON as Parquet or ORC, in pieces, so that a full buffer does not fill the memory.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html

Several documents in one record each become a row: "`{"a": 1}{"b": 1}`" is "the correct input", and an array of documents is
not. Codes of errors are those of
https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#dfc-invocation-errors, the words behind
them are ours. It is a reading, not compared with AWS, that a record of which one document fails has no row at all.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet

from streaming_constructs.local.firehose.glue_arrow import arrow_schema
from streaming_constructs.local.firehose.json_scalar import shown
from streaming_constructs.local.firehose.json_value import Convert, Deserializer, converter
from streaming_constructs.spec.glue_types import parse_type

FORMAT_CONVERSION_FAILED = "format-conversion-failed"
"""The kind of error of records that cannot be converted."""
MALFORMED_DATA = "DataFormatConversion.MalformedData"
PARSE_ERROR = "DataFormatConversion.ParseError"

# Firehose's names as those of pyarrow's two writers, which say `none` and `uncompressed` for the same thing.
_WRITTEN: Mapping[str, str] = {
    "NONE": "uncompressed",
    "UNCOMPRESSED": "none",
    "SNAPPY": "snappy",
    "GZIP": "gzip",
    "ZLIB": "zlib",
}


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """The Glue table whose columns a conversion writes.

    Attributes:
        database: Its database.
        name: Its name.
        catalog_id: The account of the catalog; empty: that of the delivery.
        region: Its region; empty: that of the delivery.
        version_id: Which version of it.
    """

    database: str
    name: str
    catalog_id: str = ""
    region: str = ""
    version_id: str = "LATEST"


@dataclass(frozen=True, slots=True)
class Conversion:
    """What records are converted to.

    Attributes:
        format: The format.
        compression: How its columns are compressed, as Firehose writes it.
        deserializer: How JSON is read.
        columns: Name and Glue type of each column.
        table: Where they come from.
    """

    format: Literal["parquet", "orc"]
    compression: str
    deserializer: Deserializer
    columns: tuple[tuple[str, str], ...]
    table: CatalogTable


@dataclass(frozen=True, slots=True)
class UnconvertedRecord:
    """A record that could not be converted.

    Attributes:
        position: Its position among the records that were given.
        code: The code of the error.
        message: What is wrong, with the column.
    """

    position: int
    code: str
    message: str


class _UnreadableError(Exception):
    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


class ConvertedBody:
    """A file that records are converted into."""

    def __init__(self, conversion: Conversion) -> None:
        """Begins a file.

        Args:
            conversion: What records are converted to.

        Raises:
            ValueError: If a column's type is none, or a pattern of times is not known.
        """
        reading = conversion.deserializer
        self._deserializer = reading
        self._schema = arrow_schema(conversion.columns)
        self._columns: list[tuple[str, str, Convert]] = [
            (name, reading.key_mappings.get(name, name), converter(parse_type(type_), reading))
            for name, type_ in conversion.columns
        ]
        self._file = io.BytesIO()
        compression = _WRITTEN[conversion.compression]
        writer = pyarrow.parquet.ParquetWriter if conversion.format == "parquet" else pyarrow.orc.ORCWriter
        arguments = (self._file, self._schema) if conversion.format == "parquet" else (self._file,)
        self._writer = writer(*arguments, compression=compression)
        self.rows = 0

    def write(self, records: Sequence[bytes]) -> list[UnconvertedRecord]:
        """Converts records; all of them are in memory as values at once, so give some thousands at a time.

        Args:
            records: The records, as JSON.

        Returns:
            Those that could not be converted.
        """
        rows: list[list[Any]] = []
        failed = []
        for position, data in enumerate(records):
            try:
                rows += self._rows(data)
            except _UnreadableError as error:
                failed.append(UnconvertedRecord(position, error.code, error.message))
        if rows:
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(zip(*rows, strict=True), self._schema, strict=True)
            ]
            self._writer.write(pa.Table.from_arrays(arrays, schema=self._schema))
            self.rows += len(rows)
        return failed

    def finish(self) -> bytes:
        """Ends the file.

        Returns:
            Its bytes; none if it has no row.
        """
        self._writer.close()
        return self._file.getvalue() if self.rows else b""

    def _rows(self, data: bytes) -> list[list[Any]]:
        try:
            found = list(self._deserializer.documents(data.decode()))
        except UnicodeDecodeError:
            raise _UnreadableError(MALFORMED_DATA, "The record is not in UTF-8.") from None
        except RecursionError:
            raise _UnreadableError(MALFORMED_DATA, "The JSON is nested too deep.") from None
        except ValueError as error:
            raise _UnreadableError(PARSE_ERROR, f"Malformed JSON: {error}") from None
        if not found:
            raise _UnreadableError(MALFORMED_DATA, "The record is empty.")
        return [self._row(document) for document in found]

    def _row(self, document: Any) -> list[Any]:
        if type(document) is not dict:
            raise _UnreadableError(MALFORMED_DATA, f"A record is a JSON object, not {shown(document)}.")
        given = self._deserializer.keys(document)
        row: list[Any] = []
        name = ""
        try:
            for name, key, convert in self._columns:  # noqa: B007 - the name is for the error
                value = given.get(key)
                row.append(None if value is None else convert(value))
        except ValueError as error:
            raise _UnreadableError(MALFORMED_DATA, f"Data does not match the schema. {name}: {error}.") from None
        except RecursionError:
            raise _UnreadableError(MALFORMED_DATA, "The JSON is nested too deep.") from None
        return row

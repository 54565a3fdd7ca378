"""Records as files of columns, read back by two others; a record that cannot be converted takes no good one with it."""

from __future__ import annotations

import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.local.firehose.format_conversion import (
    MALFORMED_DATA,
    PARSE_ERROR,
    CatalogTable,
    Conversion,
    ConvertedBody,
)
from streaming_constructs.local.firehose.json_documents import documents
from streaming_constructs.local.firehose.json_value import Deserializer

TABLE = CatalogTable("db", "clicks")
COLUMNS = (
    ("id", "string"),
    ("n", "int"),
    ("price", "decimal(10,2)"),
    ("user_agent", "string"),
    ("device", "struct<os:string,versions:array<int>>"),
    ("scores", "map<string,double>"),
    ("at", "timestamp"),
)
RECORD = (
    b'{"ID":"a","n":1,"price":1.10,"user-agent":"x","at":"2026-06-03T10:11:12.5Z",'
    b'"device":{"OS":"ios","versions":[1,null]},"scores":{"z":0.5}}'
)
ROW = {
    "id": "a",
    "n": 1,
    "price": Decimal("1.10"),
    "user_agent": "x",
    "device": {"os": "ios", "versions": [1, None]},
    "scores": [("z", 0.5)],
    "at": datetime.fromisoformat("2026-06-03T10:11:12.5"),
}
EMPTY_ROW = dict.fromkeys(ROW)


def conversion(**more: Any) -> Conversion:
    given_ = {
        "format": "parquet",
        "compression": "SNAPPY",
        "deserializer": Deserializer(key_mappings={"user_agent": "user-agent"}),
        "columns": COLUMNS,
        "table": TABLE,
    }
    return Conversion(**{**given_, **more})


def converted(records: list[bytes], **more: Any) -> tuple[list[dict[str, Any]], list[tuple[int, str, str]]]:
    body = ConvertedBody(conversion(**more))
    failed = [(one.position, one.code, one.message) for one in body.write(records)]
    file = body.finish()
    return (table_of(file, more.get("format", "parquet")).to_pylist() if file else []), failed


def table_of(file: bytes, format_: str) -> pa.Table:
    return (pyarrow.orc if format_ == "orc" else pyarrow.parquet).read_table(io.BytesIO(file))


@pytest.mark.parametrize(
    ("format_", "compression"),
    [
        ("parquet", "SNAPPY"),
        ("parquet", "GZIP"),
        ("parquet", "UNCOMPRESSED"),
        ("orc", "SNAPPY"),
        ("orc", "ZLIB"),
        ("orc", "NONE"),
    ],
)
def test_records_come_back_as_rows(format_: str, compression: str) -> None:
    rows, failed = converted([RECORD, b"{}"], format=format_, compression=compression)
    assert (rows, failed) == ([ROW, EMPTY_ROW], [])


@pytest.mark.parametrize(("compression", "expected"), [("GZIP", "GZIP"), ("UNCOMPRESSED", "UNCOMPRESSED")])
def test_columns_are_compressed_as_asked_for(compression: str, expected: str) -> None:
    body = ConvertedBody(conversion(compression=compression))
    body.write([RECORD])
    found = pyarrow.parquet.ParquetFile(io.BytesIO(body.finish())).metadata.row_group(0).column(0).compression
    assert found == expected


def test_duckdb_reads_the_same(tmp_path: Path) -> None:
    body = ConvertedBody(conversion())
    body.write([RECORD])
    (tmp_path / "file.parquet").write_bytes(body.finish())
    with duckdb.connect() as connection:
        found = connection.sql(
            f"SELECT id, n, price, device.os, scores['z'], \"at\" FROM '{tmp_path / 'file.parquet'}'"
        ).fetchall()
    assert found == [("a", 1, Decimal("1.10"), "ios", 0.5, datetime.fromisoformat("2026-06-03T10:11:12.5"))]


@pytest.mark.parametrize(
    ("record", "code", "message"),
    [
        (b'{"id": "a', PARSE_ERROR, "Malformed JSON: Unterminated string"),
        (b"<html>", PARSE_ERROR, "Malformed JSON: Expecting value"),
        (b'{"n": NaN}', PARSE_ERROR, "Malformed JSON: NaN is no JSON"),
        (b'{"n": 1e99999999999999999999}', PARSE_ERROR, "Malformed JSON: a number has an exponent"),
        (b'{"n": ' + b"1" * 5000 + b"}", PARSE_ERROR, "Malformed JSON: Exceeds the limit"),
        (b'{"n":1}{"n":', PARSE_ERROR, "Malformed JSON: Expecting value"),
        (b"[" * 100_000, MALFORMED_DATA, "The JSON is nested too deep."),
        (b"\xff", MALFORMED_DATA, "The record is not in UTF-8."),
        (b" \n", MALFORMED_DATA, "The record is empty."),
        (b"", MALFORMED_DATA, "The record is empty."),
        (b'[{"n": 1}]', MALFORMED_DATA, 'A record is a JSON object, not `[{"n":1}]`.'),
        (b"7", MALFORMED_DATA, "A record is a JSON object, not `7`."),
        (b'{"n":"x"}', MALFORMED_DATA, "Data does not match the schema. n: `x` is no int."),
        (b'{"id":"\\ud800"}', MALFORMED_DATA, "Data does not match the schema. id: a half"),
        (b'{"scores":{"\\ud800":1}}', MALFORMED_DATA, "Data does not match the schema. scores: a half"),
        (
            b'{"device":{"versions":["x"]}}',
            MALFORMED_DATA,
            "Data does not match the schema. device: versions: `x` is no int",
        ),
    ],
)
def test_record_that_cannot_be_converted_takes_no_good_one_with_it(record: bytes, code: str, message: str) -> None:
    rows, failed = converted([RECORD, record, RECORD])
    assert rows == [ROW, ROW]
    assert [(position, found) for position, found, _ in failed] == [(1, code)]
    assert failed[0][2].startswith(message)


def test_documents_behind_each_other_in_a_record_are_a_row_each() -> None:
    rows, failed = converted([b'{"n":1}{"n":2}\n {"n":3}\n'])
    assert ([row["n"] for row in rows], failed) == ([1, 2, 3], [])


def test_file_without_rows_is_none() -> None:
    body = ConvertedBody(conversion())
    assert len(body.write([b"x"])) == 1
    assert (body.finish(), body.rows) == (b"", 0)


def test_pieces_become_one_file() -> None:
    body = ConvertedBody(conversion())
    for number in range(3):
        body.write([b'{"n":%d}' % number] * 2)
    assert body.rows == 6
    assert table_of(body.finish(), "parquet").column("n").to_pylist() == [0, 0, 1, 1, 2, 2]


def test_mapped_column_is_read_from_its_key_alone() -> None:
    rows, _ = converted([b'{"user_agent":"x"}', b'{"User-Agent":"y"}'])
    assert [row["user_agent"] for row in rows] == [None, "y"]


def test_keys_that_no_column_has_are_left_out() -> None:
    rows, failed = converted([b'{"n":1,"more":{"x":[]}}'])
    assert (rows, failed) == ([{**EMPTY_ROW, "n": 1}], [])


def test_documents_say_where_they_stand() -> None:
    text = ' {"a": 1.0}\n[2]'
    assert list(documents(text)) == [({"a": Decimal("1.0")}, 1, 11), ([2], 12, 15)]


# A text as a key of a map would be read as JSON's; everything else here is what JSON can say.
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "int": st.integers(-(2**31), 2**31 - 1),
    "boolean": st.booleans(),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "string": st.text(st.characters(exclude_categories=["Cs"])),
    "array<string>": st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[tuple[str, str], ...], list[dict[str, Any]]]:
    types = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=6))
    columns = tuple((f"c{position}", type_) for position, type_ in enumerate(types))
    row = st.fixed_dictionaries({name: st.none() | VALUES[type_] for name, type_ in columns})
    return columns, draw(st.lists(row, min_size=1, max_size=8))


@settings(max_examples=60)
@given(table=tables(), format_=st.sampled_from(["parquet", "orc"]))
def test_any_flat_schema_comes_back(
    table: tuple[tuple[tuple[str, str], ...], list[dict[str, Any]]], format_: str
) -> None:
    columns, rows = table
    found, failed = converted([json.dumps(row).encode() for row in rows], columns=columns, format=format_)
    assert (found, failed) == (rows, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "n", "at", "os"]) | st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=150)
@given(
    st.lists(
        st.binary(max_size=8)
        | st.dictionaries(st.sampled_from([name for name, _ in COLUMNS]), JSON).map(json.dumps).map(str.encode)
    )
)
def test_whatever_comes_is_converted_or_failed(records: list[bytes]) -> None:
    body = ConvertedBody(conversion())
    failed = body.write([*records, RECORD])
    assert body.rows == len(records) + 1 - len(failed)
    assert table_of(body.finish(), "parquet").num_rows == body.rows

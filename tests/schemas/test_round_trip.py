"""Every type of a schema, through Glue's text, a Parquet file and a query, and back: the same type and the same values."""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streaming_constructs.local.firehose.glue_arrow import ARROW_TYPES, arrow_type
from streaming_constructs.spec.glue_types import (
    MAX_PRECISION,
    PRIMITIVE_TYPES,
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
    in_small_letters,
    parse_type,
    render,
)
from streaming_constructs.spec.schemas import columns, record_schema
from tests.schemas.parquet import glue_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Rows = list[dict[str, Any]]
at = dt.datetime.fromisoformat
EXACT = Context(prec=MAX_PRECISION)
"""Python's own context rounds to 28 digits."""


def through_parquet(file: Path, types: Mapping[str, GlueTypeNode], rows: Rows) -> tuple[dict[str, GlueTypeNode], Rows]:
    """Writes rows of these types into a file, queries it, and returns the types and the rows that come back."""
    schema = pa.schema([pa.field(name, arrow_type(node)) for name, node in types.items()])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(file))
        read = {name: glue_type(type_) for name, type_ in zip(found.columns, found.types, strict=True)}
        return read, found.to_arrow_table().to_pylist()


# --- one value of each type that is hard to keep

EDGES: list[tuple[str, Sequence[Any]]] = [
    ("tinyint", [-128, 127]),
    ("smallint", [-32768, 32767]),
    ("int", [-(2**31), 2**31 - 1]),
    ("bigint", [-(2**63), 2**63 - 1]),
    ("float", [0.5, -3.4028234663852886e38]),
    ("double", [0.1, 5e-324, 1.7976931348623157e308]),
    ("boolean", [True, False]),
    ("string", ["", "Größe", "\U0001f600", "a\x00b", "null"]),
    ("binary", [b"", b"\x00\xff"]),
    ("date", [dt.date(1, 1, 1), dt.date(1969, 12, 31), dt.date(9999, 12, 31)]),
    (
        "timestamp",
        [
            at("2026-01-15T08:30:00.123456"),
            at("1900-01-01T00:00:00.000001"),
            at("9999-12-31T23:59:59.999999"),
        ],
    ),
    ("decimal(10,2)", [Decimal("12345678.90"), Decimal("-0.01")]),
    ("decimal(1,1)", [Decimal("0.9")]),
    ("decimal(38,0)", [Decimal("9" * 38), Decimal("-" + "9" * 38)]),
    ("decimal(38,37)", [Decimal("9." + "9" * 37), Decimal("-0." + "0" * 36 + "1")]),
    ("decimal(38,38)", [Decimal("0." + "9" * 38)]),
    ("array<string>", [[], ["a", None, ""]]),
    ("array<array<date>>", [[[dt.date(2026, 1, 15)], [], None]]),
    ("map<string,int>", [[], [("a", 1), ("b", None)]]),
    ("map<date,binary>", [[(dt.date(2026, 1, 15), b"\x00")]]),
    ("struct<street:string,zip:int>", [{"street": "Hauptstraße", "zip": None}]),
    (
        "map<string,array<struct<at:timestamp,price:decimal(38,37),tags:map<tinyint,string>>>>",
        [
            [
                (
                    "a",
                    [
                        {
                            "at": at("2026-01-15T08:30:00.000001"),
                            "price": Decimal("1." + "0" * 36 + "1"),
                            "tags": [],
                        },
                        {"at": None, "price": None, "tags": [(-128, "x"), (127, None)]},
                        None,
                    ],
                ),
                ("b", []),
                ("c", None),
            ]
        ],
    ),
]


@pytest.mark.parametrize(("text", "values"), EDGES, ids=[text for text, _ in EDGES])
def test_edges_come_back_unchanged(tmp_path: Path, text: str, values: Sequence[Any]) -> None:
    rows = [{"value": value} for value in [*values, None]]
    types, read = through_parquet(tmp_path / "edge.parquet", {"value": parse_type(text)}, rows)
    assert {name: render(node) for name, node in types.items()} == {"value": text}
    assert read == rows


def test_every_primitive_type_has_an_edge_and_a_type_of_arrow() -> None:
    assert {text for text, _ in EDGES} >= set(PRIMITIVE_TYPES)
    assert set(ARROW_TYPES) == set(PRIMITIVE_TYPES)


def test_every_decimal_comes_back_as_the_same_type(tmp_path: Path) -> None:
    decimals = [
        DecimalType(precision, scale) for precision in range(1, MAX_PRECISION + 1) for scale in range(precision + 1)
    ]
    types = {f"d_{one.precision}_{one.scale}": one for one in decimals}
    row = {name: Decimal("9" * one.precision).scaleb(-one.scale, EXACT) for name, one in types.items()}
    assert through_parquet(tmp_path / "decimals.parquet", types, [row]) == (types, [row])


def test_the_columns_of_a_schema_are_those_of_its_file(tmp_path: Path) -> None:
    schema = record_schema({"UserId": "bigint", "Address": "struct<Street:string,Zip:int>", "at": "timestamp"})
    types = {column.name: parse_type(column.type) for column in columns(schema)}
    row = {"userid": 7, "address": {"street": "a", "zip": 1}, "at": at("2026-01-15")}
    read, rows = through_parquet(tmp_path / "clicks.parquet", types, [row])
    assert [(name, render(node)) for name, node in read.items()] == [
        ("userid", "bigint"),
        ("address", "struct<street:string,zip:int>"),
        ("at", "timestamp"),
    ]
    assert rows == [row]


# --- types and values that nobody thought of

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "binary": st.binary(max_size=10),
    "boolean": st.booleans(),
    "date": st.dates(),
    "double": st.floats(allow_nan=False),
    "float": st.floats(width=32, allow_nan=False),
    "int": st.integers(-(2**31), 2**31 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "string": _text,
    "timestamp": st.datetimes(),
    "tinyint": st.integers(-(2**7), 2**7 - 1),
}
_names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,7}", fullmatch=True)
_primitives = st.sampled_from(PRIMITIVE_TYPES).map(PrimitiveType)
_decimals = st.integers(1, MAX_PRECISION).flatmap(
    lambda precision: st.builds(DecimalType, st.just(precision), st.integers(0, precision))
)


def _containers(inner: st.SearchStrategy[GlueTypeNode]) -> st.SearchStrategy[GlueTypeNode]:
    members = st.lists(st.tuples(_names, inner), min_size=1, max_size=3, unique_by=lambda one: one[0].lower())
    return (
        st.builds(ArrayType, inner) | st.builds(MapType, _primitives, inner) | st.builds(StructType, members.map(tuple))
    )


glue_types = st.recursive(_primitives | _decimals, _containers, max_leaves=6)


def values(node: GlueTypeNode) -> st.SearchStrategy[Any]:
    """What a column of this type may hold, as Arrow gives it to Python."""
    match node:
        case PrimitiveType(name):
            found = _VALUES[name]
        case DecimalType(precision, scale):
            most = 10**precision - 1
            found = st.integers(-most, most).map(lambda digits: Decimal(digits).scaleb(-scale, EXACT))
        case ArrayType(element):
            found = st.lists(values(element), max_size=3)
        case MapType(key, value):
            pairs = st.tuples(_VALUES[key.name], values(value))
            found = st.lists(pairs, max_size=3, unique_by=lambda pair: pair[0])
        case StructType(members):
            found = st.fixed_dictionaries({name: values(member) for name, member in members})
    return st.none() | found


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, GlueTypeNode], Rows]:
    """Columns of any types, with rows."""
    types = draw(st.dictionaries(_names.map(str.lower), glue_types, min_size=1, max_size=3))
    row = st.fixed_dictionaries({name: values(node) for name, node in types.items()})
    return types, draw(st.lists(row, min_size=1, max_size=3))


@given(glue_types)
def test_any_type_is_its_text_and_back(node: GlueTypeNode) -> None:
    assert parse_type(render(node)) == node


@given(glue_types)
def test_a_type_in_small_letters_is_the_text_in_small_letters(node: GlueTypeNode) -> None:
    assert render(in_small_letters(node)) == render(node).lower()


@given(tables())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_table_comes_back_unchanged(tmp_path: Path, table: tuple[dict[str, GlueTypeNode], Rows]) -> None:
    types, rows = table
    texts = {name: render(node) for name, node in types.items()}
    read, back = through_parquet(tmp_path / "any.parquet", types, rows)
    assert {name: render(node) for name, node in read.items()} == texts
    assert back == rows

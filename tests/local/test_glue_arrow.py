"""Types of AWS Glue as types of Arrow; what a file of them is, another reader says too."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

from streaming_constructs.local.firehose.glue_arrow import ARROW_TYPES, arrow_schema, arrow_type
from streaming_constructs.spec.glue_types import PRIMITIVE_TYPES, GlueTypeError, parse_type

NESTED = "struct<a:array<map<string,decimal(38,10)>>,b:struct<c:date>>"


def test_every_primitive_type_has_one() -> None:
    assert set(ARROW_TYPES) == set(PRIMITIVE_TYPES)


@pytest.mark.parametrize(
    ("glue", "arrow"),
    [
        ("decimal(10,2)", pa.decimal128(10, 2)),
        ("array<int>", pa.list_(pa.int32())),
        ("map<string,bigint>", pa.map_(pa.string(), pa.int64())),
        ("struct<a:string,b:float>", pa.struct([("a", pa.string()), ("b", pa.float32())])),
        ("timestamp", pa.timestamp("us")),
    ],
)
def test_type_has_the_same_values(glue: str, arrow: pa.DataType) -> None:
    assert arrow_type(parse_type(glue)) == arrow


def test_schema_has_the_columns_in_their_order() -> None:
    schema = arrow_schema([("b", "int"), ("a", "string")])
    assert [(field.name, field.type) for field in schema] == [("b", pa.int32()), ("a", pa.string())]


def test_type_that_is_none_is_refused() -> None:
    with pytest.raises(GlueTypeError, match="`number` is no type"):
        arrow_schema([("a", "number")])


def test_duckdb_reads_the_types_out_of_a_file(tmp_path: Path) -> None:
    schema = arrow_schema([("n", "smallint"), ("price", "decimal(10,2)"), ("at", "timestamp"), ("deep", NESTED)])
    pyarrow.parquet.write_table(schema.empty_table(), tmp_path / "file.parquet")
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT * FROM '{tmp_path / 'file.parquet'}'").types
    assert [str(one) for one in found] == [
        "SMALLINT",
        "DECIMAL(10,2)",
        "TIMESTAMP",
        "STRUCT(a MAP(VARCHAR, DECIMAL(38,10))[], b STRUCT(c DATE))",
    ]


def test_orc_holds_the_types() -> None:
    schema = arrow_schema([("deep", NESTED), ("n", "tinyint"), ("b", "binary")])
    file = io.BytesIO()
    pyarrow.orc.write_table(schema.empty_table(), file)
    assert pyarrow.orc.ORCFile(file).schema.names == ["deep", "n", "b"]

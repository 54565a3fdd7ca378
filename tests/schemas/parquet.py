"""Glue types as those of Arrow, and as those that DuckDB says a Parquet file has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
)

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

ARROW: dict[str, pa.DataType] = {
    "bigint": pa.int64(),
    "binary": pa.binary(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "double": pa.float64(),
    "float": pa.float32(),
    "int": pa.int32(),
    "smallint": pa.int16(),
    "string": pa.string(),
    # Times of a table have no zone; Firehose writes UTC.
    "timestamp": pa.timestamp("us"),
    "tinyint": pa.int8(),
}
DUCKDB = {
    "bigint": "bigint",
    "blob": "binary",
    "boolean": "boolean",
    "date": "date",
    "double": "double",
    "float": "float",
    "integer": "int",
    "smallint": "smallint",
    "varchar": "string",
    "timestamp": "timestamp",
    "tinyint": "tinyint",
}


def arrow_type(node: GlueTypeNode) -> pa.DataType:
    """The type of Arrow whose values are those of a Glue type."""
    match node:
        case PrimitiveType(name):
            return ARROW[name]
        case DecimalType(precision, scale):
            return pa.decimal128(precision, scale)
        case ArrayType(element):
            return pa.list_(arrow_type(element))
        case MapType(key, value):
            return pa.map_(arrow_type(key), arrow_type(value))
        case StructType(members):
            return pa.struct([pa.field(name, arrow_type(member)) for name, member in members])


def glue_type(of: DuckDBPyType) -> GlueTypeNode:
    """The Glue type whose values are those of a type of DuckDB."""
    inner: dict[str, Any] = {} if of.id in DUCKDB else dict(of.children)
    match of.id:
        case "decimal":
            return DecimalType(inner["precision"], inner["scale"])
        case "list":
            return ArrayType(glue_type(inner["child"]))
        case "map":
            key = glue_type(inner["key"])
            assert isinstance(key, PrimitiveType)
            return MapType(key, glue_type(inner["value"]))
        case "struct":
            return StructType(tuple((name, glue_type(member)) for name, member in inner.items()))
        case name:
            return PrimitiveType(DUCKDB[name])

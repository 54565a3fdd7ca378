"""Glue types, as those that DuckDB says a Parquet file has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

"""The types of Arrow whose values are those of AWS Glue: what a converted file has as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
    parse_type,
)

ARROW_TYPES: Mapping[str, pa.DataType] = {
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
"""Types of AWS Glue without parts, as those of Arrow."""


def arrow_type(node: GlueTypeNode) -> pa.DataType:
    """The type of Arrow whose values are those of a Glue type.

    Args:
        node: The Glue type.
    """
    match node:
        case PrimitiveType(name):
            return ARROW_TYPES[name]
        case DecimalType(precision, scale):
            return pa.decimal128(precision, scale)
        case ArrayType(element):
            return pa.list_(arrow_type(element))
        case MapType(key, value):
            return pa.map_(arrow_type(key), arrow_type(value))
        case StructType(members):
            return pa.struct([pa.field(name, arrow_type(member)) for name, member in members])


def arrow_schema(columns: Iterable[tuple[str, str]]) -> pa.Schema:
    """The schema of a file with a table's columns.

    Args:
        columns: Name and Glue type of each.

    Raises:
        GlueTypeError: If a type is none.
    """
    return pa.schema([pa.field(name, arrow_type(parse_type(type_))) for name, type_ in columns])

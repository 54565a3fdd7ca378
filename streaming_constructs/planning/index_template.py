"""What the fields of an index are, from the schema of the records.

Without mappings OpenSearch takes each field's type from the first document, and refuses those that differ later.
Source: https://docs.opensearch.org/latest/field-types/supported-field-types/index/
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
    parse_type,
)
from streaming_constructs.spec.schemas import RecordField, RecordSchema, json_key

KEYWORD_CHARACTERS = 1024
"""Longer values are searched by their words, and not sorted or counted whole: of a stack trace nobody counts equal ones.

Lucene takes up to 32,766 bytes, and Dashboards' own templates 256 characters, which cuts URLs.
"""
_PRIMITIVES = {
    "bigint": "long",
    "binary": "binary",
    "boolean": "boolean",
    "double": "double",
    "float": "float",
    "int": "integer",
    "smallint": "short",
    "tinyint": "byte",
}
_TIMES = {
    None: "strict_date_optional_time",
    "iso8601": "strict_date_optional_time",
    "epoch_seconds": "epoch_second",
    "epoch_millis": "epoch_millis",
}


def index_mappings(schema: RecordSchema) -> dict[str, Any]:
    """The mappings of an index: what is in the schema with its type; what is not is kept, and not searched.

    Args:
        schema: The record's fields.
    """
    return {
        # New fields would each become a mapping for ever; a thousand of them, and OpenSearch refuses documents.
        "dynamic": False,
        "properties": {json_key(name, field): _mapping(field) for name, field in schema.items()},
    }


def _mapping(field: RecordField) -> dict[str, Any]:
    node = parse_type(field.type)
    if node == PrimitiveType("timestamp"):
        return {"type": "date", "format": _TIMES.get(field.timestamp_format, field.timestamp_format)}
    return _mapping_of(node)


def _mapping_of(node: GlueTypeNode) -> dict[str, Any]:
    match node:
        case PrimitiveType("string"):
            whole = {"type": "keyword", "ignore_above": KEYWORD_CHARACTERS}
            return {"type": "text", "fields": {"keyword": whole}}
        case PrimitiveType("timestamp"):
            return {"type": "date", "format": _TIMES[None]}
        case PrimitiveType("date"):
            return {"type": "date", "format": "strict_date"}
        case PrimitiveType(name):
            return {"type": _PRIMITIVES[name]}
        case DecimalType(_, scale):
            return _decimal(node.precision, scale)
        case ArrayType(element):
            # Every field of OpenSearch may hold several values.
            return _mapping_of(element)
        case MapType():
            # Keys that nobody knows beforehand, in one field.
            return {"type": "flat_object"}
        case StructType(members):
            return {"properties": {name: _mapping_of(member) for name, member in members}}


def _decimal(precision: int, scale: int) -> dict[str, Any]:
    """A whole number of the smallest unit, where it fits 64 bits: exact to the cent; else as near as a double is."""
    if precision <= 18:
        return {"type": "scaled_float", "scaling_factor": 10**scale}
    return {"type": "double"}

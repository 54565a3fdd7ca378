"""What the fields of an index are, from the schema of the records.

Without mappings OpenSearch takes each field's type from the first document, and refuses those that differ later.
Source: https://docs.opensearch.org/latest/field-types/supported-field-types/index/
"""

from __future__ import annotations

import re
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

Lucene takes 32,766 bytes at most; the 256 characters of dynamic mappings cut URLs.
"""
EXACT_DIGITS = 15
"""A number of JSON is a double on its way into an index, and that has so many digits."""
_TIMES = {
    None: "strict_date_optional_time",
    "iso8601": "strict_date_optional_time",
    "epoch_seconds": "epoch_second",
    "epoch_millis": "epoch_millis",
}
_PRIMITIVES: dict[str, dict[str, Any]] = {
    "bigint": {"type": "long"},
    "binary": {"type": "binary"},
    "boolean": {"type": "boolean"},
    "date": {"type": "date", "format": "strict_date"},
    "double": {"type": "double"},
    "float": {"type": "float"},
    "int": {"type": "integer"},
    "smallint": {"type": "short"},
    # Words are searched in the text; the keyword is what is sorted, counted and compared whole.
    "string": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": KEYWORD_CHARACTERS}}},
    "timestamp": {"type": "date", "format": _TIMES[None]},
    "tinyint": {"type": "byte"},
}
# What the letters of Joda-Time are in java.time, where they differ.
# Sources: https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html and
# https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/time/format/DateTimeFormatter.html
_JODA = re.compile("'[^']*'|Z+|Y+|x+")


def index_mappings(schema: RecordSchema) -> dict[str, Any]:
    """The mappings of an index: what is in the schema with its type; what is not is kept, and not searched.

    Args:
        schema: The record's fields.
    """
    return {
        # New fields would each become a mapping for ever; after a thousand OpenSearch refuses documents.
        "dynamic": False,
        "properties": {json_key(name, field): _mapping(field) for name, field in schema.items()},
    }


def _mapping(field: RecordField) -> dict[str, Any]:
    if field.timestamp_format is not None:
        return {"type": "date", "format": _TIMES.get(field.timestamp_format) or _java(field.timestamp_format)}
    return _mapping_of(parse_type(field.type))


def _java(pattern: str) -> str:
    return _JODA.sub(lambda found: _java_letters(found.group()), pattern)


def _java_letters(letters: str) -> str:
    zones = {"ZZ": "XXX"}  # +01:00; one Z is +0100 in both
    if letters.startswith("Z"):
        return zones.get(letters, letters if letters == "Z" else "VV")
    return {"Y": "u", "x": "Y"}[letters[0]] * len(letters) if letters[0] in "Yx" else letters


def _mapping_of(node: GlueTypeNode) -> dict[str, Any]:
    match node:
        case PrimitiveType(name):
            return _PRIMITIVES[name]
        case DecimalType(precision, scale) if precision <= EXACT_DIGITS:
            # A whole number of its last digit: exact, where a double is only near.
            return {"type": "scaled_float", "scaling_factor": 10**scale}
        case DecimalType():
            return {"type": "double"}
        case ArrayType(element):
            # Every field of OpenSearch may hold several values.
            return _mapping_of(element)
        case MapType():
            # Keys that nobody knows beforehand, in one field.
            return {"type": "flat_object"}
        case StructType(members):
            return {"properties": {name: _mapping_of(member) for name, member in members}}

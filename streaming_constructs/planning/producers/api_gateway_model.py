"""What a request to an API has to look like: models of API Gateway, in JSON Schema draft 4, of a record and of a batch.

A record is an object. Its partition key has to be there; all other fields may be left out, or null, as in a table. Types are
those that the columns of the schema can be read from, whole numbers within their range. Fields that the schema does not know
are refused: misspelled ones would be lost in silence. Times as text are not looked into: readers take more forms of them than
the `date-time` of JSON Schema.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.facts import kinesis
from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
    parse_type,
)
from streaming_constructs.spec.schemas import RecordField, json_key

DRAFT = "http://json-schema.org/draft-04/schema#"
RECORDS = "records"
"""The field of a batch that has its records."""
_WHOLE = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
_PRIMITIVES = {"boolean": "boolean", "double": "number", "float": "number"}
_TIMES = {"epoch_seconds": "number", "epoch_millis": "integer"}


@dataclass(frozen=True, slots=True)
class KeyField:
    """The field of a record that is its partition key.

    Attributes:
        name: Its key in the JSON of a record.
        is_text: Whether it is a text there.
    """

    name: str
    is_text: bool = True


def key_field(schema: Mapping[str, RecordField] | None, name: str) -> KeyField:
    """The field of a record that is its partition key.

    Args:
        schema: The fields of a record, one of which it is; None: they are not known, and it is a text.
        name: Its name.
    """
    if schema is None:
        return KeyField(name)
    return KeyField(json_key(name, schema[name]), _field(schema[name])["type"] == "string")


def record_model(schema: Mapping[str, RecordField] | None, key: KeyField | None) -> dict[str, Any]:
    """The model of one record.

    Args:
        schema: The fields of a record; None: only its key is known.
        key: The field that is its partition key, if a field is.
    """
    return {"$schema": DRAFT, "title": "Record", **_record(schema, key)}


def batch_model(schema: Mapping[str, RecordField] | None, key: KeyField | None, most: int) -> dict[str, Any]:
    """The model of several records.

    Args:
        schema: The fields of a record; None: only its key is known.
        key: The field that is its partition key, if a field is.
        most: How many records there may be.
    """
    records = {"type": "array", "minItems": 1, "maxItems": most, "items": _record(schema, key)}
    closed = {"type": "object", "required": [RECORDS], "additionalProperties": False}
    return {"$schema": DRAFT, "title": "Batch", **closed, "properties": {RECORDS: records}}


def _record(schema: Mapping[str, RecordField] | None, key: KeyField | None) -> dict[str, Any]:
    properties = {json_key(name, field): _or_null(_field(field)) for name, field in (schema or {}).items()}
    if key is not None:
        properties[key.name] = _key(properties.get(key.name, {"type": ["string", "null"]}))
    return {
        "type": "object",
        **({"required": [key.name]} if key else {}),
        **({"properties": properties} if properties else {}),
        **({"additionalProperties": False} if schema is not None else {}),
    }


def _key(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A field that has to be there, and that Kinesis takes as a key."""
    kind = definition["type"][0]
    characters = kinesis.PARTITION_KEY_CHARACTERS
    limits = {"minLength": characters.minimum, "maxLength": characters.maximum} if kind == "string" else {}
    return {**definition, "type": kind, **limits}


def _or_null(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {**definition, "type": [definition["type"], "null"]}


def _field(field: RecordField) -> dict[str, Any]:
    if field.type == "timestamp":
        return {"type": _TIMES.get(field.timestamp_format or "", "string")}
    return _definition(parse_type(field.type))


def _definition(node: GlueTypeNode) -> dict[str, Any]:
    match node:
        case PrimitiveType(kind) if kind in _WHOLE:
            most = 2 ** (_WHOLE[kind] - 1)
            return {"type": "integer", "minimum": -most, "maximum": most - 1}
        case PrimitiveType(kind):
            return {"type": _PRIMITIVES.get(kind, "string")}
        case DecimalType():
            return {"type": "number"}
        case ArrayType(element):
            return {"type": "array", "items": _or_null(_definition(element))}
        case MapType(_, value):
            return {"type": "object", "additionalProperties": _or_null(_definition(value))}
        case StructType(members):
            properties = {name: _or_null(_definition(member)) for name, member in members}
            return {"type": "object", "properties": properties, "additionalProperties": False}

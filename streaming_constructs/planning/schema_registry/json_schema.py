"""Record schemas in JSON Schema: the definition of each type, and whether documents of one are documents of another.

AWS's converter for Kafka Connect reads a field that may be null as `oneOf` of its type and null, and fails on a list of types;
`connect.type` tells it numbers, bytes and maps apart, and says nothing to others.
Sources: https://json-schema.org/draft-07, https://github.com/awslabs/aws-glue-schema-registry/issues/218, and the
module `jsonschema-kafkaconnect-converter` of that repository, read 2026-11-28
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.glue_schema_registry import JSON_SCHEMA_DRAFT
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

_TYPE_IN_CONNECT = "connect.type"
_PRIMITIVES: Mapping[str, Mapping[str, Any]] = {
    "bigint": {"type": "integer", _TYPE_IN_CONNECT: "int64"},
    "binary": {"type": "string", "contentEncoding": "base64", _TYPE_IN_CONNECT: "bytes"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "double": {"type": "number", _TYPE_IN_CONNECT: "float64"},
    "float": {"type": "number", _TYPE_IN_CONNECT: "float32"},
    "int": {"type": "integer", _TYPE_IN_CONNECT: "int32"},
    "smallint": {"type": "integer", _TYPE_IN_CONNECT: "int16"},
    "string": {"type": "string"},
    "tinyint": {"type": "integer", _TYPE_IN_CONNECT: "int8"},
}
_TIMES: Mapping[str, Mapping[str, Any]] = {
    "iso8601": {"type": "string", "format": "date-time"},
    "epoch_seconds": {"type": "number", _TYPE_IN_CONNECT: "float64"},
    "epoch_millis": {"type": "integer", _TYPE_IN_CONNECT: "int64"},
}
_NULL: Mapping[str, Any] = {"type": "null"}
Path = tuple[str, ...]


def json_definition(name: str, schema: Mapping[str, RecordField]) -> dict[str, Any]:
    """A record schema in JSON Schema. No field has to be there, each may be null, and there are no others.

    That there are no others makes it possible to add some: of what was written nobody can have used their names.

    Args:
        name: The name of the schema.
        schema: Its fields.
    """
    properties = {json_key(key, field): _field(field) for key, field in schema.items()}
    return {"$schema": JSON_SCHEMA_DRAFT, "title": name, **_object(properties)}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _field(field: RecordField) -> dict[str, Any]:
    if field.type == "timestamp":
        return _nullable(_TIMES.get(field.timestamp_format or "iso8601", {"type": "string"}))
    return _type(parse_type(field.type))


def _nullable(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {"oneOf": [dict(definition), dict(_NULL)]}


def _type(node: GlueTypeNode) -> dict[str, Any]:
    match node:
        case PrimitiveType(kind):
            return _nullable(_PRIMITIVES.get(kind, _TIMES["iso8601"]))
        case DecimalType():
            return _nullable({"type": "number", _TYPE_IN_CONNECT: "float64"})
        case ArrayType(element):
            return _nullable({"type": "array", "items": _type(element)})
        case MapType(_, value):
            values = {"type": "object", "additionalProperties": _type(value), _TYPE_IN_CONNECT: "map"}
            return _nullable(values)
        case StructType(members):
            return _nullable(_object({name: _type(member) for name, member in members}))


def json_problems(reader: Mapping[str, Any], writer: Mapping[str, Any], path: Path = ()) -> Iterator[str]:
    """What of documents of one definition is no document of another; of definitions as `json_definition` writes them.

    Formats do not count for it: validators may pass them over.

    Args:
        reader: The definition that is read with.
        writer: The one that was written with.
        path: Where both stand, from the record down.
    """
    here = f"`{'.'.join(path) or 'the record'}`"
    (reader, read), (writer, written) = _without_null(reader), _without_null(writer)
    refused = sorted(written - read - ({"integer"} if "number" in read else set()))
    if refused:
        yield f"{here} is written as {' or '.join(refused)} and read as {' or '.join(sorted(read - {'null'}))}"
        return
    if "array" in written:
        yield from json_problems(reader["items"], writer["items"], (*path, "element"))
    if "object" in written:
        yield from _object_problems(reader, writer, path)


def _object_problems(reader: Mapping[str, Any], writer: Mapping[str, Any], path: Path) -> Iterator[str]:
    others, taken = writer["additionalProperties"], reader["additionalProperties"]
    if others is not False:
        if taken is False:
            yield f"`{'.'.join(path)}` is written with any keys and read with some alone"
        else:
            yield from json_problems(taken, others, (*path, "value"))
    for name, definition in writer.get("properties", {}).items():
        known = reader.get("properties", {}).get(name, taken)
        if known is False:
            yield f"`{'.'.join((*path, name))}` is written, and its reader knows no such field"
        else:
            yield from json_problems(known, definition, (*path, name))


def _without_null(definition: Mapping[str, Any]) -> tuple[Mapping[str, Any], set[str]]:
    """What a definition is where it is not null, and the types that it takes."""
    alternatives = definition.get("oneOf", [definition])
    (of_value,) = (one for one in alternatives if one != _NULL)
    return of_value, {one["type"] for one in alternatives}

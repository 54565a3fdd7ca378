"""Record schemas in Avro: the definition of each type, and whether what was written with one can be read with another.

Source: https://avro.apache.org/docs/1.12.0/specification/, read 2026-11-28
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.glue_schema_registry import AVRO_PROMOTIONS
from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
    parse_type,
)
from streaming_constructs.spec.schemas import RecordField

_PRIMITIVES: Mapping[str, Any] = {
    "bigint": "long",
    "binary": "bytes",
    "boolean": "boolean",
    "date": {"type": "int", "logicalType": "date"},
    "double": "double",
    "float": "float",
    "int": "int",
    "smallint": "int",
    "string": "string",
    # Athena knows no finer time than a millisecond.
    "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
    "tinyint": "int",
}
Path = tuple[str, ...]


def avro_definition(name: str, schema: Mapping[str, RecordField]) -> dict[str, Any]:
    """A record schema in Avro. Every field may be null, as types of Glue say nothing against it, and is null by default.

    Args:
        name: The name of the schema.
        schema: Its fields.
    """
    return _Definition().record(
        re.sub(r"[^A-Za-z0-9_]", "_", name), ((key, field.type) for key, field in schema.items())
    )


class _Definition:
    """One definition; a record in it is named once."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def record(self, name: str, members: Any) -> dict[str, Any]:
        own, number = name, 2
        while own in self._names:
            own, number = f"{name}_{number}", number + 1
        self._names.add(own)
        fields = [
            {
                "name": key,
                "type": self._nullable(parse_type(type_) if isinstance(type_, str) else type_, f"{own}_{key}"),
                "default": None,
            }
            for key, type_ in members
        ]
        return {"type": "record", "name": own, "fields": fields}

    def _nullable(self, node: GlueTypeNode, name: str) -> list[Any]:
        return ["null", self._type(node, name)]

    def _type(self, node: GlueTypeNode, name: str) -> Any:
        match node:
            case PrimitiveType(kind):
                return _PRIMITIVES[kind]
            case DecimalType(precision, scale):
                return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}
            case ArrayType(element):
                return {"type": "array", "items": self._nullable(element, f"{name}_element")}
            case MapType(_, value):
                return {"type": "map", "values": self._nullable(value, f"{name}_value")}
            case StructType(members):
                return self.record(name, members)


def avro_problems(reader: Any, writer: Any, path: Path = ()) -> Iterator[str]:
    """What of records that were written with one definition cannot be read with another, as Avro resolves schemas.

    Logical types do not count for it, only what they are written as.

    Args:
        reader: The definition that is read with.
        writer: The one that was written with.
        path: Where both stand, from the record down.
    """
    if isinstance(writer, list):
        for branch in writer:
            yield from avro_problems(reader, branch, path)
        return
    if isinstance(reader, list):
        if all(any(True for _ in avro_problems(branch, writer, path)) for branch in reader):
            same = [branch for branch in reader if _kind(branch) == _kind(writer)]
            yield from avro_problems(same[0], writer, path) if same else iter((_unreadable(reader, writer, path),))
        return
    read, written = _kind(reader), _kind(writer)
    if read != written:
        if read not in AVRO_PROMOTIONS.get(written, ()):
            yield _unreadable(reader, writer, path)
    elif read == "record":
        yield from _record_problems(reader, writer, path)
    elif read in {"array", "map"}:
        inner = "items" if read == "array" else "values"
        yield from avro_problems(reader[inner], writer[inner], (*path, "element" if read == "array" else "value"))


def _record_problems(reader: Mapping[str, Any], writer: Mapping[str, Any], path: Path) -> Iterator[str]:
    if reader["name"] != writer["name"]:
        what = ".".join(path) or "the record"
        yield f"`{what}` is called `{reader['name']}` by its reader and `{writer['name']}` by its writer"
    fields = {field["name"]: field for field in writer["fields"]}
    for field in reader["fields"]:
        here = (*path, field["name"])
        if field["name"] in fields:
            yield from avro_problems(field["type"], fields[field["name"]]["type"], here)
        elif "default" not in field:
            yield f"`{'.'.join(here)}` is not written, and has no default"


def _kind(definition: Any) -> str:
    return str(definition["type"] if isinstance(definition, Mapping) else definition)


def _unreadable(reader: Any, writer: Any, path: Path) -> str:
    names = [_kind(branch) for branch in reader] if isinstance(reader, list) else [_kind(reader)]
    wanted = " or ".join(name for name in names if name != "null") or "null"
    return f"`{'.'.join(path)}` is written as {_kind(writer)} and read as {wanted}"

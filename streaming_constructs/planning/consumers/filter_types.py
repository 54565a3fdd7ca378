"""What a filter's path leads to in a record's schema, and whether its rules can match what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from streaming_constructs.spec.event_pattern import is_number
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

Verdict = Literal["may", "never", "always"]
"""Whether a rule may match some values of a field, matches none, or matches all."""
JsonKind = Literal["text", "number", "boolean"]

INTEGERS = frozenset({"tinyint", "smallint", "int", "bigint"})
_TEXTS = frozenset({"string", "binary", "date"})
_FRACTIONS = frozenset({"float", "double"})
_BOTH: frozenset[JsonKind] = frozenset({"text", "number"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What a path leads to.

    Attributes:
        kind: `value` a value without parts; `object` a struct or a map; `below` something inside of a value without parts;
            `unknown` a name that is not there.
        type: The type that it ends at.
        known: How much of the path, in characters, is there.
        names: The names that could stand where the unknown one does.
        timestamp_format: How a timestamp is written, where the schema says so.
    """

    kind: Literal["value", "object", "below", "unknown"]
    type: GlueTypeNode | None
    known: int = 0
    names: tuple[str, ...] = ()
    timestamp_format: str | None = None

    @property
    def json_kinds(self) -> frozenset[JsonKind]:
        """How JSON writes a value there; nothing for what is no value without parts."""
        return _kinds(self.type, self.timestamp_format) if self.kind == "value" and self.type else frozenset()


def reached(schema: RecordSchema, path: str) -> list[Reach]:
    """What a path leads to; more than one thing where dots may be in names or between them.

    Args:
        schema: The schema.
        path: Names of fields with dots between them.
    """
    keys = {json_key(name, field): field for name, field in schema.items()}
    found = [reach for key, rest in _heads(path, keys) for reach in _reached_in(keys[key], rest, len(path) - len(rest))]
    return found or [Reach("unknown", None, 0, tuple(keys))]


def _reached_in(field: RecordField, rest: str, known: int) -> Iterator[Reach]:
    for reach in _inside(parse_type(field.type), rest, known):
        yield Reach(reach.kind, reach.type, reach.known, reach.names, field.timestamp_format)


def _heads(path: str, names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names that a path may begin with, each with what is left of it."""
    for name in names:
        if path == name or path.startswith(f"{name}."):
            yield name, path[len(name) + 1 :]


def _inside(node: GlueTypeNode, path: str, known: int) -> Iterator[Reach]:
    if isinstance(node, ArrayType):
        yield from _inside(node.element, path, known)
    elif not path:
        yield Reach("object" if isinstance(node, StructType | MapType) else "value", node, known)
    elif isinstance(node, MapType):
        # Its keys are whatever records have, dots among it.
        ends = [position for position, character in enumerate(path) if character == "."]
        for end in (*ends, len(path)):
            yield from _inside(node.value, path[end + 1 :], known + end + 1)
    elif isinstance(node, StructType):
        members = dict(node.members)
        heads = list(_heads(path, members))
        for name, rest in heads:
            yield from _inside(members[name], rest, known + len(path) - len(rest))
        if not heads:
            yield Reach("unknown", node, known, tuple(members))
    else:
        yield Reach("below", node, known)


def verdict(rule: Any, reach: Reach) -> Verdict:
    """Whether a rule can match what is there.

    Args:
        rule: A rule that AWS takes.
        reach: What its field is.
    """
    if isinstance(rule, Mapping) and "exists" in rule:
        if reach.kind == "value":
            return "may"
        # Only a value without parts exists for a pattern.
        return "never" if rule["exists"] else "always"
    if rule is None:
        return "never" if reach.kind == "below" else "may"
    return _verdict_of_value(rule, reach.type, reach.json_kinds) if reach.kind == "value" and reach.type else "never"


def _verdict_of_value(rule: Any, node: GlueTypeNode, kinds: frozenset[JsonKind]) -> Verdict:
    if isinstance(rule, Mapping) and "anything-but" in rule:
        wanted = rule["anything-but"]
        values = wanted if isinstance(wanted, list | tuple) else [wanted]
        asked: JsonKind = "number" if is_number(values[0]) else "text"
        return "may" if asked in kinds else "always"
    if _asked(rule) not in kinds or (_is_whole(node) and _asks_for_a_fraction(rule)):
        return "never"
    return "may"


def _asked(rule: Any) -> JsonKind:
    if isinstance(rule, bool):
        return "boolean"
    return "number" if is_number(rule) or (isinstance(rule, Mapping) and "numeric" in rule) else "text"


def _asks_for_a_fraction(rule: Any) -> bool:
    words = rule["numeric"] if isinstance(rule, Mapping) else ("=", rule)
    return words[0] == "=" and words[1] % 1 != 0


def _kinds(node: GlueTypeNode, timestamp_format: str | None) -> frozenset[JsonKind]:
    """How JSON may write a value of a type; of decimals and times it writes texts and numbers."""
    if isinstance(node, DecimalType) or not isinstance(node, PrimitiveType):
        return _BOTH
    if node.name == "timestamp":
        if timestamp_format in {"epoch_seconds", "epoch_millis"}:
            return frozenset({"number"})
        return frozenset({"text"}) if timestamp_format == "iso8601" else _BOTH
    if node.name in _TEXTS:
        return frozenset({"text"})
    return frozenset({"number"}) if node.name in INTEGERS | _FRACTIONS else frozenset({"boolean"})


def _is_whole(node: GlueTypeNode) -> bool:
    return isinstance(node, PrimitiveType) and node.name in INTEGERS


def is_whole_number(reaches: list[Reach]) -> bool:
    """Whether all values that a path may lead to are whole numbers, of which JSON has one spelling.

    Args:
        reaches: What it may lead to.
    """
    values = [reach.type for reach in reaches if reach.kind == "value" and reach.type is not None]
    return bool(values) and all(_is_whole(node) for node in values)

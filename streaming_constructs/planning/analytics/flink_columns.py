"""The columns of tables of Flink: what a field of a schema is there, and how a time is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.facts.flink_connectors import MAP_KEY
from streaming_constructs.spec.analytics.sql_tokens import literal, quoted
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

TIME = "TIMESTAMP_LTZ(3)"
"""A moment, in milliseconds: what windows and watermarks take."""
_PRIMITIVES = {
    "bigint": "BIGINT",
    "binary": "BYTES",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "double": "DOUBLE",
    "float": "FLOAT",
    "int": "INT",
    "smallint": "SMALLINT",
    "string": "STRING",
    "timestamp": TIME,
    "tinyint": "TINYINT",
}
_EPOCHS = {"epoch_millis": 3, "epoch_seconds": 0}
"""The digits behind the second of times that are numbers."""
_QUOTED = re.compile(r"'[^']*'")
READ_LETTERS = "yMdEHhamsS"
"""The letters of Joda-Time that mean the same in Java's own patterns, which Flink reads times by.

Sources: https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html and
https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/time/format/DateTimeFormatter.html
"""


@dataclass(frozen=True, slots=True)
class FlinkColumn:
    """A column of a table that is read or written as JSON.

    Attributes:
        name: The name of the field.
        key: The key in the JSON.
        type: Its type in Flink, as the JSON has it.
        time: What makes a moment of it, where the JSON has another form of it; empty where it is taken as it stands.
    """

    name: str
    key: str
    type: str
    time: str = ""

    @property
    def is_time(self) -> bool:
        """Whether windows and watermarks can stand on it."""
        return bool(self.time) or self.type == TIME

    @property
    def shown(self) -> str:
        """The column of the raw table that has its value."""
        return f"{self.key}__time" if self.time else self.key


def flink_type(node: GlueTypeNode) -> str:
    """A type of AWS Glue as Flink calls it.

    Args:
        node: The type.
    """
    match node:
        case PrimitiveType(name):
            return _PRIMITIVES[name]
        case DecimalType(precision, scale):
            return f"DECIMAL({precision}, {scale})"
        case ArrayType(element):
            return f"ARRAY<{flink_type(element)}>"
        case MapType(_, value):
            return f"MAP<{MAP_KEY}, {flink_type(value)}>"
        case StructType(members):
            return f"ROW<{', '.join(f'{quoted(name)} {flink_type(member)}' for name, member in members)}>"


def unread_letters(pattern: str) -> str:
    """The letters of a pattern of Joda-Time that Flink does not read, in order.

    Args:
        pattern: The pattern.
    """
    letters = dict.fromkeys(letter for letter in _QUOTED.sub("", pattern) if letter.isalpha())
    return "".join(letter for letter in letters if letter not in READ_LETTERS)


def column_of(name: str, field: RecordField) -> FlinkColumn:
    """The column of a field.

    Args:
        name: The name of the field.
        field: The field.
    """
    key, written = json_key(name, field), field.timestamp_format
    if field.type != "timestamp" or written in {None, "iso8601"}:
        return FlinkColumn(name, key, flink_type(parse_type(field.type)))
    if written in _EPOCHS:
        return FlinkColumn(name, key, "BIGINT", f"TO_TIMESTAMP_LTZ({quoted(key)}, {_EPOCHS[written]})")
    pattern = literal(str(written))
    return FlinkColumn(name, key, "STRING", f"CAST(TO_TIMESTAMP({quoted(key)}, {pattern}) AS {TIME})")


def columns_of(schema: RecordSchema) -> tuple[FlinkColumn, ...]:
    """The columns of records, in the order of their schema.

    Args:
        schema: The schema.
    """
    return tuple(column_of(name, field) for name, field in schema.items())


def by_name(columns: tuple[FlinkColumn, ...]) -> Mapping[str, FlinkColumn]:
    """Columns by the names of their fields.

    Args:
        columns: The columns.
    """
    return {column.name: column for column in columns}


def interval(seconds: float) -> str:
    """A length of time as SQL writes it.

    Args:
        seconds: The time, in seconds.
    """
    millis = round(seconds * 1000)
    whole, thousandths = divmod(millis, 1000)
    if whole < 100 and not thousandths:
        return f"INTERVAL '{whole}' SECOND"
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"INTERVAL '{days} {hour:02}:{minute:02}:{second:02}.{thousandths:03}' DAY TO SECOND"

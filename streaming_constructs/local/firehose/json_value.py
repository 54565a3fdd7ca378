"""Values of JSON as values of a table's columns, as Firehose's deserializers read them.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html and
https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html, API_HiveJsonSerDe.html

AWS says that Hive takes no text for a number and no object for text. The rest is a reading; nothing of it was compared with
AWS. Times are in `json_time`.

- OpenX makes numbers and truths of text, and text of anything. Hive makes text of numbers and truths.
- A decimal is rounded to its scale, halves away from zero; too many digits before the point fail.
- A number with a point is whole if nothing stands behind the point. One that its type cannot hold fails.
- Binary is the text's bytes in UTF-8. A scalar is no array, map or struct, and an array no struct.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from typing import Any, Literal

from streaming_constructs.local.firehose.json_scalar import INTEGER, NUMBER, json_text, misfit
from streaming_constructs.local.firehose.json_time import hive_time, openx_time
from streaming_constructs.spec.glue_types import (
    ArrayType,
    DecimalType,
    GlueTypeNode,
    MapType,
    PrimitiveType,
    StructType,
    render,
)

Convert = Callable[[Any], Any]
"""Takes a value that `json` read with `parse_float=Decimal`; not None. Raises ValueError with the reason."""

_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
_FLOAT_MOST = {"float": 3.4028235677973366e38, "double": float("inf")}
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Deserializer:
    """How JSON is read.

    Attributes:
        kind: OpenX's SerDe or Hive's.
        key_mappings: The keys of columns that are called otherwise than their column, as OpenX's SerDe sees keys.
        is_case_insensitive: Whether keys are read in small letters.
        dots_to_underscores: Whether a dot in a key is read as an underscore.
        timestamp_formats: Patterns of times, of Hive's SerDe; none: as `java.sql.Timestamp.valueOf` reads them.
    """

    kind: Literal["openx", "hive"] = "openx"
    key_mappings: Mapping[str, str] = field(default_factory=dict)
    is_case_insensitive: bool = True
    dots_to_underscores: bool = False
    timestamp_formats: tuple[str, ...] = ()

    def keys(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The members of an object under the keys by which columns find them.

        Args:
            values: The object.
        """
        if self.is_case_insensitive:
            values = {key.lower(): value for key, value in values.items()}
        if self.dots_to_underscores:
            values = {key.replace(".", "_"): value for key, value in values.items()}
        return values


def converter(node: GlueTypeNode, deserializer: Deserializer) -> Convert:
    """What makes values of a type out of JSON.

    Times become microseconds since 1970 in UTC, which Arrow takes as they are.

    Args:
        node: The type.
        deserializer: How JSON is read.

    Raises:
        ValueError: If a pattern of times is not known.
    """
    match node:
        case PrimitiveType(name):
            return _primitive(name, deserializer)
        case DecimalType():
            return _decimal(node, is_text_taken=deserializer.kind == "openx")
        case ArrayType(element):
            return _array(_optional(converter(element, deserializer)))
        case MapType(key, value):
            # A key is text whatever it stands for.
            keys = _primitive(key.name, Deserializer(timestamp_formats=deserializer.timestamp_formats))
            return _map(keys, _optional(converter(value, deserializer)))
        case StructType(members):
            return _struct({name: converter(member, deserializer) for name, member in members}, deserializer)


def _primitive(name: str, deserializer: Deserializer) -> Convert:
    is_openx = deserializer.kind == "openx"
    if name in _BITS:
        return _integer(name, is_text_taken=is_openx)
    if name in _FLOAT_MOST:
        return _float(name, is_text_taken=is_openx)
    if name == "timestamp":
        return openx_time if is_openx else hive_time(deserializer.timestamp_formats)
    if name == "boolean":
        return _openx_boolean if is_openx else _hive_boolean
    if name == "string":
        return _openx_text if is_openx else _hive_text
    return _date if name == "date" else _binary


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _integer(name: str, *, is_text_taken: bool) -> Convert:
    high = 2 ** (_BITS[name] - 1) - 1
    low = -high - 1

    def convert(value: Any) -> int:
        whole = value if type(value) is int else _whole(value, is_text_taken=is_text_taken)
        if whole is not None and low <= whole <= high:
            return whole
        raise misfit(value, name)

    return convert


def _whole(value: Any, *, is_text_taken: bool) -> int | None:
    if type(value) is Decimal:
        return int(value) if value.adjusted() < 20 and value == value.to_integral_value() else None
    return int(value) if is_text_taken and type(value) is str and INTEGER.fullmatch(value) else None


def _float(name: str, *, is_text_taken: bool) -> Convert:
    most = _FLOAT_MOST[name]

    def convert(value: Any) -> float:
        if type(value) in (Decimal, int) or (is_text_taken and type(value) is str and NUMBER.fullmatch(value)):
            try:
                number = float(value)
            except OverflowError:
                raise misfit(value, name) from None
            if abs(number) < most:
                return number
        raise misfit(value, name)

    return convert


def _decimal(node: DecimalType, *, is_text_taken: bool) -> Convert:
    step = Decimal(1).scaleb(-node.scale)
    context = Context(prec=node.precision, rounding=ROUND_HALF_UP)  # raises where the digits do not suffice
    name = render(node)

    def convert(value: Any) -> Decimal:
        if type(value) in (Decimal, int) or (is_text_taken and type(value) is str and NUMBER.fullmatch(value)):
            try:
                return Decimal(value).quantize(step, context=context)
            except DecimalException:
                pass
        raise misfit(value, name)

    return convert


def _openx_boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    if type(value) is str and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise misfit(value, "boolean")


def _hive_boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise misfit(value, "boolean")


def _openx_text(value: Any) -> str:
    text = value if type(value) is str else _scalar(value)
    if not text.isascii():
        _encoded(text)
    return text


def _hive_text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise misfit(value, "string")
    return _openx_text(value)


def _scalar(value: Any) -> str:
    return str(value) if type(value) in (Decimal, int) else json_text(value)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("a half of a surrogate pair is no text") from None


def _binary(value: Any) -> bytes:
    if type(value) is str:
        return _encoded(value)
    raise misfit(value, "binary")


def _date(value: Any) -> date:
    found = _DATE.fullmatch(value) if type(value) is str else None
    if found is None:
        raise misfit(value, "date")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise misfit(value, "date") from None


def _array(convert: Convert) -> Convert:
    def converted(value: Any) -> list[Any]:
        if type(value) is not list:
            raise misfit(value, "array")
        return [convert(element) for element in value]

    return converted


def _map(key: Convert, convert: Convert) -> Convert:
    def converted(value: Any) -> list[tuple[Any, Any]]:
        if type(value) is not dict:
            raise misfit(value, "map")
        return [(key(name), convert(entry)) for name, entry in value.items()]

    return converted


def _struct(members: Mapping[str, Convert], deserializer: Deserializer) -> Convert:
    def converted(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise misfit(value, "struct")
        given = deserializer.keys(value)
        row = {}
        for name, convert in members.items():
            field_value = given.get(name)
            try:
                row[name] = None if field_value is None else convert(field_value)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return row

    return converted

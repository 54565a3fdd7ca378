"""Values of JSON as values of a table's columns, as Firehose's deserializers read them.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html and
https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html, API_HiveJsonSerDe.html

AWS says that Hive takes no text for a number and no object for text, that OpenX reads keys in small letters, and that OpenX
takes no key twice in an object, also where two differ in their case alone (of Athena, in
https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html; of Firehose it is a reading that this is the same SerDe).
Keys are those at every depth, also of maps, and of objects in a column of text. That, and how OpenX makes other values fit and
Hive refuses them, was measured in Firehose by others: https://github.com/floci-io/floci/pull/3521

- OpenX makes numbers and truths of text, and text of anything. Hive makes text of numbers and truths.
- OpenX makes an array of one element of what is no array, and fills a struct with the elements of an array, by their position.
  Hive takes neither.
- A number in text is as it was written there.

The rest is a reading, after the SerDes themselves where they are not silent about what is lost; nothing of it was compared with
AWS. Times are in `json_time`.

- A decimal is rounded to its scale, halves away from zero; too many digits before the point fail.
- A number with a point is whole for OpenX if nothing stands behind the point; Hive cuts it off. One that its type cannot hold
  fails.
- OpenX takes `0x1F` in text for a whole number, the day of a time for a date, and an empty text for no array and no map.
- What would become false or null without a word fails: anything but a truth in a column of truths, and what is no date or no
  decimal. The SerDes let such a value go.
- Of keys that are the same, Hive takes the last one.
- Binary is the text's bytes in UTF-8. A scalar is no map and no struct, and an array no map.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from typing import Any, Literal

from streaming_constructs.local.firehose.json_documents import decoder, documents
from streaming_constructs.local.firehose.json_scalar import (
    HEXADECIMAL,
    INTEGER,
    NUMBER,
    json_text,
    misfit,
    number_text,
)
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
_DAY = re.compile(_DATE.pattern + r"(?:[T ].*)?", re.DOTALL)


class DuplicateKeyError(ValueError):
    """An object has a key twice."""


@dataclass(frozen=True, slots=True)
class Deserializer:
    """How JSON is read.

    Attributes:
        kind: OpenX's SerDe or Hive's.
        key_mappings: The keys of columns that are called otherwise than their column, as OpenX's SerDe sees keys.
        is_case_insensitive: Whether keys are read in small letters; of Hive's SerDe, those of columns and structs alone.
        dots_to_underscores: Whether a dot in a key is read as an underscore.
        timestamp_formats: Patterns of times, of Hive's SerDe; none: as `java.sql.Timestamp.valueOf` reads them.
    """

    kind: Literal["openx", "hive"] = "openx"
    key_mappings: Mapping[str, str] = field(default_factory=dict)
    is_case_insensitive: bool = True
    dots_to_underscores: bool = False
    timestamp_formats: tuple[str, ...] = ()

    def documents(self, text: str) -> Iterator[Any]:
        """The documents of a text.

        Args:
            text: The text.

        Raises:
            DuplicateKeyError: If OpenX's SerDe finds a key twice in an object.
            ValueError: If there is anything else.
            RecursionError: If one is nested too deep.
        """
        if self.kind == "hive":
            found = documents(text)
        else:
            found = documents(text, _DECODE_LOWERED if self.is_case_insensitive else _DECODE_UNIQUE)
        return (document for document, _, _ in found)

    def keys(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The members of an object under the keys by which columns find them.

        Args:
            values: The object, as `documents` gave it.
        """
        if self.is_case_insensitive and self.kind == "hive":
            values = {key.lower(): value for key, value in values.items()}
        if self.dots_to_underscores:
            values = {key.replace(".", "_"): value for key, value in values.items()}
        return values


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    object_ = dict(members)
    if len(object_) < len(members):
        raise _duplicate(name for name, _ in members)
    return object_


def _lowered(members: list[tuple[str, Any]]) -> dict[str, Any]:
    object_ = {name.lower(): value for name, value in members}
    if len(object_) < len(members):
        raise _duplicate(name.lower() for name, _ in members)
    return object_


def _duplicate(names: Iterable[str]) -> DuplicateKeyError:
    (name, _), *_ = Counter(names).most_common(1)
    return DuplicateKeyError(f'Duplicate key "{name}"')


_DECODE_UNIQUE, _DECODE_LOWERED = decoder(_unique), decoder(_lowered)


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
            array = _openx_array if deserializer.kind == "openx" else _array
            return array(_optional(converter(element, deserializer)))
        case MapType(key, value):
            # A key is text whatever it stands for.
            keys = _primitive(key.name, Deserializer(timestamp_formats=deserializer.timestamp_formats))
            is_empty_null = deserializer.kind == "openx"
            return _map(keys, _optional(converter(value, deserializer)), is_empty_null=is_empty_null)
        case StructType(members):
            return _struct({name: converter(member, deserializer) for name, member in members}, deserializer)


def _primitive(name: str, deserializer: Deserializer) -> Convert:
    is_openx = deserializer.kind == "openx"
    if name in _BITS:
        return _integer(name, _openx_whole if is_openx else _hive_whole)
    if name in _FLOAT_MOST:
        return _float(name, is_text_taken=is_openx)
    if name == "timestamp":
        return openx_time if is_openx else hive_time(deserializer.timestamp_formats)
    others: dict[str, tuple[Convert, Convert]] = {
        "boolean": (_openx_boolean, _hive_boolean),
        "date": (_date(_DAY), _date(_DATE)),
        "string": (_text, _hive_text),
        "binary": (_binary, _binary),
    }
    openx, hive = others[name]
    return openx if is_openx else hive


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _integer(name: str, whole_of: Callable[[Any], int | None]) -> Convert:
    high = 2 ** (_BITS[name] - 1) - 1
    low = -high - 1

    def convert(value: Any) -> int:
        whole = value if type(value) is int else whole_of(value)
        if whole is not None and low <= whole <= high:
            return whole
        raise misfit(value, name)

    return convert


def _openx_whole(value: Any) -> int | None:
    if isinstance(value, Decimal):
        return int(value) if value.adjusted() < 20 and value == value.to_integral_value() else None
    if type(value) is not str:
        return None
    if INTEGER.fullmatch(value):
        return int(value)
    return int(value, 16) if HEXADECIMAL.fullmatch(value) else None


def _hive_whole(value: Any) -> int | None:
    return int(value) if isinstance(value, Decimal) and value.adjusted() < 20 else None


def _is_number(value: Any) -> bool:
    return type(value) is int or isinstance(value, Decimal)


def _float(name: str, *, is_text_taken: bool) -> Convert:
    most = _FLOAT_MOST[name]

    def convert(value: Any) -> float:
        if _is_number(value) or (is_text_taken and type(value) is str and NUMBER.fullmatch(value)):
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
        if _is_number(value) or (is_text_taken and type(value) is str and NUMBER.fullmatch(value)):
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


def _hive_text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise misfit(value, "string")
    return _text(value)


def _text(value: Any) -> str:
    text = value if type(value) is str else number_text(value) if _is_number(value) else json_text(value)
    if not text.isascii():
        _encoded(text)
    return text


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("a half of a surrogate pair is no text") from None


def _binary(value: Any) -> bytes:
    if type(value) is str:
        return _encoded(value)
    raise misfit(value, "binary")


def _date(written: re.Pattern[str]) -> Convert:
    def convert(value: Any) -> date:
        found = written.fullmatch(value) if type(value) is str else None
        if found is None:
            raise misfit(value, "date")
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            raise misfit(value, "date") from None

    return convert


def _array(convert: Convert) -> Convert:
    def converted(value: Any) -> list[Any]:
        if type(value) is not list:
            raise misfit(value, "array")
        return [convert(element) for element in value]

    return converted


def _openx_array(convert: Convert) -> Convert:
    def converted(value: Any) -> list[Any] | None:
        if value == "":
            return None
        return [convert(element) for element in (value if type(value) is list else (value,))]

    return converted


def _map(key: Convert, convert: Convert, *, is_empty_null: bool) -> Convert:
    def converted(value: Any) -> list[tuple[Any, Any]] | None:
        if value == "" and is_empty_null:
            return None
        if type(value) is not dict:
            raise misfit(value, "map")
        return [(key(name), convert(entry)) for name, entry in value.items()]

    return converted


def _struct(members: Mapping[str, Convert], deserializer: Deserializer) -> Convert:
    def given_members(value: Any) -> Mapping[str, Any]:
        if type(value) is dict:
            return deserializer.keys(value)
        if deserializer.kind == "openx" and value == "":
            return {}
        if deserializer.kind == "openx" and type(value) is list:
            return dict(zip(members, value, strict=False))
        raise misfit(value, "struct")

    def converted(value: Any) -> dict[str, Any]:
        given = given_members(value)
        row = {}
        for name, convert in members.items():
            field_value = given.get(name)
            try:
                row[name] = None if field_value is None else convert(field_value)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return row

    return converted

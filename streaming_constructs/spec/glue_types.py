"""The types of AWS Glue: from text to a tree, and from the tree to the same text.

`string`, `int`, `bigint`, `double`, `decimal(10,2)`, `timestamp`, `array<string>`, `map<string,int>`,
`struct<street:string,city:string>`.
Source: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from streaming_constructs.spec.finding import did_you_mean, nearest

PRIMITIVE_TYPES = (
    "bigint",
    "binary",
    "boolean",
    "date",
    "double",
    "float",
    "int",
    "smallint",
    "string",
    "timestamp",
    "tinyint",
)
MAX_NESTING = 32
MAX_PRECISION = 38
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_TOKEN = re.compile(_NAME + "|[0-9]+|[<>(),:]")


_ELSEWHERE = {
    **dict.fromkeys(("str", "text", "varchar", "char", "uuid", "json", "keyword"), "string"),
    **dict.fromkeys(("datetime", "date_time", "time"), "timestamp"),
    **dict.fromkeys(("long", "int64"), "bigint"),
    **dict.fromkeys(("integer", "int32"), "int"),
    **dict.fromkeys(("number", "real", "float64"), "double"),
    **dict.fromkeys(("decimal", "numeric", "money"), "decimal(10,2)"),
    "bool": "boolean",
    "list": "array<string>",
}
"""What types are called elsewhere."""

WIDER_TYPES: Mapping[str, tuple[str, ...]] = {
    "tinyint": ("smallint", "int", "bigint"),
    "smallint": ("int", "bigint"),
    "int": ("bigint",),
    "float": ("double",),
}
"""Types as which AWS lists a smaller one as readable; of Parquet and ORC in partitioned tables alone, and only once tested.

Source: https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html
"""


def meant_type(text: str) -> str:
    """The type that a text probably means, which is none itself; an empty string where none is like it.

    Args:
        text: What was written.
    """
    plain = text.strip().lower()
    tried = [_ELSEWHERE.get(plain, ""), re.sub(r"\b(list|set)<", "array<", plain), nearest(plain, PRIMITIVE_TYPES)]
    for candidate in filter(None, tried):
        with suppress(GlueTypeError):
            return render(parse_type(candidate))
    return ""


class GlueTypeError(ValueError):
    """A text that is no type of AWS Glue; its message says why."""


@dataclass(frozen=True, slots=True)
class PrimitiveType:
    """A type without parts.

    Attributes:
        name: One of `PRIMITIVE_TYPES`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class DecimalType:
    """A number with a fixed count of digits.

    Attributes:
        precision: All digits, 1 to 38.
        scale: Those after the point, 0 to `precision`.
    """

    precision: int
    scale: int


@dataclass(frozen=True, slots=True)
class ArrayType:
    """A list of values of one type.

    Attributes:
        element: The type of each.
    """

    element: GlueTypeNode


@dataclass(frozen=True, slots=True)
class MapType:
    """Values by keys that the schema does not know.

    Attributes:
        key: The type of a key.
        value: The type of a value.
    """

    key: PrimitiveType
    value: GlueTypeNode


@dataclass(frozen=True, slots=True)
class StructType:
    """Values by names that the schema knows.

    Attributes:
        members: Name and type of each, in order.
    """

    members: tuple[tuple[str, GlueTypeNode], ...]


GlueTypeNode = PrimitiveType | DecimalType | ArrayType | MapType | StructType
"""A type, as a tree."""


def parse_type(text: str) -> GlueTypeNode:
    """The type that a text names; spaces do not count.

    Args:
        text: Such as `map<string,int>`.

    Raises:
        GlueTypeError: If it is none, with the reason.
    """
    parser = _TypeParser(text)
    node = parser.type()
    if parser.tokens:
        raise GlueTypeError(f"nothing may follow, but `{''.join(parser.tokens)}` does")
    return node


def render(node: GlueTypeNode) -> str:
    """The text of a type, as Glue writes it: without spaces.

    Args:
        node: The type.
    """
    match node:
        case PrimitiveType(name):
            return name
        case DecimalType(precision, scale):
            return f"decimal({precision},{scale})"
        case ArrayType(element):
            return f"array<{render(element)}>"
        case MapType(key, value):
            return f"map<{key.name},{render(value)}>"
        case StructType(members):
            return f"struct<{','.join(f'{name}:{render(member)}' for name, member in members)}>"


def in_small_letters(node: GlueTypeNode) -> GlueTypeNode:
    """The same type with the names of struct members in small letters, as a table has them.

    Args:
        node: The type.
    """
    match node:
        case ArrayType(element):
            return ArrayType(in_small_letters(element))
        case MapType(key, value):
            return MapType(key, in_small_letters(value))
        case StructType(members):
            return StructType(tuple((name.lower(), in_small_letters(member)) for name, member in members))
        case _:
            return node


class _TypeParser:
    """Reads one Glue type; a grammar of five rules, by recursive descent."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != text.replace(" ", ""):
            raise GlueTypeError("it has characters that no type has")
        if text.count("<") > MAX_NESTING:
            raise GlueTypeError(f"it is nested deeper than {MAX_NESTING} levels")

    def take(self, expected: str = "") -> str:
        token = self.tokens.pop(0) if self.tokens else ""
        if not token or (expected and token != expected):
            raise GlueTypeError(f"expected `{expected}`" if expected else "it ends too early")
        return token

    def type(self) -> GlueTypeNode:
        name = self.take()
        if name in PRIMITIVE_TYPES:
            return PrimitiveType(name)
        if name == "decimal":
            return self.decimal()
        if name not in {"array", "map", "struct"}:
            choices = (*PRIMITIVE_TYPES, "array", "map", "struct")
            raise GlueTypeError(f"`{name}` is no type; {did_you_mean(name, choices)}")
        self.take("<")
        node = self.array() if name == "array" else self.map() if name == "map" else self.struct()
        self.take(">")
        return node

    def decimal(self) -> DecimalType:
        self.take("(")
        precision = self.take()
        self.take(",")
        scale = self.take()
        self.take(")")
        # Longer numbers fit no decimal, and reading them takes time that grows with their square.
        if not (precision.isdigit() and scale.isdigit() and len(precision + scale) <= 8) or not (
            1 <= int(precision) <= MAX_PRECISION and int(scale) <= int(precision)
        ):
            raise GlueTypeError(
                f"a decimal is `decimal(precision,scale)` with precision 1 to {MAX_PRECISION} and scale up to precision"
            )
        return DecimalType(int(precision), int(scale))

    def array(self) -> ArrayType:
        return ArrayType(self.type())

    def map(self) -> MapType:
        key = self.take()
        if key not in PRIMITIVE_TYPES:
            raise GlueTypeError("the key of a map is a primitive type")
        self.take(",")
        return MapType(PrimitiveType(key), self.type())

    def struct(self) -> StructType:
        members = [self.member()]
        while self.tokens[:1] == [","]:
            self.take(",")
            members.append(self.member())
        seen: dict[str, str] = {}
        for name, _ in members:
            if name.lower() in seen:
                raise GlueTypeError(f"`{seen[name.lower()]}` and `{name}` are one member: tables have small letters")
            seen[name.lower()] = name
        return StructType(tuple(members))

    def member(self) -> tuple[str, GlueTypeNode]:
        name = self.take()
        if not re.fullmatch(_NAME, name):
            raise GlueTypeError(f"`{name}` is no name of a field")
        self.take(":")
        return name, self.type()

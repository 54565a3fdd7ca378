"""Record schemas: the names and types of the fields of a record, written once and used everywhere.

Types are those of AWS Glue: `string`, `int`, `bigint`, `double`, `decimal(10,2)`, `timestamp`, `array<string>`,
`map<string,int>`, `struct<street:string,city:string>`.
Source: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from streaming_constructs.spec.finding import did_you_mean
from streaming_constructs.spec.model import form

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
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_TOKEN = re.compile(_NAME + "|[0-9]+|[<>(),:]")


class _TypeParser:
    """Reads one Glue type; a grammar of five rules, by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != text.replace(" ", ""):
            raise self.error("it has characters that no type has")
        if text.count("<") > MAX_NESTING:
            raise self.error(f"it is nested deeper than {MAX_NESTING} levels")

    def error(self, why: str) -> PydanticCustomError:
        return PydanticCustomError("SC207", "{why}", {"why": why, "type": self.text})

    def take(self, expected: str = "") -> str:
        token = self.tokens.pop(0) if self.tokens else ""
        if not token or (expected and token != expected):
            raise self.error(f"expected `{expected}`" if expected else "it ends too early")
        return token

    def fields(self) -> None:
        name = self.take()
        if not re.fullmatch(_NAME, name):
            raise self.error(f"`{name}` is no name of a field")
        self.take(":")
        self.type()

    def type(self) -> None:
        name = self.take()
        if name in PRIMITIVE_TYPES:
            return
        if name == "decimal":
            self.decimal()
        elif name in {"array", "map", "struct"}:
            self.take("<")
            self.arguments(name)
            self.take(">")
        else:
            raise self.error(
                f"`{name}` is no type; " + did_you_mean(name, (*PRIMITIVE_TYPES, "array", "map", "struct"))
            )

    def decimal(self) -> None:
        self.take("(")
        precision = self.take()
        self.take(",")
        scale = self.take()
        self.take(")")
        if not (precision.isdigit() and scale.isdigit() and 1 <= int(precision) <= 38 and int(scale) <= int(precision)):
            raise self.error("a decimal is `decimal(precision,scale)` with precision 1 to 38 and scale up to precision")

    def arguments(self, name: str) -> None:
        if name == "array":
            self.type()
        elif name == "map":
            if self.take() not in PRIMITIVE_TYPES:
                raise self.error("the key of a map is a primitive type")
            self.take(",")
            self.type()
        else:
            self.fields()
            while self.tokens[:1] == [","]:
                self.take(",")
                self.fields()


def _glue_type(text: str) -> str:
    parser = _TypeParser(text)
    parser.type()
    if parser.tokens:
        raise parser.error(f"nothing may follow, but `{''.join(parser.tokens)}` does")
    return text.replace(" ", "")


def _one_column_each(schema: Mapping[str, str]) -> Mapping[str, str]:
    seen: dict[str, str] = {}
    for name in schema:
        if name.lower() in seen:
            pair = {"one": seen[name.lower()], "other": name}
            raise PydanticCustomError("SC208", "`{one}` and `{other}` are one column", pair)
        seen[name.lower()] = name
    return schema


FieldName = Annotated[
    str,
    form("^[A-Za-z_][A-Za-z0-9_]{0,254}$", "a field name of letters, digits and `_` that does not start with a digit"),
]
GlueType = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_glue_type)]
RecordSchema = Annotated[
    Mapping[FieldName, GlueType],
    AfterValidator(_one_column_each),
    Field(min_length=1, description="The fields of a record, by name as in its JSON, with their AWS Glue types."),
]

"""Record schemas: the fields of a record, written once and used everywhere.

A field is a type of AWS Glue, such as `bigint` or `struct<street:string,city:string>`, or a mapping that also says how a time
is written, and under which key a record has it. The columns of a table, the conversion to Parquet and what may change later
all follow from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError, create_model
from pydantic_core import PydanticCustomError

from streaming_constructs.spec.finding import Edit, Finding, SpecError
from streaming_constructs.spec.glue_types import GlueTypeError, in_small_letters, parse_type, render
from streaming_constructs.spec.model import Short, SpecModel, form, refusal

ISO_OR_EPOCH = (None, "iso8601", "epoch_seconds", "epoch_millis")
"""The forms of a time that Firehose's OpenX SerDe reads; for any other it needs the Hive SerDe.

Source: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
"""


def _glue_type(text: str) -> str:
    try:
        return render(parse_type(text))
    except GlueTypeError as error:
        raise PydanticCustomError("SCH207", "{why}", {"why": str(error), "type": text}) from None


# Firehose's OpenX SerDe reads ISO 8601 in UTC and times since 1970; its Hive SerDe any pattern of Joda-Time, whose letters
# these are; a `%` is of strftime's patterns.
# Source: https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
_JODA_LETTER = "[CGYxwedyDMaKHkhmsSEzZ]"
_JODA_LITERAL = r"[^A-Za-z'%\x00-\x1f]|'[^'\x00-\x1f]*'"
_TIMESTAMP_FORMAT = (
    f"^(iso8601|epoch_seconds|epoch_millis|({_JODA_LITERAL})*{_JODA_LETTER}({_JODA_LITERAL}|{_JODA_LETTER})*)$"
)

FieldName = Annotated[
    str,
    form("^[A-Za-z_][A-Za-z0-9_]{0,254}$", "a field name of letters, digits and `_` that does not start with a digit"),
]
GlueType = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_glue_type)]
TimestampFormat = Annotated[
    str,
    form(
        _TIMESTAMP_FORMAT,
        "iso8601, epoch_seconds, epoch_millis, or a pattern of Joda-Time such as dd/MM/yyyy HH:mm:ss",
        max_length=1024,
    ),
]
# Sources: https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html and
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-glue-table-column.html
JsonKey = Annotated[
    str, form(r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*$", "a key on one line, such as user-agent", max_length=1024)
]
ColumnComment = Annotated[str, form(r"^[^\x00-\x1f]+$", "a text on one line", max_length=255)]


class RecordField(SpecModel):
    """A field of a record, which becomes a column of a table."""

    type: GlueType = Field(description="Its type in AWS Glue, such as string or decimal(10,2).")
    timestamp_format: TimestampFormat | None = Field(
        default=None,
        description="How records write a timestamp: iso8601 (such as 2026-01-15T08:30:00.250Z, in UTC unless an offset "
        "follows), epoch_seconds, epoch_millis, or a pattern of Joda-Time such as dd/MM/yyyy HH:mm:ss. Left out: iso8601.",
    )
    json_key: JsonKey | None = Field(
        default=None,
        description="The key in a record's JSON, as it is written there. Left out: the name of the field.",
    )
    description: ColumnComment | None = Field(
        default=None, description="What it is, for readers of the table; the comment of its column. Left out: none."
    )

    def findings(self) -> Iterator[Finding]:
        if self.timestamp_format is not None and self.type != "timestamp":
            yield Finding(
                "SCH209",
                "`timestamp_format` is for a timestamp",
                ("timestamp_format",),
                note=f"the field is `{self.type}`, whose values are taken as they stand",
                help="set `type: timestamp`, or take it out",
                edits=(Edit(("timestamp_format",)),),
            )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name, in small letters.
        type: Its type in AWS Glue, with the names of struct members in small letters.
        comment: What it is, or nothing.
    """

    name: str
    type: str
    comment: str = ""


def column_name(field: str) -> str:
    """The column of a field: AWS Glue keeps names in small letters.

    Source: https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html

    Args:
        field: The name of the field.
    """
    return field.lower()


def columns(schema: Mapping[str, RecordField]) -> tuple[Column, ...]:
    """The columns of a table of such records, in the order of the schema.

    Args:
        schema: The fields, by name.
    """
    return tuple(
        Column(column_name(name), render(in_small_letters(parse_type(field.type))), field.description or "")
        for name, field in schema.items()
    )


def json_key(name: str, field: RecordField) -> str:
    """The key under which a record has a field.

    Args:
        name: The name of the field.
        field: The field.
    """
    return field.json_key or name


def _expanded(value: Any) -> Any:
    # Whatever is no mapping is meant as the type, and said to be wrong as one.
    return value if isinstance(value, (Mapping, RecordField)) else {"type": value}


def _one_column_each(schema: Mapping[str, RecordField]) -> Mapping[str, RecordField]:
    seen: dict[str, str] = {}
    for name in schema:
        if column_name(name) in seen:
            pair = {"one": seen[column_name(name)], "other": name}
            raise PydanticCustomError("SCH208", "`{one}` and `{other}` are one column", pair)
        seen[column_name(name)] = name
    return schema


def _one_key_each(schema: Mapping[str, RecordField]) -> Mapping[str, RecordField]:
    found = []
    seen: dict[str, str] = {}
    for name, field in schema.items():
        key = json_key(name, field)
        other = seen.setdefault(key.lower(), name)
        if other != name:
            found.append(
                Finding(
                    "SCH210",
                    f"`{other}` and `{name}` are read from one key",
                    (name, "json_key") if field.json_key else (other, "json_key"),
                    note=f"the key is `{key}`; capitals and small letters are the same to Firehose",
                    help="give one of them another `json_key`, or take it out",
                    edits=(Edit((name if field.json_key else other, "json_key")),),
                )
            )
    if found:
        raise refusal(*found)
    return schema


RecordSchema = Annotated[
    Mapping[
        FieldName,
        Annotated[RecordField, Short(_expanded, GlueType)],
    ],
    AfterValidator(_one_column_each),
    AfterValidator(_one_key_each),
    Field(
        min_length=1,
        description="The fields of a record, by name: each an AWS Glue type such as bigint, or a RecordField.",
    ),
]


@cache
def _reader() -> TypeAdapter[Mapping[str, Mapping[str, RecordField]]]:
    return TypeAdapter(Mapping[str, RecordSchema])


def record_schema(fields: Mapping[str, str | RecordField]) -> RecordSchema:
    """A schema as it is written in Python, where a field may be just its type.

    Args:
        fields: Types or fields, by name.

    Raises:
        SpecError: If a type is none of AWS Glue, or two fields are one column or one key; paths are those of fields.
    """
    try:
        return _reader().validate_python({"record": fields})["record"]
    except ValidationError as error:
        from streaming_constructs.spec.validation_errors import validation_findings

        model = create_model("Written", record=(RecordSchema, ...))
        found = validation_findings(error, model, {"record": fields})
        raise SpecError([replace(finding, path=finding.path[1:]) for finding in found]) from None

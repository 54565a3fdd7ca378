"""What a schema may become: new fields at its end, and nothing else without a word.

Objects that were written stay as they are, and a table reads them through its schema of today. Athena finds the columns of
JSON and Parquet by name, those of ORC by their place unless a table says otherwise; a column that joins at the end is fine
for all of them, and so is the only change that no reader notices.
Sources: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html and
https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from streaming_constructs.spec.document import Document
from streaming_constructs.spec.environments import as_environment, environments_of
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.glue_types import (
    WIDER_TYPES,
    ArrayType,
    GlueTypeError,
    GlueTypeNode,
    MapType,
    StructType,
    in_small_letters,
    parse_type,
    render,
)
from streaming_constructs.spec.model import NodeName
from streaming_constructs.spec.schemas import RecordSchema, column_name, columns, json_key
from streaming_constructs.spec.validation_errors import validation_findings


class _Schemas(BaseModel):
    """The part of a spec that is compared; the rest of an earlier version may be in a language that has gone by."""

    schemas: Mapping[NodeName, RecordSchema] = Field(default_factory=dict)


def read_schemas(
    document: Document, environment: str | None = None
) -> tuple[Mapping[str, RecordSchema] | None, list[Finding]]:
    """The schemas of a file, whatever else is in it: or None, and what is wrong with them.

    Args:
        document: The file.
        environment: The environment whose differences are merged in, if the file has any for it.
    """
    if document.findings:
        return None, document.findings
    if not isinstance(document.data, dict):
        return None, [document.locate(Finding("LNG106", "the file is no spec"))]
    document = _overlaid(document, environment)
    try:
        return _Schemas.model_validate(document.data).schemas, []
    except ValidationError as error:
        return None, [document.locate(finding) for finding in validation_findings(error, _Schemas, document.data)]


def compared(document: Document, earlier: Document, environment: str | None = None) -> list[Finding]:
    """What a file takes away from the schemas of its earlier version; nothing where either cannot be read.

    Args:
        document: The file.
        earlier: Its earlier version.
        environment: The environment as which both are read, where they have differences for it.
    """
    before, _ = read_schemas(earlier, environment)
    after, _ = read_schemas(document, environment)
    if before is None or after is None:
        return []
    located = _overlaid(document, environment)
    return [located.locate(finding) for finding in schema_findings(before, after)]


def _overlaid(document: Document, environment: str | None) -> Document:
    """The document as one of its environments; as none where it has no differences for it, or they cannot be read."""
    return as_environment(document, environment if environment in environments_of(document) else None)


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One thing that changed in a list of columns, apart from columns that joined at its end.

    Attributes:
        kind: `widened` is a change of type that Athena documents as readable, `inserted` a new column before the end.
        path: The column, then the members of structs inside it; `element` and `value` lead into arrays and maps.
        before: The type before, where the type changed.
        after: The type after, where the type changed.
    """

    kind: Literal["removed", "retyped", "widened", "moved", "inserted"]
    path: tuple[str, ...]
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        name = f"`{'.'.join(self.path)}`"
        return {
            "removed": f"{name} is gone",
            "retyped": f"{name} was `{self.before}` and is `{self.after}`",
            "widened": f"{name} was `{self.before}` and is `{self.after}`, which is wider",
            "moved": f"{name} stands at another place",
            "inserted": f"{name} joined before the end",
        }[self.kind]


def schema_findings(before: Mapping[str, RecordSchema], after: Mapping[str, RecordSchema]) -> Iterator[Finding]:
    """What an earlier version of the schemas had that a later one takes away or changes.

    Fields that join at the end of a schema, or of a struct in it, are fine, and so are new schemas.

    Args:
        before: The schemas of the earlier version, by name.
        after: Those of now.
    """
    for name, schema in before.items():
        if name in after:
            for finding in _field_findings(schema, after[name]):
                yield finding.below("schemas", name)
        else:
            yield Finding(
                "SCH211",
                f"the schema `{name}` is gone",
                ("schemas", name),
                note="what was written with it stays, and nothing says any more how to read it",
                help="put it back; what is called otherwise now is a new schema beside it",
            )


def column_changes(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> list[str]:
    """What a table loses between two versions of its columns, each in one line; none for columns that join at the end.

    Args:
        before: Name and type of each column of the earlier version, in order.
        after: Those of now.
    """
    return [str(change) for change in _changes(_nodes(before), _nodes(after), ())]


def _nodes(of: Sequence[tuple[str, str]]) -> dict[str, GlueTypeNode | str]:
    return {column_name(name): _node(text) for name, text in of}


def _node(text: str) -> GlueTypeNode | str:
    """The type, or the text of one that is not of the language, which a table of another origin may have."""
    try:
        return in_small_letters(parse_type(text))
    except GlueTypeError:
        return text


def _changes(
    before: Mapping[str, GlueTypeNode | str], after: Mapping[str, GlueTypeNode | str], path: tuple[str, ...]
) -> Iterator[ColumnChange]:
    for name, node in before.items():
        if name in after:
            yield from _type_changes(node, after[name], (*path, name))
        else:
            yield ColumnChange("removed", (*path, name))
    was = [name for name in before if name in after]
    now = [name for name in after if name in before]
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in was[block.a : block.a + block.size]}
    yield from (ColumnChange("moved", (*path, name)) for name in now if name not in stayed)
    names = list(after)
    last = names.index(now[-1]) if now else -1
    yield from (ColumnChange("inserted", (*path, name)) for name in names[: last + 1] if name not in before)


def _type_changes(
    before: GlueTypeNode | str, after: GlueTypeNode | str, path: tuple[str, ...]
) -> Iterator[ColumnChange]:
    match before, after:
        case StructType(were), StructType(are):
            yield from _changes(dict(were), dict(are), path)
        case ArrayType(was), ArrayType(now):
            yield from _type_changes(was, now, (*path, "element"))
        case MapType(key, was), MapType(other_key, now) if key == other_key:
            yield from _type_changes(was, now, (*path, "value"))
        case _ if before != after:
            was_text, now_text = (type_ if isinstance(type_, str) else render(type_) for type_ in (before, after))
            wider = now_text in WIDER_TYPES.get(was_text, ())
            yield ColumnChange("widened" if wider else "retyped", path, was_text, now_text)


def _field_findings(before: RecordSchema, after: RecordSchema) -> Iterator[Finding]:
    """What changed in one schema; paths are relative to it."""
    spelled = {column_name(name): name for name in (*before, *after)}
    were, are = ([(column.name, column.type) for column in columns(schema)] for schema in (before, after))
    for change in _changes(_nodes(were), _nodes(are), ()):
        yield _change_finding(change, spelled[change.path[0]])
    for name, field in before.items():
        now = spelled[column_name(name)]
        if now not in after:
            continue
        was_written, is_written = (version.timestamp_format or "iso8601" for version in (field, after[now]))
        if field.type == after[now].type and was_written != is_written:
            given = after[now].timestamp_format is not None
            yield _reading_finding((now, "timestamp_format"), was_written, is_written, given=given)
        old_key, new_key = json_key(name, field), json_key(now, after[now])
        if old_key.lower() != new_key.lower():
            yield _reading_finding((now, "json_key"), old_key, new_key, given=after[now].json_key is not None)


def _change_finding(change: ColumnChange, field: str) -> Finding:
    match change.kind:
        case "removed":
            return Finding(
                "SCH211",
                str(change),
                (field,),
                note="what was written stays, and no query finds it any more",
                help="put it back: where records no longer have it, it stays empty. If only its key in the JSON changed, keep "
                "the name and give `json_key`",
            )
        case "retyped":
            return Finding(
                "SCH212",
                str(change),
                (field,),
                note="objects that were written keep the type that they have, and a query over both fails or finds nothing",
                help="put the type back, and add a field of the new type at the end",
            )
        case "widened":
            return Finding(
                "SCH212",
                str(change),
                (field,),
                note="Athena reads the smaller as the wider in many tables, but asks to test it; other readers may refuse",
                help="query what was written before, or add a field of the new type at the end",
                # The only change of a type that AWS lists as readable.
                level="warning",
            )
        case _:
            return Finding(
                "SCH213",
                str(change),
                (field,),
                note="whatever finds columns by their place, as Athena does in ORC unless a table says otherwise, takes one "
                "for another",
                help="put new fields at the end, and leave the others where they were",
            )


def _reading_finding(path: tuple[str, str], before: str, after: str, *, given: bool) -> Finding:
    field, setting = path
    return Finding(
        "SCH214",
        f"`{setting}` of `{field}` was `{before}` and is `{after}`",
        path if given else (field,),
        note="records that are still on their way, and JSON that was archived, are read as the new one says",
        help="change producers and schema together, or add a field at the end",
    )

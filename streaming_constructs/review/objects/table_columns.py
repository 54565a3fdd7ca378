"""What other columns of a table mean for the objects that are there: by name or by place, as the format is read.

Source: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html, read 2026-11-29
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true
from streaming_constructs.review.objects.object_places import parameters, table_parameters, whole_text
from streaming_constructs.spec.glue_types import WIDER_TYPES

Kind = Literal["renamed", "renamed_in_place", "removed", "added", "retyped", "widened", "moved", "shifted"]

FORMATS = (
    ("parquet", "parquet"),
    ("orc", "orc"),
    ("json", "json"),
    ("avro", "avro"),
    ("csv", "csv"),
    ("lazysimple", "csv"),
    ("regex", "text"),
    ("grok", "text"),
)
"""What the class of a SerDe, an input format or a classification has in its name, and the format that it then is."""
_BY_PLACE = ("csv", "text")
_AS_TEXT = ("csv", "text", "json")
"""Formats whose values are text, so that anything can be read as `string`."""
Column = tuple[str, str]
"""The name and the type of a column, both in small letters: so the catalog keeps them."""


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One thing that is said of columns.

    Attributes:
        kind: What has happened. `renamed_in_place` is read as before; `shifted` is everything from one place on; `widened` is a
            type as which Athena documents the earlier one as readable.
        said: It, in words.
    """

    kind: Kind
    said: str


def format_of(table: Resource) -> str:
    """The format of a table's objects, or an empty string where nobody knows.

    Args:
        table: The table.
    """
    descriptor = ("TableInput", "StorageDescriptor")
    if str(table_parameters(table).get("table_type", "")).lower() == "iceberg":
        return "iceberg"
    for said in (
        table.at(*descriptor, "SerdeInfo", "SerializationLibrary"),
        table.at(*descriptor, "InputFormat"),
        table_parameters(table).get("classification"),
    ):
        for part, name in FORMATS:
            if isinstance(said, str) and part in said.lower():
                return name
    return ""


def is_read_by_place(table: Resource) -> bool:
    """Whether the columns of a table are found by their place in an object, not by their name.

    Args:
        table: The table.
    """
    kind = format_of(table)
    serde = parameters(table.at("TableInput", "StorageDescriptor", "SerdeInfo", "Parameters"))
    said = {**table_parameters(table), **serde}.get(f"{kind}.column.index.access")
    if kind == "orc":
        return not is_false(said)
    return is_true(said) if kind == "parquet" else kind in _BY_PLACE


def columns_in(value: Any) -> list[Column]:
    """The columns in the value of a property.

    Args:
        value: The value.
    """
    items = value if isinstance(value, list) else []
    return [
        (str(item.get("Name", "")).lower(), whole_text(item.get("Type")).replace(" ", "").lower())
        for item in items
        if isinstance(item, Mapping)
    ]


def column_changes(old: Sequence[Column], new: Sequence[Column], table: Resource) -> Iterator[ColumnChange]:
    """What is other in columns, for the objects that are there.

    Args:
        old: The columns as they are.
        new: As they would be.
        table: The table as it would be, which says how it is read.
    """
    as_text = format_of(table) in _AS_TEXT
    if is_read_by_place(table):
        yield from _by_place(old, new, as_text=as_text)
    else:
        yield from _by_name(old, new, as_text=as_text)


def _by_name(old: Sequence[Column], new: Sequence[Column], *, as_text: bool) -> Iterator[ColumnChange]:
    before, after = dict(old), dict(new)
    renamed = dict(_renamed(old, new))
    for was, name in renamed.items():
        yield ColumnChange("renamed", f"{was} → {name}")
    for name, kind in before.items():
        if name in after and kind != after[name]:
            yield _retyped(name, kind, after[name], as_text=as_text)
        elif name not in after and name not in renamed:
            yield ColumnChange("removed", name)
    added = [name for name in after if name not in before and name not in renamed.values()]
    if added:
        yield ColumnChange("added", ", ".join(added))
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield ColumnChange("moved", f"{', '.join(before)} → {', '.join(after)}")


def _renamed(old: Sequence[Column], new: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Columns that went, with those that came in their place, or as the only one of their type."""
    before, after = dict(old), dict(new)
    gone = [column for column in old if column[0] not in after]
    come = [column for column in new if column[0] not in before]
    for was in gone:
        place = old.index(was)
        for now in list(come):
            alone = len(gone) == len(come) == 1 and was[1] == now[1]
            if alone or (place < len(new) and new[place] == now and (was[1] == now[1] or len(old) == len(new))):
                come.remove(now)
                yield was[0], now[0]
                break


def _by_place(old: Sequence[Column], new: Sequence[Column], *, as_text: bool) -> Iterator[ColumnChange]:
    before, after = dict(old), dict(new)
    for place, ((was, kind), (name, other)) in enumerate(zip(old, new, strict=False)):
        if was == name:
            if kind != other:
                yield _retyped(name, kind, other, as_text=as_text)
        elif was in after or name in before:
            yield ColumnChange("shifted", f"what is read as {name} from now on is {was} in them (column {place + 1})")
            return
        elif kind == other:
            yield ColumnChange("renamed_in_place", f"{was} → {name}")
        else:
            yield _retyped(f"{name} (was {was})", kind, other, as_text=as_text)
    if len(new) > len(old):
        yield ColumnChange("added", ", ".join(name for name, _ in new[len(old) :]))
    if len(new) < len(old):
        yield ColumnChange("removed", ", ".join(name for name, _ in old[len(new) :]))


def _retyped(name: str, old: str, new: str, *, as_text: bool) -> ColumnChange:
    grown = old.startswith("struct<") and new.startswith(f"{old[:-1]},")
    readable = grown or new in WIDER_TYPES.get(old, ()) or (as_text and new == "string" and "<" not in old)
    return ColumnChange("widened" if readable else "retyped", f"{name} {old} → {new}")

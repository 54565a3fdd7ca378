"""Fields that have few values in what is written at one time: keys that put all of it in one place."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.planning.numbers import counted
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.schemas import RecordField

OF_THE_MOMENT = frozenset(
    {"date", "day", "event_date", "hour", "minute", "month", "week", "window_end", "window_start", "year"}
)
"""Names of fields whose value is the same in all that is written in a while."""
ID_ENDING = "_id"


def values_at_once(name: str, schema: Mapping[str, RecordField] | None) -> int | None:
    """How many values a field has in what is written at one time, at most; None where nothing tells.

    Args:
        name: The field.
        schema: The fields of the records, if they are known.
    """
    field = (schema or {}).get(name)
    if name.lower() in OF_THE_MOMENT or (field is not None and field.type == "date"):
        return 1
    return 2 if field is not None and field.type == "boolean" else None


def few_values_finding(
    code: str, noun: str, key: str, values: int, takes: str, schema: Mapping[str, RecordField] | None
) -> Finding:
    """The finding of a partition key that puts what is written at one time in too few places.

    Args:
        code: Its code.
        noun: Such a place: `shard` or `partition`.
        key: The partition key.
        values: How many values it has at one time.
        takes: What the load takes.
        schema: The fields of the records, if they are known.
    """
    better = _better_key(schema)
    return Finding(
        code,
        f"all that is written in a while goes to {f'one {noun}' if values == 1 else counted(values, noun)}",
        ("partition_key",),
        note=f"`{key}` has {counted(values, 'value')} in what is written at one time, and records of one value are in one "
        f"{noun}; {takes}",
        help=f"key by what differs among records: `partition_key: {better or 'user_id'}`",
        edits=(Edit(("partition_key",), better, invented=True),) if better else (),
    )


def _better_key(schema: Mapping[str, RecordField] | None) -> str:
    """A field that is likely to differ among records; empty where none is named like one.

    Args:
        schema: The fields of the records, if they are known.
    """
    ids = [name for name in schema or {} if name == "id" or name.endswith(ID_ENDING)]
    return ids[0] if ids else ""

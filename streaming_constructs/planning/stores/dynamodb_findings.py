"""What is likely to go wrong with a DynamoDB table: keys that items lack, expiry that never comes, too much for one key."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import dynamodb
from streaming_constructs.planning.few_values import values_at_once
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.stores.dynamodb_cost_findings import cost_findings
from streaming_constructs.spec.finding import Edit, Finding, did_you_mean, nearest
from streaming_constructs.spec.schemas import RecordField, json_key

if TYPE_CHECKING:
    from streaming_constructs.planning.stores.dynamodb import TablePlan, Written
    from streaming_constructs.spec.finding import Level

_NUMBERS = frozenset({"bigint", "double", "float", "int", "smallint", "tinyint"})
_EPOCHS = ("epoch_seconds", "epoch_millis")


def table_findings(table: TablePlan) -> Iterator[Finding]:
    """What is likely to go wrong with a table; paths are relative to it.

    Args:
        table: The table with its numbers.
    """
    yield from _key_findings(table)
    yield from _expiry_findings(table)
    if table.written is not None:
        yield from _hot_key_findings(table, table.written)
        yield from _capacity_findings(table, table.written)
    if table.spec.deletion_protection and table.removal_policy == "destroy" and table.spec.arn is None:
        yield Finding(
            "DDB850",
            "a table that is to be destroyed is protected from being deleted",
            ("deletion_protection",),
            note="DynamoDB refuses to delete it, and the stack fails where it would go: with `removal_policy: destroy` that is "
            "when it leaves the stack, and when it is replaced",
            help="take it out, or set `removal_policy: retain` on the table",
            edits=(Edit(("deletion_protection",)),),
        )
    yield from cost_findings(table)


def _attributes(table: TablePlan) -> dict[str, RecordField]:
    """The fields of the schema by what items may call them: their names, and their keys in JSON."""
    schema = table.schema or {}
    return {json_key(name, field): field for name, field in schema.items()} | dict(schema)


def key_type(field: RecordField) -> str:
    """What a field can be as a key: string, number or binary; empty where it can be none.

    Args:
        field: The field.
    """
    if field.type in _NUMBERS or field.type.startswith("decimal"):
        return "number"
    if field.type == "timestamp":
        return "number" if field.timestamp_format in _EPOCHS else "string"
    return {"string": "string", "date": "string", "binary": "binary"}.get(field.type, "")


def _key_findings(table: TablePlan) -> Iterator[Finding]:
    attributes = _attributes(table)
    if not attributes:
        return
    for place, key in table.spec.keys:
        field = attributes.get(key.name)
        if field is None:
            close = nearest(key.name, attributes)
            yield Finding(
                "DDB842",
                f"items have no `{key.name}`, which is a key of the table",
                (place,),
                note=f"the schema `{table.spec.record_schema}` has {', '.join(attributes)}; DynamoDB refuses items without it",
                help=did_you_mean(key.name, attributes) or f"add `{key.name}` to the schema, or name one of its fields",
                edits=(Edit((place,), {"name": close, "type": key_type(attributes[close]) or "string"}),)
                if close
                else (),
            )
        elif key_type(field) != key.type:
            fit = key_type(field)
            yield Finding(
                "DDB843",
                f"`{key.name}` is no {key.type} in the items",
                (place,),
                note=f"it is `{field.type}` in the schema `{table.spec.record_schema}`; DynamoDB refuses items whose key is of "
                "another type",
                help=f"write `{place}: {{name: {key.name}, type: {fit}}}`"
                if fit
                else "name a field that is a text, a number or binary",
                edits=(Edit((place,), {"name": key.name, "type": fit}),) if fit else (),
            )


def _expiry_findings(table: TablePlan) -> Iterator[Finding]:
    ttl, attributes = table.spec.ttl, _attributes(table)
    if ttl is None or not attributes:
        return
    field = attributes.get(ttl)
    if field is None:
        numbers = [name for name, one in attributes.items() if key_type(one) == "number"]
        yield Finding(
            "DDB844",
            f"items have no `{ttl}`, so none expires",
            ("ttl",),
            note=f"the schema `{table.spec.record_schema}` has {', '.join(attributes)}",
            help=did_you_mean(ttl, numbers)
            if nearest(ttl, numbers)
            else f"add `{ttl}: bigint` to the schema, and let its writers set it to a number of seconds since 1970",
        )
    elif key_type(field) != "number" or field.timestamp_format == "epoch_millis":
        seen = (
            f"{field.type}, written as {field.timestamp_format or 'iso8601'}"
            if field.type == "timestamp"
            else field.type
        )
        yield Finding(
            "DDB844",
            f"`{ttl}` is no number of seconds, so no item expires",
            ("ttl",),
            note=f"it is `{seen}` in the schema `{table.spec.record_schema}`; DynamoDB passes over anything but a number of "
            "seconds since 1970, and takes milliseconds for a time that is far away",
            help="let writers set an attribute of its own for it, such as `expires_at: bigint`, and name that",
        )


def _hot_key_findings(table: TablePlan, written: Written) -> Iterator[Finding]:
    key, most = table.spec.partition_key, dynamodb.PARTITION_WRITE_UNITS_PER_SECOND.value
    if values_at_once(key.name, _attributes(table)) == 1 and written.peak > most:
        yield Finding(
            "DDB848",
            "all that is written in a while goes to one partition key",
            ("partition_key",),
            note=f"`{key.name}` is the same in what is written at one time: {number(written.peak)} write units/s at the peak, "
            f"and one partition takes {number(most)}",
            help="find items by what differs among them, such as a customer or a page, and let the time be the `sort_key`",
            level="warning" if written.is_told else "note",
        )


def _capacity_findings(table: TablePlan, written: Written) -> Iterator[Finding]:
    spec, quota = table.spec, dynamodb.TABLE_WRITE_UNITS_QUOTA.value
    seen = f"{number(written.peak)} write units/s at the peak" + (
        "" if written.is_told else ", if each record that its writers read becomes an item"
    )
    level: Level = "warning" if written.is_told else "note"
    at_once = spec.warm_write_units or dynamodb.NEW_ON_DEMAND_WRITE_UNITS_PER_SECOND.value
    if written.peak > quota:
        yield Finding(
            "DDB849",
            "more than a table takes before its quota is raised",
            ("workload",) if written.is_told else (),
            note=f"{seen}; the quota of a table is {number(quota)}",
            help="ask AWS for a higher quota before you deploy, or spread the items over several tables",
            level=level,
        )
    elif not spec.is_provisioned and spec.arn is None and written.peak > at_once:
        units = math.ceil(written.peak)
        yield Finding(
            "DDB849",
            "more than the table takes at once while it is new",
            ("warm_write_units",) if spec.warm_write_units is not None else (),
            note=f"{seen}; it takes {number(at_once)} at once, and twice its last peak later on",
            help=f"set `warm_write_units: {units}`, or let the load grow slowly",
            edits=(Edit(("warm_write_units",), units),),
            level=level,
        )
    if table.write_capacity is not None and written.is_told and table.write_capacity.maximum < written.peak:
        needed = math.ceil(written.peak)
        yield Finding(
            "DDB851",
            "less write capacity than the workload needs: it will be throttled",
            ("write_capacity",),
            note=f"{seen}; the capacity is {table.write_capacity.maximum:,} at most",
            help=f"set `write_capacity: {needed}` or more, or take it out to have it derived",
            edits=(Edit(("write_capacity",), needed),),
        )

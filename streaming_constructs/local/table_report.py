"""What tables of DynamoDB hold, as plain data."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary, TypeDeserializer

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.type_names import DYNAMODB_TABLE

if TYPE_CHECKING:
    from streaming_constructs.local.aws.cloudformation import (
        Deployed,
    )  # it loads moto, which reads the shell's configuration

SHOWN_ITEMS = 5


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a table holds.

    Attributes:
        name: The table.
        items: How many items.
        keys: The attributes of its key.
        shown: A few of the items, their keys first: numbers as numbers where these are exact, binary in base64.
    """

    name: str
    items: int
    keys: tuple[str, ...]
    shown: tuple[Mapping[str, Any], ...]


def table_reports(
    aws: Aws, deployed: Iterable[Deployed], name_of: Callable[[Deployed], str]
) -> tuple[TableReport, ...]:
    """What the tables of all stacks hold.

    Args:
        aws: The API.
        deployed: All that is deployed.
        name_of: What people call a resource.
    """
    return tuple(
        _table_report(aws, resource.physical_id, name_of(resource))
        for resource in deployed
        if resource.type == DYNAMODB_TABLE
    )


def _table_report(aws: Aws, table: str, name: str) -> TableReport:
    client = aws.client("dynamodb")
    found = client.describe_table(TableName=table)["Table"]
    # By place: the partition key stands first in a description.
    keys = tuple(key["AttributeName"] for key in found["KeySchema"])
    items = client.scan(TableName=table, Limit=SHOWN_ITEMS)["Items"]
    return TableReport(name, found["ItemCount"], keys, tuple(_plain_item(item, keys) for item in items))


def _plain_item(item: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """An item as JSON has it, its key first."""
    read = {name: _plain(TypeDeserializer().deserialize(value)) for name, value in item.items()}
    return {name: read[name] for name in [*keys, *sorted(read.keys() - set(keys))]}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return _number(value)
        case Binary():
            return base64.b64encode(bytes(value)).decode()
        case dict():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case set():
            return sorted((_plain(inner) for inner in value), key=str)
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _number(value: Decimal) -> int | float | str:
    """A number of DynamoDB, which has up to 38 digits; one that no number of JSON is exactly, as text."""
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(str(float(value))) == value else str(value)

"""moto's BatchWriteItem, which refuses a key that comes twice, as DynamoDB does, and not an item that does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.responses import DynamoHandler

from streaming_constructs.local.aws.moto_hooks import replaced

MOTO_HOOKS = (
    "moto.dynamodb.models.DynamoDBBackend.get_table",
    "moto.dynamodb.responses.DynamoHandler.batch_write_item",
    "moto.dynamodb.responses.DynamoHandler.dynamodb_backend",
)
"""What of moto's inside this module replaces or uses."""
_DUPLICATES = "Provided list of item keys contains duplicates"
"""A request that has several operations on one item is refused as a whole.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html, read 2026-11-28"""


@contextmanager
def install_dynamodb_hooks() -> Iterator[None]:
    """Installs the hooks until the end of a `with`."""

    def batch_write_item(handler: DynamoHandler) -> Any:
        for name, requests in handler.body["RequestItems"].items():
            table = handler.dynamodb_backend.get_table(name)
            names = [key for key in (table.hash_key_attr, table.range_key_attr) if key]
            keys = [_key(request, names) for request in requests]
            if len({*keys}) < len(keys):
                raise MockValidationException(_DUPLICATES)
        return before["batch_write_item"](handler)

    with replaced(DynamoHandler, batch_write_item=batch_write_item) as before:
        yield


def _key(request: Mapping[str, Mapping[str, Any]], attributes: Sequence[str]) -> str:
    """The key that a request of a batch is about."""
    said = next(iter(request.values()))
    item = said.get("Item") or said.get("Key") or {}
    return json.dumps([item.get(name) for name in attributes], sort_keys=True)

"""A DynamoDB table of the app, as what a function can read or write to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from streaming_constructs.cdk.adopt import is_table
from streaming_constructs.cdk.edges import Endpoint

if TYPE_CHECKING:
    # A large module, that only a table needs.
    from aws_cdk import aws_dynamodb as dynamodb

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class BroughtTable:
    """A table of the app.

    Attributes:
        table: The table.
    """

    table: dynamodb.ITable

    @property
    def endpoint(self) -> Endpoint:
        """How it is found, and what reading and writing take."""
        from streaming_constructs.cdk.stores.dynamodb import table_endpoint

        return table_endpoint(self.table, self.table.encryption_key)


def table_or_node(target: Node | dynamodb.ITable) -> Node | BroughtTable:
    """A table of the app as what has an endpoint; a node is what it is.

    Args:
        target: The table, or the node.
    """
    return BroughtTable(target) if is_table(target) else target

"""What a table of DynamoDB holds, drawn for a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from streaming_constructs.cli.console import plain
from streaming_constructs.cli.local.amounts import many

if TYPE_CHECKING:
    from streaming_constructs.local.table_report import TableReport


def table_tree(table: TableReport) -> Tree:
    """A table with its number of items, and a few of them, each on a line.

    Args:
        table: What it holds.
    """
    keyed = f"  {many(table.items, 'item')}, keyed by {', then '.join(table.keys)}"
    tree = Tree(Text.assemble(plain(table.name, "bold"), plain(keyed)))
    for item in table.shown:
        line = plain(json.dumps(item, ensure_ascii=False))
        line.no_wrap, line.overflow = True, "ellipsis"
        tree.add(line)
    if table.items > len(table.shown):
        tree.add(f"and {table.items - len(table.shown):,} more")
    return tree

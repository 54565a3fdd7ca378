"""Names of topics where nodes are named: Kafka takes more in a name than the language does in that of a node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.meant_forms import slug


def topic_as_key(path: SpecPath, data: Any) -> Finding | None:
    """The finding of a node that is called like its topic, such as `shop.orders`; None where it is no topic.

    Args:
        path: Where the node stands: its section, and its name.
        data: The system as plain data.
    """
    if len(path) != 2 or path[0] != "streams" or not isinstance(path[1], str):
        return None
    streams: Mapping[str, Any] = data["streams"]
    name, topic, node = slug(path[1]), path[1], streams[path[1]]
    if not isinstance(node, Mapping) or node.get("kind") != "kafka" or not name or name in streams:
        return None
    return Finding(
        "LNG206",
        f"`{topic}` cannot be the name of a node",
        path,
        note="a node has small letters, digits, `_` and `-` in its name; that of its topic may have capitals and `.` too",
        help=f"name the node `{name}`, and say `topic: {topic}` in it",
        edits=(Edit(path), Edit(("streams", name), {"topic": topic, **node})),
    )

"""A field of a node that stands beside it, and is taken for another node: one step of indentation is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import field_names
from streaming_constructs.spec.section import Section


def misplaced_field(path: SpecPath, data: Any, section: Any) -> Finding | None:
    """The finding of a node without a kind that is a field of the node before it; None where it is none.

    Args:
        path: Where the node stands: its section, and its name.
        data: The system as plain data.
        section: The type of the place.
    """
    if not isinstance(section, Section) or len(path) != 2:
        return None
    fields = {field for kind in section.kinds for field in field_names(section.model(kind))}
    if path[1] not in fields:
        return None
    part, field = path
    nodes: Mapping[Any, Any] = data[part]
    names = list(nodes)
    owner = next((name for name in reversed(names[: names.index(field)]) if name not in fields), "")
    node = nodes.get(owner)
    if not isinstance(node, Mapping) or field in node:
        return None
    return Finding(
        "LNG202",
        f"`{field}` stands beside `{owner}`, and is a field of it",
        path,
        note=f"as it stands, it is another node of `{part}`, and has no `kind`",
        help=f"indent it as far as the other fields of `{owner}`",
        edits=(Edit(path), Edit((part, owner, field), nodes[field])),
    )

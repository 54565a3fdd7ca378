"""Where the spec says a node, taken apart."""

from __future__ import annotations

from typing import NamedTuple, Self


class NodePath(NamedTuple):
    """Where the spec says a node.

    Attributes:
        section: Its section.
        name: Its name.
        field: The field that leads to what is no node of its own, such as `on_failure`; empty: it is the node itself.
    """

    section: str
    name: str
    field: str

    @classmethod
    def parse(cls, path: str) -> Self:
        """Reads `consumers.fraud`, or `consumers.fraud.on_failure`; what is neither is the path of nothing.

        Args:
            path: What is written.
        """
        section, name, field = [*path.split(".", 2), "", ""][:3]
        return cls(section, name, field)

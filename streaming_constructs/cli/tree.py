"""A plan as people read it in a terminal: the graph as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from streaming_constructs.cli.console import plain
from streaming_constructs.planning.node import Source

if TYPE_CHECKING:
    from streaming_constructs.planning import PipelinePlan
    from streaming_constructs.planning.node import NodePlan
    from streaming_constructs.spec.node import Role


_SAID: Mapping[str, Role] = {"written to by": "to", "used by": "uses"}
"""How the nodes that refer to a node are introduced; its readers stand below it."""


def pipeline_tree(plan: PipelinePlan, differing: Iterable[str] = ()) -> Tree:
    """The graph: each source with its numbers and their working, who writes to it and below it who reads it; then the rest.

    Args:
        plan: The system.
        differing: What its environment changes in the rest of the file, line by line.
    """
    tree = Tree(
        Text.assemble((plan.spec.name, "bold"), plan.spec.title.removeprefix(plan.spec.name)), guide_style="dim"
    )
    _add_lines(tree, "differs from the rest of the file", differing)
    edges = _by_target(plan.nodes.values())
    drawn: set[str] = set()
    for node in plan.nodes.values():
        if isinstance(node, Source) and not node.spec.sources():
            _add_node(tree, node, edges, drawn)
    for node in plan.nodes.values():
        if node.name not in drawn:
            _add_node(tree, node, edges, drawn)
    return tree


Edges = Mapping[tuple[str, "Role"], "Sequence[NodePlan]"]
"""The nodes that refer to a node, by its name and by what they have of it."""


def _by_target(nodes: Iterable[NodePlan]) -> Edges:
    edges: dict[tuple[str, Role], list[NodePlan]] = {}
    for node in nodes:
        for edge in node.spec.edges():
            others = edges.setdefault((edge.target, edge.role), [])
            if node not in others:
                others.append(node)
    return edges


def _add_node(tree: Tree, node: NodePlan, edges: Edges, drawn: set[str]) -> None:
    """Adds a node and what reads it; of one that reads several sources, all but its first line only once."""
    summary = node.summary()
    branch = tree.add(Text.assemble(f"{summary.noun} ", (node.name, "bold"), ": ", plain(summary.title)))
    if node.name in drawn:
        branch.add("see above")
        return
    drawn.add(node.name)
    _add_lines(branch, "why", summary.why)
    for line in summary.lines:
        branch.add(plain(line))
    for said, role in _SAID.items():
        others = edges.get((node.name, role), ())
        if others:
            branch.add(f"{said} {', '.join(f'{other.summary().noun} {other.name}' for other in others)}")
    readers = edges.get((node.name, "from"), ())
    for reader in readers:
        _add_node(branch, reader, edges, drawn)
    if isinstance(node, Source) and not readers:
        branch.add("nobody reads it")


def _add_lines(tree: Tree, title: str, lines: Iterable[str]) -> None:
    texts = list(map(plain, lines))
    if texts:
        branch = tree.add(title)
        for text in texts:
            branch.add(text)

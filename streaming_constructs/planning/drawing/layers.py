"""Layers of a graph from left to right, and the order in each: by the longest way, and so that few arrows cross."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Layers:
    """Nodes in layers; a way that passes a layer has a place of its own there, as a node beyond those of the graph.

    Attributes:
        rows: The nodes of each layer, from the top down.
        ways: Of each arrow its nodes, from left to right, with the places that it passes.
    """

    rows: tuple[tuple[int, ...], ...]
    ways: tuple[tuple[int, ...], ...]


def layers_of(nodes: int, arrows: Sequence[tuple[int, int]]) -> Layers:
    """Puts nodes into layers.

    Args:
        nodes: How many nodes there are.
        arrows: Which lead to which; those of a loop that lead back are taken the other way round.
    """
    forward = _without_loops(nodes, arrows)
    ranks = _ranks(nodes, forward)
    rows: list[list[int]] = [[] for _ in range(max(ranks, default=-1) + 1)]
    for node, rank in enumerate(ranks):
        rows[rank].append(node)
    ways, new = [], nodes
    for start, end in forward:
        passed = list(range(new, new + max(ranks[end] - ranks[start] - 1, 0)))
        new += len(passed)
        for rank, place in enumerate(passed, ranks[start] + 1):
            rows[rank].append(place)
        ways.append((start, *passed, end))
    links = [(a, b) for way in ways for a, b in itertools.pairwise(way)]
    return Layers(tuple(map(tuple, _ordered(rows, links))), tuple(ways))


def _without_loops(nodes: int, arrows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The arrows with those turned round that close a loop."""
    after: dict[int, list[int]] = {}
    for start, end in arrows:
        after.setdefault(start, []).append(end)
    state, back = [0] * nodes, set[tuple[int, int]]()
    for root in range(nodes):
        stack = [(root, iter(after.get(root, ())))] if not state[root] else []
        state[root] = state[root] or 1
        while stack:
            node, left = stack[-1]
            following = next(left, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state[following] == 1:
                back.add((node, following))
            elif not state[following]:
                state[following] = 1
                stack.append((following, iter(after.get(following, ()))))
    return [(end, start) if (start, end) in back else (start, end) for start, end in arrows]


def _ranks(nodes: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each node by the longest way to it; what nothing leads to stands right before what it leads to."""
    ranks = [0] * nodes
    for _ in range(nodes):
        moved = False
        for start, end in arrows:
            if ranks[end] <= ranks[start]:
                ranks[end], moved = ranks[start] + 1, True
        if not moved:
            break
    led_to = {end for _, end in arrows}
    for node in range(nodes):
        following = [ranks[end] for start, end in arrows if start == node]
        if node not in led_to and following:
            ranks[node] = min(following) - 1
    return ranks


def _ordered(rows: list[list[int]], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The rows in the best order that sweeps to and fro find; the first of equally good ones."""
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for start, end in links:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    best, fewest = [list(row) for row in rows], crossings(rows, links)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        is_forward = sweep % 2 == 0
        order = range(1, len(rows)) if is_forward else range(len(rows) - 2, -1, -1)
        for rank in order:
            beside = rows[rank - 1] if is_forward else rows[rank + 1]
            place = {node: at for at, node in enumerate(beside)}
            neighbours = before if is_forward else after
            rows[rank] = _by_barycentre(
                rows[rank], {node: [place[other] for other in neighbours.get(node, ())] for node in rows[rank]}
            )
        _swap_neighbours(rows, links)
        if (found := crossings(rows, links)) < fewest:
            best, fewest = [list(row) for row in rows], found
    return best


def _by_barycentre(row: Sequence[int], places: dict[int, list[int]]) -> list[int]:
    """A row in the order of the mean places of what its nodes are connected with; others stay where they are."""
    mean = {node: sum(found) / len(found) if found else float(at) for at, (node, found) in enumerate(places.items())}
    return sorted(row, key=lambda node: mean[node])


def _swap_neighbours(rows: list[list[int]], links: Sequence[tuple[int, int]]) -> None:
    """Swaps two that stand one below the other wherever fewer arrows cross then."""
    fewest = crossings(rows, links)
    for row in rows:
        for at in range(len(row) - 1):
            row[at], row[at + 1] = row[at + 1], row[at]
            found = crossings(rows, links)
            if found < fewest:
                fewest = found
            else:
                row[at], row[at + 1] = row[at + 1], row[at]


def crossings(rows: Iterable[Sequence[int]], links: Sequence[tuple[int, int]]) -> int:
    """How often arrows between neighbouring layers cross.

    Args:
        rows: The layers.
        links: The arrows, each from a layer to the next.
    """
    place = {node: (rank, at) for rank, row in enumerate(rows) for at, node in enumerate(row)}
    by_rank: dict[int, list[tuple[int, int]]] = {}
    for start, end in links:
        by_rank.setdefault(place[start][0], []).append((place[start][1], place[end][1]))
    count = 0
    for pairs in by_rank.values():
        pairs.sort()
        ends = [end for _, end in pairs]
        for at, (start, end) in enumerate(pairs):
            count += sum(1 for other in range(at + 1, len(pairs)) if pairs[other][0] > start and ends[other] < end)
    return count

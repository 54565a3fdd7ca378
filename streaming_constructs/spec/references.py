"""The names of a system: each is given once, and what refers to one finds it.

Works on plain data, so that names are checked even while other parts of a spec are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.spec.finding import Finding, SpecPath, did_you_mean

NODE_SECTIONS = ("streams", "consumers", "deliveries", "stores", "sns_topics", "producers")
"""Sections whose entries are nodes of the graph; their names share one space."""

REFERENCES = (
    # (section, field, sections that it names, what is named)
    ("streams", ("schema",), ("schemas",), "schema"),
    ("consumers", ("from",), ("streams",), "stream"),
    ("consumers", ("writes",), ("streams", "deliveries", "sns_topics"), "stream, delivery or topic"),
    ("deliveries", ("from",), ("streams",), "stream"),
    ("deliveries", ("schema",), ("schemas",), "schema"),
    ("deliveries", ("to", "store"), ("stores",), "store"),
    ("producers", ("writes",), ("streams", "deliveries"), "stream or delivery"),
)


def reference_findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings about names that are missing, doubled, or of the wrong kind.

    Args:
        data: A spec as plain data, whole or half right.
    """
    sections = {name: _entries(data, name) for name in ("schemas", *NODE_SECTIONS)}
    owner: dict[str, str] = {}
    for section in NODE_SECTIONS:
        for name in sections[section]:
            if name in owner:
                yield Finding(
                    "GRF302",
                    f"the name `{name}` is taken",
                    (section, name),
                    note=f"`{owner[name]}.{name}` has it; streams, consumers and all other nodes share one space of names",
                    help="give one of them another name",
                )
            owner.setdefault(name, section)
    for section, field, target_sections, what in REFERENCES:
        choices = {name: entry for target in target_sections for name, entry in sections[target].items()}
        for name, entry in sections[section].items():
            for path, target in _names(entry, field):
                if target not in choices:
                    yield _unresolved((section, name, *path), target, what, choices, owner)


def _names(entry: Any, field: tuple[str, ...]) -> Iterator[tuple[SpecPath, str]]:
    """The names in a field of an entry, each with its path there: a field has one name, or a list of them."""
    for step in field:
        entry = entry.get(step) if isinstance(entry, Mapping) else None
    if isinstance(entry, str):
        yield field, entry
    elif isinstance(entry, list | tuple):
        for position, name in enumerate(entry):
            if isinstance(name, str):
                yield (*field, position), name


def _entries(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    entries = data.get(section)
    return entries if isinstance(entries, Mapping) else {}


def _unresolved(
    path: SpecPath, target: str, what: str, choices: Mapping[str, Any], owner: Mapping[str, str]
) -> Finding:
    if target in owner:
        return Finding(
            "GRF303",
            f"`{target}` is no {what}",
            path,
            note=f"it is one of the {owner[target]}",
            help=did_you_mean(target, choices) or f"add a {what} and name it here",
        )
    return Finding(
        "GRF301",
        f"there is no {what} `{target}`",
        path,
        help=did_you_mean(target, choices) or f"add it: there is no {what} yet",
    )

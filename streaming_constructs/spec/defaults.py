"""`defaults`: what every node of a section has unless it says otherwise.

Only what a node may have is its default: a function that exists already gets no memory from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from streaming_constructs.kinds import NODE_SECTIONS, kinds_of
from streaming_constructs.spec.document import Document, written_at
from streaming_constructs.spec.environments import merged
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.model import field_names
from streaming_constructs.spec.section import model_of

_UNKNOWN = "LNG201"
_NOT_FOR_THIS_NODE = (_UNKNOWN, "LNG403", "LNG404")
"""The codes of a field that a node cannot have: as a default it is simply none of its own."""

Origins = Mapping[SpecPath, SpecPath]
"""Where parts that came from `defaults` were written, by their path in a node."""


def default_findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with `defaults` itself.

    Args:
        data: A spec as plain data.
    """
    given = data.get("defaults")
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield Finding(
            "LNG203", "expected a mapping", ("defaults",), help="write `defaults: {consumers: {memory_mb: 512}}`"
        )
        return
    for section, fields in given.items():
        if section not in NODE_SECTIONS:
            meant = nearest(section, NODE_SECTIONS)
            yield Finding(
                "LNG201",
                f"unknown field `{section}`",
                ("defaults", section),
                note="defaults are for the nodes of a section",
                help=did_you_mean(section, NODE_SECTIONS),
                edits=(Edit(("defaults", section)), *((Edit(("defaults", meant), fields),) if meant else ())),
            )
        elif not isinstance(fields, Mapping):
            yield Finding(
                "LNG203",
                "expected a mapping",
                ("defaults", section),
                help="write the fields that its nodes have unless they say otherwise, such as `{memory_mb: 512}`",
                edits=(Edit(("defaults", section)),),
            )
        elif not data.get(section):
            # With a node, its model finds what it does not know.
            known = [name for row in kinds_of(section).values() for name in field_names(model_of(row))]
            for field in (field for field in fields if field not in known):
                meant = nearest(field, known)
                yield Finding(
                    "LNG201",
                    f"unknown field `{field}`",
                    ("defaults", section, field),
                    help=did_you_mean(field, known),
                    edits=(
                        Edit(("defaults", section, field)),
                        *((Edit(("defaults", section, meant), fields[field]),) if meant else ()),
                    ),
                )


def foreign_defaults(findings: Sequence[Finding], origins: Origins) -> Iterator[Finding]:
    """Findings that say no more than that a default is not for their node; one that no node knows is wrong itself.

    Args:
        findings: What was found in one reading.
        origins: Where parts of nodes were written.
    """
    refused = {finding.path for finding in findings if finding.code in _NOT_FOR_THIS_NODE and finding.path in origins}
    taken = {origin for path, origin in origins.items() if path not in refused}
    for finding in findings:
        if finding.path in refused and (finding.code != _UNKNOWN or origins[finding.path] in taken):
            yield finding


def with_defaults(document: Document) -> tuple[Document, Origins]:
    """The file with its defaults in each node, and the paths in `defaults` of the parts that came from them.

    Args:
        document: The file, as one of its environments.
    """
    given = document.data.get("defaults")
    data = {key: value for key, value in document.data.items() if key != "defaults"}
    origins: dict[SpecPath, SpecPath] = {}
    for section, fields in given.items() if isinstance(given, Mapping) else ():
        entries = data.get(section)
        if section not in NODE_SECTIONS or not isinstance(fields, Mapping) or not isinstance(entries, Mapping):
            continue
        data[section] = {
            name: merged(fields, entry, (section, name)) if isinstance(entry, Mapping) else entry
            for name, entry in entries.items()
        }
        for name, entry in entries.items():
            if isinstance(entry, Mapping):
                for path in _paths(fields):
                    if not _has(entry, path) and _has(data[section][name], path):
                        origins[section, name, *path] = ("defaults", section, *path)
    positions = dict(document.positions)
    for path, origin in origins.items():
        if origin in document.positions:
            positions[path] = document.positions[origin]
    written = {path: written_at(origin, document.origins) for path, origin in origins.items()}
    return replace(document, data=data, positions=positions, origins={**document.origins, **written}), origins


def _paths(value: Any, path: SpecPath = ()) -> Iterator[SpecPath]:
    if path:
        yield path
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))


def _has(value: Any, path: SpecPath) -> bool:
    for step in path:
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    return True

"""Environments: what differs from the rest of a file in `dev`, `prod`, or whatever else they are called.

Each is a system of its own. Differences merge by name; lists are replaced, `null` takes a node or a field out, and a part
that becomes one of another kind is replaced whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.spec.document import Document
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean, nearest

NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")

_SUPERSEDED: Mapping[str, tuple[str, ...]] = {
    # What a stream of one environment says of its capacity is all that is said of it there.
    "shards": ("workload", "mode", "headroom", "warm_throughput_mb_per_second", "record_distribution"),
    "mode": ("shards", "headroom", "warm_throughput_mb_per_second", "record_distribution"),
    "retention_hours": ("retention_days",),
    "retention_days": ("retention_hours",),
    "record_kb": ("record_bytes",),
    "record_bytes": ("record_kb",),
    "filter": ("filters",),
    "filters": ("filter",),
    "code": ("function_arn",),
    "function_arn": ("code",),
}
"""What a field of a difference takes the place of: other words for the same, which the base may have used."""


def environments_of(document: Document) -> list[str]:
    """The names of a file's environments, in its order; empty where it has none or cannot be read.

    Args:
        document: The file.
    """
    given = document.data.get("environments") if isinstance(document.data, dict) else None
    if not isinstance(given, dict):
        return []
    return [name for name, differences in given.items() if differences is None or isinstance(differences, dict)]


def environment_findings(document: Document, environment: str | None) -> Iterator[Finding]:
    """What is wrong with the environments of a file, and with the choice of one.

    Args:
        document: The file.
        environment: The one that was chosen, if one was.
    """
    given = document.data.get("environments")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        yield Finding(
            "LNG203",
            "expected a mapping",
            ("environments",),
            help="write `environments: {dev: {removal_policy: destroy}, prod: {}}`",
        )
        return
    for name, differences in given.items():
        if not NAME.fullmatch(name):
            yield Finding(
                "LNG206",
                f"`{name}` cannot be a name here",
                ("environments", name),
                help="write a name of up to 64 small letters, digits, `_` and `-` that starts with a letter",
            )
        if differences is not None and not isinstance(differences, dict):
            yield Finding(
                "LNG203",
                "expected a mapping",
                ("environments", name),
                help="write the fields that differ, such as `{removal_policy: destroy}`, or `{}` for none",
                edits=(Edit(("environments", name), {}),),
            )
        elif name == environment:
            yield from _taken_out_findings(document.data, differences or {}, name)
        if isinstance(differences, dict) and "environments" in differences:
            yield Finding(
                "GRF305",
                "`environments` cannot differ",
                ("environments", name, "environments"),
                help="take it out: the name above already says it",
                edits=(Edit(("environments", name, "environments")),),
            )
    names = environments_of(document)
    if environment is None and names:
        yield Finding(
            "GRF305",
            "the file describes several systems, and none was chosen",
            ("environments",),
            note="without its environment it would be none of them",
            help=f"choose one of: {', '.join(f'`{name}`' for name in names)}",
        )
    elif environment is not None and environment not in given:
        yield Finding(
            "GRF305",
            f"the file has no environment `{environment}`",
            ("environments",) if names else (),
            help=did_you_mean(environment, names) or "leave it out: the file describes one system",
        )


def _taken_out_findings(data: Mapping[str, Any], differences: Mapping[str, Any], environment: str) -> Iterator[Finding]:
    """What `null` takes out under a name that is almost that of something in the file, which then would stay."""
    yield from _misspelled(data, differences, ("environments", environment))
    for section in NODE_SECTIONS:
        nodes, differing = data.get(section), differences.get(section)
        if isinstance(nodes, Mapping) and isinstance(differing, Mapping):
            yield from _misspelled(nodes, differing, ("environments", environment, section))
            yield from _differs_from_nothing(nodes, differing, ("environments", environment, section))


def _misspelled(there: Mapping[str, Any], differences: Mapping[str, Any], path: SpecPath) -> Iterator[Finding]:
    for name, value in differences.items():
        close = nearest(str(name), map(str, there)) if value is None and name not in there else ""
        if close:
            yield Finding(
                "LNG404",
                f"`{name}` takes nothing out",
                (*path, name),
                note="`null` takes out what the file has, and nothing in it has this name",
                help=f"did you mean `{close}`?",
                edits=(Edit((*path, name)), Edit((*path, close), None)),
            )


def _differs_from_nothing(nodes: Mapping[str, Any], differing: Mapping[str, Any], path: SpecPath) -> Iterator[Finding]:
    """Nodes with a name that is almost that of one in the file, and too little of their own to be another."""
    for name, fields in differing.items():
        close = nearest(str(name), map(str, nodes)) if isinstance(fields, Mapping) and name not in nodes else ""
        if close and not ({"kind", "to"} & set(fields)):
            yield Finding(
                "GRF301",
                f"there is no `{name}` in the file to differ from",
                (*path, name),
                note="as a node of its own it would need all of its fields",
                help=f"did you mean `{close}`?",
                edits=(Edit((*path, name)), Edit((*path, close), dict(fields))),
            )


def as_environment(document: Document, environment: str | None) -> Document:
    """The file as one of its environments: with the differences merged in, and `environments` gone.

    Args:
        document: The file.
        environment: The environment. None: the file has none.
    """
    data = {key: value for key, value in document.data.items() if key != "environments"}
    if environment is None:
        return replace(document, data=data)
    given = document.data.get("environments")
    differences = given.get(environment) if isinstance(given, dict) else None
    if not isinstance(differences, dict):
        differences = {}  # none, or what was found to be wrong
    differences = {key: value for key, value in differences.items() if key != "environments"}
    prefix = ("environments", environment)
    positions = {path: at for path, at in document.positions.items() if path[:1] != ("environments",)}
    origins = {}
    for path in document.positions:
        # What the file has, too, and is a mapping, is no more than what something in it differs in.
        there = path[2:]
        if (
            path[:2] == prefix
            and there
            and not (there in positions and isinstance(_value(differences, there), Mapping))
        ):
            origins[there] = path
    positions |= {there: document.positions[path] for there, path in origins.items()}
    return replace(document, data=merged(data, differences), positions=positions, origins=origins)


def _value(data: Any, path: SpecPath) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def merged(base: Any, difference: Any, path: SpecPath = ()) -> Any:
    """A part of a file with a difference merged in.

    Args:
        base: The part.
        difference: What differs.
        path: Where the part stands.
    """
    if not (isinstance(base, Mapping) and isinstance(difference, Mapping)) or _other_kind(base, difference, path):
        return _without_nulls(difference, path)
    result = dict(base)
    if path[:1] and path[0] in NODE_SECTIONS and (len(path) == 2 or path[2:] == ("workload",)):
        for field in difference:
            for superseded in _SUPERSEDED.get(field, ()):
                if superseded not in difference:
                    result.pop(superseded, None)
    for key, value in difference.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result[key], value, (*path, key)) if key in result else _without_nulls(value, path)
    return result


def _without_nulls(value: Any, path: SpecPath) -> Any:
    """A difference where there was nothing to differ from: what it takes out was not there."""
    if not isinstance(value, Mapping):
        return value
    return {key: _without_nulls(inner, (*path, key)) for key, inner in value.items() if inner is not None}


def _other_kind(base: Mapping[str, Any], difference: Mapping[str, Any], path: SpecPath) -> bool:
    """Whether a part becomes one of another kind: its fields are then no longer those of the base."""
    # Here keys are names that the user chose; one of them may be called `kind`.
    if path[:1] in {("tags",), ("schemas",)} or path[-1:] == ("environment",):
        return False
    kinds = base.get("kind"), difference.get("kind")
    return isinstance(kinds[0], str) and isinstance(kinds[1], str) and kinds[0] != kinds[1]

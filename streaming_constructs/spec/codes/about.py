"""Which codes are about a field: those that name it, or whose example or mend turns on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from streaming_constructs.spec.codes import every_code
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.codes.code import Code

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMED = re.compile(r"`([a-z][a-z0-9_]*)")
_NOTHING = object()
_LANGUAGE = "LNG"
"""Its codes may be about any field: the one of the example is there by chance."""


def codes_about(field: str) -> list[Code]:
    """The codes that are about a field.

    Args:
        field: Its name, such as `on_failure`.
    """
    return [code for code in every_code().values() if field in _fields(code)]


@cache
def _fields(code: Code) -> frozenset[str]:
    named = set(_NAMED.findall(f"{code.title} {code.why}"))
    if code.form != "fragment" or code.code.startswith(_LANGUAGE):
        return frozenset(named)
    base, example, mend = (dict(_leaves(_loaded(text))) for text in (BASE, code.example, code.mend))
    # What a fragment says is merged by name: a leaf that it does not have is that of the base.
    turned = {
        path for path, value in example.items() if _node(path) in _nodes(base) and base.get(path, _NOTHING) != value
    }
    for path in {*example, *mend}:
        in_both = _node(path) in _nodes(example) & _nodes(mend)
        in_base = _node(path) in _nodes(base) and path in mend
        if (in_both and example.get(path) != mend.get(path)) or (in_base and base.get(path) != mend[path]):
            turned.add(path)
    return frozenset({*named, *(step for path in turned for step in _steps(path))})


def _steps(path: tuple[str, ...]) -> tuple[str, ...]:
    inside = path[2:] or path[-1:]
    # A destination is written in place: what is said in it is about its own fields.
    return inside[1:] if inside[0] == "to" and len(inside) > 1 else inside


def _loaded(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - the safe loader, in C where there is one


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for item in value:
            yield from _leaves(item, path)
    elif path:
        yield path, value


def _node(path: tuple[str, ...]) -> tuple[str, ...]:
    return path[:2]


def _nodes(leaves: Mapping[tuple[str, ...], Any]) -> set[tuple[str, ...]]:
    return {_node(path) for path in leaves}

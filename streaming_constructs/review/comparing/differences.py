"""Where the properties of a resource differ, leaf by leaf: what is a set is compared as one, and what is spelled otherwise is
the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.intrinsics import as_text
from streaming_constructs.review.comparing.schemas import Schema
from streaming_constructs.review.comparing.template import Path

_KEYS = ("Key", "Name", "AttributeName", "IndexName", "Sid", "Id", "Type", "ParameterName")
"""What items of a list are called by, where all of them have one and no two the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs.

    Attributes:
        path: Where; an item that has a name is a step such as `Key=team`, another its index.
        old: What it was; None where it was left out.
        new: What it is; None where it is left out.
    """

    path: Path
    old: Any
    new: Any


def differences(old: Any, new: Any, schema: Schema, path: Path = ()) -> Iterator[Difference]:
    """Where two values differ.

    Args:
        old: A value by its meaning.
        new: Another.
        schema: What the type's schema says.
        path: Where both stand.
    """
    if same(old, new):
        return
    if _is_plain(old) and _is_plain(new) and (old or new) and (isinstance(old, Mapping) or isinstance(new, Mapping)):
        before, after = old or {}, new or {}
        for key in dict.fromkeys([*before, *after]):
            yield from differences(before.get(key), after.get(key), schema, (*path, key))
        return
    if _is_list(old) and _is_list(new):
        yield from _list_differences(old or [], new or [], schema, path)
        return
    if not (_is_json(old) and _is_json(new) and json.loads(old) == json.loads(new)):
        yield Difference(path, old, new)


def _list_differences(old: list[Any], new: list[Any], schema: Schema, path: Path) -> Iterator[Difference]:
    key = _key_of(old, new)
    if key:
        before, after = ({as_text(item[key]): item for item in items} for items in (old, new))
        for name in dict.fromkeys([*before, *after]):
            step = f"{key}={name}"
            yield from differences(before.get(name), after.get(name), schema, (*path, step))
        if (
            list(before) != list(after)
            and set(before) == set(after)
            and not schema.is_set(path)
            and key not in _UNORDERED
        ):
            yield Difference(path, [*before], [*after])
        return
    if schema.is_set(path):
        gone, come = list(old), []
        for item in new:
            found = next((index for index, other in enumerate(gone) if same(item, other)), None)
            if found is None:
                come.append(item)
            else:
                del gone[found]
        place = _one_place(old, new, gone, come)
        if place is not None:
            yield from differences(gone[0], come[0], schema, (*path, place))
            return
        for index in range(max(len(gone), len(come))):
            yield Difference((*path, index), _nth(gone, index), _nth(come, index))
        return
    for index in range(max(len(old), len(new))):
        before, after = _nth(old, index), _nth(new, index)
        inside = list(differences(before, after, schema, (*path, index)))
        # An item with nothing in it is one more all the same, such as `security: [{iam: []}]`.
        yield from inside or (
            [Difference((*path, index), before, after)] if (before is None) != (after is None) else ()
        )


def _one_place(old: list[Any], new: list[Any], gone: list[Any], come: list[Any]) -> int | None:
    """Where the one item stands that is another in a set, and is a mapping in both; None where there is no such item."""
    if len(gone) != 1 or len(come) != 1 or not (isinstance(gone[0], Mapping) and isinstance(come[0], Mapping)):
        return None
    before = next(index for index, item in enumerate(old) if item is gone[0])
    return before if before < len(new) and new[before] is come[0] else None


_UNORDERED = {"Key", "Sid", "Id", "ParameterName", "IndexName"}
"""Names of items whose order never means anything: tags, statements, metrics of an alarm, parameters, indices."""


def _key_of(old: Sequence[Any], new: Sequence[Any]) -> str:
    """What the items of two lists are called by, or an empty string."""
    items = [*old, *new]
    if not items or not all(map(_is_plain, items)) or not all(items):
        return ""
    for key in _KEYS:
        if all(_is_scalar(item.get(key)) for item in items) and all(
            len({as_text(item[key]) for item in side}) == len(side) for side in (old, new)
        ):
            return key
    return ""


def same(old: Any, new: Any) -> bool:
    """Whether two values mean the same: `5` and `"5"`, `true` and `"true"`, mappings in any order.

    Args:
        old: A value by its meaning.
        new: Another.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if _is_scalar(old) and _is_scalar(new):
        return (bool(old == new) and isinstance(old, bool) == isinstance(new, bool)) or as_text(old) == as_text(new)
    return old is None and new is None


def _is_plain(value: Any) -> bool:
    """Whether a value is left out, or a mapping that is no function of CloudFormation."""
    if value is None:
        return True
    return isinstance(value, Mapping) and not any(key == "Ref" or key.startswith("Fn::") for key in value)


def _is_list(value: Any) -> bool:
    """Whether a value is a list, or nothing at all: what is left out, or empty; `false` and 0 are something."""
    return isinstance(value, list) or value is None or value == {}


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _is_json(value: Any) -> bool:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _nth(items: Sequence[Any], index: int) -> Any:
    return items[index] if index < len(items) else None

"""Rules for what has parts: each part is told by a rule of its own, as if it were a property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, PropertyRule


def parts_of(changed: Changed, rules: Mapping[str, PropertyRule], otherwise: str) -> Iterator[Meaning]:
    """What the parts of two mappings mean that differ.

    Args:
        changed: The change; its values are mappings, or left out.
        rules: The rule of each part, by its name.
        otherwise: The code for a part that has no rule, and for what is no mapping.
    """
    old, new = changed.old or {}, changed.new or {}
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)) or _is_function(old) or _is_function(new):
        yield Meaning(otherwise, f"{shown(changed.old)} → {shown(changed.new)}", path=f"Properties.{changed.name}")
        return
    for name in dict.fromkeys([*old, *new]):
        part = replace(changed, path=(*changed.path, str(name)), old=old.get(name), new=new.get(name))
        if not same(part.old, part.new):
            yield from _placed(rules.get(name, _unknown(otherwise))(part), part)


def _placed(meanings: Meanings, part: Changed) -> Iterator[Meaning]:
    """Meanings that say where in the whole they are."""
    for meaning in meanings:
        yield meaning if meaning.path else replace(meaning, path=f"Properties.{part.name}")


def _unknown(code: str) -> PropertyRule:
    def rule(part: Changed) -> Iterator[Meaning]:
        yield Meaning(code, f"`{part.name}`: {shown(part.old)} → {shown(part.new)}")

    return rule


def _is_function(value: Mapping[str, Any]) -> bool:
    return any(name == "Ref" or str(name).startswith("Fn::") for name in value)


def by_name(value: Any, *keys: str) -> dict[str, Mapping[str, Any]]:
    """The items of a list, by what they are called; what is no mapping, or is called nothing, is left out.

    Args:
        value: The list.
        keys: What in an item says what it is called, such as `IndexName`; it may be a reference, as regions often are.
    """
    return {
        " ".join(shown(item[key]) for key in keys): item
        for item in listed(value)
        if isinstance(item, Mapping) and all(item.get(key) not in (None, [], {}) for key in keys)
    }


def items_of(
    changed: Changed, keys: tuple[str, ...], rules: Mapping[str, PropertyRule], otherwise: str
) -> Iterator[Meaning]:
    """What the parts of the items mean that are in both lists, and differ; what comes or goes is not told.

    Args:
        changed: The change; its values are lists of mappings, or left out.
        keys: What in an item says what it is called.
        rules: The rule of each part, by its name.
        otherwise: The code for a part that has no rule.
    """
    old, new = by_name(changed.old, *keys), by_name(changed.new, *keys)
    for name in new:
        if name in old:
            item = replace(changed, path=(*changed.path, f"{keys[0]}={name}"), old=old[name], new=new[name])
            yield from parts_of(item, rules, otherwise)

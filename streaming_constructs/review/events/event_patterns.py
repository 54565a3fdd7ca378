"""Patterns that choose events: whether one lets through all that another does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import listed
from streaming_constructs.review.events.pattern_cases import cases

Change = Literal["same", "narrowed", "widened", "other"]


def pattern_change(old: Any, new: Any) -> Change:
    """What became of a pattern of EventBridge.

    Args:
        old: The pattern, as a mapping or as JSON.
        new: Another.
    """
    before, after = _read(old), _read(new)
    if before is None or after is None:
        return "same" if same(old, new) else "other"
    return _change(_covers(after, before), _covers(before, after))


def filters_change(old: Any, new: Any) -> Change:
    """What became of a list of filters, of which one has to let an event through; an empty one lets all through.

    Args:
        old: The items, each with its `Pattern`.
        new: Others.
    """
    before, after = (
        [_read(item.get("Pattern")) for item in listed(items) if isinstance(item, Mapping)] for items in (old, new)
    )
    if None in before or None in after:
        return "same" if same(old, new) else "other"
    return _change(_any_covers(after, before), _any_covers(before, after))


def _change(wider: bool, narrower: bool) -> Change:  # noqa: FBT001 - two answers
    if wider and narrower:
        return "same"
    return "widened" if wider else "narrowed" if narrower else "other"


def _any_covers(wide: list[Any], narrow: list[Any]) -> bool:
    if not wide:
        return True
    return bool(narrow) and all(any(_covers(one, case) for one in wide) for other in narrow for case in cases(other))


def _read(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return (
        value
        if isinstance(value, Mapping) and not any(name.startswith("Fn::") or name == "Ref" for name in value)
        else None
    )


def _covers(wide: Any, narrow: Any) -> bool:
    """Whether a pattern lets through all that another does, as far as the two show it."""
    if isinstance(wide, Mapping) and isinstance(narrow, Mapping):
        return all(name in narrow and _covers(value, narrow[name]) for name, value in wide.items())
    if isinstance(wide, list) and isinstance(narrow, list):
        return all(any(same(item, other) for other in wide) for item in narrow)
    return same(wide, narrow)

"""A word from elsewhere, and what it is called here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """What a brought word is called here.

    Attributes:
        ours: What to write, from what was written and what stands beside it: fields of the same place, or of a part in it by
            a dotted path. Nothing takes its place: the word is just taken out.
        note: Why, where it is more than another name.
        needs: Fields that the place has to have; the word means something else where it does not.
    """

    ours: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
    note: str = ""
    needs: tuple[str, ...] = ()


def renamed(field: str, convert: Callable[[Any], Any] = lambda value: value, note: str = "") -> Word:
    """Another name of one of our fields.

    Args:
        field: Our field.
        convert: Makes our value of what was written. Left out: it is the same.
        note: Why, where it is more than another name.
    """
    return Word(lambda value, _: {field: convert(value)}, note)


def gone(note: str, *needs: str) -> Word:
    """A word that nothing takes the place of.

    Args:
        note: Why.
        needs: Fields that the place has to have; the word means something else where it does not.
    """
    return Word(lambda *_: {}, note, needs)


def first_of(value: Any, *keys: str) -> Any:
    """The value of the first of some keys that a mapping has; what is no mapping, or has none of them, as it is.

    Args:
        value: What was written.
        keys: The keys.
    """
    return next((value[key] for key in keys if isinstance(value, Mapping) and key in value), value)


def listed(value: Any) -> Any:
    """A value as a list.

    Args:
        value: What was written.
    """
    return value if isinstance(value, list) else [value]


Words = Mapping[str, Word | tuple[Word, ...]]
"""Words by what was written; of several the first that fits the place."""

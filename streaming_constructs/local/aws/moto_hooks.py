"""Replaces members of moto, and puts them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def replaced(owner: Any, **ours: Any) -> Iterator[dict[str, Any]]:
    """Replaces members of a module or class until the end of a `with`.

    Args:
        owner: The module or class.
        ours: What to put in the place of which member.

    Yields:
        What was there before, by name.

    Raises:
        AttributeError: If there is no such member: moto has changed.
    """
    before = {name: getattr(owner, name) for name in ours}
    for name, value in ours.items():
        setattr(owner, name, value)
    try:
        yield before
    finally:
        for name, value in before.items():
            setattr(owner, name, value)

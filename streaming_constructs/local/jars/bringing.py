"""Who is told that jars are brought, which takes a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[str], None]] = []


def tell(line: str) -> None:
    """Says what is brought, or waited for, before that takes its time; to nobody where nobody listens.

    Args:
        line: What is said.
    """
    for listener in _listeners:
        listener(line)


@contextmanager
def told(listener: Callable[[str], None]) -> Iterator[None]:
    """Has somebody told in a `with`, from whichever thread jars are brought.

    Args:
        listener: Takes each line.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)

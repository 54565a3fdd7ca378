"""Amounts as the report of a rehearsal has them for people."""

from __future__ import annotations

_KIB = 1024


def many(count: int, what: str, plural: str = "") -> str:
    """A count with its noun.

    Args:
        count: The count.
        what: The noun.
        plural: Its plural. Left out: with an s.
    """
    return f"{count:,} {what if count == 1 else plural or what + 's'}"


def size(bytes_: int) -> str:
    """Bytes, in the unit that suits them.

    Args:
        bytes_: The bytes.
    """
    if bytes_ < _KIB:
        return f"{bytes_} B"
    return f"{bytes_ / _KIB:,.1f} KiB" if bytes_ < _KIB**2 else f"{bytes_ / _KIB**2:,.1f} MiB"

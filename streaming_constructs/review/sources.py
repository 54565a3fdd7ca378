"""Where the templates of a review come from: two files."""

from __future__ import annotations

import sys
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.read_template import MAX_BYTES, Source, read_template
from streaming_constructs.review.stacks_review import Stack

STDIN = "-"


def stacks(old: str | None, new: str | None, base: str | None) -> list[Stack]:  # noqa: ARG001
    """The stacks to review.

    Args:
        old: The template as it is deployed: a file, or `-` for standard input.
        new: The template as it would be.
        base: A revision of git.

    Raises:
        ReviewError: If something cannot be read.
    """
    return [Stack("", _source(old), _source(new))]


def source_of(name: str) -> Source:
    """A template from a file, or from standard input.

    Args:
        name: The path of the file, or `-`.

    Raises:
        ReviewError: If it cannot be read.
    """
    return _source(name)


def _source(name: str | None) -> Source:
    if name == STDIN:
        return read_template(sys.stdin.buffer.read(MAX_BYTES + 1).decode(errors="replace"), "<stdin>")
    try:
        return read_template(Path(name or "").read_text(encoding="utf-8"), str(name))
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError("REV901", f"{name} cannot be read: {error}", file=str(name)) from None

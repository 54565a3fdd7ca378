"""The text of a file that is given for a review."""

from __future__ import annotations

import sys
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.read_template import MAX_BYTES


def read_text(path: Path) -> str:
    """The text of a file.

    Args:
        path: The file.

    Raises:
        ReviewError: If there is none, it is none that can be read, or it is too large for a template.
    """
    try:
        if not path.is_file():
            raise ReviewError("REV920", f"there is no file {path}", help="give a template, or a folder", file=str(path))
        if path.stat().st_size > MAX_BYTES:
            raise ReviewError("REV903", f"{path} is larger than any template", file=str(path))
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        if isinstance(error, ReviewError):
            raise
        reason = (
            "it is no text" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", "") or str(error)
        )
        raise ReviewError("REV921", f"{path} cannot be read: {reason}", file=str(path)) from None


def read_standard_input() -> str:
    """The text that is led into the program."""
    return sys.stdin.buffer.read(MAX_BYTES + 1).decode("utf-8", "replace")

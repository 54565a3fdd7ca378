"""What is in the files of a function's code, as text: where judgements look for what it does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from streaming_constructs.spec.regular_file import read_regular_file
from streaming_constructs.spec.shipped_code import left_out_as

_TEXT = frozenset(
    {".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".cs", ".csproj", ".txt", ".toml", ".json", ".lock", ".cfg"}
)
_MOST_FILES, _MOST_BYTES = 500, 262_144


def code_texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder that are text: their paths in it, and what is in them, in small letters.

    Args:
        folder: The folder.
    """
    looked_at = 0
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not left_out_as(os.path.join(here, name)))  # noqa: PTH118
        for name in sorted(files):
            if os.path.splitext(name)[1].lower() not in _TEXT:  # noqa: PTH122 - pathlib would take three times as long
                continue
            looked_at += 1
            if looked_at > _MOST_FILES:
                return
            path = Path(here) / name
            try:
                yield path.relative_to(folder).as_posix(), read_regular_file(path, _MOST_BYTES).lower()
            except OSError:
                continue  # whoever packs it says so

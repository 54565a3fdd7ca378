"""Whether a file lies within the folder that is reviewed: what leads out of it is another's, and is not read."""

from __future__ import annotations

import os
from pathlib import Path

from streaming_constructs.review.problem import ReviewError


def check_inside(path: Path, folder: Path) -> Path:
    """The path, unless a link, or a name with `..` in it, leads out of a folder.

    Args:
        path: The file or folder.
        folder: The folder that it has to be in.

    Raises:
        ReviewError: If it is not.
    """
    if not _is_inside(path, folder):
        raise ReviewError(
            "REV927",
            f"{path} leads out of {folder}",
            help="put the file itself there, in place of what leads to it",
            file=str(path),
        )
    return path


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links that lead to themselves, and names with a zero in them
        return False


def repository_of(path: Path) -> Path:
    """The repository that a path is written in, links not followed; its folder where that is in none.

    Args:
        path: The path of a file.
    """
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100 - `resolve` would follow the link
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)

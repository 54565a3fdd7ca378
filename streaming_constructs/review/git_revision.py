"""The templates of a git repository that differ from a revision, such as `origin/main`, before and after."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.read_text import read_text
from streaming_constructs.review.snapshots import SUFFIXES


def changed_files(base: str, where: Path) -> Iterator[tuple[str, str, str]]:
    """The files below a folder that differ from where its branch left a revision: path, text before, text now.

    A file that is not there on one side has an empty text.

    Args:
        base: The revision.
        where: The folder, or a file.

    Raises:
        ReviewError: If there is no repository, or no such revision.
    """
    folder = where if where.is_dir() else where.parent
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    start = _branched_at(folder, base)
    listed = _git(
        folder, "diff", "--name-only", "--no-renames", "-z", start, "--", where.name if where.is_file() else "."
    )
    new = (
        _git(folder, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ".")
        if where.is_dir()
        else ""
    )
    for path in sorted({*listed.split("\0"), *new.split("\0")} - {""}):
        if path.endswith(SUFFIXES):
            now = top / path
            before = _git(folder, "show", f"{start}:{path}", missing_is_empty=True)
            yield path, before, read_text(now) if now.is_file() else ""


def _branched_at(folder: Path, base: str) -> str:
    """The commit that a branch has in common with a revision, as a pull request compares; the revision where there is none."""
    if base.startswith("-"):
        raise ReviewError("REV922", f"`{base}` is no revision of git", help="give one such as origin/main")
    revision = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}", missing_is_empty=True
    )
    if not revision.strip():
        raise ReviewError(
            "REV922",
            f"git knows no revision `{base}` here",
            help=f"fetch it: `git fetch origin {base.removeprefix('origin/')}` (in CI, check out with `fetch-depth: 0`)",
        )
    common = _git(folder, "merge-base", revision.strip(), "HEAD", missing_is_empty=True).strip()
    return common or revision.strip()


def _git(folder: Path, *arguments: str, missing_is_empty: bool = False) -> str:
    # No pagers, hooks or helpers of a repository that somebody else wrote: nothing in it is run.
    command = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.quotePath=false",
        *arguments,
    ]
    if arguments[0] in {"diff", "show"}:
        command.insert(command.index(arguments[0]) + 1, "--no-ext-diff")
        command.insert(command.index(arguments[0]) + 1, "--no-textconv")
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - git itself
    except OSError:
        raise ReviewError("REV923", "git is not there, or the folder is not", help="give OLD and NEW instead") from None
    if done.returncode and not missing_is_empty:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ReviewError(
            "REV923", f"git cannot tell: {''.join(last)}", help="give OLD and NEW instead, or a folder in a repository"
        )
    return done.stdout.decode("utf-8", "replace") if not done.returncode else ""

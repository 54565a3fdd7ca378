"""The templates of a git repository that differ from a revision, such as `origin/main`, before and after."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.inside import check_inside
from streaming_constructs.review.reading.read_text import read_text
from streaming_constructs.review.reading.snapshots import SUFFIXES, templates_of


def changed_files(base: str, where: Path) -> Iterator[tuple[str, str, str]]:
    """The files below a folder that differ from where its branch left a revision: path, text before, text now.

    A file that is not there on one side has an empty text.

    Args:
        base: The revision.
        where: The folder, or a file.

    Raises:
        ReviewError: If there is no repository, or no such revision.
    """
    _check_no_link(where)
    folder, name = (where, "") if where.is_dir() else (where.parent, where.name)
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    inside = _git(folder, "rev-parse", "--show-prefix").strip() + name
    start = _branched_at(folder, base)
    old, old_links = _blobs(_git(folder, "ls-tree", "-r", "-z", "--full-tree", start, "--", inside or "."))
    # Not `git diff`: it runs the filters that are configured for the files of a checkout.
    listed = _git(
        folder, "ls-files", "--cached", "--others", "--exclude-standard", "--full-name", "-z", "--", name or "."
    )
    for path in sorted({*old, *listed.split("\0")} - {""}):
        if not path.endswith(SUFFIXES):
            continue
        is_linked = (top / path).resolve() != top.resolve() / path
        if is_linked:
            check_inside(top / path, top)
        if is_linked or path in old_links or old.get(path) != _blob(top / path, old.get(path, "")):
            before = _git(folder, "show", f"{start}:{path}", missing_is_empty=True) if path in old else ""
            now = read_text(top / path) if (top / path).is_file() else ""
            if is_linked or path in old_links:
                _check_no_template(path, before, now)
            else:
                yield path, before, now


def _check_no_link(where: Path) -> None:
    """Refuses a link: behind it is another folder than the one of that name in the revision."""
    path = Path(os.path.abspath(where))  # noqa: PTH100 - `resolve` would follow the link
    for each in (path, *path.parents):
        if (each / ".git").exists():
            return
        if each.is_symlink():
            raise ReviewError("REV926", f"{each} is a link", help="give the folder that it leads to", file=str(where))


def _check_no_template(path: str, *texts: str) -> None:
    """Refuses a template that is, or was, behind a link: what was there in the revision is not known."""
    if any(True for text in texts for _ in templates_of(text, path, path)):
        raise ReviewError("REV926", f"{path} is a link, or was one", help="put the template itself there", file=path)


def _blobs(listed: str) -> tuple[dict[str, str], set[str]]:
    """The name of the content of each file of a revision, by its path; and the paths of its links."""
    entries = [
        (about.split(), path) for about, _, path in (line.partition("\t") for line in listed.split("\0") if line)
    ]
    links = {path for (mode, *_), path in entries if mode == _LINK}
    return {path: name for (_, kind, name, *_), path in entries if kind == "blob" and path not in links}, links


_LINK = "120000"
"""The mode that git gives to a symbolic link.

Source: https://git-scm.com/docs/git-fast-import
"""


def _blob(file: Path, like: str) -> str:
    """The name that git gives to the content of a file, in the kind of hash that its repository has; empty without a file."""
    if not file.is_file():
        return ""
    content = file.read_bytes()
    kind = "sha256" if len(like) == _SHA256_DIGITS else "sha1"
    return hashlib.new(kind, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


_SHA256_DIGITS = 64


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
    if arguments[0] == "show":
        command.insert(command.index("show") + 1, "--no-textconv")
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

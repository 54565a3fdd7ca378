"""What is reviewed: two templates, two folders of them, or what differs from a revision of git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.cloud_assembly import is_assembly, stacks_of
from streaming_constructs.review.reading.git_revision import changed_files
from streaming_constructs.review.reading.read_template import Source, read_template
from streaming_constructs.review.reading.read_text import read_standard_input, read_text
from streaming_constructs.review.reading.snapshots import templates_in, templates_of
from streaming_constructs.review.stacks_review import Stack


def stacks(old: str | None, new: str | None, base: str | None = None) -> list[Stack]:
    """The stacks that are reviewed, before and after.

    Args:
        old: What is deployed: a template, a folder of `cdk synth`, a folder of snapshots, or `-` for standard input. None with
            `base`.
        new: What would be, of the same kind. With `base`: where to look for templates; None: in the working directory.
        base: A revision of git, instead of `old`.

    Raises:
        ReviewError: If anything of it cannot be read, or there is nothing to compare.
    """
    if base is not None:
        return _since(base, Path(new or "."))
    assert old is not None
    assert new is not None
    one, other = Path(old), Path(new)
    if one.is_dir() != other.is_dir() and "-" not in (old, new):
        raise ReviewError("REV924", f"{old} and {new} are not of one kind", help="give two templates, or two folders")
    if not one.is_dir():
        return [Stack("", source_of(old), source_of(new))]
    return _matched(_in_folder(one), _in_folder(other))


def source_of(name: str) -> Source:
    """A template that is given on the command line.

    Args:
        name: A file, or `-` for standard input.

    Raises:
        ReviewError: If it cannot be read, or is none.
    """
    if name == "-":
        return read_template(read_standard_input(), "standard input")
    return read_template(read_text(Path(name)), name)


def templates(name: str) -> list[tuple[str, Source]]:
    """The templates that a word of the command line stands for: a file, or all of a folder.

    Args:
        name: A template, a folder of `cdk synth` or of snapshots, or `-` for standard input.

    Raises:
        ReviewError: If one of them cannot be read, or there is none.
    """
    return list(_in_folder(Path(name)).items()) if Path(name).is_dir() else [("", source_of(name))]


def _in_folder(folder: Path) -> dict[str, Source]:
    found = dict(stacks_of(folder) if is_assembly(folder) else templates_in(folder))
    if not found:
        raise ReviewError(
            "REV925", f"there is no template in {folder}", help="give a folder of `cdk synth` or of snapshots"
        )
    return found


def _matched(old: Mapping[str, Source], new: Mapping[str, Source]) -> list[Stack]:
    # A single stack is itself whatever it is called: an app may be synthesized under another name for the comparison.
    if len(old) == len(new) == 1:
        (before,), ((name, after),) = old.values(), new.items()
        return [Stack(name, before, after)]
    return [Stack(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


def _since(base: str, where: Path) -> list[Stack]:
    found = []
    for path, before, now in changed_files(base, where):
        old, new = dict(templates_of(before, path, path)), dict(templates_of(now, path, path))
        found += [Stack(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
    return found

"""What is reviewed: two templates, two folders of them, or what differs from a revision of git."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.cloud_assembly import is_assembly, stacks_of
from streaming_constructs.review.reading.git_revision import changed_files
from streaming_constructs.review.reading.read_template import Source, read_template
from streaming_constructs.review.reading.read_text import read_standard_input, read_text
from streaming_constructs.review.reading.snapshots import files_in, templates_in, templates_of
from streaming_constructs.review.stacks_review import Stack
from streaming_constructs.spec.finding import Finding, SpecError

ACCEPTED = "review.yaml"
"""What is accepted, beside templates: it is read, and is none of them."""


MOST_TEMPLATES = 2000
"""More templates than this in one folder are an accident or an attack: few lines can name one stack very often."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared.

    Attributes:
        stacks: The stacks, before and after.
        passed_over: The files of the folders that were named which are no template, and so were not looked at.
    """

    stacks: list[Stack]
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The templates that a word of the command line stands for.

    Attributes:
        templates: The templates, by their names within it.
        passed_over: The files of a folder that are no template, and so were not looked at.
    """

    templates: Mapping[str, Source]
    passed_over: tuple[str, ...] = ()


def compared(old: str | None, new: str | None, base: str | None = None) -> Compared:
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
        return _since(base, Path(new or "."), is_named=new is not None)
    assert old is not None
    assert new is not None
    one, other = Path(old), Path(new)
    if one.is_dir() != other.is_dir() and "-" not in (old, new):
        raise ReviewError("REV924", f"{old} and {new} are not of one kind", help="give two templates, or two folders")
    if not one.is_dir():
        return Compared([_stack("", source_of(old), source_of(new))])
    before, after = _in_folder(one), _in_folder(other)
    return Compared(
        _matched(before.templates, after.templates), tuple(dict.fromkeys([*before.passed_over, *after.passed_over]))
    )


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


def templates(name: str) -> Found:
    """The templates that a word of the command line stands for: a file, or all of a folder.

    Args:
        name: A template, a folder of `cdk synth` or of snapshots, or `-` for standard input.

    Raises:
        ReviewError: If one of them cannot be read, or there is none.
    """
    found = _in_folder(Path(name)) if Path(name).is_dir() else Found({"": source_of(name)})
    for source in found.templates.values():
        _check_written_once(source)
    return found


def _check_written_once(source: Source) -> None:
    """Refuses a template whose meaning is open: which of two values counts is not defined.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    """
    if source.twice:
        raise SpecError(
            [
                Finding(
                    "REV915", f"`{key}` is written twice in one mapping", help=_KEEP_ONE, file=source.name, line=line
                )
                for key, line in source.twice
            ]
        )


_KEEP_ONE = "keep one of them: which one CloudFormation takes is not defined"


def _in_folder(folder: Path) -> Found:
    found: dict[str, Source] = {}
    for name, source in stacks_of(folder) if is_assembly(folder) else templates_in(folder):
        found[name] = source
        if len(found) > MOST_TEMPLATES:
            raise ReviewError("REV903", f"{folder} has more than {MOST_TEMPLATES:,} templates", file=str(folder))
    if not found:
        raise ReviewError(
            "REV925", f"there is no template in {folder}", help="give a folder of `cdk synth` or of snapshots"
        )
    read = {source.name for source in found.values()}
    return Found(found, () if is_assembly(folder) else tuple(_others(map(str, files_in(folder)), read)))


def _others(files: Iterable[str], read: Collection[str]) -> Iterator[str]:
    """The files that no template was read from; what is accepted is read elsewhere."""
    return (file for file in files if file not in read and Path(file).name != ACCEPTED)


def _stack(name: str, old: Source | None, new: Source | None) -> Stack:
    """A stack whose new template means one thing; of the old one the last of two values is taken, which is said."""
    if new is not None:
        _check_written_once(new)
    twice = old.twice if old is not None else ()
    return Stack(name, old, new, tuple(f"`{key}` was written twice before, and the last counts" for key, _ in twice))


def _matched(old: Mapping[str, Source], new: Mapping[str, Source]) -> list[Stack]:
    # A single stack is itself whatever it is called: an app may be synthesized under another name for the comparison.
    if len(old) == len(new) == 1:
        (before,), ((name, after),) = old.values(), new.items()
        return [_stack(name, before, after)]
    return [_stack(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


def _since(base: str, where: Path, *, is_named: bool) -> Compared:
    """What differs from a revision; what else has changed is told of a folder that was named, and not of a whole checkout."""
    found: list[Stack] = []
    passed_over: list[str] = []
    for path, before, now in changed_files(base, where):
        old, new = dict(templates_of(before, path, path)), dict(templates_of(now, path, path))
        found += [_stack(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
        passed_over += () if old or new or not is_named else _others([path], ())
    return Compared(found, tuple(passed_over))

"""Writes the spec that `advise` has for an option, with what it ships: all of it or nothing, and never over what is there."""

from __future__ import annotations

from pathlib import Path

from streaming_constructs.planning.advice.advice import Advice
from streaming_constructs.planning.advice.options import Option
from streaming_constructs.planning.advice.skeletons import skeleton
from streaming_constructs.spec.finding import Finding, SpecError


def write_skeleton(advice: Advice, option: Option, path: Path) -> list[Path]:
    """Writes a spec and the code beside it; code that is there already stays as it is.

    Args:
        advice: The advice.
        option: What the spec is for.
        path: The file of the spec.

    Returns:
        The files that were written.

    Raises:
        SpecError: If there is no spec for the option, or a file cannot be written, such as one that is there.
    """
    _check(advice, option)
    files = {path.parent / name if name else path: text for name, text in skeleton(option.name, advice.answers).items()}
    written: list[Path] = []
    try:
        for file, text in files.items():
            if file != path and file.exists():
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="\n") as opened:
                written.append(file)
                opened.write(text)
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        note = _IS_THERE if isinstance(error, FileExistsError) else (error.strerror or str(error)).lower()
        raise _refusal(error.filename or str(path), note) from error
    return written


_IS_THERE = "it is there already, and is not overwritten"


def check_new(path: Path) -> None:
    """Whether a file is new.

    Args:
        path: The file of a spec.

    Raises:
        SpecError: If it is there.
    """
    if path.exists():
        raise _refusal(str(path), _IS_THERE)


def _refusal(file: str, note: str) -> SpecError:
    return SpecError([Finding("CMD114", f"cannot write `{file}`", note=note, help="name a new file")])


def _check(advice: Advice, option: Option) -> None:
    """Whether there is a spec for an option, and sense in one.

    Raises:
        SpecError: If not.
    """
    title = option.title
    nearest = next((left.option for left in advice.left if left.option.has_spec), None)
    help_ = f"the best of those that can is written with `--option {nearest.name}`" if nearest is not None else ""
    gone = next((out for out in advice.out if out.option == option), None)
    if gone is not None:
        note = "; ".join(reason.text for reason in gone.reasons)
        raise SpecError([Finding("CMD112", f"{title} cannot do it, and no spec is written", note=note, help=help_)])
    if not option.has_spec:
        note = "buses are no kind of the language: what they call stands in an app of your own"
        raise SpecError([Finding("CMD113", f"there is no spec for {title}", note=note, help=help_)])

"""The templates in a folder of snapshots, whatever wrote them: files of their own, syrupy's `.ambr`, Jest's `.snap`.

Sources: https://github.com/syrupy-project/syrupy and https://jestjs.io/docs/snapshot-testing
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from streaming_constructs.review.problem import ReviewError
from streaming_constructs.review.reading.inside import check_inside
from streaming_constructs.review.reading.read_template import Source, as_source, read_template
from streaming_constructs.review.reading.read_text import read_text

SUFFIXES = (".json", ".yaml", ".yml", ".template", ".ambr", ".snap")
_SKIPPED = {"node_modules", ".git", ".venv", "__pycache__"}
_AMBER = re.compile(r"^# name: (.+)\n((?:(?!# ---).*\n)*)", re.MULTILINE)
_JEST = re.compile(r"^exports\[`((?:[^`\\]|\\.)*)`\] = `((?:[^`\\]|\\.)*)`;", re.MULTILINE | re.DOTALL)
_JEST_TYPES = re.compile(r"\b(?:Object|Array|Map) (?=[{\[])")


def templates_in(folder: Path) -> Iterator[tuple[str, Source]]:
    """The templates in a folder and the folders in it: the path below the folder, and the template.

    A file that is no template, such as a ledger, is passed over.

    Args:
        folder: The folder.

    Raises:
        ReviewError: If a template cannot be read, or a link leads out of the folder.
    """
    for path in files_in(folder):
        if path.is_symlink():
            check_inside(path, folder)
        if path.suffix in SUFFIXES and path.is_file():
            yield from templates_of(read_text(path), path.relative_to(folder).as_posix(), str(path))


def files_in(folder: Path) -> list[Path]:
    """The files in a folder and the folders in it, in order; links are among them, whatever they lead to.

    Args:
        folder: The folder.
    """
    return [
        path
        for path in sorted(folder.rglob("*"))
        if not _SKIPPED & set(path.relative_to(folder).parts) and (path.is_symlink() or not path.is_dir())
    ]


def templates_of(text: str, name: str, file: str) -> Iterator[tuple[str, Source]]:
    """The templates in the text of a file; none where it has none.

    Args:
        text: The text.
        name: What it is called.
        file: The file that it was read from.
    """
    if name.endswith(".ambr"):
        found = [(title, _python(body)) for title, body in _AMBER.findall(text)]
    elif name.endswith(".snap"):
        found = [(title, _javascript(body)) for title, body in _JEST.findall(text)]
    else:
        if _might_be_template(text):
            yield name, read_template(text, file)
        return
    for title, data in found:
        if isinstance(data, dict) and isinstance(data.get("Resources"), dict):
            yield f"{name}: {title}", as_source(data, file, "")


def _might_be_template(text: str) -> bool:
    """Whether a file says `Resources` at its top: whether it is one is told when it is read."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return re.search(r"\bResources['\"]?\s*:", text) is not None
    return re.search(r"^(Resources|['\"]Resources['\"]) *:", text.removeprefix("\ufeff"), re.MULTILINE) is not None


def _python(body: str) -> object:
    """Data as syrupy writes it: `dict({'key': value})`, two blanks further in."""
    plain = re.sub(r"\b(?:dict|list|tuple|set|OrderedDict)\((?=[{\[(])", "(", body)
    try:
        return ast.literal_eval(plain.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _javascript(body: str) -> object:
    """Data as Jest writes it: keys in quotation marks, a comma behind the last, signs of the template literal escaped."""
    plain = re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL) if "\\" in body else body
    plain = re.sub(r",(\s*[}\]])", r"\1", _JEST_TYPES.sub("", plain))
    try:
        return dict(read_template(plain.strip(), "snapshot").data)
    except ReviewError:
        return None

"""Which system a verb is about: a file of yours, a documented pattern, or what comes from standard input."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming_constructs.spec.document import Document

STDIN = "-"
_SUFFIXES = {".yaml", ".yml", ".json"}


@dataclass(frozen=True, slots=True)
class System:
    """What a verb is about.

    Attributes:
        name: What it is called in reports: its path, the name of its pattern, or `<stdin>`.
        document: Its content.
        pattern: The name of the documented pattern that it is; else empty.
    """

    name: str
    document: Document
    pattern: str = ""

    @property
    def directory(self) -> Path:
        """The folder that paths in it are relative to."""
        return Path(self.document.name).parent


def open_system(system: str) -> System:
    """Reads a system, without looking at what it says.

    Args:
        system: The path of a spec, the name of a pattern, or `-` for standard input.

    Raises:
        SpecError: If it is none of them.
    """
    from streaming_constructs.spec.read import MAX_BYTES, document_of, open_document

    if system == STDIN:
        name = "<stdin>"  # code folders are relative to the working directory
        return System(name, document_of(sys.stdin.buffer.read(MAX_BYTES + 1), name))
    path = Path(system)
    if path.suffix in _SUFFIXES or (path.exists() and not path.is_dir()):
        return System(system, open_document(system))
    from streaming_constructs.spec.finding import Finding, SpecError
    from streaming_constructs.spec.patterns import find_pattern, list_patterns

    if path.is_dir() and system not in (pattern.name for pattern in list_patterns()):
        finding = Finding("LNG101", f"`{system}` is a folder", help="name a file in it, such as `pipeline.yaml`")
        raise SpecError([finding])
    return System(system, open_document(shortest(find_pattern(system).spec_path)), system)


def shortest(path: Path) -> str:
    """A path as people read it: from the working directory where it is in it, else the whole.

    Args:
        path: The path.
    """
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative

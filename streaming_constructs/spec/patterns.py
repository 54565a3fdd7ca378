"""The documented patterns: folders with a `pattern.yaml`, each a whole system with its handlers and sample events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One documented pattern.

    Attributes:
        name: Its name, which is that of its folder.
        directory: Its folder.
        title: What it is, in one line.
    """

    name: str
    directory: Path
    title: str

    @property
    def spec_path(self) -> Path:
        """Its spec."""
        return self.directory / "pattern.yaml"


def list_patterns() -> list[Pattern]:
    """The patterns, by name; a folder with a `pattern.yaml` is one."""
    folders = sorted(spec.parent for spec in patterns_directory().glob("*/pattern.yaml"))
    return [Pattern(folder.name, folder, _title(folder)) for folder in folders]


def find_pattern(name: str) -> Pattern:
    """The pattern of this name.

    Args:
        name: Such as `lambda-consumer`.

    Raises:
        SpecError: If there is none, with the name that was probably meant.
    """
    patterns = {pattern.name: pattern for pattern in list_patterns()}
    if name not in patterns:
        help_ = did_you_mean(str(name), patterns)
        raise SpecError([Finding("CMD107", f"there is no pattern `{name}`", help=help_)])
    return patterns[name]


def patterns_directory() -> Path:
    """Where the patterns are: inside the installed package or, in a checkout, beside it."""
    installed = _PACKAGE / "patterns"
    return installed if installed.is_dir() else _PACKAGE.parent / "patterns"


def _title(folder: Path) -> str:
    """The heading of the pattern's README, or its first sentence if it starts without one; else the folder's name."""
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8").strip() if readme.is_file() else ""
    if text.startswith("#"):
        return text.partition("\n")[0].lstrip("#").strip()
    paragraph = " ".join(text.partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".") or folder.name

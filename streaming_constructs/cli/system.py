"""Which system a verb is about: a file of yours, or a documented pattern."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from streaming_constructs.spec.model import Environment
    from streaming_constructs.spec.pipeline import PipelineSpec

_SUFFIXES = {".yaml", ".yml", ".json"}


def system_path(system: str) -> Path:
    """The spec of a system.

    Args:
        system: The path of a spec, or the name of a pattern.

    Raises:
        SpecError: If it is neither.
    """
    path = Path(system)
    if path.suffix in _SUFFIXES or path.is_file():
        return path
    from streaming_constructs.spec.patterns import find_pattern

    return find_pattern(system).spec_path


def read_system(system: str, environment: str | None = None) -> tuple[PipelineSpec, Path]:
    """The spec of a system, and the file it was read from.

    Args:
        system: The path of a spec, or the name of a pattern.
        environment: Which of its environments.

    Raises:
        SpecError: If there is no such system, or with everything that is wrong with it.
    """
    from streaming_constructs.spec.load import load

    path = system_path(system)
    return load(path, cast("Environment | None", environment)), path

"""Which system a verb is about: a file of yours, or a documented pattern."""

from __future__ import annotations

from pathlib import Path

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

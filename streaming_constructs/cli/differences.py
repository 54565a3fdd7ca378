"""What an environment changes in the rest of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming_constructs.spec.document import Document

GONE = None
"""The value of what is in the file, and not in the environment."""


def differences(document: Document, environment: str | None) -> dict[str, Any]:
    """The fields in which an environment is not what the rest of the file says, by path; what it has not is None.

    Args:
        document: The file.
        environment: The environment.
    """
    from streaming_constructs.spec.environments import as_environment

    if environment is None:
        return {}
    rest, merged = as_environment(document, None).data, as_environment(document, environment).data
    return {".".join(path): value for path, value in _differing(rest, merged, ())}


def _differing(rest: Any, merged: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not (isinstance(rest, Mapping) and isinstance(merged, Mapping)):
        if rest != merged:
            yield path, merged
        return
    for key in merged:
        if key in rest:
            yield from _differing(rest[key], merged[key], (*path, key))
        else:
            yield (*path, key), merged[key]
    for key in rest:
        if key not in merged:
            yield (*path, key), GONE


def differing_lines(differing: Mapping[str, Any]) -> Iterator[str]:
    """Differences for people: `streams.clicks.shards: 1`.

    Args:
        differing: What `differences` says.
    """
    import yaml

    for path, value in differing.items():
        if value is GONE:
            yield f"{path}: taken out"
        else:
            written = yaml.safe_dump(
                value, default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False
            )
            yield f"{path}: {written.removesuffix(chr(10)).removesuffix(chr(10) + '...')}"

"""What properties are where they are left out: a default that is written out is no change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.differences import Difference, same
from streaming_constructs.review.comparing.schemas import schema_of

_DEFAULTS: dict[str, dict[tuple[str, ...], Any]] = {}


def is_by_default(resource_type: str, values: Mapping[str, Any]) -> None:
    """Registers what properties of a type are where they are left out, beyond what its schema says.

    Args:
        resource_type: The type.
        values: The values by path, such as `{"StreamModeDetails.StreamMode": "PROVISIONED"}`; `*` stands for an item of a list.
    """
    table = _DEFAULTS.setdefault(resource_type, {})
    table.update({tuple(path.split(".")): value for path, value in values.items()})


def default_of(resource_type: str, path: tuple[str | int, ...]) -> Any:
    """What a property is where it is left out, or None where nobody knows.

    Args:
        resource_type: The type.
        path: The property.
    """
    table = _DEFAULTS.get(resource_type, {})
    plain = tuple(map(str, path))
    if plain in table:
        return table[plain]
    for pattern, value in table.items():
        if len(pattern) == len(plain) and all(map(_fits, pattern, plain)):
            return value
    return schema_of(resource_type).default(path)


def _fits(step: str, real: str) -> bool:
    return step in ("*", real)


def says_the_default(resource_type: str, difference: Difference) -> bool:
    """Whether a difference is only that a default is written out, or no longer written out.

    Args:
        resource_type: The type.
        difference: The difference.
    """
    if difference.old is not None and difference.new is not None:
        return False
    default = default_of(resource_type, difference.path)
    given = difference.new if difference.old is None else difference.old
    return default is not None and same(given, default)

"""Texts that templates put together: what is known of them is read, what is not stands there as `${Name}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.values import shown


def known_text(value: Any) -> str | None:
    """A text, also where a part of it is known at deployment only; None where the whole of it is.

    Args:
        value: A value by its meaning.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and len(value) == 1:
        match value:
            case {"Fn::Base64": inner}:
                return known_text(inner)
            case {"Fn::Join": ["", list() as parts]}:
                return "".join(part if isinstance(part, str) else shown(part) for part in parts)
    return None

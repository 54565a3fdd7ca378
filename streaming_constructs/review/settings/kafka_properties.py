"""The properties that templates hand to Kafka as one text: `key=value` lines or a JSON object, plain or in base64."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.comparing.intrinsics import as_text
from streaming_constructs.review.comparing.known_text import known_text
from streaming_constructs.review.comparing.values import number

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_DAY_MS = 86_400_000
_UNITS = ((_DAY_MS, "days"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))


def properties_of(value: Any) -> Mapping[str, str] | None:
    """The properties in a text, by their names; None where the text is known at deployment only.

    Args:
        value: A value by its meaning: a text, plain or in base64, or one that CloudFormation puts together.
    """
    text = "" if value is None else known_text(value)
    if text is None:
        return None
    plain = _decoded(text)
    return _of_json(plain) if plain.lstrip().startswith("{") else dict(_pairs(plain))


def _of_json(text: str) -> Mapping[str, str]:
    """The properties in a JSON object; as lines where it is none after all."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return dict(_pairs(text))
    return {name: as_text(value) for name, value in found.items()}


def _decoded(text: str) -> str:
    """A text, decoded where it is base64 of properties: plain ones have a sign that base64 has not, or no whole group."""
    packed = "".join(text.split())
    if len(packed) % 4 or not _BASE64.fullmatch(packed):
        return text
    try:
        plain = base64.b64decode(packed, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    return plain if "=" in plain or ":" in plain else text


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for line in text.replace("\\\n", "").splitlines():
        stripped = line.strip()
        if stripped and stripped[0] not in "#!":
            name, value = (*re.split(r"\s*[=:]\s*|\s+", stripped, maxsplit=1), "")[:2]
            pairs.append((name, value.strip()))
    return pairs


def limit(value: Any) -> float | None:
    """A limit of Kafka as a number: -1 is none at all; None where it is no number.

    Args:
        value: The value of a property.
    """
    found = number(value)
    return float("inf") if found == -1 else found


def duration(milliseconds: float) -> str:
    """How long a time is, in words.

    Args:
        milliseconds: The time; infinite where there is no limit.
    """
    if milliseconds == float("inf"):
        return "no limit"
    for size, unit in _UNITS:
        if milliseconds >= size and milliseconds % size == 0 and (unit != "days" or milliseconds >= 3 * size):
            return f"{milliseconds / size:,.0f} {unit}"
    return f"{milliseconds:,.0f} ms"

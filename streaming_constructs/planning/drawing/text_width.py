"""How wide text is at most, whatever font a reader has: no font is embedded, so that it is measured by a wide one."""

from __future__ import annotations

import unicodedata

_WIDE, _NARROW = frozenset("mwMW@%…—"), frozenset("ijlftrI.,:;'|!()[]-_/ ")
_WIDE_EM, _USUAL_EM, _NARROW_EM, _FULL_EM = 1.0, 0.68, 0.48, 1.1


def text_width(text: str, size: float) -> float:
    """The width of a text, rather too much than too little.

    Args:
        text: The text.
        size: The size of its font, in pixels.
    """
    return sum(map(_em, text)) * size


def _em(sign: str) -> float:
    if sign in _WIDE:
        return _WIDE_EM
    if sign in _NARROW:
        return _NARROW_EM
    return _USUAL_EM if sign.isascii() or unicodedata.east_asian_width(sign) not in "WFA" else _FULL_EM


def wrapped(text: str, characters: int) -> list[str]:
    """The text in lines, broken behind blanks, `_` and `-` where it can be.

    Args:
        text: The text.
        characters: How long a line may be.
    """
    lines = []
    while len(text) > characters:
        cut = max(text.rfind(mark, 0, characters) for mark in " _-") + 1
        cut = cut if cut > characters // 3 else characters
        lines.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*lines, text] if text or not lines else lines

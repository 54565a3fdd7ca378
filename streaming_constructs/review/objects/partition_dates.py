"""Dates in the folders of a delivery: whether a table that computes its partitions spells them in the same way.

Firehose writes dates in patterns of Java (`!{timestamp:yyyy-MM-dd}`), and a column of type `date` names such a pattern too.
Sources: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html and
https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html, read 2026-11-29
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

EXPRESSION = re.compile(r"!\{([^{}]*)\}")
COLUMN = re.compile(r"\$\{([^{}]*)\}")
_QUOTED = re.compile(r"'([^']*)'|([A-Za-z])")
VALUE = "\x01"
"""In place of what is known only when an object is written."""
_MARK = 0xE000
"""Letters of a pattern stand above it, so that they are not those of the folders."""
_YEARS = str.maketrans("Yu", "yy")
_BY_DEFAULT = "!{timestamp:yyyy/MM/dd/HH}/"


def whole_prefix(prefix: str) -> str:
    """A prefix with what Firehose appends to it where it has no expressions: year, month, day and hour.

    Args:
        prefix: The prefix.
    """
    return prefix if "!{" in prefix else prefix + _BY_DEFAULT


def written_dates(prefix: str) -> str:
    """The folders of a prefix, with the letters of its dates marked.

    Args:
        prefix: The prefix, with its expressions.
    """

    def marked(found: re.Match[str]) -> str:
        kind, _, pattern = found[1].partition(":")
        return _marked(pattern) if kind == "timestamp" else VALUE

    return EXPRESSION.sub(marked, whole_prefix(prefix))


def read_dates(template: str, parameters: Mapping[str, Any]) -> str:
    """The folders that a table computes, as a regular expression over `written_dates`.

    Args:
        template: Its folders, with the columns in `${}`.
        parameters: The parameters of the table.
    """
    parts = COLUMN.split(template)
    columns = {name: _pattern(name, parameters) for name in parts[1::2]}
    return "".join(columns[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))


def _pattern(column: str, parameters: Mapping[str, Any]) -> str:
    kind, form = (parameters.get(f"projection.{column}.{what}") for what in ("type", "format"))
    if str(kind).lower() != "date" or not isinstance(form, str):
        return "[^/]+?"
    last = chr(_MARK + 0x7F)
    # Folders that are written out may be any day.
    return f"(?:{re.escape(_marked(form))}|[^/{chr(_MARK)}-{last}]+?)"


def _marked(pattern: str) -> str:
    def letter(found: re.Match[str]) -> str:
        return chr(_MARK + ord(found[2].translate(_YEARS))) if found[2] else found[1]

    return _QUOTED.sub(letter, pattern)


def unmarked(text: str) -> str:
    """Folders as people write them.

    Args:
        text: Folders with marks.
    """
    letters = (chr(ord(sign) - _MARK) if _MARK <= ord(sign) <= _MARK + 0x7F else sign for sign in text)
    return "".join(letters).replace(VALUE, "…")

"""Text of a file as it may stand in a terminal and in the log of a CI job: nothing in it is a command to either.

Terminals obey escape sequences, and show text in an order that it does not have where it says so; CI systems obey lines that
begin with `::` (GitHub), and `##[` or `##vso[` anywhere in one (GitHub, Azure).

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands and
https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
"""

from __future__ import annotations

import re

_COMMAND = re.compile(r"^\s*:(?=:)|#(?=#\w*\[)")
_COMMAND_WITHIN = re.compile(r"#(?=#\w*\[)")
"""Where a text could be a command of a CI system, at the begin of a line and within it: its first sign is what is escaped."""


def printable(text: str, *, begins_line: bool = True) -> str:
    r"""The text with what a terminal or a CI system would obey escaped, as Python escapes it: `\x1b`, `\n`.

    Args:
        text: One line; an end of line in it is escaped as well.
        begins_line: Whether there is nothing before it in its line.
    """
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)
    command = _COMMAND if begins_line else _COMMAND_WITHIN
    return command.sub(lambda found: f"{found[0][:-1]}\\x{ord(found[0][-1]):02x}", text)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")

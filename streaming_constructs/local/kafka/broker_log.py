"""Reads in the log of a broker why it ended: the first failure in it, since what follows is about its end."""

from __future__ import annotations

import re
from collections.abc import Mapping

_FAILURE = re.compile(
    r"^(?:Caused by: |Exception in thread \"[^\"]*\" )?((?:[a-z_]\w*\.)+[A-Z]\w*(?:Exception|Error))(?:: (.*))?$"
)
_OF_THE_MACHINE = re.compile(
    r"^(?:Error(?: occurred during initialization of VM)?|Unrecognized VM option|OpenJDK .* error)\b.*$"
)
PORT_TAKEN = "BindException"
"""In what a broker says whose port somebody else took in the meantime."""


def first_failure(log: str, properties: Mapping[str, str]) -> str:
    """Why a broker ended.

    Args:
        log: What it wrote.
        properties: What it was told: where a failure names no property, that whose value it names is added.

    Returns:
        The first failure in one line, without the package of its class; else the last line; empty if it wrote nothing.
    """
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    for line in lines:
        if found := _FAILURE.match(line):
            return _with_property(f"{found[1].rpartition('.')[2]}: {found[2] or 'no reason given'}", properties)
        if _OF_THE_MACHINE.match(line):
            return line
    return lines[-1] if lines else ""


def _with_property(failure: str, properties: Mapping[str, str]) -> str:
    """A failure such as that of a class that is not there tells the value alone."""
    words = set(re.findall(r"[\w.$-]+", failure))
    if any(name in words for name in properties):
        return failure
    about = [name for name, value in properties.items() if value in words and not value.isdigit()]
    return f"{failure} (`{about[0]}`)" if about else failure

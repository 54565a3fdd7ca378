"""Commands to GitHub Actions, which shows them beside the line of a file that they are about.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.spec.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def workflow_command(name: str, properties: Mapping[str, object], lines: Iterable[str]) -> str:
    """A command, in which everything that others wrote is escaped.

    Args:
        name: The command: `error`, `warning` or `notice`.
        properties: What it has, such as `file` and `line`; those without a value are left out.
        lines: What it says.
    """
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value)
    return f"::{name}{' ' if given else ''}{given}::{'%0A'.join(map(_data, lines))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

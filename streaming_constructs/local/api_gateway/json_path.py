"""The paths by which mapping templates reach into JSON: keys and positions, such as `$.records[3]['user-id']`, and no filters.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]")


def at(value: Any, path: str) -> Any:
    """What stands at a path; None where nothing does.

    Args:
        value: A value of JSON.
        path: The path, from `$`.

    Raises:
        ValueError: If the path has more than keys and positions.
    """
    steps, end = path.removeprefix("$"), 0
    for found in _STEP.finditer(steps):
        if found.start() != end:
            break
        end = found.end()
        key, position, quoted = found.groups()
        value = _step(value, int(position) if position is not None else key or quoted)
    if end != len(steps) or not path.startswith("$"):
        raise ValueError(f"the path {path} is more than keys and positions, which is all that is known here")
    return value


def _step(value: Any, step: int | str) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None

"""Whether a template has a secret in plain text: by the name of what it stands under, as nothing else tells."""

from __future__ import annotations

import re
from typing import Any

_SECRET = re.compile(
    r"password|passwd|passphrase|secret(?!s?[-_.]?manager)|credential|token$|api[-_.]?key|access[-_.]?key|private[-_.]?key|jaas",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"(arn|name|path|file|enabled?|type|source|provider|class|url|ms|location|handler)$", re.IGNORECASE
)
"""How names end of what only leads to a secret."""
_REFERENCE = re.compile(r"\$\{[^}]+\}|\{\{resolve:[^}]+\}\}|^arn:aws|(?<!\w)(AWS_MSK_IAM|IAMLoginModule)(?!\w)")
"""What stands in place of a secret: a variable of a configuration provider, a dynamic reference, an ARN, the role itself."""


def is_secret(name: str) -> bool:
    """Whether what has a name is secret.

    Args:
        name: The name of a property, or of a setting.
    """
    return bool(_SECRET.search(name)) and not _NO_SECRET.search(name)


def is_plain_secret(name: str, value: Any) -> bool:
    """Whether a value is a secret in plain text.

    Args:
        name: The name of the property, or of the setting.
        value: Its value by its meaning.
    """
    return is_secret(name) and isinstance(value, str) and bool(value) and not _REFERENCE.search(value)

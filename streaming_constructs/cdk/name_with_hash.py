"""Names that end in a hash of what cannot change in place: what replaces a resource has another name, and is not refused."""

from __future__ import annotations

import hashlib
import json
from typing import Any

HASH_CHARACTERS = 10


def short_hash(*parts: Any) -> str:
    """A hash of what a resource is made of, for the end of its name.

    Args:
        parts: Plain data, without tokens: these differ from one run to the next.
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARACTERS]

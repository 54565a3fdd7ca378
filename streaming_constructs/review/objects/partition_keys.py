"""Keys of dynamic partitioning: which of them a prefix of Firehose names, and which a query takes out of a record.

Source: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html, read 2026-11-29
"""

from __future__ import annotations

import re
from collections.abc import Iterator

QUERY, FUNCTION = "partitionKeyFromQuery", "partitionKeyFromLambda"
_NAMED = re.compile(r"!\{(partitionKeyFrom(?:Query|Lambda)):([^}<]+)\}")
_NAME = re.compile(r'\s*(?:"([^"\\]+)"|\$?(\w+))\s*(?::|$)')
"""A field of an object that jq makes: a name, with a value behind a colon or by itself."""
_OPEN, _CLOSED = "{[(", "}])"


def named_keys(prefix: str, origin: str) -> frozenset[str]:
    """The keys that a prefix names.

    Args:
        prefix: The prefix.
        origin: `QUERY` or `FUNCTION`: what takes the keys out of a record.
    """
    return frozenset(key.strip() for where, key in _NAMED.findall(prefix) if where == origin)


def extracted_keys(query: str) -> frozenset[str] | None:
    """The keys that a query of jq yields, or None where it is not an object whose fields can be read off.

    Args:
        query: The query, such as `{shop: .shop.id}`.
    """
    text = query.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return None
    found = [_NAME.match(field) for field in _fields(text[1:-1])]
    if not found or None in found:
        return None
    return frozenset(name[1] or name[2] for name in found if name)


def _fields(text: str) -> Iterator[str]:
    """What stands between the commas of an object, those inside of texts and brackets left alone."""
    depth, start, quoted, escaped = 0, 0, False, False
    for place, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in _OPEN:
            depth += 1
        elif not quoted and character in _CLOSED:
            depth -= 1
            if depth < 0:
                # The object ended before: what follows makes something else of it, and no field can be read off.
                yield ""
                return
        elif not quoted and character == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    if text[start:].strip():
        yield text[start:]

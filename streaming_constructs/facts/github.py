"""GitHub: how much a comment on a pull request takes."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact

COMMENT_CHARACTERS = Fact(
    65_536,
    "characters",
    # Its documents do not say; the answer of its API does: `Body is too long (maximum is 65536 characters)`.
    "https://github.com/googleapis/release-please/issues/1034",
    "2026-11-29",
)

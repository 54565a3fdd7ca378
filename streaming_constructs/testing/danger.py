"""For tests: that nothing dangerous happens when one template is deployed over another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streaming_constructs.review.reading.read_template import Source, as_source, read_template
from streaming_constructs.review.reading.read_text import read_text
from streaming_constructs.review.remark_text import remark_text
from streaming_constructs.review.templates_review import review

Given = Mapping[str, Any] | str | Path
"""A template: plain data, its text, or a file."""


def assert_no_danger(old: Given, new: Given, *, accept: Mapping[str, str] | None = None) -> None:
    """Fails if a deployment of `new` over `old` loses data, a position or a watch, opens something, or is refused by AWS.

    Needs the extra `streaming-constructs[review]`.

    Args:
        old: The template as it is deployed: plain data as `Template.to_json()` gives, a path, or its text.
        new: The template as it would be.
        accept: Dangers that are meant: the logical id, by the code. Left out: none.

    Raises:
        AssertionError: If there is a danger, with all of them.
        ReviewError: If one of the templates cannot be read.

    Example:
        ```python
        def test_nothing_is_lost(app_template):
            assert_no_danger(Path("deployed.template.json"), app_template.to_json())
        ```
    """
    meant = set((accept or {}).items())
    found = review(_source(old, "old"), _source(new, "new"))
    dangers = [
        remark for remark in found.remarks if remark.grade == "danger" and (remark.code, remark.logical_id) not in meant
    ]
    if dangers:
        raise AssertionError("\n\n".join(["this is dangerous to deploy", *map(remark_text, dangers)]))


def _source(given: Given, name: str) -> Source:
    if isinstance(given, Mapping):
        return as_source(given, name)
    if isinstance(given, Path):
        return read_template(read_text(given), str(given))
    return read_template(given, name)

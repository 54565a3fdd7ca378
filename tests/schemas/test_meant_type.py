"""Types as they are called elsewhere, answered with those of AWS Glue."""

from __future__ import annotations

import pytest

from streaming_constructs.spec.glue_types import meant_type


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("datetime", "timestamp"),
        ("Decimal", "decimal(10,2)"),
        ("list<string>", "array<string>"),
        ("map<string,list<int>>", "map<string,array<int>>"),
        ("strin", "string"),
        ("list<money>", ""),
        ("whatever", ""),
    ],
)
def test_what_a_type_of_elsewhere_is_here(text: str, meant: str) -> None:
    assert meant_type(text) == meant

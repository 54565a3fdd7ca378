"""Fields that are a number or a word: what is neither is told once, and what was meant is said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.test_brought_from_kafka import TOPIC, mended, system, told


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("7", {"retention_days": 7}),
        ("2w", {"retention_days": 14}),
        (0.5, {"retention_hours": 12}),
        ("12h", {"retention_hours": 12}),
        ("36h", {"retention_hours": 36}),
    ],
)
def test_a_retention_is_answered_once_with_what_was_meant(said: Any, expected: dict[str, Any]) -> None:
    (finding,) = told(system(retention_days=said))
    assert finding.code == "LNG203"
    assert mended(system(retention_days=said))["streams"]["orders"] == {**TOPIC, **expected}


@pytest.mark.parametrize(("said", "code"), [("forever", "LNG203"), (0, "LNG204"), (-1, "LNG204"), ([1], "LNG203")])
def test_what_is_neither_is_told_once_with_number_and_word(said: Any, code: str) -> None:
    (finding,) = told(system(retention_days=said))
    assert finding.code == code
    assert finding.help.endswith(", or `unlimited`")

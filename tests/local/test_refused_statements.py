"""Which statements and settings are to blame for what Flink refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.refused_statements import (
    Attempt,
    refused_settings,
    refused_statements,
    without_refused,
)
from streaming_constructs.local.flink.sql_document import SqlDocument

TABLE, VIEW = "CREATE TABLE t", "CREATE VIEW v"
INSERTS = tuple(f"INSERT INTO t SELECT {number}" for number in range(5))


def flink(*bad: str, names_it: bool = True, bad_settings: tuple[str, ...] = ()) -> Attempt:
    """A Flink that refuses some statements, INSERTs last: with their number, or without, as while it plans."""

    def attempt(document: SqlDocument) -> FlinkError | None:
        for key in bad_settings:
            if key in document.config:
                return FlinkError({"causes": [f"{key} is bad"]})
        for place, text in sorted(enumerate(document.statements), key=lambda one: one[1] in INSERTS):
            if text in bad:
                return FlinkError({"causes": [f"{text} is bad"], **({"statement": place} if names_it else {})})
        return None

    return attempt


@pytest.mark.parametrize("names_it", [True, False])
def test_each_insert_that_is_refused_is_named(names_it: bool) -> None:
    document = SqlDocument((TABLE, INSERTS[0], INSERTS[1], VIEW, *INSERTS[2:]))
    found = refused_statements(document, flink(INSERTS[1], INSERTS[4], names_it=names_it))
    assert [(error.statement, error.message) for error in found] == [
        (2, f"{INSERTS[1]} is bad"),
        (6, f"{INSERTS[4]} is bad"),
    ]
    assert without_refused(document, found).statements == (TABLE, INSERTS[0], VIEW, *INSERTS[2:4])


def test_of_what_is_created_the_first_is_named_and_no_insert() -> None:
    document = SqlDocument((TABLE, *INSERTS, VIEW))
    (found,) = refused_statements(document, flink(VIEW, INSERTS[0]))
    assert (found.statement, found.message) == (6, f"{VIEW} is bad")


def test_what_is_refused_together_alone_is_told_of_none_of_them() -> None:
    def attempt(document: SqlDocument) -> FlinkError | None:
        return FlinkError({"causes": ["too many"]}) if {*INSERTS[:2]} <= {*document.statements} else None

    (found,) = refused_statements(SqlDocument((TABLE, *INSERTS)), attempt)
    assert (found.statement, found.message) == (None, "too many")


def test_an_insert_that_only_settings_make_refused_is_not_to_blame() -> None:
    document = SqlDocument((TABLE, *INSERTS), {"zone": "Mars", "name": "x"})
    attempt = flink(INSERTS[2], bad_settings=("zone",))
    found = refused_statements(document, attempt)
    assert [error.statement for error in found] == [3]
    settings = refused_settings(without_refused(document, found), attempt)
    assert settings is not None
    assert (settings[0].message, settings[1]) == ("zone is bad", ("zone",))


def test_settings_that_are_each_too_much_are_told_together() -> None:
    document = SqlDocument((TABLE, INSERTS[0]), {"zone": "Mars", "mode": "batch"})
    settings = refused_settings(document, flink(bad_settings=("zone", "mode")))
    assert settings is not None
    assert settings[1] == ("zone", "mode")


@pytest.mark.parametrize("refusing", [flink(), flink(INSERTS[0])])
def test_settings_that_change_nothing_are_not_to_blame(refusing: Attempt) -> None:
    assert refused_settings(SqlDocument((TABLE, INSERTS[0]), {"zone": "UTC"}), refusing) is None


def test_flink_is_asked_seldom_where_little_is_wrong() -> None:
    inserts = tuple(f"INSERT INTO t SELECT {number}" for number in range(1000))
    asked = 0

    def counted(attempt: Attempt) -> Callable[[SqlDocument], FlinkError | None]:
        def ask(document: SqlDocument) -> FlinkError | None:
            nonlocal asked
            asked += 1
            return attempt(document)

        return ask

    (found,) = refused_statements(SqlDocument((TABLE, *inserts)), counted(flink(inserts[700], names_it=False)))
    assert (found.statement, asked < 50) == (701, True)

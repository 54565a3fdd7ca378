"""Rows are a table where that fits, and else one below the other: nothing of them is cut."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from streaming_constructs.cli.rows import Rows

SHARDS = Rows(
    ("shard", "records", "share"),
    (("shardId-000000000000", "1,250", "99%"), ("shardId-000000000001", "7", "1%")),
    right=2,
    is_named=True,
)
ANSWER = Rows(("page", "agent"), (("/coats", "Mozilla"), ("", "\x1b[2J")))


def drawn(rows: Rows, width: int) -> list[str]:
    written = io.StringIO()
    Console(file=written, width=width, color_system=None).print(rows)
    return [line.rstrip() for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("width", [38, 200])
def test_a_table_has_its_numbers_at_the_right(width: int) -> None:
    assert drawn(SHARDS, width) == [
        "shard                 records  share",
        "shardId-000000000000    1,250    99%",
        "shardId-000000000001        7     1%",
    ]


def test_named_rows_that_do_not_fit_are_a_line_each() -> None:
    assert drawn(SHARDS, 37) == [
        "shard",
        "shardId-000000000000: records 1,250,",
        "share 99%",
        "shardId-000000000001: records 7,",
        "share 1%",
    ]


def test_other_rows_that_do_not_fit_have_a_value_on_each_line() -> None:
    assert drawn(ANSWER, 16) == ["row 1", "page: /coats", "agent: Mozilla", "row 2", "page:", r"agent: \x1b[2J"]
    assert drawn(ANSWER, 17) == ["page    agent", "/coats  Mozilla", r"        \x1b[2J"]


def test_no_rows_are_their_columns() -> None:
    assert drawn(Rows(("a", "b"), ()), 80) == ["a  b"]

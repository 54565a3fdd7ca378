"""Which records are shown of many: the same ones, in the same order, whoever was quicker."""

from __future__ import annotations

import random

import pytest

from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.shown_records import MOST_SHOWN, ShownRecords, shown_data

RECORDS = [Record(f"shardId-{shard}", number, "key", b"", 0.0) for shard in range(2) for number in range(1, 41)]


@pytest.mark.parametrize("seed", range(5))
def test_the_first_are_kept_in_whatever_order_they_come(seed: int) -> None:
    shown: ShownRecords[Record] = ShownRecords()
    for record in random.Random(seed).sample(RECORDS, len(RECORDS)):
        shown.add(record, record)
    assert list(shown.said) == RECORDS[:MOST_SHOWN]


def test_those_without_a_number_are_kept_as_they_come() -> None:
    shown: ShownRecords[int] = ShownRecords()
    for number in range(30):
        shown.add(Record("", 0, "", b"", 0.0), number)
    assert list(shown.said) == list(range(MOST_SHOWN))


def test_data_that_is_cut_off_says_so() -> None:
    assert [shown_data(b"short"), shown_data("ä".encode() * 300)] == ["short", "ä" * 200 + "…"]

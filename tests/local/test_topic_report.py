"""What is told of a topic: hot partitions, lag, and partitions without a commit."""

from __future__ import annotations

import pytest

from streaming_constructs.local.kafka.topic_report import PartitionCounts, topic_report


def counted(*keys: bytes | None, size: int = 10) -> PartitionCounts:
    counts = PartitionCounts()
    for key in keys:
        counts.count_record(key, size)
    return counts


def test_the_hottest_partition_and_its_top_key() -> None:
    counts = {0: counted(b"a"), 1: counted(b"hot", b"hot", b"hot", b"b"), 2: counted(b"c")}
    report = topic_report("orders", counts, {0: 1, 1: 4, 2: 1})
    assert (report.records, report.bytes) == (6, 60)
    assert report.hottest.partition == 1
    assert report.hottest.share == pytest.approx(4 / 6)
    assert (report.hottest.top_key, report.hottest.top_key_share) == ("hot", 0.75)


def test_records_without_keys_have_no_top_key() -> None:
    report = topic_report("orders", {0: counted(None, None)}, {0: 2})
    assert (report.hottest.top_key, report.hottest.top_key_share) == (None, 0.0)


def test_a_key_that_is_no_text_is_shown_all_the_same() -> None:
    assert topic_report("orders", {0: counted(b"\xff")}, {0: 1}).hottest.top_key == "\\xff"


def test_lag_is_what_lies_before_the_group() -> None:
    report = topic_report("orders", {}, {0: 10, 1: 7}, group="app", committed={0: 4, 1: 7})
    assert [partition.lag for partition in report.partitions] == [6, 0]
    assert (report.max_lag, report.total_lag, report.without_commit) == (6, 6, ())


def test_no_commit_yet_is_no_lag_of_nothing() -> None:
    report = topic_report("orders", {}, {0: 10, 1: 7}, group="app", committed={0: 10}, start_positions={1: 2})
    assert [(partition.committed, partition.lag) for partition in report.partitions] == [(10, 0), (None, 5)]
    assert report.without_commit == (1,)


def test_a_group_that_begins_at_the_end_is_not_behind() -> None:
    report = topic_report("orders", {}, {0: 10}, group="app", start_positions={0: 10})
    assert (report.total_lag, report.without_commit) == (0, (0,))


def test_a_commit_of_0_is_one() -> None:
    report = topic_report("orders", {}, {0: 10}, group="app", committed={0: 0})
    assert (report.total_lag, report.without_commit) == (10, ())

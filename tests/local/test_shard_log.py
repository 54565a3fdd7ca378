"""A log gives back what was put into it: in order, from any position, as much as was asked for."""

from __future__ import annotations

import errno
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.kinesis import shard_log
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.shard_lag import ShardLag, shard_lag
from streaming_constructs.local.kinesis.shard_log import ShardLog

SHARD = "shardId-000000000000"
START = 10**55
ALL = 2**62


def log_of(*records: tuple[str, bytes, float]) -> ShardLog:
    log = ShardLog(SHARD, START)
    for key, data, arrival in records:
        log.append(key, data, arrival)
    return log


@dataclass(frozen=True)
class Read:
    back: int
    limit: int
    max_bytes: int


records = st.tuples(st.text(min_size=1, max_size=5), st.binary(max_size=40), st.integers(0, 5).map(float))
reads = st.builds(Read, st.integers(-2, 20), st.integers(0, 10), st.integers(0, 120))


@given(steps=st.lists(records | reads, max_size=60), tail=st.sampled_from([1, 50, 262_144]))
def test_any_read_gives_what_was_appended_after_its_position(steps: list[object], tail: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard_log, "_TAIL_BYTES", tail)
        log, expected, latest = ShardLog(SHARD, START), list[Record](), 0.0
        for step in steps:
            if isinstance(step, Read):
                after = log.last_sequence_number - step.back
                following = [one for one in expected if one.sequence_number > after][: step.limit]
                fitting, size = list[Record](), 0
                for one in following:
                    size += len(one.partition_key.encode()) + len(one.data)
                    if fitting and size > step.max_bytes:
                        break
                    fitting.append(one)
                assert log.read(after, step.limit, step.max_bytes) == fitting
            else:
                assert isinstance(step, tuple)
                key, data, arrival = step
                latest = max(latest, arrival)
                number = log.append(key, data, arrival)
                assert number == START + len(expected) + 1
                expected.append(Record(SHARD, number, key, data, latest))
        assert log.count == len(expected)
        assert log.byte_count == sum(len(one.partition_key.encode()) + len(one.data) for one in expected)
        assert log.last_sequence_number == START + len(expected)
        assert log.read(0, ALL, ALL) == expected


def test_an_empty_log_ends_where_it_starts() -> None:
    log = log_of()
    assert (log.count, log.byte_count, log.last_sequence_number) == (0, 0, START)
    assert log.read(START, 10, 10) == []


def test_a_record_larger_than_the_limit_is_read_alone() -> None:
    log = log_of(("a", b"1234567890", 0.0), ("b", b"1", 0.0))
    assert [one.partition_key for one in log.read(START, 10, 5)] == ["a"]


def test_a_limit_of_bytes_counts_partition_keys() -> None:
    log = log_of(("ab", b"12", 0.0), ("cd", b"34", 0.0))
    assert len(log.read(START, 10, 8)) == 2
    assert len(log.read(START, 10, 7)) == 1


def test_a_position_in_the_future_gives_nothing() -> None:
    assert log_of(("a", b"1", 0.0)).read(START + 9, 10, 10) == []


def test_a_key_that_is_no_valid_text_comes_back_as_it_was() -> None:
    (record,) = log_of(("\ud800", b"1", 0.0)).read(0, 1, 10)
    assert record.partition_key == "\ud800"


@pytest.mark.parametrize(("moment", "keys"), [(0.0, "abcd"), (1.0, "abcd"), (1.5, "bcd"), (2.0, "bcd"), (3.1, "")])
def test_a_time_leads_to_the_first_record_that_came_then_or_later(moment: float, keys: str) -> None:
    log = log_of(("a", b"", 1.0), ("b", b"", 2.0), ("c", b"", 2.0), ("d", b"", 3.0))
    assert "".join(one.partition_key for one in log.read(log.after_timestamp(moment), 10, 10)) == keys


def test_who_is_behind_is_so_by_the_records_and_the_first_of_them() -> None:
    log = log_of(("a", b"", 1.0), ("b", b"", 2.0), ("c", b"", 3.0))
    start = log.starting_sequence_number
    assert [shard_lag(log, after) for after in (start - 5, start, start + 2, start + 3, start + 9)] == [
        ShardLag(log.shard_id, 3, 1.0),
        ShardLag(log.shard_id, 3, 1.0),
        ShardLag(log.shard_id, 1, 3.0),
        ShardLag(log.shard_id, 0, None),
        ShardLag(log.shard_id, 0, None),
    ]


def test_records_that_are_read_while_others_are_written_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_log, "_TAIL_BYTES", 1000)
    log, most = ShardLog(SHARD, START), 5000

    def write() -> None:
        for number in range(most):
            log.append(f"key-{number}", f"data-{number}".encode(), float(number))

    writer = threading.Thread(target=write)
    writer.start()
    position, read = START, list[Record]()
    while len(read) < most:
        read += log.read(position, 100, ALL)
        position = read[-1].sequence_number if read else START
    writer.join()
    assert [(one.partition_key, one.data) for one in read] == [(f"key-{n}", f"data-{n}".encode()) for n in range(most)]


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_threads_that_write_get_numbers_of_their_own() -> None:
    log, numbers = ShardLog(SHARD, START), list[int]()

    def write() -> None:
        numbers.extend([log.append("k", b"1", 0.0) for _ in range(500)])

    writers = [threading.Thread(target=write) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert sorted(numbers) == list(range(START + 1, START + 2001))


def test_memory_of_a_record_is_its_index_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_log, "_TAIL_BYTES", 4096)
    log = ShardLog(SHARD, START)
    for _ in range(1000):
        log.append("key", b"x" * 100, 0.0)
    assert len(log._tail) < 4096
    indexes = (log._ends, log._key_bytes, log._arrivals)
    assert sum(one.itemsize for one in indexes) == 18
    assert {len(one) for one in indexes} == {1000, 1001}


class FullDisk(io.FileIO):
    """A file that takes a few bytes more, and then none."""

    room = 0

    def write(self, data: Any) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = super().write(data[: self.room])
        FullDisk.room -= taken
        return taken


def test_a_record_that_the_disk_does_not_take_is_not_there_and_those_before_it_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shard_log, "_TAIL_BYTES", 100)
    monkeypatch.setattr(shard_log.tempfile, "TemporaryFile", lambda **_: FullDisk(tmp_path / "log", "w+"))
    monkeypatch.setattr(FullDisk, "room", 250)
    log = ShardLog(SHARD, START)
    put = 0
    with suppress(OSError):
        while True:
            log.append("k", bytes([put]) * 29, 0.0)
            put += 1
    for _ in range(3):
        with pytest.raises(OSError, match="No space left"):
            log.append("k", b"again" * 20, 0.0)
    assert log.count == put
    assert put * 30 > 250
    assert [record.data[0] for record in log.read(START, ALL, ALL)] == list(range(put))
    monkeypatch.setattr(FullDisk, "room", 10_000)
    log.append("k", b"last", 0.0)
    assert log.read(START + put, ALL, ALL)[0].data == b"last"

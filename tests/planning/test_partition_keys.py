"""Keys of real records: where they go, what is hot, and which field would do better."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.planning.partition_keys import event_files
from streaming_constructs.planning.partition_keys.event_files import EventFormat, EventsError, chunks_of
from streaming_constructs.planning.partition_keys.kafka_partitioner import murmur2
from streaming_constructs.planning.partition_keys.key_counts import KeyCounts
from streaming_constructs.planning.partition_keys.key_report import KeyReport, key_report
from streaming_constructs.planning.partition_keys.murmur2_of_many import murmur2_of_many
from streaming_constructs.planning.partition_keys.placement import Placement
from streaming_constructs.planning.partition_keys.sampled_fields import MOST_RECORDS, RecordSample

SEVEN = [Placement("kinesis", 7)]


def report(
    text: str, field: str = "user", form: EventFormat = "jsonl", placements: list[Placement] = SEVEN
) -> KeyReport:
    chunks = chunks_of(io.BytesIO(text.encode()), form, tuple(field.split(".")))
    return key_report(chunks, field, placements)


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.mark.parametrize(
    ("key", "java", "librdkafka"),
    [(b"device-0", 10, 3), (b"device-4", 6, 2), (b"device-8", 3, 1), (b"device-9", 10, 7)],
)
def test_partitions_are_those_of_real_producers(key: bytes, java: int, librdkafka: int) -> None:
    assert Placement("java", 12).of([key]) == [java]
    assert Placement("librdkafka", 12).of([key]) == [librdkafka]


def test_an_empty_key_goes_anywhere_with_librdkafka() -> None:
    assert Placement("librdkafka", 12).of([b""]) == [None]


def test_shards_share_the_hashes_evenly() -> None:
    # MD5 of abc is 0x9001…, of nothing 0xd41d…, of a 0x0cc1…: of two shards the first ends at 0x7fff…
    assert Placement("kinesis", 2).of([b"abc", b"", b"a"]) == [1, 1, 0]
    assert Placement("kinesis", 16).of([b"abc", b"", b"a"]) == [0x9, 0xD, 0x0]


@given(st.binary(max_size=20), st.integers(1, 1000))
def test_a_shard_has_the_hashes_from_its_first_to_that_of_the_next(key: bytes, shards: int) -> None:
    hashed = int.from_bytes(hashlib.md5(key).digest(), "big")
    (shard,) = Placement("kinesis", shards).of([key])
    assert shard is not None
    assert shard * 2**128 // shards <= hashed < (shard + 1) * 2**128 // shards


@given(st.lists(st.binary(max_size=45), max_size=60))
def test_many_hashes_are_those_of_one_by_one(keys: list[bytes]) -> None:
    assert murmur2_of_many(keys) == [murmur2(key) for key in keys]


def test_hashes_of_more_keys_than_are_hashed_together() -> None:
    keys = [b"%05d" % number for number in range(9000)]
    assert murmur2_of_many(keys)[8999] == murmur2(b"08999")
    assert len(set(murmur2_of_many(keys))) > 8990


def test_the_hot_key_and_what_it_limits() -> None:
    found = report(lines(*[{"user": "a"}] * 6, {"user": "b"}, {"user": "c"}, {"user": "d"}, {"user": "e"}))
    assert (found.records, found.keys, found.hottest[0].key, found.hottest[0].records) == (10, 5, "a", 6)
    assert sum(found.spreads[0].records) == 10
    assert found.shards_in_use() == pytest.approx(10 / 6)
    assert found.hottest_full_at() == pytest.approx(1000 / 0.6)
    assert found.full_at() <= found.hottest_full_at()
    assert found.hottest[0].bytes == 6 * (len('{"user": "a"}') + 1)


def test_large_records_fill_a_shard_by_their_bytes() -> None:
    found = report(lines({"user": "a", "data": "x" * 10_000}))
    assert found.full_at() == pytest.approx(2**20 / found.bytes)


def test_skew_is_the_busiest_by_the_mean() -> None:
    (spread,) = report(lines(*[{"user": "a"}] * 3)).spreads
    assert (spread.record_skew, spread.byte_skew) == (7.0, 7.0)


def test_records_without_a_key_are_counted_by_the_reason() -> None:
    records = [
        {"user": "a"},
        {},
        {"user": None},
        {"user": ""},
        {"user": "x" * 257},
        {"user": []},
        {"user": True},
        {"user": 7},
    ]
    found = report(lines(*records) + "no JSON\n[1]\n\n")
    assert found.without == {"missing": 1, "null": 1, "empty": 1, "too_long": 1, "not_plain": 1}
    assert sorted(hot.key for hot in found.hottest) == ["7", "a", "true"]
    assert (found.unread, found.unread_line) == (2, 9)
    of_kafka = report(lines(*records), placements=[Placement("java", 3), Placement("librdkafka", 3)])
    assert of_kafka.without == {"missing": 1, "null": 1, "not_plain": 1}
    assert [sum(spread.records) for spread in of_kafka.spreads] == [5, 4]


def test_objects_on_one_line_are_no_lines_of_json() -> None:
    found = report('{"user": "a"}{"user": "b"}\n  {"user": "c"}\r\n{"user": "d"\n"x": 1}\n')
    assert [hot.key for hot in found.hottest] == ["c"]
    assert (found.records, found.unread, found.unread_line) == (1, 3, 1)


def test_nested_fields_are_named_by_dots() -> None:
    found = report(lines({"data": {"user": "a"}}, {"data": 1}), "data.user")
    assert (found.keys, found.without) == (1, {"missing": 1})


def test_better_fields_are_told_the_best_first_and_those_that_lack_are_not() -> None:
    records = [{"country": "DE", "user": f"u{number % 500}", "id": number} for number in range(2000)]
    records[0]["rare"] = 1
    found = report(lines(*records), "country")
    assert {field.field for field in found.better} == {"user", "id"}
    assert {field.field: field.keys for field in found.better} == {"user": 500, "id": 2000}
    assert all(field.worst_skew < 1.5 for field in found.better)
    assert report(lines(*records), "id").better == ()


@pytest.mark.parametrize(("form", "mark"), [("csv", ","), ("tsv", "\t")])
def test_columns_of_csv(form: EventFormat, mark: str) -> None:
    text = f'\ufeffuser{mark}note\nanna{mark}"two\nlines"\nbert{mark}\n\nshort\n{mark}x\n'
    found = report(text, form=form)
    assert (found.records, found.keys, found.without) == (4, 3, {"empty": 1})
    assert report(text, "note", form).keys == 2


def test_parquet_is_the_same_records(tmp_path: Any) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"user": [{"id": "a"}, {"id": "a"}, {"id": None}], "tags": [["x"], [], None], "n": [1, 2, 3]})
    parquet.write_table(table, tmp_path / "events.parquet")
    with (tmp_path / "events.parquet").open("rb") as file:
        found = key_report(chunks_of(file, "parquet", ("user", "id")), "user.id", SEVEN)
    assert (found.records, found.keys, found.without) == (3, 1, {"null": 1})
    assert found.fields == ("user.id", "tags", "n")


def test_no_parquet_and_lines_without_an_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(EventsError, match="no Parquet"):
        report("x", form="parquet")
    monkeypatch.setattr(event_files, "MOST_LINE_BYTES", 10)
    monkeypatch.setattr(event_files, "_BLOCK_BYTES", 8)
    with pytest.raises(EventsError, match="a line is longer"):
        report("x" * 100)


@given(st.lists(st.sampled_from("abcdefghijkl") | st.text(min_size=1, max_size=3), max_size=80))
def test_forgotten_keys_are_in_the_spread_all_the_same(keys: list[str]) -> None:
    bounded, whole = KeyCounts(SEVEN, most_keys=8), KeyCounts(SEVEN)
    for key in keys:
        bounded.add([key], [1])
        whole.add([key], [1])
    assert bounded.spreads() == whole.spreads()
    assert bounded.keys <= whole.keys


def test_a_hot_key_is_kept_when_rare_ones_are_forgotten() -> None:
    counts = KeyCounts(SEVEN, most_keys=100)
    for number in range(50):
        counts.add(["hot"] * 20 + [f"{number}-{each}" for each in range(20)], [1] * 40)
    assert counts.forgotten
    assert [(hot.key, hot.records) for hot in counts.hottest(1)] == [("hot", 1000)]


def test_a_sample_comes_from_all_over_the_file_and_is_the_same_each_time() -> None:
    text = "".join(f'{{"n": {number}}}\n' for number in range(3 * MOST_RECORDS))
    samples = []
    for _ in range(2):
        sample = RecordSample()
        for chunk in chunks_of(io.BytesIO(text.encode()), "jsonl", ("n",)):
            sample.add(chunk)
        samples.append([record["n"] for record in sample.records])
    assert samples[0] == samples[1] == list(range(0, 3 * MOST_RECORDS, 4))

"""When a batch goes out and what is in it, lane by lane; and the events that functions get."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.event_source.batching import PAYLOAD_BYTES, STATE_BYTES, Batch, Batcher, lane_of
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeRequest, Window, lambda_event
from streaming_constructs.local.kinesis.record import Record

SHARD = "shardId-000000000006"
STREAM = "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"
NUMBER = 49590338271490256608559692538361571095921575989136588898
NEVER = 1e12


def records(*arrivals: float, size: int = 0) -> list[Record]:
    return [Record(SHARD, number, "1", bytes(size), arrival) for number, arrival in enumerate(arrivals)]


def batcher(**changed: Any) -> Batcher:
    return Batcher(EventSourceMapping(event_source_arn=STREAM, **changed))


def numbers(batch: Batch | None) -> list[int] | None:
    return None if batch is None else [record.sequence_number for record in batch.records]


def all_of(source: Batcher, now: float = NEVER) -> list[Batch]:
    return list(iter(lambda: source.take(now), None))


def compact_bytes(taken: Iterable[Record], mapping: EventSourceMapping) -> int:
    return len(json.dumps(lambda_event(InvokeRequest(list(taken)), mapping), separators=(",", ":")))


def test_without_a_window_what_is_there_goes_at_once() -> None:
    source = batcher(batch_size=10)
    source.add(records(0, 0, 0), now=5)
    assert source.due() == 5
    assert numbers(source.take(5)) == [0, 1, 2]
    assert (source.take(5), source.due(), len(source)) == (None, None, 0)


def test_a_full_batch_goes_and_the_rest_stays_for_the_next() -> None:
    source = batcher(batch_size=2, maximum_batching_window_in_seconds=30)
    source.add(records(0, 0, 0), now=5)
    assert (numbers(source.take(5)), numbers(source.take(5)), len(source)) == ([0, 1], None, 1)


def test_a_batch_that_is_not_full_goes_when_its_window_is_over() -> None:
    source = batcher(batch_size=10, maximum_batching_window_in_seconds=30)
    source.add(records(0), now=5)
    source.add(records(0, 0)[1:], now=20)
    assert source.due() == 35
    assert source.take(34.9) is None
    assert numbers(source.take(35)) == [0, 1]


def test_a_batch_ends_with_the_last_record_that_fits_into_the_payload() -> None:
    mapping = EventSourceMapping(event_source_arn=STREAM, batch_size=10_000, maximum_batching_window_in_seconds=300)
    put = records(*[1545084650.987654] * 10, size=1_000_000)
    source = Batcher(mapping)
    source.add(put, now=0)
    batch = source.take(0)
    assert batch is not None
    assert compact_bytes(batch.records, mapping) <= PAYLOAD_BYTES
    assert compact_bytes(put[: len(batch.records) + 1], mapping) > PAYLOAD_BYTES


def test_a_record_may_fill_the_payload_to_the_last_byte_and_no_further() -> None:
    mapping = EventSourceMapping(event_source_arn=STREAM)
    rest = PAYLOAD_BYTES - compact_bytes([Record(SHARD, NUMBER, "1", b"", 0)], mapping)
    fitting = rest // 4 * 3
    key = "1" * (1 + rest % 4)  # base64 comes in fours: the key fills what is left
    exact = Record(SHARD, NUMBER, key, bytes(fitting), 0)
    assert compact_bytes([exact], mapping) == PAYLOAD_BYTES
    source = Batcher(mapping)
    source.add([exact, replace(exact, partition_key=f"{key}1")], now=0)
    assert [one.is_too_large for one in all_of(source)] == [False, True]


def test_what_is_gone_makes_no_later_batch_full() -> None:
    source = batcher(batch_size=10_000, maximum_batching_window_in_seconds=30)
    source.add(records(*[0] * 6, size=1_000_000), now=0)
    assert numbers(source.take(0)) == [0, 1, 2, 3]
    assert numbers(source.take(29)) is None
    assert source.due() == 30


def test_a_batch_of_a_window_leaves_room_for_its_state() -> None:
    mapping = EventSourceMapping(event_source_arn=STREAM, batch_size=10_000, tumbling_window_in_seconds=60)
    source = Batcher(mapping)
    source.add(records(*[1] * 100, size=60_000), now=1)
    batch = source.take(1)
    assert batch is not None
    assert batch.window is not None
    batch.window.state = "x" * (STATE_BYTES - 2)
    event = json.dumps(lambda_event(InvokeRequest(batch.records, batch.window), mapping), separators=(",", ":"))
    assert PAYLOAD_BYTES - 90_000 < len(event) <= PAYLOAD_BYTES


def test_a_record_that_does_not_fit_alone_is_a_batch_that_is_too_large() -> None:
    source = batcher(batch_size=10)
    small, large = records(0, size=10), records(0, 0, size=5 * 1024 * 1024)[1:]
    source.add([*small, *large, Record(SHARD, 2, "1", b"", 0)], now=0)
    assert [(numbers(one), one.is_too_large) for one in all_of(source)] == [([0], False), ([1], True), ([2], False)]


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=20), st.binary(max_size=50), st.floats(0, 2e9), st.integers(0, 10**56)),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 8),
)
def test_batches_hold_all_records_in_order_and_no_more_than_fit(put: list[tuple[Any, ...]], batch_size: int) -> None:
    mapping = EventSourceMapping(batch_size=batch_size)
    given_records = [Record(SHARD, number, key, data, arrival) for key, data, arrival, number in put]
    source = Batcher(mapping)
    source._room = 1200  # a small payload: a record takes about 400 bytes
    source.add(given_records, now=0)
    batches = all_of(source)
    assert [one for batch in batches for one in batch.records] == given_records
    for batch in batches:
        assert 1 <= len(batch.records) <= batch_size
        fits = compact_bytes(batch.records, mapping) <= 1200 + len('{"Records":[]}') - 1
        assert fits != batch.is_too_large


# Lanes


def test_a_partition_key_has_one_lane_and_lanes_share_the_keys() -> None:
    lanes = [lane_of(f"customer-{number}", 4) for number in range(1000)]
    assert lanes == [lane_of(f"customer-{number}", 4) for number in range(1000)]
    assert [lanes.count(lane) > 150 for lane in range(4)] == [True] * 4
    assert set(lanes) == {0, 1, 2, 3}


def test_without_parallelization_there_is_one_lane() -> None:
    assert {lane_of(f"customer-{number}", 1) for number in range(10)} == {0}


def test_the_lane_of_a_key_stays_the_same_from_one_process_to_the_next() -> None:
    assert [lane_of(key, 10) for key in ("a", "b", "ü", "customer-7")] == [7, 1, 9, 0]


# Tumbling windows


def test_batches_end_with_their_tumbling_window_and_then_comes_its_end() -> None:
    source = batcher(batch_size=10, tumbling_window_in_seconds=60, maximum_batching_window_in_seconds=30)
    source.add(records(125, 179, 180), now=200)
    first, end, second = (source.take(200), source.take(200), source.take(230))
    assert [numbers(one) for one in (first, end, second)] == [[0, 1], [], [2]]
    assert first is not None
    assert end is not None
    assert end.window is first.window
    assert second is not None
    assert first.window == Window(SHARD, 120, 180)
    assert second.window == Window(SHARD, 180, 240)


def test_batches_of_a_window_share_its_state() -> None:
    source = batcher(batch_size=1, tumbling_window_in_seconds=60)
    source.add(records(1, 2), now=5)
    first, second = source.take(5), source.take(5)
    assert first is not None
    assert second is not None
    assert first.window is second.window


def test_a_window_without_new_records_is_over_two_minutes_after_the_last_was_read() -> None:
    source = batcher(tumbling_window_in_seconds=60)
    source.add(records(30), now=50)
    source.take(50)
    assert source.due() == 170
    assert source.take(169.9) is None
    assert numbers(source.take(170)) == []
    assert source.due() is None


def test_a_window_is_not_over_before_its_end() -> None:
    source = batcher(tumbling_window_in_seconds=900)
    source.add(records(30), now=50)
    source.take(50)
    assert source.due() == 900


def test_a_record_that_arrived_out_of_order_stays_in_the_window_before_it() -> None:
    source = batcher(tumbling_window_in_seconds=60)
    source.add(records(61, 59), now=61)
    assert numbers(source.take(61)) == [0, 1]
    source.add([Record(SHARD, 2, "1", b"", 58)], now=62)
    late = source.take(62)
    assert late is not None
    assert (numbers(late), late.window) == ([2], Window(SHARD, 60, 120))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30).map(sorted), st.integers(1, 5), st.integers(1, 100))
def test_every_window_has_its_records_and_one_end(arrivals: list[int], batch_size: int, length: int) -> None:
    source = batcher(batch_size=batch_size, tumbling_window_in_seconds=length)
    source.add(records(*arrivals), now=400)
    batches = all_of(source)
    assert [one.arrival for batch in batches for one in batch.records] == arrivals
    ends = [batch.window for batch in batches if not batch.records]
    assert [window.start for window in ends if window] == sorted({arrival // length * length for arrival in arrivals})
    for batch in batches:
        assert batch.window is not None
        assert all(batch.window.start <= one.arrival < batch.window.end for one in batch.records)


# Events

EXAMPLE = {
    "Records": [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "1",
                "sequenceNumber": "49590338271490256608559692538361571095921575989136588898",
                "data": "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==",
                "approximateArrivalTimestamp": 1545084650.987,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
            "awsRegion": "us-east-2",
            "eventSourceARN": "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream",
        }
    ]
}
"""https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"""
RECORD = Record(SHARD, NUMBER, "1", b"Hello, this is a test.", 1545084650.9871)
MAPPING = EventSourceMapping(event_source_arn=STREAM)


def test_an_event_is_that_of_the_documentation() -> None:
    assert lambda_event(InvokeRequest((RECORD,)), MAPPING) == EXAMPLE


@pytest.mark.parametrize(("is_final", "is_early"), [(False, False), (True, False), (True, True)])
def test_an_event_of_a_window_tells_of_the_window(*, is_final: bool, is_early: bool) -> None:
    window = Window(SHARD, 1607497440, 1607497560, {"1": 282})
    assert lambda_event(InvokeRequest((RECORD,), window, is_final, is_early), MAPPING) == {
        **EXAMPLE,
        "window": {"start": "2020-12-09T07:04:00Z", "end": "2020-12-09T07:06:00Z"},
        "state": {"1": 282},
        "shardId": SHARD,
        "eventSourceARN": STREAM,
        "isFinalInvokeForWindow": is_final,
        "isWindowTerminatedEarly": is_early,
    }

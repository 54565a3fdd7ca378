"""Whatever a stream answers: nothing is lost, nothing stored is sent again, and each key keeps its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.producer import Placement, RateLimit, Record, Retry
from streaming_constructs.producer.dispatcher import REQUEST_BYTES, REQUEST_RECORDS, Dispatcher, End
from streaming_constructs.producer.kinesis_call import Answer, Fate
from streaming_constructs.producer.kpl_aggregation import user_records
from streaming_constructs.producer.packing import Pack, pack_many, pack_one
from streaming_constructs.producer.record import Pending

MIB = 1_048_576
STORED = Answer(Fate.STORED, "shardId-000000000000", "1")
REFUSED = Answer(Fate.REFUSED, code="ProvisionedThroughputExceededException", message="Rate exceeded")
UNANSWERED = Answer(Fate.UNANSWERED, code="ReadTimeoutError", message="no answer")
SPOILED = Answer(Fate.SPOILED, code="ValidationException", message="one is too large")
INVALID = Answer(Fate.INVALID, code="ValidationException", message="too large")
DENIED = Answer(Fate.HOPELESS, code="AccessDeniedException", message="not allowed")


def pending(number: int, key: str = "k", data: bytes | None = None, accepted: float = 0.0) -> Pending:
    data = str(number).encode() if data is None else data
    return Pending(number, Record(data, key, len(data) + len(key.encode())), accepted, Future())


def dispatcher(
    *,
    ordered: bool = True,
    aggregated: int | None = None,
    by_shard: bool = False,
    linger: float = 0.0,
    retry: Retry | None = None,
    limit: RateLimit | None = None,
) -> Dispatcher:
    def lane_of(one: Pending) -> str | int:
        if by_shard:
            return f"shard-{ord(one.record.key[0]) % 2}"
        return one.record.key if ordered else one.number

    return Dispatcher(
        lane_of=lane_of,
        pack=partial(pack_many, most_bytes=aggregated) if aggregated else pack_one,
        lane_bytes=aggregated or REQUEST_BYTES,
        by_shard=by_shard,
        linger_seconds=linger,
        retry=retry or Retry(first_seconds=0.1, deadline_seconds=10**6),
        limit=limit or RateLimit(),
        random=lambda: 1.0,
    )


def data_of(packs: Sequence[Pack]) -> list[bytes]:
    """The data of user records in a request, as a reader of the stream would see them."""
    users: list[bytes] = []
    for pack in packs:
        within = user_records(pack.entry["Data"])
        users += [data for _, data in within] if within else [pack.entry["Data"]]
    return users


def test_a_request_has_one_record_of_a_key() -> None:
    one = dispatcher()
    for number, key in enumerate("aabab"):
        one.accept(pending(number, key))
    requests = []
    while one.sends_at(0.0) is not None:
        packs, _ = one.take(0.0)
        requests.append(data_of(packs))
        one.settle(packs, [STORED] * len(packs), 0.0)
    assert requests == [[b"0", b"2"], [b"1", b"4"], [b"3"]]


def test_without_order_a_request_takes_many_of_one_key() -> None:
    one = dispatcher(ordered=False)
    for number in range(REQUEST_RECORDS + 1):
        one.accept(pending(number))
    assert [len(one.take(0.0)[0]) for _ in range(2)] == [500, 1]


def test_what_failed_is_sent_again_alone_after_its_pause() -> None:
    one = dispatcher()
    for number, key in enumerate("abc"):
        one.accept(pending(number, key))
    packs, _ = one.take(0.0)
    ends = one.settle(packs, [STORED, REFUSED, STORED], 1.0)
    assert [end.pending.number for end in ends] == [0, 2]
    assert one.sends_at(1.0) == pytest.approx(1.1)
    assert one.take(1.0)[0] == []
    assert data_of(one.take(1.1)[0]) == [b"1"]


def test_the_next_of_a_key_waits_for_the_one_that_failed() -> None:
    one = dispatcher()
    for number, key in enumerate(["a", "a", "b", "b"]):
        one.accept(pending(number, key))
    packs, _ = one.take(0.0)
    one.settle(packs, [REFUSED, STORED], 0.0)
    assert data_of(one.take(0.0)[0]) == [b"3"]


def test_a_record_waits_for_others_no_longer_than_it_is_told() -> None:
    one = dispatcher(linger=0.5)
    one.accept(pending(0, "a", accepted=10.0))
    assert one.sends_at(10.0) == 10.5
    one.hurry(0)
    assert one.sends_at(10.0) == 10.0


def test_a_full_request_is_not_waited_for() -> None:
    one = dispatcher(linger=60)
    for number in range(REQUEST_RECORDS):
        assert one.sends_at(0.0) != 0.0
        one.accept(pending(number, str(number)))
    assert one.sends_at(0.0) == 0.0


def test_a_full_aggregated_record_is_not_waited_for() -> None:
    one = dispatcher(linger=60, aggregated=1000)
    one.accept(pending(0, data=b"x" * 500))
    assert one.sends_at(0.0) == 60.0
    one.accept(pending(1, data=b"x" * 500))
    assert one.sends_at(0.0) == 0.0


def test_records_of_a_key_become_one_of_the_stream() -> None:
    one = dispatcher(aggregated=51_200)
    for number, key in enumerate("aabab"):
        one.accept(pending(number, key))
    packs, _ = one.take(0.0)
    assert [(pack.entry["PartitionKey"], data_of([pack])) for pack in packs] == [
        ("a", [b"0", b"1", b"3"]),
        ("b", [b"2", b"4"]),
    ]
    ends = one.settle(packs, [STORED, STORED], 0.0)
    numbers = [end.result.sub_sequence_number for end in ends if isinstance(end.result, Placement)]
    assert numbers == [0, 1, 2, 0, 1]


def test_records_of_a_shard_become_one_with_a_key_that_is_always_the_same() -> None:
    one = dispatcher(aggregated=51_200, by_shard=True)
    for number, key in enumerate("aca"):
        one.accept(pending(number, key))
    ((pack,), _) = one.take(0.0)
    # printf a | md5sum
    assert pack.entry["ExplicitHashKey"] == str(0x0CC175B9C0F1B6A831C399E269772661)
    assert pack.entry["PartitionKey"] == "a"
    assert data_of([pack]) == [b"0", b"1", b"2"]


def test_one_record_is_not_aggregated() -> None:
    one = dispatcher(aggregated=51_200)
    one.accept(pending(0, "ä", b"alone"))
    ((pack,), _) = one.take(0.0)
    assert (pack.entry, pack.bytes) == ({"Data": b"alone", "PartitionKey": "ä"}, 7)


def test_a_limit_of_records_is_kept() -> None:
    one = dispatcher(ordered=False, limit=RateLimit(records_per_second=10))
    for number in range(25):
        one.accept(pending(number))
    now, sent = 0.0, []
    while (at := one.sends_at(now)) is not None:
        now = at
        packs, _ = one.take(now)
        sent.append((round(now, 6), len(packs)))
        one.settle(packs, [STORED] * len(packs), now)
    assert sent[0] == (0.0, 10)
    assert sum(records for _, records in sent) == 25
    assert all(sum(records for at, records in sent if at <= until) <= 10 + 10 * until + 1e-6 for until, _ in sent)
    assert now == pytest.approx(1.5)


def test_a_limit_of_bytes_counts_retries() -> None:
    one = dispatcher(limit=RateLimit(bytes_per_second=100))
    one.accept(pending(0, data=b"x" * 149))
    packs, _ = one.take(0.0)
    one.settle(packs, [REFUSED], 0.0)
    assert one.sends_at(0.1) == pytest.approx(0.51)


def test_a_spoiled_request_is_sent_record_by_record() -> None:
    one = dispatcher()
    for number, key in enumerate("abc"):
        one.accept(pending(number, key))
    packs, _ = one.take(0.0)
    assert one.settle(packs, [SPOILED] * 3, 0.0) == []
    ends: dict[int, Any] = {}
    while one.sends_at(0.0) is not None:
        packs, _ = one.take(0.0)
        assert len(packs) == 1
        answer = INVALID if data_of(packs) == [b"1"] else STORED
        ends |= {end.pending.number: end.result for end in one.settle(packs, [answer], 0.0)}
    assert {number for number, end in ends.items() if isinstance(end, Placement)} == {0, 2}
    assert ends[1].code == "ValidationException"


def test_without_permission_all_is_given_up_at_once() -> None:
    one = dispatcher()
    for number, key in enumerate("aab"):
        one.accept(pending(number, key))
    packs, _ = one.take(0.0)
    ends = one.settle(packs, [DENIED, DENIED], 0.0)
    assert [(end.pending.number, str(end.result)) for end in ends] == [
        (0, "AccessDeniedException: not allowed (sent 1 times)"),
        (2, "AccessDeniedException: not allowed (sent 1 times)"),
        (1, "AccessDeniedException: not allowed (sent 0 times)"),
    ]
    assert one.hopeless == DENIED
    assert (one.counts.failed, one.counts.buffered_records, one.counts.buffered_bytes) == (3, 0, 0)


@pytest.mark.parametrize("retry", [Retry(max_attempts=3), Retry(first_seconds=1, most_seconds=1, deadline_seconds=2.5)])
def test_a_record_is_given_up_after_its_attempts_or_its_time(retry: Retry) -> None:
    one = dispatcher(retry=retry)
    one.accept(pending(0))
    now, ends = 0.0, []
    while (at := one.sends_at(now)) is not None:
        now = at
        packs, _ = one.take(now)
        ends += one.settle(packs, [REFUSED], now)
    ((_, error),) = [(end.pending, end.result) for end in ends]
    assert isinstance(error, Exception)
    assert str(error).startswith("ProvisionedThroughputExceededException: given up after ")
    assert error.attempts == 3  # type: ignore[union-attr]
    assert not error.maybe_delivered  # type: ignore[union-attr]


def test_a_record_whose_turn_comes_too_late_is_not_sent() -> None:
    one = dispatcher(retry=Retry(deadline_seconds=5))
    for number, key in enumerate(["a", "a", "b"]):
        one.accept(pending(number, key, accepted=[0.0, 4.0, 0.0][number]))
    packs, late = one.take(6.0)
    assert data_of(packs) == [b"1"]
    assert [(end.pending.number, getattr(end.result, "code", "")) for end in late] == [
        (0, "DeadlinePassed"),
        (2, "DeadlinePassed"),
    ]


def test_what_is_given_up_on_its_way_may_be_delivered() -> None:
    one = dispatcher()
    one.accept(pending(0, "a"))
    packs, _ = one.take(0.0)
    one.accept(pending(1, "a"))
    ends = one.give_up("ProducerClosed", "closed")
    assert [getattr(end.result, "maybe_delivered", None) for end in ends] == [True, False]
    assert one.settle(packs, [STORED], 0.0) == []
    assert one.sends_at(0.0) is None
    assert one.counts.failed == 2


KEYS = st.text("abcdefghäöü", min_size=1, max_size=2)
FATES = st.sampled_from([STORED, REFUSED, UNANSWERED])
MODES: list[Callable[..., Dispatcher]] = [
    dispatcher,
    partial(dispatcher, aggregated=60),
    partial(dispatcher, aggregated=60, by_shard=True),
]


class Stream:
    """A stream that stores, refuses, or loses its answer, as a test draws it; at last it stores."""

    def __init__(self, draw: Callable[[], Answer]) -> None:
        self.stored: list[bytes] = []
        self._draw = draw

    def put(self, packs: Sequence[Pack]) -> list[Answer]:
        answers = []
        for pack in packs:
            answer = self._draw()
            if answer is STORED or (answer is UNANSWERED and self._draw() is not REFUSED):
                self.stored += data_of([pack])
            answers.append(answer)
        return answers


def run(one: Dispatcher, stream: Stream, keys: Sequence[str]) -> list[End]:
    """Puts records in three goes, and sends until all have their end."""
    ends: list[End] = []
    now, put = 0.0, 0
    while put < len(keys) or one.oldest is not None:
        for number in range(put, min(len(keys), put + len(keys) // 3 + 1)):
            one.accept(pending(number, keys[number], accepted=now))
            put = number + 1
        at = one.sends_at(now)
        now = now if at is None else max(now, at)
        packs, late = one.take(now)
        assert len(packs) <= REQUEST_RECORDS
        ends += late + one.settle(packs, stream.put(packs), now)
        counts = one.counts
        assert counts.accepted == counts.delivered + counts.failed + counts.buffered_records
    return ends


@pytest.mark.parametrize("mode", MODES, ids=["plain", "by key", "by shard"])
@given(keys=st.lists(KEYS, max_size=60), drawn=st.lists(FATES, max_size=200))
def test_nothing_is_lost_and_keys_keep_their_order(
    mode: Callable[..., Dispatcher], keys: list[str], drawn: list[Answer]
) -> None:
    answers = iter(drawn)
    stream = Stream(lambda: next(answers, STORED))
    one = mode()
    ends = run(one, stream, keys)
    assert sorted(end.pending.number for end in ends) == list(range(len(keys)))
    assert all(isinstance(end.result, Placement) for end in ends)
    copies = Counter(map(int, stream.stored))
    assert set(copies) == set(range(len(keys)))
    # Duplicates are explained by attempts that had no answer, record by record and in all.
    assert all(copies[end.pending.number] == 1 for end in ends if not end.pending.unsure)
    assert sum(copies.values()) - len(copies) <= one.counts.unanswered
    first = dict.fromkeys(map(int, stream.stored))
    for key in set(keys):
        order = [number for number in first if keys[number] == key]
        assert order == sorted(order)


@given(st.lists(st.integers(1, 3 * MIB), min_size=1, max_size=40), st.sampled_from(MODES))
def test_no_request_is_larger_than_aws_takes(sizes: list[int], mode: Callable[..., Dispatcher]) -> None:
    one = mode(ordered=False) if mode is dispatcher else mode()
    for number, size in enumerate(sizes):
        one.accept(Pending(number, Record(bytes(size), f"k{number}", size + len(f"k{number}")), 0.0, Future()))
    sent = 0
    while one.sends_at(0.0) is not None:
        packs, _ = one.take(0.0)
        entries = [pack.entry for pack in packs]
        bytes_ = sum(len(entry["Data"]) + len(entry["PartitionKey"].encode()) for entry in entries)
        assert bytes_ == sum(pack.bytes for pack in packs) <= REQUEST_BYTES == 10 * MIB
        assert 1 <= len(packs) <= REQUEST_RECORDS == 500
        sent += len(one.settle(packs, [STORED] * len(packs), 0.0))
    assert sent == len(sizes)

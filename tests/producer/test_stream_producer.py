"""A producer against the embedded Kinesis, which throttles, reshards and loses answers: what arrives is what was accepted."""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from streaming_constructs.local.kinesis.embedded_stream import EmbeddedStream
from streaming_constructs.local.kinesis.kinesis_hooks import stream_by_arn
from streaming_constructs.producer import (
    BufferFullError,
    EmfMetrics,
    Placement,
    Producer,
    ProducerClosedError,
    RateLimit,
    Record,
    Retry,
    UndeliveredError,
)

Create = Callable[..., Any]
Throttle = Callable[[Any], Any]
Aggregation = Literal["key", "shard"] | None
QUICK = Retry(first_seconds=0.01, most_seconds=0.05)
URL = "https://kinesis.us-east-1.amazonaws.com"


class FaultyClient:
    """A client whose connection breaks, before a request or after it, and which knows of each."""

    def __init__(self, client: Any, seed: int) -> None:
        self._client = client
        self._random = random.Random(seed)
        self.lost_answers = self.not_sent = 0

    def put_records(self, **asked: Any) -> Any:
        drawn = self._random.random()
        if drawn < 0.15:
            self.not_sent += 1
            raise EndpointConnectionError(endpoint_url=URL)
        answer = self._client.put_records(**asked)
        if drawn < 0.4:
            self.lost_answers += 1
            raise ReadTimeoutError(endpoint_url=URL)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class StuckClient:
    """A client that answers when a test lets it."""

    def __init__(self, client: Any = None) -> None:
        self._client = client
        self.asked = threading.Event()
        self.answer = threading.Event()
        self.records: list[int] = []

    def put_records(self, **asked: Any) -> Any:
        self.records.append(len(asked["Records"]))
        self.asked.set()
        self.answer.wait()
        if self._client is not None:
            return self._client.put_records(**asked)
        return {"Records": [{"ShardId": "shardId-0", "SequenceNumber": "1"} for _ in asked["Records"]]}


class RefusingClient:
    """A client that gets the same error each time."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.calls = 0

    def put_records(self, **asked: Any) -> Any:
        self.calls += 1
        response: Any = {"Error": {"Code": self.code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(response, "PutRecords")


def by_key(users: list[tuple[str, bytes]]) -> dict[str, list[int]]:
    """Numbers of records by their keys, each as it came first."""
    found: dict[str, list[int]] = {}
    for key, data in dict.fromkeys(users):
        found.setdefault(key, []).append(int(data))
    return found


@pytest.mark.parametrize("aggregation", [None, "key", "shard"])
def test_a_throttled_stream_gets_each_record_once_and_in_order(
    create: Create, throttle: Throttle, aggregation: Aggregation
) -> None:
    stream = create(shards=2)
    client = throttle(stream)
    with Producer(stream.name, client=client, aggregation=aggregation, retry=QUICK) as one:
        receipts = [one.put(str(number).ljust(1_200).encode(), f"user-{number % 300}") for number in range(3_000)]
    users = stream.users()
    assert sorted(int(data) for _, data in users) == list(range(3_000))
    assert all(all_of == sorted(all_of) for all_of in by_key(users).values())
    assert (one.counts.delivered, one.counts.failed, one.counts.unanswered) == (3_000, 0, 0)
    assert one.counts.refused >= client.refused > 0
    placements = [receipt.result() for receipt in receipts]
    assert not any(placement.maybe_twice for placement in placements)
    assert len({(one.shard_id, one.sequence_number, one.sub_sequence_number) for one in placements}) == 3_000
    assert (stream.stored() < 3_000) == (aggregation is not None)


def test_what_is_throttled_is_sent_again_and_nothing_else(create: Create, throttle: Throttle) -> None:
    stream = create()
    client = throttle(stream)
    with Producer(stream.name, client=client, ordered=False, retry=QUICK) as one:
        receipts = [one.put(b"1", str(number)) for number in range(1_300)]
    assert len(stream.users()) == 1_300
    # A shard begins with room for 1,000: the last 300 go at least twice.
    assert one.counts.refused == client.refused >= 300
    assert sum(receipt.result().attempts - 1 for receipt in receipts) == client.refused


@pytest.mark.parametrize("aggregation", [None, "key", "shard"])
def test_lost_answers_explain_all_duplicates(create: Create, aggregation: Aggregation) -> None:
    stream = create(shards=2)
    client = FaultyClient(stream.client, seed=7)
    with Producer(stream.name, client=client, aggregation=aggregation, aggregated_bytes=300, retry=QUICK) as one:
        receipts = [one.put(str(number).encode(), f"user-{number % 50}") for number in range(1_500)]
    assert client.lost_answers > 0
    assert client.not_sent > 0
    copies = Counter(int(data) for _, data in stream.users())
    assert set(copies) == set(range(1_500))
    assert 0 < sum(copies.values()) - 1_500 <= one.counts.unanswered
    placements = [receipt.result() for receipt in receipts]
    assert {number for number, many in copies.items() if many > 1} <= {
        number for number, placement in enumerate(placements) if placement.maybe_twice
    }
    assert all(all_of == sorted(all_of) for all_of in by_key(stream.users()).values())


@pytest.mark.parametrize("shards", [4, 1])
def test_readers_of_the_kcl_miss_nothing_when_shards_change_below_aggregated_records(
    create: Create, shards: int
) -> None:
    stream = create(shards=2)
    with Producer(stream.name, client=stream.client, aggregation="shard", aggregated_bytes=500, retry=QUICK) as one:
        for number in range(3_000):
            if number == 1_000:
                one.flush()
                stream.client.update_shard_count(
                    StreamName=stream.name, TargetShardCount=shards, ScalingType="UNIFORM_SCALING"
                )
            one.put(str(number).encode(), f"user-{number % 70}")
    seen = stream.users(as_the_kcl=True)
    assert sorted(int(data) for _, data in seen) == list(range(3_000))
    assert all(all_of == sorted(all_of) for all_of in by_key(seen).values())
    strays = len(stream.users()) - 3_000
    assert strays == one.counts.unanswered
    assert (strays > 0) == (shards > 2)  # a shard that comes of a merge has the keys of both


def test_a_stream_that_disregards_keys_is_no_place_for_shards(create: Create) -> None:
    stream = create(shards=2)
    arn = stream.client.describe_stream_summary(StreamName=stream.name)["StreamDescriptionSummary"]["StreamARN"]
    found = stream_by_arn(arn)
    assert isinstance(found, EmbeddedStream)
    found.distribution = "AUTO"
    failed: list[UndeliveredError] = []
    one = Producer(arn, client=stream.client, aggregation="shard", on_failure=lambda _, error: failed.append(error))
    for _ in range(2):  # the shards take turns: one of two aggregated records of a shard goes astray
        one.put(b"1", "user-1")
        one.put(b"2", "user-1")
        one.flush()
    with pytest.raises(ProducerClosedError, match="KeysDisregarded: the stream chooses shards without regard to keys"):
        one.put(b"3", "user-1")
    one.close()
    assert {error.code for error in failed} == {"KeysDisregarded"}


def test_shards_that_may_not_be_listed_are_told_at_once(embedded: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        Producer("there-is-none", client=embedded.aws.client("kinesis"), aggregation="shard")


def test_a_record_that_the_stream_never_takes_harms_no_other(create: Create) -> None:
    stream = create()
    failed: list[tuple[Record, UndeliveredError]] = []
    with Producer(
        stream.name, client=stream.client, max_record_kb=10_240, on_failure=lambda *told: failed.append(told)
    ) as one:
        receipts = [one.put(bytes(2_000_000) if number == 2 else b"%d" % number, str(number)) for number in range(5)]
    assert sorted(data for _, data in stream.users()) == [b"0", b"1", b"3", b"4"]
    assert [(record.key, error.code, error.maybe_delivered) for record, error in failed] == [
        ("2", "ValidationException", False)
    ]
    with pytest.raises(UndeliveredError, match=r"a record of .* has up to 1024 KiB"):
        receipts[2].result()


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "KMSNotFoundException"])
def test_what_is_hopeless_is_not_tried_again(code: str) -> None:
    client, failed = RefusingClient(code), []
    one = Producer("clicks", client=client, on_failure=lambda record, error: failed.append((record.data, error.code)))
    receipts = [one.put(b"1", "a"), one.put(b"2", "a")]
    one.flush()
    assert all(isinstance(receipt.exception(), UndeliveredError) for receipt in receipts)
    with pytest.raises(ProducerClosedError, match=f"clicks takes nothing: {code}: "):
        one.put(b"3", "a")
    one.close()
    assert (client.calls, failed) == (1, [(b"1", code), (b"2", code)])


def test_what_is_given_up_is_never_silent(caplog: pytest.LogCaptureFixture) -> None:
    one = Producer("clicks", client=RefusingClient("AccessDeniedException"))
    with pytest.raises(UndeliveredError, match="AccessDeniedException"), one:
        one.put(b"secret", "user-1")
    assert [(record.levelno, record.name) for record in caplog.records] == [
        (logging.ERROR, "streaming_constructs.producer")
    ]
    assert "a record of key 'user-1' for clicks is given up: AccessDeniedException" in caplog.text
    assert "secret" not in caplog.text


def test_an_error_of_the_block_is_not_replaced() -> None:
    def fail() -> None:
        with Producer("clicks", client=RefusingClient("AccessDeniedException")) as one:
            one.put(b"1", "a")
            raise KeyError

    with pytest.raises(KeyError):
        fail()


def test_on_failure_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    told: list[bytes] = []

    def fail(record: Record, _: UndeliveredError) -> None:
        told.append(record.data)
        raise OSError("disk full")

    with Producer("clicks", client=RefusingClient("AccessDeniedException"), on_failure=fail) as one:
        one.put(b"1", "a")
        one.put(b"2", "a")
    assert told == [b"1", b"2"]
    assert "disk full" in caplog.text


def test_attempts_come_to_an_end(create: Create) -> None:
    failed: list[UndeliveredError] = []
    client = RefusingClient("ProvisionedThroughputExceededException")
    retry = Retry(first_seconds=0, max_attempts=4)
    with Producer("clicks", client=client, retry=retry, on_failure=lambda _, error: failed.append(error)) as one:
        one.put(b"1", "a")
    assert (client.calls, failed[0].attempts) == (4, 4)


def test_a_full_buffer_raises() -> None:
    client = StuckClient()
    one = Producer("clicks", client=client, max_buffered_records=2, when_full="raise", linger_seconds=0)
    receipts = [one.put(b"1", "a"), one.put(b"2", "b")]
    with pytest.raises(BufferFullError, match="2 records of 4 bytes wait to be sent to clicks"):
        one.put(b"3", "c")
    client.answer.set()
    one.flush()
    one.put(b"4", "d")
    one.close()
    assert all(receipt.done() for receipt in receipts)
    assert (one.counts.accepted, one.counts.delivered) == (3, 3)


def test_a_full_buffer_is_waited_for(create: Create) -> None:
    stream = create()
    with Producer(stream.name, client=stream.client, max_buffered_records=10, linger_seconds=0) as one:
        most = 0
        for number in range(200):
            one.put(b"%d" % number, str(number))
            most = max(most, one.counts.buffered_records)
    assert most <= 10
    assert len(stream.users()) == 200


def test_a_record_larger_than_the_buffer_passes_alone(create: Create) -> None:
    stream = create()
    with Producer(stream.name, client=stream.client, max_buffered_mb=0.001) as one:
        for number in range(3):
            one.put(bytes(5_000), str(number))
    assert len(stream.users()) == 3


def test_many_threads_put_into_one(create: Create) -> None:
    stream = create(shards=2)

    def put(thread: int) -> None:
        for number in range(300):
            one.put(str(number).encode(), f"thread-{thread}")

    with Producer(stream.name, client=stream.client, aggregation="key", retry=QUICK) as one:
        threads = [threading.Thread(target=put, args=(number,)) for number in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert by_key(stream.users()) == {f"thread-{number}": list(range(300)) for number in range(5)}


def test_flush_waits_for_receipts_and_takes_more_afterwards(create: Create) -> None:
    stream = create()
    with Producer(stream.name, client=stream.client, linger_seconds=3600) as one:
        first = one.put(b"1", "a")
        one.flush()
        assert isinstance(first.result(timeout=0), Placement)
        second = one.put(b"2", "a")
    assert second.done()
    assert [data for _, data in stream.users()] == [b"1", b"2"]


def test_flush_is_over_after_its_time_and_gives_up_nothing() -> None:
    client = StuckClient()
    one = Producer("clicks", client=client)
    receipt = one.put(b"1", "a")
    with pytest.raises(TimeoutError, match="1 records still wait after 0"):
        one.flush(timeout=0)
    client.answer.set()
    one.close()
    assert receipt.result().attempts == 1


def test_close_gives_up_what_waits_too_long_loudly() -> None:
    client, failed = StuckClient(), []
    one = Producer(
        "clicks", client=client, linger_seconds=0, on_failure=lambda record, error: failed.append((record.data, error))
    )
    receipts = [one.put(b"1", "a"), one.put(b"2", "a")]
    assert client.asked.wait(60)
    one.close(timeout=0)
    assert [(data, error.code, error.maybe_delivered) for data, error in failed] == [
        (b"1", "ProducerClosed", True),
        (b"2", "ProducerClosed", False),
    ]
    assert all(isinstance(receipt.exception(), UndeliveredError) for receipt in receipts)
    with pytest.raises(ProducerClosedError):
        one.put(b"3", "a")
    client.answer.set()
    one.close()
    assert (one.counts.accepted, one.counts.failed, one.counts.buffered_records) == (2, 2, 0)


def test_its_own_thread_cannot_wait_for_it() -> None:
    said: list[BaseException] = []

    def wait(_: Future[Placement]) -> None:
        for call in (one.flush, one.close):
            try:
                call()
            except RuntimeError as error:
                said.append(error)

    client = StuckClient()
    one = Producer("clicks", client=client)
    one.put(b"1", "a").add_done_callback(wait)
    client.answer.set()
    one.close()
    assert ["own thread" in str(error) for error in said] == [True, True]


def test_a_callback_may_put(create: Create) -> None:
    stream = create()
    with Producer(stream.name, client=stream.client) as one:
        one.put(b"1", "a").add_done_callback(lambda _: one.put(b"2", "a"))
        one.flush()
    assert [data for _, data in stream.users()] == [b"1", b"2"]


def test_a_receipt_cannot_be_called_back() -> None:
    client = StuckClient()
    with Producer("clicks", client=client) as one:
        receipt = one.put(b"1", "a")
        assert not receipt.cancel()
        client.answer.set()
    assert receipt.result().shard_id == "shardId-0"


def test_a_broken_producer_lets_nobody_wait(caplog: pytest.LogCaptureFixture) -> None:
    def clock() -> float:
        if client.asked.is_set():
            raise ArithmeticError("the clock stopped")
        return 0.0

    client = StuckClient()
    one = Producer("clicks", client=client, clock=clock, linger_seconds=0)
    receipt = one.put(b"1", "a")
    client.answer.set()
    assert isinstance(receipt.exception(), UndeliveredError)
    one.close()
    assert "the clock stopped" in caplog.text


def test_metrics_are_written_at_the_end(create: Create) -> None:
    stream, lines = create(), []
    with Producer(stream.name, client=stream.client, metrics=EmfMetrics(write=lines.append)) as one:
        for number in range(30):
            one.put(b"1", str(number))
    (line,) = lines
    assert '"RecordsDelivered": 30' in line


def test_a_limit_is_kept() -> None:
    client = StuckClient()
    client.answer.set()
    limit = RateLimit(records_per_second=100)
    with Producer("clicks", client=client, ordered=False, limit=limit, linger_seconds=60) as one:
        for number in range(120):
            one.put(b"1", str(number))
    assert client.records[0] == 100
    assert sum(client.records) == 120


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"max_record_kb": 1}, "1024 to 10240, not 1"),
        ({"max_buffered_records": 0}, "more than 0"),
        ({"aggregated_bytes": 0}, "more than 0"),
        ({"when_full": "drop"}, "'wait' or 'raise', not 'drop'"),
        ({"aggregation": "kpl"}, "'key', 'shard' or None, not 'kpl'"),
    ],
)
def test_arguments_that_make_no_sense_are_told(named: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Producer("clicks", client=object(), **named)


def test_a_forked_process_is_told_that_it_has_no_thread() -> None:
    client = StuckClient()
    client.answer.set()
    with Producer("clicks", client=client) as one:
        child = os.fork()
        if child == 0:
            try:
                one.put(b"1", "a")
            except ProducerClosedError:
                os._exit(17)
            os.kill(os.getpid(), signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 17

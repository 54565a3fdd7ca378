"""The producer of a Kinesis stream: `put` takes records, a thread sends them, `close` waits until all have their end."""

from __future__ import annotations

import atexit
import logging
import math
import os
import random as chance
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, Literal, Self

from streaming_constructs.facts.kinesis import MAX_RECORD_KIB
from streaming_constructs.producer.counts import Counts
from streaming_constructs.producer.dispatcher import REQUEST_BYTES, Dispatcher, End
from streaming_constructs.producer.emf import EmfMetrics
from streaming_constructs.producer.errors import BufferFullError, ProducerClosedError, UndeliveredError
from streaming_constructs.producer.flush_on_sigterm import FlushOnSigterm
from streaming_constructs.producer.kinesis_call import Answer, Fate, client_without_retries, put_records
from streaming_constructs.producer.packing import Pack, pack_many, pack_one
from streaming_constructs.producer.record import Pending, Placement, Record, checked
from streaming_constructs.producer.retry import Retry
from streaming_constructs.producer.shard_routing import ShardRouting
from streaming_constructs.producer.token_bucket import RateLimit

_LOG = logging.getLogger("streaming_constructs.producer")
_KIB = 1024
AGGREGATED_BYTES = 51_200
"""How large aggregated records become: what the Kinesis Producer Library makes of them, and two payload units of 25 KiB.

Source: https://github.com/awslabs/amazon-kinesis-producer/blob/master/java/amazon-kinesis-producer-sample/default_config.properties
"""


class Producer:
    """Puts records into a Kinesis stream. Any number of threads may use one at the same time.

    Records of a key arrive in the order of `put`. What is refused for the moment is sent again, alone, with pauses of full
    jitter. A record that was accepted arrives, or is given up loudly: its receipt raises, and `on_failure` is called or,
    without one, it is logged and leaving the `with` block raises. It may be in the stream twice where a request had no answer,
    and then only.

    A process that forks makes its producers afterwards: threads do not follow it, and `put` says so.
    """

    def __init__(
        self,
        stream: str,
        *,
        client: Any = None,
        key_field: str | None = None,
        ordered: bool = True,
        aggregation: Literal["key", "shard"] | None = None,
        aggregated_bytes: int = AGGREGATED_BYTES,
        linger_seconds: float = 0.1,
        max_record_kb: int = MAX_RECORD_KIB.minimum,
        max_buffered_records: int = 20_000,
        max_buffered_mb: float = 64,
        when_full: Literal["wait", "raise"] = "wait",
        retry: Retry | None = None,
        limit: RateLimit | None = None,
        on_failure: Callable[[Record, UndeliveredError], object] | None = None,
        metrics: EmfMetrics | None = None,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = chance.random,
    ) -> None:
        """Starts its thread.

        Args:
            stream: The stream, by name or ARN.
            client: A client of boto3 for Kinesis. Left out: one of the default session, which leaves retries to the producer.
                One that is brought does well to have `Config(retries={"total_max_attempts": 1})`.
            key_field: The field of mappings that is their partition key. Left out: each `put` names the key.
            ordered: Whether records of a key keep their order. Without it a request takes many of one key at once.
            aggregation: Puts many records into one of the stream, as the Kinesis Producer Library does: those of a `key`, or
                those of all keys of a `shard`, for which it asks ListShards. Either keeps their order. Left out: none.
            aggregated_bytes: How large an aggregated record becomes at most.
            linger_seconds: How long a record waits for others before it is sent.
            max_record_kb: How large a record may be, with its partition key; as much as the stream's `MaxRecordSizeInKiB`.
            max_buffered_records: How many records may wait or be on their way.
            max_buffered_mb: How much data these may be, counted as 1,048,576 bytes.
            when_full: Whether `put` waits for room then, or raises `BufferFullError`.
            retry: How long a record is tried. Left out: 300 seconds.
            limit: The most that is sent. Left out: whatever the stream takes.
            on_failure: Called with each record that is given up, in the producer's thread. What it raises is logged.
            metrics: Writes metrics. Left out: nothing does.
            clock: Gives the time, in seconds; it never goes back.
            random: Gives a number from 0 to 1, for pauses.

        Raises:
            ValueError: If an argument is none that AWS would take.
            ClientError: If it aggregates by shard and ListShards is refused.
        """
        _check(max_record_kb, max_buffered_records, max_buffered_mb, aggregated_bytes, when_full, aggregation)
        self.stream = stream
        self._client = client_without_retries() if client is None else client
        self._key_field, self._when_full = key_field, when_full
        self._most_record_bytes = max_record_kb * _KIB
        self._most_records, self._most_bytes = max_buffered_records, max_buffered_mb * _KIB * _KIB
        self._on_failure, self._metrics, self._clock = on_failure, metrics, clock
        self._routing = ShardRouting(self._client, stream) if aggregation == "shard" else None
        most_bytes = min(aggregated_bytes, self._most_record_bytes)
        self._dispatcher = Dispatcher(
            lane_of=self._routing.lane_of if self._routing else _lane_of(ordered=ordered or aggregation == "key"),
            pack=partial(pack_many, most_bytes=most_bytes) if aggregation else pack_one,
            lane_bytes=aggregated_bytes if aggregation else REQUEST_BYTES,
            by_shard=aggregation == "shard",
            linger_seconds=linger_seconds,
            retry=retry or Retry(),
            limit=limit or RateLimit(),
            random=random,
        )
        self._changed = threading.Condition(threading.Lock())
        self._number = 0
        self._closing = self._closed = self._telling = False
        self._untold: UndeliveredError | None = None
        self._process = os.getpid()
        self._held = threading.Event()
        self._held.set()
        atexit.register(self.close)
        self._thread = threading.Thread(target=self._run, name=f"producer-{stream}", daemon=True)
        self._thread.start()

    @property
    def counts(self) -> Counts:
        """What happened so far; a copy."""
        with self._changed:
            return replace(self._dispatcher.counts)

    def put(self, data: bytes | Mapping[str, Any], key: str | None = None) -> Future[Placement]:
        """Takes a record. When this returns, the record is accepted: it will arrive, or be given up loudly.

        Args:
            data: Its bytes; a mapping becomes JSON.
            key: Its partition key. Left out: the value of the key field.

        Returns:
            Its receipt: `result()` waits until the stream has it, and says where, or raises `UndeliveredError`.

        Raises:
            ValueError: If it has no key, or AWS would never take it.
            BufferFullError: If as many wait as may, and `when_full` is `raise`.
            ProducerClosedError: If the producer is closed, or has found that it cannot reach its stream.
        """
        record = checked(data, key, self._key_field, self._most_record_bytes)
        if os.getpid() != self._process:
            raise ProducerClosedError("this producer was made before the process forked: make one in each process")
        try:
            return self._accept(record)
        except ProducerClosedError:
            if threading.current_thread() is not self._thread:
                self._held.wait()  # where SIGTERM closes it, what SIGTERM did before comes first
            raise

    def _accept(self, record: Record) -> Future[Placement]:
        receipt: Future[Placement] = Future()
        receipt.set_running_or_notify_cancel()  # what was accepted is not called back
        with self._changed:
            self._wait_for_room(record)
            number, self._number = self._number, self._number + 1
            self._dispatcher.accept(Pending(number, record, self._clock(), receipt))
            self._changed.notify_all()
        return receipt

    def _wait_for_room(self, record: Record) -> None:
        while True:
            if self._closing:
                raise ProducerClosedError("the producer is closed")
            if (hopeless := self._dispatcher.hopeless) is not None:
                raise ProducerClosedError(f"{self.stream} takes nothing: {hopeless.code}: {hopeless.message}")
            counts = self._dispatcher.counts
            fits = counts.buffered_bytes + record.bytes <= self._most_bytes or not counts.buffered_records
            if counts.buffered_records < self._most_records and fits:
                return
            # Its own thread would wait for itself.
            if self._when_full == "raise" or threading.current_thread() is self._thread:
                raise BufferFullError(
                    f"{counts.buffered_records:,} records of {counts.buffered_bytes:,} bytes wait to be sent to {self.stream}"
                )
            self._changed.wait()

    def flush(self, timeout: float | None = None) -> None:
        """Waits until all that was accepted before has its end. A record that is given up has one, too.

        Args:
            timeout: For so many seconds at most. Left out: as long as it takes, which `Retry.deadline_seconds` limits.

        Raises:
            TimeoutError: If it is over. Nothing is given up for it.
        """
        self._not_in_its_own_thread()
        with self._changed:
            last = self._number - 1
            self._dispatcher.hurry(last)
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._is_over(last), timeout):
                raise TimeoutError(
                    f"{self._dispatcher.counts.buffered_records:,} records still wait after {timeout} seconds"
                )

    def _is_over(self, number: int) -> bool:
        oldest = self._dispatcher.oldest
        return (oldest is None or oldest > number) and not self._telling

    def close(self, timeout: float | None = None) -> None:
        """Takes nothing more, and waits until all that was accepted has its end. Closing again does nothing.

        Args:
            timeout: For so many seconds at most; what still waits then is given up, loudly. Left out: as long as it takes,
                which `Retry.deadline_seconds` limits.
        """
        self._not_in_its_own_thread()
        if os.getpid() != self._process:
            return
        with self._changed:
            self._closing = True
            last = self._number - 1
            self._dispatcher.hurry(last)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_over(last), timeout)
            given_up = self._dispatcher.give_up(
                "ProducerClosed", f"the producer was closed, and waited {timeout} seconds"
            )
            self._closed = True
            self._changed.notify_all()
        self._tell(given_up)
        if given_up:
            self._write_metrics()  # its thread may hang in a request
        else:
            self._thread.join(timeout)
        atexit.unregister(self.close)

    def flush_on_sigterm(self, grace_seconds: float = 25.0) -> None:
        """Has SIGTERM close the producer first, and do then what it did before.

        Until that is over, `put` waits. It is for the main thread, as all that has to do with signals; where there are several
        producers, one closes after the other.

        Args:
            grace_seconds: How long closing may take. ECS and Kubernetes kill a process 30 seconds after SIGTERM, unless they
                are told otherwise: less than that leaves time to give up loudly.

        Raises:
            ValueError: If this is not the main thread.
        """
        FlushOnSigterm(partial(self.close, grace_seconds), self._held).install()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Closes it.

        Raises:
            UndeliveredError: If a record was given up and there is no `on_failure`; no error of the block is replaced by it.
        """
        self.close()
        if self._untold is not None and error is None:
            raise self._untold

    def _not_in_its_own_thread(self) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError(
                "a producer's own thread cannot wait for the producer: not in on_failure, nor in callbacks"
            )

    def _run(self) -> None:
        """What its thread does, until there is nothing more to do."""
        try:
            while self._step():
                pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, every record has an end
            _LOG.exception("the producer of %s failed", self.stream)
            with self._changed:
                self._dispatcher.hopeless = Answer(Fate.HOPELESS, code=type(error).__name__, message=str(error))
                ends = self._dispatcher.give_up(type(error).__name__, str(error))
                self._telling = False
                self._changed.notify_all()
            self._tell(ends)
        finally:
            self._write_metrics()

    def _step(self) -> bool:
        """Waits for something to do, does it, and tells what became of it.

        Returns:
            Whether there is more to do.
        """
        with self._changed:
            if not self._wait_for_work():
                return False
            packs, ends = self._take()
        if packs:
            began = self._clock()
            answers = put_records(self._client, self.stream, packs)
            ends += self._settle(packs, answers, began)
        self._tell(ends)
        with self._changed:
            self._telling = False
            self._changed.notify_all()
        if self._metrics_at(now := self._clock()) <= now:
            self._write_metrics()
        return True

    def _wait_for_work(self) -> bool:
        """Waits until a request is to be sent, or metrics to be written. False: the producer is closed."""
        while not self._closed:
            now = self._clock()
            until = min(self._sends_at(now), self._metrics_at(now))
            if until <= now:
                return True
            self._changed.wait(None if math.isinf(until) else until - now)
        return False

    def _sends_at(self, now: float) -> float:
        at = self._dispatcher.sends_at(now)
        return math.inf if at is None else at

    def _metrics_at(self, now: float) -> float:
        at = self._metrics.due_at(self._dispatcher.counts, now) if self._metrics is not None else None
        return math.inf if at is None else at

    def _take(self) -> tuple[list[Pack], list[End]]:
        now = self._clock()
        if self._sends_at(now) > now:
            return [], []
        packs, ends = self._dispatcher.take(now)
        self._telling = bool(ends)
        return packs, ends

    def _settle(self, packs: Sequence[Pack], answers: Sequence[Answer], began: float) -> list[End]:
        now = self._clock()
        if self._metrics is not None:
            self._metrics.request_took((now - began) * 1000)
        routing = self._routing
        moved = routing.look(packs, answers) if routing else False
        with self._changed:
            if routing:
                ends = self._dispatcher.settle(packs, routing.judged(packs, answers), now, routing.belongs)
            else:
                ends = self._dispatcher.settle(packs, answers, now)
            if moved:
                self._dispatcher.sort_anew()
            self._telling = True
            self._changed.notify_all()
        return ends

    def _write_metrics(self) -> None:
        if self._metrics is not None:
            try:
                self._metrics.write(self.counts, self.stream, self._clock())
            except Exception:  # noqa: BLE001 - who cannot write metrics delivers records all the same
                _LOG.exception("the metrics of the producer of %s cannot be written", self.stream)

    def _tell(self, ends: Sequence[End]) -> None:
        """Tells receipts, and of what is given up also who is to be told."""
        for pending, result in ((end.pending, end.result) for end in ends):
            if isinstance(result, Placement):
                pending.receipt.set_result(result)
                continue
            pending.receipt.set_exception(result)
            if self._on_failure is None:
                self._untold = self._untold or result
                _LOG.error("a record of key %r for %s is given up: %s", pending.record.key, self.stream, result)
                continue
            try:
                self._on_failure(pending.record, result)
            except Exception:  # noqa: BLE001 - the other records have to be told of, too
                _LOG.exception("on_failure failed, for a record of key %r for %s", pending.record.key, self.stream)


def _lane_of(*, ordered: bool) -> Callable[[Pending], str | int]:
    return (lambda pending: pending.record.key) if ordered else (lambda pending: pending.number)


def _check(
    max_record_kb: int,
    max_buffered_records: int,
    max_buffered_mb: float,
    aggregated_bytes: int,
    when_full: str,
    aggregation: str | None,
) -> None:
    if max_record_kb not in MAX_RECORD_KIB:
        raise ValueError(f"max_record_kb is {MAX_RECORD_KIB.minimum} to {MAX_RECORD_KIB.maximum}, not {max_record_kb}")
    if max_buffered_records < 1 or max_buffered_mb <= 0 or aggregated_bytes < 1:
        raise ValueError("max_buffered_records, max_buffered_mb and aggregated_bytes are more than 0")
    if when_full not in {"wait", "raise"}:
        raise ValueError(f"when_full is 'wait' or 'raise', not {when_full!r}")
    if aggregation not in {None, "key", "shard"}:
        raise ValueError(f"aggregation is 'key', 'shard' or None, not {aggregation!r}")

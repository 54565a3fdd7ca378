"""A delivery at work: reads its stream or is put into, and writes what becomes complete into buckets, by the API."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.firehose.delivery_settings import DeliverySettings
from streaming_constructs.local.firehose.delivery_stream import BACKUP, DATA, DeliveredObject, DeliveryStream
from streaming_constructs.local.firehose.destination_configuration import (
    catalog_table,
    delivery_settings,
    destination_of,
)
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.rehearsal_report import DeliveryReport

_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 3600.0
"""How long it waits before it puts an object again that was not taken: twice as long each time. AWS does not say how Firehose
waits; it says that it retries S3 for as long as records are kept: https://docs.aws.amazon.com/firehose/latest/dev/retry.html"""


@dataclass(frozen=True, slots=True)
class _FailedPut:
    """An object that its bucket did not take.

    Attributes:
        object: The object.
        since: When it was put first.
        pause: How long it waits before it is put again.
        at: When that is.
    """

    object: DeliveredObject
    since: float
    pause: float
    at: float


def delivery_stream_settings(properties: Mapping[str, Any], aws: Aws) -> DeliverySettings:
    """The settings of a delivery stream, with the columns of its table.

    Args:
        properties: Its properties.
        aws: The API that the catalog is read from.

    Raises:
        ValueError: If Firehose refuses them.
        ClientError: If there is no such table.
    """
    member, configuration = destination_of(properties)
    table = catalog_table(configuration)
    columns: list[tuple[str, str]] = []
    if table is not None:
        found = aws.client("glue").get_table(DatabaseName=table.database, Name=table.name)["Table"]
        columns = [(one["Name"], one["Type"]) for one in found["StorageDescriptor"]["Columns"]]
    return delivery_settings(member, configuration, columns)


class DeliveryStreamWorker:
    """A delivery stream, for as long as it is deployed.

    Attributes:
        name: What people call it.
        source: What people call its stream.
        stream: Reads its stream, if it reads one.
    """

    def __init__(
        self,
        name: str,
        source: str,
        settings: DeliverySettings,
        delivery: DeliveryStream,
        stream: StreamReader | None,
        aws: Aws,
        retention_seconds: float,
    ) -> None:
        """Has taken nothing yet.

        Args:
            name: What people call it.
            source: What people call its stream.
            settings: Its settings.
            delivery: What Firehose does with records.
            stream: Reads its stream. None: records are put into it directly.
            aws: The API that objects are put by.
            retention_seconds: How long records are kept that cannot be delivered.
        """
        self.name, self.source, self.stream = name, source, stream
        self._settings, self._delivery, self._aws = settings, delivery, aws
        self._retention_seconds = retention_seconds
        self._putting = threading.Lock()
        self._working = threading.Lock()
        self._put: list[Record] = []
        self._failed_puts: list[_FailedPut] = []
        self._objects = self._bytes = self._expired = 0
        self._partitions: Counter[str] = Counter()
        self._last_error = ""

    @property
    def busy(self) -> bool:
        return False

    def take(self, records: Sequence[bytes], now: float) -> None:
        """Takes records that are put into it directly; any thread may.

        Args:
            records: The records.
            now: The time.
        """
        with self._putting:
            self._put += [Record("", 0, "", data, now) for data in records]

    def step(self, now: float) -> bool:
        with self._putting:
            taken, self._put = self._put, []
        if self.stream is not None:
            self.stream.refresh(lambda _: True)
            for reader in self.stream.readers.values():
                taken += reader.read(now)
        with self._working:
            retried = [one for one in self._failed_puts if one.at <= now]
            self._failed_puts = [one for one in self._failed_puts if one.at > now]
            for one in retried:
                self._write(one.object, now, one)
            done = self._delivery.put(taken, now) if taken else []
            due = self._delivery.due()
            if due is not None and due <= now:
                done += self._delivery.flush(now)
            for new in done:
                self._write(new, now)
        return bool(taken or retried or done)

    def due(self, now: float) -> float | None:
        moments = [self._delivery.due(), *(one.at for one in self._failed_puts)]
        if self.stream is not None:
            moments += [reader.due(now) for reader in self.stream.readers.values()]
        if self._put:
            moments.append(now)
        return min((moment for moment in moments if moment is not None), default=None)

    def close(self, now: float) -> None:
        """Writes everything that is buffered.

        Args:
            now: The time.
        """
        with self._working:
            for one in self._delivery.flush(now, everything=True):
                self._write(one, now)

    def report(self) -> DeliveryReport:
        """What happened so far."""
        with self._working:
            return self._report()

    def _report(self) -> DeliveryReport:
        counts = self._delivery.counts
        waiting = Counter({DATA: 0, BACKUP: 0})
        for one in self._failed_puts:
            waiting[one.object.kind] += one.object.records
        elsewhere = not self._settings.writes_objects
        return DeliveryReport(
            name=self.name,
            source=self.source,
            format=self._settings.format if not elsewhere else self._settings.destination,
            records=counts.records,
            delivered=(counts.delivered if elsewhere else counts.rows) - waiting[DATA] - self._expired,
            failed={kind: count - waiting[kind] for kind, count in counts.failed.items()},
            dropped=counts.dropped,
            waiting=self._delivery.buffered + sum(waiting.values()) - waiting[BACKUP],
            expired=self._expired,
            objects=self._objects,
            bytes=self._bytes,
            partitions=dict(sorted(self._partitions.items())),
            last_error=self._last_error,
            not_run=f"{self._settings.destination} does not run here" if elsewhere else "",
        )

    def _write(self, one: DeliveredObject, now: float, before: _FailedPut | None = None) -> None:
        bucket = one.bucket_arn.rpartition(":")[2]
        try:
            self._aws.client("s3").put_object(Bucket=bucket, Key=one.key, Body=one.body)
        except ClientError as error:
            self._last_error = str(error)
            self._keep(one, now, before)
            return
        if one.kind == DATA:
            self._objects += 1
            self._bytes += len(one.body)
            self._partitions[one.prefix] += one.rows

    def _keep(self, one: DeliveredObject, now: float, before: _FailedPut | None) -> None:
        since = before.since if before else now
        if now - since >= self._retention_seconds:
            self._expired += one.records if one.kind == DATA else 0
            return
        pause = min(before.pause * 2, _LONGEST_PAUSE_SECONDS) if before else _FIRST_PAUSE_SECONDS
        self._failed_puts.append(_FailedPut(one, since, pause, now + pause))

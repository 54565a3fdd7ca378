"""A delivery at work: reads its stream or is put into, and writes what becomes complete into buckets, by the API."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from streaming_constructs.local.api import Aws
from streaming_constructs.local.delivery_settings import DeliverySettings
from streaming_constructs.local.destination import catalog_table, delivery_settings, destination_of
from streaming_constructs.local.records import Record
from streaming_constructs.local.report import DeliveryReport
from streaming_constructs.local.s3_delivery import BACKUP, DATA, DeliveredObject, S3Delivery
from streaming_constructs.local.shard_reader import StreamReader

_AGAIN_SECONDS = 5.0
"""How long it waits before it puts an object again that was not taken. Firehose retries S3 until the records expire.

Source: https://docs.aws.amazon.com/firehose/latest/dev/retry.html
"""


def settings_of(properties: Mapping[str, Any], aws: Aws) -> DeliverySettings:
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


class DeliveryRun:
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
        delivery: S3Delivery,
        stream: StreamReader | None,
        aws: Aws,
    ) -> None:
        """Has taken nothing yet.

        Args:
            name: What people call it.
            source: What people call its stream.
            settings: Its settings.
            delivery: What Firehose does with records.
            stream: Reads its stream. None: records are put into it directly.
            aws: The API that objects are put by.
        """
        self.name, self.source, self.stream = name, source, stream
        self._settings, self._delivery, self._aws = settings, delivery, aws
        self._lock = threading.Lock()
        self._put: list[Record] = []
        self._undelivered: list[DeliveredObject] = []
        self._again_at = 0.0
        self._objects = self._bytes = 0
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
        with self._lock:
            self._put += [Record("", 0, "", data, now) for data in records]

    def step(self, now: float) -> bool:
        with self._lock:
            taken, self._put = self._put, []
        if self.stream is not None:
            self.stream.refresh(lambda _: True)
            for reader in self.stream.readers.values():
                taken += reader.read(now)
        done = self._undelivered if self._again_at <= now else []
        if done:
            self._undelivered = []
        if taken:
            done = done + self._delivery.put(taken, now)
        due = self._delivery.due()
        if due is not None and due <= now:
            done = done + self._delivery.flush(now)
        for one in done:
            self._write(one, now)
        return bool(taken or done)

    def due(self, now: float) -> float | None:
        moments = [self._delivery.due(), self._again_at if self._undelivered else None]
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
        for one in self._delivery.flush(now, everything=True):
            self._write(one, now)

    def report(self) -> DeliveryReport:
        """What happened so far."""
        counts = self._delivery.counts
        waiting = Counter(dict.fromkeys(counts.failed, 0))
        for one in self._undelivered:
            waiting[one.kind] += one.records
        elsewhere = not self._settings.writes_objects
        return DeliveryReport(
            name=self.name,
            source=self.source,
            format=self._settings.format if not elsewhere else self._settings.destination,
            records=counts.records,
            delivered=(counts.delivered if elsewhere else counts.rows) - waiting[DATA],
            failed={kind: count - waiting[kind] for kind, count in counts.failed.items()},
            dropped=counts.dropped,
            waiting=self._delivery.buffered + sum(waiting.values()) - waiting[BACKUP],
            objects=self._objects,
            bytes=self._bytes,
            partitions=dict(sorted(self._partitions.items())),
            last_error=self._last_error,
            not_run=f"{self._settings.destination} does not run here" if elsewhere else "",
        )

    def _write(self, one: DeliveredObject, now: float) -> None:
        bucket = one.bucket_arn.rpartition(":")[2]
        try:
            self._aws.client("s3").put_object(Bucket=bucket, Key=one.key, Body=one.body)
        except ClientError as error:
            self._undelivered.append(one)
            self._again_at = now + _AGAIN_SECONDS
            self._last_error = str(error)
            return
        if one.kind == DATA:
            self._objects += 1
            self._bytes += len(one.body)
            self._partitions[one.prefix] += one.rows

"""A Firehose delivery stream between records and S3 objects: it processes, partitions, buffers and converts.

It has no clock, writes nothing and calls nothing but the function that it was given: whoever drives it tells the time, and puts
the objects that come out into their buckets.

Sources: https://docs.aws.amazon.com/firehose/latest/dev/create-configure-backup.html#buffering-hints, buffering.html and
s3-object-name.html there.

What AWS leaves open is read as follows; nothing of it was compared with AWS.

- A buffer is full with the record that makes it so, and is counted from its first record. AWS calls both "hints"; it may buffer
  longer, and with dynamic partitioning "1.5 times" as long. Hints are for each shard of a stream: make one of these for each
  shard to have that too.
- An interval of 0 seconds is over at once.
- Dynamic partitions are divided by their keys. A time in the prefix is that of the oldest record in the object, and does not
  divide them further; a random string never does.
- When all active partitions are taken, records of others fail as `activePartitionExceeded`, AWS's word; users report the code.
- Records that failed are gathered for each kind of error, as long as records that did not. Those that could not be converted
  come with the object that they would have been in, or soon after. Errors are neither compressed, nor have they an extension.
- AWS says that aggregated records of the Kinesis Producer Library are taken apart before they are delivered, where a stream is
  the source (writing-with-kinesis-streams.html). They are here as soon as they are read, so that every step and the backup have
  user records, and each is measured by itself. One that is damaged stays whole.
- After decompression an error has the record "in compressed format" (decomp-faq.html); else as it was at the step that failed.
- A destination other than S3 and Redshift takes every record: nothing is there that could refuse one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from streaming_constructs.facts import firehose
from streaming_constructs.local.firehose.buffer import CountingBody, ObjectBody, ObjectBuffer
from streaming_constructs.local.firehose.compression import PlainBody
from streaming_constructs.local.firehose.delivery_settings import DeliverySettings, ObjectSettings
from streaming_constructs.local.firehose.error_record import error_line
from streaming_constructs.local.firehose.format_conversion import FORMAT_CONVERSION_FAILED, ConvertedBody
from streaming_constructs.local.firehose.lambda_transform import InvokeFunction, LambdaTransform
from streaming_constructs.local.firehose.processing import (
    METADATA_CODE,
    METADATA_EXTRACTION_FAILED,
    DeliveryRecord,
    FailedRecord,
    Processing,
    ProcessorStep,
)
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.shown_records import ShownRecords
from streaming_constructs.planning.deliveries.processors import Processor
from streaming_constructs.producer.kpl_aggregation import user_records

DATA = "data"
BACKUP = "backup"
ACTIVE_PARTITION_EXCEEDED = "activePartitionExceeded"

_MOST_PARTITIONS = int(firehose.ACTIVE_PARTITIONS.value)
_NOTHING = Record("", 0, "", b"", 0.0)

Partition = tuple[str, ...]
"""The values of a record's partition keys, in the order of the prefix."""


@dataclass(frozen=True, slots=True)
class DeliveredObject:
    """An object that is complete.

    Attributes:
        bucket_arn: The bucket that it belongs into.
        key: Its key.
        body: Its bytes.
        kind: `data`, `backup`, or the kind of error of its records.
        prefix: What its key begins with, evaluated.
        records: How many records are in it.
        rows: How many rows it has; a record with several documents has as many when it is converted.
        bytes: The size of its records as they were gathered.
    """

    bucket_arn: str
    key: str
    body: bytes
    kind: str
    prefix: str
    records: int
    rows: int
    bytes: int


@dataclass(slots=True)
class DeliveryCounts:
    """What became of the records of a delivery.

    `records + split` is what was delivered, failed, was dropped, or is buffered.

    Attributes:
        records: Records that came in.
        split: How many more they became by being taken apart.
        delivered: Records that are in an object, or would be at a destination that is not there.
        rows: The rows that they are.
        dropped: Records that the function dropped.
        failed: Records that are in an object of errors, by kind of error.
        backed_up: Records that are in an object of the backup.
    """

    records: int = 0
    split: int = 0
    delivered: int = 0
    rows: int = 0
    dropped: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    backed_up: int = 0


class DeliveryStream:
    """One delivery stream.

    Attributes:
        counts: What became of its records.
        failures: The first of those that failed.
    """

    def __init__(
        self,
        name: str,
        settings: DeliverySettings,
        *,
        invoke: InvokeFunction | None = None,
        arn: str = "",
        stream_arn: str = "",
        version: int = 1,
        uuid: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """Gathers nothing yet.

        Args:
            name: The name of the delivery stream.
            settings: Its settings.
            invoke: Invokes the function that transforms records, and waits for it.
            arn: ARN of the delivery stream.
            stream_arn: ARN of the stream that it reads, if it reads one; of a topic of Kafka that of its cluster.
            version: The version of its configuration, which is in the names of objects.
            uuid: Makes the UUIDs in names of objects, in prefixes, and of invocations.

        Raises:
            ValueError: If a processor or a column is not known, or there is a function and nothing that invokes it.
        """
        self.counts = DeliveryCounts()
        self.failures = ShownRecords[FailedRecord]()
        self._name, self._settings, self._version, self._uuid = name, settings, version, uuid

        def transform(processor: Processor) -> ProcessorStep:
            if invoke is None:
                raise ValueError(f"the delivery `{name}` transforms records by a function, and nothing invokes it")
            return LambdaTransform(processor, invoke, delivery_arn=arn, stream_arn=stream_arn, uuid=uuid)

        self._processing = Processing(settings.processors, transform)
        self._keys = settings.objects.prefix.keys if settings.is_dynamic else ()
        self._buffers: dict[tuple[str, Partition], ObjectBuffer] = {}
        self._open_buffer(DATA, DeliveryRecord(_NOTHING, b""), 0)  # raises now for what no record could change

    @property
    def buffered(self) -> int:
        """Records that are neither delivered nor failed nor dropped; the backup's copies do not count."""
        return sum(buffer.records for buffer in self._buffers.values() if buffer.kind != BACKUP)

    @property
    def partitions(self) -> int:
        """How many objects of data are being gathered: with dynamic partitioning, the active partitions."""
        return sum(1 for buffer in self._buffers.values() if buffer.kind == DATA)

    def put(self, records: Sequence[Record], now: float) -> list[DeliveredObject]:
        """Takes records in. Give hundreds or thousands at once: the function gets them in batches.

        Args:
            records: The records. Those that were put directly have an empty `shard_id` and 0 as `sequence_number`.
            now: The time, in seconds since 1970.

        Returns:
            Objects that are complete because a buffer is full.
        """
        items = [item for record in records for item in _user_records(record)]
        self.counts.records += len(records)
        self.counts.split += len(items) - len(records)
        done: list[DeliveredObject] = []
        if self._settings.backup is not None:
            for item in items:
                done += self._add(BACKUP, (), item, now)
        outcome = self._processing.process(items)
        self.counts.split += outcome.split
        self.counts.dropped += outcome.dropped
        for failure in outcome.failures:
            done += self._fail(failure, now, now)
        for item in outcome.items:
            partition = self._partition(item) if self._keys else ()
            if isinstance(partition, FailedRecord):
                done += self._fail(partition, now, now)
            else:
                done += self._add(DATA, partition, item, now)
        return done

    def due(self) -> float | None:
        """When the interval of the first buffer is over, in seconds since 1970; None if nothing is gathered."""
        return min((buffer.due for buffer in self._buffers.values()), default=None)

    def flush(self, now: float, *, everything: bool = False) -> list[DeliveredObject]:
        """Completes objects whose interval is over.

        Args:
            now: The time, in seconds since 1970.
            everything: Whether to complete all others, too.
        """
        done = self._flush(now, lambda buffer: buffer.kind == DATA and (everything or buffer.due <= now))
        # What could not be converted has joined the errors only now.
        return done + self._flush(now, lambda buffer: buffer.kind != DATA and (everything or buffer.due <= now))

    def _flush(self, now: float, is_wanted: Callable[[ObjectBuffer], bool]) -> list[DeliveredObject]:
        wanted = [key for key, buffer in self._buffers.items() if is_wanted(buffer)]
        return [object_ for key in wanted for object_ in self._complete(key, now)]

    def _partition(self, item: DeliveryRecord) -> Partition | FailedRecord:
        partition = tuple(item.keys.get(key, "") for key in self._keys)
        if (DATA, partition) in self._buffers:
            return partition
        try:
            self._evaluated(self._settings.objects, DATA, item)
        except ValueError as error:
            return FailedRecord(item, METADATA_EXTRACTION_FAILED, METADATA_CODE, str(error))
        if self.partitions == _MOST_PARTITIONS:
            message = f"{_MOST_PARTITIONS} partitions are active."
            return FailedRecord(
                item, ACTIVE_PARTITION_EXCEEDED, "DynamicPartitioning.ActivePartitionsLimitExceeded", message
            )
        return partition

    def _add(self, kind: str, partition: Partition, item: DeliveryRecord, now: float) -> Sequence[DeliveredObject]:
        key = (kind, partition)
        buffer = self._buffers.get(key)
        if buffer is None:
            buffer = self._buffers[key] = self._open_buffer(kind, item, now)
        buffer.add(item)
        return self._complete(key, now) if buffer.is_full else ()

    def _open_buffer(self, kind: str, item: DeliveryRecord, now: float) -> ObjectBuffer:
        settings = self._settings
        if kind == BACKUP:
            return ObjectBuffer(kind, self._objects(kind).buffer, PlainBody(self._objects(kind).compression), now, item)
        if kind != DATA:
            return ObjectBuffer(kind, settings.objects.buffer, PlainBody(), now, item)
        body: ObjectBody = CountingBody()
        if settings.conversion is not None:
            body = ConvertedBody(settings.conversion)
        elif settings.writes_objects:
            body = PlainBody(settings.objects.compression)
        return ObjectBuffer(kind, settings.buffer, body, now, item)

    def _fail(self, failure: FailedRecord, opened: float, now: float) -> Sequence[DeliveredObject]:
        """Gathers the line of a record that failed, as if since it came in."""
        conversion, item = self._settings.conversion, failure.item
        self.failures.add(item.source, failure)
        raw = item.source.data if self._processing.keeps_source else item.data
        line = error_line(failure, raw, now, conversion.table if conversion else None)
        done = self._add(failure.error_type, (), DeliveryRecord(item.source, line), now)
        buffer = self._buffers.get((failure.error_type, ()))
        if buffer is not None:
            buffer.opened = min(buffer.opened, opened)
        return done

    def _complete(self, key: tuple[str, Partition], now: float) -> list[DeliveredObject]:
        buffer = self._buffers.pop(key)
        buffer.write()
        body, kind = buffer.body.finish(), buffer.kind
        records = buffer.records - len(buffer.failed)
        done = []
        if records and (kind != DATA or self._settings.writes_objects):
            done.append(self._object(buffer, body, records))
        if kind == DATA:
            self.counts.delivered += records
            self.counts.rows += buffer.body.rows
        elif kind == BACKUP:
            self.counts.backed_up += records
        else:
            self.counts.failed[kind] = self.counts.failed.get(kind, 0) + records
        for item, why in buffer.failed:
            failure = FailedRecord(item, FORMAT_CONVERSION_FAILED, why.code, why.message)
            done += self._fail(failure, buffer.opened, now)
        return done

    def _object(self, buffer: ObjectBuffer, body: bytes, records: int) -> DeliveredObject:
        kind = buffer.kind
        objects = self._objects(kind)
        prefix = self._evaluated(objects, kind, buffer.oldest)
        time = self._time(objects, buffer.oldest).strftime("%Y-%m-%d-%H-%M-%S")
        extension = objects.extension if kind in (DATA, BACKUP) else ""
        key = f"{prefix}{self._name}-{self._version}-{time}-{self._uuid()}{extension}"
        return DeliveredObject(objects.bucket_arn, key, body, kind, prefix, records, buffer.body.rows, buffer.bytes)

    def _evaluated(self, objects: ObjectSettings, kind: str, oldest: DeliveryRecord) -> str:
        moment = self._time(objects, oldest)
        if kind in (DATA, BACKUP):
            return objects.prefix.evaluated(moment, keys=oldest.keys, uuid=self._uuid)
        return objects.error_prefix.evaluated(moment, error_type=kind, uuid=self._uuid)

    def _objects(self, kind: str) -> ObjectSettings:
        backup = self._settings.backup
        return backup if kind == BACKUP and backup is not None else self._settings.objects

    @staticmethod
    def _time(objects: ObjectSettings, oldest: DeliveryRecord) -> datetime:
        return datetime.fromtimestamp(oldest.source.arrival, objects.time_zone)


def _user_records(record: Record) -> list[DeliveryRecord]:
    """What a record holds: itself, or what the Kinesis Producer Library put together in it. Direct puts are left alone."""
    users = user_records(record.data) if record.shard_id else ()
    if not users:
        return [DeliveryRecord(record, record.data)]
    return [
        DeliveryRecord(replace(record, partition_key=key, data=data), data, part=part)
        for part, (key, data) in enumerate(users)
    ]

"""The worker of an `AWS::KinesisFirehose::DeliveryStream`: reads its stream or is put into, and puts objects into S3."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from streaming_constructs.facts import firehose
from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws, MachineFailureError, is_machine_failure
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import LAMBDA_FUNCTION
from streaming_constructs.local.delivery_report import DIRECT_PUT, DeliveryReport, KeptApart
from streaming_constructs.local.firehose.delivery_settings import DeliverySettings
from streaming_constructs.local.firehose.delivery_stream import BACKUP, DATA, DeliveredObject, DeliveryStream
from streaming_constructs.local.firehose.destination_configuration import (
    catalog_table,
    delivery_settings,
    destination_of,
)
from streaming_constructs.local.firehose.lambda_transform import (
    FUNCTION_ERROR,
    FUNCTION_TIMED_OUT,
    JSON_PROCESSING_FAILED,
    InvocationError,
    InvokeFunction,
)
from streaming_constructs.local.firehose.processing import FailedRecord
from streaming_constructs.local.firehose.topic_source import TopicSource
from streaming_constructs.local.firehose.transform_fault import transform_fault
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of, stream_by_arn
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.local.kinesis.shard_lag import shard_lag
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.deployed_functions import unsupported_function
from streaming_constructs.local.lambda_function.function_journal import FunctionJournal
from streaming_constructs.local.lambda_function.function_process import TIMED_OUT
from streaming_constructs.local.lambda_function.invocation_response import returned
from streaming_constructs.local.shown_records import shown_data
from streaming_constructs.local.worker import Worker, WorkerContext

LATEST = ":$LATEST"
"""What CDK writes behind the ARN of a function that transforms records: its version."""
_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 3600.0
"""How long it waits before it puts an object again that was not taken: twice as long each time. AWS does not say how Firehose
waits; it says that it retries S3 for as long as records are kept: https://docs.aws.amazon.com/firehose/latest/dev/retry.html"""


@dataclass(slots=True, eq=False)
class _PendingPut:
    """An object that its bucket has not taken yet.

    Attributes:
        object: The object.
        since: When it was put first.
        at: When it is put, or put again.
        pause: How long it waits then, if it is not taken.
    """

    object: DeliveredObject
    since: float
    at: float
    pause: float = _FIRST_PAUSE_SECONDS


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
        columns = [(column["Name"], column["Type"]) for column in found["StorageDescriptor"]["Columns"]]
    return delivery_settings(member, configuration, columns)


class DeliveryStreamWorker:
    """A delivery stream, for as long as it is deployed.

    Attributes:
        name: What people call it.
        source: What people call its stream or topic, or `direct put`.
        topic: The topic of Kafka that it reads; None: it reads none.
    """

    def __init__(
        self,
        *,
        name: str,
        source: str,
        settings: DeliverySettings,
        delivery: DeliveryStream,
        reader: StreamReader | None,
        aws: Aws,
        retention_seconds: float,
        journal: FunctionJournal | None = None,
        not_run: str = "",
        topic: TopicSource | None = None,
    ) -> None:
        """Has taken nothing yet.

        Args:
            name: What people call it.
            source: What people call its stream, or `direct put`.
            settings: Its settings.
            delivery: What Firehose does with records.
            reader: Reads its stream. None: it reads a topic, or records are put into it directly.
            aws: The API that objects are put by.
            retention_seconds: How long records are kept that cannot be delivered.
            journal: Where the function that transforms records is written down. Left out: there is none.
            not_run: Why that function cannot be run, if it cannot; then records are taken, and nothing becomes of them.
            topic: The topic of Kafka that it reads. Left out: it reads none.
        """
        self.topic = topic
        self.name, self.source = name, source
        self._settings, self._delivery, self._reader, self._aws = settings, delivery, reader, aws
        self._retention_seconds = retention_seconds
        self._journal, self._not_run, self._not_taken = journal or FunctionJournal(), not_run, 0
        self._putting = threading.Lock()
        self._stepping = threading.Lock()
        self._closed = False
        self._put: list[Record] = []
        self._pending: list[_PendingPut] = []
        self._objects = self._bytes = self._rows = 0
        self._expired: Counter[str] = Counter()
        self._partitions: Counter[str] = Counter()
        self._last_error = ""

    @property
    def busy(self) -> bool:
        return False

    def take(self, records: Sequence[bytes], now: float) -> None:
        with self._putting:
            if self._not_run:
                self._not_taken += len(records)
                return
            self._put += [Record("", 0, "", data, now) for data in records]

    def step(self, now: float) -> bool:
        with self._stepping:
            if self._closed or self._not_run:
                return False
            records = self._records_put()
            if self._reader is not None:
                self._reader.refresh(lambda _: True)
                for shard in self._reader.readers.values():
                    records += shard.read(now)
            if self.topic is not None:
                records += self.topic.read(now)
            if records:
                self._keep(self._delivery.put(records, now), now)
            due = self._delivery.due()
            if due is not None and due <= now:
                self._keep(self._delivery.flush(now), now)
            return bool(self._write(now)) or bool(records)

    def due(self, now: float) -> float | None:
        if self._closed or self._not_run:
            return None
        moments = [self._delivery.due(), *(pending.at for pending in self._pending)]
        if self._reader is not None:
            moments += [shard.due(now) for shard in self._reader.readers.values()]
        if self.topic is not None:
            moments.append(self.topic.due(now))
        if self._put:
            moments.append(now)
        return min((moment for moment in moments if moment is not None), default=None)

    def hand_over(self, now: float) -> StreamReader | None:
        self._end(now)
        return self._reader

    def close(self, now: float) -> None:
        """Ends it, and writes everything that is buffered."""
        self._end(now)
        if self.topic is not None:
            self.topic.close()

    def _end(self, now: float) -> None:
        with self._stepping:
            self._closed = True
            self._keep(self._delivery.put(self._records_put(), now), now)
            self._keep(self._delivery.flush(now, everything=True), now)
            self._write(now)

    def report(self) -> DeliveryReport:
        with self._stepping:
            return self._report()

    def _records_put(self) -> list[Record]:
        with self._putting:
            records, self._put = self._put, []
        return records

    def _report(self) -> DeliveryReport:
        counts, elsewhere = self._delivery.counts, not self._settings.writes_objects
        unread = len(self._put)
        pending: Counter[str] = Counter()
        for put in self._pending:
            pending[put.object.kind] += put.object.records
        # What an object held is none of its kind before it is taken, nor when it never is.
        undone = pending + self._expired
        failed = {kind: count - undone[kind] for kind, count in counts.failed.items()}
        return DeliveryReport(
            name=self.name,
            source=self.source,
            format=self._settings.format if not elsewhere else self._settings.destination,
            records=counts.records + unread + self._not_taken,
            split=counts.split,
            delivered=counts.delivered - undone[DATA],
            rows=counts.rows if elsewhere else self._rows,
            failed=failed,
            kept_apart=tuple(map(_kept_apart, self._delivery.failures.said)),
            dropped=counts.dropped,
            waiting=unread + self._delivery.buffered + pending.total() - pending[BACKUP],
            expired=self._expired.total() - self._expired[BACKUP],
            objects=self._objects,
            bytes=self._bytes,
            partitions=dict(sorted(self._partitions.items())),
            last_error=self._last_error,
            not_run=f"{self._settings.destination} does not run here" if elsewhere else "",
            function_not_run=self._not_run,
            failures=self._journal.failures,
            log=self._journal.log,
            lag=tuple(shard_lag(one.shard.log, one.position) for one in self._reader.readers.values())
            if self._reader
            else (),
        )

    def _keep(self, completed: Iterable[DeliveredObject], now: float) -> None:
        self._pending += [_PendingPut(new, now, now) for new in completed]

    def _write(self, now: float) -> int:
        """Puts what is due, and returns how many objects that were. One stays pending until it is taken, or too old.

        Raises:
            MachineFailureError: If this machine failed; what was not put is pending still.
        """
        due = [pending for pending in self._pending if pending.at <= now]
        for pending in due:
            if self._is_taken(pending.object):
                self._pending.remove(pending)
            elif now - pending.since >= self._retention_seconds:
                self._pending.remove(pending)
                self._expired[pending.object.kind] += pending.object.records
            else:
                pending.at = now + pending.pause
                pending.pause = min(pending.pause * 2, _LONGEST_PAUSE_SECONDS)
        return len(due)

    def _is_taken(self, new: DeliveredObject) -> bool:
        bucket = new.bucket_arn.rpartition(":")[2]
        try:
            self._aws.client("s3").put_object(Bucket=bucket, Key=new.key, Body=new.body)
        except ClientError as error:
            self._last_error = str(error)
            if is_machine_failure(error):
                raise MachineFailureError(str(error)) from None
            return False
        if new.kind == DATA:
            self._objects += 1
            self._rows += new.rows
            self._bytes += len(new.body)
            self._partitions[new.prefix] += new.rows
        return True


def build_delivery_stream_worker(
    resource: Deployed, context: WorkerContext, before: Worker | None
) -> DeliveryStreamWorker:
    """Builds the worker of a delivery stream; it begins where the one before was, or with what is put after it was created.

    Args:
        resource: The delivery stream.
        context: What the worker needs.
        before: The worker that the delivery stream had before it was changed.

    Raises:
        ValueError: If it has settings that Firehose would refuse.
        ClientError: If the table of its columns is not there.
    """
    properties = resource.properties
    stream_arn = properties.get("KinesisStreamSourceConfiguration", {}).get("KinesisStreamARN", "")
    settings = delivery_stream_settings(properties, context.aws)
    functions = [processor.parameters["LambdaArn"] for processor in settings.processors if processor.type == "Lambda"]
    journal = FunctionJournal()
    delivery = DeliveryStream(
        resource.physical_id,
        settings,
        invoke=_transform(functions[0], context, journal) if functions else None,
        arn=resource.attributes["Arn"],
        stream_arn=stream_arn or properties.get("MSKSourceConfiguration", {}).get("MSKClusterARN", ""),
    )
    topic = _topic(resource, context, before)
    stream = stream_by_arn(stream_arn) if stream_arn else None
    hours = stream.retention_period_hours if stream else firehose.DIRECT_PUT_RETENTION_HOURS.value
    reader = before.hand_over(context.clock.now()) if before else None
    if stream_arn and reader is None:
        reader = StreamReader(
            lambda: shards_of(stream_arn, ACCOUNT_ID, context.aws.region),
            lambda shard: shard.log.last_sequence_number,
        )
    source = context.stream_name(stream_arn) if stream_arn else DIRECT_PUT
    return DeliveryStreamWorker(
        name=context.name_of(resource),
        source=context.topic_name(topic.arn) if topic else source,
        settings=settings,
        delivery=delivery,
        reader=reader,
        aws=context.aws,
        retention_seconds=topic.retention_seconds if topic else hours * 3600,
        journal=journal,
        not_run=next(filter(None, (_not_run(function, context) for function in functions)), ""),
        topic=topic,
    )


def _topic(resource: Deployed, context: WorkerContext, before: Worker | None) -> TopicSource | None:
    """The topic of Kafka that a delivery stream reads, from where the one before was; None if it reads none."""
    configuration = resource.properties.get("MSKSourceConfiguration")
    if configuration is None or context.aws.msk is None:
        return None
    if isinstance(before, DeliveryStreamWorker) and before.topic is not None:
        return before.topic
    found = context.aws.msk.topic(configuration["MSKClusterARN"], configuration["TopicName"])
    return TopicSource(found, configuration, context.name_of(resource))


def _not_run(function_arn: str, context: WorkerContext) -> str:
    """Why a function cannot be run here; empty if it can, or none of the stacks has it."""
    arn = function_arn.removesuffix(LATEST)
    found = (one for one in context.deployed if one.type == LAMBDA_FUNCTION and one.attributes["Arn"] == arn)
    return next((why for one in found if (why := unsupported_function(one))), "")


def _transform(function_arn: str, context: WorkerContext, journal: FunctionJournal) -> InvokeFunction:
    """Invokes the function that transforms records, and waits for it."""

    def invoke(event: dict[str, Any]) -> Any:
        invoked = context.invoke(function_arn.removesuffix(LATEST), json.dumps(event).encode())
        result, response = returned(invoked)
        journal.record(result)
        if result.error is None:
            fault = transform_fault(event, response)
            if fault:
                journal.record_response(fault, response)
            return response
        code = FUNCTION_TIMED_OUT if result.error.type == TIMED_OUT else FUNCTION_ERROR
        if invoked.error is None:
            code = JSON_PROCESSING_FAILED
        raise InvocationError(f"{result.error.type}: {result.error.message}", code)

    return invoke


def _kept_apart(failure: FailedRecord) -> KeptApart:
    source = failure.item.source
    return KeptApart(
        error=failure.error_type,
        code=failure.code,
        message=failure.message,
        shard_id=source.shard_id,
        sequence_number=str(source.sequence_number) if source.shard_id else "",
        partition_key=source.partition_key,
        data=shown_data(failure.item.data),
    )

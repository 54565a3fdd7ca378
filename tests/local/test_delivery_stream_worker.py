"""A delivery at work: what it writes, and what it does with a bucket that does not take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import Aws, MachineFailureError, is_machine_failure
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.firehose.delivery_stream import DeliveryStream
from streaming_constructs.local.firehose.delivery_stream_worker import DeliveryStreamWorker, delivery_stream_settings

PROPERTIES: dict[str, Any] = {
    "DeliveryStreamType": "DirectPut",
    "ExtendedS3DestinationConfiguration": {
        "BucketARN": "arn:aws:s3:::lake",
        "RoleARN": "arn:aws:iam::123456789012:role/r",
        "Prefix": "raw/!{timestamp:yyyy}/",
        "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
        "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 1},
    },
}
HOUR = 3600.0


class Bucket:
    """Refuses objects until it is told to take them."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.refuses = False
        self.fails = False
        self.asked = 0

    def get_table(self, **_: Any) -> dict[str, Any]:
        return {"Table": {"StorageDescriptor": {"Columns": [{"Name": "n", "Type": "int"}]}}}

    def put_object(self, **asked: Any) -> None:
        self.asked += 1
        if self.fails:
            full = {"Code": "InternalFailure", "Message": "no space"}
            raise ClientError({"Error": full, "ResponseMetadata": {"HTTPStatusCode": 500}}, "PutObject")
        if self.refuses:
            raise ClientError({"Error": {"Code": "NoSuchBucket", "Message": "gone"}}, "PutObject")
        self.objects[asked["Key"]] = asked["Body"]


class Api(Aws):
    def __init__(self, bucket: Bucket) -> None:
        super().__init__("http://localhost:1", "us-east-1", "token")
        self.bucket = bucket

    def client(self, service: str) -> Any:
        return self.bucket


CONVERTED = {
    "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 64},
    "DataFormatConversionConfiguration": {
        "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
        "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
        "SchemaConfiguration": {"DatabaseName": "db", "TableName": "numbers"},
    },
}


def delivery(bucket: Bucket, more: Mapping[str, Any] | None = None) -> DeliveryStreamWorker:
    destination = {**PROPERTIES["ExtendedS3DestinationConfiguration"], **(more or {})}
    settings = delivery_stream_settings({**PROPERTIES, "ExtendedS3DestinationConfiguration": destination}, Api(bucket))
    return DeliveryStreamWorker(
        name="lake",
        source="direct put",
        settings=settings,
        delivery=DeliveryStream("lake", settings),
        reader=None,
        aws=Api(bucket),
        retention_seconds=24 * HOUR,
    )


def test_it_writes_when_its_interval_is_over() -> None:
    bucket = Bucket()
    worker = delivery(bucket)
    worker.take([b"one", b"two"], 0.0)
    assert worker.due(0.0) == 0.0
    assert worker.step(0.0)
    assert (worker.due(1.0), worker.report().waiting) == (60.0, 2)
    assert worker.step(60.0)
    ((key, body),) = bucket.objects.items()
    assert (key.startswith("raw/1970/lake-1-1970-01-01-00-00-00-"), body) == (True, b"onetwo")
    report = worker.report()
    assert (report.delivered, report.objects, report.bytes, report.partitions) == (2, 1, 6, {"raw/1970/": 2})
    assert worker.due(61.0) is None


def test_an_object_that_is_not_taken_is_put_again_later_and_later() -> None:
    bucket = Bucket()
    bucket.refuses = True
    worker = delivery(bucket)
    worker.take([b"one"], 0.0)
    worker.step(0.0)
    moments = [60.0]
    worker.step(60.0)
    for _ in range(3):
        due = worker.due(moments[-1])
        assert due is not None
        moments.append(due)
        worker.step(due)
    assert moments == [60.0, 65.0, 75.0, 95.0]
    assert (worker.report().delivered, worker.report().waiting, worker.report().last_error != "") == (0, 1, True)
    bucket.refuses = False
    worker.step(135.0)
    assert (worker.report().delivered, worker.report().waiting) == (1, 0)
    assert list(bucket.objects.values()) == [b"one"]


def test_what_is_never_taken_expires() -> None:
    bucket = Bucket()
    bucket.refuses = True
    worker = delivery(bucket)
    worker.take([b"one", b"two"], 0.0)
    now = 0.0
    worker.step(now)
    while (due := worker.due(now)) is not None:
        now = due
        worker.step(now)
    report = worker.report()
    assert (report.expired, report.waiting, report.delivered) == (2, 0, 0)
    assert 24 * HOUR <= now <= 26 * HOUR
    assert bucket.asked < 50


def test_what_is_buffered_is_written_when_it_is_closed() -> None:
    bucket = Bucket()
    worker = delivery(bucket)
    worker.take([b"one"], 0.0)
    worker.step(0.0)
    worker.close(1.0)
    assert list(bucket.objects.values()) == [b"one"]


def test_what_was_put_and_is_in_no_buffer_yet_is_written_when_it_is_closed() -> None:
    bucket = Bucket()
    worker = delivery(bucket)
    worker.take([b"one"], 0.0)
    worker.close(1.0)
    assert list(bucket.objects.values()) == [b"one"]
    assert (worker.step(61.0), worker.due(61.0)) == (False, None)


# Sums


def accounted(report: DeliveryReport) -> int:
    return report.delivered + sum(report.failed.values()) + report.dropped + report.waiting + report.expired


def test_a_record_with_several_documents_is_one_record_and_several_rows() -> None:
    bucket = Bucket()
    worker = delivery(bucket, CONVERTED)
    worker.take([b'{"n":1}{"n":2}{"n":3}', b'{"n":4}', b'{"n":"x"}{"n":5}', b"broken"], 0.0)
    assert (worker.report().records, worker.report().waiting) == (4, 4)
    worker.step(0.0)
    assert (worker.report().records, worker.report().waiting) == (4, 4)
    for moment in (60.0, 120.0):
        worker.step(moment)
    report = worker.report()
    assert (report.records, report.delivered, report.rows, report.failed) == (4, 2, 4, {"format-conversion-failed": 2})
    assert sum(report.partitions.values()) == 4
    assert accounted(report) == report.records


def test_what_is_in_objects_of_errors_that_nobody_takes_is_waiting_and_then_expired() -> None:
    bucket = Bucket()
    bucket.refuses = True
    worker = delivery(bucket, CONVERTED)
    worker.take([b'{"n":1}{"n":2}', b"broken", b"broken, too"], 0.0)
    now: float | None = 0.0
    while now is not None:
        worker.step(now)
        report = worker.report()
        assert (accounted(report), report.delivered, report.rows) == (3, 0, 0)
        now = worker.due(now)
    assert (report.expired, report.waiting, sum(report.failed.values())) == (3, 0, 0)


def test_records_that_are_taken_apart_are_told_beside_those_that_came() -> None:
    bucket = Bucket()
    split = {
        "Type": "RecordDeAggregation",
        "Parameters": [{"ParameterName": "SubRecordType", "ParameterValue": "JSON"}],
    }
    worker = delivery(bucket, {"ProcessingConfiguration": {"Enabled": True, "Processors": [split]}})
    worker.take([b'{"n":1}{"n":2}{"n":3}', b'{"n":4}'], 0.0)
    worker.step(0.0)
    worker.step(60.0)
    report = worker.report()
    assert (report.records, report.split, report.delivered, report.rows) == (2, 2, 4, 4)
    assert accounted(report) == report.records + report.split


# A machine that fails


def test_an_object_that_this_machine_cannot_write_is_put_once_and_stays_counted_as_waiting() -> None:
    bucket = Bucket()
    worker = delivery(bucket)
    worker.take([b"one", b"two"], 0.0)
    worker.step(0.0)
    bucket.fails = True
    with pytest.raises(MachineFailureError, match="no space"):
        worker.step(60.0)
    report = worker.report()
    assert (report.records, report.waiting, report.delivered, report.expired) == (2, 2, 0, 0)
    assert bucket.asked == 1


def test_what_was_not_put_when_the_machine_failed_is_put_once_when_it_is_well_again() -> None:
    bucket = Bucket()
    worker = delivery(bucket)
    for second in range(3):  # each more than the buffer's MiB, so each an object
        worker.take([b"x" * 1_048_576], float(second))
    bucket.fails = True
    with pytest.raises(MachineFailureError):
        worker.step(3.0)
    bucket.fails = False
    assert worker.step(4.0)
    report = worker.report()
    assert (report.delivered, report.waiting, report.objects) == (3, 0, 3)
    assert (len(bucket.objects), bucket.asked) == (3, 4)


def test_throttling_is_no_failure_of_the_machine() -> None:
    throttled = {"Error": {"Code": "SlowDown"}, "ResponseMetadata": {"HTTPStatusCode": 503}}
    assert not is_machine_failure(ClientError(throttled, "PutObject"))
    assert not is_machine_failure(ClientError({"Error": {"Code": "NoSuchBucket"}}, "PutObject"))

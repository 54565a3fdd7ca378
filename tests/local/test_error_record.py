"""The lines under an error prefix have the members that AWS's pages show, and users' objects have."""

from __future__ import annotations

import json
from typing import Any

from streaming_constructs.local.firehose.error_record import error_line
from streaming_constructs.local.firehose.format_conversion import FORMAT_CONVERSION_FAILED, CatalogTable
from streaming_constructs.local.firehose.processing import PROCESSING_FAILED, DeliveryRecord, FailedRecord
from streaming_constructs.local.kinesis.record import Record

RECORD = Record("shardId-000000000001", 495, "key", b"\xffsource", 1789560304.25)
TABLE = CatalogTable("db", "clicks", "123456789012", "eu-central-1")


def read(failure: FailedRecord, table: CatalogTable | None = None) -> dict[str, Any]:
    line = error_line(failure, b"\xffraw", 1789560399.5, table)
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    found: dict[str, Any] = json.loads(line)
    return found


def test_record_that_a_function_failed_on() -> None:
    failure = FailedRecord(
        DeliveryRecord(RECORD, b""), PROCESSING_FAILED, "Lambda.FunctionError", "no\nway", 4, "arn:aws:lambda:x"
    )
    assert read(failure) == {
        "attemptsMade": 4,
        "arrivalTimestamp": 1789560304250,
        "errorCode": "Lambda.FunctionError",
        "errorMessage": "no\nway",
        "attemptEndingTimestamp": 1789560399500,
        "rawData": "/3Jhdw==",
        "lambdaArn": "arn:aws:lambda:x",
    }


def test_record_that_could_not_be_converted() -> None:
    failure = FailedRecord(
        DeliveryRecord(RECORD, b"", part=3), FORMAT_CONVERSION_FAILED, "DataFormatConversion.ParseError", "bad"
    )
    assert read(failure, TABLE) == {
        "attemptsMade": 1,
        "arrivalTimestamp": 1789560304250,
        "lastErrorCode": "DataFormatConversion.ParseError",
        "lastErrorMessage": "bad",
        "attemptEndingTimestamp": 1789560399500,
        "rawData": "/3Jhdw==",
        "sequenceNumber": "495",
        "subSequenceNumber": 3,
        "dataCatalogTable": {
            "catalogId": "123456789012",
            "databaseName": "db",
            "tableName": "clicks",
            "region": "eu-central-1",
            "versionId": "LATEST",
            "catalogArn": None,
        },
    }


def test_record_that_was_put_directly_has_no_sequence_number() -> None:
    failure = FailedRecord(DeliveryRecord(Record("", 0, "", b"", 1.0), b""), FORMAT_CONVERSION_FAILED, "code", "bad")
    line = read(failure, TABLE)
    assert (line["sequenceNumber"], line["subSequenceNumber"]) == (None, None)

"""Processors: what they make of records, and of those that do not fit."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.firehose.processing import DeliveryRecord, Processing, ProcessingOutcome, ProcessorStep
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.planning.deliveries.processors import Processor
from streaming_constructs.planning.deliveries.s3_prefixes import plan_folders
from streaming_constructs.spec.deliveries.s3 import S3Destination

JSON_PARTS = Processor("RecordDeAggregation", {"SubRecordType": "JSON"})
MESSAGES = Processor("CloudWatchLogProcessing", {"DataMessageExtraction": "true"})
UNZIP = Processor("Decompression", {"CompressionFormat": "GZIP"})


def delimited(delimiter: str) -> Processor:
    return Processor(
        "RecordDeAggregation", {"SubRecordType": "DELIMITED", "Delimiter": b64encode(delimiter.encode()).decode()}
    )


def keys_of(query: str) -> Processor:
    return Processor("MetadataExtraction", {"MetadataExtractionQuery": query, "JsonParsingEngine": "JQ-1.6"})


def no_function(processor: Processor) -> ProcessorStep:
    raise AssertionError(processor)


def processed(records: list[bytes], *processors: Processor) -> ProcessingOutcome:
    items = [DeliveryRecord(Record("shardId-0", number, "k", data, 1.0), data) for number, data in enumerate(records)]
    return Processing(processors, no_function).process(items)


def data_of(outcome: ProcessingOutcome) -> list[bytes]:
    return [item.data for item in outcome.items]


def why(outcome: ProcessingOutcome) -> list[tuple[str, str, str]]:
    return [(one.error_type, one.code, one.message) for one in outcome.failures]


def batch(kind: str = "DATA_MESSAGE", *messages: str) -> bytes:
    events = [{"id": "1", "timestamp": 1, "message": message} for message in messages]
    return json.dumps({"messageType": kind, "logGroup": "g", "logEvents": events}).encode()


def test_batches_of_cloudwatch_logs_become_lines() -> None:
    records = [
        gzip.compress(batch("DATA_MESSAGE", '{"a":1}', '{"a":2}')),
        gzip.compress(batch("CONTROL_MESSAGE", "hello")),
    ]
    assert data_of(processed(records, UNZIP, MESSAGES)) == [b'{"a":1}\n{"a":2}', b""]
    assert data_of(processed(records[:1], UNZIP)) == [batch("DATA_MESSAGE", '{"a":1}', '{"a":2}')]


def test_lines_of_a_batch_can_be_taken_apart() -> None:
    outcome = processed([gzip.compress(batch("DATA_MESSAGE", '{"a":1}', '{"a":2}'))], UNZIP, MESSAGES, JSON_PARTS)
    assert (data_of(outcome), outcome.split) == ([b'{"a":1}', b'{"a":2}'], 1)


def test_extraction_that_is_off_changes_nothing() -> None:
    off = Processor("CloudWatchLogProcessing", {"DataMessageExtraction": "false"})
    assert data_of(processed([b"anything"], off)) == [b"anything"]


def test_what_is_not_compressed_goes_to_its_errors() -> None:
    outcome = processed([b"plain", gzip.compress(b"x")], UNZIP)
    assert data_of(outcome) == [b"x"]
    assert [(one[0], one[1]) for one in why(outcome)] == [("decompression-failed", "Decompression.Failed")]
    assert [one.item.data for one in outcome.failures] == [b"plain"]


@pytest.mark.parametrize("record", [b"x", b"[]", b"{}", b'{"messageType":"DATA_MESSAGE","logEvents":[{}]}', b"\xff"])
def test_what_is_no_batch_goes_to_the_errors(record: bytes) -> None:
    outcome = processed([record], MESSAGES)
    assert data_of(outcome) == []
    assert why(outcome) == [("processing-failed", "CloudWatchLogProcessing.Failed", "No batch of CloudWatch Logs")]


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        (b'{"a":1}{"a":2}', [b'{"a":1}', b'{"a":2}']),
        (b'{"a":1}\n{"a":"\xc3\xa9"}\n', [b'{"a":1}', b'{"a":"\xc3\xa9"}']),
        (b'{"a":{"b":"}{"}}', [b'{"a":{"b":"}{"}}']),
        (b'[{"a":1},{"a":2}]', [b'[{"a":1},{"a":2}]']),
        (b'{"a":1}x', [b'{"a":1}x']),
        (b"", [b""]),
        (b"{}" * 500, [b"{}"] * 500),
        (b"{}" * 501, [b"{}" * 501]),
    ],
)
def test_objects_are_taken_apart_or_stay_whole(record: bytes, parts: list[bytes]) -> None:
    outcome = processed([record], JSON_PARTS)
    assert (data_of(outcome), outcome.split) == (parts, len(parts) - 1)
    assert [item.part for item in outcome.items] == list(range(len(parts)))


def test_delimiters_divide_records() -> None:
    outcome = processed([b"a####b####", b"c", b"####"], delimited("####"))
    assert data_of(outcome) == [b"a", b"b", b"c", b"####"]
    assert outcome.split == 1


def test_keys_come_out_of_the_record() -> None:
    outcome = processed([b'{"c":"de","n":7,"f":1.5,"t":false}'], keys_of("{c:.c,n:.n,f:.f,t:.t}"))
    assert [item.keys for item in outcome.items] == [
        {
            "partitionKeyFromQuery:c": "de",
            "partitionKeyFromQuery:n": "7",
            "partitionKeyFromQuery:f": "1.5",
            "partitionKeyFromQuery:t": "false",
        }
    ]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (b"{}", "partitionKeys values must not be null or empty: c"),
        (b'{"c":""}', "partitionKeys values must not be null or empty: c"),
        (b'{"c":{"d":1}}', "partitionKeys values must not be null or empty: c"),
        (b'{"c":1}{"c":2}', "Non JSON record provided"),
        (b"", "Non JSON record provided"),
    ],
)
def test_record_without_its_keys_goes_to_the_errors(record: bytes, message: str) -> None:
    outcome = processed([record, b'{"c":"de"}'], keys_of("{c:.c}"))
    assert data_of(outcome) == [b'{"c":"de"}']
    assert why(outcome) == [("metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed", message)]


@pytest.mark.parametrize("record", [b"<html>", b"\xff", b'{"c":', b"[1]"])
def test_record_that_the_query_fails_on_goes_to_the_errors(record: bytes) -> None:
    outcome = processed([record], keys_of("{c:.c}"))
    assert (data_of(outcome), [one[0] for one in why(outcome)]) == ([], ["metadata-extraction-failed"])


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (b'{"at":"2026-06-03T23:59:59Z","country":"de"}', "2026-06-03/de"),
        (b'{"at":"2026-06-03T23:59:59Z"}', "2026-06-03/none"),
        (b'{"at":"2024-06-03T23:59:59Z","country":"de"}', ""),
        (b'{"country":"de"}', ""),
    ],
)
def test_queries_of_our_plans_work(record: bytes, path: str) -> None:
    to = S3Destination.model_validate({"kind": "s3", "partition_by": ["day(at)", "country"]})
    outcome = processed([record], keys_of(plan_folders("lake", to, None).metadata_query))
    assert ["/".join(item.keys.values()) for item in outcome.items] == ([path] if path else [])


def test_delimiter_is_appended_last() -> None:
    append = Processor("AppendDelimiterToRecord", {"Delimiter": "\\n"})
    assert data_of(processed([b'{"a":1}{"a":2}', b"x\n"], JSON_PARTS, append)) == [b'{"a":1}\n', b'{"a":2}\n', b"x\n\n"]


def test_source_stays_what_came_in() -> None:
    record = gzip.compress(b'{"a":1}{"a":2}')
    outcome = processed([record], UNZIP, JSON_PARTS)
    assert [item.source.data for item in outcome.items] == [record, record]


@pytest.mark.parametrize(
    ("processor", "message"),
    [
        (Processor("Compression", {}), "no processor `Compression`"),
        (Processor("MetadataExtraction", {}), "needs `MetadataExtractionQuery`"),
        (Processor("RecordDeAggregation", {"SubRecordType": "XML"}), "not as `XML`"),
        (Processor("RecordDeAggregation", {"SubRecordType": "DELIMITED"}), "needs one, in base64"),
        (keys_of("{c"), "syntax error"),
    ],
)
def test_processor_that_is_none_is_refused(processor: Processor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        processed([], processor)


STEPS: list[Any] = [UNZIP, MESSAGES, JSON_PARTS, delimited(","), keys_of("{c:.c}")]


@given(
    processors=st.lists(st.sampled_from(STEPS), max_size=3),
    records=st.lists(
        st.binary(max_size=9) | st.just(b'{"c":1}{"c":2}') | st.just(gzip.compress(batch("DATA_MESSAGE", "a,b")))
    ),
)
def test_no_processor_loses_a_record(processors: list[Processor], records: list[bytes]) -> None:
    outcome = processed(records, *processors)
    assert len(records) + outcome.split == len(outcome.items) + len(outcome.failures)

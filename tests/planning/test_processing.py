"""The steps of a delivery: which there are, with which parameters, and in which order."""

from __future__ import annotations

from base64 import b64decode
from itertools import combinations
from typing import Any

import jq
import pytest

from streaming_constructs.planning.deliveries.firehose import plan_delivery
from streaming_constructs.planning.deliveries.processors import Processor, processors
from streaming_constructs.spec.deliveries.firehose import DeliverySpec

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:mend:$LATEST"
ROLE = "arn:aws:iam::123456789012:role/lake"
PLAIN = {"kind": "s3", "format": "json", "newline": False}
DYNAMIC = {**PLAIN, "partition_by": ["country"]}
TRANSFORM = {"function_arn": FUNCTION.removesuffix(":$LATEST")}


def steps(**spec: Any) -> list[Processor]:
    planned = plan_delivery("lake", DeliverySpec.model_validate({"to": PLAIN, **spec}))
    return processors(planned, FUNCTION, ROLE)


def test_records_are_left_as_they_are_where_nothing_is_asked_for() -> None:
    assert steps() == []


@pytest.mark.parametrize(
    ("spec", "kind", "parameters"),
    [
        ({"decompress_cloudwatch_logs": True}, "Decompression", {"CompressionFormat": "GZIP"}),
        (
            {"transform": TRANSFORM},
            "Lambda",
            {
                "LambdaArn": FUNCTION,
                "RoleArn": ROLE,
                "NumberOfRetries": "3",
                "BufferSizeInMBs": "1",
                "BufferIntervalInSeconds": "60",
            },
        ),
        (
            {"transform": {**TRANSFORM, "retries": 0, "buffer_mb": 0.25, "buffer_seconds": 900}},
            "Lambda",
            {
                "LambdaArn": FUNCTION,
                "RoleArn": ROLE,
                "NumberOfRetries": "0",
                "BufferSizeInMBs": "0.25",
                "BufferIntervalInSeconds": "900",
            },
        ),
        (
            {"to": DYNAMIC},
            "MetadataExtraction",
            {
                "MetadataExtractionQuery": '{by_country:(.["country"]|if .==null or .=="" then "none" else tostring end)}',
                "JsonParsingEngine": "JQ-1.6",
            },
        ),
        ({"to": {"kind": "s3"}}, "AppendDelimiterToRecord", {"Delimiter": "\\n"}),
    ],
)
def test_step_has_the_parameters_that_firehose_knows(spec: dict[str, Any], kind: str, parameters: Any) -> None:
    assert steps(**spec) == [Processor(kind, parameters)]


def test_messages_are_taken_out_of_what_is_decompressed() -> None:
    first, second = steps(decompress_cloudwatch_logs=True, extract_log_messages=True)
    assert first == Processor("Decompression", {"CompressionFormat": "GZIP"})
    assert second == Processor("CloudWatchLogProcessing", {"DataMessageExtraction": "true"})


@pytest.mark.parametrize(
    ("asked", "parameters"),
    [
        ("json", {"SubRecordType": "JSON"}),
        ({"delimiter": "|"}, {"SubRecordType": "DELIMITED", "Delimiter": "fA=="}),
        ({"delimiter": "\n"}, {"SubRecordType": "DELIMITED", "Delimiter": "Cg=="}),
    ],
)
def test_records_in_one_are_told_apart(asked: Any, parameters: dict[str, str]) -> None:
    assert steps(deaggregate=asked, to=DYNAMIC)[0] == Processor("RecordDeAggregation", parameters)


def test_delimiter_survives_its_base64() -> None:
    (step, _) = steps(deaggregate={"delimiter": "§§"}, to=DYNAMIC)
    assert b64decode(step.parameters["Delimiter"]).decode() == "§§"


@pytest.mark.parametrize("form", ["parquet", "orc"])
def test_converted_records_get_no_newline(form: str) -> None:
    assert steps(to={"kind": "s3", "format": form}) == []


def test_other_destinations_get_no_newline() -> None:
    domain = {"kind": "opensearch", "domain_arn": "arn:aws:es:eu-west-1:123456789012:domain/search"}
    assert steps(to=domain) == []


TABLE = {"kind": "iceberg", "database": "shop", "table": "orders", "table_bucket": "tables"}


def test_rows_with_keys_are_upserted() -> None:
    """Of a record that has no `operation` Firehose makes a new row, though there is one with its keys."""
    (step,) = steps(to={**TABLE, "unique_keys": ["order_id"]})
    query = '{destinationDatabaseName:"shop",destinationTableName:"orders",operation:"update"}'
    assert step == Processor("MetadataExtraction", {"MetadataExtractionQuery": query, "JsonParsingEngine": "JQ-1.6"})
    assert jq.compile(query).input_text('{"order_id": 7}').first() == {
        "destinationDatabaseName": "shop",
        "destinationTableName": "orders",
        "operation": "update",
    }


def test_rows_are_added_without_a_word() -> None:
    assert steps(to=TABLE) == []


def test_a_function_says_itself_what_a_record_does() -> None:
    (step,) = steps(to={**TABLE, "unique_keys": ["order_id"]}, transform=TRANSFORM)
    assert step.type == "Lambda"


PARTS: dict[str, dict[str, Any]] = {
    "Decompression": {"decompress_cloudwatch_logs": True},
    "CloudWatchLogProcessing": {"decompress_cloudwatch_logs": True, "extract_log_messages": True},
    "RecordDeAggregation": {"deaggregate": "json"},
    "Lambda": {"transform": TRANSFORM},
}


@pytest.mark.parametrize("count", range(len(PARTS) + 1))
def test_steps_are_in_the_order_of_firehose_whatever_is_asked_for(count: int) -> None:
    for chosen in combinations(PARTS, count):
        asked = {key: value for name in chosen for key, value in PARTS[name].items()}
        expected = [
            name
            for name in PARTS
            if name in chosen or (name == "Decompression" and "CloudWatchLogProcessing" in chosen)
        ]
        to = {"kind": "s3", "partition_by": ["country"]}
        assert [step.type for step in steps(**asked, to=to)] == [
            *expected,
            "MetadataExtraction",
            "AppendDelimiterToRecord",
        ]

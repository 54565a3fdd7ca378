"""A delivery from records to objects: what is in them, what they are called, when they are complete; and no record is lost."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.local.firehose.delivery_settings import BufferingHints, DeliverySettings
from streaming_constructs.local.firehose.delivery_stream import DeliveredObject, DeliveryStream
from streaming_constructs.local.firehose.destination_configuration import delivery_settings, destination_of
from streaming_constructs.local.firehose.lambda_transform import InvocationError
from streaming_constructs.local.kinesis.record import Record
from streaming_constructs.producer.kpl_aggregation import MAGIC, aggregated_record

ROOT = Path(__file__).parents[2]
S3 = "ExtendedS3DestinationConfiguration"
NOON = datetime(2026, 6, 3, 12, 0, 0, tzinfo=UTC).timestamp()
UUID = "00000000-0000-0000-0000-00000000000{}"
ERRORS = "errors/!{firehose:error-output-type}/"
TABLE_OF_NUMBERS = (("n", "int"),)
CONVERSION: dict[str, Any] = {
    "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
    "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
    "SchemaConfiguration": {"DatabaseName": "db", "TableName": "numbers"},
}
DYNAMIC: dict[str, Any] = {
    "Prefix": "lake/c=!{partitionKeyFromQuery:c}/",
    "ErrorOutputPrefix": ERRORS,
    "DynamicPartitioningConfiguration": {"Enabled": True},
    "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 60},
    "ProcessingConfiguration": {
        "Enabled": True,
        "Processors": [
            {
                "Type": "MetadataExtraction",
                "Parameters": [{"ParameterName": "MetadataExtractionQuery", "ParameterValue": "{c:.c}"}],
            }
        ],
    },
}


def settings_of(columns: tuple[tuple[str, str], ...] = (), /, **configuration: Any) -> DeliverySettings:
    return delivery_settings(S3, {"BucketARN": "arn:aws:s3:::lake", **configuration}, columns)


def delivery(of: DeliverySettings, **more: Any) -> DeliveryStream:
    numbers = count(1)
    return DeliveryStream("lake", of, uuid=lambda: UUID.format(next(numbers)), **more)


def smaller(of: DeliverySettings, mib: float) -> DeliverySettings:
    """The same with a buffer that a test can fill; Firehose's smallest is 1 MiB."""
    return replace(of, buffer=replace(of.buffer, mib=mib))


def record(data: bytes, arrival: float = NOON, number: int = 0) -> Record:
    return Record("shardId-000000000000", number, "key", data, arrival)


def records(*data: bytes) -> list[Record]:
    return [record(one, NOON + number, number) for number, one in enumerate(data)]


def aggregated(*users: tuple[str, bytes]) -> bytes:
    """What the Kinesis Producer Library makes of user records: each with its partition key."""
    message = aggregated_record()()
    for position, (key, data) in enumerate(users):
        message.partition_key_table.append(key)
        message.records.add(partition_key_index=position, data=data)
    together: bytes = message.SerializeToString()
    return MAGIC + together + hashlib.md5(together).digest()


def by_kind(objects: list[DeliveredObject]) -> dict[str, DeliveredObject]:
    found = {one.kind: one for one in objects}
    assert len(found) == len(objects)
    return found


def lines(of: DeliveredObject) -> list[dict[str, Any]]:
    return [json.loads(line) for line in of.body.splitlines()]


def test_records_become_one_object_after_the_interval() -> None:
    lake = delivery(settings_of())
    assert (lake.put(records(b"a", b"b"), NOON), lake.due(), lake.buffered) == ([], NOON + 300, 2)
    assert lake.put([record(b"c")], NOON + 100) == []
    assert (lake.flush(NOON + 299.9), lake.buffered) == ([], 3)
    assert lake.flush(NOON + 300) == [
        DeliveredObject(
            bucket_arn="arn:aws:s3:::lake",
            key=f"2026/06/03/12/lake-1-2026-06-03-12-00-00-{UUID.format(1)}",
            body=b"abc",
            kind="data",
            prefix="2026/06/03/12/",
            records=3,
            rows=3,
            bytes=3,
        )
    ]
    assert (lake.due(), lake.buffered, lake.counts.delivered) == (None, 0, 3)


def test_full_buffer_is_delivered_at_once_and_the_next_one_begins() -> None:
    lake = delivery(smaller(settings_of(), 10 / 1_048_576))
    done = lake.put(records(b"12345", b"67890", b"x"), NOON)
    assert [one.body for one in done] == [b"1234567890"]
    assert lake.buffered == 1
    lake.put([record(b"x" * 9)], NOON + 7)
    assert lake.due() is None


def test_interval_begins_with_the_first_record_of_each_buffer() -> None:
    lake = delivery(settings_of())
    lake.put(records(b"a"), NOON)
    lake.flush(NOON + 300)
    lake.put(records(b"b"), NOON + 1000)
    assert lake.due() == NOON + 1300


def test_without_buffering_an_object_is_due_at_once() -> None:
    lake = delivery(replace(settings_of(), buffer=BufferingHints(1, 0)))
    lake.put(records(b"a"), NOON)
    assert lake.due() == NOON
    assert [one.body for one in lake.flush(NOON)] == [b"a"]


def test_everything_can_be_asked_for_before_it_is_due() -> None:
    lake = delivery(settings_of())
    lake.put(records(b"a"), NOON)
    assert [one.body for one in lake.flush(NOON, everything=True)] == [b"a"]
    assert lake.flush(NOON, everything=True) == []


def test_key_has_the_time_of_the_oldest_record_in_the_zone_of_the_delivery() -> None:
    of = settings_of(CustomTimeZone="Asia/Tokyo", Prefix="!{timestamp:yyyy-MM-dd}/", ErrorOutputPrefix=ERRORS)
    lake = delivery(of, version=7)
    lake.put([record(b"new", NOON + 4 * 3600), record(b"old", NOON + 61), record(b"newer", NOON + 5 * 3600)], NOON)
    (done,) = lake.flush(NOON, everything=True)
    assert done.key == f"2026-06-03/lake-7-2026-06-03-21-01-01-{UUID.format(1)}"
    assert done.body == b"newoldnewer"


def test_compressed_object_has_its_extension() -> None:
    lake = delivery(settings_of(CompressionFormat="GZIP"))
    lake.put(records(b"a\n", b"b\n"), NOON)
    (done,) = lake.flush(NOON, everything=True)
    assert gzip.decompress(done.body) == b"a\nb\n"
    assert done.key.endswith(f"{UUID.format(1)}.gz")
    assert done.bytes == 4


def test_records_that_cannot_be_converted_are_kept_under_the_error_prefix() -> None:
    lake = delivery(
        settings_of(TABLE_OF_NUMBERS, DataFormatConversionConfiguration=CONVERSION, ErrorOutputPrefix=ERRORS)
    )
    lake.put(records(b'{"n":1}', b"oops", b'{"n":2}{"n":3}'), NOON)
    done = by_kind(lake.flush(NOON + 300))
    data, errors = done["data"], done["format-conversion-failed"]
    assert pyarrow.parquet.read_table(io.BytesIO(data.body)).to_pylist() == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert (data.records, data.rows, data.key[-8:]) == (2, 3, ".parquet")
    assert errors.key == f"errors/format-conversion-failed/lake-1-2026-06-03-12-00-01-{UUID.format(2)}"
    assert [(one["lastErrorCode"], b64decode(one["rawData"]), one["sequenceNumber"]) for one in lines(errors)] == [
        ("DataFormatConversion.ParseError", b"oops", "1")
    ]
    assert lines(errors)[0]["dataCatalogTable"]["tableName"] == "numbers"
    assert (lake.counts.delivered, lake.counts.rows, lake.counts.failed) == (2, 3, {"format-conversion-failed": 1})
    assert lake.buffered == 0


def test_object_of_which_every_record_failed_is_not_written() -> None:
    lake = delivery(settings_of(TABLE_OF_NUMBERS, DataFormatConversionConfiguration=CONVERSION))
    lake.put(records(b"oops"), NOON)
    assert list(by_kind(lake.flush(NOON, everything=True))) == ["format-conversion-failed"]


def test_what_failed_in_a_full_buffer_is_due_with_what_it_came_in_with() -> None:
    of = settings_of(TABLE_OF_NUMBERS, DataFormatConversionConfiguration=CONVERSION)
    lake = delivery(smaller(of, 12 / 1_048_576))
    lake.put(records(b"oops"), NOON)
    assert list(by_kind(lake.put(records(b'{"n":10}'), NOON + 200))) == ["data"]
    assert lake.due() == NOON + 300


def test_many_records_are_each_in_it_once_and_failures_are_those_that_failed() -> None:
    lake = delivery(settings_of(TABLE_OF_NUMBERS, DataFormatConversionConfiguration=CONVERSION))
    bad = {4_999, 5_000, 12_000}
    lake.put(records(*(b"oops%d" % n if n in bad else b'{"n":%d}' % n for n in range(12_001))), NOON)
    done = by_kind(lake.flush(NOON, everything=True))
    rows = pyarrow.parquet.read_table(io.BytesIO(done["data"].body)).column("n").to_pylist()
    assert rows == [n for n in range(12_001) if n not in bad]
    raw = [b64decode(one["rawData"]) for one in lines(done["format-conversion-failed"])]
    assert raw == [b"oops%d" % n for n in sorted(bad)]


def test_records_are_divided_by_their_keys() -> None:
    lake = delivery(settings_of(**DYNAMIC))
    lake.put(records(b'{"c":"de"}', b'{"c":"fr"}', b'{"c":"de","n":2}', b"{}"), NOON)
    assert (lake.partitions, lake.buffered) == (2, 4)
    done = lake.flush(NOON + 60)
    assert [(one.prefix, one.kind, one.records) for one in done] == [
        ("lake/c=de/", "data", 2),
        ("lake/c=fr/", "data", 1),
        ("errors/metadata-extraction-failed/", "metadata-extraction-failed", 1),
    ]
    assert done[0].body == b'{"c":"de"}{"c":"de","n":2}'
    assert lines(done[2])[0]["errorMessage"] == "partitionKeys values must not be null or empty: c"


def test_each_partition_has_a_buffer_and_an_interval_of_its_own() -> None:
    lake = delivery(smaller(settings_of(**DYNAMIC), 20 / 1_048_576))
    lake.put(records(b'{"c":"de"}'), NOON)
    done = lake.put(records(b'{"c":"fr"}', b'{"c":"fr"}'), NOON + 30)
    assert [one.prefix for one in done] == ["lake/c=fr/"]
    lake.put(records(b'{"c":"fr"}'), NOON + 50)
    assert [one.prefix for one in lake.flush(NOON + 60)] == ["lake/c=de/"]
    assert lake.due() == NOON + 110


def test_record_whose_prefix_would_be_too_long_goes_to_the_errors() -> None:
    lake = delivery(settings_of(**DYNAMIC))
    lake.put(records(json.dumps({"c": "x" * 600}).encode(), b'{"c":"de"}'), NOON)
    done = by_kind(lake.flush(NOON + 60))
    assert done["data"].records == 1
    assert "up to 512 characters" in lines(done["metadata-extraction-failed"])[0]["errorMessage"]


def test_record_without_the_key_that_the_prefix_names_goes_to_the_errors() -> None:
    lake = delivery(settings_of(**{**DYNAMIC, "Prefix": "lake/!{partitionKeyFromQuery:other}/"}))
    lake.put(records(b'{"c":"de"}'), NOON)
    assert list(by_kind(lake.flush(NOON + 60))) == ["metadata-extraction-failed"]


def test_more_partitions_than_may_be_active_go_to_the_errors_until_one_is_delivered() -> None:
    lake = delivery(settings_of(**DYNAMIC))
    lake.put(records(*(json.dumps({"c": f"c{number}"}).encode() for number in range(502))), NOON)
    lake.put(records(b'{"c":"c1"}'), NOON)
    done = lake.flush(NOON + 60)
    assert sum(one.kind == "data" for one in done) == 500
    (errors,) = (one for one in done if one.kind == "activePartitionExceeded")
    assert [json.loads(b64decode(one["rawData"]))["c"] for one in lines(errors)] == ["c500", "c501"]
    lake.put(records(b'{"c":"c501"}'), NOON + 60)
    assert [one.prefix for one in lake.flush(NOON + 120)] == ["lake/c=c501/"]


def test_keys_of_a_random_prefix_do_not_divide() -> None:
    of = settings_of(Prefix="!{firehose:random-string}/", ErrorOutputPrefix=ERRORS)
    lake = delivery(of)
    lake.put(records(b"a", b"b"), NOON)
    assert [one.key for one in lake.flush(NOON, everything=True)] == [
        f"00000000-00/2026/06/03/12/lake-1-2026-06-03-12-00-00-{UUID.format(2)}"
    ]


BACKUP = {
    "BucketARN": "arn:aws:s3:::copies",
    "Prefix": "copies/",
    "CompressionFormat": "GZIP",
    "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 900},
}
APPEND = {
    "Enabled": True,
    "Processors": [
        {"Type": "AppendDelimiterToRecord", "Parameters": [{"ParameterName": "Delimiter", "ParameterValue": "\\n"}]}
    ],
}


def test_backup_has_every_record_as_it_came() -> None:
    of = settings_of(S3BackupMode="Enabled", S3BackupConfiguration=BACKUP, ProcessingConfiguration=APPEND)
    lake = delivery(of)
    lake.put(records(b"a", b"b"), NOON)
    assert lake.buffered == 2
    assert [one.body for one in lake.flush(NOON + 300)] == [b"a\nb\n"]
    assert (lake.buffered, lake.due()) == (0, NOON + 900)
    (copy,) = lake.flush(NOON + 900)
    assert (copy.bucket_arn, copy.kind, gzip.decompress(copy.body)) == ("arn:aws:s3:::copies", "backup", b"ab")
    assert copy.key == f"copies/2026/06/03/12/lake-1-2026-06-03-12-00-00-{UUID.format(2)}.gz"
    assert (lake.counts.records, lake.counts.delivered, lake.counts.backed_up) == (2, 2, 2)


def test_other_destination_counts_and_writes_its_copies_alone() -> None:
    given_ = {"S3Configuration": BACKUP, "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60}}
    of = delivery_settings("SplunkDestinationConfiguration", {**given_, "S3BackupMode": "AllEvents"})
    search = delivery(of)
    search.put(records(b"a", b"b"), NOON)
    assert search.flush(NOON + 60) == []
    assert (search.counts.delivered, search.counts.rows, search.buffered) == (2, 2, 0)
    assert [one.kind for one in search.flush(NOON, everything=True)] == ["backup"]


def test_other_destination_keeps_what_a_function_failed_on() -> None:
    function = {"Type": "Lambda", "Parameters": [{"ParameterName": "LambdaArn", "ParameterValue": "arn"}]}
    given_ = {"S3Configuration": BACKUP, "ProcessingConfiguration": {"Enabled": True, "Processors": [function]}}

    def invoke(event: dict[str, Any]) -> Any:
        raise InvocationError("no")

    search = delivery(delivery_settings("HttpEndpointDestinationConfiguration", given_), invoke=invoke)
    search.put(records(b"a"), NOON)
    (done,) = search.flush(NOON, everything=True)
    assert (done.bucket_arn, done.prefix) == ("arn:aws:s3:::copies", "copies/processing-failed/2026/06/03/12/")
    line = lines(done)[0]
    assert (line["attemptsMade"], line["errorMessage"], line["lambdaArn"]) == (4, "no", "arn")
    assert search.counts.failed == {"processing-failed": 1}


def test_function_that_nobody_invokes_is_refused() -> None:
    function = {"Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": []}]}
    with pytest.raises(ValueError, match="nothing invokes it"):
        delivery(settings_of(ProcessingConfiguration=function))


# Records of the Kinesis Producer Library

AGGREGATED = aggregated(("acc-1", b'{"n":1}'), ("acc-2", b'{"n":"x"}'), ("acc-1", b'{"n":3}'))


def test_aggregated_records_of_a_stream_are_delivered_as_their_user_records() -> None:
    lake = delivery(settings_of())
    lake.put(records(b"before,", aggregated(("k", b"one,"), ("k", b"two,")), b"behind"), NOON)
    (object_,) = lake.flush(NOON, everything=True)
    assert (object_.body, object_.records) == (b"before,one,two,behind", 4)
    assert (lake.counts.records, lake.counts.split, lake.counts.delivered) == (3, 1, 4)


def test_a_damaged_aggregated_record_is_delivered_whole() -> None:
    damaged = AGGREGATED[:-1] + bytes([AGGREGATED[-1] ^ 1])
    lake = delivery(settings_of())
    lake.put(records(damaged), NOON)
    assert lake.flush(NOON, everything=True)[0].body == damaged
    assert (lake.counts.records, lake.counts.split) == (1, 0)


def test_what_is_put_directly_is_not_taken_apart() -> None:
    lake = delivery(settings_of())
    lake.put([Record("", 0, "", AGGREGATED, NOON)], NOON)
    assert lake.flush(NOON, everything=True)[0].body == AGGREGATED


def test_a_user_record_that_cannot_be_converted_fails_alone_with_its_position() -> None:
    lake = delivery(
        settings_of(TABLE_OF_NUMBERS, DataFormatConversionConfiguration=CONVERSION, ErrorOutputPrefix=ERRORS)
    )
    lake.put([record(AGGREGATED, number=7)], NOON)
    objects = by_kind(lake.flush(NOON, everything=True))
    assert pyarrow.parquet.read_table(io.BytesIO(objects["data"].body)).to_pylist() == [{"n": 1}, {"n": 3}]
    (line,) = lines(objects["format-conversion-failed"])
    assert (line["sequenceNumber"], line["subSequenceNumber"]) == ("7", 1)
    assert b64decode(line["rawData"]) == b'{"n":"x"}'


def test_a_function_gets_user_records_each_with_its_key_and_position() -> None:
    events: list[dict[str, Any]] = []

    def invoke(event: dict[str, Any]) -> Any:
        events.append(event)
        return {"records": [{"recordId": one["recordId"], "result": "Dropped"} for one in event["records"]]}

    function = {"Type": "Lambda", "Parameters": [{"ParameterName": "LambdaArn", "ParameterValue": "arn"}]}
    lake = delivery(settings_of(ProcessingConfiguration={"Enabled": True, "Processors": [function]}), invoke=invoke)
    lake.put([record(AGGREGATED, number=7)], NOON)
    about = [one["kinesisRecordMetadata"] for one in events[0]["records"]]
    assert [b64decode(one["data"]) for one in events[0]["records"]] == [b'{"n":1}', b'{"n":"x"}', b'{"n":3}']
    assert [(one["sequenceNumber"], one["subsequenceNumber"], one["partitionKey"]) for one in about] == [
        ("7", 0, "acc-1"),
        ("7", 1, "acc-2"),
        ("7", 2, "acc-1"),
    ]
    assert len({one["recordId"] for one in events[0]["records"]}) == 3
    assert lake.counts.dropped == 3


def test_user_records_are_partitioned_each_by_its_own_key() -> None:
    lake = delivery(settings_of(**DYNAMIC))
    lake.put(records(aggregated(("k", b'{"c":"a"}'), ("k", b'{"c":"b"}'))), NOON)
    assert {one.prefix: one.body for one in lake.flush(NOON, everything=True)} == {
        "lake/c=a/": b'{"c":"a"}',
        "lake/c=b/": b'{"c":"b"}',
    }


def test_column_that_is_none_is_refused_before_the_first_record() -> None:
    with pytest.raises(ValueError, match="`number` is no type"):
        delivery(settings_of((("n", "number"),), DataFormatConversionConfiguration=CONVERSION))


def test_error_after_decompression_has_the_record_as_it_came() -> None:
    unzip = {"Enabled": True, "Processors": [{"Type": "Decompression", "Parameters": []}]}
    of = settings_of(TABLE_OF_NUMBERS, DataFormatConversionConfiguration=CONVERSION, ProcessingConfiguration=unzip)
    lake = delivery(of)
    came = gzip.compress(b"oops")
    lake.put(records(came), NOON)
    (errors,) = lake.flush(NOON, everything=True)
    assert b64decode(lines(errors)[0]["rawData"]) == came


def pattern(name: str) -> tuple[DeliverySettings, list[Record]]:
    """A delivery of the pattern firehose-archive as its template has it, and the pattern's events as records."""
    snapshot = ROOT / "tests/patterns/__snapshots__/test_snapshot/test_template[firehose-archive].yaml"
    resources = yaml.safe_load(snapshot.read_text())["Resources"]
    found = {key: one["Properties"] for key, one in resources.items() if f"Pipeline{name}" in key}
    stream = next(one for key, one in found.items() if "DeliveryStream" in key)
    table = next(one for key, one in found.items() if key.startswith(f"Pipeline{name}Table"))["TableInput"]
    columns = [(one["Name"], one["Type"]) for one in table["StorageDescriptor"]["Columns"]]
    events = [json.loads(line) for line in (ROOT / "patterns/firehose-archive/events.jsonl").read_text().splitlines()]
    data = [one["data"] if isinstance(one["data"], str) else json.dumps(one["data"]) for one in events]
    return delivery_settings(*destination_of(stream), columns), records(*(one.encode() for one in data))


def is_json(data: bytes) -> bool:
    try:
        return bool(json.loads(data))
    except ValueError:
        return False


def test_archive_of_our_pattern_holds_all_but_its_malformed_events(tmp_path: Path) -> None:
    of, events = pattern("lake")
    lake = delivery(of)
    done = by_kind([*lake.put(events, NOON), *lake.flush(NOON, everything=True)])
    assert {kind: one.records for kind, one in done.items()} == {"data": 297, "format-conversion-failed": 3}
    assert done["data"].prefix == "lake/arrival_day=2026-06-03/"
    file = tmp_path / done["data"].key
    file.parent.mkdir(parents=True)
    file.write_bytes(done["data"].body)
    query = (
        "SELECT count(*), count(DISTINCT event_id), count(user_agent), max(price), min(device.os), arrival_day::VARCHAR, "
        f"min(event_time)::VARCHAR FROM read_parquet('{tmp_path}/lake/**/*.parquet', hive_partitioning=true) "
        "GROUP BY arrival_day"
    )
    good = [json.loads(one.data) for one in events if is_json(one.data)]
    with duckdb.connect() as connection:
        (row,) = connection.sql(query).fetchall()
    prices = [one["price"] for one in good if "price" in one]
    first = datetime.fromtimestamp(min(one["event_time"] for one in good) / 1000, UTC).replace(tzinfo=None)
    ids = {one["event_id"] for one in good}
    assert (row[0], row[1], row[2], float(row[3])) == (297, len(ids), 297, max(prices))
    assert (row[4], row[5], datetime.fromisoformat(row[6])) == (
        min(one["device"]["os"] for one in good),
        "2026-06-03",
        first,
    )


def test_raw_archive_of_our_pattern_holds_every_event_as_it_came() -> None:
    of, events = pattern("raw")
    lake = delivery(of)
    (done,) = [*lake.put(events, NOON), *lake.flush(NOON, everything=True)]
    assert gzip.decompress(done.body) == b"".join(one.data + b"\n" for one in events)


ANSWERS = ("Ok", "Dropped", "ProcessingFailed", "Nonsense", "")
BODIES = st.sampled_from(
    [b'{"n":1,"c":"de"}', b'{"n":2,"c":"fr"}{"n":3,"c":"fr"}', b'{"c":null}', b"oops", b"", b"\xff"]
)


def full_settings(*, is_converted: bool, is_dynamic: bool, is_split: bool, has_function: bool) -> DeliverySettings:
    processors: list[dict[str, Any]] = []
    if is_split:
        split = [{"ParameterName": "SubRecordType", "ParameterValue": "JSON"}]
        processors.append({"Type": "RecordDeAggregation", "Parameters": split})
    if has_function:
        processors.append({"Type": "Lambda", "Parameters": []})
    if is_dynamic:
        processors += DYNAMIC["ProcessingConfiguration"]["Processors"]
    more = {
        **(DYNAMIC if is_dynamic else {}),
        **({"DataFormatConversionConfiguration": CONVERSION} if is_converted else {}),
        "ProcessingConfiguration": {"Enabled": True, "Processors": processors},
        "S3BackupMode": "Enabled",
        "S3BackupConfiguration": BACKUP,
    }
    return smaller(settings_of(TABLE_OF_NUMBERS, **more), 60 / 1_048_576)


@settings(max_examples=150)
@given(
    flags=st.fixed_dictionaries(
        dict.fromkeys(["is_converted", "is_dynamic", "is_split", "has_function"], st.booleans())
    ),
    puts=st.lists(st.lists(BODIES, max_size=8), max_size=5),
    pauses=st.lists(st.integers(0, 400), min_size=5, max_size=5),
    answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=7),
)
def test_no_record_is_lost(
    flags: dict[str, bool], puts: list[list[bytes]], pauses: list[int], answers: list[str]
) -> None:
    numbers = count()

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        answered = [
            {"recordId": one["recordId"], "data": one["data"], "result": answers[next(numbers) % len(answers)]}
            for one in event["records"]
        ]
        return {"records": [one for one in answered if one["result"]]}

    lake = delivery(full_settings(**flags), invoke=invoke)
    now, done, came = NOON, list[DeliveredObject](), 0
    for data, pause in zip(puts, pauses, strict=False):
        done += lake.put(records(*data), now)
        now += pause
        done += lake.flush(now)
        came += len(data)
        counts = lake.counts
        known = counts.delivered + sum(counts.failed.values()) + counts.dropped + lake.buffered
        assert counts.records + counts.split == came + counts.split == known
        due = lake.due()
        assert due is None or due > now
    done += lake.flush(now, everything=True)
    assert (lake.buffered, lake.due()) == (0, None)
    in_objects = {kind: sum(one.records for one in done if one.kind == kind) for kind in {one.kind for one in done}}
    assert in_objects.pop("data", 0) == lake.counts.delivered
    assert in_objects.pop("backup", 0) == lake.counts.backed_up == came
    assert in_objects == lake.counts.failed
    assert lake.counts.delivered + sum(lake.counts.failed.values()) + lake.counts.dropped == came + lake.counts.split
    assert len({one.key for one in done}) == len(done)
    assert all(len(lines(one)) == one.records for one in done if one.kind in in_objects)
    assert sum(one.rows for one in done if one.kind == "data") == lake.counts.rows

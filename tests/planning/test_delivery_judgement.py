"""What is said of a delivery: each warning and note at its boundary, and what is only seen when plans come together.

Firehose's rules, each with a spec that breaks it, are in tests/spec/test_firehose_rules.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, plan_delivery
from streaming_constructs.planning.pipeline import plan as plan_pipeline
from streaming_constructs.planning.streams.kinesis import plan_stream
from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.schemas import record_schema
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec

BUCKET = "arn:aws:s3:::records"
TRANSFORM = {"code": "handlers/mend"}
SEARCH = {"kind": "opensearch", "domain_arn": "arn:aws:es:eu-west-1:123456789012:domain/search"}


def archive(schema: Any = None, workload: Any = None, **to: Any) -> DeliveryPlan:
    spec = DeliverySpec.model_validate({"to": {"kind": "s3", **to}, **({"workload": workload} if workload else {})})
    return plan_delivery("lake", spec, None, record_schema(schema) if schema else None)


def fed(stream: dict[str, Any], to: Any = None, **more: Any) -> DeliveryPlan:
    planned = plan_stream("clicks", KinesisStreamSpec.model_validate(stream))
    spec = DeliverySpec.model_validate({"from": "clicks", "to": to or {"kind": "s3"}, **more})
    return plan_delivery("lake", spec, planned)


def said(delivery: DeliveryPlan) -> list[tuple[str, str]]:
    return [(found.code, found.dotted_path) for found in delivery.own_findings()]


def only(delivery: DeliveryPlan, code: str) -> Finding:
    (found,) = [found for found in delivery.own_findings() if found.code == code]
    return found


def test_plain_archive_has_nothing_to_be_said_of() -> None:
    assert said(archive()) == []
    assert said(archive({"page": "string"}, format="parquet")) == []


def test_conversion_needs_a_schema() -> None:
    found = only(archive(format="orc"), "FIR701")
    assert (found.message, found.dotted_path) == ("conversion to ORC needs a schema", "to.format")


@pytest.mark.parametrize(
    ("schema", "to", "code", "path"),
    [
        ({"a": "string"}, {"partition_by": ["b"]}, "FIR704", "to.partition_by[0]"),
        ({"a": "string", "by_a": "int"}, {"partition_by": ["a"]}, "FIR706", "to.partition_by[0]"),
        ({"Arrival_Day": "string"}, {"partition_by": ["day(arrival)"]}, "FIR706", "to.partition_by[0]"),
        ({"a": "struct<b:int>"}, {"partition_by": ["day(arrival)", "a"]}, "FIR705", "to.partition_by[1]"),
        ({"a": "binary"}, {"partition_by": ["a"]}, "FIR705", "to.partition_by[0]"),
        ({"a": "string"}, {"partition_by": ["day(a)"]}, "FIR705", "to.partition_by[0]"),
        (
            {"a": {"type": "timestamp", "timestamp_format": "dd/MM/yyyy"}},
            {"partition_by": ["day(a)"]},
            "FIR705",
            "to.partition_by[0]",
        ),
        ({"a": "date"}, {"partition_by": ["hour(a)"]}, "FIR705", "to.partition_by[0]"),
        (None, {"partition_by": ["a"]}, "FIR737", "to.partition_by[0]"),
        (None, {"partition_by": ["day(a)"]}, "FIR737", "to.partition_by[0]"),
        (
            {"a": "string"},
            {"format": "orc", "bloom_filter_columns": ["A", "b"]},
            "FIR704",
            "to.bloom_filter_columns[1]",
        ),
        (
            {"a": {"type": "timestamp", "timestamp_format": "dd/MM/yyyy"}, "b": {"type": "int", "json_key": "c"}},
            {"format": "parquet"},
            "FIR717",
            "to.format",
        ),
    ],
)
def test_schema_and_archive_fit_together(schema: Any, to: Any, code: str, path: str) -> None:
    assert said(archive(schema, **to)) == [(code, path)]


def test_json_takes_patterns_of_times_beside_anything() -> None:
    schema = {"a": {"type": "timestamp", "timestamp_format": "dd/MM/yyyy"}, "b": {"type": "int", "json_key": "c"}}
    assert said(archive(schema)) == []


TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("partition", "since", "level"),
    [
        ("day(a)", "2026-11-28", None),
        ("day(a)", "2026-11-29", "error"),
        ("month(a)", "2999-01-01", "error"),
        ("day(arrival)", "2026-11-28", None),
        ("hour(arrival)", "2026-11-29", "warning"),
        ("b", "2999-01-01", None),
    ],
)
def test_first_day_of_queries_has_come(partition: str, since: str, level: str | None) -> None:
    plan = archive({"a": "timestamp", "b": "string"}, partition_by=[partition], partitions_since=since)
    found = list(replace(plan, today=TODAY).own_findings())
    expected = [("FIR713", "to.partitions_since", level)] if level else []
    assert [(finding.code, finding.dotted_path, finding.level) for finding in found] == expected
    assert [edit.value for finding in found for edit in finding.edits] == (["2026-11-27"] if level else [])


def test_a_system_is_judged_on_a_day() -> None:
    to = {"kind": "s3", "partition_by": ["day(a)"], "partitions_since": "2027-01-01"}
    spec = PipelineSpec.model_validate(
        {"name": "shop", "removal_policy": "destroy", "schemas": {"s": {"a": "timestamp"}}}
        | {"deliveries": {"lake": {"schema": "s", "to": to}}}
    )
    assert [found.code for found in plan_pipeline(spec, on_day=TODAY).findings] == ["FIR713"]
    assert plan_pipeline(spec, on_day=date(2027, 1, 1)).findings == ()


@pytest.mark.parametrize(
    "name", ["user_id", "userId", "id", "uuid", "event_uuid", "sessionid", "client_ip", "email", "hash"]
)
def test_a_folder_for_each_of_very_many_values_is_a_warning(name: str) -> None:
    schema = {name: "string"}
    found = only(archive(schema, partition_by=[name]), "FIR736")
    assert (found.level, found.dotted_path) == ("warning", "to.partition_by[0]")
    assert said(archive(schema, partition_by=[{"by": name, "values": ["a", "b"]}])) == []


@pytest.mark.parametrize("type_", ["double", "float", "decimal(10,2)", "timestamp"])
def test_numbers_with_a_point_and_moments_have_very_many_values(type_: str) -> None:
    assert said(archive({"a": type_}, partition_by=["a"])) == [("FIR736", "to.partition_by[0]")]


@pytest.mark.parametrize(
    "name", ["country", "tenant_id", "shopId", "user_country_id", "paid", "grid", "valid", "amount"]
)
def test_what_is_few_makes_good_folders(name: str) -> None:
    assert said(archive({name: "string"}, partition_by=[name])) == []


@pytest.mark.parametrize("field", ["timestamp", "date"])
def test_a_date_has_a_day_too(field: str) -> None:
    assert said(archive({"a": field}, partition_by=["day(a)"])) == []


@pytest.mark.parametrize(
    ("to", "paths"),
    [
        ({"error_prefix": "lake/errors"}, ["to.error_prefix"]),
        ({"prefix": "errors"}, []),
        ({"error_prefix": "lakes"}, []),
        ({"format": "parquet", "source_backup": {"prefix": "lake"}}, ["to.source_backup"]),
        ({"format": "parquet", "source_backup": {"prefix": "errors"}}, ["to.source_backup"]),
        ({"format": "parquet", "bucket": BUCKET, "source_backup": {"prefix": "lake"}}, ["to.source_backup"]),
        (
            {"format": "parquet", "bucket": BUCKET, "source_backup": {"prefix": "lake", "bucket": BUCKET}},
            ["to.source_backup"],
        ),
        # Each has a bucket of its own.
        ({"format": "parquet", "source_backup": {"prefix": "lake", "bucket": BUCKET}}, []),
        ({"format": "parquet", "source_backup": {"prefix": "lake", "expire_after_days": 7}}, []),
        ({"format": "parquet", "source_backup": {}}, []),
    ],
)
def test_folders_of_one_bucket_stand_beside_each_other(to: Any, paths: list[str]) -> None:
    assert said(archive({"page": "string"}, **to)) == [("FIR707", path) for path in paths]


@pytest.mark.parametrize(
    ("given", "folder"), [(None, "backup/lake/"), ("copies", "copies/"), ("copies/of/", "copies/of/")]
)
def test_backup_has_a_folder_of_its_own(given: str | None, folder: str) -> None:
    assert BackupSpec(prefix=given).folder("lake") == folder


def test_small_objects_are_told_with_what_is_asked_for_them() -> None:
    # 10 x 1 / 1024 MiB/s x 900 s
    found = only(archive(workload={"records_per_second": 10, "record_kb": 1}), "FIR719")
    assert (found.level, found.dotted_path) == ("note", "to")
    assert found.note == "about 8.789 MiB of records each, 96 a day; queries like 128 MiB"


@pytest.mark.parametrize(("seconds", "found"), [(127, True), (128, False)])
def test_objects_that_s3_leaves_where_they_are_are_told(seconds: int, found: bool) -> None:
    # 1 KiB/s
    load = {"records_per_second": 1, "record_kb": 1}
    moves = [{"after_days": 30, "storage_class": "glacier_ir"}]
    told = said(archive(workload=load, buffer_seconds=seconds, transitions=moves))
    assert (("FIR712", "to.transitions") in told) is found
    assert "FIR712" not in dict(said(archive(workload=load, buffer_seconds=seconds)))


@pytest.mark.parametrize(("seconds", "codes"), [(16, []), (15, [("FIR719", "to.buffer_seconds")])])
def test_objects_of_16_mib_are_not_small(seconds: int, codes: list[tuple[str, str]]) -> None:
    # 1 MiB/s
    load = {"records_per_second": 1024, "record_kb": 1}
    assert said(archive(workload=load, buffer_seconds=seconds)) == codes


@pytest.mark.parametrize(("listed", "warned"), [(498, False), (499, True)])
def test_listed_values_and_the_two_other_folders_are_within_the_quota(listed: int, warned: bool) -> None:
    values = [f"v{number}" for number in range(listed)]
    found = said(archive(partition_by=[{"by": "shop", "values": values}]))
    assert (("FIR727", "to.partition_by") in found) is warned


@pytest.mark.parametrize(
    ("most", "delivery", "taken"),
    [
        (1025, {"to": {"kind": "s3", "partition_by": ["shop"]}}, 1024),
        (1025, {"to": {"kind": "http", "endpoint": "https://example.com/clicks"}}, 1024),
        (4609, {"transform": TRANSFORM}, 4608),
        (10_240, {"to": SEARCH, "transform": TRANSFORM}, 4608),
    ],
)
def test_largest_records_are_delivered(most: int, delivery: Any, taken: int) -> None:
    stream = {"mode": "on_demand"}
    found = only(fed({**stream, "max_record_kb": most}, **delivery), "FIR708")
    assert (found.level, found.dotted_path) == ("warning", "to")
    assert (found.help or "").startswith(f"set `max_record_kb` of the stream to {taken},")
    assert "FIR708" not in dict(said(fed({**stream, "max_record_kb": taken}, **delivery)))
    assert "FIR708" not in dict(said(fed(stream, **delivery)))


def test_archive_by_arrival_takes_the_largest_records() -> None:
    assert said(fed({"mode": "on_demand", "max_record_kb": 10_240})) == []


@pytest.mark.parametrize(
    ("to", "needed"),
    [
        (None, 20),
        (
            {
                "kind": "splunk",
                "endpoint": "https://splunk.example.com:8088",
                "secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:out-AbCdEf",
            },
            40,
        ),
    ],
)
def test_function_has_the_concurrency_that_firehose_asks_for(to: Any, needed: int) -> None:
    stream = {"shards": 4}
    found = only(fed(stream, to, transform={**TRANSFORM, "reserved_concurrency": needed - 1}), "FIR731")
    assert (found.level, found.dotted_path) == ("warning", "transform.reserved_concurrency")
    assert f"4 shards × up to {needed // 4} batches at once = {needed};" in (found.note or "")
    assert said(fed(stream, to, transform={**TRANSFORM, "reserved_concurrency": needed})) == []


@pytest.mark.parametrize(
    ("workload", "codes"),
    [
        ({"records_per_second": 1, "record_kb": 1000, "peak_factor": 1}, []),
        ({"records_per_second": 1, "record_kb": 1001}, ["FIR709"]),
        ({"records_per_second": 512, "record_kb": 1, "peak_factor": 2}, []),
        ({"records_per_second": 513, "record_kb": 1, "peak_factor": 2}, ["FIR718"]),
        ({"records_per_second": 100_000, "record_kb": 0.01}, []),
        ({"records_per_second": 100_001, "record_kb": 0.01}, ["FIR718"]),
    ],
)
def test_direct_put_takes_what_firehose_takes(workload: Any, codes: list[str]) -> None:
    # Small objects are another matter.
    found = [found.code for found in archive(workload=workload).own_findings() if found.code != "FIR719"]
    assert found == codes


def test_stream_takes_more_than_direct_put() -> None:
    assert said(fed({"workload": {"records_per_second": 100_001, "record_kb": 1}})) == []


@pytest.mark.parametrize(
    ("stream", "transform", "found"),
    [
        ({"shards": 1}, {"retries": 300, "timeout_seconds": 300}, True),
        # 288 tries of 300 s are a day.
        ({"shards": 1}, {"retries": 287, "timeout_seconds": 300}, False),
        ({"shards": 1}, {"retries": 288, "timeout_seconds": 300}, True),
        ({"shards": 1, "retention_hours": 48}, {"retries": 300, "timeout_seconds": 300}, False),
        ({"arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/a"}, {"retries": 300, "timeout_seconds": 300}, False),
    ],
)
def test_a_function_is_tried_while_its_records_are_there(stream: Any, transform: Any, found: bool) -> None:
    told = said(fed(stream, transform={**TRANSFORM, **transform}))
    assert (("FIR742", "transform.retries") in told) is found


def test_a_function_of_a_direct_delivery_is_tried_for_a_day() -> None:
    spec = DeliverySpec.model_validate(
        {"to": {"kind": "s3"}, "transform": {**TRANSFORM, "retries": 300, "timeout_seconds": 300}}
    )
    assert said(plan_delivery("lake", spec)) == [("FIR742", "transform.retries")]


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ({"newline": False}, [("FIR743", "to.newline")]),
        ({"compression": "zip"}, [("FIR743", "to.compression")]),
        ({"compression": "gzip"}, []),
        ({"format": "parquet"}, []),
    ],
)
def test_a_schema_without_a_table_is_noted(to: Any, found: Any) -> None:
    assert said(archive({"a": "string"}, **to)) == found
    if found:
        assert only(archive({"a": "string"}, **to), "FIR743").level == "note"
        assert said(archive(None, **to)) == []


def endpoint(address: str = "https://example.com/v1", **attributes: str) -> DeliveryPlan:
    spec = DeliverySpec.model_validate({"to": {"kind": "http", "endpoint": address, "attributes": attributes}})
    return plan_delivery("metrics", spec)


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "api-key",
        "apiKey",
        "DD-API-KEY",
        "X-License-Key",
        "token",
        "hec_token",
        "Authorization",
        "dbPassword",
        "client_secret",
    ],
)
def test_attributes_that_are_secrets_by_their_name_are_told(name: str) -> None:
    assert said(endpoint(**{name: "0123456789"})) == [("FIR741", f"to.attributes.{name}")]
    assert said(endpoint(**{name: ""})) == []


@pytest.mark.parametrize(
    "value", ["Bearer abcdefgh12", "Splunk 1a2b3c4d-5e6f", "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOiJIUzI1.eyJzdWIi.c2ln"]
)
def test_attributes_that_are_secrets_by_their_form_are_told(value: str) -> None:
    assert said(endpoint(source=value)) == [("FIR741", "to.attributes.source")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("environment", "prod"),
        ("token_type", "jwt"),
        ("key", "orders"),
        ("partition_key", "id"),
        ("author", "me"),
        ("keyboard", "x"),
    ],
)
def test_other_attributes_are_fine(name: str, value: str) -> None:
    assert said(endpoint(**{name: value})) == []


def test_a_secret_in_an_address_is_told() -> None:
    assert said(endpoint("https://example.com/v1?api_key=a1b2c3d4&env=prod")) == [("FIR741", "to.endpoint")]
    assert said(endpoint("https://example.com/v1?env=prod")) == []


@pytest.mark.parametrize(
    ("schemas", "source", "help_"),
    [
        (["click"], "clicks", "add `schema: click` to the stream `clicks`, or set `format: json`"),
        (["click"], None, "add `schema: click` to the delivery `lake`, or set `format: json`"),
        (
            ["click", "order"],
            None,
            "name a `schema` on the delivery or on its stream, or set `format: json`; there are `click`, `order`",
        ),
        ([], None, "name a `schema` on the delivery or on its stream, or set `format: json`"),
    ],
)
def test_the_one_schema_is_named(schemas: list[str], source: str | None, help_: str) -> None:
    spec = {
        "name": "shop",
        "schemas": {name: {"a": "string"} for name in schemas},
        "streams": {"clicks": {"kind": "kinesis", "shards": 1}},
        "deliveries": {"lake": {"from": source, "to": {"kind": "s3", "format": "parquet"}}},
    }
    made = plan_pipeline(PipelineSpec.model_validate(spec)).deliveries["lake"]
    assert only(made, "FIR701").help == help_


SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        (
            {
                "kind": "redshift",
                "workgroup": "shop",
                "database": "dwh",
                "table": "orders",
                "columns": ["id", "at"],
                "secret_arn": SECRET,
            },
            [
                "table   orders (id, at) of shop/dwh; it has to exist",
                "copy    COPY with json 'auto' gzip",
                "staging what is loaded, in backup/lake/ of a bucket that is created",
            ],
        ),
        (
            {"kind": "iceberg", "database": "s", "table": "o", "unique_keys": ["id"], "table_bucket": "house"},
            [
                "table   s.o (a row is id) of the Glue catalog of the stack; it has to exist",
                "data    s3://house",
                "backup  records that could not be delivered, in backup/lake/ of a bucket that is created",
            ],
        ),
        (
            {
                "kind": "splunk",
                "endpoint": "https://splunk.example.com",
                "secret_arn": SECRET,
                "backup": {"bucket": "kept", "records": "all"},
            },
            ["address https://splunk.example.com, as raw", "backup  all records, in s3://kept/backup/lake/"],
        ),
        (
            {**SEARCH, "index": "docs"},
            [
                "index   docs, and its time: a new one daily",
                "backup  records that could not be delivered, in backup/lake/ of a bucket that is created",
            ],
        ),
    ],
)
def test_a_plan_says_where_records_go(to: Any, lines: list[str]) -> None:
    spec = DeliverySpec.model_validate({"to": to})
    assert list(plan_delivery("lake", spec).summary().lines)[-len(lines) :] == lines


def test_a_plan_says_what_a_function_adds() -> None:
    spec = DeliverySpec.model_validate({"to": {"kind": "s3"}, "transform": {**TRANSFORM, "buffer_seconds": 60}})
    assert "before that a function gets 1 MiB, or what came in 60 s" in plan_delivery("lake", spec).summary().lines

"""How the objects of an archive are read: formats, SerDes, keys, times, and the properties of the table."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning.deliveries.s3_prefixes import plan_folders
from streaming_constructs.planning.glue_table import (
    SerDe,
    json_keys,
    serde_of,
    table_name,
    table_parameters,
    timestamp_patterns,
)
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.schemas import RecordField, record_schema

SCHEMA = record_schema({"userAgent": RecordField(type="string", json_key="User-Agent"), "page": "string"})


def times(*formats: str | None) -> Any:
    return record_schema(
        {f"at_{position}": RecordField(type="timestamp", timestamp_format=one) for position, one in enumerate(formats)}
    )


@pytest.mark.parametrize(("name", "table"), [("lake", "lake"), ("Raw-Clicks", "raw_clicks"), ("a_b", "a_b")])
def test_table_is_called_what_the_catalog_allows(name: str, table: str) -> None:
    assert table_name(name) == table


@pytest.mark.parametrize(
    ("archive", "serde"),
    [
        (
            S3Destination(format="parquet", compression="gzip"),
            SerDe(
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                {"serialization.format": "1"},
            ),
        ),
        (
            S3Destination(format="orc"),
            SerDe(
                "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
                "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
                "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
                {"orc.column.index.access": "false"},
            ),
        ),
        (
            S3Destination(),
            SerDe(
                "org.apache.hadoop.mapred.TextInputFormat",
                "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                "org.openx.data.jsonserde.JsonSerDe",
                {"ignore.malformed.json": "true", "mapping.useragent": "user-agent"},
            ),
        ),
    ],
)
def test_format_is_read_by_its_serde(archive: S3Destination, serde: SerDe) -> None:
    assert serde_of(archive, SCHEMA) == serde


def test_only_columns_that_are_called_otherwise_are_mapped() -> None:
    assert json_keys(SCHEMA) == {"useragent": "user-agent"}


@pytest.mark.parametrize(
    ("formats", "patterns"),
    [
        ((), ()),
        ((None,), ()),
        ((None, "iso8601", "epoch_seconds", "epoch_millis"), ()),
        (("dd/MM/yyyy",), ("dd/MM/yyyy",)),
        (("dd/MM/yyyy", "epoch_millis"), ("dd/MM/yyyy", "millis")),
        (
            (None, "dd/MM/yyyy", "iso8601", "dd/MM/yyyy"),
            ("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "yyyy-MM-dd'T'HH:mm:ssZZ", "dd/MM/yyyy"),
        ),
    ],
)
def test_times_are_read_by_patterns_only_where_one_has_its_own(
    formats: tuple[str | None, ...], patterns: tuple[str, ...]
) -> None:
    assert timestamp_patterns({**record_schema({"page": "string"}), **(times(*formats) if formats else {})}) == patterns


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ({"format": "parquet"}, {"classification": "parquet", "parquet.compression": "SNAPPY"}),
        ({"format": "parquet", "compression": "none"}, {"classification": "parquet", "parquet.compression": "NONE"}),
        ({"format": "orc", "compression": "zlib"}, {"classification": "orc", "orc.compress": "ZLIB"}),
        ({}, {"classification": "json"}),
    ],
)
def test_properties_say_what_the_objects_are_and_where(written: dict[str, str], own: dict[str, str]) -> None:
    partition_by = ["hour(arrival)", {"by": "page", "values": ["home"]}]
    to = S3Destination.model_validate({**written, "partition_by": partition_by, "partitions_since": "2026-02-03"})
    folders = plan_folders("lake", to, SCHEMA)
    assert table_parameters(to, folders, f"s3://bucket/{folders.template}") == {
        "EXTERNAL": "TRUE",
        **own,
        "projection.enabled": "true",
        "projection.arrival_hour.type": "date",
        "projection.arrival_hour.format": "yyyy-MM-dd-HH",
        "projection.arrival_hour.range": "2026-02-03-00,NOW+1DAYS",
        "projection.arrival_hour.interval": "1",
        "projection.arrival_hour.interval.unit": "HOURS",
        "projection.by_page.type": "enum",
        "projection.by_page.values": "home,other,none",
        "storage.location.template": "s3://bucket/lake/arrival_hour=${arrival_hour}/by_page=${by_page}/",
    }

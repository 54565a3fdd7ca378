"""Configurations as our templates and the API have them are read; what Firehose refuses is refused."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.local.firehose.delivery_settings import BufferingHints
from streaming_constructs.local.firehose.destination_configuration import (
    catalog_table,
    delivery_settings,
    destination_of,
)
from streaming_constructs.local.firehose.format_conversion import CatalogTable
from streaming_constructs.planning.deliveries.processors import Processor

SNAPSHOTS = Path(__file__).parents[1] / "patterns" / "__snapshots__" / "test_snapshot"
S3 = "ExtendedS3DestinationConfiguration"
COLUMNS = (("id", "string"),)
CONVERSION: dict[str, Any] = {
    "Enabled": True,
    "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
    "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
    "SchemaConfiguration": {"DatabaseName": "db", "TableName": "clicks", "RoleARN": "r"},
}
DYNAMIC: dict[str, Any] = {
    "Prefix": "a/!{partitionKeyFromQuery:k}/",
    "ErrorOutputPrefix": "e/!{firehose:error-output-type}/",
    "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 60},
    "DynamicPartitioningConfiguration": {"Enabled": True},
}


def converted(**parts: Any) -> dict[str, Any]:
    return {"DataFormatConversionConfiguration": {**deepcopy(CONVERSION), **parts}}


def deserializer(given: Any) -> dict[str, Any]:
    return converted(InputFormatConfiguration={"Deserializer": given})


def serializer(given: Any) -> dict[str, Any]:
    return converted(OutputFormatConfiguration={"Serializer": given})


def streams(pattern: str) -> dict[str, Any]:
    """The delivery streams of a snapshot, by the first word of their prefix or the kind of their destination."""
    template = yaml.safe_load((SNAPSHOTS / f"test_template[{pattern}].yaml").read_text())
    found = {}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::KinesisFirehose::DeliveryStream":
            member, configuration = destination_of(resource["Properties"])
            found[str(configuration.get("Prefix", member)).partition("/")[0]] = (member, configuration)
    return found


def test_archive_of_json_as_our_template_has_it() -> None:
    member, configuration = streams("firehose-archive")["raw"]
    settings = delivery_settings(member, configuration)
    assert (settings.destination, settings.writes_objects, settings.format) == ("s3", True, "json")
    hints = configuration["BufferingHints"]
    assert settings.buffer == BufferingHints(hints["SizeInMBs"], hints["IntervalInSeconds"])
    assert (settings.objects.compression, settings.objects.extension) == ("GZIP", ".gz")
    assert settings.objects.prefix.text == "raw/arrival_day=!{timestamp:yyyy-MM-dd}/"
    assert settings.processors == (Processor("AppendDelimiterToRecord", {"Delimiter": "\\n"}),)
    assert (settings.backup, settings.conversion, settings.is_dynamic) == (None, None, False)


def test_archive_of_parquet_as_our_template_has_it() -> None:
    member, configuration = streams("firehose-archive")["lake"]
    settings = delivery_settings(member, configuration, COLUMNS)
    assert settings.conversion is not None
    assert (settings.format, settings.conversion.compression, settings.objects.extension) == (
        "parquet",
        "SNAPPY",
        ".parquet",
    )
    assert settings.conversion.deserializer.kind == "openx"
    assert settings.conversion.deserializer.key_mappings == {"user_agent": "user-agent"}
    assert settings.conversion.columns == COLUMNS
    assert settings.objects.error_prefix.text == "errors/lake/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/"


def test_search_as_our_template_has_it_counts_and_keeps_only_failures() -> None:
    found = streams("log-aggregation")
    member, configuration = found[next(name for name in found if name != "archive")]
    settings = delivery_settings(member, configuration)
    assert (settings.destination, settings.writes_objects, settings.backup) == ("opensearch", False, None)
    assert settings.objects.bucket_arn == configuration["S3Configuration"]["BucketARN"]


def test_what_is_left_out_has_the_default_of_firehose() -> None:
    settings = delivery_settings(S3, {"BucketARN": "arn:aws:s3:::b"})
    assert settings.buffer == BufferingHints(5, 300)
    assert settings.objects.prefix.text == "!{timestamp:yyyy/MM/dd/HH/}"
    assert (settings.objects.compression, settings.objects.extension) == ("UNCOMPRESSED", "")
    assert str(settings.objects.time_zone) == "UTC"
    assert delivery_settings(S3, converted(), COLUMNS).buffer == BufferingHints(128, 300)


def test_numbers_and_truths_may_be_text() -> None:
    given = {
        **DYNAMIC,
        "BufferingHints": {"SizeInMBs": "64", "IntervalInSeconds": "90"},
        "DynamicPartitioningConfiguration": {"Enabled": "true", "RetryOptions": {"DurationInSeconds": "7"}},
    }
    settings = delivery_settings(S3, given)
    assert (settings.buffer, settings.is_dynamic, settings.retry_seconds) == (BufferingHints(64, 90), True, 7)


def test_what_is_not_enabled_is_not_there() -> None:
    given = {
        "ProcessingConfiguration": {"Enabled": "false", "Processors": [{"Type": "Lambda"}]},
        "DynamicPartitioningConfiguration": {"Enabled": False},
        **converted(Enabled="false"),
    }
    settings = delivery_settings(S3, given)
    assert (settings.processors, settings.is_dynamic, settings.conversion) == ((), False, None)


def test_description_of_the_api_is_read_too() -> None:
    described = {
        "Destinations": [],
        "S3DestinationDescription": {"BucketARN": "short"},
        "ExtendedS3DestinationDescription": {
            "BucketARN": "arn:aws:s3:::b",
            "S3BackupMode": "Enabled",
            "S3BackupDescription": {
                "BucketARN": "arn:aws:s3:::copies",
                "Prefix": "copies/",
                "CompressionFormat": "ZIP",
            },
        },
    }
    member, configuration = destination_of(described)
    settings = delivery_settings(member, configuration)
    assert settings.objects.bucket_arn == "arn:aws:s3:::b"
    assert settings.backup is not None
    assert (settings.backup.bucket_arn, settings.backup.extension) == ("arn:aws:s3:::copies", ".zip")
    assert settings.backup.prefix.text == "copies/!{timestamp:yyyy/MM/dd/HH/}"
    assert settings.backup.buffer == BufferingHints(5, 300)


DATA, DOCUMENTS = ("FailedDataOnly", "AllData"), ("FailedDocumentsOnly", "AllDocuments")


@pytest.mark.parametrize(
    ("member", "kind", "buffer", "modes"),
    [
        ("AmazonopensearchserviceDestinationConfiguration", "opensearch", BufferingHints(5, 300), DOCUMENTS),
        (
            "AmazonOpenSearchServerlessDestinationConfiguration",
            "opensearch_serverless",
            BufferingHints(5, 300),
            DOCUMENTS,
        ),
        ("SplunkDestinationConfiguration", "splunk", BufferingHints(5, 60), ("FailedEventsOnly", "AllEvents")),
        ("HttpEndpointDestinationDescription", "http", BufferingHints(5, 60), DATA),
        ("SnowflakeDestinationConfiguration", "snowflake", BufferingHints(1, 0), DATA),
        ("IcebergDestinationConfiguration", "iceberg", BufferingHints(5, 300), DATA),
    ],
)
def test_other_destinations_keep_copies_if_they_are_told_to(
    member: str, kind: str, buffer: BufferingHints, modes: tuple[str, str]
) -> None:
    less, more = modes
    where = "S3DestinationDescription" if member.endswith("Description") else "S3Configuration"
    given = {where: {"BucketARN": "b", "Prefix": "copies/"}}
    settings = delivery_settings(member, {**given, "S3BackupMode": less})
    assert (settings.destination, settings.buffer, settings.backup) == (kind, buffer, None)
    assert settings.objects.error_prefix.text == "copies/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}"
    kept = delivery_settings(member, {**given, "S3BackupMode": more}).backup
    assert kept == (None if kind == "iceberg" else settings.objects)


def test_redshift_writes_objects_first_and_backs_up_elsewhere() -> None:
    given = {
        "S3Configuration": {"BucketARN": "b", "BufferingHints": {"SizeInMBs": 9, "IntervalInSeconds": 99}},
        "S3BackupMode": "Enabled",
        "S3BackupConfiguration": {"BucketARN": "copies"},
    }
    settings = delivery_settings("RedshiftDestinationConfiguration", given)
    assert (settings.writes_objects, settings.buffer) == (True, BufferingHints(9, 99))
    assert settings.backup is not None
    assert settings.backup.bucket_arn == "copies"


def test_hive_has_its_formats() -> None:
    given = deserializer({"HiveJsonSerDe": {"TimestampFormats": ["dd/MM/yyyy", "millis"]}})
    conversion = delivery_settings(S3, given, COLUMNS).conversion
    assert conversion is not None
    assert conversion.deserializer.kind == "hive"
    assert conversion.deserializer.timestamp_formats == ("dd/MM/yyyy", "millis")


def test_openx_may_mind_case_and_change_dots() -> None:
    given = deserializer({"OpenXJsonSerDe": {"CaseInsensitive": False, "ConvertDotsInJsonKeysToUnderscores": True}})
    conversion = delivery_settings(S3, given, COLUMNS).conversion
    assert conversion is not None
    assert not conversion.deserializer.is_case_insensitive
    assert conversion.deserializer.dots_to_underscores


def test_table_of_a_conversion_is_named() -> None:
    assert catalog_table(CONVERSION_OF_TABLE) == CatalogTable("db", "clicks", "1", "eu", "2")
    assert catalog_table({}) is None


CONVERSION_OF_TABLE = converted(
    SchemaConfiguration={
        "DatabaseName": "db",
        "TableName": "clicks",
        "CatalogId": "1",
        "Region": "eu",
        "VersionId": "2",
    }
)


def test_extension_that_is_asked_for_replaces_the_default() -> None:
    assert (
        delivery_settings(S3, {"CompressionFormat": "GZIP", "FileExtension": ".json.gz"}).objects.extension
        == ".json.gz"
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"BufferingHints": {"SizeInMBs": 5}}, "given together, or neither"),
        ({"BufferingHints": {"SizeInMBs": 129, "IntervalInSeconds": 60}}, "`SizeInMBs` is 1 to 128 MiB here, not 129"),
        ({"BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 901}}, "`IntervalInSeconds` is 0 to 900"),
        ({"CompressionFormat": "ZSTD"}, "no compression `ZSTD`"),
        ({"FileExtension": "gz"}, "`gz` is no file extension"),
        ({"CustomTimeZone": "Mars/Olympus"}, "no time zone `Mars/Olympus`"),
        ({"Prefix": "a" * 513}, "up to 512 characters"),
        ({"Prefix": "a/!{timestamp:yyyy}/"}, "`ErrorOutputPrefix` cannot be left out"),
        ({**converted(), "CompressionFormat": "GZIP"}, "with conversion `CompressionFormat` is UNCOMPRESSED"),
        (
            {**converted(), "BufferingHints": {"SizeInMBs": 63, "IntervalInSeconds": 60}},
            "`SizeInMBs` is 64 to 128 MiB here, not 63",
        ),
        (
            {**DYNAMIC, "BufferingHints": {"SizeInMBs": 63, "IntervalInSeconds": 60}},
            "`SizeInMBs` is 64 to 128 MiB here, not 63",
        ),
        (
            {**DYNAMIC, "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 59}},
            "`IntervalInSeconds` is 60 to 900 seconds here, not 59",
        ),
        ({**DYNAMIC, "Prefix": "a/"}, "needs a partition key"),
        (serializer({}), "either `ParquetSerDe` or `OrcSerDe`"),
        (serializer({"ParquetSerDe": {}, "OrcSerDe": {}}), "either `ParquetSerDe` or `OrcSerDe`"),
        (serializer({"OrcSerDe": {"Compression": "GZIP"}}), "`GZIP` is no compression of orc"),
        (deserializer({}), "either `OpenXJsonSerDe` or `HiveJsonSerDe`"),
        ({"S3BackupMode": "Enabled"}, "has no `S3BackupConfiguration`"),
        (
            {
                "S3BackupMode": "Enabled",
                "S3BackupConfiguration": {"BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0}},
            },
            "`IntervalInSeconds` is 60 to 900 seconds here, not 0",
        ),
    ],
)
def test_configuration_that_firehose_refuses_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        delivery_settings(S3, given, COLUMNS)


def test_table_without_columns_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the table `db\.clicks` has no columns"):
        delivery_settings(S3, converted())


def test_destination_that_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="no destination `FtpDestinationConfiguration`"):
        delivery_settings("FtpDestinationConfiguration", {})
    with pytest.raises(ValueError, match="has no destination"):
        destination_of({"DeliveryStreamType": "DirectPut"})

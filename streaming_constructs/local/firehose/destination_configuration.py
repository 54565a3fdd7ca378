"""Destination configurations of a Firehose delivery stream, read into settings; and what Firehose refuses of them.

Sources: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html,
API_ExtendedS3DestinationDescription.html and those of the other destinations there; numbers are in
`streaming_constructs.facts.firehose`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from streaming_constructs.facts import firehose
from streaming_constructs.facts.fact import Range
from streaming_constructs.facts.firehose import DestinationFacts
from streaming_constructs.local.firehose.compression import COMPRESSIONS
from streaming_constructs.local.firehose.delivery_settings import (
    WRITE_OBJECTS,
    BufferingHints,
    DeliverySettings,
    ObjectSettings,
)
from streaming_constructs.local.firehose.format_conversion import CatalogTable, Conversion
from streaming_constructs.local.firehose.json_value import Deserializer
from streaming_constructs.local.firehose.prefix import data_prefix, error_prefix
from streaming_constructs.planning.deliveries.processors import Processor

_KINDS: Mapping[str, str] = {
    "extendeds3": "s3",
    "s3": "s3",
    "redshift": "redshift",
    "amazonopensearchservice": "opensearch",
    "elasticsearch": "opensearch",
    "amazonopensearchserverless": "opensearch_serverless",
    "splunk": "splunk",
    "httpendpoint": "http",
    "snowflake": "snowflake",
    "iceberg": "iceberg",
}
_FACTS: Mapping[str, DestinationFacts] = {
    "s3": firehose.S3,
    "redshift": firehose.REDSHIFT,
    "opensearch": firehose.OPENSEARCH,
    "opensearch_serverless": firehose.OPENSEARCH_SERVERLESS,
    "splunk": firehose.SPLUNK,
    "http": firehose.HTTP,
    "snowflake": firehose.SNOWFLAKE,
    "iceberg": firehose.ICEBERG,
}
_MEMBER = re.compile(r"(.+?)Destination(Configuration|Description)")
_EXTENSION = re.compile(r"\.[0-9a-z!\-_.*'()]{1,127}")
_LONGEST_TIME = datetime(2026, 9, 30, 23, 59, 59, 999_999, UTC)
"""A Wednesday in September: the longest names."""
_LONGEST_ERROR_TYPE = "metadata-extraction-failed"
_UUID = "00000000-0000-0000-0000-000000000000"


def destination_of(properties: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The destination of a delivery stream.

    Args:
        properties: Properties of `AWS::KinesisFirehose::DeliveryStream`, or a destination as `DescribeDeliveryStream` has it.

    Returns:
        The member that configures it, and its value.

    Raises:
        ValueError: If there is none.
    """
    # `S3Destination...` may stand beside the extended one, as the same in fewer words.
    for member in sorted(properties, key=lambda name: name.startswith("S3")):
        if _MEMBER.fullmatch(member) and properties[member]:
            return member, properties[member]
    raise ValueError("the delivery stream has no destination")


def catalog_table(configuration: Mapping[str, Any]) -> CatalogTable | None:
    """The Glue table whose columns a conversion writes.

    Args:
        configuration: The configuration of the destination.

    Returns:
        The table; None if nothing is converted.
    """
    given = configuration.get("DataFormatConversionConfiguration")
    if not given or not _true(given.get("Enabled", True)):
        return None
    schema = given["SchemaConfiguration"]
    return CatalogTable(
        schema["DatabaseName"],
        schema["TableName"],
        schema.get("CatalogId", ""),
        schema.get("Region", ""),
        schema.get("VersionId", "LATEST"),
    )


def delivery_settings(
    member: str, configuration: Mapping[str, Any], columns: Sequence[tuple[str, str]] = ()
) -> DeliverySettings:
    """The settings of a delivery, as a template has them with references filled in, or as the API returns them.

    Args:
        member: The member that configures the destination, such as `ExtendedS3DestinationConfiguration`.
        configuration: Its value. Numbers and truths may be text.
        columns: Name and Glue type of the columns of the table, if records are converted.

    Raises:
        ValueError: If Firehose refuses it, or it has something that is not known here.
    """
    found = _MEMBER.fullmatch(member)
    kind = _KINDS.get(found[1].lower() if found else "")
    if kind is None:
        raise ValueError(f"Firehose knows no destination `{member}`")
    is_dynamic = _true((configuration.get("DynamicPartitioningConfiguration") or {}).get("Enabled", False))
    conversion = _conversion(configuration, columns)
    given = configuration if kind == "s3" else _either(configuration, "S3Configuration", "S3DestinationDescription")
    objects = _objects(given, kind if kind in WRITE_OBJECTS else "", conversion, is_dynamic=is_dynamic)
    settings = DeliverySettings(
        destination=kind,
        buffer=objects.buffer if kind in WRITE_OBJECTS else _buffering_hints(configuration, kind),
        objects=objects,
        processors=_processors(configuration),
        conversion=conversion,
        is_dynamic=is_dynamic,
        retry_seconds=_retry_seconds(configuration) if is_dynamic else None,
        backup=_backup(kind, configuration, objects),
    )
    _check(settings, configuration)
    return settings


def _true(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _either(configuration: Mapping[str, Any], *members: str) -> Mapping[str, Any]:
    for member in members:
        if configuration.get(member):
            given: Mapping[str, Any] = configuration[member]
            return given
    raise ValueError(f"the destination has no `{members[0]}`")


def _backup(kind: str, configuration: Mapping[str, Any], objects: ObjectSettings) -> ObjectSettings | None:
    # Iceberg takes the mode for all records, and keeps the failed ones only.
    if configuration.get("S3BackupMode") != _FACTS[kind].backup_modes[True] or kind == "iceberg":
        return None
    if kind in WRITE_OBJECTS:
        return _objects(_either(configuration, "S3BackupConfiguration", "S3BackupDescription"), "")
    return objects


def _buffering_hints(given: Mapping[str, Any], kind: str, *, is_large: bool = False) -> BufferingHints:
    """The buffer of a destination; of copies in S3 where the kind is empty."""
    facts = _FACTS[kind or "s3"]
    hints = given.get("BufferingHints") or {}
    if hints and (hints.get("SizeInMBs") is None) != (hints.get("IntervalInSeconds") is None):
        raise ValueError("`SizeInMBs` and `IntervalInSeconds` are given together, or neither")
    default = firehose.CONVERSION_BUFFER_MIB_DEFAULT if is_large else facts.default_buffer_mb
    buffer = BufferingHints(
        int(_given(hints, "SizeInMBs", default.value)),
        int(_given(hints, "IntervalInSeconds", facts.default_buffer_seconds.value)),
    )
    _within("SizeInMBs", buffer.mib, facts.buffer_mb if kind else firehose.BACKUP_BUFFER_MIB)
    _within("IntervalInSeconds", buffer.seconds, facts.buffer_seconds if kind else firehose.BACKUP_BUFFER_SECONDS)
    return buffer


def _given(values: Mapping[str, Any], name: str, default: Any) -> Any:
    value = values.get(name)
    return default if value is None else value


def _within(name: str, value: float, allowed: Range) -> None:
    if not allowed.minimum <= value <= allowed.maximum:
        raise ValueError(f"`{name}` is {allowed.minimum} to {allowed.maximum} {allowed.unit} here, not {value:g}")


def _objects(
    given: Mapping[str, Any], kind: str, conversion: Conversion | None = None, *, is_dynamic: bool = False
) -> ObjectSettings:
    prefix, errors = given.get("Prefix") or "", given.get("ErrorOutputPrefix") or ""
    compression = given.get("CompressionFormat") or "UNCOMPRESSED"
    if compression not in COMPRESSIONS:
        raise ValueError(f"Firehose knows no compression `{compression}`; it knows {', '.join(COMPRESSIONS)}")
    extension = given.get("FileExtension") or firehose.FILE_EXTENSIONS[conversion.format if conversion else compression]
    if given.get("FileExtension") and not _EXTENSION.fullmatch(extension):
        raise ValueError(f"`{extension}` is no file extension: a point, then up to 127 of 0-9 a-z ! - _ . * ' ( )")
    objects = ObjectSettings(
        bucket_arn=given.get("BucketARN", ""),
        prefix=data_prefix(prefix, is_dynamic=is_dynamic),
        error_prefix=error_prefix(errors, prefix),
        compression=compression,
        extension=extension,
        time_zone=_time_zone(given.get("CustomTimeZone") or "UTC"),
        buffer=_buffering_hints(given, kind, is_large=conversion is not None or is_dynamic),
    )
    # A prefix that is too long is so for every object; with partition keys it depends on them.
    for object_prefix in (objects.error_prefix, *(() if objects.prefix.keys else (objects.prefix,))):
        object_prefix.evaluated(_LONGEST_TIME, error_type=_LONGEST_ERROR_TYPE, uuid=lambda: _UUID)
    return objects


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone `{name}`") from None


def _processors(configuration: Mapping[str, Any]) -> tuple[Processor, ...]:
    given = configuration.get("ProcessingConfiguration") or {}
    if not _true(given.get("Enabled", False)):
        return ()
    return tuple(
        Processor(
            processor["Type"],
            {each["ParameterName"]: str(each["ParameterValue"]) for each in processor.get("Parameters") or ()},
        )
        for processor in given.get("Processors") or ()
    )


def _conversion(configuration: Mapping[str, Any], columns: Sequence[tuple[str, str]]) -> Conversion | None:
    table = catalog_table(configuration)
    if table is None:
        return None
    if not columns:
        raise ValueError(f"the table `{table.database}.{table.name}` has no columns to convert records to")
    given = configuration["DataFormatConversionConfiguration"]
    serializer = given["OutputFormatConfiguration"]["Serializer"]
    if ("ParquetSerDe" in serializer) == ("OrcSerDe" in serializer):
        raise ValueError("a serializer is either `ParquetSerDe` or `OrcSerDe`")
    format_: Literal["parquet", "orc"] = "parquet" if "ParquetSerDe" in serializer else "orc"
    settings = serializer["ParquetSerDe" if format_ == "parquet" else "OrcSerDe"] or {}
    compression = settings.get("Compression") or "SNAPPY"
    known = ("UNCOMPRESSED", "GZIP", "SNAPPY") if format_ == "parquet" else ("NONE", "ZLIB", "SNAPPY")
    if compression not in known:
        raise ValueError(f"`{compression}` is no compression of {format_}; it is one of {', '.join(known)}")
    deserializer = _deserializer(given["InputFormatConfiguration"]["Deserializer"])
    return Conversion(format_, compression, deserializer, tuple(columns), table)


def _deserializer(given: Mapping[str, Any]) -> Deserializer:
    if ("OpenXJsonSerDe" in given) == ("HiveJsonSerDe" in given):
        raise ValueError("a deserializer is either `OpenXJsonSerDe` or `HiveJsonSerDe`")
    if "HiveJsonSerDe" in given:
        formats = (given["HiveJsonSerDe"] or {}).get("TimestampFormats") or ()
        return Deserializer("hive", timestamp_formats=tuple(formats))
    settings = given["OpenXJsonSerDe"] or {}
    return Deserializer(
        "openx",
        settings.get("ColumnToJsonKeyMappings") or {},
        _true(_given(settings, "CaseInsensitive", default=True)),
        _true(settings.get("ConvertDotsInJsonKeysToUnderscores") or False),
    )


def _retry_seconds(configuration: Mapping[str, Any]) -> int:
    options = configuration["DynamicPartitioningConfiguration"].get("RetryOptions") or {}
    return int(_given(options, "DurationInSeconds", 300))


def _check(settings: DeliverySettings, configuration: Mapping[str, Any]) -> None:
    if settings.conversion is not None:
        if settings.objects.compression != "UNCOMPRESSED":
            raise ValueError("with conversion `CompressionFormat` is UNCOMPRESSED: the serializer compresses")
        _within("SizeInMBs", settings.buffer.mib, firehose.CONVERSION_BUFFER_MIB)
    if settings.is_dynamic:
        if not configuration.get("ErrorOutputPrefix"):
            raise ValueError("dynamic partitioning needs `ErrorOutputPrefix`")
        _within("SizeInMBs", settings.buffer.mib, firehose.DYNAMIC_PARTITIONING_BUFFER_MIB)
        _within("IntervalInSeconds", settings.buffer.seconds, firehose.DYNAMIC_PARTITIONING_BUFFER_SECONDS)

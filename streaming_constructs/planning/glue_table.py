"""How Athena and Firehose read the objects of an archive: formats, SerDes and the properties of its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from streaming_constructs.planning.deliveries.s3_prefixes import Folders
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.schemas import ISO_OR_EPOCH, RecordSchema, column_name


@dataclass(frozen=True, slots=True)
class SerDe:
    """The classes that read a format.

    Attributes:
        input_format: The class that splits a file.
        output_format: The class that would write one.
        library: The class that reads a row.
        parameters: Its parameters.
    """

    input_format: str
    output_format: str
    library: str
    parameters: Mapping[str, str] = field(default_factory=dict)


_PARQUET = SerDe(
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    {"serialization.format": "1"},
)
_ORC = SerDe(
    "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
    "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    # By name, so that a column that joins later moves none of the others.
    # Source: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
    {"orc.column.index.access": "false"},
)
_TEXT = (
    "org.apache.hadoop.mapred.TextInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "org.openx.data.jsonserde.JsonSerDe",
)


def table_name(name: str) -> str:
    """The name of a table in the catalog: small letters, digits and `_`.

    Args:
        name: The name of a node.
    """
    return name.lower().replace("-", "_")


def serde_of(archive: S3Destination, schema: RecordSchema) -> SerDe:
    """What reads the objects of an archive.

    Args:
        archive: The archive.
        schema: The record's fields.
    """
    if archive.format == "parquet":
        return _PARQUET
    if archive.format == "orc":
        return _ORC
    mappings = {f"mapping.{column}": key for column, key in json_keys(schema).items()}
    return SerDe(*_TEXT, {"ignore.malformed.json": "true", **mappings})


def json_keys(schema: RecordSchema) -> dict[str, str]:
    """The keys of a record's JSON that are called otherwise than their column, by column; in small letters, as the SerDe
    sees them.

    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html

    Args:
        schema: The record's fields.
    """
    return {
        column_name(name): record_field.json_key.lower()
        for name, record_field in schema.items()
        if record_field.json_key
    }


def timestamp_patterns(schema: RecordSchema) -> tuple[str, ...]:
    """The patterns of times for the Hive JSON SerDe; empty where the OpenX SerDe reads them all, which Firehose prefers.

    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_HiveJsonSerDe.html

    Args:
        schema: The record's fields.
    """
    formats = [
        record_field.timestamp_format or "iso8601"
        for record_field in schema.values()
        if record_field.type == "timestamp"
    ]
    if all(format_ in ISO_OR_EPOCH for format_ in formats):
        return ()
    written = {"iso8601": _ISO_PATTERNS, "epoch_millis": ("millis",)}
    return tuple(dict.fromkeys(pattern for format_ in formats for pattern in written.get(format_, (format_,))))


_ISO_PATTERNS = ("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "yyyy-MM-dd'T'HH:mm:ssZZ")
"""ISO 8601 with and without a fraction, in the letters of Joda."""


def table_parameters(archive: S3Destination, folders: Folders, template: str) -> dict[str, str]:
    """The properties of a table: what its objects are, and where its partitions.

    Args:
        archive: The archive.
        folders: Where the objects are.
        template: The location of one partition, as an S3 address.
    """
    parameters = {"EXTERNAL": "TRUE", "classification": archive.format}
    if archive.format == "parquet":
        parameters["parquet.compression"] = archive.compressed_by.upper()
    if archive.format == "orc":
        parameters["orc.compress"] = archive.compressed_by.upper()
    parameters["projection.enabled"] = "true"
    for level in folders.levels:
        parameters |= {f"projection.{level.column}.{name}": value for name, value in level.projection.items()}
    return parameters | {"storage.location.template": template}

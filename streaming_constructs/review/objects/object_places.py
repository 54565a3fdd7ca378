"""Where a delivery stream writes objects, and where a table looks for them: the two have to fit.

A table looks below its location, in folders that its partition projection computes, or that are called `key=value`. Firehose
writes to a bucket, under a prefix with expressions, to which it appends the hour where there are none.
Sources: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html and
https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html, read 2026-11-29
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streaming_constructs.review.comparing.intrinsics import as_text
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_true, shown
from streaming_constructs.review.objects.partition_dates import (
    COLUMN,
    EXPRESSION,
    VALUE,
    read_dates,
    unmarked,
    whole_prefix,
    written_dates,
)

TABLE = "AWS::Glue::Table"
DELIVERY = "AWS::KinesisFirehose::DeliveryStream"
_BUCKET = "AWS::S3::Bucket"
_UNKNOWN = re.compile(r"<[^<>]*>")
_HIVE_NAME = re.compile(rf"(?:^|/)([^/={VALUE}]+)={VALUE}")
_DESTINATIONS = ("ExtendedS3DestinationConfiguration", "S3DestinationConfiguration")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a bucket.

    Attributes:
        bucket: The logical id of the bucket, or its name where it is not in the template.
        path: What the keys of its objects begin with.
    """

    bucket: str
    path: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.path.replace(VALUE, '…')}"


def delivered_to(template: Template, stream: Resource) -> Place | None:
    """Where a delivery stream writes its objects; None where it delivers to no bucket, or that is known at deployment only.

    Args:
        template: Its template.
        stream: The delivery stream.
    """
    bucket = _of_destination(stream, "BucketARN")
    if bucket is None:
        return None
    name = re.sub(r"^arn:.*?:s3:::", "", whole_text(bucket))
    return Place(_bucket(template, name), _with_values(prefix_of(stream)))


def prefix_of(stream: Resource) -> str:
    """The prefix of a delivery stream, with its expressions.

    Args:
        stream: The delivery stream.
    """
    return whole_text(_of_destination(stream, "Prefix"))


def _of_destination(stream: Resource, name: str) -> Any:
    """A property of the bucket that a delivery stream delivers to."""
    buckets = (destination for destination in _DESTINATIONS if stream.at(destination, "BucketARN") is not None)
    return next((stream.at(destination, name) for destination in buckets), None)


def _with_values(prefix: str) -> str:
    def value(found: re.Match[str]) -> str:
        kind, _, format_ = found[1].partition(":")
        # A pattern of several folders is as many values as it has folders.
        return "/".join([VALUE] * (format_.count("/") + 1)) if kind == "timestamp" else VALUE

    return EXPRESSION.sub(value, whole_prefix(prefix))


def whole_text(value: Any) -> str:
    """A value as a text in which what it refers to stands in angle brackets; unlike `shown` it is never cut.

    Args:
        value: A value by its meaning.
    """
    if value is None:
        return ""
    if isinstance(value, Mapping) and len(value) == 1:
        match value:
            case {"Ref": str() as name}:
                return f"<{name}>"
            case {"Fn::GetAtt": [str() as name, _]}:
                return f"<{name}>"
            case {"Fn::Join": ["", list() as parts]}:
                return "".join(map(whole_text, parts))
    if isinstance(value, (Mapping, list)):
        return f"<{json.dumps(value, default=str)}>".replace("\n", " ")
    return as_text(value)


def _bucket(template: Template, name: str) -> str:
    for bucket in template.of_type(_BUCKET):
        if name in (f"<{bucket.logical_id}>", whole_text(bucket.at("BucketName"))) and name:
            return bucket.logical_id
    return name


def _place(template: Template, location: Any) -> Place | None:
    text = re.sub(r"^s3[an]?://", "", whole_text(location))
    if not text:
        return None
    bucket, _, path = text.partition("/")
    return Place(_bucket(template, bucket), path)


def parameters(value: Any) -> Mapping[str, Any]:
    """The parameters of a table, which may be written as a JSON text.

    Args:
        value: The value of a property `Parameters`.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def table_parameters(table: Resource) -> Mapping[str, Any]:
    """The parameters of a table.

    Args:
        table: The table.
    """
    return parameters(table.at("TableInput", "Parameters"))


def partition_keys(table: Resource) -> list[str]:
    """The names of a table's partition keys, in small letters.

    Args:
        table: The table.
    """
    keys = table.at("TableInput", "PartitionKeys")
    items = keys if isinstance(keys, list) else []
    return [str(key.get("Name", "")).lower() for key in items if isinstance(key, Mapping)]


def is_projected(table: Resource) -> bool:
    """Whether the partitions of a table are computed.

    Args:
        table: The table.
    """
    return is_true(table_parameters(table).get("projection.enabled"))


def looks_in(template: Template, table: Resource) -> Place | None:
    """Where a table looks for its objects, or None where it does not say.

    Args:
        template: Its template.
        table: The table.
    """
    place = _looks_in(template, table)
    return place and Place(place.bucket, COLUMN.sub(VALUE, place.path))


def _looks_in(template: Template, table: Resource) -> Place | None:
    """The same, with the columns whose folders are computed in `${}`."""
    place = _place(template, table.at("TableInput", "StorageDescriptor", "Location"))
    if place is None:
        return None
    path = f"{place.path.strip('/')}/" if place.path.strip("/") else ""
    if is_projected(table):
        named = _place(template, table_parameters(table).get("storage.location.template"))
        if named is not None:
            return named
        path += "".join(f"{key}=${{{key}}}/" for key in partition_keys(table))
    return Place(place.bucket, path)


def misfit(template: Template, stream: Resource, table: Resource) -> str:
    """Why a table does not find what a delivery stream writes; empty where it does, or nobody knows.

    Args:
        template: Their template.
        stream: The delivery stream.
        table: The table.
    """
    written, read = delivered_to(template, stream), looks_in(template, table)
    if written is None or read is None:
        return ""
    if written.bucket == read.bucket and {*_UNKNOWN.findall(written.path)} != {*_UNKNOWN.findall(read.path)}:
        return ""
    if "<" in written.bucket + read.bucket and written.bucket != read.bucket:
        return ""
    pattern = re.escape(read.path).replace(re.escape(VALUE), ".+?")
    if written.bucket != read.bucket or not re.match(pattern, written.path, re.DOTALL):
        return f"objects are written to {written}, and {table.logical_id} looks in {read}"
    return _other_dates(template, stream, table) or _other_names(written, table)


def _other_dates(template: Template, stream: Resource, table: Resource) -> str:
    written, place = written_dates(prefix_of(stream)), _looks_in(template, table)
    if not is_projected(table) or place is None:
        return ""
    if re.match(read_dates(place.path, table_parameters(table)), written, re.DOTALL):
        return ""
    dates = {key: value for key, value in table_parameters(table).items() if str(key).endswith(".format")}
    spelled = ", ".join(f"{key}={shown(value)}" for key, value in dates.items())
    return f"objects are written under {unmarked(written)}, and {table.logical_id} computes {place.path} with {spelled}"


def _other_names(written: Place, table: Resource) -> str:
    names, keys = [name.lower() for name in _HIVE_NAME.findall(written.path)], partition_keys(table)
    if not names or is_projected(table) or names == keys:
        return ""
    expected = ", ".join(keys) or "none"
    return f"objects are written under {written}, and the partition keys of {table.logical_id} are: {expected}"


def tables_of(template: Template, stream: Resource) -> Iterator[Resource]:
    """The tables that describe what a delivery stream writes: those whose bucket it is, or the one by which it converts.

    Args:
        template: Their template.
        stream: The delivery stream.
    """
    written = delivered_to(template, stream)
    if written is None:
        return
    named = converts_by(template, stream)
    if named is not None:
        yield named
        return
    for table in template.of_type(TABLE):
        read = looks_in(template, table)
        if read is not None and read.bucket == written.bucket:
            yield table


def converts_by(template: Template, stream: Resource) -> Resource | None:
    """The table of the template by whose columns a delivery stream converts records.

    Args:
        template: Their template.
        stream: The delivery stream.
    """
    conversion = ("ExtendedS3DestinationConfiguration", "DataFormatConversionConfiguration", "SchemaConfiguration")
    name = stream.at(*conversion, "TableName")
    target = template.target(name)
    if target is not None:
        return target if target.type == TABLE else None
    tables = [table for table in template.of_type(TABLE) if table.at("TableInput", "Name") == name and name is not None]
    return tables[0] if len(tables) == 1 else None

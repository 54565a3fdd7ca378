"""What is wrong with a delivery stream: what Firehose refuses, what gets lost, and what its role may not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts import firehose as facts
from streaming_constructs.facts import permissions
from streaming_constructs.review.access.role_permissions import is_let_in, key_of, may, role_of, statements_of
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_false, listed, number, shown
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.objects.delivery_destinations import destination_of
from streaming_constructs.review.objects.object_places import (
    DELIVERY,
    converts_by,
    delivered_to,
    misfit,
    tables_of,
    whole_text,
)
from streaming_constructs.review.objects.partition_keys import FUNCTION, QUERY, extracted_keys, named_keys
from streaming_constructs.review.objects.table_columns import format_of

_S3 = "ExtendedS3DestinationConfiguration"
_KEY_EXPRESSION = "!{partitionKeyFrom"


def _is_on(value: Any, *, default: bool = False) -> bool:
    """Whether a part with `Enabled` is on."""
    if not isinstance(value, Mapping):
        return False
    enabled = value.get("Enabled")
    return default if enabled is None else not is_false(enabled)


def _converts(stream: Resource) -> bool:
    return _is_on(stream.at(_S3, "DataFormatConversionConfiguration"), default=True)


def _partitions(stream: Resource) -> bool:
    return _is_on(stream.at(_S3, "DynamicPartitioningConfiguration"))


def _processors(stream: Resource) -> list[Mapping[str, Any]]:
    processing = stream.at(destination_of(stream), "ProcessingConfiguration")
    if not _is_on(processing, default=True):
        return []
    return [item for item in listed(processing.get("Processors")) if isinstance(item, Mapping)]


@audits(DELIVERY)
def error_log(template: Template, stream: Resource) -> Iterator[Meaning]:
    """A delivery stream whose errors nobody can read."""
    name = destination_of(stream)
    if name and not _is_on(stream.at(name, "CloudWatchLoggingOptions")):
        yield Meaning(
            "AUD300",
            "errors of delivery are not logged: why records do not arrive cannot be seen",
            "set `CloudWatchLoggingOptions` with `Enabled: true`, a log group and a log stream",
            path=f"Properties.{name}.CloudWatchLoggingOptions",
        )


@audits(DELIVERY)
def backup(template: Template, stream: Resource) -> Iterator[Meaning]:
    """Records that a function makes others of, and nobody keeps as they came in."""
    has_function = any(item.get("Type") == "Lambda" for item in _processors(stream))
    mode = stream.at(_S3, "S3BackupMode")
    if has_function and stream.at(_S3) is not None and mode in (None, "Disabled"):
        yield Meaning(
            "AUD301",
            "a function makes others of records, and those that came in are kept nowhere: a fault in it cannot be mended later",
            "set `S3BackupMode: Enabled` with a bucket or a prefix of its own",
            path=f"Properties.{_S3}.S3BackupMode",
        )


@audits(DELIVERY)
def refused_settings(template: Template, stream: Resource) -> Iterator[Meaning]:
    """Settings that Firehose refuses together."""
    size, age = (number(stream.at(_S3, "BufferingHints", name)) for name in ("SizeInMBs", "IntervalInSeconds"))
    least = facts.CONVERSION_BUFFER_MIB if _converts(stream) else facts.DYNAMIC_PARTITIONING_BUFFER_MIB
    if (_converts(stream) or _partitions(stream)) and size is not None and size < least.minimum:
        what = "conversion" if _converts(stream) else "dynamic partitioning"
        yield Meaning(
            "AUD302",
            f"with {what} the buffer has at least {least.minimum} {least.unit}; it is {shown(size)}, which Firehose refuses",
            f"set `SizeInMBs` to {least.minimum} or more",
            path=f"Properties.{_S3}.BufferingHints.SizeInMBs",
        )
    youngest = facts.DYNAMIC_PARTITIONING_BUFFER_SECONDS
    if _partitions(stream) and age is not None and age < youngest.minimum:
        yield Meaning(
            "AUD302",
            f"with dynamic partitioning the buffer waits at least {youngest.minimum} {youngest.unit}; it is {shown(age)}",
            f"set `IntervalInSeconds` to {youngest.minimum} or more",
            path=f"Properties.{_S3}.BufferingHints.IntervalInSeconds",
        )
    compression = stream.at(_S3, "CompressionFormat")
    if _converts(stream) and isinstance(compression, str) and compression != "UNCOMPRESSED":
        yield Meaning(
            "AUD302",
            f"with conversion objects are compressed within: Firehose refuses `CompressionFormat: {shown(compression)}`",
            "leave `CompressionFormat` out, and set `Compression` of the serializer",
            path=f"Properties.{_S3}.CompressionFormat",
        )


@audits(DELIVERY)
def prefixes(template: Template, stream: Resource) -> Iterator[Meaning]:
    """Prefixes that Firehose refuses, or that do not say what they are for."""
    name = destination_of(stream)
    prefix, errors = whole_text(stream.at(name, "Prefix")), stream.at(name, "ErrorOutputPrefix")
    if "!{" in prefix and errors is None:
        yield Meaning(
            "AUD303",
            f"the prefix {prefix} has expressions, and there is no `ErrorOutputPrefix`: Firehose refuses it",
            "set `ErrorOutputPrefix: errors/!{firehose:error-output-type}/`",
            path=f"Properties.{name}.ErrorOutputPrefix",
        )
    if _partitions(stream) and _KEY_EXPRESSION not in prefix and "<" not in prefix:
        yield Meaning(
            "AUD303",
            "dynamic partitioning is on, and the prefix names no key of a record: Firehose refuses it",
            "name each key, as in `!{partitionKeyFromQuery:customer}`",
            path=f"Properties.{name}.Prefix",
        )
    if _KEY_EXPRESSION in prefix and not _partitions(stream):
        yield Meaning(
            "AUD303",
            f"the prefix {prefix} names keys of records, and dynamic partitioning is off: Firehose refuses it",
            "turn `DynamicPartitioningConfiguration.Enabled` on when the delivery stream is made",
            path=f"Properties.{name}.Prefix",
        )


@audits(DELIVERY)
def keys(template: Template, stream: Resource) -> Iterator[Meaning]:
    """Keys in the prefix that nothing takes out of a record, and keys that are taken out and do not stand in the prefix."""
    prefix = whole_text(stream.at(_S3, "Prefix"))
    if not _partitions(stream) or "<" in prefix:
        return
    named = named_keys(prefix, QUERY)
    queries = [_query(item) for item in _processors(stream) if item.get("Type") == "MetadataExtraction"]
    found = [extracted_keys(query) if query else None for query in queries]
    if None not in found:
        extracted = frozenset[str]().union(*(each for each in found if each))
        yield from _differing(named, extracted)
    from_function = named_keys(prefix, FUNCTION)
    if from_function and not any(item.get("Type") == "Lambda" for item in _processors(stream)):
        yield _unknown_keys(from_function, "and there is no function that could")


def _query(processor: Mapping[str, Any]) -> str:
    """The query of a processor that extracts keys; empty where it is known at deployment only."""
    for parameter in listed(processor.get("Parameters")):
        if isinstance(parameter, Mapping) and parameter.get("ParameterName") == "MetadataExtractionQuery":
            value = parameter.get("ParameterValue")
            return value if isinstance(value, str) else ""
    return ""


def _differing(named: frozenset[str], extracted: frozenset[str]) -> Iterator[Meaning]:
    if named - extracted:
        gives = f"the query gives {', '.join(sorted(extracted))}" if extracted else "and there is no query"
        yield _unknown_keys(named - extracted, gives)
    if extracted - named and named <= extracted:
        yield Meaning(
            "AUD309",
            f"the query takes {', '.join(sorted(extracted - named))} out of each record, and the prefix does not name it: "
            "Firehose refuses it",
            "name each key in the prefix, or leave it out of the query",
            path=f"Properties.{_S3}.Prefix",
        )


def _unknown_keys(missing: frozenset[str], why: str) -> Meaning:
    return Meaning(
        "AUD309",
        f"the prefix names {', '.join(sorted(missing))}, which nothing takes out of a record ({why}): Firehose refuses it",
        "give the prefix and `MetadataExtractionQuery` the same keys",
        path=f"Properties.{_S3}.Prefix",
    )


@audits(DELIVERY)
def table(template: Template, stream: Resource) -> Iterator[Meaning]:
    """A table that does not find, or cannot read, what is delivered for it."""
    named, tables = converts_by(template, stream), list(tables_of(template, stream))
    if len(tables) == 1 and (named is not None or _is_alone(template, stream)):
        why = misfit(template, stream, tables[0])
        if why:
            yield Meaning(
                "AUD304",
                f"the table does not find what is delivered: {why}",
                "give the prefix and the location of the table, or its projection, the same folders",
                path=f"Properties.{destination_of(stream)}.Prefix",
            )
    if named is not None and _converts(stream):
        serializer = stream.at(_S3, "DataFormatConversionConfiguration", "OutputFormatConfiguration", "Serializer")
        written = "parquet" if isinstance(serializer, Mapping) and "ParquetSerDe" in serializer else "orc"
        read = format_of(named)
        if isinstance(serializer, Mapping) and read not in ("", "iceberg", written):
            yield Meaning(
                "AUD305",
                f"objects are written as {written}, and the table {named.logical_id} reads {read}",
                "give the table the SerDe and the input format of what is written",
                path=f"Properties.{_S3}.DataFormatConversionConfiguration",
            )


def _is_alone(template: Template, stream: Resource) -> bool:
    """Whether no other delivery stream writes to the same bucket, whose objects the table may be of."""
    places = [(other, delivered_to(template, other)) for other in template.of_type(DELIVERY)]
    own = delivered_to(template, stream)
    return own is not None and [other for other, place in places if place and place.bucket == own.bucket] == [stream]


@audits(DELIVERY)
def encryption(template: Template, stream: Resource) -> Iterator[Meaning]:
    """Records that wait in the delivery stream unencrypted; those of a stream are encrypted by the stream."""
    kind = stream.at("DeliveryStreamType")
    if kind in (None, "DirectPut") and stream.at("DeliveryStreamEncryptionConfigurationInput") is None:
        yield Meaning(
            "AUD306",
            "records that wait in the delivery stream are not encrypted",
            "set `DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK}`, or name a key",
            path="Properties.DeliveryStreamEncryptionConfigurationInput",
        )


@audits(DELIVERY)
def role(template: Template, stream: Resource) -> Iterator[Meaning]:
    """What the roles of a delivery stream may not do, and have to."""
    for name, actions, target in _needs(template, stream):
        who, statements = role_of(template, name), statements_of(template, name)
        if who is None or statements is None or is_let_in(template, who, target):
            continue
        missing = [action for action in actions if not may(template, statements, action, target)]
        if missing:
            yield Meaning(
                "AUD307",
                f"it may not do {', '.join(missing)} on {shown(target)}: without that {stream.logical_id} delivers nothing",
                "allow it in a policy of the role",
                path="Properties.Policies",
                resource=who,
            )


Need = tuple[Any, tuple[str, ...], Any]
"""The value that names the role, what it has to be allowed, and on what."""


def _needs(template: Template, stream: Resource) -> Iterator[Need]:
    source = "KinesisStreamSourceConfiguration"
    if stream.at(source, "KinesisStreamARN") is not None:
        reads = tuple(action for action in permissions.FIREHOSE_READS_KINESIS if action not in _NOT_ALWAYS)
        yield stream.at(source, "RoleARN"), reads, stream.at(source, "KinesisStreamARN")
        key = key_of(template, template.target(stream.at(source, "KinesisStreamARN")))
        if key is not None:
            yield stream.at(source, "RoleARN"), permissions.DECRYPT_WITH_KEY, {"Fn::GetAtt": [key.logical_id, "Arn"]}
    name = destination_of(stream)
    for part in ((name,), (name, "S3Configuration"), (name, "S3BackupConfiguration")):
        bucket = stream.at(*part, "BucketARN")
        if bucket is not None:
            yield stream.at(*part, "RoleARN"), ("s3:PutObject",), bucket
    if _converts(stream):
        schema = ("DataFormatConversionConfiguration", "SchemaConfiguration")
        named = converts_by(template, stream)
        used = stream.at(_S3, *schema, "RoleARN") or stream.at(_S3, "RoleARN")
        yield used, ("glue:GetTableVersions",), named and {"Ref": named.logical_id}
    for item in _processors(stream):
        for parameter in listed(item.get("Parameters")):
            if isinstance(parameter, Mapping) and parameter.get("ParameterName") == "LambdaArn":
                yield stream.at(name, "RoleARN"), ("lambda:InvokeFunction",), parameter.get("ParameterValue")


_NOT_ALWAYS = ("kinesis:ListShards",)
"""What AWS lists, and some delivery streams work without."""

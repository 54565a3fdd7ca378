"""What in a delivery cannot work, or is likely to lose, hide or scatter records: each as a finding with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from streaming_constructs.facts import athena, firehose, kinesis
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, backup_in_archive
from streaming_constructs.planning.deliveries.s3_prefixes import Folders, Level
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.s3_format import OrcFormat
from streaming_constructs.spec.deliveries.s3_partitions import Partition
from streaming_constructs.spec.finding import Finding, did_you_mean
from streaming_constructs.spec.schemas import ISO_OR_EPOCH, RecordSchema, column_name

SMALL_OBJECT_MIB = 16
"""Objects below this cost a query more to open than to read."""


def delivery_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    """What is wrong, or likely to go wrong, with a delivery; paths are relative to it."""
    to = delivery.spec.to
    if isinstance(to, S3Destination):
        yield from _format_findings(to, delivery.schema)
        for position, partition in enumerate(to.partition_by):
            yield from _partition_findings(partition, ("to", "partition_by", position), delivery.schema)
        yield from _folder_findings(delivery, to)
        yield from _object_findings(delivery, to)
        yield from _throughput_findings(delivery, to)
    yield from _size_findings(delivery)
    yield from _concurrency_findings(delivery)
    yield from _direct_findings(delivery)


def _format_findings(to: S3Destination, schema: RecordSchema | None) -> Iterator[Finding]:
    if to.is_converted and schema is None:
        yield Finding(
            "FIR701",
            f"conversion to {to.format.kind.title()} needs a schema",
            ("to", "format"),
            note="Firehose reads the columns and their types from a Glue table, which is made from the schema",
            help="name a `schema` on the delivery or on its stream, or set `format: json`",
        )
    if schema is None:
        return
    patterns = [name for name, field in schema.items() if field.timestamp_format not in ISO_OR_EPOCH]
    if to.is_converted and patterns:
        yield from _pattern_findings(schema, patterns[0])
    if isinstance(to.format, OrcFormat):
        for position, name in enumerate(to.format.bloom_filter_columns):
            if column_name(name) not in map(column_name, schema):
                yield Finding(
                    "FIR704",
                    f"records have no field `{name}`",
                    ("to", "format", "bloom_filter_columns", position),
                    help=did_you_mean(name, schema),
                )


def _pattern_findings(schema: RecordSchema, patterned: str) -> Iterator[Finding]:
    for name, field in schema.items():
        what = "json_key" if field.json_key else "timestamp_format: epoch_seconds"
        if field.json_key or field.timestamp_format == "epoch_seconds":
            yield Finding(
                "FIR717",
                f"`{name}` cannot be read beside a time in a pattern of its own",
                ("to", "format"),
                note=f"for the pattern of `{patterned}` Firehose reads records with the Hive SerDe, which knows no `{what}`",
                help=f"let producers write `{patterned}` in ISO 8601 or as epoch milliseconds, or convert it in a `transform`",
            )


def _partition_findings(
    partition: Partition, path: tuple[str | int, ...], schema: RecordSchema | None
) -> Iterator[Finding]:
    if schema is not None and partition.column in map(column_name, schema):
        yield Finding(
            "FIR706",
            f"`{partition.column}` would be a column and a partition",
            path,
            note="a table has each name once, and partitions are named after what divides them",
            help="rename the field in the schema, and give the old name as its `json_key`",
        )
    if schema is None or partition.is_arrival:
        return
    field = schema.get(partition.field)
    if field is None:
        yield Finding(
            "FIR704", f"records have no field `{partition.field}`", path, help=did_you_mean(partition.field, schema)
        )
    elif partition.granularity is None and field.type.startswith(("array", "map", "struct", "binary")):
        yield Finding(
            "FIR705",
            f"`{partition.field}` makes no folders",
            path,
            note=f"it is `{field.type}`; a folder is named by one simple value",
            help="partition by a field that holds one",
        )
    elif partition.granularity is not None and field.type not in {"timestamp", "date"}:
        yield Finding(
            "FIR705",
            f"`{partition.field}` is no time",
            path,
            note=f"it is `{field.type}`; only a timestamp or a date has a {partition.granularity}",
            help=f"partition by `{partition.field}` itself, or by {partition.granularity}(arrival)",
        )
    elif partition.granularity is not None and field.timestamp_format not in ISO_OR_EPOCH:
        yield Finding(
            "FIR705",
            f"Firehose cannot take the {partition.granularity} out of `{partition.field}`",
            path,
            note=f"it is written as `{field.timestamp_format}`, which jq does not read",
            help=f"let producers write ISO 8601 or epoch milliseconds, or partition by {partition.granularity}(arrival)",
        )


def _folder_findings(delivery: DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
    folders = delivery.folders
    assert folders is not None
    inside = {"prefix": folders.location, "error_prefix": folders.error_prefix.partition("!")[0]}
    if to.source_backup is not None and backup_in_archive(to):
        inside["source_backup"] = to.source_backup.folder(delivery.name)
    names = list(inside)
    for position, name in enumerate(names):
        for other in names[:position]:
            if inside[name].startswith(inside[other]) or inside[other].startswith(inside[name]):
                yield Finding(
                    "FIR707",
                    f"`{name}` and `{other}` are the same folder, or one is in the other",
                    ("to", name),
                    note=f"`{inside[name]}` and `{inside[other]}`; a query would read what does not belong to it",
                    help="choose folders that stand beside each other",
                )
    yield from _length_findings(folders)


def _length_findings(folders: Folders) -> Iterator[Finding]:
    if len(folders.metadata_query) > firehose.PROCESSOR_PARAMETER_CHARACTERS.value:
        yield Finding(
            "FIR715",
            "the expressions of the partitions are longer than Firehose takes",
            ("to", "partition_by"),
            note=f"they have {len(folders.metadata_query):,} characters; Firehose takes "
            f"{firehose.PROCESSOR_PARAMETER_CHARACTERS.value:,.0f}",
            help="list fewer `values`",
        )
    filled = len(folders.location) + sum(len(level.column) + 2 + _longest(level) for level in folders.levels)
    for length, most, how in (
        (len(folders.prefix), firehose.PREFIX_PROPERTY_CHARACTERS, "as it is written"),
        (filled, firehose.PREFIX_CHARACTERS, "when its expressions are filled in"),
    ):
        if length > most.value:
            yield Finding(
                "FIR715",
                "the path of an object is longer than Firehose takes",
                ("to", "prefix"),
                note=f"it has {length:,} characters {how}; Firehose takes {most.value:,.0f}",
                help="shorten it, or divide by fewer fields",
            )
            return


def _longest(level: Level) -> int:
    """The length of the longest folder of a level, without its column; of a value that is not known, at least 1."""
    listed = level.projection.get("values") or level.projection.get("format") or "?"
    return max(map(len, listed.split(",")))


def _object_findings(delivery: DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
    objects = delivery.objects
    if objects is not None and objects.mib < SMALL_OBJECT_MIB:
        yield Finding(
            "FIR719",
            "objects stay small",
            ("to", "buffer_seconds") if to.buffer_seconds is not None else ("to",),
            note=f"about {number(objects.mib)} MiB of records each, {objects.per_day:,} a day; queries like "
            f"{athena.OBJECT_MIB.value:,.0f} MiB",
            help="raise `buffer_seconds` up to 900, or gather them later with an Athena CTAS or OPTIMIZE",
            level="note",
        )
    listed = [len(partition.values) + 2 for partition in to.partition_by if partition.values]
    if prod(listed) > firehose.ACTIVE_PARTITIONS.value:
        yield Finding(
            "FIR727",
            "more folders at once than Firehose writes",
            ("to", "partition_by"),
            note=f"the listed values make {prod(listed):,} folders; a delivery starts with a quota of "
            f"{firehose.ACTIVE_PARTITIONS.value:,.0f}, and records beyond it go to the errors",
            help="ask AWS for a higher quota before you deploy, or list fewer values",
            level="warning",
        )


def _throughput_findings(delivery: DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
    valued = [partition for partition in to.partition_by if partition.granularity is None]
    if not to.is_dynamic or delivery.workload is None or not all(partition.values for partition in valued):
        return
    folders = prod(len(partition.values) + 2 for partition in valued)
    each, most = peak_load(delivery.workload).mib / folders, firehose.PARTITION_MIB_PER_SECOND.value
    if each > most:
        yield Finding(
            "FIR730",
            "more for one partition than Firehose writes",
            ("to", "partition_by"),
            note=f"the peak brings {number(each)} MiB/s to a folder; Firehose writes {most:,.0f} MiB/s when partitions come "
            "from the record",
            help="partition by arrival, which has no such limit, or by a field with more values",
            level="warning",
        )


def _size_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    largest = delivery.source.largest_record_kb if delivery.source is not None else None
    taken, why = _largest_record(delivery)
    if largest is not None and taken is not None and largest > taken:
        yield Finding(
            "FIR708",
            "the largest records are not delivered",
            ("to",),
            note=f"the stream takes {largest:,} KiB; Firehose delivers up to {taken:,} KiB {why}",
            help=f"set `max_record_kb` of the stream to {taken}, or archive them by arrival to S3 as well",
            level="warning",
        )


def _largest_record(delivery: DeliveryPlan) -> tuple[int | None, str]:
    """The largest record that is delivered, in KiB, and why; None where the stream's own limit is the only one."""
    to = delivery.spec.to
    if isinstance(to, S3Destination) and to.is_dynamic:
        return kinesis.MAX_RECORD_KIB.minimum, "with partitions that come from the record"
    if to.kind in firehose.SMALL_RECORD_DESTINATIONS:
        return kinesis.MAX_RECORD_KIB.minimum, f"to {to.kind}"
    if delivery.spec.transform is not None:
        # Records travel to the function in base64, a third larger.
        return int(firehose.TRANSFORM_PAYLOAD_MIB.value * 1024 * 3 / 4), "through a function, which gets them in base64"
    return None, ""


def _concurrency_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    transform, source = delivery.spec.transform, delivery.source
    if transform is None or transform.reserved_concurrency is None or source is None or source.partitions is None:
        return
    splunk = delivery.spec.to.kind == "splunk"
    fact = firehose.TRANSFORM_CONCURRENCY_PER_SHARD_SPLUNK if splunk else firehose.TRANSFORM_CONCURRENCY_PER_SHARD
    needed = source.partitions * int(fact.value)
    if transform.reserved_concurrency < needed:
        yield Finding(
            "FIR731",
            "less concurrency than Firehose may ask for",
            ("transform", "reserved_concurrency"),
            note=f"{counted(source.partitions, 'shard')} × up to {fact.value:,.0f} batches at once = {needed:,}; what is throttled is "
            f"retried {transform.retries} times, and then goes to the errors",
            help=f"set it to {needed:,} or more, or take it out",
            level="warning",
        )


def _direct_findings(delivery: DeliveryPlan) -> Iterator[Finding]:
    workload = delivery.workload
    if not delivery.is_direct or workload is None:
        return
    if workload.kb > firehose.RECORD_KIB.value:
        yield Finding(
            "FIR709",
            "the average record is larger than Firehose takes",
            ("workload", "record_kb"),
            note=f"records are {number(exact(workload.kb))} KiB on average; Firehose takes "
            f"{firehose.RECORD_KIB.value:,.0f} KiB when they are put into it directly",
            help="send less in one, or let it read a stream: `from`",
        )
    load = peak_load(workload)
    most_mib, most_records = firehose.DIRECT_PUT_MIB_PER_SECOND.value, firehose.DIRECT_PUT_RECORDS_PER_SECOND.value
    if load.mib > most_mib or load.records > most_records:
        yield Finding(
            "FIR718",
            "more than a delivery takes directly in most regions",
            ("workload",),
            note=f"the peak is {number(load.mib)} MiB/s and {number(load.records)} records/s; the quota starts at "
            f"{most_mib:,.0f} MiB/s and {most_records:,.0f} records/s",
            help="ask AWS for a higher quota before you deploy, or put a stream in front: `from`",
            level="warning",
        )

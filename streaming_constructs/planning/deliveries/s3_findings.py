"""What in an archive in S3 cannot work, or is likely to hide or scatter records: each as a finding with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from streaming_constructs.facts import athena, firehose, s3
from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan, backup_in_archive
from streaming_constructs.planning.deliveries.s3_partition_findings import first_day_findings, value_findings
from streaming_constructs.planning.deliveries.s3_prefixes import Folders, Level
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.s3_format import FORMATS
from streaming_constructs.spec.deliveries.s3_partitions import Partition
from streaming_constructs.spec.finding import Edit, Finding, did_you_mean
from streaming_constructs.spec.schemas import ISO_OR_EPOCH, RecordSchema, column_name

SMALL_OBJECT_MIB = 16
"""Objects below this cost a query more to open than to read."""


def archive_findings(delivery: S3DeliveryPlan) -> Iterator[Finding]:
    """What is wrong, or likely to go wrong, with an archive; paths are relative to its delivery.

    Args:
        delivery: The delivery.
    """
    to = delivery.to
    if to.is_converted and delivery.schema is None:
        yield _unknown_columns(delivery)
    if delivery.schema is not None and not delivery.has_table:
        yield _no_table(to)
    yield from _format_findings(to, delivery.schema)
    for position, partition in enumerate(to.partition_by):
        path = ("to", "partition_by", position)
        yield from _partition_findings(partition, path, delivery.schema)
        yield from value_findings(partition, path, delivery.schema)
    yield from first_day_findings(to, delivery.today)
    yield from _line_findings(delivery, to)
    yield from _folder_findings(delivery, to)
    yield from _object_findings(delivery, to)
    yield from _throughput_findings(delivery, to)


def _unknown_columns(delivery: S3DeliveryPlan) -> Finding:
    help_ = "name a `schema` on the delivery or on its stream, or set `format: json`"
    only = delivery.schemas[0] if len(delivery.schemas) == 1 else ""
    if only:
        stream = f"the stream `{delivery.spec.from_}`" if delivery.spec.from_ else f"the delivery `{delivery.name}`"
        help_ = f"add `schema: {only}` to {stream}, or set `format: json`"
    elif delivery.schemas:
        help_ += f"; there are {', '.join(f'`{name}`' for name in delivery.schemas)}"
    return Finding(
        "FIR701",
        f"conversion to {FORMATS[delivery.to.format].title} needs a schema",
        ("to", "format"),
        note="Firehose reads the columns and their types from a Glue table, which is made from the schema",
        help=help_,
        edits=(Edit(("schema",), only),) if only else (),
    )


def _no_table(to: S3Destination) -> Finding:
    field = "compression" if to.compressed_by == "zip" else "newline"
    return Finding(
        "FIR743",
        "there is a schema, and no table",
        ("to", field),
        note="Athena reads no zip"
        if field == "compression"
        else "without newlines nothing tells one record from the next",
        help="take it out, and a table is made; or acknowledge that objects are for other readers",
    )


def _format_findings(to: S3Destination, schema: RecordSchema | None) -> Iterator[Finding]:
    if schema is None:
        return
    patterns = [name for name, field in schema.items() if field.timestamp_format not in ISO_OR_EPOCH]
    if to.is_converted and patterns:
        yield from _pattern_findings(schema, patterns[0])
    for position, name in enumerate(to.bloom_filter_columns):
        if column_name(name) not in map(column_name, schema):
            yield Finding(
                "FIR704",
                f"records have no field `{name}`",
                ("to", "bloom_filter_columns", position),
                help=did_you_mean(name, schema),
            )


def _line_findings(delivery: S3DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
    writers = delivery.writers
    if delivery.has_table and to.format == "json" and to.newline is None and writers.with_newline and writers.others:
        agents, others = (", ".join(f"`{name}`" for name in names) for names in (writers.with_newline, writers.others))
        yield Finding(
            "AGT916",
            "some records end in a newline, and others do not",
            ("to",),
            note=f"agents such as {agents} end each record in one, and {others} may not; with another one behind all of them "
            "each record of an agent is followed by an empty line, which a query takes for a row of nothing",
            help=f"let {others} end its records in a newline too, and set `newline: false` here; or give the agents a stream "
            "of their own",
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
        is_year = partition.field == "year"
        yield Finding(
            "FIR704",
            f"records have no field `{partition.field}`",
            path,
            help="take it out: the folders of a `month`, a `day` or an `hour` begin with the year"
            if is_year
            else did_you_mean(partition.field, schema),
            edits=(Edit(path),) if is_year else (),
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
    elif partition.granularity == "hour" and field.type == "date":
        yield Finding(
            "FIR705",
            f"`{partition.field}` has no hour",
            path,
            note="it is a `date`; all of its records would be in the first hour of their day",
            help=f"partition by `day({partition.field})`, or by a timestamp",
            edits=(Edit(path, f"day({partition.field})"),),
        )
    elif partition.granularity is not None and field.timestamp_format not in ISO_OR_EPOCH:
        yield Finding(
            "FIR705",
            f"Firehose cannot take the {partition.granularity} out of `{partition.field}`",
            path,
            note=f"it is written as `{field.timestamp_format}`, which jq does not read",
            help=f"let producers write ISO 8601 or epoch milliseconds, or partition by {partition.granularity}(arrival)",
        )


def _folder_findings(delivery: S3DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
    folders = delivery.folders
    inside = {"prefix": folders.location, "error_prefix": folders.error_prefix.partition("!")[0]}
    if to.source_backup is not None and backup_in_archive(to):
        inside["source_backup"] = to.source_backup.folder(delivery.name)
    names = list(inside)
    for position, name in enumerate(names):
        for other in names[:position]:
            if name == "error_prefix" and _is_hidden_in(inside[name], folders.location):
                continue
            if inside[name].startswith(inside[other]) or inside[other].startswith(inside[name]):
                yield Finding(
                    "FIR707",
                    f"`{name}` and `{other}` are the same folder, or one is in the other",
                    ("to", name),
                    note=f"`{inside[name]}` and `{inside[other]}`; a query would read what does not belong to it",
                    help="choose folders that stand beside each other"
                    + (f", or `error_prefix: {folders.location}_errors/`" if name == "error_prefix" else ""),
                )
    yield from _length_findings(folders)


def _is_hidden_in(folder: str, records: str) -> bool:
    """Whether a folder is inside of that of records, under a name that readers of tables pass by."""
    return folder.startswith(f"{records}_")


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


def _object_findings(delivery: S3DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
    objects = delivery.objects
    if objects is not None and objects.mib < SMALL_OBJECT_MIB:
        yield Finding(
            "FIR719",
            "objects stay small",
            ("to", "buffer_seconds") if to.buffer_seconds is not None else ("to",),
            note=f"about {number(objects.mib)} MiB of records each, {objects.per_day:,} a day; queries like "
            f"{athena.OBJECT_MIB.value:,.0f} MiB",
            help="raise `buffer_seconds` up to 900, or gather them later with an Athena CTAS or OPTIMIZE",
        )
    if objects is not None and to.transitions and objects.mib * 1024 < s3.TRANSITION_OBJECT_KIB.value:
        yield Finding(
            "FIR712",
            "objects are too small to be moved to cheaper storage",
            ("to", "transitions"),
            note=f"about {number(objects.mib * 1024)} KiB of records each; S3 moves none below "
            f"{s3.TRANSITION_OBJECT_KIB.value:,.0f} KiB",
            help="raise `buffer_seconds` up to 900, or take `transitions` out",
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
        )


def _throughput_findings(delivery: S3DeliveryPlan, to: S3Destination) -> Iterator[Finding]:
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
        )

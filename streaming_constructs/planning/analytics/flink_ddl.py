"""The tables of Flink that the library writes for what an application reads and writes. Every name stands in backticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.flink_connectors import IAM_OPTIONS
from streaming_constructs.planning.analytics.flink_columns import FlinkColumn, columns_of, interval
from streaming_constructs.spec.analytics.sql_tokens import literal, quoted
from streaming_constructs.spec.starting_position import AtTimestamp
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, TOPIC_NAME, target_variable

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.schemas import RecordSchema
    from streaming_constructs.spec.watermark import Watermark

RAW = "__records"
"""How the table of records as they are written ends, where a view of its name shows the fields of the schema."""
OR_1970 = "__or_1970"
"""How the column of a watermark ends where records without a time are skipped."""
REGION = "AWS_REGION"
STREAM_ARN, DELIVERY_STREAM_NAME, TABLE_NAME = "STREAM_ARN", "DELIVERY_STREAM_NAME", "TABLE_NAME"
CONSUMER_NAME = "CONSUMER_NAME"
"""How the variable of a stream ends that is the fan-out consumer as which it is read; the stack registers it."""
_POSITIONS = {"trim_horizon": ("TRIM_HORIZON", "earliest-offset"), "latest": ("LATEST", "latest-offset")}
_ISO_8601 = {"json.timestamp-format.standard": "ISO-8601"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table that the library writes.

    Attributes:
        name: The name that queries call it by: that of its node.
        connector: What reads or writes it.
        statements: What creates it: a table, and a view of it where records say things otherwise than the schema.
        columns: Its columns, in order.
        watermark: Its watermark, if it has one.
        keys: The columns of its key, of what takes updates.
    """

    name: str
    connector: str
    statements: tuple[str, ...]
    columns: tuple[FlinkColumn, ...]
    watermark: Watermark | None = None
    keys: tuple[str, ...] = ()


def variable(name: str, ending: str) -> str:
    """What stands in SQL for something of a node.

    Args:
        name: The name of the node; empty of the region.
        ending: How its variable ends.
    """
    return f"${{{target_variable(name, ending) if name else ending}}}"


def source_table(
    name: str,
    node: NodeSpec,
    schema: RecordSchema,
    watermark: Watermark | None,
    spec: FlinkSqlSpec,
    group: str,
) -> Table:
    """The table of a stream that is read.

    Args:
        name: The name of the stream.
        node: The stream.
        schema: The schema of its records.
        watermark: Its time, if it has one; a field of the schema.
        spec: The application.
        group: The group as which a topic is read.
    """
    columns = columns_of(schema)
    options = _kafka_source(name, spec, group) if getattr(node, "kind", "") == "kafka" else _kinesis_source(name, spec)
    if spec.invalid_records == "skip":
        options |= {"json.ignore-parse-errors": "true"}
    time = next((column for column in columns if watermark is not None and column.name == watermark.field), None)
    timed = time.shown if time is not None else ""
    lines = [f"{quoted(column.key)} {column.type}" for column in columns]
    lines += [f"{quoted(column.shown)} AS {column.time}" for column in columns if column.time]
    shown, where = {column.name: column.shown for column in columns}, ""
    if time is not None and spec.invalid_records == "skip":
        # A field that does not fit is NULL then, and Flink fails where the time of a watermark is NULL. 1970 moves no time on.
        # No computed column may name another, so how the time is read stands here again.
        timed = f"{time.shown}{OR_1970}"
        lines.append(f"{quoted(timed)} AS COALESCE({time.time or quoted(time.key)}, TO_TIMESTAMP_LTZ(0, 3))")
        shown[time.name], where = timed, f" WHERE {quoted(time.shown)} IS NOT NULL"
    if watermark is not None:
        lines.append(f"WATERMARK FOR {quoted(timed)} AS {quoted(timed)} - {interval(watermark.delay_seconds)}")
    is_view = bool(where) or any(column.key != column.name or column.time for column in columns)
    table = f"{name}{RAW}" if is_view else name
    created = [_create(table, lines, options)]
    if is_view:
        said = ", ".join(_as(column, field) for field, column in shown.items())
        created.append(f"CREATE VIEW {quoted(name)} AS SELECT {said} FROM {quoted(table)}{where}")  # noqa: S608 - all names are quoted
    return Table(name, options["connector"], tuple(created), columns, watermark)


def _as(column: str, field: str) -> str:
    return quoted(field) if column == field else f"{quoted(column)} AS {quoted(field)}"


def sink_table(name: str, node: NodeSpec, schema: RecordSchema, *, only_adds: bool, node_name: str = "") -> Table:
    """The table of what is written to.

    Args:
        name: What queries call it by.
        node: A stream, a delivery or a table of DynamoDB.
        schema: The schema of the records.
        only_adds: Whether queries write new rows alone, so that a table of DynamoDB needs no primary key to take them.
        node_name: The name of the node. Left out: the same.
    """
    columns = columns_of(schema)
    lines = [f"{quoted(column.key)} {column.type}" for column in columns]
    partitioned: Iterable[str] = ()
    keys: tuple[str, ...] = ()
    match getattr(node, "kind", ""):
        case "kinesis":
            options = {
                "connector": "kinesis",
                "stream.arn": variable(name, STREAM_ARN),
                "aws.region": variable("", REGION),
                "format": "json",
                **_ISO_8601,
            }
            partitioned = _keys(columns, [getattr(node, "partition_key", None)])
        case "kafka":
            options, keys = _kafka_sink(name, node, columns)
        case "dynamodb":
            options = {
                "connector": "dynamodb",
                "table-name": variable(name, TABLE_NAME),
                "aws.region": variable("", REGION),
            }
            partitioned = _keys(columns, attribute_names(node))
            keys = () if only_adds else tuple(partitioned)
        case _:
            options = {
                "connector": "firehose",
                "delivery-stream": variable(node_name or name, DELIVERY_STREAM_NAME),
                "aws.region": variable("", REGION),
                "format": "json",
                **_ISO_8601,
            }
    if keys:
        lines.append(f"PRIMARY KEY ({', '.join(map(quoted, keys))}) NOT ENFORCED")
    return Table(name, options["connector"], (_create(name, lines, options, partitioned),), columns, keys=keys)


def attribute_names(table: NodeSpec) -> list[str]:
    """The names of the key's attributes of a table of DynamoDB.

    Args:
        table: The table.
    """
    keys: list[Any] = [getattr(table, "partition_key", None), getattr(table, "sort_key", None)]
    return [key if isinstance(key, str) else key.name for key in keys if key is not None]


def _keys(columns: tuple[FlinkColumn, ...], names: Iterable[str | None]) -> tuple[str, ...]:
    """The columns of keys, as far as the schema has them."""
    by_name = {column.name: column.key for column in columns}
    return tuple(by_name[name] for name in names if name in by_name)


def _kinesis_source(name: str, spec: FlinkSqlSpec) -> dict[str, str]:
    options = {
        "connector": "kinesis",
        "stream.arn": variable(name, STREAM_ARN),
        "aws.region": variable("", REGION),
    }
    position = spec.starting_position
    if isinstance(position, AtTimestamp):
        moment = position.at_timestamp.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        options |= {"source.init.position": "AT_TIMESTAMP", "source.init.timestamp": moment}
    else:
        options |= {"source.init.position": _POSITIONS[position][0]}
    if spec.enhanced_fan_out:
        options |= {
            "source.reader.type": "EFO",
            "source.efo.consumer.name": variable(name, CONSUMER_NAME),
            "source.efo.lifecycle": "SELF_MANAGED",
        }
    return options | {"format": "json", **_ISO_8601}


def _kafka_source(name: str, spec: FlinkSqlSpec, group: str) -> dict[str, str]:
    options = _kafka(name, "kafka") | {"properties.group.id": group}
    position = spec.starting_position
    if isinstance(position, AtTimestamp):
        millis = str(round(position.at_timestamp.timestamp() * 1000))
        options |= {"scan.startup.mode": "timestamp", "scan.startup.timestamp-millis": millis}
    else:
        options |= {"scan.startup.mode": _POSITIONS[position][1]}
    if spec.idle_timeout_seconds:
        options |= {"scan.watermark.idle-timeout": f"{spec.idle_timeout_seconds} s"}
    return options | {"format": "json", **_ISO_8601}


def _kafka_sink(name: str, node: NodeSpec, columns: tuple[FlinkColumn, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    keys = _keys(columns, [getattr(node, "partition_key", None)])
    if is_compacted(node):
        return (
            {
                **_kafka(name, "upsert-kafka"),
                "key.format": _key_format(columns, keys),
                "value.format": "json",
                **{f"value.{option}": value for option, value in _ISO_8601.items()},
            },
            keys,
        )
    options = _kafka(name, "kafka")
    if keys:
        options |= {"key.format": _key_format(columns, keys), "key.fields": keys[0]}
    return (
        {
            **options,
            "value.format": "json",
            **{f"value.{option}": value for option, value in _ISO_8601.items()},
        },
        (),
    )


def _key_format(columns: tuple[FlinkColumn, ...], keys: tuple[str, ...]) -> str:
    """Text is written as it stands, as other writers of the topic do; what is no text as JSON."""
    types = {column.key: column.type for column in columns}
    return "raw" if len(keys) == 1 and types[keys[0]] == "STRING" else "json"


def is_compacted(node: NodeSpec) -> bool:
    """Whether a topic keeps the last record of each key, and so takes updates.

    Args:
        node: The topic, or any other node.
    """
    return "compact" in getattr(node, "cleanup_policy", ())


def _kafka(name: str, connector: str) -> dict[str, str]:
    return {
        "connector": connector,
        "topic": variable(name, TOPIC_NAME),
        "properties.bootstrap.servers": variable(name, BOOTSTRAP_SERVERS),
        **IAM_OPTIONS,
    }


def _create(name: str, lines: list[str], options: Mapping[str, str], partitioned: Iterable[str] = ()) -> str:
    columns = ",\n".join(f"  {line}" for line in lines)
    said = ",\n".join(f"  {literal(key)} = {literal(value)}" for key, value in options.items())
    names = ", ".join(map(quoted, partitioned))
    keys = f" PARTITIONED BY ({names})" if names else ""
    return f"CREATE TABLE {quoted(name)} (\n{columns}\n){keys} WITH (\n{said}\n)"

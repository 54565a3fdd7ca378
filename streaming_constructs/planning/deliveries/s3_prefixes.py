"""The folders of an archive: what Firehose writes, and what Athena looks for, said once and turned into both.

Firehose fills expressions of a prefix in, from the time of arrival or from keys that a jq expression takes out of the record;
Athena computes the same folders from a query by partition projection. Both come from one list here, so they agree.
Sources: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html,
https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html and
https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.s3_partitions import OTHER, Granularity, Partition
from streaming_constructs.spec.schemas import RecordSchema

JAVA_FORMATS: Mapping[Granularity, str] = {"month": "yyyy-MM", "day": "yyyy-MM-dd", "hour": "yyyy-MM-dd-HH"}
"""How Firehose and Athena write a time; both take the letters of Java's DateTimeFormatter."""
STRFTIME_FORMATS: Mapping[Granularity, str] = {"month": "%Y-%m", "day": "%Y-%m-%d", "hour": "%Y-%m-%d-%H"}
"""The same for jq."""
_ISO_SECONDS = (
    # A date is the first second of its day.
    '. as $t|(.[0:10]+"T"+(.[11:19]|if .=="" then "00:00:00" else . end)|strptime("%Y-%m-%dT%H:%M:%S")|mktime)'
    # The 30th of February would be a day of March.
    '|if strftime("%Y-%m-%d")!=$t[0:10] then error("no day") else . end'
    # An offset stands behind the seconds and their fraction, with or without its colon and its minutes.
    '|.-($t[19:]|(index("+")//index("-")) as $i|if $i then (if .[$i:$i+1]=="-" then -60 else 60 end)'
    '*((.[$i+1:$i+3]|tonumber)*60+(.[$i+3:]|ltrimstr(":")|if .=="" then "0" else . end|tonumber)) else 0 end)'
)
"""The seconds since 1970 of a time in ISO 8601, in jq; one without an offset is in UTC."""
NO_VALUE = "none"
"""The folder of records without the field that they are divided by."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of folders.

    Attributes:
        column: The partition column, such as `arrival_day`.
        expression: What Firehose fills in, such as `!{timestamp:yyyy-MM-dd}`.
        query: The jq expression of the key, if it comes from the record; else empty.
        projection: The properties of the table that let Athena compute the values.
    """

    column: str
    expression: str
    query: str
    projection: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an archive puts its objects.

    Attributes:
        prefix: The prefix that Firehose gets, with expressions.
        error_prefix: The prefix of records that could not be delivered.
        location: The static part: where the table is.
        template: The location of one partition, with `${column}` for each level.
        levels: The levels, outermost first.
    """

    prefix: str
    error_prefix: str
    location: str
    template: str
    levels: tuple[Level, ...]

    @property
    def metadata_query(self) -> str:
        """The jq expression of all keys that come from the record, or an empty string."""
        keys = [f"{level.column}:{level.query}" for level in self.levels if level.query]
        return f"{{{','.join(keys)}}}" if keys else ""


def plan_folders(name: str, to: S3Destination, schema: RecordSchema | None) -> Folders:
    """The folders of an archive.

    Args:
        name: The delivery's name.
        to: The archive.
        schema: The schema of the records that are delivered, if they have one.
    """
    location = to.folder(name)
    levels = tuple(_level(partition, to, schema) for partition in to.partition_by)
    return Folders(
        prefix=location + "".join(f"{level.column}={level.expression}/" for level in levels),
        error_prefix=f"{to.error_folder(name)}!{{firehose:error-output-type}}/!{{timestamp:yyyy-MM-dd}}/",
        location=location,
        template=location + "".join(f"{level.column}=${{{level.column}}}/" for level in levels),
        levels=levels,
    )


def _level(partition: Partition, to: S3Destination, schema: RecordSchema | None) -> Level:
    column, granularity = partition.column, partition.granularity
    if granularity is None:
        return _value_level(partition, schema)
    since = {"month": to.partitions_since[:7], "day": to.partitions_since, "hour": f"{to.partitions_since}-00"}[
        granularity
    ]
    # Clocks run ahead, and so do time zones; a record's own clock may do so by more.
    until = "NOW+1DAYS" if partition.is_arrival else "NOW+1MONTHS"
    projection = {
        "type": "date",
        "format": JAVA_FORMATS[granularity],
        "range": f"{since},{until}",
        "interval": "1",
        "interval.unit": f"{granularity}s".upper(),
    }
    if partition.is_arrival:
        return Level(column, f"!{{timestamp:{JAVA_FORMATS[granularity]}}}", "", projection)
    query = _time_query(partition.field, granularity, to.partitions_since, schema)
    return Level(column, f"!{{partitionKeyFromQuery:{column}}}", query, projection)


def _time_query(field_name: str, granularity: Granularity, since: str, schema: RecordSchema | None) -> str:
    """The folder of a record's own time; a time that is none, or too early to be looked for, fails, and so is kept apart."""
    seconds = {
        "epoch_seconds": "floor",
        "epoch_millis": "./1000|floor",
    }.get(_timestamp_format(field_name, schema), _ISO_SECONDS)
    first = int(datetime.combine(date.fromisoformat(since), time(), UTC).timestamp())
    bounded = f'if .<{first} then error("before {since}") else . end'
    return f'({_key(field_name, schema)}|{seconds}|{bounded}|strftime("{STRFTIME_FORMATS[granularity]}"))'


def _value_level(partition: Partition, schema: RecordSchema | None) -> Level:
    column = partition.column
    expression = f"!{{partitionKeyFromQuery:{column}}}"
    value = f'{_key(partition.field, schema)}|if .==null or .=="" then "{NO_VALUE}" else tostring end'
    if not partition.values:
        return Level(column, expression, f"({value})", {"type": "injected"})
    folders = (*partition.values, *(folder for folder in (OTHER, NO_VALUE) if folder not in partition.values))
    known = json.dumps([*partition.values, NO_VALUE], separators=(",", ":"))
    query = f'({value}|. as $value|if ({known}|index($value)) then $value else "{OTHER}" end)'
    return Level(column, expression, query, {"type": "enum", "values": ",".join(folders)})


def _key(field_name: str, schema: RecordSchema | None) -> str:
    """The jq expression of a field's value.

    A field of a schema is a column, which is found by its key in capitals or not; so is its folder. Of two keys that differ in
    nothing else the last counts, as there. Without a schema nothing is known but the key as it is written.
    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html
    """
    known = schema.get(field_name) if schema else None
    if known is None:
        return f".[{json.dumps(field_name)}]"
    return f"with_entries(.key|=ascii_downcase)|.[{json.dumps(_in_small_letters(known.json_key or field_name))}]"


def _in_small_letters(key: str) -> str:
    """A key with the letters from A to Z in small, as jq's `ascii_downcase` leaves all others as they are."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in key)


def _timestamp_format(field_name: str, schema: RecordSchema | None) -> str:
    known = schema.get(field_name) if schema else None
    return (known.timestamp_format if known else None) or "iso8601"

"""What in the partitions of an archive is likely to hide or scatter records: days to come, and a folder for every value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from streaming_constructs.facts import firehose
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.deliveries.s3_partitions import Partition
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.schemas import RecordSchema

FARTHEST_ZONE = timedelta(days=1)
"""Nowhere is it more than a day later than in UTC."""
_OF_ONE_RECORD = re.compile(
    r"(.*_)?(uuid|guid|hash|checksum|token|e?mail|email_address|ip|ip_address|url|uri|latitude|longitude"
    r"|(click|customer|device|event|message|order|payment|request|session|trace|transaction|user|visitor)id"
    r"|(?P<id>id))"
)
"""Names of fields that differ from record to record, or from user to user."""
_GROUPS = frozenset(
    {
        *("account", "app", "application", "area", "bot", "brand", "campaign", "category", "channel", "city", "class"),
        *("client", "cluster", "company", "country", "currency", "datacenter", "department", "env", "environment"),
        *("event_type", "factory", "game", "group", "kind", "language", "line", "locale", "market", "merchant", "org"),
        *("organisation", "organization", "partner", "plan", "plant", "platform", "project", "provider", "region"),
        *("server", "service", "shard", "shop", "site", "source", "state", "status", "store", "stream", "subsidiary"),
        *("table", "team", "tenant", "topic", "type", "vendor", "version", "warehouse", "workspace", "zone"),
    }
)
"""What is named by an id and is few: `tenant_id` makes good folders."""
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def first_day_findings(to: S3Destination, today: date) -> Iterator[Finding]:
    """A first day of queries that has not come; the path is relative to the delivery.

    Args:
        to: The archive.
        today: The day that it is, in UTC.
    """
    times = [partition for partition in to.partition_by if partition.granularity is not None]
    if not times or date.fromisoformat(to.partitions_since) <= today + FARTHEST_ZONE:
        return
    own = [partition for partition in times if not partition.is_arrival]
    lost = f"records whose `{own[0].field}` is before it go to the errors: all of them" if own else ""
    yield Finding(
        "FIR713",
        "the first day that queries look for has not come",
        ("to", "partitions_since"),
        note=f"today is {today}; {lost or 'what arrives is written, and no query finds it before that day'}",
        help=f"set it to the day from which records come, such as `partitions_since: '{today}'`",
        edits=(Edit(("to", "partitions_since"), today.isoformat()),),
        level="error" if own else "warning",
    )


def value_findings(partition: Partition, path: SpecPath, schema: RecordSchema | None) -> Iterator[Finding]:
    """A field that nothing is known of, or that has a folder for each of very many values.

    Args:
        partition: The partition.
        path: Where it stands, seen from the delivery.
        schema: The schema of the records, if they have one.
    """
    if partition.is_arrival:
        return
    if schema is None:
        yield Finding(
            "FIR737",
            f"nothing says whether records have a field `{partition.field}`",
            path,
            note="they have no schema",
            help=f"name a `schema` on the delivery or on its stream, such as `schemas: {{event: {{{partition.field}: "
            f"{'timestamp' if partition.granularity else 'string'}}}}}`",
        )
    if partition.granularity is None and not partition.values:
        why = _why_many(partition.field, schema)
        if why:
            most = f"{firehose.ACTIVE_PARTITIONS.value:,.0f}"
            yield Finding(
                "FIR736",
                f"a folder for every `{partition.field}`",
                path,
                note=f"{why}; a delivery starts with a quota of {most} folders that are written at the same time, and records "
                "beyond it go to the errors",
                help="partition by a time or by a field with few values, or list those that have a folder of their own: "
                f"`{{by: {partition.field}, values: [a, b]}}`; the rest share one",
            )


def _why_many(field_name: str, schema: RecordSchema | None) -> str:
    """Why a field has very many values; empty where it may have few."""
    known = schema.get(field_name) if schema else None
    type_ = known.type if known else ""
    if type_.startswith(("timestamp", "double", "float", "decimal")):
        return f"it is `{type_}`, and has another value in almost every record"
    found = _OF_ONE_RECORD.fullmatch(_SNAKE.sub("_", field_name).lower())
    if found is None:
        return ""
    what = (found[1] or "").rstrip("_")
    if found["id"] and any(what == group or what.endswith(f"_{group}") for group in _GROUPS):
        return ""
    return "its name says that it differs from record to record, or from user to user"

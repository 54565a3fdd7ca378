"""What Firehose writes is what Athena looks for: the prefix and the projection, each read as AWS documents it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import jq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.planning.deliveries.firehose import plan_delivery
from streaming_constructs.planning.deliveries.s3_prefixes import Folders, plan_folders
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.schemas import record_schema

JAVA = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}
"""The letters of Java's DateTimeFormatter that are used, in those of Python."""
SCHEMA = record_schema(
    {
        "country": "string",
        "shop": {"type": "int", "json_key": "shop-id"},
        "at": "timestamp",
        "on": "date",
        "at_seconds": {"type": "timestamp", "timestamp_format": "epoch_seconds"},
        "at_millis": {"type": "timestamp", "timestamp_format": "epoch_millis"},
    }
)


def formatted(moment: datetime, java: str) -> str:
    return moment.strftime(re.sub("yyyy|MM|dd|HH", lambda found: JAVA[found[0]], java))


def written(folders: Folders, arrival: datetime, record: Mapping[str, Any]) -> str | None:
    """Where Firehose puts a record; None for the error prefix.

    https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
    """
    keys: dict[str, str] = {}
    if folders.metadata_query:
        try:
            keys = jq.compile(folders.metadata_query).input_text(json.dumps(record)).first()
        except ValueError:
            return None
    prefix = re.sub(r"!\{timestamp:([^}]*)\}", lambda found: formatted(arrival, found[1]), folders.prefix)
    return re.sub(r"!\{partitionKeyFromQuery:([^}]*)\}", lambda found: keys[found[1]], prefix)


def moment(text: str, java: str, now: datetime) -> datetime:
    """A bound of a date range: a time in the format, or NOW+1DAYS.

    https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
    """
    relative = re.fullmatch(r"NOW(?:\+([0-9]+)(DAYS|MONTHS))?", text)
    if relative is None:
        return datetime.strptime(text, re.sub("yyyy|MM|dd|HH", lambda found: JAVA[found[0]], java)).replace(tzinfo=UTC)
    return now + int(relative[1] or 0) * timedelta(days={"DAYS": 1, "MONTHS": 28}[relative[2] or "DAYS"])


def listed(projection: Mapping[str, str], now: datetime, asked: str) -> Iterator[str]:
    """The values of a partition that Athena looks for; a query of an injected one says what it asks for."""
    if projection["type"] == "injected":
        yield asked
    elif projection["type"] == "enum":
        yield from projection["values"].split(",")
    else:
        java = projection["format"]
        first, last = (moment(bound, java, now) for bound in projection["range"].split(","))
        step = {"HOURS": timedelta(hours=1), "DAYS": timedelta(days=1), "MONTHS": timedelta(days=1)}
        assert projection["interval"] == "1"
        while first <= last:
            yield formatted(first, java)
            first += step[projection["interval.unit"]]


def found(folders: Folders, path: str, now: datetime) -> bool:
    """Whether a query reads a path."""
    asked = dict(level.split("=", 1) for level in path.removeprefix(folders.location).strip("/").split("/"))
    choices = [list(dict.fromkeys(listed(one.projection, now, asked[one.column]))) for one in folders.levels]
    for values in product(*choices):
        filled = folders.template
        for level, value in zip(folders.levels, values, strict=True):
            filled = filled.replace(f"${{{level.column}}}", value)
        if filled == path:
            return True
    return False


def archive(*partitions: Any, **more: Any) -> S3Destination:
    return S3Destination.model_validate({"kind": "s3", "partition_by": partitions, **more})


def column(partition: Any) -> str:
    """The column of a partition, of which a table has each once."""
    return archive(partition).partition_by[0].column


SINCE = datetime(2026, 6, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 29, 23, 30, tzinfo=UTC)
moments = st.datetimes(SINCE.replace(tzinfo=None), NOW.replace(tzinfo=None)).map(lambda one: one.replace(tzinfo=UTC))
granularities = st.sampled_from(["month", "day", "hour"])
levels = st.one_of(
    granularities.map("{}(arrival)".format),
    granularities.map("{}(at)".format),
    granularities.map("{}(at_seconds)".format),
    granularities.map("{}(at_millis)".format),
    st.sampled_from(["country", "shop", {"by": "country", "values": ["de", "fr"]}]),
)
values = st.sampled_from(["de", "fr", "it", "", "none", "other", "São Tomé", "a b"]) | st.none()


@settings(max_examples=150)
@given(
    partitions=st.lists(levels, min_size=1, max_size=2, unique_by=column),
    arrival=moments,
    event=moments,
    country=values,
    shop=st.integers(-9, 99),
    offset=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    zone=st.sampled_from(["UTC", "Pacific/Kiritimati", "Etc/GMT+12"]),
)
def test_every_path_that_is_written_is_one_that_is_listed(
    partitions: list[Any],
    arrival: datetime,
    event: datetime,
    country: str | None,
    shop: int,
    offset: timedelta,
    zone: str,
) -> None:
    folders = plan_folders("lake", archive(*partitions, partitions_since="2026-06-01", time_zone=zone), SCHEMA)
    record = {
        "country": country,
        "shop-id": shop,
        "at": event.astimezone(timezone(offset)).isoformat(),
        "at_seconds": event.timestamp(),
        "at_millis": int(event.timestamp() * 1000),
    }
    # The first day of an archive is chosen before its first record; a day earlier is west of Greenwich.
    local = max(arrival, SINCE + timedelta(days=1)).astimezone(ZoneInfo(zone))
    path = written(folders, local, record)
    assert path is not None
    assert path.startswith("lake/")
    assert found(folders, path, NOW)


@pytest.mark.parametrize(
    ("partition", "record", "path"),
    [
        ("month(arrival)", {}, "arrival_month=2026-06/"),
        ("hour(arrival)", {}, "arrival_hour=2026-06-15-07/"),
        ("day(at)", {"at": "2026-06-03T23:59:59.999Z"}, "at_day=2026-06-03/"),
        ("hour(at)", {"at": "2026-06-03 04:05:06"}, "at_hour=2026-06-03-04/"),
        ("hour(at)", {"at": "2026-06-03T04:05:06"}, "at_hour=2026-06-03-04/"),
        ("hour(at)", {"at": "2026-06-03T04:05:06+05:30"}, "at_hour=2026-06-02-22/"),
        ("hour(at)", {"at": "2026-06-03T04:05:06.250+05:30"}, "at_hour=2026-06-02-22/"),
        ("hour(at)", {"at": "2026-06-03T20:05:06.123456789-0800"}, "at_hour=2026-06-04-04/"),
        ("day(at)", {"at": "2026-06-30T23:05:06-02"}, "at_day=2026-07-01/"),
        ("hour(at)", {"at": "2026-06-03 04:05:06 +00:00"}, "at_hour=2026-06-03-04/"),
        ("day(on)", {"on": "2026-06-03"}, "on_day=2026-06-03/"),
        ("month(on)", {"on": "2028-02-29"}, "on_month=2028-02/"),
        ("day(at_seconds)", {"at_seconds": 1780531199.9}, "at_seconds_day=2026-06-03/"),
        ("hour(at_millis)", {"at_millis": 1780531199999}, "at_millis_hour=2026-06-03-23/"),
        ("country", {"country": "de"}, "by_country=de/"),
        ("country", {"country": ""}, "by_country=none/"),
        ("country", {}, "by_country=none/"),
        ("shop", {"shop-id": 7}, "by_shop=7/"),
        ({"by": "country", "values": ["de"]}, {"country": "it"}, "by_country=other/"),
        ({"by": "country", "values": ["de"]}, {"country": "de"}, "by_country=de/"),
        ({"by": "country", "values": ["de"]}, {}, "by_country=none/"),
        ({"by": "shop", "values": ["7"]}, {"shop-id": 7}, "by_shop=7/"),
    ],
)
def test_record_goes_into_the_folder_of_its_value(partition: Any, record: dict[str, Any], path: str) -> None:
    folders = plan_folders("lake", archive(partition), SCHEMA)
    assert written(folders, datetime(2026, 6, 15, 7, 8, tzinfo=UTC), record) == f"lake/{path}"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"at": None},
        {"at": "yesterday"},
        {"at": 1780531199},
        {"at": "15/06/2026 10:00:00"},
        {"at": "2024-12-31T23:59:59Z"},
        {"at": "2025-01-01T00:00:00+00:30"},
        {"at": "2026-02-30T10:00:00Z"},
        {"at": "2026-02-29T10:00:00Z"},
        {"at": "2026-06-31T10:00:00+02:00"},
        {"at": "2026-06-03T04:05:06+xx:00"},
    ],
)
def test_record_without_a_time_to_look_for_goes_to_the_errors(record: dict[str, Any]) -> None:
    folders = plan_folders("lake", archive("day(at)"), SCHEMA)
    assert written(folders, NOW, record) is None


def test_first_day_itself_is_looked_for() -> None:
    folders = plan_folders("lake", archive("day(at)", partitions_since="2026-06-03"), SCHEMA)
    assert written(folders, NOW, {"at": "2026-06-03T00:00:00Z"}) == "lake/at_day=2026-06-03/"


@pytest.mark.parametrize(
    ("to", "prefix", "errors", "template"),
    [
        (
            archive("day(arrival)"),
            "lake/arrival_day=!{timestamp:yyyy-MM-dd}/",
            "errors/lake/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
            "lake/arrival_day=${arrival_day}/",
        ),
        (
            archive("country", "hour(arrival)", prefix="raw/clicks/", error_prefix="bad"),
            "raw/clicks/by_country=!{partitionKeyFromQuery:by_country}/arrival_hour=!{timestamp:yyyy-MM-dd-HH}/",
            "bad/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
            "raw/clicks/by_country=${by_country}/arrival_hour=${arrival_hour}/",
        ),
    ],
)
def test_prefixes_and_template(to: S3Destination, prefix: str, errors: str, template: str) -> None:
    folders = plan_folders("lake", to, SCHEMA)
    assert (folders.prefix, folders.error_prefix, folders.template) == (prefix, errors, template)


def test_arrival_alone_looks_into_no_record() -> None:
    assert plan_folders("lake", archive("day(arrival)"), SCHEMA).metadata_query == ""


@given(st.lists(levels, min_size=1, max_size=3, unique_by=column))
def test_prefix_names_exactly_the_keys_that_are_taken_out_of_the_record(partitions: list[Any]) -> None:
    folders = plan_folders("lake", archive(*partitions), SCHEMA)
    named = re.findall(r"!\{partitionKeyFromQuery:([^}]*)\}", folders.prefix)
    assert named == [level.column for level in folders.levels if level.query]
    assert "partitionKeyFrom" not in folders.error_prefix


def test_without_a_schema_fields_are_what_they_are_called_and_times_iso() -> None:
    folders = plan_folders("lake", archive("day(at)", "country"), None)
    record = {"at": "2026-06-03T10:00:00Z", "country": "de"}
    assert written(folders, NOW, record) == "lake/at_day=2026-06-03/by_country=de/"


# --- keys


CASED = record_schema({"userId": "string", "Order": "string", "shop": {"type": "int", "json_key": "Shop-ÉTAGE"}})


def folder(partition: Any, record: Any, schema: Any = CASED) -> str | None:
    folders = plan_folders("lake", archive(partition), schema)
    path = written(folders, NOW, record)
    return None if path is None else path.removeprefix("lake/").strip("/").partition("=")[2]


@pytest.mark.parametrize(
    ("partition", "record", "value"),
    [
        ("Order", {"Order": "a"}, "a"),
        ("Order", {"order": "a"}, "a"),
        ("Order", {"ORDER": "a"}, "a"),
        ("Order", {"ordeR": 7}, "7"),
        ("userId", {"USERID": "u"}, "u"),
        ("userId", {"user_id": "u"}, "none"),
        ("shop", {"shop-Étage": 3}, "3"),
        ("shop", {"shop-étage": 3}, "none"),
        ("shop", {"SHOP-ÉTAGE": 3}, "3"),
        ("shop", {"shop": 3}, "none"),
        ({"by": "Order", "values": ["a", "b"]}, {"ORDER": "b"}, "b"),
        ({"by": "Order", "values": ["a", "b"]}, {"ORDER": "c"}, "other"),
        ("Order", {}, "none"),
        ("Order", {"order": None, "x": 1}, "none"),
    ],
)
def test_a_folder_is_found_by_a_key_as_its_column_is(partition: Any, record: Any, value: str) -> None:
    assert folder(partition, record) == value


def test_of_keys_that_differ_in_case_alone_the_last_counts() -> None:
    assert folder("Order", {"order": "a", "ORDER": "b"}) == "b"
    assert folder("Order", {"ORDER": "b", "order": "a"}) == "a"


@pytest.mark.parametrize("record", ["text", 7, [1], None])
def test_what_is_no_object_has_no_folder(record: Any) -> None:
    assert folder("Order", record) is None


@pytest.mark.parametrize("given", ["at", "AT", "At"])
def test_a_time_is_found_by_its_key_in_capitals_or_not(given: str) -> None:
    assert folder("day(at)", {given: "2026-06-15T10:00:00Z"}, SCHEMA) == "2026-06-15"


def test_without_a_schema_the_key_is_as_it_is_written() -> None:
    assert folder("Order", {"ORDER": "a"}, None) == "none"
    assert folder("Order", {"Order": "a"}, None) == "a"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6),
    st.sampled_from([str.upper, str.lower, str.title]),
)
def test_a_key_of_any_letters_is_found_as_it_is(key: str, turned: Any) -> None:
    schema = record_schema({"field": {"type": "string", "json_key": key}})
    ascii_turned = "".join(turned(letter) if letter.isascii() else letter for letter in key)
    assert folder("field", {ascii_turned: "x"}, schema) == "x"


def test_a_folder_for_each_field_of_a_wide_record_fits() -> None:
    wide = record_schema({f"field_{number}": "string" for number in range(30)})
    folders = plan_folders("lake", archive(*(f"field_{number}" for number in range(30))), wide)
    assert len(folders.metadata_query) < 5_120


# --- errors


@pytest.mark.parametrize(
    ("fields", "location", "errors"),
    [
        ({}, "lake/", "errors/lake/"),
        ({"bucket": "company"}, "lake/", "errors/lake/"),
        ({"prefix": "audit/"}, "audit/", "audit/_errors/"),
        ({"bucket": "company", "prefix": "logs/audit"}, "logs/audit/", "logs/audit/_errors/"),
        ({"prefix": "audit/", "error_prefix": "failed"}, "audit/", "failed/"),
        ({"prefix": "audit/", "error_prefix": "audit/_failed/"}, "audit/", "audit/_failed/"),
    ],
)
def test_errors_are_in_the_folder_that_is_given_and_no_query_looks_there(
    fields: Any, location: str, errors: str
) -> None:
    folders = plan_folders("lake", archive("day(arrival)", **fields), None)
    assert (folders.location, folders.error_prefix.partition("!")[0]) == (location, errors)
    # Neither is it a partition, nor a name that tables show.
    assert not folders.template.startswith(errors)
    assert not errors.startswith(location) or errors.removeprefix(location).startswith("_")


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"prefix": "audit"}, []),
        ({"prefix": "audit", "error_prefix": "audit/_failed"}, []),
        ({"prefix": "audit", "error_prefix": "audit/failed"}, ["to.error_prefix"]),
        ({"prefix": "audit", "error_prefix": "audit"}, ["to.error_prefix"]),
        ({"prefix": "audit/day", "error_prefix": "audit"}, ["to.error_prefix"]),
        ({"prefix": "a", "format": "parquet", "source_backup": {"prefix": "a/source"}}, ["to.source_backup"]),
        ({"error_prefix": "_errors"}, []),
    ],
)
def test_only_a_folder_that_queries_pass_by_is_inside_of_that_of_records(fields: Any, paths: list[str]) -> None:
    spec = DeliverySpec.model_validate({"to": {"kind": "s3", **fields}})
    planned = plan_delivery("lake", spec, schema=SCHEMA)
    assert [one.dotted_path for one in planned.own_findings() if one.code == "FIR707"] == paths

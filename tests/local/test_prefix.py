"""Prefixes are evaluated as AWS's page shows them, what it refuses is refused, and our own are found by their template."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.firehose.prefix import data_prefix, error_prefix, parsed_prefix
from streaming_constructs.planning.deliveries.s3_prefixes import plan_folders
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.schemas import record_schema

MORNING = datetime(2018, 8, 27, 10, 30, 5, 123456, UTC)
EVENING = datetime(2018, 8, 3, 15, 4, 5, 7, UTC)
MIDNIGHT = datetime(2018, 12, 31, 0, 0, 0, 0, UTC)


def evaluated(prefix: str, moment: datetime = MORNING) -> str:
    return parsed_prefix(prefix).evaluated(moment, error_type="processing-failed", uuid=lambda: "046b6c7f-0b8a-43b9")


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", "2018/08/27/10/"),
        ("raw/", "raw/2018/08/27/10/"),
        ("raw", "raw2018/08/27/10/"),
        ("raw/!{firehose:random-string}/", "raw/046b6c7f-0b/2018/08/27/10/"),
        ("y=!{timestamp:yyyy}/m=!{timestamp:MM}/", "y=2018/m=08/"),
        ("dt=!{timestamp:yyyy'-'MM'-'dd}/", "dt=2018-08-27/"),
    ],
)
def test_prefix_of_data_has_a_time(prefix: str, expected: str) -> None:
    assert data_prefix(prefix).evaluated(MORNING, uuid=lambda: "046b6c7f-0b8a-43b9") == expected


@pytest.mark.parametrize(
    ("errors", "prefix", "expected"),
    [
        ("failed/!{firehose:error-output-type}/", "", "failed/processing-failed/"),
        (
            "my/result=!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}",
            "!{timestamp:yyyy}/",
            "my/result=processing-failed/2018/08/27",
        ),
        ("", "raw/", "raw/processing-failed/2018/08/27/10/"),
        ("errors/", "raw/", "errors/processing-failed/2018/08/27/10/"),
    ],
)
def test_prefix_of_errors_names_the_kind_of_error(errors: str, prefix: str, expected: str) -> None:
    assert error_prefix(errors, prefix).evaluated(MORNING, error_type="processing-failed") == expected


@pytest.mark.parametrize(
    ("pattern", "moment", "expected"),
    [
        ("yy", MORNING, "18"),
        ("y", MORNING, "2018"),
        ("uuuu", MORNING, "2018"),
        ("M MM MMM MMMM L", MORNING, "8 08 Aug August 8"),
        ("d dd", EVENING, "3 03"),
        ("DDD", MORNING, "239"),
        ("DDD", datetime(2018, 1, 5, tzinfo=UTC), "005"),
        ("E EEEE", MORNING, "Mon Monday"),
        ("H HH h hh a", EVENING, "15 15 3 03 PM"),
        ("H k K h a", MIDNIGHT, "0 24 0 12 AM"),
        ("K h a", datetime(2018, 1, 1, 12, tzinfo=UTC), "0 12 PM"),
        ("m mm s ss", EVENING, "4 04 5 05"),
        ("S SSS SSSSSS SSSSSSSSS", MORNING, "1 123 123456 123456000"),
        ("'day' dd 'o''clock' ''", MORNING, "day 27 o'clock '"),
    ],
)
def test_letters_are_those_of_java(pattern: str, moment: datetime, expected: str) -> None:
    assert evaluated(f"!{{timestamp:{pattern}}}", moment) == expected


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("YYYY", "`Y` in the time pattern `YYYY` is the year of the week"),
        ("yyyy-ww", "`w` in the time pattern `yyyy-ww` is not known here"),
        ("HHH", "`HHH` in the time pattern `HHH` has too many letters"),
        ("yyyy'T", "does not end"),
        ("yyyy[MM]", "`\\[` in the time pattern `yyyy\\[MM\\]` is reserved"),
    ],
)
def test_letter_that_is_not_known_is_named(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parsed_prefix(f"!{{timestamp:{pattern}}}")


@pytest.mark.parametrize(
    ("prefix", "is_dynamic", "why"),
    [
        ("!{timestamp", False, "begins an expression"),
        ("a/!{}/", False, "begins an expression"),
        ("a/!{firehose:}/", False, "knows no expression `!{firehose:}`"),
        ("a/!{date:yyyy}/", False, "knows no expression `!{date:yyyy}`"),
        ("a/!{partitionKeyFromQuery:}/", True, "knows no expression"),
        ("a/!{firehose:error-output-type}/", False, "`Prefix` cannot contain it"),
        ("a/!{partitionKeyFromQuery:k}/", False, "needs dynamic partitioning"),
        ("a/!{timestamp:yyyy}/", True, "needs a partition key"),
    ],
)
def test_prefix_that_firehose_refuses_is_refused(prefix: str, is_dynamic: bool, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        data_prefix(prefix, is_dynamic=is_dynamic)


@pytest.mark.parametrize(
    ("errors", "prefix", "why"),
    [
        ("", "a/!{timestamp:yyyy}/", "cannot be left out"),
        ("e/!{timestamp:yyyy}/", "a/", "must contain `!{firehose:error-output-type}`"),
        ("!{firehose:error-output-type}/!{partitionKeyFromLambda:k}", "a/", "cannot contain the partition key"),
    ],
)
def test_error_prefix_that_firehose_refuses_is_refused(errors: str, prefix: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        error_prefix(errors, prefix)


def test_keys_of_the_query_and_of_the_function_are_not_the_same() -> None:
    prefix = data_prefix("!{partitionKeyFromQuery:k}/!{partitionKeyFromLambda:k}/", is_dynamic=True)
    assert prefix.keys == ("partitionKeyFromQuery:k", "partitionKeyFromLambda:k")
    keys = {"partitionKeyFromQuery:k": "a", "partitionKeyFromLambda:k": "b"}
    assert prefix.evaluated(MORNING, keys=keys) == "a/b/"


def test_key_without_a_value_is_named() -> None:
    with pytest.raises(ValueError, match="the partition key `k` has no value"):
        data_prefix("!{partitionKeyFromQuery:k}/", is_dynamic=True).evaluated(MORNING)


def test_every_random_string_is_another() -> None:
    uuids = iter(["a" * 36, "b" * 36])
    prefix = parsed_prefix("!{firehose:random-string}/!{firehose:random-string}/")
    assert prefix.evaluated(MORNING, uuid=lambda: next(uuids)) == f"{'a' * 11}/{'b' * 11}/"


def test_evaluated_prefix_has_a_longest_length() -> None:
    assert len(evaluated("a" * 512)) == 512
    with pytest.raises(ValueError, match="up to 512 characters, this has 513"):
        evaluated("a" * 513)


def test_times_are_in_the_zone_of_the_delivery() -> None:
    tokyo = datetime(2018, 8, 27, 20, 30, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    assert evaluated("!{timestamp:yyyy-MM-dd HH}", tokyo) == "2018-08-28 05"


SCHEMA = record_schema({"country": "string", "at": "timestamp"})
granularities = st.sampled_from(["month", "day", "hour"])
levels = st.one_of(granularities.map("{}(arrival)".format), granularities.map("{}(at)".format), st.just("country"))


def column(partition: str) -> str:
    return archive([partition]).partition_by[0].column


def archive(partitions: list[str]) -> S3Destination:
    return S3Destination.model_validate({"kind": "s3", "partition_by": partitions})


@given(
    partitions=st.lists(levels, min_size=1, max_size=3, unique_by=column),
    moment=st.integers(1_735_689_600, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    value=st.sampled_from(["de", "none", "São Tomé"]),
)
def test_every_prefix_of_our_plans_evaluates_to_a_path_of_its_template(
    partitions: list[str], moment: datetime, value: str
) -> None:
    folders = plan_folders("lake", archive(partitions), SCHEMA)
    is_dynamic = any(not partition.endswith("(arrival)") for partition in partitions)
    prefix = data_prefix(folders.prefix, is_dynamic=is_dynamic)
    path = prefix.evaluated(moment, keys=dict.fromkeys(prefix.keys, value))
    java = {"yyyy-MM": "%Y-%m", "yyyy-MM-dd": "%Y-%m-%d", "yyyy-MM-dd-HH": "%Y-%m-%d-%H"}
    expected = folders.template
    for level in folders.levels:
        at = "" if level.query else moment.strftime(java[level.projection["format"]])
        expected = expected.replace(f"${{{level.column}}}", at or value)
    assert path == expected
    errors = error_prefix(folders.error_prefix, folders.prefix)
    assert errors.evaluated(moment, error_type="bad") == f"errors/lake/bad/{moment:%Y-%m-%d}/"

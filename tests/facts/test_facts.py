"""Facts have a source and a date, and agree with CloudFormation's own schemas where these say the same."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, get_args

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

import streaming_constructs.facts as package
from streaming_constructs.facts import event_source, kinesis, metrics
from streaming_constructs.facts.fact import Fact, Range
from streaming_constructs.facts.firehose import DestinationFacts
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.facts.replacement import CREATE_ONLY_PROPERTIES, WRITTEN_PROPERTIES
from streaming_constructs.spec.function import LogRetentionDays
from streaming_constructs.spec.streams.kinesis import ShardLevelMetric

MODULES = sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def inside(value: Any) -> Iterator[tuple[str, Any]]:
    """The facts in a value: itself, or those of a table or of a row, each with its key."""
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, DestinationFacts):
        for field in fields(value):
            row = getattr(value, field.name)
            yield from ((field.name, one) for one in (row if isinstance(row, tuple) else (row,)))
    else:
        yield "", value


def facts() -> Iterator[tuple[str, Fact | Range | Metric]]:
    """Every fact, by what it is called."""
    for module in MODULES:
        for name, value in vars(importlib.import_module(f"streaming_constructs.facts.{module}")).items():
            for key, one in inside(value):
                if isinstance(one, Fact | Range | Metric):
                    yield f"{module}.{name}.{key}".rstrip("."), one


def schema(resource: str) -> dict[str, Any]:
    found: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource).schema
    return found


def test_every_fact_names_a_page_of_aws_and_the_day_it_was_read() -> None:
    # What AWS does not say is taken from who met it.
    pages = (
        "https://docs.aws.amazon.com/",
        "https://aws.amazon.com/kinesis/data-streams/pricing/",
        "https://github.com/",
    )
    pages = ("https://docs.aws.amazon.com/", "https://aws.amazon.com/", "https://github.com/")
    assert [name for name, fact in facts() if not fact.source.startswith(pages)] == []
    assert [name for name, fact in facts() if date.fromisoformat(fact.checked) < date(2026, 1, 1)] == []
    assert [name for name, fact in facts() if not fact.unit] == []


def test_ranges_are_not_empty() -> None:
    assert [name for name, fact in facts() if isinstance(fact, Range) and fact.minimum >= fact.maximum] == []


@pytest.mark.parametrize("resource", sorted(CREATE_ONLY_PROPERTIES))
def test_create_only_properties_are_those_of_the_schema(resource: str) -> None:
    paths = schema(resource).get("createOnlyProperties", [])
    assert sorted(path.removeprefix("/properties/") for path in paths) == list(CREATE_ONLY_PROPERTIES[resource])


MAPPING = "AWS::Lambda::EventSourceMapping"


@pytest.mark.parametrize(
    ("resource", "prop", "ours"),
    [
        (MAPPING, "BatchSize", event_source.BATCH_SIZE),
        (MAPPING, "MaximumBatchingWindowInSeconds", event_source.BATCHING_WINDOW_SECONDS),
        (MAPPING, "ParallelizationFactor", event_source.PARALLELIZATION_FACTOR),
        (MAPPING, "TumblingWindowInSeconds", Range(0, event_source.TUMBLING_WINDOW_SECONDS.maximum, "", "")),
        (MAPPING, "MaximumRetryAttempts", Range(-1, event_source.RETRY_ATTEMPTS.maximum, "", "")),
        (MAPPING, "MaximumRecordAgeInSeconds", Range(-1, event_source.RECORD_AGE_SECONDS.maximum, "", "")),
        ("AWS::Kinesis::Stream", "MaxRecordSizeInKiB", kinesis.MAX_RECORD_KIB),
        ("AWS::Kinesis::Stream", "ShardCount", kinesis.SHARD_COUNT),
        ("AWS::Kinesis::Stream", "RetentionPeriodHours", Range(1, kinesis.RETENTION_HOURS.maximum, "", "")),
    ],
    ids=lambda value: value if isinstance(value, str) and "::" not in value else "",
)
def test_ranges_agree_with_cloudformation(resource: str, prop: str, ours: Range) -> None:
    """Where ours start later, AWS's least value is one that the language leaves out, or that the API refuses."""
    stated = schema(resource)["properties"][prop]
    assert stated.get("minimum", ours.minimum) == ours.minimum
    assert stated.get("maximum", ours.maximum) == ours.maximum
    assert {"minimum", "maximum"} & stated.keys()


def test_filters_agree_with_cloudformation() -> None:
    definitions = schema(MAPPING)["definitions"]
    assert definitions["FilterCriteria"]["properties"]["Filters"]["maxItems"] >= event_source.FILTERS.maximum
    assert definitions["Filter"]["properties"]["Pattern"]["maxLength"] == event_source.FILTER_PATTERN_CHARACTERS.value


def test_functions_agree_with_cloudformation() -> None:
    properties = schema("AWS::Lambda::Function")["properties"]
    assert properties["Timeout"]["minimum"] == event_source.FUNCTION_TIMEOUT_SECONDS.minimum
    assert properties["MemorySize"]["minimum"] == event_source.FUNCTION_MEMORY_MIB.minimum
    assert properties["Layers"]["maxItems"] == event_source.FUNCTION_LAYERS.maximum


def test_alarms_agree_with_cloudformation() -> None:
    actions = schema("AWS::CloudWatch::Alarm")["properties"]["AlarmActions"]
    assert actions["maxUniqueItems"] == metrics.ALARM_ACTIONS.value


def test_choices_agree_with_cloudformation() -> None:
    days = schema("AWS::Logs::LogGroup")["properties"]["RetentionInDays"]["enum"]
    literal, *_ = get_args(LogRetentionDays)
    assert list(get_args(literal)) == days
    published = schema("AWS::Kinesis::Stream")["definitions"]["EnhancedMetric"]["enum"]
    assert set(get_args(ShardLevelMetric)) == set(kinesis.SHARD_LEVEL_METRICS) == set(published) - {"ALL"}


def test_one_shard_is_one_mebibyte_and_a_thousand_records() -> None:
    shard = (
        kinesis.SHARD_WRITE_MIB_PER_SECOND,
        kinesis.SHARD_WRITE_RECORDS_PER_SECOND,
        kinesis.SHARD_READ_MIB_PER_SECOND,
        kinesis.SHARD_GET_RECORDS_PER_SECOND,
    )
    assert [fact.value for fact in shard] == [1, 1000, 2, 5]


@pytest.mark.parametrize("resource", sorted(WRITTEN_PROPERTIES))
def test_what_decides_over_what_was_written_is_in_the_schema_and_replaces_nothing(resource: str) -> None:
    stated = schema(resource)
    assert resource in CREATE_ONLY_PROPERTIES
    for path in WRITTEN_PROPERTIES[resource]:
        assert path not in CREATE_ONLY_PROPERTIES[resource]
        assert path.partition("/")[0] in stated["properties"]

"""Facts about Firehose, logs and Athena agree with CloudFormation's schemas, and with one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from streaming_constructs.facts import athena, firehose, logs, permissions
from streaming_constructs.facts.fact import Range
from streaming_constructs.kinds import kinds_of
from streaming_constructs.spec.section import model_of

if TYPE_CHECKING:
    from streaming_constructs.spec.deliveries.destination import DestinationSpec

DESTINATIONS = {kind: model_of(row) for kind, row in kinds_of("destinations").items() if not row.like}
FACTS = {kind: cast("type[DestinationSpec]", model).facts for kind, model in DESTINATIONS.items()}
BUFFERS = {
    "s3": "BufferingHints",
    "opensearch": "AmazonopensearchserviceBufferingHints",
    "opensearch_serverless": "AmazonOpenSearchServerlessBufferingHints",
    "splunk": "SplunkBufferingHints",
    "snowflake": "SnowflakeBufferingHints",
}
RETRIES = {
    "s3": "RetryOptions",
    "opensearch": "AmazonopensearchserviceRetryOptions",
    "opensearch_serverless": "AmazonOpenSearchServerlessRetryOptions",
    "redshift": "RedshiftRetryOptions",
    "splunk": "SplunkRetryOptions",
    "http": "RetryOptions",
    "snowflake": "SnowflakeRetryOptions",
    "iceberg": "RetryOptions",
}
MIB = 1024 * 1024


def properties(resource: str, definition: str = "") -> dict[str, Any]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource).schema
    found: dict[str, Any] = schema["definitions"][definition]["properties"] if definition else schema["properties"]
    return found


def firehose_properties(definition: str) -> dict[str, Any]:
    return properties("AWS::KinesisFirehose::DeliveryStream", definition)


def bounds(stated: dict[str, Any]) -> tuple[int, int]:
    return stated["minimum"], stated["maximum"]


def ends(ours: Range) -> tuple[int, int]:
    return ours.minimum, ours.maximum


def test_every_destination_is_a_property_of_the_delivery_stream() -> None:
    stated = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::KinesisFirehose::DeliveryStream").schema
    assert {facts.configuration for facts in FACTS.values()} <= set(stated["properties"])


@pytest.mark.parametrize("kind", BUFFERS)
def test_buffers_agree_with_cloudformation(kind: str) -> None:
    stated = firehose_properties(BUFFERS[kind])
    assert bounds(stated["SizeInMBs"]) == ends(FACTS[kind].buffer_mb)
    assert bounds(stated["IntervalInSeconds"]) == ends(FACTS[kind].buffer_seconds)


@pytest.mark.parametrize("kind", FACTS)
def test_buffers_that_share_a_property_lie_within_it(kind: str) -> None:
    widest, facts = firehose.S3, FACTS[kind]
    assert widest.buffer_mb.minimum <= facts.buffer_mb.minimum < facts.buffer_mb.maximum <= widest.buffer_mb.maximum
    assert facts.buffer_seconds.maximum <= widest.buffer_seconds.maximum
    assert facts.default_buffer_mb.value in facts.buffer_mb
    assert facts.default_buffer_seconds.value in facts.buffer_seconds


@pytest.mark.parametrize(
    "ours", [firehose.BACKUP_BUFFER_MIB, firehose.CONVERSION_BUFFER_MIB, firehose.DYNAMIC_PARTITIONING_BUFFER_MIB]
)
def test_buffers_of_features_start_later_and_end_where_s3_ends(ours: Range) -> None:
    assert ours.minimum >= firehose.S3.buffer_mb.minimum
    assert ours.maximum == firehose.S3.buffer_mb.maximum


@pytest.mark.parametrize("vendor", [firehose.DATADOG_BUFFER_MB, firehose.MONGODB_BUFFER_MB])
def test_vendors_take_less_than_an_endpoint(vendor: Range) -> None:
    assert firehose.HTTP.buffer_mb.minimum <= vendor.minimum < vendor.maximum < firehose.HTTP.buffer_mb.maximum


def test_what_cannot_do_without_buffering_starts_at_a_minute() -> None:
    for ours in (firehose.BACKUP_BUFFER_SECONDS, firehose.DYNAMIC_PARTITIONING_BUFFER_SECONDS):
        assert ends(ours) == (60, 900)


@pytest.mark.parametrize("kind", RETRIES)
def test_retries_agree_with_cloudformation(kind: str) -> None:
    assert bounds(firehose_properties(RETRIES[kind])["DurationInSeconds"]) == ends(FACTS[kind].retry_seconds)


@pytest.mark.parametrize("kind", FACTS)
def test_backup_modes_agree_with_cloudformation(kind: str) -> None:
    stated = firehose_properties(FACTS[kind].configuration)
    mode = stated["s3BackupMode" if kind == "iceberg" else "S3BackupMode"]
    assert sorted(mode["enum"]) == sorted(FACTS[kind].backup_modes)
    lesser, greater = FACTS[kind].backup_modes
    assert lesser.startswith(("Disabled", "Failed"))
    assert greater.startswith(("Enabled", "All"))


@pytest.mark.parametrize("kind", FACTS)
def test_success_is_a_share_but_of_http_endpoints(kind: str) -> None:
    """A failed request to an HTTP endpoint counts 0 records as delivered: their average says nothing."""
    facts = FACTS[kind]
    assert facts.success.statistic == ("Minimum" if facts.configuration == firehose.HTTP.configuration else "Average")
    assert {metric.statistic for metric in facts.backup_success if metric is not None} <= {"Average"}


def test_what_a_destination_did_not_take_is_counted_where_s3_is() -> None:
    of_failed = {kind: facts.backup_success[0] for kind, facts in FACTS.items()}
    assert {metric.name for metric in of_failed.values() if metric is not None} == {"DeliveryToS3.Success"}
    assert of_failed["s3"] is None
    assert {kind for kind, facts in FACTS.items() if facts.unauthorized} <= {
        kind for kind, facts in FACTS.items() if facts.refused
    }


def test_numbers_of_firehose_agree_with_cloudformation() -> None:
    splunk = firehose_properties("SplunkDestinationConfiguration")["HECAcknowledgmentTimeoutInSeconds"]
    assert bounds(splunk) == ends(firehose.SPLUNK_ACKNOWLEDGEMENT_SECONDS)
    parquet, orc = firehose_properties("ParquetSerDe"), firehose_properties("OrcSerDe")
    assert parquet["BlockSizeBytes"]["minimum"] == firehose.PARQUET_BLOCK_MIB.minimum * MIB
    assert orc["StripeSizeBytes"]["minimum"] == firehose.ORC_STRIPE_MIB.minimum * MIB
    # These properties are 32-bit integers.
    for mib in (firehose.PARQUET_BLOCK_MIB.maximum, firehose.ORC_STRIPE_MIB.maximum):
        assert mib * MIB < 2**31


def test_texts_of_firehose_agree_with_cloudformation() -> None:
    s3 = firehose_properties("ExtendedS3DestinationConfiguration")
    assert s3["Prefix"]["maxLength"] == firehose.PREFIX_PROPERTY_CHARACTERS.value
    assert s3["Prefix"]["maxLength"] >= firehose.PREFIX_CHARACTERS.value
    parameter = firehose_properties("ProcessorParameter")["ParameterValue"]
    assert parameter["maxLength"] == firehose.PROCESSOR_PARAMETER_CHARACTERS.value


def test_every_processor_has_its_place() -> None:
    types = firehose_properties("Processor")["Type"]["enum"]
    assert sorted(firehose.PROCESSOR_ORDER) == sorted(types)


def test_subscriptions_agree_with_cloudformation() -> None:
    policy = properties("AWS::Logs::AccountPolicy")
    assert policy["PolicyName"]["maxLength"] == logs.POLICY_NAME_CHARACTERS.maximum
    destination = properties("AWS::Logs::Destination")["DestinationName"]
    assert destination["maxLength"] == logs.DESTINATION_NAME_CHARACTERS.maximum


def test_excluded_log_groups_fit_in_the_selection_criteria_whatever_they_are_called() -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
    longest_name, most_bytes = 512, 25 * 1024
    names = ", ".join(f'"{"x" * longest_name}"' for _ in range(logs.EXCLUDED_LOG_GROUPS.maximum))
    assert len(logs.SELECTION_CRITERIA.format(names=names)) <= most_bytes


def test_queries_agree_with_cloudformation() -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::Athena::WorkGroup").schema
    least = schema["definitions"]["BytesScannedCutoffPerQuery"]["minimum"]
    assert (athena.SCAN_LIMIT_MIB.minimum - 1) * MIB < least <= athena.SCAN_LIMIT_MIB.minimum * MIB


def granted() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in vars(permissions).items():
        if not name.isupper() or name == "OPENSEARCH_READ_PATHS":
            continue
        found |= dict(flattened(name, value))
    return found


def flattened(name: str, value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from flattened(f"{name} {key}", one)
    else:
        yield name, value


@pytest.mark.parametrize("name", granted())
def test_permissions_are_single_actions_in_order(name: str) -> None:
    actions = granted()[name]
    assert actions
    assert list(actions) == sorted(set(actions))
    for action in actions:
        assert re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+", action)


def test_what_firehose_reads_of_a_domain_names_the_index_twice() -> None:
    paths = [path.format(index="logs") for path in permissions.OPENSEARCH_READ_PATHS]
    assert [path for path in paths if "logs" in path] == ["logs/_mapping/*", "logs/_stats"]
    assert not [path for path in paths if path.startswith("/")]

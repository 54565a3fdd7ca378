"""Facts about Firehose, logs and Athena agree with CloudFormation's schemas, and with one another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from streaming_constructs.facts import athena, firehose, logs, permissions
from streaming_constructs.facts.fact import Fact, Range

DESTINATIONS = {
    "s3": "ExtendedS3",
    "opensearch": "Amazonopensearchservice",
    "opensearch_serverless": "AmazonOpenSearchServerless",
    "redshift": "Redshift",
    "splunk": "Splunk",
    "http": "HttpEndpoint",
    "snowflake": "Snowflake",
    "iceberg": "Iceberg",
}
BUFFERS = {
    "s3": "BufferingHints",
    "opensearch": "AmazonopensearchserviceBufferingHints",
    "opensearch_serverless": "AmazonOpenSearchServerlessBufferingHints",
    "splunk": "SplunkBufferingHints",
    "snowflake": "SnowflakeBufferingHints",
}
RETRIES = {
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


def test_every_destination_has_its_values() -> None:
    vendors = {"http_datadog", "http_mongodb"}
    for values in (firehose.BUFFER_MIB, firehose.BUFFER_SECONDS):
        assert set(values) == set(DESTINATIONS) | vendors
    assert set(firehose.BACKUP_MODES) == set(DESTINATIONS)
    assert set(firehose.RETRY_SECONDS) == set(DESTINATIONS) - {"s3"}
    assert set(firehose.SMALL_RECORD_DESTINATIONS) | set(firehose.DECOMPRESSION_DESTINATIONS) <= set(DESTINATIONS)


@pytest.mark.parametrize("kind", BUFFERS)
def test_buffers_agree_with_cloudformation(kind: str) -> None:
    stated = firehose_properties(BUFFERS[kind])
    assert bounds(stated["SizeInMBs"]) == ends(firehose.BUFFER_MIB[kind])
    assert bounds(stated["IntervalInSeconds"]) == ends(firehose.BUFFER_SECONDS[kind])


@pytest.mark.parametrize("kind", firehose.BUFFER_MIB)
def test_buffers_that_share_a_property_lie_within_it(kind: str) -> None:
    widest = firehose.BUFFER_MIB["s3"]
    assert widest.minimum <= firehose.BUFFER_MIB[kind].minimum < firehose.BUFFER_MIB[kind].maximum <= widest.maximum
    assert firehose.BUFFER_SECONDS[kind].maximum <= firehose.BUFFER_SECONDS["s3"].maximum


@pytest.mark.parametrize(
    "ours", [firehose.BACKUP_BUFFER_MIB, firehose.CONVERSION_BUFFER_MIB, firehose.DYNAMIC_PARTITIONING_BUFFER_MIB]
)
def test_buffers_of_features_start_later_and_end_where_s3_ends(ours: Range) -> None:
    assert ours.minimum >= firehose.BUFFER_MIB["s3"].minimum
    assert ours.maximum == firehose.BUFFER_MIB["s3"].maximum


def test_what_cannot_do_without_buffering_starts_at_a_minute() -> None:
    for ours in (firehose.BACKUP_BUFFER_SECONDS, firehose.DYNAMIC_PARTITIONING_BUFFER_SECONDS):
        assert ends(ours) == (60, 900)


@pytest.mark.parametrize(
    ("defaults", "ranges"),
    [
        (firehose.DEFAULT_BUFFER_MIB, firehose.BUFFER_MIB),
        (firehose.DEFAULT_BUFFER_SECONDS, firehose.BUFFER_SECONDS),
        (firehose.DEFAULT_RETRY_SECONDS, firehose.RETRY_SECONDS),
        (
            firehose.DEFAULT_TRANSFORM_BUFFER_SECONDS,
            dict.fromkeys(firehose.BUFFER_MIB, firehose.TRANSFORM_BUFFER_SECONDS),
        ),
    ],
    ids=["buffer_mib", "buffer_seconds", "retry_seconds", "transform_seconds"],
)
def test_defaults_lie_within_what_is_accepted(defaults: dict[str, Fact], ranges: dict[str, Range]) -> None:
    for kind, fact in defaults.items():
        assert ranges[kind].minimum <= fact.value <= ranges[kind].maximum, kind
        assert ranges[kind].unit == fact.unit


def test_defaults_without_a_destination_lie_within_too() -> None:
    retry = firehose.DYNAMIC_PARTITIONING_RETRY_SECONDS
    assert retry.minimum <= firehose.DEFAULT_DYNAMIC_PARTITIONING_RETRY_SECONDS.value <= retry.maximum
    retries = firehose.TRANSFORM_RETRIES
    assert retries.minimum <= firehose.DEFAULT_TRANSFORM_RETRIES.value <= retries.maximum
    for fact in firehose.DEFAULT_TRANSFORM_BUFFER_MIB.values():
        assert firehose.TRANSFORM_BUFFER_MIB_LEAST.value <= fact.value <= firehose.TRANSFORM_BUFFER_MIB_MOST.value
    for ours, default in (
        (firehose.CONVERSION_BUFFER_MIB, firehose.CONVERSION_DEFAULT_BUFFER_MIB),
        (firehose.PARQUET_BLOCK_MIB, firehose.DEFAULT_PARQUET_BLOCK_MIB),
        (firehose.PARQUET_PAGE_KIB, firehose.DEFAULT_PARQUET_PAGE_KIB),
        (firehose.ORC_STRIPE_MIB, firehose.DEFAULT_ORC_STRIPE_MIB),
    ):
        assert ours.minimum <= default.value <= ours.maximum


@pytest.mark.parametrize("kind", RETRIES)
def test_retries_agree_with_cloudformation(kind: str) -> None:
    assert bounds(firehose_properties(RETRIES[kind])["DurationInSeconds"]) == ends(firehose.RETRY_SECONDS[kind])


@pytest.mark.parametrize("kind", DESTINATIONS)
def test_backup_modes_agree_with_cloudformation(kind: str) -> None:
    stated = firehose_properties(f"{DESTINATIONS[kind]}DestinationConfiguration")
    mode = stated["s3BackupMode" if kind == "iceberg" else "S3BackupMode"]
    assert sorted(mode["enum"]) == sorted(firehose.BACKUP_MODES[kind])
    lesser, greater = firehose.BACKUP_MODES[kind]
    assert lesser.startswith(("Disabled", "Failed"))
    assert greater.startswith(("Enabled", "All"))


def test_numbers_of_firehose_agree_with_cloudformation() -> None:
    splunk = firehose_properties("SplunkDestinationConfiguration")["HECAcknowledgmentTimeoutInSeconds"]
    assert bounds(splunk) == ends(firehose.SPLUNK_ACKNOWLEDGEMENT_SECONDS)
    hint = firehose_properties("DirectPutSourceConfiguration")["ThroughputHintInMBs"]
    assert bounds(hint) == ends(firehose.THROUGHPUT_HINT_MIB)
    parquet, orc = firehose_properties("ParquetSerDe"), firehose_properties("OrcSerDe")
    assert parquet["BlockSizeBytes"]["minimum"] == firehose.PARQUET_BLOCK_MIB.minimum * MIB
    assert parquet["PageSizeBytes"]["minimum"] == firehose.PARQUET_PAGE_KIB.minimum * 1024
    assert orc["StripeSizeBytes"]["minimum"] == firehose.ORC_STRIPE_MIB.minimum * MIB
    # These properties are 32-bit integers.
    for mib in (
        firehose.PARQUET_BLOCK_MIB.maximum,
        firehose.ORC_STRIPE_MIB.maximum,
        firehose.PARQUET_PAGE_KIB.maximum / 1024,
    ):
        assert mib * MIB < 2**31
    vpc = firehose_properties("VpcConfiguration")
    assert vpc["SubnetIds"]["maxItems"] == firehose.VPC_SUBNETS.maximum
    assert vpc["SecurityGroupIds"]["maxItems"] == firehose.VPC_SECURITY_GROUPS.maximum


def test_texts_of_firehose_agree_with_cloudformation() -> None:
    s3 = firehose_properties("ExtendedS3DestinationConfiguration")
    assert s3["Prefix"]["maxLength"] == firehose.PREFIX_PROPERTY_CHARACTERS.value
    assert s3["Prefix"]["maxLength"] >= firehose.PREFIX_CHARACTERS.value
    assert s3["FileExtension"]["maxLength"] == firehose.FILE_EXTENSION_CHARACTERS.value
    for kind in ("opensearch", "opensearch_serverless"):
        index = firehose_properties(f"{DESTINATIONS[kind]}DestinationConfiguration")["IndexName"]
        assert index["maxLength"] == firehose.INDEX_NAME_CHARACTERS.value
    parameter = firehose_properties("ProcessorParameter")["ParameterValue"]
    assert parameter["maxLength"] == firehose.PROCESSOR_PARAMETER_CHARACTERS.value


def test_every_processor_has_its_place() -> None:
    types = firehose_properties("Processor")["Type"]["enum"]
    assert sorted(firehose.PROCESSOR_ORDER) == sorted(types)


def test_large_regions_take_more() -> None:
    assert firehose.DIRECT_PUT_MIB_PER_SECOND.value < firehose.DIRECT_PUT_MIB_PER_SECOND_LARGE_REGIONS.value
    assert firehose.DIRECT_PUT_RECORDS_PER_SECOND.value < firehose.DIRECT_PUT_RECORDS_PER_SECOND_LARGE_REGIONS.value
    assert firehose.DIRECT_PUT_REQUESTS_PER_SECOND.value < firehose.DIRECT_PUT_REQUESTS_PER_SECOND_LARGE_REGIONS.value


def test_subscriptions_agree_with_cloudformation() -> None:
    stated = properties("AWS::Logs::SubscriptionFilter")
    assert tuple(stated["Distribution"]["enum"]) == logs.DISTRIBUTIONS
    policy = properties("AWS::Logs::AccountPolicy")
    assert policy["PolicyName"]["maxLength"] == logs.POLICY_NAME_CHARACTERS.maximum
    assert policy["PolicyDocument"]["maxLength"] == logs.POLICY_DOCUMENT_CHARACTERS.value
    destination = properties("AWS::Logs::Destination")["DestinationName"]
    assert destination["maxLength"] == logs.DESTINATION_NAME_CHARACTERS.maximum
    assert destination["pattern"] == logs.DESTINATION_NAME
    group = properties("AWS::Logs::LogGroup")["LogGroupName"]
    assert group["maxLength"] == logs.LOG_GROUP_NAME_CHARACTERS.maximum


@pytest.mark.parametrize("name", ["/aws/lambda/a", "a.b-c_d#1/E", "x" * 512])
def test_names_of_log_groups(name: str) -> None:
    assert re.match(logs.LOG_GROUP_NAME, name)


@pytest.mark.parametrize("name", ["", "a b", "a*", "x" * 513])
def test_what_no_log_group_is_called(name: str) -> None:
    assert not re.match(logs.LOG_GROUP_NAME, name)


def test_excluded_log_groups_fit_in_the_selection_criteria_whatever_they_are_called() -> None:
    names = ", ".join(
        f'"{"x" * logs.LOG_GROUP_NAME_CHARACTERS.maximum}"' for _ in range(logs.EXCLUDED_LOG_GROUPS.maximum)
    )
    assert len(logs.SELECTION_CRITERIA.format(names=names)) <= logs.SELECTION_CRITERIA_BYTES.value


def test_tables_agree_with_cloudformation() -> None:
    column = properties("AWS::Glue::Table", "Column")
    assert column["Name"]["maxLength"] == athena.NAME_BYTES.maximum
    assert column["Comment"]["maxLength"] == athena.COMMENT_CHARACTERS.value
    assert column["Type"]["maxLength"] == athena.COLUMN_TYPE_CHARACTERS.value
    table = properties("AWS::Glue::Table", "TableInput")
    assert table["Name"]["maxLength"] == athena.NAME_BYTES.maximum
    assert table["Description"]["maxLength"] == athena.TABLE_DESCRIPTION_CHARACTERS.value


def test_queries_agree_with_cloudformation() -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::Athena::WorkGroup").schema
    least = schema["definitions"]["BytesScannedCutoffPerQuery"]["minimum"]
    assert least == athena.SCAN_LIMIT_BYTES_LEAST.value
    assert (athena.SCAN_LIMIT_MIB.minimum - 1) * MIB < least <= athena.SCAN_LIMIT_MIB.minimum * MIB
    assert properties("AWS::Athena::NamedQuery")["QueryString"]["maxLength"] == athena.QUERY_BYTES.value


@pytest.mark.parametrize("end", ["NOW", "NOW-3YEARS", "NOW+1DAY", "NOW - 1 MONTH"])
def test_relative_ends_of_ranges(end: str) -> None:
    assert re.match(athena.PROJECTION_NOW, end)


@pytest.mark.parametrize("end", ["now", "NOW-3", "NOW-YEARS", "NOW+1FORTNIGHT", "2026/01/01"])
def test_what_is_no_relative_end(end: str) -> None:
    assert not re.match(athena.PROJECTION_NOW, end)


def granted() -> dict[str, tuple[str, ...]]:
    other = {"OPENSEARCH_READ_PATHS"}
    return {name: value for name, value in vars(permissions).items() if name.isupper() and name not in other}


@pytest.mark.parametrize("name", granted())
def test_permissions_are_single_actions_in_order(name: str) -> None:
    actions = granted()[name]
    assert actions
    assert list(actions) == sorted(set(actions))
    for action in actions:
        assert re.fullmatch(r"[a-z0-9]+:[A-Z][A-Za-z0-9]+", action)


def test_what_firehose_reads_of_a_domain_names_the_index_twice() -> None:
    paths = [path.format(index="logs") for path in permissions.OPENSEARCH_READ_PATHS]
    assert [path for path in paths if "logs" in path] == ["logs*/_mapping/*", "logs*/_stats"]
    assert not [path for path in paths if path.startswith("/")]

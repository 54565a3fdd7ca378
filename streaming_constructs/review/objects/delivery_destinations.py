"""What a delivery stream delivers to, as rules ask it: kinds of destinations, their defaults, and whether the kind stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from streaming_constructs.facts import firehose as facts
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.meaning import Changed, PropertyRule, means
from streaming_constructs.review.objects.object_places import DELIVERY

DESTINATIONS: Mapping[str, facts.DestinationFacts] = {
    **{
        row.configuration: row
        for row in (
            facts.S3,
            facts.OPENSEARCH,
            facts.OPENSEARCH_SERVERLESS,
            facts.REDSHIFT,
            facts.SPLUNK,
            facts.HTTP,
            facts.SNOWFLAKE,
            facts.ICEBERG,
        )
    },
    "S3DestinationConfiguration": facts.S3,
    "ElasticsearchDestinationConfiguration": facts.OPENSEARCH,
}
"""The kinds of destinations, with what is known of each."""
S3_NAMES = ("ExtendedS3DestinationConfiguration", "S3DestinationConfiguration")
SEARCH_NAMES = ("AmazonopensearchserviceDestinationConfiguration", "ElasticsearchDestinationConfiguration")
CONVERSION = "ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration"
DYNAMIC = "ExtendedS3DestinationConfiguration.DynamicPartitioningConfiguration"
SERIALIZER = f"{CONVERSION}.OutputFormatConfiguration.Serializer"
RETRIES: Mapping[str, float | None] = {
    "*.RetryOptions.DurationInSeconds": None,
    f"{DYNAMIC}.RetryOptions.DurationInSeconds": facts.DYNAMIC_PARTITIONING_RETRY_SECONDS.value,
    "RedshiftDestinationConfiguration.RetryOptions.DurationInSeconds": facts.REDSHIFT_RETRY_SECONDS.value,
    **{
        f"{name}.RetryOptions.DurationInSeconds": facts.OPENSEARCH_RETRY_SECONDS.value
        for name in (*SEARCH_NAMES, facts.OPENSEARCH_SERVERLESS.configuration)
    },
}
"""How long delivery is tried again, with what it is where it is left out; None where AWS does not say."""


def _defaults() -> Iterator[tuple[str, Any]]:
    for name, row in DESTINATIONS.items():
        yield f"{name}.BufferingHints.SizeInMBs", row.default_buffer_mb.value
        yield f"{name}.BufferingHints.IntervalInSeconds", row.default_buffer_seconds.value
        yield f"{name}.{'s3' if row is facts.ICEBERG else 'S3'}BackupMode", row.backup_modes[0]
    for within in ("*", "*.S3Configuration", "*.S3BackupConfiguration"):
        yield f"{within}.CompressionFormat", "UNCOMPRESSED"
        yield f"{within}.CloudWatchLoggingOptions.Enabled", False
        yield f"{within}.EncryptionConfiguration.NoEncryptionConfig", "NoEncryption"
    yield "DeliveryStreamType", "DirectPut"
    yield f"{CONVERSION}.Enabled", True
    yield f"{DYNAMIC}.Enabled", False
    yield from ((path, default) for path, default in RETRIES.items() if default is not None)


is_by_default(DELIVERY, dict(_defaults()))


def destination_of(stream: Resource) -> str:
    """The property that configures the destination of a delivery stream, or an empty string.

    Args:
        stream: The delivery stream.
    """
    return next((name for name in DESTINATIONS if stream.at(name) is not None), "")


def stays(changed: Changed) -> bool:
    """Whether the destination is of the kind that it was, and has a backup as it had: what is switched is told as one.

    Args:
        changed: A property of it.
    """
    if destination_of(changed.old_resource) != destination_of(changed.new_resource):
        return False
    part = [str(step) for step in changed.path[:2]]
    if len(part) < 2 or part[1] != "S3BackupConfiguration":
        return True
    return all(resource.at(*part) is not None for resource in (changed.old_resource, changed.new_resource))


def of_destination(*paths: str) -> Callable[[PropertyRule], PropertyRule]:
    """Registers a rule for properties of destinations, which is asked where the kind of destination stays.

    Args:
        paths: The properties; the first step is the kind of destination, or `*`.
    """

    def register(rule: PropertyRule) -> PropertyRule:
        return means(DELIVERY, *paths)(lambda changed: rule(changed) if stays(changed) else ())

    return register

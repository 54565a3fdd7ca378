"""Amazon Data Firehose: delivery streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.firehose.models import DeliveryStream, firehose_backends

from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, given
from streaming_constructs.local.aws.resources.s3 import place_of_buckets

_KIND = ("DeliveryStreamType", "DirectPutSourceConfiguration", "KinesisStreamSourceConfiguration")
_MSK = "MSKSourceConfiguration"
_S3 = "ExtendedS3DestinationConfiguration"
_DESTINATIONS = (
    "AmazonOpenSearchServerlessDestinationConfiguration",
    "AmazonopensearchserviceDestinationConfiguration",
    "ExtendedS3DestinationConfiguration",
    "HttpEndpointDestinationConfiguration",
    "IcebergDestinationConfiguration",
    "RedshiftDestinationConfiguration",
    "SnowflakeDestinationConfiguration",
    "SplunkDestinationConfiguration",
)
_MOTO_LACKS = _DESTINATIONS[:2]
"""Destinations that moto's CreateDeliveryStream does not take; it describes and deletes such streams all the same."""
_TAKEN = (*_KIND, *_DESTINATIONS, "DeliveryStreamEncryptionConfigurationInput", "Tags")


def _create(aws: Aws, name: str, properties: Properties) -> Created:
    for bucket in dict.fromkeys(_buckets(properties)):
        _stand_in(aws, bucket)
    unknown = next((destination for destination in _MOTO_LACKS if destination in properties), None)
    if unknown is None:
        values = {"DeliveryStreamName": name, **given(properties, _TAKEN)}
        arn = aws.call("firehose", "CreateDeliveryStream", values)["DeliveryStreamARN"]
        return Created(name, {"Arn": arn})
    described = DeliveryStream(
        ACCOUNT_ID,
        aws.region,
        name,
        properties.get("DeliveryStreamType", "DirectPut"),
        properties.get("DeliveryStreamEncryptionConfigurationInput", {}),
        properties.get("KinesisStreamSourceConfiguration", {}),
        unknown.removesuffix("DestinationConfiguration"),
        dict(properties[unknown]),
    )
    firehose_backends[ACCOUNT_ID][aws.region].delivery_streams[name] = described
    return Created(name, {"Arn": described.delivery_stream_arn})


def _buckets(value: Any) -> Iterator[str]:
    """The buckets that are written to, wherever in the properties they are named."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "BucketARN" and isinstance(inner, str):
                yield inner.rpartition(":")[2]
            else:
                yield from _buckets(inner)


def _stand_in(aws: Aws, bucket: str) -> None:
    """Creates a bucket that the system does not: on AWS it exists, and here it would lose what is delivered to it."""
    if bucket not in {existing["Name"] for existing in aws.client("s3").list_buckets()["Buckets"]}:
        aws.client("s3").create_bucket(Bucket=bucket, **place_of_buckets(aws))


def _update(aws: Aws, name: str, properties: Properties) -> None:
    if _is_dynamic(properties.get(_S3, {})) and not _is_dynamic(_delivered_as(aws, name)):
        raise ValueError("Firehose takes dynamic partitioning only when the stream is created")
    # The same name and ARN, so what has read up to where stays as it is; moto changes too little in place.
    _delete(aws, name, properties)
    _create(aws, name, properties)


def _delivered_as(aws: Aws, name: str) -> Mapping[str, Any]:
    """The destination in S3 as it is; empty where the stream writes elsewhere."""
    stream = firehose_backends[ACCOUNT_ID][aws.region].delivery_streams[name]
    found: Mapping[str, Any] = stream.destinations[0].get("ExtendedS3", {})
    return found


def _is_dynamic(to: Mapping[str, Any]) -> bool:
    """Whether partitions come out of the record.

    AWS refuses to begin with it later.
    Source: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_kinesisfirehose.DynamicPartitioningProps.html
    """
    return str(to.get("DynamicPartitioningConfiguration", {}).get("Enabled", False)).lower() == "true"


def _delete(aws: Aws, name: str, properties: Properties) -> None:
    aws.call("firehose", "DeleteDeliveryStream", {"DeliveryStreamName": name})


FIREHOSE = (
    ResourceType(
        "AWS::KinesisFirehose::DeliveryStream",
        takes=frozenset({*_TAKEN, _MSK, "DeliveryStreamName"}),
        create=_create,
        update=_update,
        delete=_delete,
        name="DeliveryStreamName",
        name_characters=64,
        create_only=frozenset({"DeliveryStreamName", *_KIND, _MSK}),
    ),
)

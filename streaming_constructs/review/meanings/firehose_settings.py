"""What changes of settings of a delivery stream mean: retries, buffers, processors, compression, encryption and roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts import firehose as facts
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import is_false, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.objects.delivery_destinations import RETRIES, of_destination, stays
from streaming_constructs.review.objects.object_places import DELIVERY
from streaming_constructs.review.rules.meaning_rows import Amount, Row, in_rows

_IN_BUCKETS = ("*", "*.S3Configuration", "*.S3BackupConfiguration")
"""What says how objects are written: a destination, and the bucket beside it."""


def _in_buckets(*names: str) -> tuple[str, ...]:
    return tuple(f"{within}.{name}" for within in _IN_BUCKETS for name in names)


in_rows(
    DELIVERY,
    *(
        Amount("REV317", "REV318", "delivery is tried again for", (path,), "s", default)
        for path, default in RETRIES.items()
    ),
    Row("REV319", "it delivers in portions of another size or age", _in_buckets("BufferingHints")),
    Row("REV319", "the size at which it delivers, in MiB", _in_buckets("BufferingHints.SizeInMBs")),
    Row("REV319", "the age at which it delivers, in seconds", _in_buckets("BufferingHints.IntervalInSeconds")),
    Row(
        "REV320",
        "objects are compressed, named or dated otherwise",
        (
            *_in_buckets("CompressionFormat"),
            "ExtendedS3DestinationConfiguration.FileExtension",
            "ExtendedS3DestinationConfiguration.CustomTimeZone",
        ),
        "see that whoever reads the objects takes both: those that are there stay as they are",
    ),
    Row(
        "REV311",
        "records arrive elsewhere",
        (
            "*.AccountUrl",
            "*.ClusterEndpoint",
            "*.ClusterJDBCURL",
            "*.CollectionEndpoint",
            "*.Database",
            "*.DestinationTableConfigurationList",
            "*.DomainARN",
            "*.EndpointConfiguration",
            "*.HECEndpoint",
            "*.IndexName",
            "*.IndexRotationPeriod",
            "*.S3BackupConfiguration.BucketARN",
            "*.S3Configuration.BucketARN",
            "*.Schema",
            "*.Table",
            "*.TypeName",
        ),
    ),
    Row(
        "REV304",
        "what the destination makes of a record is another",
        (
            "*.AppendOnly",
            "*.ContentColumnName",
            "*.CopyCommand",
            "*.DataLoadingOption",
            "*.DocumentIdOptions",
            "*.HECEndpointType",
            "*.MetaDataColumnName",
            "*.RequestConfiguration",
            "*.SchemaEvolutionConfiguration",
            "*.TableCreationConfiguration",
        ),
    ),
    Row("REV319", "it waits for an acknowledgement for another time", ("*.HECAcknowledgmentTimeoutInSeconds",)),
    Row(
        "REV325",
        "it delivers in the name of another",
        (
            *_in_buckets("RoleARN"),
            "*.EndpointConfiguration.AccessKey",
            "*.HECToken",
            "*.KeyPassphrase",
            "*.Password",
            "*.PrivateKey",
            "*.SecretsManagerConfiguration",
            "*.SnowflakeRoleConfiguration",
            "*.User",
            "*.Username",
        ),
        "see that the other one may do what it does: a delivery that is refused is tried again until records are too "
        "old",
    ),
    holds=stays,
)
in_rows(DELIVERY, Row("REV319", "the name of the endpoint is another", ("*.EndpointConfiguration.Name",)), holds=stays)


@of_destination("*.ProcessingConfiguration")
def processors(changed: Changed) -> Iterator[Meaning]:
    """What is done to records before they are delivered."""
    before, after = _processors(changed.old), _processors(changed.new)
    enabled = changed.new.get("Enabled") if isinstance(changed.new, Mapping) else changed.new
    if isinstance(enabled, Mapping):
        yield Meaning("REV321", f"whether records are processed is known at deployment only: {shown(enabled)}")
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield Meaning("REV321", f"records go through {name} no more: they arrive as it found them", _help_of(name))
        elif name not in before:
            yield Meaning(
                "REV321", f"records go through {name} before they are delivered: they arrive as it leaves them"
            )
        else:
            yield from _processor(name, before[name], after[name])


def _help_of(name: str) -> str:
    return "see that the destination takes both kinds of records" if name == "Lambda" else ""


def _processors(value: Any) -> dict[str, dict[str, Any]]:
    """The parameters of processors that are on, by type."""
    if not isinstance(value, Mapping) or is_false(value.get("Enabled")):
        return {}
    listed = value.get("Processors")
    found: dict[str, dict[str, Any]] = {}
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping):
            given = item.get("Parameters")
            parameters = [one for one in (given if isinstance(given, list) else ()) if isinstance(one, Mapping)]
            values = {shown(one.get("ParameterName")): one.get("ParameterValue") for one in parameters}
            found[shown(item.get("Type"))] = {**_DEFAULTS, **values}
    return found


_RETRIES = "NumberOfRetries"
_DEFAULTS = {_RETRIES: facts.TRANSFORM_RETRIES_DEFAULT.value}
_BUFFERS = ("BufferIntervalInSeconds", "BufferSizeInMBs")


def _processor(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Meaning]:
    for parameter in dict.fromkeys([*before, *after]):
        was, is_now = before.get(parameter), after.get(parameter)
        if same(was, is_now):
            continue
        said = f"`{parameter}` of {name} was {shown(was)} and is {shown(is_now)}"
        if parameter in _BUFFERS:
            yield Meaning("REV319", said)
        elif parameter == _RETRIES:
            less = (number(is_now) or 0) < (number(was) or 0)
            yield Meaning("REV317" if less else "REV318", said)
        elif parameter == "MetadataExtractionQuery":
            yield Meaning("REV321", f"{said}: records go to other folders than those that are there", about="partition")
        else:
            yield Meaning("REV321", said)


@means(DELIVERY, "DeliveryStreamEncryptionConfigurationInput")
def encryption_in_the_stream(changed: Changed) -> Iterator[Meaning]:
    """How records are encrypted while Firehose has them."""
    owned, customers = "AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"
    kinds = [value.get("KeyType") if isinstance(value, Mapping) else None for value in (changed.old, changed.new)]
    if kinds == [owned, customers]:
        yield Meaning("REV324", f"records that wait in the delivery stream are encrypted with {shown(changed.new)}")
    else:
        yield from _encryption("records that wait in the delivery stream", changed.old, changed.new)


@of_destination(*_in_buckets("EncryptionConfiguration"))
def encryption_in_the_bucket(changed: Changed) -> Iterator[Meaning]:
    """How objects are encrypted that it writes."""
    before, after = _key(changed.old), _key(changed.new)
    yield from _encryption("objects that it writes", before, after)


def _key(value: Any) -> Any:
    """The key with which objects are encrypted, or None."""
    found = value.get("KMSEncryptionConfig") if isinstance(value, Mapping) else value
    return found.get("AWSKMSKeyARN") if isinstance(found, Mapping) and "AWSKMSKeyARN" in found else found


def _encryption(what: str, before: Any, after: Any) -> Iterator[Meaning]:
    if same(before, after):
        return
    if after is None:
        yield Meaning(
            "REV322",
            f"{what} are encrypted no more with {shown(before)}",
            "leave the key; to exchange it, name another",
        )
    elif before is None:
        yield Meaning("REV324", f"{what} are encrypted with {shown(after)}")
    else:
        yield Meaning("REV323", f"{what} are encrypted with another key: {shown(before)} → {shown(after)}")

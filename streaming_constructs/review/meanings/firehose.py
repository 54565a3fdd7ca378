"""What changes of a delivery stream of Amazon Data Firehose mean, whatever its destination.

The rules name destinations by `*`: the first step of their properties is the kind of destination. A destination of another kind
is told once, by `destinations`; then nothing is said of the properties of either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.facts import firehose as facts
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole, when_replaced
from streaming_constructs.review.meanings import firehose_settings  # noqa: F401 - it registers the rest of the rules
from streaming_constructs.review.meanings.any_resource import replaced as any_resource_replaced
from streaming_constructs.review.objects.delivery_destinations import (
    CONVERSION,
    DESTINATIONS,
    DYNAMIC,
    S3_NAMES,
    SEARCH_NAMES,
    SERIALIZER,
    destination_of,
    of_destination,
    stays,
)
from streaming_constructs.review.objects.object_places import DELIVERY, delivered_to, misfit, prefix_of, tables_of


@of_the_whole
def destinations(pair: Pair) -> Iterator[Meaning]:
    """A destination of another kind."""
    for old, new in pair.match.kept.values():
        before, after = (destination_of(resource) for resource in (old, new))
        if new.type != DELIVERY or before == after or (before in S3_NAMES and after in S3_NAMES):
            continue
        said = f"the destination was {_kind(before)} and is {_kind(after)}"
        path = f"Properties.{after or before}"
        if before and after and (before in SEARCH_NAMES) != (after in SEARCH_NAMES):
            yield Meaning(
                "REV302",
                f"{said}: Firehose refuses to switch between OpenSearch and another service",
                "make a second delivery stream, and remove this one when it has delivered what it has",
                path=path,
                resource=new,
            )
        else:
            yield Meaning("REV303", f"{said}: nothing new arrives where records arrived", path=path, resource=new)


@of_the_whole
def backup_settings(pair: Pair) -> Iterator[Meaning]:
    """The bucket of the backup, named for the first time or no more; whether there is a backup is told by its mode."""
    for old, new in pair.match.kept.values():
        name = destination_of(new)
        if new.type != DELIVERY or name != destination_of(old):
            continue
        was, is_now = (resource.at(name, "S3BackupConfiguration") is not None for resource in (old, new))
        if was != is_now:
            said = "given" if is_now else "left out"
            yield Meaning(
                "REV319",
                f"the settings of its backup are {said}",
                path=f"Properties.{name}.S3BackupConfiguration",
                resource=new,
            )


def _kind(name: str) -> str:
    return name.removesuffix("DestinationConfiguration") or "none"


@means(DELIVERY, *DESTINATIONS)
def of_a_switch(changed: Changed) -> Iterator[Meaning]:
    """What no other rule knows of a destination: of one that is switched, `destinations` tells."""
    if stays(changed):
        yield Meaning("REV304", f"the destination `{changed.path[0]}` is set otherwise")


@when_replaced(DELIVERY)
def replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A delivery stream that is replaced: it begins to read anew, and what it has not delivered is lost."""
    kind = replacement.new.at("DeliveryStreamType")
    begins = {
        "KinesisStreamAsSource": "reads its stream from the newest record on: what comes while neither reads is "
        "skipped",
        "MSKAsSource": "reads its topic from `ReadFromTimestamp` on, or else from now",
    }.get(str(kind), "takes records under another ARN")
    general = next(iter(any_resource_replaced(pair, replacement)))
    yield Meaning(
        "REV300",
        f"{general.message}; the new one {begins}",
        "add a second delivery stream, let both deliver, and remove this one when nothing is left in it",
        "caution" if not replacement.is_certain else None,
    )


@of_destination("*.S3BackupMode", "*.s3BackupMode")
def backup_mode(changed: Changed) -> Iterator[Meaning]:
    """What is kept in a bucket beside the destination: all, or what failed."""
    name = str(changed.path[0])
    row = DESTINATIONS.get(name)
    lesser, greater = row.backup_modes if row else ("", "")
    before, after = changed.old or lesser, changed.new or lesser
    said = f"the backup keeps: {shown(before)} → {shown(after)}"
    if name in SEARCH_NAMES or (row is facts.OPENSEARCH_SERVERLESS):
        yield Meaning(
            "REV301", f"{said}; Firehose refuses to change it for OpenSearch", "make a second delivery stream"
        )
    elif (before, after) == (lesser, greater):
        yield Meaning("REV306", said)
    elif after != lesser:
        yield Meaning("REV305", f"{said}; what will be kept is known at deployment only")
    elif row in (facts.S3, facts.REDSHIFT, facts.SPLUNK):
        yield Meaning(
            "REV301",
            f"{said}; Firehose refuses to switch the backup off",
            "leave it on and let the objects expire by a lifecycle rule",
        )
    else:
        yield Meaning("REV305", f"{said}; no copy of what is delivered is kept any more")


@of_destination(
    "*.CloudWatchLoggingOptions",
    "*.S3Configuration.CloudWatchLoggingOptions",
    "*.S3BackupConfiguration.CloudWatchLoggingOptions",
)
def error_log(changed: Changed) -> Iterator[Meaning]:
    """The log of what could not be delivered."""
    before, after = (
        is_true(options.get("Enabled")) if isinstance(options, Mapping) else False
        for options in (changed.old, changed.new)
    )
    if before and not after:
        yield Meaning(
            "REV307",
            "errors of delivery are logged no more: why records did not arrive can no longer be seen",
            "leave `CloudWatchLoggingOptions.Enabled: true` with its group and stream",
        )
    elif after:
        yield Meaning(
            "REV308", "errors of delivery are logged" if not before else "errors of delivery are logged elsewhere"
        )


@of_destination("*.Prefix")
def prefix(changed: Changed) -> Iterator[Meaning]:
    """Where objects are written in the bucket; whether a table still finds them is told by `drift`."""
    if not _is_told_by_drift(changed):
        yield Meaning(
            "REV310",
            f"objects are written under {shown(changed.new)} instead of {shown(changed.old)}: who reads the earlier "
            "one finds none that are new",
            "see that every table, crawler and notification of the bucket has the new prefix",
        )


@of_destination("*.BucketARN")
def bucket(changed: Changed) -> Iterator[Meaning]:
    """Which bucket objects are written to."""
    if not _is_told_by_drift(changed):
        yield Meaning(
            "REV311",
            f"objects are written to {shown(changed.new)} instead of {shown(changed.old)}: who reads the earlier one "
            "finds none that are new",
        )


def _is_told_by_drift(changed: Changed) -> bool:
    return any(
        said.resource is changed.new_resource
        for said in _drift(changed.pair, changed.old_resource, changed.new_resource)
    )


@of_the_whole
def drift(pair: Pair) -> Iterator[Meaning]:
    """A delivery stream whose objects a table found, and finds no more."""
    for old, new in pair.match.kept.values():
        if new.type == DELIVERY:
            yield from _drift(pair, old, new)


def _drift(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    found = [table for table in tables_of(pair.old, old) if not misfit(pair.old, old, table)]
    if not found or any(not misfit(pair.new, new, table) for table in tables_of(pair.new, new)):
        return
    for table in found:
        after = pair.counterpart(table)
        why = misfit(pair.new, new, after) if after is not None else ""
        moved = delivered_to(pair.old, old) != delivered_to(pair.new, new) or prefix_of(old) != prefix_of(new)
        if why:
            yield Meaning(
                "REV309",
                f"the table does not find what is delivered any more: {why}",
                "change the prefix and the table together, and keep a table for what is there",
                path=f"Properties.{destination_of(new)}.Prefix" if moved else "Properties.TableInput",
                resource=new if moved else after,
            )


@of_destination("*.ErrorOutputPrefix", "*.DestinationTableConfigurationList.*.S3ErrorOutputPrefix")
def error_prefix(changed: Changed) -> Iterator[Meaning]:
    """Where records are written that could not be delivered."""
    if changed.old is None:
        yield Meaning("REV313", f"what cannot be delivered is written under {shown(changed.new)}")
    else:
        yield Meaning(
            "REV312",
            f"what cannot be delivered is written under {shown(changed.new)} instead of {shown(changed.old)}: who "
            "looks for it there finds none",
        )


@of_destination("*.S3Configuration.Prefix", "*.S3BackupConfiguration.Prefix")
def backup_prefix(changed: Changed) -> Iterator[Meaning]:
    """Where copies, or what failed, are written."""
    yield from error_prefix(changed)


def _format(stream: Resource) -> str:
    """What objects of a delivery stream are written as."""
    conversion = stream.at("ExtendedS3DestinationConfiguration", "DataFormatConversionConfiguration")
    if not isinstance(conversion, Mapping) or is_false(conversion.get("Enabled")):
        return "as they come in"
    found = stream.at(*SERIALIZER.split("."))
    return "as Parquet" if isinstance(found, Mapping) and "ParquetSerDe" in found else "as ORC"


@of_the_whole
def conversion(pair: Pair) -> Iterator[Meaning]:
    """What records are converted to. An empty `ParquetSerDe` says it too, which is no difference of any value."""
    for old, new in pair.match.kept.values():
        if new.type != DELIVERY or destination_of(old) not in S3_NAMES or destination_of(new) not in S3_NAMES:
            continue
        before, after = _format(old), _format(new)
        if before != after:
            moved = delivered_to(pair.old, old) != delivered_to(pair.new, new) or prefix_of(old) != prefix_of(new)
            beside = (
                "in another place than those that are there"
                if moved
                else "beside those that are there: one table cannot read both"
            )
            yield Meaning(
                "REV314",
                f"records were written {before} and are written {after}, {beside}",
                "deliver the new format under another prefix, with a table of its own",
                "caution" if moved else None,
                path=f"Properties.{CONVERSION}",
                resource=new,
            )


@of_destination(CONVERSION, SERIALIZER)
def conversion_settings(changed: Changed) -> Iterator[Meaning]:
    """How records are read before they are converted, by which table, and how they are written."""
    before, after = _format(changed.old_resource), _format(changed.new_resource)
    if before != after:
        return
    if changed.path[-1] == "Serializer":
        yield Meaning("REV319", f"objects are written {after} with other settings, which readers find in the objects")
    else:
        yield Meaning(
            "REV315",
            f"records are converted otherwise: {shown(changed.old)} → {shown(changed.new)}; what does not fit goes "
            "to the error prefix",
        )


@of_destination(f"{DYNAMIC}.Enabled")
def dynamic_partitioning(changed: Changed) -> Iterator[Meaning]:
    """Folders by what is in records: on or off from the day the delivery stream is made."""
    if is_true(changed.new):
        yield Meaning(
            "REV316",
            "dynamic partitioning is turned on: Firehose refuses that for a delivery stream that was made without it",
            "make a second delivery stream with it, and remove this one when nothing is left in it",
        )
    elif changed.new is not None and not is_false(changed.new):
        yield Meaning(
            "REV316",
            f"whether dynamic partitioning is on is known at deployment only: {shown(changed.new)}",
            grade="caution",
        )
    else:
        yield Meaning(
            "REV316",
            "dynamic partitioning is turned off: folders by what is in records get no new objects",
            "make a second delivery stream without it, under another prefix",
        )

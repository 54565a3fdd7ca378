"""What of an archive is there to stay: its objects, where they are, in which form, and how queries find them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.kept import Kept, is_another, is_lowered, is_switched_off, is_switched_on

if TYPE_CHECKING:
    from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan

_OWN = "one of its own"


def archive_kept(delivery: S3DeliveryPlan) -> Iterator[Kept]:
    """The settings of an archive that are there to stay; paths are relative to the delivery.

    Another compression is none of them: objects say theirs by the end of their names, or inside, and Athena reads them beside
    each other. An archive of zips has no table, and so is told of by that.
    Source: https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html

    Args:
        delivery: The archive with its folders.
    """
    to = delivery.to
    yield Kept(
        "dynamic partitioning",
        to.is_dynamic,
        ("to", "partition_by"),
        "EVO971",
        note="Firehose takes partitions out of the record only where that was said when the stream was created",
        is_broken=is_switched_on,
    )
    yield Kept(
        "the format",
        to.format,
        ("to", "format"),
        "EVO972",
        note="the table takes all objects for the new format, and queries over those that are there fail or find nothing",
    )
    yield Kept(
        "the table over it",
        delivery.has_table,
        ("to",),
        "EVO972",
        note="what was written stays, and no query finds it any more",
        help="leave the schema, the newlines and a compression that Athena reads, which is all but zip",
        is_broken=is_switched_off,
    )
    yield from _places(delivery)
    yield from _partitions(delivery)
    yield from _objects(delivery)


def _places(delivery: S3DeliveryPlan) -> Iterator[Kept]:
    to, mild = delivery.to, not delivery.has_table
    unseen = "objects that were written stay where they are"
    if delivery.has_table:
        unseen += ", and the table looks for them at the new place"
    yield Kept("the bucket", to.bucket or _OWN, ("to", "bucket"), "EVO972", note=unseen, is_mild=mild)
    yield Kept("the folder", delivery.folders.location, ("to", "prefix"), "EVO972", note=unseen, is_mild=mild)
    if delivery.has_table:
        yield Kept(
            "the database of its table",
            to.database or _OWN,
            ("to", "database"),
            "EVO972",
            note="queries name the table with its database, and it is not there any more",
            is_broken=is_another,
        )


def _partitions(delivery: S3DeliveryPlan) -> Iterator[Kept]:
    to, mild = delivery.to, not delivery.has_table
    yield Kept(
        "the division into folders",
        ", ".join(partition.column for partition in to.partition_by),
        ("to", "partition_by"),
        "EVO972",
        note="objects that were written stay in the folders of before, where no query looks any more"
        if delivery.has_table
        else "objects that were written stay in the folders of before",
        is_mild=mild,
    )
    if not delivery.has_table:
        return
    for position, partition in enumerate(to.partition_by):
        if partition.granularity is None:
            yield Kept(
                f"the list of values of `{partition.column}`",
                partition.values or "any",
                ("to", "partition_by", position),
                "EVO972",
                note="queries no longer look into the folders of values that are not listed any more",
                help="leave the values that were listed, and add others",
                is_broken=_is_narrower,
            )
    yield Kept(
        "the first day that queries look for",
        to.partitions_since,
        ("to", "partitions_since"),
        "EVO972",
        note="queries do not look into the folders of the days before it",
        help=f"put it back: `partitions_since: '{to.partitions_since}'`",
        is_broken=lambda before, after: after is not None and after > before,
    )
    if any(partition.is_arrival for partition in to.partition_by):
        yield Kept(
            "the time zone of its folders",
            to.time_zone,
            ("to", "time_zone"),
            "EVO972",
            note="folders of before are by another clock: a day of a query has other hours in them",
            is_broken=is_another,
            is_mild=True,
        )


def _is_narrower(before: Any, after: Any) -> bool:
    """Whether values were taken out, or listed where any was taken; a partition that is gone is told of by itself."""
    if after is None or before == after:
        return False
    return before == "any" or after == "any" or not set(before) <= set(after)


def _objects(delivery: S3DeliveryPlan) -> Iterator[Kept]:
    to = delivery.to
    if to.bucket is not None:
        return
    yield Kept(
        "the age in days at which objects are deleted",
        to.expire_after_days,
        ("to", "expire_after_days"),
        "EVO975",
        note="objects that are older are deleted within days",
        help="put it back; or copy what is to be kept before",
        is_broken=is_lowered,
    )
    if isinstance(to.encryption, CustomerManagedKey):
        key = to.encryption.kms_key_arn or _OWN
        yield Kept(
            "the key of its objects",
            key,
            ("to", "encryption"),
            "EVO976",
            note="objects that were written stay under the old key, which who queries them has to go on to be allowed to use",
            help="put it back, or write them anew under the other key before",
            loses=key == _OWN,
        )

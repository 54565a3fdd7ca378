"""What of a delivery is there to stay: what it read up to where, and what it wrote already."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.deliveries.starting_position import read_from
from streaming_constructs.spec.kept import Kept, State, is_another, is_switched_off, never

_ANOTHER_STREAM = (
    "CloudFormation replaces the Firehose stream: the new one, under another name, reads a stream from the newest record on, "
    "and what the old one had not delivered is lost"
)


def delivery_state(delivery: DeliveryPlan) -> State:
    """What a delivery holds.

    Args:
        delivery: The delivery with its numbers.
    """
    unseen = ", where no table of the system finds it" if delivery.has_table else ""
    return State(
        stays=f"what it took and has not delivered yet is lost; what it wrote stays where it is{unseen}",
        goes="what it took and has not delivered yet is lost, and the buckets that were made for it are emptied and deleted",
        kept=(*_settings(delivery), *delivery.kept_of_destination()),
    )


def _settings(delivery: DeliveryPlan) -> Iterator[Kept]:
    spec = delivery.spec
    yield Kept("its source", spec.from_ or "direct_put", ("from",), "EVO973", note=_ANOTHER_STREAM)
    if delivery.reads_topic:
        yield Kept(
            "where it begins to read",
            read_from(spec) or "latest",
            ("starting_position",),
            "EVO973",
            note="CloudFormation replaces the Firehose stream: the new one, under another name, reads from there on, so "
            "records are delivered twice, or never",
            help="put it back: it counts for the first read alone",
            is_broken=is_another,
        )
    yield Kept(
        "that it writes to OpenSearch",
        spec.to.kind in {"opensearch", "opensearch_serverless"},
        ("to", "kind"),
        "EVO971",
        note="Firehose does not switch between OpenSearch and other destinations",
    )
    yield Kept(
        "its destination",
        spec.to.kind,
        ("to", "kind"),
        "EVO972",
        note="what was written stays at the old destination, where nothing is added any more",
    )
    backup = spec.to.backup_folder()
    if backup is None:
        return
    field, bucket = backup
    yield Kept(
        "the backup of all records",
        spec.to.copies_all_records,
        ("to", field),
        "EVO971",
        note="Firehose does not switch it off once it is on",
        is_broken=is_switched_off,
    )
    if bucket.bucket is None:
        yield Kept(
            "the bucket of its backup",
            "one of its own",
            ("to", field),
            "EVO974",
            note="what is in the bucket of its own is out of sight: it leaves the stack",
            help="put it back; or move what is in it before",
            is_broken=is_another,
            loses=True,
        )
    else:
        yield Kept("the bucket of its backup", bucket.bucket, ("to", field), "EVO974", note="", is_broken=never)

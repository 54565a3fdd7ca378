"""What changes of replicators between clusters of Amazon MSK mean, and of channels from its topics to Amazon S3."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import dotted_path
from streaming_constructs.review.comparing.values import is_true, listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, when_replaced

_REPLICATOR, _CHANNEL = "AWS::MSK::Replicator", "AWS::MSK::Channel"
_TOPICS, _GROUPS = "ReplicationInfoList.*.TopicReplication", "ReplicationInfoList.*.ConsumerGroupReplication"
_BESIDE = (
    f"{_TOPICS}.CopyAccessControlListsForTopics",
    f"{_TOPICS}.CopyTopicConfigurations",
    f"{_TOPICS}.DetectAndCopyNewTopics",
    f"{_GROUPS}.DetectAndCopyNewConsumerGroups",
    f"{_GROUPS}.SynchroniseConsumerGroupOffsets",
)
is_by_default(_REPLICATOR, dict.fromkeys(_BESIDE, True))


@means(_REPLICATOR, f"{_TOPICS}.TopicsToReplicate", f"{_GROUPS}.ConsumerGroupsToReplicate")
def replicated(changed: Changed) -> Iterator[Meaning]:
    """The patterns of topics, or of groups, that are copied."""
    yield from _patterns(changed, listed(changed.old), listed(changed.new))


@means(_REPLICATOR, f"{_TOPICS}.TopicsToExclude", f"{_GROUPS}.ConsumerGroupsToExclude")
def excluded(changed: Changed) -> Iterator[Meaning]:
    """The patterns of topics, or of groups, that are not copied."""
    yield from _patterns(changed, listed(changed.new), listed(changed.old))


def _patterns(changed: Changed, before: list[object], after: list[object]) -> Iterator[Meaning]:
    """What it means that some patterns were copied, and others are."""
    old, new = ({shown(item) for item in items} for items in (before, after))
    gone, come = old - new, new - old
    what = "groups" if "Groups" in str(changed.path[-1]) else "topics"
    if gone:
        yield Meaning(
            "REV435",
            f"{what} like {', '.join(sorted(gone))} are copied no more: the other cluster lacks what comes from now on",
            "leave the pattern until nothing reads the copy",
        )
    if come:
        yield Meaning("REV437", f"{what} like {', '.join(sorted(come))} are copied too")


@means(_REPLICATOR, *_BESIDE)
def copied_beside(changed: Changed) -> Iterator[Meaning]:
    """What is copied beside records."""
    if changed.new is None or is_true(changed.new):
        yield Meaning("REV437", f"`{changed.path[-1]}` is on")
    else:
        yield Meaning(
            "REV436",
            f"`{changed.path[-1]}` is {shown(changed.new)}: a cluster that takes over lacks what it would have copied",
        )


@means(_REPLICATOR, "LogDelivery")
@means(_CHANNEL, "LoggingInfo")
def logs(changed: Changed) -> Iterator[Meaning]:
    """Where a replicator, or a channel, writes its logs."""
    is_on = changed.new not in (None, {}) and "true" in str(changed.new).lower()
    yield Meaning("REV419" if is_on and changed.old is None else "REV418", f"its logs: {shown(changed.new)}")


@means(_REPLICATOR, "ReplicationInfoList", "CurrentVersion")
@means(_CHANNEL, "S3DestinationConfiguration", "IcebergDestinationConfiguration")
def otherwise(changed: Changed) -> Iterator[Meaning]:
    """What is copied, or where to, where the template says it at deployment only."""
    yield Meaning("REV436", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@means(
    _CHANNEL,
    "S3DestinationConfiguration.DataFreshnessInSeconds",
    "IcebergDestinationConfiguration.DataFreshnessInSeconds",
)
def freshness(changed: Changed) -> Iterator[Meaning]:
    """How long a channel gathers records before it writes them."""
    yield Meaning("REV437", f"records are written after {shown(changed.new)} s; it was {shown(changed.old)} s")


@when_replaced(_CHANNEL)
def channel_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A channel that a deployment replaces."""
    yield Meaning(
        "REV438",
        f"it is replaced by a new one, which does not know how far the old one had written: "
        f"`{dotted_path(replacement.path)}` cannot be changed in place",
        "add a second channel, and take the old one out once it has written all",
    )

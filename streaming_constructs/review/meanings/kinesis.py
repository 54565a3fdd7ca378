"""What changes of Kinesis data streams mean: retention, shards and mode, encryption, order, metrics; and of what reads them
under a registered name: consumers of enhanced fan-out, and channels.

Who may use a stream by its resource policy is said in `public_access`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.kinesis import (
    MODE_SWITCHES,
    RESHARDING_FACTOR,
    RETENTION_HOURS_BY_DEFAULT,
    SHARD_COUNT_UPDATES,
    SHARD_LEVEL_METRICS,
    STREAM_DEFAULTS,
)
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, dotted_path, value_at
from streaming_constructs.review.comparing.values import is_true, listed, number, shown
from streaming_constructs.review.meaning import (
    Changed,
    Meaning,
    Meanings,
    means,
    when_removed,
    when_renamed,
    when_replaced,
)
from streaming_constructs.review.meanings import any_resource
from streaming_constructs.review.rules.quantities import Quantity, defaults_of

STREAM = "AWS::Kinesis::Stream"
CONSUMER = "AWS::Kinesis::StreamConsumer"
CHANNEL = "AWS::Kinesis::Channel"

is_by_default(STREAM, STREAM_DEFAULTS)


@means(STREAM, "RetentionPeriodHours")
def retention(changed: Changed) -> Iterator[Meaning]:
    """How long a stream keeps its records."""
    default = RETENTION_HOURS_BY_DEFAULT.value
    old, new = (default if value is None else number(value) for value in (changed.old, changed.new))
    if old is None or new is None:
        yield Meaning(
            "REV200",
            f"records are kept for {_hours(changed.new)}; it was {_hours(changed.old)}: where it is less, older ones are "
            "deleted when this is deployed",
            grade="caution",
        )
    elif new < old:
        yield Meaning(
            "REV200",
            f"records older than {new:g} h are deleted when this is deployed; they were kept for {old:g} h, so up to "
            f"{old - new:g} h of them are lost",
            "read or archive what is older first; a reader that is further behind loses what it has not read",
        )
    elif new > old:
        yield Meaning("REV201", f"records are kept for {new:g} h; it was {old:g} h")


def _hours(value: Any) -> str:
    return f"{RETENTION_HOURS_BY_DEFAULT.value:g} h" if value is None else f"{shown(value)} h"


@means(STREAM, "ShardCount")
def shards(changed: Changed) -> Iterator[Meaning]:
    """How many shards a provisioned stream has."""
    if not same(_mode(changed.old_resource), _mode(changed.new_resource)):
        return  # a switch of the mode says so itself
    old, new = number(changed.old), number(changed.new)
    values = f"{shown(changed.old)} → {shown(changed.new)} shards"
    factor = RESHARDING_FACTOR.value
    if old is None or new is None or _mode(changed.new_resource) == "ON_DEMAND":
        yield Meaning("REV203", f"{values}; whether AWS takes it is known at deployment only")
    elif new > old * factor or new < old / factor:
        steps = "doubling" if new > old else "halving"
        yield Meaning(
            "REV202",
            f"{values}: one update takes at most {factor:g} times as many, and no less than half, so the deployment fails",
            f"deploy several steps, each no more than {steps}; a stream takes {SHARD_COUNT_UPDATES.value:g} such updates "
            "in 24 hours",
        )
    elif new < old:
        yield Meaning(
            "REV203",
            f"{values}: it takes {new / old:.0%} of what it took, and refuses more; records of merged shards are read first",
            "see that the peak of the last days fits",
        )
    else:
        yield Meaning("REV204", f"{values}: it takes {new / old:.3g} times as much")


def _mode(stream: Resource) -> Any:
    mode = stream.at("StreamModeDetails", "StreamMode")
    return STREAM_DEFAULTS["StreamModeDetails.StreamMode"] if mode is None else mode


@means(STREAM, "StreamModeDetails")
def mode(changed: Changed) -> Iterator[Meaning]:
    """Whether shards are provisioned or on demand."""
    old, new = _mode(changed.old_resource), _mode(changed.new_resource)
    if same(old, new):
        return
    follows = {
        "ON_DEMAND": "AWS adds shards as the load grows; more than twice the peak of the last 30 days is refused for a while",
        "PROVISIONED": "the stream no longer grows with its load: it takes what its shards take, and refuses more",
    }.get(str(new), "what it takes is decided otherwise")
    yield Meaning(
        "REV205",
        f"{shown(old)} → {shown(new)}: {follows}; a stream is switched {MODE_SWITCHES.value:g} times in 24 hours at most",
        "" if new == "ON_DEMAND" else "see that `ShardCount` is no less than what the stream has grown to",
    )


_WARM = Quantity(
    "warm throughput", "MiB/s", "a sudden rise above it is throttled until it has grown", "REV203", "REV204"
)
_RECORD = Quantity("the greatest record", "KiB", "producers that write greater ones are refused", "REV211", "REV204")


@means(STREAM, "WarmThroughputMiBps")
def warm_throughput(changed: Changed) -> Meanings:
    """What a stream on demand takes at once."""
    return _WARM.meanings(changed, 0)


@means(STREAM, "MaxRecordSizeInKiB")
def record_size(changed: Changed) -> Meanings:
    """The greatest record that a stream takes."""
    return _RECORD.meanings(changed, defaults_of(STREAM_DEFAULTS, changed))


@means(STREAM, "RecordDistributionStrategy")
def distribution(changed: Changed) -> Iterator[Meaning]:
    """Whether the partition key decides to which shard a record goes."""
    if changed.new == "AUTO":
        yield Meaning(
            "REV212",
            "partition keys are ignored (AUTO): records of one key go to any shard, and are read in any order",
            "leave USER_PARTITION_KEY where a reader counts on the order of a key",
        )
    elif changed.old == "AUTO":
        yield Meaning("REV204", "records go to shards by their partition key again, so each key has an order")
    else:
        yield Meaning("REV212", f"{shown(changed.old)} → {shown(changed.new)}", grade="caution")


@means(STREAM, "StreamEncryption")
def stream_encryption(changed: Changed) -> Iterator[Meaning]:
    """Whether records are encrypted where they lie, and with which key."""
    yield from encryption(changed, "records that are written from now on are")


@means(CHANNEL, "EncryptionConfiguration")
def channel_encryption(changed: Changed) -> Iterator[Meaning]:
    """With which key a channel encrypts."""
    yield from encryption(changed, "what the channel holds is")


def encryption(changed: Changed, what: str) -> Iterator[Meaning]:
    """What it means that encryption is off, on, or with another key.

    Args:
        changed: The change of the mapping that says how it is encrypted, or of the key alone.
        what: What is encrypted, with its verb.
    """
    old, new = _key(changed.old), _key(changed.new)
    if new is None:
        yield Meaning("REV206", f"{what} no longer encrypted; it was with {shown(old)}", "leave the key where it is")
    elif old is None:
        yield Meaning("REV208", f"{what} encrypted with {shown(new)}")
    elif not same(old, new):
        yield Meaning(
            "REV207",
            f"{what} encrypted with {shown(new)}; it was {shown(old)}",
            "let who writes and reads use both keys first (kms:GenerateDataKey, kms:Decrypt), and keep the old one: "
            "older records need it",
        )


def _key(value: Any) -> Any:
    if isinstance(value, Mapping) and ("KeyId" in value or "EncryptionType" in value):
        return value.get("KeyId") or value.get("EncryptionType")
    return value or None


@means(STREAM, "DesiredShardLevelMetrics")
def shard_metrics(changed: Changed) -> Iterator[Meaning]:
    """Which metrics each shard has of its own."""
    old, new = _metrics(changed.old_resource), _metrics(changed.new_resource)
    if old - new:
        yield Meaning("REV209", f"shards no longer have metrics of their own: {', '.join(sorted(old - new))}")
    if new - old:
        yield Meaning("REV210", f"shards have metrics of their own: {', '.join(sorted(new - old))}")


def _metrics(stream: Resource) -> set[str]:
    names = {shown(name) for name in listed(stream.at("DesiredShardLevelMetrics"))}
    return {*names - {"ALL"}, *SHARD_LEVEL_METRICS} if "ALL" in names else names


@means(
    CHANNEL,
    "S3DestinationConfiguration.DataFreshnessInSeconds",
    "S3TablesDestinationConfiguration.DataFreshnessInSeconds",
)
def freshness(changed: Changed) -> Iterator[Meaning]:
    """How long a channel gathers records before it writes them."""
    yield Meaning(
        "REV229", f"records are delivered after {shown(changed.new)} s at the latest; it was {shown(changed.old)} s"
    )


@means(CHANNEL, "LoggingConfiguration")
def channel_logs(changed: Changed) -> Iterator[Meaning]:
    """Where a channel writes what it could not deliver."""
    old, new = (value_at(value, ("CloudWatchLogs", "Enabled")) for value in (changed.old, changed.new))
    if is_true(new) and not is_true(old):
        yield Meaning("REV210", "what the channel cannot deliver is logged")
    elif is_true(old) and not is_true(new):
        yield Meaning("REV209", "what the channel cannot deliver is no longer logged")
    else:
        yield Meaning(
            "REV209", f"errors of the channel are logged elsewhere: {shown(changed.old)} → {shown(changed.new)}"
        )


_CUT_OFF = {
    CONSUMER: "whoever reads by its ARN is cut off, and a mapping that reads it starts at its starting position",
    CHANNEL: "a channel delivers nothing that was written before it: what is on its way then is not delivered",
}


@when_replaced(CONSUMER, CHANNEL)
def reader_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A consumer or a channel in the place of another."""
    why = f"`{dotted_path(replacement.path)}` cannot be changed in place"
    if replacement.because:
        why = f"it reads {replacement.because}, which is replaced"
    name = "ConsumerName" if replacement.new.type == CONSUMER else "ChannelName"
    is_taken = not replacement.because and same(replacement.old.at(name), replacement.new.at(name))
    taken = "; AWS refuses a second one of the same name" if is_taken and replacement.new.at(name) is not None else ""
    yield Meaning(
        "REV213",
        f"a new one is registered and this one deleted: {why}; {_CUT_OFF[replacement.new.type]}{taken}",
        "leave it as it is, or add a second one under another name and move its reader over",
    )


@when_renamed(CONSUMER, CHANNEL)
def reader_renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A consumer or a channel under another logical id."""
    yield Meaning(
        "REV213",
        f"it is called {new.logical_id} now, so a new one is registered and this one deleted: {_CUT_OFF[old.type]}",
        f"keep the logical id (`override_logical_id` in CDK): `{old.logical_id}` → `{new.logical_id}`",
    )


@when_removed(CONSUMER, CHANNEL)
def reader_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A consumer or a channel that is there no more."""
    if any_resource.keeps(old.deletion_policy):
        yield from any_resource.removed(pair, old)
        return
    what = (
        "whoever reads by its ARN is cut off"
        if old.type == CONSUMER
        else "records are no longer delivered by it, and expire"
    )
    yield Meaning("REV213", f"it is deleted: {what}", "delete it once nobody needs it")

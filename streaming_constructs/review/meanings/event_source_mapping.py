"""What changes of Lambda's event source mappings mean: the position of their reader, which records reach the function and how
many at a time, and where it is said how they sign in. What becomes of records that fail is in `event_source_failures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.facts.event_source import MAPPING_DEFAULTS
from streaming_constructs.facts.event_source_kafka import POLLERS_MAXIMUM_DEFAULT, POLLERS_MINIMUM
from streaming_constructs.facts.lambda_function import LOG_LEVELS
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, Template, dotted_path, value_at
from streaming_constructs.review.comparing.values import is_false, listed, number, shown
from streaming_constructs.review.events.event_filters import lets_through, patterns_of
from streaming_constructs.review.events.event_sources import (
    MAPPING,
    batch_size,
    function_of,
    kind_of,
    source_name,
    stream_of,
)
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
from streaming_constructs.review.meanings.kinesis import encryption
from streaming_constructs.review.rules.quantities import Quantity, defaults_of

is_by_default(MAPPING, MAPPING_DEFAULTS)

_KAFKA = ("AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig")


@when_replaced(MAPPING)
def replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A mapping in the place of another: it has no position yet."""
    why = f"`{dotted_path(replacement.path)}` cannot be changed in place"
    if replacement.because:
        why = f"it reads {replacement.because}, which is replaced"
    verb = "is" if replacement.is_certain else "may be, by the values,"
    yield from _begun_anew(pair, replacement.old, replacement.new, f"it {verb} replaced by a new one: {why}")


@when_renamed(MAPPING)
def renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A mapping under another logical id: to CloudFormation a new one, without a position."""
    what = f"it is called {new.logical_id} now, so a new one is created and this one deleted"
    yield from _begun_anew(pair, old, new, what)


def _begun_anew(pair: Pair, old: Resource, new: Resource, what: str) -> Iterator[Meaning]:
    if kind_of(pair.new, new) == "queue" and kind_of(pair.old, old) == "queue":
        yield Meaning("REV216", f"{what}; the messages stay in the queue meanwhile{_refusal(pair, old, new)}")
    elif _keeps_its_group(pair, old, new):
        yield Meaning(
            "REV216",
            f"{what}; it reads on where its consumer group stands: Lambda may refuse it while the old one has the group",
        )
    else:
        yield Meaning(
            "REV214",
            f"{what}; its position is lost: {_start(new)}{_refusal(pair, old, new)}",
            "leave it as it is; or make a second mapping with `StartingPosition: AT_TIMESTAMP` and the time of the last record "
            "that was processed, behind a function that takes a record twice",
        )


def _start(mapping: Resource) -> str:
    position = mapping.at("StartingPosition")
    match position:
        case "LATEST":
            return "it starts at LATEST, so what was written before it runs is skipped"
        case "TRIM_HORIZON":
            return "it starts at TRIM_HORIZON, so all that is still kept is read again"
        case "AT_TIMESTAMP":
            return f"it starts at {shown(mapping.at('StartingPositionTimestamp'))}, so it skips records or reads them again"
    return f"it starts at {shown(position)}"


def _refusal(pair: Pair, old: Resource, new: Resource) -> str:
    """That Lambda refuses a second mapping of one source and function, as the new one is created before the old one goes."""
    source = "EventSourceArn"
    if old.at(source) is None or not _is_the_same(pair, old.at(source), new.at(source)):
        return ""
    if not _is_the_same(pair, old.at("FunctionName"), new.at("FunctionName")):
        return ""
    return "; Lambda refuses it while the old one of the same source and function is there"


def _is_the_same(pair: Pair, old: Any, new: Any) -> bool:
    """Whether two values mean one resource that is in both templates, or say the same."""
    before, after = pair.old.target(old), pair.new.target(new)
    if before is None or after is None:
        return same(old, new)
    kept = pair.match.kept.get(after.logical_id)
    return kept is not None and kept[0].logical_id == before.logical_id


def _keeps_its_group(pair: Pair, old: Resource, new: Resource) -> bool:
    """Whether a mapping of the same topic goes on as the consumer group that its template gives it."""
    group, before = _group(new), _group(old)
    return (
        group is not None
        and same(group, before)
        and same(old.at("Topics"), new.at("Topics"))
        and same(old.at("SelfManagedEventSource"), new.at("SelfManagedEventSource"))
        and _is_the_same(pair, old.at("EventSourceArn"), new.at("EventSourceArn"))
    )


def _group(mapping: Resource) -> Any:
    groups = (mapping.at(config, "ConsumerGroupId") for config in _KAFKA)
    return next((group for group in groups if group is not None), None)


@when_removed(MAPPING)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A mapping that is there no more."""
    if any_resource.keeps(old.deletion_policy):
        yield from any_resource.removed(pair, old)
        return
    successor = next((new for new in pair.match.added.values() if new.type == MAPPING and _reads(pair, old, new)), None)
    if successor is not None:
        what = f"it is deleted, and {successor.logical_id} reads the same for {shown(successor.at('FunctionName'))}"
        yield from _begun_anew(pair, old, successor, what)
    else:
        yield Meaning(
            "REV215",
            f"it is deleted: {shown(old.at('FunctionName'))} gets nothing more from {source_name(old)}, and where the reader "
            "stood is forgotten",
            "set `Enabled: false` to stop it and keep its position for as long as the records are kept",
        )


def _reads(pair: Pair, old: Resource, new: Resource) -> bool:
    before, after = stream_of(pair.old, old), stream_of(pair.new, new)
    if before is not None and after is not None:
        return pair.counterpart(before) == after
    return old.at("EventSourceArn") is not None and same(old.at("EventSourceArn"), new.at("EventSourceArn"))


@means(MAPPING, "Enabled")
def enabled(changed: Changed) -> Iterator[Meaning]:
    """Whether a mapping reads at all."""
    if is_false(changed.new):
        yield Meaning(
            "REV217",
            f"nothing is read from {source_name(changed.new_resource)} any more: records wait, and expire unread",
            "switch it on before the records of the day it was stopped expire",
        )
    elif is_false(changed.old):
        yield Meaning("REV218", "it reads again, from where it stopped, as far as the records are still kept")
    else:
        yield Meaning("REV217", f"enabled: {shown(changed.old)} → {shown(changed.new)}", grade="caution")


@means(MAPPING, "FilterCriteria")
def filters(changed: Changed) -> Iterator[Meaning]:
    """Which records reach the function: all others count as processed."""
    old, new = patterns_of(changed.old), patterns_of(changed.new)
    values = f"{_filter(changed.old)} → {_filter(changed.new)}"
    if old is None or new is None:
        yield Meaning(
            "REV226", f"another filter ({values}): what does not pass counts as processed and is gone", grade="caution"
        )
        return
    widened, narrowed = lets_through(new, old), lets_through(old, new)
    if widened and not narrowed:
        yield Meaning("REV227", f"the function gets records that it never got: {values}")
    elif not widened:
        which = "fewer records pass" if narrowed else "other records pass"
        yield Meaning(
            "REV226",
            f"{which}, and what does not pass counts as processed and is never handed over: {values}",
            "look in the mapping's FilteredOutEventCount for what it skips; a skipped record is not read again",
        )


def _filter(criteria: Any) -> str:
    """A filter in a message: its patterns as they stand."""
    if criteria is None:
        return "no filter"
    found = criteria.get("Filters") if isinstance(criteria, Mapping) else None
    patterns = [item["Pattern"] for item in listed(found) if isinstance(item, Mapping) and "Pattern" in item]
    return " or ".join(shown(pattern) for pattern in patterns) or "no filter"


_PARALLEL = Quantity("batches of a shard at a time", "", "a shard is worked off more slowly", "REV203", "REV204")
_CONCURRENCY = Quantity(
    "functions that the queue calls at a time", "", "the queue is worked off more slowly", "REV203", "REV204"
)
_POLLERS = {
    "MinimumPollers": (
        Quantity("pollers at least", "", "a sudden rise is read more slowly", "REV203", "REV204"),
        POLLERS_MINIMUM.minimum,
    ),
    "MaximumPollers": (
        Quantity("pollers at most", "", "less is read at a time", "REV203", "REV204"),
        POLLERS_MAXIMUM_DEFAULT.value,
    ),
}
"""Numbers of pollers, and what they are where nothing is said."""


@means(MAPPING, "ParallelizationFactor")
def parallelization(changed: Changed) -> Meanings:
    """How many batches of a shard are worked off at a time; the order of each partition key is kept."""
    return _PARALLEL.meanings(changed, defaults_of(MAPPING_DEFAULTS, changed))


@means(MAPPING, "ProvisionedPollerConfig")
def pollers(changed: Changed) -> Iterator[Meaning]:
    """How many pollers read at a time: Lambda's own decision where nothing is said."""
    if changed.new is None:
        yield Meaning("REV203", "pollers are no longer provisioned: Lambda adds them as the load grows, from one on")
    elif changed.old is None:
        yield Meaning("REV204", f"pollers are provisioned: {shown(changed.new)}")
    else:
        for name, (quantity, default) in _POLLERS.items():
            old, new = (value_at(value, (name,)) for value in (changed.old, changed.new))
            if not same(old, new):
                yield from quantity.meanings(replace(changed, old=old, new=new), default)
        old, new = (value_at(value, ("PollerGroupName",)) for value in (changed.old, changed.new))
        if not same(old, new):
            yield Meaning("REV229", f"it shares pollers with other mappings: group {shown(old)} → {shown(new)}")


@means(MAPPING, "ScalingConfig")
def concurrency(changed: Changed) -> Meanings:
    """How many functions a queue may call at a time: without a bound where nothing is said."""
    old, new = (each.at("ScalingConfig", "MaximumConcurrency") for each in (changed.old_resource, changed.new_resource))
    if new is None and old is not None:
        return [
            Meaning("REV204", f"the queue calls as many functions at a time as it wants; it was {shown(old)} at most")
        ]
    if old is None:
        return [Meaning("REV203", f"the queue calls at most {shown(new)} functions at a time; it had no bound")]
    return _CONCURRENCY.meanings(replace(changed, old=old, new=new))


@means(MAPPING, "BatchSize")
def batch(changed: Changed) -> Iterator[Meaning]:
    """How many records reach the function at once."""
    old = batch_size(changed.pair.old, changed.old_resource)
    new = batch_size(changed.pair.new, changed.new_resource)
    if old is None or new is None or old != new:
        before, after = (shown(value) if value is not None else "another number" for value in (old, new))
        yield Meaning("REV229", f"the function gets up to {after} records at once; it was {before}")


@means(MAPPING, "MaximumBatchingWindowInSeconds")
def window(changed: Changed) -> Iterator[Meaning]:
    """How long records are gathered for a batch."""
    yield Meaning("REV229", f"records are gathered for up to {_seconds(changed.new)}; it was {_seconds(changed.old)}")


def _seconds(value: Any) -> str:
    return "0 s" if value is None else f"{shown(value)} s"


@means(MAPPING, "TumblingWindowInSeconds")
def tumbling_window(changed: Changed) -> Iterator[Meaning]:
    """Over how long a function carries its state."""
    before, after = (number(value) or 0 for value in (changed.old, changed.new))
    follows = "each result is of another span of time"
    if not after:
        follows = "the function carries no state from batch to batch any more"
    elif not before:
        follows = "the function is handed its state, and has to return it"
    yield Meaning("REV230", f"windows of {_seconds(changed.new)}; it was {_seconds(changed.old)}: {follows}")


@means(MAPPING, "FunctionName")
def function(changed: Changed) -> Iterator[Meaning]:
    """Which function gets the records."""
    old = function_of(changed.pair.old, changed.old)
    new = function_of(changed.pair.new, changed.new)
    is_one = old is not None and new is not None and changed.pair.counterpart(old) == new
    if is_one and _qualifier(changed.pair.old, changed.old) == _qualifier(changed.pair.new, changed.new):
        return
    what = "the same function, by another version or alias of it," if is_one else "another function"
    yield Meaning(
        "REV231",
        f"{what} gets the records, from where the mapping stands: {shown(changed.old)} → {shown(changed.new)}",
        "see that its role reads the source, and that it does with a record what the other did",
    )


def _qualifier(template: Template, value: Any) -> str:
    """What of a function is called: the logical id of an alias or a version, or nothing for the function as it is."""
    found = template.target(value)
    if found is None or found.type == "AWS::Lambda::Function":
        return ""
    # The logical id of a version has a hash of the code in it.
    return found.type if found.type == "AWS::Lambda::Version" else found.logical_id


@means(MAPPING, "Topics", "Queues")
def topics(changed: Changed) -> Iterator[Meaning]:
    """What of a cluster is read."""
    yield Meaning(
        "REV232",
        f"{shown(changed.new_resource.at(str(changed.path[0])))} is read in place of "
        f"{shown(changed.old_resource.at(str(changed.path[0])))}, from its own starting position; what waits in the other is "
        "not read, and Lambda has no way to change it in place",
        "add a second mapping, and take the old one out once the other topic is read to its end",
    )


@means(MAPPING, *(f"{config}.ConsumerGroupId" for config in _KAFKA))
def group(changed: Changed) -> Iterator[Meaning]:
    """Under which name Kafka keeps the position."""
    yield Meaning(
        "REV232",
        f"the consumer group is {shown(changed.new)}; it was {shown(changed.old)}: its position belongs to the old one, and "
        "Lambda refuses to change it in place",
        "leave it; or set the offsets of the new group first, and make a second mapping",
    )


@means(MAPPING, "DocumentDBEventSourceConfig.DatabaseName", "DocumentDBEventSourceConfig.CollectionName")
def collection(changed: Changed) -> Iterator[Meaning]:
    """Which collection's changes are read."""
    yield Meaning("REV232", f"changes of another collection are read: {shown(changed.old)} → {shown(changed.new)}")


@means(
    MAPPING, "DocumentDBEventSourceConfig", "SelfManagedKafkaEventSourceConfig", "AmazonManagedKafkaEventSourceConfig"
)
def decoding(changed: Changed) -> Iterator[Meaning]:
    """What a record looks like when the function gets it."""
    what = changed.name.partition(".")[2] or changed.name
    yield Meaning(
        "REV233",
        f"records are decoded or handed over in another way ({what}): {shown(changed.old)} → {shown(changed.new)}",
        "see that the function reads what it gets; a record that cannot be decoded goes to the destination, or nowhere",
    )


@means(MAPPING, "SourceAccessConfigurations")
def access(changed: Changed) -> Iterator[Meaning]:
    """How a mapping reaches its source, and signs in."""
    before, after = (each.at("SourceAccessConfigurations") for each in (changed.old_resource, changed.new_resource))
    yield Meaning(
        "REV234",
        f"it reaches its source or signs in otherwise: {shown(before)} → {shown(after)}; while that fails nothing is read",
    )


@means(MAPPING, "KmsKeyArn")
def filter_key(changed: Changed) -> Iterator[Meaning]:
    """With which key its filter is encrypted: with a key of AWS where nothing is said."""
    if changed.new is None:
        yield Meaning("REV207", f"the filter is encrypted with a key of AWS; it was {shown(changed.old)}")
    else:
        yield from encryption(changed, "the filter is")


@means(MAPPING, "MetricsConfig")
def metrics(changed: Changed) -> Iterator[Meaning]:
    """Which metrics the mapping has of its own."""
    old, new = (
        {shown(name) for name in listed(each.at("MetricsConfig", "Metrics"))}
        for each in (changed.old_resource, changed.new_resource)
    )
    if old - new:
        lost = ", ".join(sorted(old - new))
        yield Meaning("REV209", f"it no longer has metrics of its own ({lost}): alarms on them get no data")
    elif new - old:
        yield Meaning("REV210", f"it has metrics of its own: {', '.join(sorted(new - old))}")


@means(MAPPING, "LoggingConfig")
def logs(changed: Changed) -> Iterator[Meaning]:
    """How much its pollers write to the log."""
    old, new = (each.at("LoggingConfig", "SystemLogLevel") for each in (changed.old_resource, changed.new_resource))
    is_less = new is None or (old in LOG_LEVELS and new in LOG_LEVELS and LOG_LEVELS.index(new) > LOG_LEVELS.index(old))
    yield Meaning("REV209" if is_less else "REV210", f"its pollers log at {shown(new)}; it was {shown(old)}")

"""What changes of EventBridge's pipes mean: their position, what they drop, and what they let through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, dotted_path, value_at
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.events.event_patterns import filters_change
from streaming_constructs.review.events.event_targets import dead_letters
from streaming_constructs.review.meaning import Changed, Meaning, means, when_removed, when_renamed, when_replaced
from streaming_constructs.review.meanings import any_resource

_PIPE = "AWS::Pipes::Pipe"
_STREAMS = ("KinesisStreamParameters", "DynamoDBStreamParameters")
_KAFKA = ("ManagedStreamingKafkaParameters", "SelfManagedKafkaParameters")
_ENDLESS = -1

is_by_default(
    _PIPE,
    {
        "DesiredState": "RUNNING",
        "SourceParameters.*.MaximumRetryAttempts": _ENDLESS,
        "SourceParameters.*.MaximumRecordAgeInSeconds": _ENDLESS,
        "SourceParameters.*.ParallelizationFactor": 1,
    },
)


def _source(pipe: Resource) -> tuple[str, Mapping[str, Any]]:
    """What a pipe is told of its source: the name of the property, and its value."""
    parameters = pipe.at("SourceParameters")
    for name, value in parameters.items() if isinstance(parameters, Mapping) else ():
        if name != "FilterCriteria" and isinstance(value, Mapping):
            return name, value
    return "", {}


def _forgets(old: Resource, new: Resource) -> bool:
    """Whether a pipe that takes the place of another begins somewhere else: a group of Kafka keeps its offsets."""
    kind, before = _source(old)
    if kind in _STREAMS:
        return True
    if kind not in _KAFKA:
        return False
    after = _source(new)[1]
    group = before.get("ConsumerGroupID")
    return group is None or any(
        not same(before.get(name), after.get(name)) for name in ("ConsumerGroupID", "TopicName")
    )


def _position(new: Resource, why: str) -> Meaning:
    start = _source(new)[1].get("StartingPosition")
    return Meaning(
        "REV571",
        f"it begins again at {shown(start or 'its starting position')}, and forgets what it has read: {why}",
        "leave the pipe as it is, or let a second one read from the time at which this one stops",
    )


@when_replaced(_PIPE)
def replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A pipe that a deployment replaces: it begins to read where it is told to."""
    if replacement.is_certain and _forgets(replacement.old, replacement.new):
        yield _position(replacement.new, f"`{dotted_path(replacement.path)}` cannot be changed in place")
    else:
        yield from any_resource.replaced(pair, replacement)


@when_renamed(_PIPE)
def renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A pipe under another logical id: to CloudFormation a new one."""
    if _forgets(old, new):
        yield _position(new, f"it is called {new.logical_id} now")
    else:
        yield from any_resource.renamed(pair, old, new)


@when_removed(_PIPE)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A pipe that is there no more: bad while its source is."""
    source = pair.old.target(old.at("Source"))
    if source is not None and pair.counterpart(source) is None:
        yield Meaning("REV573", "it is removed with its source")
    else:
        yield Meaning(
            "REV570", f"it is removed: nobody takes what is in {shown(old.at('Source'))} to its target any more"
        )


@means(_PIPE, "DesiredState")
def state(changed: Changed) -> Iterator[Meaning]:
    """Whether a pipe runs."""
    if changed.new == "STOPPED":
        yield Meaning(
            "REV570",
            f"it is stopped: what is in {shown(changed.new_resource.at('Source'))} is lost once it is older than it is kept",
            "start it again before the retention of its source has passed",
        )
    else:
        yield Meaning("REV574", f"it is {shown(changed.new or 'RUNNING')}")


@means(_PIPE, "SourceParameters.FilterCriteria")
def filters(changed: Changed) -> Iterator[Meaning]:
    """Which records a pipe lets through."""
    change = filters_change(value_at(changed.old, ("Filters",)), value_at(changed.new, ("Filters",)))
    if change == "narrowed":
        yield Meaning(
            "REV562",
            f"it lets fewer records through, and drops the others: {shown(changed.new)}; it was {shown(changed.old)}",
            "let a second pipe take what this one drops",
        )
    elif change != "same":
        yield Meaning(
            "REV574" if change == "widened" else "REV573",
            f"it lets {'more' if change == 'widened' else 'other'} records through: {shown(changed.new)}",
        )


@means(_PIPE, "SourceParameters.*.MaximumRetryAttempts", "SourceParameters.*.MaximumRecordAgeInSeconds")
def retries(changed: Changed) -> Iterator[Meaning]:
    """How often, and for how long, a record is tried that its target does not take."""
    before, after = (_endless(value) for value in (changed.old, changed.new))
    text = f"{changed.path[-1]} is {shown(changed.new)}; it was {shown(changed.old)}"
    if before is None or after is None:
        yield Meaning("REV573", text)
    elif after >= before:
        yield Meaning("REV574", f"records are tried for longer: {text}")
    elif _source(changed.new_resource)[1].get("DeadLetterConfig") is not None:
        yield Meaning("REV573", f"records go to the dead-letter queue sooner: {text}")
    else:
        yield Meaning(
            "REV565", f"records are dropped that the target does not take: {text}", "give it a dead-letter queue"
        )


def _endless(value: Any) -> float | None:
    found = _ENDLESS if value is None else number(value)
    return float("inf") if found == _ENDLESS else found


@means(_PIPE, "SourceParameters.*.DeadLetterConfig")
def queue(changed: Changed) -> Iterator[Meaning]:
    """Where records go that the target does not take."""
    arns = [value_at(value, ("Arn",)) for value in (changed.old, changed.new)]
    settings = _source(changed.new_resource)[1]
    endless = all(
        _endless(settings.get(name)) == float("inf") for name in ("MaximumRetryAttempts", "MaximumRecordAgeInSeconds")
    )
    if arns[1] is None and endless:
        yield Meaning(
            "REV573", "records that the target does not take are tried until they expire, and nothing is kept of them"
        )
    else:
        yield from dead_letters(arns[0], arns[1], f"Properties.{changed.name}")


@means(
    _PIPE,
    *("SourceParameters.*.BatchSize", "SourceParameters.*.MaximumBatchingWindowInSeconds"),
)
def batches(changed: Changed) -> Iterator[Meaning]:
    """How much a pipe takes at a time."""
    yield Meaning("REV574", f"{changed.path[-1]} is {shown(changed.new)}; it was {shown(changed.old)}")


@means(_PIPE, "SourceParameters.*.ParallelizationFactor")
def parallel(changed: Changed) -> Iterator[Meaning]:
    """How many batches of a shard are on their way at a time."""
    before, after = (1 if value is None else number(value) for value in (changed.old, changed.new))
    more = before is not None and after is not None and after > before
    yield Meaning(
        "REV574" if more else "REV573",
        f"{shown(changed.new)} batches of a shard are handled at a time; it was {shown(changed.old)}",
        about="scaling",
    )


@means(_PIPE, "LogConfiguration", "SourceParameters.*.OnPartialBatchItemFailure")
def guards(changed: Changed) -> Iterator[Meaning]:
    """What tells of a failure, and what isolates the record that causes it."""
    yield Meaning(
        "REV574" if changed.old is None else "REV573",
        f"{changed.name} is {shown(changed.new)}; it was {shown(changed.old)}",
    )


@means(
    _PIPE, "SourceParameters", "Source", "Target", "TargetParameters", "Enrichment", "EnrichmentParameters", "RoleArn"
)
def otherwise(changed: Changed) -> Iterator[Meaning]:
    """Where records come from and go to, and what they become on the way."""
    yield Meaning("REV573", f"{changed.name} is {shown(changed.new)}; it was {shown(changed.old)}")

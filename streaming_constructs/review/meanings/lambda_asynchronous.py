"""What changes of Lambda mean for events that nobody waits for: how often they are tried, and where they go then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.facts.lambda_function import ASYNCHRONOUS_DEFAULTS
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.events.event_sources import FUNCTION, function_of
from streaming_constructs.review.meaning import Changed, Meaning, means, when_added, when_removed

CONFIG = "AWS::Lambda::EventInvokeConfig"
_UNITS = {"MaximumEventAgeInSeconds": "s of age", "MaximumRetryAttempts": "retries"}
_ADD_ONE = "leave a queue or a topic that takes them, and an alarm on it"

is_by_default(CONFIG, ASYNCHRONOUS_DEFAULTS)


@means(CONFIG, *_UNITS)
def retries(changed: Changed) -> Iterator[Meaning]:
    """How often, and how long, an event is tried."""
    old, new = (
        ASYNCHRONOUS_DEFAULTS[changed.name] if value is None else number(value) for value in (changed.old, changed.new)
    )
    unit = _UNITS[changed.name]
    values = f"{_shown(changed.old, old)} → {_shown(changed.new, new)} {unit}"
    if old is None or new is None:
        yield Meaning("REV220", f"events that fail are given up otherwise: {values}")
    elif new > old:
        yield Meaning("REV221", f"events that fail are tried longer: {values}")
    elif _catches(changed.pair.new, changed.new_resource):
        yield Meaning("REV220", f"events that fail are given up sooner ({values}), and kept as before")
    else:
        yield Meaning(
            "REV219", f"events that fail are given up sooner ({values}) and dropped without a trace", _ADD_ONE
        )


@when_added(CONFIG)
def added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A new configuration: what it says differs from what held without one."""
    lowered = [
        f"{before} → {shown(new.at(name))} {_UNITS[name]}"
        for name, before in ASYNCHRONOUS_DEFAULTS.items()
        if name in _UNITS and (number(new.at(name)) if new.at(name) is not None else before) != before
    ]
    if lowered and not _catches(pair.new, new):
        says = f"events that fail are given up sooner ({', '.join(lowered)}) and dropped without a trace"
        yield Meaning("REV219", says, _ADD_ONE)
    else:
        yield Meaning("REV111", f"{new.type} is created")


def _shown(value: Any, known: float | None) -> str:
    return shown(value) if known is None else f"{known:g}"


def _catches(template: Template, config: Resource) -> bool:
    """Whether events that fail go anywhere: to the destination, or to the function's queue of dead letters."""
    if _destination(config) is not None:
        return True
    function = function_of(template, config.at("FunctionName"))
    return function is not None and function.at("DeadLetterConfig", "TargetArn") is not None


def _destination(config: Resource, on: str = "OnFailure") -> Any:
    return config.at("DestinationConfig", on, "Destination")


@means(CONFIG, "DestinationConfig")
def destinations(changed: Changed) -> Iterator[Meaning]:
    """Where events go that succeeded, and those that failed."""
    old, new = (_destination(each) for each in (changed.old_resource, changed.new_resource))
    if not same(old, new):
        yield _failures(old, new, is_caught=_catches(changed.pair.new, changed.new_resource))
    old, new = (_destination(each, "OnSuccess") for each in (changed.old_resource, changed.new_resource))
    if not same(old, new):
        if old is None:
            yield Meaning("REV218", f"what succeeded is told to {shown(new)}")
        else:
            yield Meaning(
                "REV223", f"what succeeded is told to {shown(new)}; it was {shown(old)}: the other gets no more"
            )


@means(FUNCTION, "DeadLetterConfig")
def dead_letters(changed: Changed) -> Iterator[Meaning]:
    """Where events go that failed, of a function as a whole."""
    old, new = (each.at("DeadLetterConfig", "TargetArn") for each in (changed.old_resource, changed.new_resource))
    if not same(old, new):
        configs = changed.pair.new.of_type(CONFIG)
        is_caught = any(
            function_of(changed.pair.new, config.at("FunctionName")) == changed.new_resource
            and _destination(config) is not None
            for config in configs
        )
        yield _failures(old, new, is_caught=is_caught)


def _failures(old: Any, new: Any, *, is_caught: bool) -> Meaning:
    if new is None and not is_caught:
        return Meaning("REV219", f"events that fail are dropped without a trace; they went to {shown(old)}", _ADD_ONE)
    if old is None:
        return Meaning("REV221", f"events that fail go to {shown(new)}; they were dropped without a trace")
    where = "elsewhere" if new is None else f"to {shown(new)}"
    return Meaning("REV223", f"events that fail go {where}; it was {shown(old)}")


@when_removed(CONFIG)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """What was said of events that nobody waits for is said no more: Lambda's defaults hold."""
    target, success = _destination(old), _destination(old, "OnSuccess")
    function = function_of(pair.new, old.at("FunctionName"))
    has_queue = function is not None and function.at("DeadLetterConfig", "TargetArn") is not None
    if target is not None and function_of(pair.old, old.at("FunctionName")) is not None and function is None:
        yield Meaning("REV223", "it goes with its function")
    elif target is not None and not has_queue:
        yield Meaning("REV219", f"events that fail are dropped without a trace; they went to {shown(target)}", _ADD_ONE)
    else:
        told = f"; {shown(success)} is told nothing more" if success is not None else ""
        yield Meaning("REV223", f"events that fail are tried as Lambda does where nothing is said{told}")

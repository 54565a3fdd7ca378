"""What changes of Lambda's event source mappings mean for records that fail: how often and how long they are tried, whether one
takes its whole batch along, and where they go in the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.events.event_sources import (
    MAPPING,
    destination_of,
    gives_up,
    has_an_end,
    kind_of,
    responds_by_item,
)
from streaming_constructs.review.grade import Grade
from streaming_constructs.review.meaning import Changed, Meaning, means

_UNITS = {"MaximumRetryAttempts": "retries", "MaximumRecordAgeInSeconds": "s of age"}
_ADD_ONE = "add `DestinationConfig.OnFailure` with a queue, a topic or a bucket"


@means(MAPPING, "MaximumRetryAttempts", "MaximumRecordAgeInSeconds")
def retries(changed: Changed) -> Iterator[Meaning]:
    """After how many attempts, or at which age, a record that fails is given up."""
    unit = _UNITS[changed.name]
    old, new = _end(changed.old), _end(changed.new)
    values = f"{_shown(changed.old, unit)} → {_shown(changed.new, unit)}"
    if old is None or new is None:
        yield Meaning(
            "REV220", f"records that fail are given up otherwise: {values}; how soon is known at deployment only"
        )
    elif new > old:
        yield from _later(changed, values)
    elif new < old:
        yield from _sooner(changed, values)


def _end(value: Any) -> float | None:
    return number(value) if has_an_end(value) else float("inf")


def _shown(value: Any, unit: str) -> str:
    return f"{shown(value)} {unit}" if has_an_end(value) else f"no end ({unit})"


def _later(changed: Changed, values: str) -> Iterator[Meaning]:
    if gives_up(changed.pair.new, changed.new_resource):
        yield Meaning("REV221", f"records that fail are tried longer: {values}")
    else:
        yield Meaning(
            "REV222",
            f"records that fail are tried without end ({values}): one that never succeeds holds up its shard until it expires",
            "set `MaximumRetryAttempts`, and a destination for what is given up",
        )


def _sooner(changed: Changed, values: str) -> Iterator[Meaning]:
    old, new = destination_of(changed.old_resource), destination_of(changed.new_resource)
    if new is None:
        yield Meaning(
            "REV219", f"records that fail are given up sooner ({values}) and dropped without a trace", _ADD_ONE
        )
    elif old is None:
        yield Meaning(
            "REV221", f"records that fail are given up ({values}), and go to {shown(new)}: they hold up nothing"
        )
    else:
        yield Meaning("REV220", f"records that fail are given up sooner ({values}), and go to {shown(new)} as before")


@means(MAPPING, "DestinationConfig")
def destination(changed: Changed) -> Iterator[Meaning]:
    """Where records go that are given up."""
    old, new = destination_of(changed.old_resource), destination_of(changed.new_resource)
    if new is None and old is not None:
        yield _destination_gone(changed, old)
    elif old is None and new is not None:
        yield Meaning("REV221", f"records that are given up go to {shown(new)}; they were dropped without a trace")
    elif not same(old, new) and not _is_one_resource(changed, old, new):
        yield Meaning(
            "REV223",
            f"records that are given up go to {shown(new)}; it was {shown(old)}",
            "see that the mapping's role may write there, and that somebody looks into it",
        )


def _is_one_resource(changed: Changed, old: Any, new: Any) -> bool:
    before, after = changed.pair.old.target(old), changed.pair.new.target(new)
    return before is not None and after is not None and changed.pair.counterpart(before) == after


def _destination_gone(changed: Changed, old: Any) -> Meaning:
    if gives_up(changed.pair.new, changed.new_resource):
        return Meaning(
            "REV219", f"records that are given up are dropped without a trace; they went to {shown(old)}", _ADD_ONE
        )
    return Meaning(
        "REV222",
        f"records that fail are tried until they expire, and then dropped without a trace; {shown(old)} gets none any more",
        "leave the destination, and set `MaximumRetryAttempts`",
    )


@means(MAPPING, "BisectBatchOnFunctionError")
def bisect(changed: Changed) -> Iterator[Meaning]:
    """Whether a batch that fails is halved until the record is found that it fails for."""
    if is_true(changed.new):
        yield Meaning("REV221", "a batch that fails is halved, until only what fails is left of it")
        return
    grade: Grade = "caution"
    follows = "one record that fails holds up its whole batch"
    if gives_up(changed.pair.new, changed.new_resource):
        target = destination_of(changed.new_resource)
        follows = f"one record that fails takes its whole batch along to {shown(target)}"
        if target is None:
            grade = "danger"
            follows = "one record that fails takes its whole batch along, and all of it is dropped without a trace"
    yield Meaning("REV224", f"a batch that fails is no longer halved: {follows}", "leave it on", grade=grade)


@means(MAPPING, "FunctionResponseTypes")
def responses(changed: Changed) -> Iterator[Meaning]:
    """Whether Lambda reads which records of a batch failed."""
    if responds_by_item(changed.new_resource):
        yield Meaning("REV221", "the function tells which records of a batch failed, and only those are tried again")
    elif responds_by_item(changed.old_resource):
        kept = (
            "deleted from the queue"
            if kind_of(changed.pair.new, changed.new_resource) == "queue"
            else "taken for processed"
        )
        yield Meaning(
            "REV225",
            f"what the function reports as failed is no longer read: those records are {kept}, without a trace",
            "leave ReportBatchItemFailures, or let the function fail as a whole first",
        )
    else:
        yield Meaning("REV225", f"{shown(changed.old)} → {shown(changed.new)}", grade="caution")

"""The lifecycle of the objects of a bucket: when they move to cheaper storage, and when they are deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import s3
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Int, SpecModel, within

StorageClass = Literal["standard_ia", "intelligent_tiering", "glacier_ir", "glacier", "deep_archive"]


class Transition(SpecModel):
    """When objects move to a cheaper storage class."""

    example: ClassVar = {"after_days": 30, "storage_class": "glacier_ir"}

    after_days: Annotated[Int, within(s3.TRANSITION_DAYS)] = Field(
        description="Age of an object at which it moves, in days, 0 to 36500."
    )
    storage_class: StorageClass = Field(
        description="Where it moves: standard_ia, intelligent_tiering, glacier_ir, glacier (Flexible Retrieval) or "
        "deep_archive. Athena reads neither of the last two."
    )

    def findings(self) -> Iterator[Finding]:
        if self.storage_class == "standard_ia" and self.after_days < s3.STANDARD_IA_LEAST_DAYS.value:
            yield Finding(
                "FIR723",
                "objects cannot move to this storage class so early",
                ("after_days",),
                note="S3 moves objects to standard_ia at 30 days at the earliest",
                help="set it to 30 or more",
                edits=(Edit(("after_days",), int(s3.STANDARD_IA_LEAST_DAYS.value)),),
            )


def lifecycle_findings(transitions: Sequence[Transition], expire_after_days: int | None) -> Iterator[Finding]:
    """What S3 refuses in a lifecycle, or what in it never happens; paths are relative to the bucket.

    Args:
        transitions: When objects move.
        expire_after_days: When they are deleted, if they are.
    """
    for position, (earlier, later) in enumerate(pairwise(transitions), start=1):
        yield from _order_findings(position, earlier, later)
    days = [transition.after_days for transition in transitions]
    if expire_after_days is not None and days and expire_after_days <= max(days):
        yield Finding(
            "FIR723",
            "objects are deleted before they move",
            ("expire_after_days",),
            note=f"they move after {max(days)} days",
            help=f"set it above {max(days)}, or take the transition out",
            edits=(Edit(("expire_after_days",), max(days) + 1),),
        )


def _order_findings(position: int, earlier: Transition, later: Transition) -> Iterator[Finding]:
    """What is wrong between two transitions, one behind the other."""
    path = ("transitions", position)
    if later.after_days <= earlier.after_days:
        yield Finding(
            "FIR723",
            "a later storage class takes objects before the earlier one",
            (*path, "after_days"),
            note=f"{later.after_days} days; the one before it takes them at {earlier.after_days}",
            help="list the transitions in the order of their days",
        )
        return
    order = s3.STORAGE_CLASSES
    if order.index(later.storage_class) <= order.index(earlier.storage_class):
        yield Finding(
            "FIR723",
            f"objects do not move from {earlier.storage_class} to {later.storage_class}",
            (*path, "storage_class"),
            note=f"S3 moves objects one way: {', '.join(order)}",
            help=_later_classes(earlier.storage_class),
            edits=(Edit(path),),
        )
        return
    stay = s3.DAYS_IN_STORAGE_CLASS.get(earlier.storage_class)
    if stay is not None and later.after_days < earlier.after_days + stay.value:
        least = earlier.after_days + int(stay.value)
        yield Finding(
            "FIR723",
            f"objects leave {earlier.storage_class} too early",
            (*path, "after_days"),
            note=f"they move there at {earlier.after_days} days and on at {later.after_days}; S3 keeps them there for "
            f"{stay.value:,.0f} days at least",
            help=f"set it to {least} or more, or take one of the two out",
            edits=(Edit((*path, "after_days"), least),),
        )


def _later_classes(storage_class: str) -> str:
    later = s3.STORAGE_CLASSES[s3.STORAGE_CLASSES.index(storage_class) + 1 :]
    return f"take it out, or move to {' or '.join(later)}" if later else "take it out: no class is behind this one"

"""A review of several stacks at once: those of two cloud assemblies, of two folders of snapshots, or of two revisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from streaming_constructs.review.grade import RANKS, Grade
from streaming_constructs.review.reading.places import Placed
from streaming_constructs.review.reading.read_template import Source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import Review, review, verdict_of

if TYPE_CHECKING:
    from streaming_constructs.review.costs.monthly_change import MonthlyChange


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack before and after.

    Attributes:
        name: Its name, or the path of its template. Empty where there is but one, of two files that were named.
        old: Its template as it is deployed; None of a new stack.
        new: Its template as it would be; None of a stack that is there no more.
        notes: What was taken for granted when it was read, each a sentence.
    """

    name: str
    old: Source | None
    new: Source | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A remark that somebody accepted.

    Attributes:
        remark: The remark.
        reason: Why.
        until: The last day on which that holds, such as `2026-12-31`. Empty: it holds until it is taken out.
    """

    remark: Remark
    reason: str
    until: str = ""


@dataclass(frozen=True)
class StackReview:
    """What a change means for one stack.

    Attributes:
        stack: The stack.
        review: What the change means, without what was accepted.
        accepted: What was accepted.
    """

    stack: Stack
    review: Review
    accepted: tuple[Accepted, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a change means for all stacks.

    Attributes:
        stacks: The stacks that differ, the gravest first.
        same: The names of those that mean the same.
        outdated: What is to be said of acceptances that hold no more, each with the place where it is written.
        costs: What the change does to the bill of a month; None where nobody asked.
    """

    stacks: tuple[StackReview, ...]
    same: tuple[str, ...] = ()
    outdated: tuple[Placed, ...] = ()
    costs: MonthlyChange | None = None

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """All that is to be said, the gravest first."""
        told = [remark for stack in self.stacks for remark in stack.review.remarks]
        told += [remark for remark, _ in self.outdated]
        return tuple(sorted(told, key=lambda remark: -RANKS[remark.grade]))

    @cached_property
    def accepted(self) -> tuple[Accepted, ...]:
        """All that was accepted."""
        return tuple(accepted for stack in self.stacks for accepted in stack.accepted)

    @property
    def verdict(self) -> Grade:
        """The gravest grade of all."""
        return verdict_of(self.remarks)


def review_stacks(stacks: Iterable[Stack]) -> Report:
    """What a change means for several stacks.

    Args:
        stacks: The stacks.
    """
    differing, same = [], []
    for stack in stacks:
        found = review(_template(stack.old, stack), _template(stack.new, stack))
        if found.remarks:
            remarks = tuple(replace(remark, stack=stack.name) for remark in found.remarks)
            told = replace(found, remarks=remarks, assumptions=(*found.assumptions, *stack.notes))
            differing.append(StackReview(stack, told))
        else:
            same.append(stack.name)
    differing.sort(key=lambda each: -RANKS[each.review.verdict])
    return Report(tuple(differing), tuple(same))


def _template(source: Source | None, stack: Stack) -> Source:
    """A template, where there is none one that creates nothing."""
    return source or Source(stack.name, {"Resources": {}})

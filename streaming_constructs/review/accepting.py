"""A review without what was accepted."""

from __future__ import annotations

from dataclasses import replace

from streaming_constructs.review.acceptances import Acceptances
from streaming_constructs.review.grade import RANKS
from streaming_constructs.review.stacks_review import Report, Stack


def without_accepted(report: Report, acceptances: Acceptances) -> Report:
    """The review, in which what was accepted is no part of the verdict; acceptances that are outdated are.

    Args:
        report: The review.
        acceptances: What was accepted.
    """
    stacks = []
    for each in report.stacks:
        remarks, accepted = acceptances.divide(each.review.remarks, _name(each.stack))
        stacks.append(replace(each, review=replace(each.review, remarks=remarks), accepted=accepted))
    stacks.sort(key=lambda each: -RANKS[each.review.verdict])
    return replace(report, stacks=tuple(stacks), outdated=acceptances.outdated("REV"))


def _name(stack: Stack) -> str:
    """What a stack is called; one of two files that were named is called after them."""
    template = stack.new or stack.old
    return stack.name or (template.name if template is not None else "")

"""A review without what was accepted."""

from __future__ import annotations

from dataclasses import replace

from streaming_constructs.review.acceptances import Acceptances
from streaming_constructs.review.grade import RANKS
from streaming_constructs.review.stacks_review import Report


def without_accepted(report: Report, acceptances: Acceptances) -> Report:
    """The review, in which what was accepted is no part of the verdict; acceptances that are outdated are.

    Args:
        report: The review.
        acceptances: What was accepted.
    """
    stacks = []
    for each in report.stacks:
        remarks, accepted = acceptances.divide(each.review.remarks)
        stacks.append(replace(each, review=replace(each.review, remarks=remarks), accepted=accepted))
    stacks.sort(key=lambda each: -RANKS[each.review.verdict])
    return replace(report, stacks=tuple(stacks), outdated=acceptances.outdated("REV"))

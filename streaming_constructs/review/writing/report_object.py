"""Reviews and audits for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streaming_constructs.review.stacks_review import Accepted, Report, StackReview
from streaming_constructs.review.writing.placed import Told


def review_object(report: Report) -> dict[str, Any]:
    """A review as plain data.

    Args:
        report: The review.
    """
    return {
        "verdict": report.verdict,
        "changes": [remark.as_object() for remark in report.remarks],
        "accepted": list(map(_accepted, report.accepted)),
        "assumptions": list(dict.fromkeys(assumptions(report.stacks))),
        **({"costs": report.costs.as_object()} if report.costs is not None else {}),
    }


def audit_object(told: Told) -> dict[str, Any]:
    """Audits as plain data.

    Args:
        told: What is told of them.
    """
    return {
        "findings": [placed.remark.as_object() for placed in told.remarks],
        "accepted": [_accepted(accepted) for accepted, _ in told.accepted],
    }


def assumptions(stacks: Iterable[StackReview]) -> Iterable[str]:
    """What was taken for granted, each a sentence, behind the name of its stack where that has one.

    Args:
        stacks: The stacks.
    """
    for each in stacks:
        for sentence in each.review.assumptions:
            yield f"{each.stack.name}: {sentence}" if each.stack.name else sentence


def _accepted(accepted: Accepted) -> dict[str, Any]:
    told = accepted.remark.as_object() | {"reason": accepted.reason}
    return told | ({"until": accepted.until} if accepted.until else {})

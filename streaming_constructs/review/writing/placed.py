"""What is said of templates, with the files and lines that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from streaming_constructs.review.grade import RANKS
from streaming_constructs.review.reading.places import Place, Placed, Places
from streaming_constructs.review.reading.read_template import Source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.stacks_review import Accepted, Report, StackReview


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of templates, in whichever form.

    Attributes:
        remarks: All that is to be said, the gravest first.
        accepted: What was accepted, each with its place.
    """

    remarks: tuple[Placed, ...]
    accepted: tuple[tuple[Accepted, Place], ...] = ()


def told_of(report: Report) -> Told:
    """What is told of a change: what is gone is in the old template, all else in the new one.

    Args:
        report: The review.
    """
    remarks, accepted = list(report.outdated), []
    for each in report.stacks:
        sources = [Places(source) for source in (each.stack.new, each.stack.old) if source is not None]
        remarks += [Placed(remark, _place(remark, sources)) for remark in each.review.remarks]
        accepted += [(one, _place(one.remark, sources)) for one in each.accepted]
    return Told(gravest_first(remarks), tuple(accepted))


def for_people(report: Report) -> Report:
    """The review, without the name of its stack where there is but one.

    Args:
        report: The review.
    """
    if len(report.stacks) != 1 or report.same:
        return report
    (each,) = report.stacks
    remarks = tuple(replace(remark, stack="") for remark in each.review.remarks)
    accepted = tuple(replace(one, remark=replace(one.remark, stack="")) for one in each.accepted)
    stack = replace(each.stack, name="")
    return replace(report, stacks=(StackReview(stack, replace(each.review, remarks=remarks), accepted),))


def told_of_one(source: Source, remarks: Iterable[Remark], accepted: Iterable[Accepted] = ()) -> Told:
    """What is told of one template.

    Args:
        source: The template.
        remarks: What is to be said.
        accepted: What was accepted.
    """
    places = [Places(source)]
    return Told(
        gravest_first(Placed(remark, _place(remark, places)) for remark in remarks),
        tuple((one, _place(one.remark, places)) for one in accepted),
    )


def gravest_first(remarks: Iterable[Placed]) -> tuple[Placed, ...]:
    """Remarks, the gravest first; those of a grade stay in their order.

    Args:
        remarks: The remarks.
    """
    return tuple(sorted(remarks, key=lambda placed: -RANKS[placed.remark.grade]))


def _place(remark: Remark, sources: list[Places]) -> Place:
    """Where the first of several templates writes down what a remark is about."""
    found = next((source for source in sources if source.has(remark)), sources[0] if sources else None)
    return found.of(remark) if found else Place("")

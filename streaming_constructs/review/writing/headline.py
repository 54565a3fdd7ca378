"""A review in one sentence: what changes, and the most dangerous of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from streaming_constructs.planning.numbers import counted
from streaming_constructs.review.grade import GRADES, About
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.stacks_review import Report
from streaming_constructs.review.templates_review import verdict_of

_DANGERS: Mapping[tuple[About, ...], tuple[str, str]] = {
    ("data-loss", "replacement", "retention", "orphan", "schema", "partition", "removal-policy", "sql-state"): (
        "loses data",
        "lose data",
    ),
    ("position-reset",): ("loses a position", "lose a position"),
    ("delivery",): ("drops records", "drop records"),
    ("public-access", "iam-widened", "network"): ("opens something", "open something"),
    ("encryption",): ("leaves something unencrypted", "leave something unencrypted"),
    ("alarm",): ("leaves something unwatched", "leave something unwatched"),
    ("scaling", "throttle", "cost", "none"): ("breaks something, or is refused", "break something, or are refused"),
}
"""What dangers about something do, of one and of several; the gravest first."""
_ORDER = [about for abouts in _DANGERS for about in abouts]
_LONGEST = 300
"""How much is said of the gravest remark."""


def headline(report: Report) -> str:
    """A review in a sentence or two: what changes, and the most dangerous of it.

    Args:
        report: The review.
    """
    return " ".join(sentences(report))


def sentences(report: Report) -> list[str]:
    """The headline's sentences: the first says how grave the review is.

    Args:
        report: The review.
    """
    changes = [remark for each in report.stacks for remark in each.review.remarks]
    verdict = verdict_of(changes)
    grades = count_grades(accepted.remark for accepted in report.accepted)
    accepted = [f"Accepted: {counted_grades(grades)}."] if report.accepted else []
    if verdict == "danger":
        return [*_dangers(changes), *accepted]
    if verdict == "caution":
        return [*_cautions(changes), *accepted]
    if not changes:
        told = [*accepted, f"Nothing {'else ' if report.accepted else ''}changed."]
    else:
        told = [f"Fine: {_fine(changes)}", *accepted]
    if report.outdated:
        told[0] = told[0].removeprefix("Fine: ")
        told.insert(0, f"Caution: {report.outdated[0].remark.message}.")
    return told


def _dangers(remarks: Sequence[Remark]) -> list[str]:
    dangers = [remark for remark in remarks if remark.grade == "danger"]
    abouts = {remark.about for remark in dangers}
    forms = [forms for about, forms in _DANGERS.items() if abouts & set(about)]
    does = _listed([form[len(dangers) > 1] for form in forms])
    worst = min(dangers, key=lambda remark: _ORDER.index(remark.about))
    return [f"Danger: {_part(len(dangers), len(remarks))} {does}.", _sentence(worst)]


def _cautions(remarks: Sequence[Remark]) -> list[str]:
    cautions = [remark for remark in remarks if remark.grade == "caution"]
    verb = "weakens a guard or works differently" if len(cautions) == 1 else "weaken a guard or work differently"
    return [f"Caution: {_part(len(cautions), len(remarks))} {verb}.", _sentence(cautions[0])]


def _fine(remarks: Sequence[Remark]) -> str:
    if len(remarks) == 1:
        return "1 change, which weakens nothing."
    return f"{counted(len(remarks), 'change')}, none of which weakens anything."


def _part(count: int, all_: int) -> str:
    return f"{count:,} of {counted(all_, 'change')}" if all_ > 1 else "the change"


def _sentence(remark: Remark) -> str:
    """The remark with what it is about, as a sentence."""
    named = ": ".join(part for part in (remark.stack, remark.logical_id) if part)
    what = f"{named} ({remark.resource_type}): " if named and remark.resource_type else f"{named}: " if named else ""
    text = f"{what}{remark.message}"
    return f"{text[: _LONGEST - 1]}…" if len(text) > _LONGEST else f"{text.rstrip('.')}."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def counted_grades(grades: Mapping[str, int]) -> str:
    """How many of each grade, the gravest first: `2 dangers, 1 caution, 4 fine`.

    Args:
        grades: How many of each.
    """
    return ", ".join(
        f"{grades[grade]:,} fine" if grade == "fine" else counted(grades[grade], grade)
        for grade in reversed(GRADES)
        if grades.get(grade)
    )


def count_grades(remarks: Iterable[Remark]) -> Counter[str]:
    """How many remarks of each grade there are.

    Args:
        remarks: The remarks.
    """
    return Counter(remark.grade for remark in remarks)

"""`review.yaml`: what somebody looked at and accepted, why, and until when.

review:
  accept:
    - code: REV103
      logical_id: OldClicks
      reason: its last reader is gone since October
      until: 2026-12-31
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from streaming_constructs.review.reading.inside import check_inside, repository_of
from streaming_constructs.review.reading.places import Place, Placed
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.sources import ACCEPTED as FILE
from streaming_constructs.review.stacks_review import Accepted
from streaming_constructs.spec.codes import codes_of, find
from streaming_constructs.spec.document import Document, read_document
from streaming_constructs.spec.finding import Finding, SpecError, SpecPath, did_you_mean
from streaming_constructs.spec.regular_file import read_regular_file

OUTDATED = ("REV911", "REV912")
"""What is said of acceptances that are past their day, or that fit nothing."""
MAX_BYTES = 1_000_000
_FIELDS = ("code", "logical_id", "stack", "reason", "until")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EXAMPLE = "{code: REV103, logical_id: OldClicks, reason: nobody reads it any more, until: 2026-12-31}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody accepted.

    Attributes:
        code: The code, such as `REV103`.
        logical_id: The resource. Empty: what is about no resource, such as an export.
        stack: The stack: its name, or the end of the path of its template. Empty: any.
        reason: Why.
        until: The last day on which it holds. None: it holds until it is taken out.
        place: Where it is written.
    """

    code: str
    logical_id: str
    reason: str
    until: date | None
    place: Place
    stack: str = ""

    def fits(self, stack: str) -> bool:
        """Whether it is about a stack.

        Args:
            stack: Its name, or the path of its template.
        """
        return not self.stack or f"/{stack}".endswith(f"/{self.stack}")


class Acceptances:
    """What was accepted, and which of it fits something."""

    def __init__(self, written: Iterable[Acceptance], today: date) -> None:
        """Takes what was accepted.

        Args:
            written: What is in the file.
            today: The day that counts.
        """
        self._today = today
        self._held: dict[tuple[str, str], list[Acceptance]] = {}
        # Those that name a stack first: they are more than those of any.
        for each in sorted(written, key=lambda each: -len(each.stack)):
            self._held.setdefault((each.code, each.logical_id), []).append(each)
        self._used: set[Acceptance] = set()

    def divide(self, remarks: Iterable[Remark], stack: str) -> tuple[tuple[Remark, ...], tuple[Accepted, ...]]:
        """What is still to be said, and what was accepted.

        Args:
            remarks: All that is to be said of a stack.
            stack: Its name, or the path of its template.
        """
        open_, accepted = [], []
        for remark in remarks:
            held = self._held.get((remark.code, remark.logical_id), ())
            acceptance = next((each for each in held if each.fits(stack)), None)
            if acceptance is not None:
                self._used.add(acceptance)
            if acceptance is None or self._is_past(acceptance):
                open_.append(remark)
            else:
                until = acceptance.until.isoformat() if acceptance.until else ""
                accepted.append(Accepted(remark, acceptance.reason, until))
        return tuple(open_), tuple(accepted)

    def outdated(self, topic: str) -> tuple[Placed, ...]:
        """What is to be said of acceptances that are past their day, or that nothing has fitted.

        Args:
            topic: Whose codes were looked for: `REV` or `AUD`.
        """
        return tuple(
            Placed(remark, each.place)
            for held in self._held.values()
            for each in held
            if each.code.startswith(topic)
            for remark in self._outdated(each)
        )

    def _outdated(self, acceptance: Acceptance) -> Iterator[Remark]:
        what = _named(acceptance.code, acceptance.logical_id, acceptance.stack)
        if self._is_past(acceptance):
            assert acceptance.until is not None
            message = f"the acceptance of {what} held until {acceptance.until.isoformat()}: it is accepted no more"
            yield _remark(OUTDATED[0], message, "look at it again: mend it, or accept it until another day")
        elif acceptance not in self._used:
            yield _remark(OUTDATED[1], f"the acceptance of {what} fits nothing any more", "take it out")

    def _is_past(self, acceptance: Acceptance) -> bool:
        return acceptance.until is not None and acceptance.until < self._today


def _remark(code: str, message: str, help_: str) -> Remark:
    return Remark(code, "caution", "none", message, help_)


def acceptance_file(new: str | None, names: Iterable[str]) -> Path | None:
    """The file that is read where none is named: beside the new template, or within or beside the folder of the new ones.

    Args:
        new: What was named as new: a file or a folder; None of a review of git's working tree.
        names: The new templates: files, where they are files.
    """
    beside = [Path(name).parent for name in names if Path(name).is_file()]
    folders = [Path(new), Path(new).parent, *beside] if new and new != "-" else [*beside, Path()]
    return next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)


def _named(code: str, logical_id: str, stack: str) -> str:
    return " ".join([code, *([f"of {logical_id}"] if logical_id else []), *([f"in {stack}"] if stack else [])])


def open_acceptances(path: Path) -> list[Acceptance]:
    """What a file accepts.

    Args:
        path: The file.

    Raises:
        SpecError: If it cannot be read, or says what it cannot say: all of it at once.
    """
    name = str(path)
    check_inside(path, repository_of(path))
    try:
        raw = read_regular_file(path, MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise SpecError([Finding("REV906", f"{name} has more than {MAX_BYTES:,} bytes", file=name)])
        return read_acceptances(raw.decode("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SpecError([Finding("REV906", f"{name} cannot be read: {why}", file=name)]) from None


def read_acceptances(text: str, name: str) -> list[Acceptance]:
    """What the text of a file accepts.

    Args:
        text: The text.
        name: What the file is called in findings.

    Raises:
        SpecError: If it says what it cannot say: all of it at once.
    """
    document = read_document(text, name)
    findings = [*document.findings, *map(document.locate, () if document.findings else _findings(document.data))]
    if findings:
        raise SpecError(sorted(findings, key=lambda finding: (finding.line, finding.column)))
    return [
        _acceptance(each, ("review", "accept", at), document)
        for at, each in enumerate(document.data["review"]["accept"])
    ]


def _acceptance(written: Mapping[str, Any], path: SpecPath, document: Document) -> Acceptance:
    until = written.get("until")
    return Acceptance(
        written["code"],
        written.get("logical_id") or "",
        written["reason"],
        date.fromisoformat(until) if until else None,
        Place(document.name, document.positions[path].line),
        written.get("stack") or "",
    )


def _findings(data: Any) -> Iterator[Finding]:
    """What is wrong with the content of a file."""
    inside = data.get("review") if isinstance(data, Mapping) else None
    accept = inside.get("accept") if isinstance(inside, Mapping) else None
    if isinstance(data, Mapping):
        yield from _unknown(data, ("review",), ())
    if isinstance(inside, Mapping):
        yield from _unknown(inside, ("accept",), ("review",))
    if not isinstance(accept, list):
        path: SpecPath = ("review", "accept") if isinstance(inside, Mapping) else ("review",)
        yield Finding("REV906", "no list of acceptances", path, help=f"write `review: {{accept: [{_EXAMPLE}]}}`")
        return
    seen: dict[tuple[str, str, str], int] = {}
    for at, each in enumerate(accept):
        path = ("review", "accept", at)
        if not isinstance(each, Mapping):
            yield Finding("REV906", "an acceptance that is no mapping", path, help=f"write `{_EXAMPLE}`")
            continue
        yield from _unknown(each, _FIELDS, path)
        yield from _field_findings(each, path)
        key = str(each.get("code")), str(each.get("logical_id") or ""), str(each.get("stack") or "")
        if key in seen:
            message = f"{_named(*key)} is accepted twice"
            yield Finding("REV910", message, path, help=f"keep one of them; the first is acceptance {seen[key] + 1}")
        seen.setdefault(key, at)


def _unknown(written: Mapping[str, Any], known: Iterable[str], path: SpecPath) -> Iterator[Finding]:
    for name in written:
        if name not in known:
            yield Finding("REV907", f"unknown field `{name}`", (*path, name), help=did_you_mean(name, known))


def _field_findings(each: Mapping[str, Any], path: SpecPath) -> Iterator[Finding]:
    for name, what in (("code", "which code is accepted"), ("reason", "why it is accepted")):
        value = each.get(name)
        if not isinstance(value, str) or not _says_something(value):
            yield Finding("REV908", f"an acceptance without `{name}`", (*path, name), help=f"say {what}, as a text")
    code, logical_id, until = (each.get(name) for name in ("code", "logical_id", "until"))
    if isinstance(code, str) and _says_something(code) and not _can_be_accepted(code):
        choices = [known.code for topic in ("REV", "AUD") for known in codes_of(topic) if _can_be_accepted(known.code)]
        yield Finding("REV909", f"no review or audit says `{code}`", (*path, "code"), help=did_you_mean(code, choices))
    if logical_id is not None and not isinstance(logical_id, str):
        yield Finding("REV908", "`logical_id` is no text", (*path, "logical_id"), help="name one resource")
    stack = each.get("stack")
    if stack is not None and not (isinstance(stack, str) and _says_something(stack)):
        yield Finding("REV908", "`stack` is no text", (*path, "stack"), help="name one stack, as the review tells it")
    if until is not None and not _is_day(until):
        yield Finding(
            "REV913", "`until` is no day", (*path, "until"), help="write the last day on which it holds: 2026-12-31"
        )


def _says_something(text: str) -> bool:
    """Whether a text has a letter or a digit that can be seen."""
    return any(sign.isalnum() and sign not in _FILLERS for sign in text)


_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters that nobody sees: the fillers of Hangul.

Source: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
"""


def _can_be_accepted(code: str) -> bool:
    known = find(code)
    return known is not None and known.form == "template"


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True

"""A review as a comment on a pull request."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.review.reading.places import Place, Placed
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.stacks_review import Accepted, Report, StackReview
from streaming_constructs.review.writing.markdown import MARKER, markdown
from streaming_constructs.review.writing.markdown_text import markdown_code, markdown_text
from tests.review.told import ALARM, BISECT, RETENTION, TAGS, remark, report, stack

GOLDEN = Path(__file__).parent / "golden"
ASSUMED = ("parameters are their defaults, where nothing else is said: Stage",)
ACCEPTED = (Accepted(RETENTION, "all readers are within an hour, says the dashboard", "2026-12-31"),)
OUTDATED = Placed(
    Remark("REV912", "caution", "none", "the acceptance of REV103 of OldClicks fits nothing any more", "take it out"),
    Place("review.yaml", 3),
)


def many(grade: str, count: int) -> list[Remark]:
    return [
        remark(grade, message=f"{grade} {number}: {'what happens ' * 10}", help="do it otherwise " * 5)  # type: ignore[arg-type]
        for number in range(count)
    ]


def in_stack(name: str, *remarks: Remark) -> StackReview:
    return stack(*(replace(each, stack=name) for each in remarks), name=name)


STATES = {
    "danger": report(TAGS, BISECT, RETENTION, ALARM, assumptions=ASSUMED),
    "caution": report(BISECT, TAGS),
    "fine": report(TAGS),
    "none": Report(()),
    "stacks": Report((in_stack("dev", RETENTION, TAGS), in_stack("prod", BISECT)), ("tools",)),
    "accepted": report(BISECT, accepted=ACCEPTED),
    "accepted_alone": report(accepted=ACCEPTED),
    "outdated": Report((stack(TAGS),), (), (OUTDATED,)),
}


@pytest.mark.parametrize("state", STATES)
def test_a_review_is_told_as_it_is_written_down(state: str) -> None:
    assert markdown(STATES[state]) == (GOLDEN / f"{state}.md").read_text(encoding="utf-8")


def test_a_long_review_is_shortened_as_it_is_written_down() -> None:
    told = markdown(report(*many("danger", 2), *many("caution", 3), *many("fine", 40), assumptions=ASSUMED), most=4000)
    assert told == (GOLDEN / "shortened.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("counts", [(3, 3, 900), (3, 900, 900), (90, 900, 0), (3000, 10, 10)])
def test_a_comment_has_no_more_characters_than_github_takes(counts: tuple[int, int, int]) -> None:
    danger, caution, fine = counts
    told = markdown(report(*many("danger", danger), *many("caution", caution), *many("fine", fine)))
    assert len(told.encode()) <= 65_536
    assert re.search("_Shortened, as a comment has a limit: .*what is fine", told)
    assert told.startswith(f"{MARKER}\n## \U0001f534 Danger\n")


def test_a_danger_stays_where_all_else_is_cut() -> None:
    told = markdown(report(*many("danger", 90), *many("caution", 900)))
    assert [number for number in range(90) if f"danger {number}: " not in told] == []


def test_even_hostile_texts_of_any_length_fit() -> None:
    hostile = "@<" * 100_000
    one = remark(message=hostile, help=hostile, logical_id=hostile, resource_type=hostile, path=hostile, where=hostile)
    accepted = (Accepted(one, hostile, "2026-12-31"),) * 50
    told = markdown(report(*[one] * 50, name=hostile, accepted=accepted, assumptions=(hostile,) * 50))
    assert len(told.encode()) <= 65_536


def test_dangers_are_not_folded() -> None:
    told = markdown(STATES["danger"])
    unfolded = re.sub(r"<details>.*?</details>", "", told, flags=re.DOTALL)
    assert RETENTION.message in unfolded
    assert "**Instead:** keep <code>RetentionPeriodHours: 168</code>" in unfolded
    assert TAGS.message not in unfolded


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "&#60;img src=x onerror=alert(1)&#62;"),
        ("a|b", "a&#124;b"),
        ("a`b", "a&#96;b"),
        ("a `` b", "a &#96;&#96; b"),
        ("a `b|c` d", "a <code>b&#124;c</code> d"),
        ("ask @octocat", "ask &#64;&#8203;octocat"),
        ("mends #123", "mends &#35;&#8203;123"),
        ("GH-12", "GH&#8203;-12"),
        ("[here](https://evil.example)", "&#91;here&#93;(https&#58;&#8203;//evil.example)"),
        ("see www.evil.example", "see www&#8203;.evil.example"),
        ("# no heading", "&#35; no heading"),
        ("1. no list", "&#49;. no list"),
        ("- no list", "&#45; no list"),
        ("&amp;", "&#38;&#8203;amp;"),
        ("a\nb\x1b[31m\u202e", "a&#92;nb&#92;x1b&#91;31m&#92;u202e"),
        ("-->", "&#45;-&#62;"),
    ],
)
def test_nothing_in_a_text_is_obeyed(text: str, shown: str) -> None:
    assert markdown_text(text) == shown


def test_names_in_code_can_be_copied() -> None:
    assert markdown_code("Clicks.Tags[team]") == "<code>Clicks.Tags&#91;team&#93;</code>"
    assert markdown_code("`</code>@me") == "<code>&#96;&#60;/code&#62;&#64;me</code>"


SIGNS = st.text(st.sampled_from("`<>|@#[]()!*_~\\&$:/\n\x1b\u202ea1.-+=w "), max_size=40)


@given(SIGNS)
@settings(deadline=None)
def test_a_hostile_name_is_text_whatever_it_says(name: str) -> None:
    hostile = remark(message=name, help=name, logical_id=name, resource_type=name, path=name, where=name, stack=name)
    told = markdown(report(hostile, replace(hostile, grade="fine"), name=name, assumptions=(name,)))
    plain = markdown(report(remark(stack="n"), remark("fine", stack="n"), name="n", assumptions=("n",)))
    assert len([line for line in told.splitlines() if line.startswith("|")]) == 3
    for line in told.splitlines():
        if line.startswith("|"):
            assert line.count("|") == 5
    allowed = r"</?(code|details|summary|sub)>|<br>|<!-- streaming-constructs review -->"
    assert "<" not in re.sub(allowed, "", told)
    assert sum(line.startswith("#") for line in told.splitlines()) == sum(
        line.startswith("#") for line in plain.splitlines()
    )
    assert "[" not in told
    assert not re.search(r"@\w", told)


@given(SIGNS)
@settings(deadline=None)
def test_a_reader_sees_what_was_written(text: str) -> None:
    seen = html.unescape(re.sub(r"</?code>", "`", markdown_text(text))).replace("\u200b", "")
    from streaming_constructs.spec.printable import printable

    assert seen == printable(text.strip())

"""A review in one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.review.grade import About
from streaming_constructs.review.reading.places import Place, Placed
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.stacks_review import Accepted, Report
from streaming_constructs.review.writing.headline import headline
from tests.review.told import ALARM, BISECT, RETENTION, TAGS, remark, report, stack

OUTDATED = Placed(
    Remark("REV912", "caution", "none", "the acceptance of REV103 fits nothing any more"), Place("review.yaml")
)
BISECTED = f"FraudMapping (AWS::Lambda::EventSourceMapping): {BISECT.message}."
LOST = "Clicks (AWS::Kinesis::Stream): records older than 24 h are deleted when this is deployed; it was 168 h."


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (report(RETENTION), f"Danger: the change loses data. {LOST}"),
        (report(TAGS, BISECT, RETENTION), f"Danger: 1 of 3 changes loses data. {LOST}"),
        (report(ALARM, RETENTION), f"Danger: 2 of 2 changes lose data or leave something unwatched. {LOST}"),
        (
            report(BISECT, TAGS),
            f"Caution: 1 of 2 changes weakens a guard or works differently. {BISECTED}",
        ),
        (report(TAGS), "Fine: 1 change, which weakens nothing."),
        (report(TAGS, TAGS), "Fine: 2 changes, none of which weakens anything."),
        (Report(()), "Nothing changed."),
        (report(accepted=(Accepted(RETENTION, "known"),)), "Accepted: 1 danger. Nothing else changed."),
        (
            report(TAGS, accepted=(Accepted(RETENTION, "known"),)),
            "Fine: 1 change, which weakens nothing. Accepted: 1 danger.",
        ),
        (Report((), (), (OUTDATED,)), "Caution: the acceptance of REV103 fits nothing any more. Nothing changed."),
        (
            Report((stack(TAGS),), (), (OUTDATED,)),
            "Caution: the acceptance of REV103 fits nothing any more. 1 change, which weakens nothing.",
        ),
        (Report((stack(RETENTION),), (), (OUTDATED,)), f"Danger: the change loses data. {LOST}"),
    ],
)
def test_a_review_is_said_in_a_sentence(told: Report, said: str) -> None:
    assert headline(told) == said


@pytest.mark.parametrize("about", get_args(About))
def test_each_danger_has_its_words(about: About) -> None:
    assert headline(report(remark(about=about))).startswith("Danger: the change ")


def test_what_loses_data_is_said_before_what_is_watched_no_more() -> None:
    assert LOST in headline(report(ALARM, RETENTION))


def test_a_stack_is_named_where_there_are_several() -> None:
    told = replace(RETENTION, stack="prod")
    assert "prod: Clicks (AWS::Kinesis::Stream): records" in headline(report(told, name="prod"))


def test_a_long_text_is_cut() -> None:
    assert len(headline(report(remark(message="x" * 10_000)))) < 400


GRADES = st.sampled_from(["danger", "caution", "fine"])
REMARKS = st.builds(remark, GRADES, st.sampled_from(get_args(About)), message=st.text(max_size=20))


@given(st.lists(REMARKS, max_size=6), st.lists(REMARKS, max_size=2), st.booleans())
def test_the_first_word_is_the_verdict(remarks: list[Remark], accepted: list[Remark], outdated: bool) -> None:
    accepts = tuple(Accepted(each, "known") for each in accepted)
    told = Report((stack(*remarks, accepted=accepts),), (), (OUTDATED,) if outdated else ())
    first = headline(told).split()[0].rstrip(":")
    assert first in {"none": ("Nothing", "Accepted")}.get(told.verdict, (told.verdict.capitalize(),))

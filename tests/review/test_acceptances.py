"""What was accepted: how it is read, what it takes out, and when it is outdated."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from streaming_constructs.review.acceptances import (
    Acceptance,
    Acceptances,
    acceptance_file,
    open_acceptances,
    read_acceptances,
)
from streaming_constructs.review.accepting import without_accepted
from streaming_constructs.review.reading.places import Place
from streaming_constructs.spec.finding import SpecError
from tests.review.told import BISECT, RETENTION, TAGS, remark, report

TEXT = """\
review:
  accept:
    - code: REV101
      logical_id: Clicks
      reason: all readers are within an hour
      until: 2026-12-31
    - {code: AUD101, logical_id: Lake, reason: a lake of tests}
"""
DAY = date(2026, 12, 31)
CLICKS = Acceptance("REV101", "Clicks", "all readers are within an hour", DAY, Place("review.yaml", 3))


@pytest.fixture(autouse=True)
def known_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes of audits are others': one is enough here."""
    from streaming_constructs.review import acceptances

    known = acceptances._can_be_accepted
    monkeypatch.setattr(acceptances, "_can_be_accepted", lambda code: code == "AUD101" or known(code))


def problems(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(SpecError) as caught:
        read_acceptances(text, "review.yaml")
    return [(finding.code, finding.line, finding.message) for finding in caught.value.findings]


def test_what_is_written_is_read() -> None:
    read = read_acceptances(TEXT, "review.yaml")
    assert read == [CLICKS, Acceptance("AUD101", "Lake", "a lake of tests", None, Place("review.yaml", 7))]


def test_an_empty_list_accepts_nothing() -> None:
    assert read_acceptances("review: {accept: []}\n", "review.yaml") == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = """\
review:
  accept:
    - code: REV1O1
      logical_id: Clicks
      untill: 2026-12-31
    - {code: REV101, logical_id: [a], reason: "  ", until: 31.12.2026}
    - REV101
    - {code: REV103, logical_id: Old, reason: gone, until: 2026-02-30}
    - {code: REV103, logical_id: Old, reason: gone}
    - {logical_id: Old, reason: gone, until: 2026-W01-1}
  reject: []
more: 1
"""
    assert problems(text) == [
        ("REV908", 3, "an acceptance without `reason`"),
        ("REV909", 3, "no review or audit says `REV1O1`"),
        ("REV907", 5, "unknown field `untill`"),
        ("REV908", 6, "`logical_id` is no text"),
        ("REV908", 6, "an acceptance without `reason`"),
        ("REV913", 6, "`until` is no day"),
        ("REV906", 7, "an acceptance that is no mapping"),
        ("REV913", 8, "`until` is no day"),
        ("REV910", 9, "REV103 of Old is accepted twice"),
        ("REV908", 10, "an acceptance without `code`"),
        ("REV913", 10, "`until` is no day"),
        ("REV907", 11, "unknown field `reject`"),
        ("REV907", 12, "unknown field `more`"),
    ]


@pytest.mark.parametrize("text", ["", "review:\n", "review: {accept: REV101}\n", "[]\n", "review: {}\n", "1"])
def test_what_is_no_list_is_told(text: str) -> None:
    assert [code for code, _, _ in problems(text)] == ["REV906"]


def test_what_is_no_yaml_is_told() -> None:
    assert [code for code, _, _ in problems("review: [\n")] == ["LNG102"]


@pytest.mark.parametrize("code", ["REV901", "REV906", "LAM506", "REV911"])
def test_what_no_rule_says_cannot_be_accepted(code: str) -> None:
    text = TEXT.replace("REV101", code)
    assert problems(text) == [("REV909", 3, f"no review or audit says `{code}`")]


def test_a_code_that_is_misspelt_is_guessed() -> None:
    with pytest.raises(SpecError) as caught:
        read_acceptances(TEXT.replace("REV101", "REB101"), "review.yaml")
    assert caught.value.findings[0].help == "did you mean `REV101`?"


def test_what_is_accepted_leaves_the_verdict() -> None:
    told = without_accepted(report(RETENTION, BISECT, TAGS), Acceptances([CLICKS], DAY))
    assert told.verdict == "caution"
    assert told.remarks == (BISECT, TAGS)
    assert [(each.remark, each.reason, each.until) for each in told.accepted] == [
        (RETENTION, CLICKS.reason, "2026-12-31")
    ]
    assert told.outdated == ()


def test_the_last_day_is_the_last() -> None:
    told = without_accepted(report(RETENTION), Acceptances([CLICKS], date(2027, 1, 1)))
    assert (told.verdict, told.accepted) == ("danger", ())
    assert [
        (placed.remark.code, placed.remark.grade, placed.remark.message, str(placed.place)) for placed in told.outdated
    ] == [
        (
            "REV911",
            "caution",
            "the acceptance of REV101 of Clicks held until 2026-12-31: it is accepted no more",
            "review.yaml:3",
        )
    ]


@pytest.mark.parametrize("other", [remark(code="REV102"), remark(logical_id="Other"), remark(logical_id="")])
def test_an_acceptance_is_of_one_code_of_one_resource(other: object) -> None:
    told = without_accepted(report(other), Acceptances([CLICKS], DAY))  # type: ignore[arg-type]
    assert told.verdict == "danger"
    assert [placed.remark.message for placed in told.outdated] == [
        "the acceptance of REV101 of Clicks fits nothing any more"
    ]


def test_an_acceptance_that_fits_nothing_makes_a_caution_of_what_is_fine() -> None:
    assert without_accepted(report(TAGS), Acceptances([CLICKS], DAY)).verdict == "caution"


def test_without_a_resource_it_is_of_what_is_about_none() -> None:
    acceptance = Acceptance("REV119", "", "nobody imports it", None, Place("review.yaml", 3))
    gone = remark("caution", "none", code="REV119", logical_id="", resource_type="", path="Outputs.Arn")
    told = without_accepted(report(gone), Acceptances([acceptance], DAY))
    assert (told.verdict, len(told.accepted), told.outdated) == ("none", 1, ())


def test_a_review_says_nothing_of_acceptances_of_audits() -> None:
    acceptances = Acceptances(read_acceptances(TEXT, "review.yaml"), DAY)
    assert [placed.remark.message for placed in acceptances.outdated("AUD")] == [
        "the acceptance of AUD101 of Lake fits nothing any more"
    ]
    told = without_accepted(report(RETENTION), acceptances)
    assert told.outdated == ()


def test_the_file_beside_the_new_templates_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("snapshots/new.json", "elsewhere/new.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("{}")
    (tmp_path / "review.yaml").write_text(TEXT)
    (tmp_path / "snapshots" / "review.yaml").write_text(TEXT)
    assert acceptance_file("snapshots/new.json", []) == Path("snapshots/review.yaml")
    assert acceptance_file("snapshots", []) == Path("snapshots/review.yaml")
    assert acceptance_file("elsewhere", []) == Path("review.yaml")
    assert acceptance_file("elsewhere/new.json", []) is None
    assert acceptance_file(None, ["snapshots/new.json"]) == Path("snapshots/review.yaml")
    assert acceptance_file(None, ["origin/main:x"]) == Path("review.yaml")
    assert acceptance_file("-", []) == Path("review.yaml")


@pytest.mark.parametrize("name", ["missing.yaml", "folder", "latin.yaml"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"review: \xff")
    with pytest.raises(SpecError) as caught:
        open_acceptances(tmp_path / name)
    assert [finding.code for finding in caught.value.findings] == ["REV906"]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b\u2060", "\ufeff", "\u3164\uffa0", "\u2800", "\u00ad\u202e", "…"])
def test_a_reason_that_nobody_can_see_is_none(reason: str) -> None:
    text = TEXT.replace("all readers are within an hour", json.dumps(reason))
    assert problems(text) == [("REV908", 5, "an acceptance without `reason`")]


STACKS = """\
review:
  accept:
    - {code: REV101, logical_id: Clicks, stack: prod.json, reason: prod}
    - {code: REV101, logical_id: Clicks, reason: any}
    - {code: REV101, logical_id: Clicks, stack: two/prod.json, reason: the second}
"""


@pytest.mark.parametrize(
    ("stack", "reason"),
    [
        ("prod.json", "prod"),
        ("one/prod.json", "prod"),
        ("one/two/prod.json", "the second"),
        ("nonprod.json", "any"),
        ("", "any"),
    ],
)
def test_an_acceptance_may_be_of_one_stack(stack: str, reason: str) -> None:
    _, accepted = Acceptances(read_acceptances(STACKS, "review.yaml"), DAY).divide([RETENTION], stack)
    assert [each.reason for each in accepted] == [reason]


def test_an_acceptance_of_another_stack_fits_nothing() -> None:
    text = STACKS.replace("    - {code: REV101, logical_id: Clicks, reason: any}\n", "")
    told = without_accepted(report(RETENTION, name="dev.json"), Acceptances(read_acceptances(text, "review.yaml"), DAY))
    assert told.verdict == "danger"
    assert [placed.remark.message for placed in told.outdated] == [
        "the acceptance of REV101 of Clicks in two/prod.json fits nothing any more",
        "the acceptance of REV101 of Clicks in prod.json fits nothing any more",
    ]


def test_a_stack_without_a_name_is_called_after_its_file() -> None:
    text = "review: {accept: [{code: REV101, logical_id: Clicks, stack: new.yaml, reason: any}]}\n"
    assert (
        without_accepted(report(RETENTION), Acceptances(read_acceptances(text, "review.yaml"), DAY)).verdict == "none"
    )


def test_a_stack_is_accepted_once_and_named_by_a_text() -> None:
    assert problems(STACKS.replace("two/prod.json", "prod.json")) == [
        ("REV910", 5, "REV101 of Clicks in prod.json is accepted twice")
    ]
    assert problems(STACKS.replace("two/prod.json", "[a]")) == [("REV908", 5, "`stack` is no text")]


@pytest.mark.parametrize(("target", "is_read"), [("../shared.yaml", False), ("shared.yaml", True)])
@pytest.mark.parametrize("is_repository", [True, False])
def test_acceptances_are_those_of_the_repository(
    tmp_path: Path, target: str, is_read: bool, is_repository: bool
) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    if is_repository:
        (folder / ".git").mkdir()
    for shared in (tmp_path / "shared.yaml", folder / "shared.yaml"):
        shared.write_text(TEXT)
    (folder / "review.yaml").symlink_to(target)
    if is_read:
        assert len(open_acceptances(folder / "review.yaml")) == 2
        return
    with pytest.raises(SpecError) as caught:
        open_acceptances(folder / "review.yaml")
    assert [finding.code for finding in caught.value.findings] == ["REV927"]

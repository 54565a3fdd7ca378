"""Text of files in terminals and logs, and the line that a finding shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.printable import printable
from streaming_constructs.spec.source_line import WIDTH, shown_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("handlers/fraud", "handlers/fraud"),
        ("größer 点击", "größer 点击"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("abc\u202edcb", r"abc\u202edcb"),
        ("\udcff.yaml", r"\udcff.yaml"),
        ("::error::gone", r"\x3a:error::gone"),
        ("  ::error::gone", r"  \x3a:error::gone"),
        ("a ::error::gone", "a ::error::gone"),
        ("# ##[error]gone", r"# \x23#[error]gone"),
        ("x##vso[task.setvariable]y", r"x\x23#vso[task.setvariable]y"),
        ("## a heading [1]", "## a heading [1]"),
    ],
)
def test_what_is_obeyed_is_escaped_and_nothing_else(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_whatever_it_is_it_is_one_printable_line(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert not shown.lstrip().startswith("::")
    assert printable(shown) == shown


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_no_part_of_a_finding_is_obeyed(message: str, file: str, source: str, note: str, help_: str) -> None:
    finding = Finding("LNG201", message, ("a", file), note, help_, "error", file, 7, 3, source)
    lines = str(finding).split("\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.lstrip().startswith("::") for line in lines)
    assert len(lines) <= 6


# --- the line


def marked(line: str, culprit: str) -> tuple[str, str]:
    """The line with a marker under a culprit, and what stands above the marker."""
    text, marker = shown_line(line, line.index(culprit) + 1)
    return text, text[len(marker) - 1 :]


def test_what_a_line_begins_with_is_seen_without_a_marker() -> None:
    assert shown_line("    buffer_mb: 16", 5) == ("    buffer_mb: 16", "")


def test_the_marker_stands_under_the_culprit() -> None:
    assert shown_line("a: {b: 1, c: 2}", 11) == ("a: {b: 1, c: 2}", "          ^")


def test_a_long_line_is_cut_behind() -> None:
    text, above = marked("a: {culprit: 1" + ", b: 1" * 100, "culprit")
    assert (len(text), text[-1], above.startswith("culprit: 1")) == (WIDTH + 1, "…", True)


def test_a_long_line_is_cut_on_both_sides_of_a_culprit_in_it() -> None:
    text, above = marked("a: {" + "b: 1, " * 100 + "culprit: 1" + ", b: 1" * 100, "culprit")
    assert (len(text), text[0], text[-1], above.startswith("culprit: 1")) == (WIDTH + 2, "…", "…", True)


def test_a_long_line_is_cut_before_a_culprit_at_its_end() -> None:
    text, above = marked("a: {" + "b: 1, " * 100 + "culprit: 1}", "culprit")
    assert (len(text), text[0], above) == (WIDTH + 1, "…", "culprit: 1}")


def test_wide_letters_take_two_columns_and_escapes_as_many_as_they_have() -> None:
    assert shown_line("a: {点击: 1, b: 2}", 12)[1] == " " * 13 + "^"
    assert shown_line("a: {x\t: 1, b: 2}", 12)[1] == " " * 12 + "^"


@given(st.text(max_size=400), st.integers(1, 500))
def test_any_place_of_any_line_can_be_shown(line: str, column: int) -> None:
    text, marker = shown_line(line, column)
    assert text.isprintable()
    assert marker.strip() in {"", "^"}

"""What is printed where: on a terminal, in a file that output is led into, without colour; and nothing that they obey."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.cli.console import plain, show, show_findings, show_json, text_finding
from streaming_constructs.cli.group import verbs
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run, Write

LONG = "word " * 60
BROKEN = BASE.replace("from: payments", "from: payment")


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Callable[..., io.StringIO]:
    """Puts a terminal, or a file, in the place of a stream."""

    class Stream(io.StringIO):
        terminal = False

        def isatty(self) -> bool:
            return self.terminal

    def put(name: str = "stdout", *, terminal: bool, no_colour: str = "", columns: int = 80) -> io.StringIO:
        stream = Stream()
        stream.terminal = terminal
        monkeypatch.setenv("NO_COLOR", no_colour)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(f"sys.{name}", stream)
        return stream

    return put


def test_a_terminal_has_its_width(output: Any) -> None:
    stream = output(terminal=True, columns=40)
    show(plain(LONG))
    assert max(map(len, stream.getvalue().splitlines())) <= 40


def test_a_file_has_lines_as_long_as_they_are_without_trailing_blanks(output: Any) -> None:
    stream = output(terminal=False, columns=40)
    show(plain(f"{LONG}end   "), "", plain("after"))
    assert stream.getvalue() == f"{LONG}end\n\nafter\n"


@pytest.mark.parametrize("word", ["LAM506", "LAM515", "on_failure", "to"])
def test_a_story_is_as_wide_as_the_terminal(output: Any, word: str) -> None:
    stream = output(terminal=True, columns=70)
    with pytest.raises(SystemExit):
        verbs(["explain", word])
    in_one_piece = re.compile(r"    |Source: |Example |  [A-Z]{3}[0-9]")  # what is pasted, followed, or a row
    lines = [line for line in stream.getvalue().splitlines() if not in_one_piece.match(line)]
    assert max(map(len, lines)) <= 70


@pytest.mark.parametrize(("terminal", "no_colour"), [(True, ""), (True, "1"), (False, ""), (False, "1")])
def test_styles_are_for_terminals_and_can_be_refused(output: Any, terminal: bool, no_colour: str) -> None:
    stream = output(terminal=terminal, no_colour=no_colour)
    show(plain("bold", "bold"), plain("red", "red"))
    assert ("\x1b[1m" in stream.getvalue()) is (terminal and not no_colour)
    assert ("\x1b" in stream.getvalue()) is (terminal and not no_colour)


@pytest.mark.parametrize("command", [["plan", "lambda-consumer"], ["validate", "lambda-consumer"], ["patterns"]])
def test_a_verb_writes_no_escape_sequence_where_no_colour_is_wanted(output: Any, command: list[str]) -> None:
    stream = output(terminal=True, no_colour="1")
    with pytest.raises(SystemExit):
        verbs(command)
    assert stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_plan_in_a_file_is_neither_wrapped_nor_padded(run: Run) -> None:
    lines = run("plan", "lambda-consumer").stdout.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert any(line.endswith("after which it skips a record would be 10,800 s") for line in lines)


def test_what_a_terminal_obeys_is_escaped() -> None:
    assert plain("\x1b[31m\n[bold]\u202e").plain == r"\x1b[31m\n[bold]\u202e"


def test_json_is_the_same_object_without_what_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "\x1b[31mä\n\x9b\u202e\U000e0001", "点击": ["流"]}
    show_json(value)
    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert printed.replace("\n", "").isprintable()
    assert "点击" in printed


@pytest.mark.parametrize(("terminal", "no_colour"), [(True, ""), (True, "1"), (False, "")])
def test_findings_are_coloured_by_where_they_go(output: Any, terminal: bool, no_colour: str) -> None:
    stream = output("stderr", terminal=terminal, no_colour=no_colour)
    show_findings([Finding("LNG204", "too small", level="error")])
    coloured = terminal and not no_colour
    head = "\x1b[31m\x1b[1merror[LNG204]\x1b[0m" if coloured else "error[LNG204]"
    assert stream.getvalue() == f"\n{head}: too small\n"


def test_what_stops_a_verb_is_coloured_by_where_it_goes(output: Any, write: Write) -> None:
    stream = output("stderr", terminal=True)
    with pytest.raises(SystemExit):
        verbs(["synth", write(BROKEN)])
    assert stream.getvalue().startswith("\x1b[31m\x1b[1merror[GRF301]\x1b[0m: there is no stream or queue `payment`\n")


def test_level_and_code_are_what_is_coloured() -> None:
    told = text_finding(Finding("LNG204", "too small", ("streams", "a"), level="warning"), coloured=True)
    assert told == "\x1b[33m\x1b[1mwarning[LNG204]\x1b[0m: too small\n  --> streams.a"

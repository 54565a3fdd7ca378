"""Nothing that others wrote is obeyed by a terminal or a CI system: whatever a verb prints, in any format."""

from __future__ import annotations

import copy
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import click
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streaming_constructs.cli.console import show_json
from streaming_constructs.cli.group import verbs
from streaming_constructs.cli.guarded_stream import CLEAR_LINE, GuardedStream, guarded, write_obeyed
from streaming_constructs.cli.local.render_rehearsal import show_query_result, show_report
from streaming_constructs.local.athena.duckdb_query import QueryResult
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.spec.codes.base import BASE

PIECES = (
    *(
        "\x1b[31m",
        "\x1b]0;title\x07",
        "\x9b2J",
        "\x9d0;a\x9c",
        "\r",
        "\n",
        "\r\n",
        "\x85",
        "\u2028",
        "\x08",
        "\x7f",
        "\0",
    ),
    *("\u202e", "\u2066", "::", "::warning file=a::", "::add-mask::", "##[error]", "##vso[task.complete]", " ", "\t"),
    *("#", "[", ":", "a", "payments", "点击", "\U000e0001", "%0A", "'", '"', "`"),
)
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=8).map("".join)
_COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
_OURS = re.compile(r"^::(error|warning|notice) (?=[^\n]*::)", re.MULTILINE)


def obeyed(text: str) -> list[str]:
    """What a terminal or a CI system would obey in a text."""
    signs = [sign for sign in text if sign != "\n" and not sign.isprintable()]
    return signs + _COMMAND.findall(text)


# --- the stream


@pytest.mark.parametrize("is_flushed", [True, False])
def test_where_nobody_reads_on_a_verb_ends_as_other_tools_do(*, is_flushed: bool) -> None:
    program = (
        "import sys\n"
        "from streaming_constructs.cli.guarded_stream import GuardedStream\n"
        "sys.stdout = GuardedStream(sys.stdout)\n"
        "sys.stdin.read()\n"
        f"print('x' * 100_000, flush={is_flushed})\n"
        "print('never')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), said) == (141, b"")


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("verb", ["patterns", "schema", "--version"])
def test_a_full_disk_is_told_in_one_line(verb: str) -> None:
    program = "from streaming_constructs.cli import main; main()"
    with FULL.open("w") as full:
        done = subprocess.run([sys.executable, "-c", program, verb], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (74, b"standard output: No space left on device\n")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_what_is_left_in_the_buffer_is_told_as_well() -> None:
    program = (
        "import sys\n"
        "from streaming_constructs.cli import group, main\n"
        "group.verbs = lambda **_: print('short')\n"
        "main()\n"
    )
    with FULL.open("w") as full:
        done = subprocess.run([sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (74, b"standard output: No space left on device\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(st.lists(hostile))
def test_whatever_is_written_in_whichever_pieces_is_not_obeyed_by_a_terminal(pieces: list[str]) -> None:
    written = io.StringIO()
    stream = GuardedStream(written)
    for piece in pieces:
        stream.write(piece)
    assert [sign for sign in written.getvalue() if sign != "\n" and not sign.isprintable()] == []


@given(st.lists(hostile))
def test_whole_lines_are_never_commands(lines: list[str]) -> None:
    written = io.StringIO()
    stream = GuardedStream(written)
    for line in lines:
        stream.write(f"{line}\n")
    assert obeyed(written.getvalue()) == []


def test_what_needs_no_escape_is_left_as_it_is() -> None:
    text = "größer 点击: {a: 1}\n\n  App::handle ## heading [1]\n"
    written = io.StringIO()
    assert GuardedStream(written).write(text) == len(text)
    assert written.getvalue() == text


@pytest.mark.parametrize(("no_colour", "shown"), [("", "\x1b[31ma\x1b[0m"), ("1", r"\x1b[31ma\x1b[0m")])
def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch, no_colour: str, shown: str) -> None:
    monkeypatch.setenv("NO_COLOR", no_colour)
    written = Terminal()
    GuardedStream(written).write("\x1b[31ma\x1b[0m\x1b[2J\r")
    assert written.getvalue() == f"{shown}\\x1b[2J\\r"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["::a"], "\\x3a:a"),
        (["a", "::b"], "a::b"),
        (["a", "", "::b"], "a::b"),
        (["a", " ", "::b"], "a ::b"),
        ([" ", "::b"], " \\x3a:b"),
        (["a\n", "::b"], "a\n\\x3a:b"),
        (["a\n ", " ", "::b"], "a\n  \\x3a:b"),
        (["a\nb", "::c"], "a\nb::c"),
        (["a", "b\n::c"], "ab\n\\x3a:c"),
    ],
)
def test_a_command_is_one_where_a_line_begins_in_whichever_piece(pieces: list[str], shown: str) -> None:
    written = io.StringIO()
    stream = GuardedStream(written)
    for piece in pieces:
        stream.write(piece)
    assert written.getvalue() == shown


def test_it_is_what_the_stream_behind_it_is(tmp_path: Path) -> None:
    plain = GuardedStream(io.StringIO())
    assert (plain.encoding, plain.errors, plain.isatty(), plain.writable()) == ("utf-8", "strict", False, True)
    assert GuardedStream(Terminal()).isatty()
    with (tmp_path / "file").open("w", encoding="latin-1", errors="replace") as file:
        guard = GuardedStream(file)
        assert (guard.encoding, guard.errors, guard.fileno()) == ("latin-1", "replace", file.fileno())


def test_a_line_of_progress_begins_anew() -> None:
    written = io.StringIO()
    write_obeyed(GuardedStream(written), CLEAR_LINE)
    write_obeyed(written, CLEAR_LINE)
    assert written.getvalue() == CLEAR_LINE * 2


def test_click_and_print_write_through_it(capsys: pytest.CaptureFixture[str]) -> None:
    with guarded():
        print("::a")  # noqa: T201
        click.echo("::b\x1b]0;t\x07")
        click.echo("::c", err=True)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("\\x3a:a\n\\x3a:b\\x1b]0;t\\x07\n", "\\x3a:c\n")


# --- verbs


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a spec in which a text can stand: a value, or a key."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key, "key")
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


SPEC = yaml.safe_load(BASE) | {
    "tags": {"team": "shop"},
    "environments": {"dev": {"removal_policy": "destroy"}},
    "acknowledge": {"fraud.LAM507": "an hour is enough"},
}
PLACES = list(places(SPEC))


def with_text(place: tuple[Any, ...], text: str) -> str:
    """The spec with a text at a place."""
    spec = copy.deepcopy(SPEC)
    above = spec
    is_key = place[-1] == "key"
    *steps, last = place[:-1] if is_key else place
    for step in steps:
        above = above[step]
    if is_key:
        above[text] = above.pop(last)
    else:
        above[last] = text
    return yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)


def ran(*arguments: str) -> tuple[str, str]:
    result = CliRunner().invoke(verbs, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), arguments
    return result.stdout, result.stderr


names = hostile.map(lambda text: text.replace("/", "").replace("\0", "")[:40])
a_few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@a_few
@given(st.sampled_from(PLACES), hostile, names)
def test_no_text_of_a_spec_or_name_of_a_file_is_obeyed(
    tmp_path: Path, place: tuple[Any, ...], text: str, name: str
) -> None:
    file = tmp_path / f"{name}.yaml"
    file.write_text(with_text(place, text), encoding="utf-8", errors="surrogatepass")
    printed = [
        *ran("validate", str(file)),
        *ran("validate", str(file), "--format", "json"),
        *ran("plan", str(file), "--environment", "dev"),
        *ran("plan", str(file), "--environment", "dev", "--format", "json"),
        *ran("validate", f"{name}/missing"),
        *ran("plan", str(file), "--environment", text.replace("\0", "")),
    ]
    assert [one for out in printed for one in obeyed(out)] == []


@a_few
@given(st.sampled_from(PLACES), hostile, names)
def test_only_findings_are_commands_to_github(tmp_path: Path, place: tuple[Any, ...], text: str, name: str) -> None:
    file = tmp_path / f"{name}.yaml"
    file.write_text(with_text(place, text), encoding="utf-8", errors="surrogatepass")
    out, _ = ran("validate", str(file), "--format", "github")
    found = json.loads(ran("validate", str(file), "--format", "json")[0])["findings"]
    assert len(_OURS.findall(out)) == len(found)
    assert obeyed(_OURS.sub("", out)) == []
    assert len(out.split("\n")) == len(found) + 1


@a_few
@given(hostile)
def test_no_argument_is_obeyed(text: str) -> None:
    text = text.replace("\0", "")
    commands = (
        [text],
        ["explain", text],
        ["validate", "--format", text, "a.yaml"],
        [f"--{text}"],
        ["validate", "a.yaml", "--against", text],
        ["init", text, text],
        ["plan", text],
    )
    printed = [out for command in commands if text.strip() not in {"", "-", "."} for out in ran(*command)]
    assert [one for out in printed for one in obeyed(out)] == []


def filled(kind: Any, text: str) -> Any:
    """A value of a type with a text wherever it can have one, and one item of whatever there may be several."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is str or kind is Any:
        return text
    if is_dataclass(kind):
        values = {name: filled(hint, text) for name, hint in get_type_hints(kind).items()}
        if "destination" in values:
            values["destination"] = f"arn:aws:sqs:eu-west-1:111122223333:{text}"
        return cast("Any", kind)(**values)
    if origin is Literal:
        return arguments[0]
    if origin in (dict, Mapping):
        return {filled(arguments[0], text): filled(arguments[1], text)}
    if origin in (tuple, list, Sequence):
        return (filled(arguments[0], text),)
    return filled(arguments[0], text) if origin in (Union, UnionType) else cast("Any", kind)(1)


@settings(max_examples=50, deadline=None)
@given(hostile)
def test_nothing_that_came_out_of_a_rehearsal_is_obeyed(text: str) -> None:
    report = filled(Report, text)
    ran = replace(report.consumers[0], not_run=""), *report.consumers
    delivered = replace(report.deliveries[0], not_run=""), *report.deliveries
    report = replace(report, consumers=ran, deliveries=delivered)
    written = io.StringIO()
    with redirect_stdout(written), guarded():
        show_report(report, skew=True)
        show_query_result(text, QueryResult((text,), ((text,), (None,))))
        show_json(report.as_dict())
        click.echo(report.headline)
    assert written.getvalue()
    assert obeyed(written.getvalue()) == []

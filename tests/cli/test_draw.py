"""`draw`: where pictures go, and what is wrong usage."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result

from streaming_constructs.spec.codes.base import BASE

Run = Callable[..., Result]
Write = Callable[..., str]


def test_text_is_what_a_terminal_gets(run: Run, write: Write) -> None:
    told = run("draw", write())
    assert told.exit_code == 0
    assert "└─▶" in told.output
    assert "Lambda function fraud" in told.output


@pytest.mark.parametrize(("name", "begin"), [("a.svg", "<svg "), ("a.mmd", "flowchart LR"), ("a.txt", "payments")])
def test_a_file_is_what_its_ending_says(run: Run, write: Write, name: str, begin: str) -> None:
    for _ in range(2):
        assert run("draw", write(), "--output", name).exit_code == 0
    assert Path(name).read_text().startswith(begin)


def test_png_is_twice_the_picture(run: Run, write: Write) -> None:
    for name in ("a.svg", "a.png"):
        assert run("draw", write(), "--output", name).exit_code == 0
    picture = ET.fromstring(Path("a.svg").read_text())
    begin = Path("a.png").read_bytes()[:24]
    assert begin[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", begin[16:]) == tuple(2 * int(picture.attrib[side]) for side in ("width", "height"))


@pytest.mark.parametrize(("theme", "paper"), [("light", "#ffffff"), ("dark", "#0d1117")])
def test_a_theme_is_that_of_the_picture_whatever_the_screen_has(run: Run, write: Write, theme: str, paper: str) -> None:
    drawn = run("draw", write(), "--format", "svg", "--theme", theme).output
    assert f".paper{{fill:{paper}}}" in drawn
    assert "prefers-color-scheme" not in drawn


def test_png_is_dark_where_that_is_asked_for(run: Run, write: Write) -> None:
    pictures = []
    for theme in ("light", "dark"):
        assert run("draw", write(), "--output", f"{theme}.png", "--theme", theme).exit_code == 0
        pictures.append(Path(f"{theme}.png").read_bytes())
    assert pictures[0] != pictures[1]


def test_png_needs_its_extra(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    told = run("draw", write(), "--output", "a.png")
    assert told.exit_code == 2
    assert "pip install 'streaming-constructs[draw]'" in told.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "png"), "name it by `--output`"),
        (("--format", "text", "--theme", "dark"), "`--theme` is for SVG and PNG"),
        (("--output", "a.pdf"), "it ends in none of .svg"),
        (("--output", "a.svg", "--format", "png"), "do not go together"),
        (("--output", "none/a.svg"), "none/a.svg cannot be written: No such"),
    ],
)
def test_wrong_usage(run: Run, write: Write, arguments: tuple[str, ...], said: str) -> None:
    told = run("draw", write(), *arguments)
    assert told.exit_code == 2
    assert said in told.output


def test_what_cannot_be_built_is_not_drawn(run: Run, write: Write) -> None:
    told = run("draw", write(BASE.replace("from: ", "from: no")), "--output", "a.svg")
    assert told.exit_code == 1
    assert "error[" in told.output
    assert not Path("a.svg").exists()

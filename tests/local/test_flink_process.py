"""A process of Java that ends, or does not answer, is told as that: nothing is known of what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streaming_constructs.local.flink.flink_error import FlinkGoneError
from streaming_constructs.local.flink.flink_process import FlinkProcess
from streaming_constructs.local.java import Java

Start = Callable[[str], FlinkProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts something in the place of Java."""
    started = []

    def run(script: str) -> FlinkProcess:
        executable = tmp_path / "java"
        executable.write_text(f"#!/bin/sh\n{script}\n")
        executable.chmod(0o755)
        started.append(FlinkProcess(Java(executable, tmp_path, "17", "17", "PATH"), [], tmp_path, 64))
        return started[-1]

    yield run
    for each in started:
        each.end()


@pytest.mark.parametrize(
    ("script", "how"),
    [
        ("kill -KILL $$", "has ended, by SIGKILL"),
        ("echo 'There is insufficient memory' >&2; exit 3", "has ended with 3"),
        ("read request; exit 1", "has ended with 1"),
    ],
)
def test_how_it_ended_is_told(start: Start, script: str, how: str) -> None:
    with pytest.raises(FlinkGoneError) as caught:
        start(script).ask("hello")
    assert caught.value.message == f"the process of Flink {how}"
    assert caught.value.finding.code == "LOC963"
    assert ("There is insufficient memory" in caught.value.finding.note) == ("insufficient" in script)


@pytest.mark.parametrize("given", ["", "x" * 1_000_000], ids=["it reads", "it does not even read"])
def test_one_that_does_not_answer_is_ended(start: Start, given: str) -> None:
    process = start("exec sleep 600")
    with pytest.raises(FlinkGoneError, match=r"did not answer for 0\.2 s, and was ended"):
        process.ask("hello", 0.2, given=given)
    assert not process.is_alive


def test_what_is_asked_after_its_end_is_told_as_well(start: Start) -> None:
    process = start("exec cat > /dev/null")
    process.end()
    with pytest.raises(FlinkGoneError, match="has ended with 0"):
        process.ask("hello")

"""Temporary folders go with whoever made them; those of the dead are taken away, those of the living never."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from streaming_constructs.local.scratch_folder import PREFIX, ScratchFolder, take_away_stale

USER = """
from streaming_constructs.local.scratch_folder import ScratchFolder
folder = ScratchFolder()
(folder.path / "file").write_text("x")
print(folder.path, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_a_folder_is_there_until_it_is_closed() -> None:
    with ScratchFolder() as folder:
        (folder.path / "deep").mkdir()
        assert folder.path.is_dir()
    assert not folder.path.exists()
    folder.close()


def test_a_folder_in_use_is_left_alone_whoever_uses_it() -> None:
    with ScratchFolder() as mine, ScratchFolder() as other:
        take_away_stale()
        assert mine.path.is_dir()
        assert other.path.is_dir()
    with subprocess.Popen(
        [sys.executable, "-c", USER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        folder = Path(user.stdout.readline().strip())
        take_away_stale()
        assert (folder / "file").is_file()
        user.communicate("\n")


def test_the_folder_of_who_was_killed_is_taken_away_by_the_next() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        folder = Path(user.stdout.readline().strip())
        user.send_signal(signal.SIGKILL)
        user.communicate()
    assert folder.is_dir()
    with ScratchFolder() as next_one:
        assert not folder.exists()
        assert next_one.path.is_dir()


def test_what_only_looks_like_one_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "data").mkdir(parents=True)
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}file").write_text("x")
    take_away_stale()
    assert (elsewhere / "data").is_dir()
    assert (tmp_path / f"{PREFIX}file").is_file()

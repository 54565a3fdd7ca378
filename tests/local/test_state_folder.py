"""The folder of what runs: no link is followed, nobody else can read in it, and it has one holder."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from streaming_constructs.local.state_folder import StateFolder, tell_holder
from streaming_constructs.spec.finding import SpecError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_user_can_read_in_it(folder: Path) -> None:
    before = os.umask(0)
    try:
        with StateFolder(folder, create=True) as state:
            state.write("local.json", "a secret")
            state.new_file("local.log").close()
            assert state.read("local.json") == "a secret"
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder / "local.json"), mode(folder / "local.log")) == (0o700, 0o600, 0o600)


def test_a_folder_that_others_could_read_is_closed_to_them(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    StateFolder(folder, create=True).close()
    assert mode(folder) == 0o700


def test_a_folder_that_is_not_there_is_made_only_when_asked(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        StateFolder(folder)
    assert not folder.exists()


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("kind", ["link to a folder", "link to nothing", "file"])
def test_what_is_no_folder_of_its_own_is_refused(folder: Path, tmp_path: Path, kind: str, create: bool) -> None:
    victim = tmp_path / "victim"
    if kind == "file":
        folder.write_text("")
    else:
        if kind == "link to a folder":
            victim.mkdir()
        folder.symlink_to(victim)
    with pytest.raises(SpecError) as refused:
        StateFolder(folder, create=create)
    (finding,) = refused.value.findings
    assert (finding.code, str(folder) in finding.message) == ("LOC961", True)
    assert not victim.exists() or list(victim.iterdir()) == []


def test_files_that_are_links_are_written_anew_and_not_read(folder: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    folder.mkdir()
    for name in (".gitignore", "local.log", "local.json", "read", "lock"):
        (folder / name).symlink_to(precious)
    os.link(precious, folder / "hard")
    with StateFolder(folder, create=True) as state:
        state.write(".gitignore", "*\n")
        state.new_file("local.log").close()
        state.write("hard", "other")
        assert state.read("read") is None
        with pytest.raises(SpecError, match="lock"):
            state.lock()
    assert precious.read_text() == "kept"
    assert not (folder / ".gitignore").is_symlink()


def test_a_file_that_others_could_have_written_is_not_read(folder: Path) -> None:
    with StateFolder(folder, create=True) as state:
        state.write("local.json", "mine")
        (folder / "local.json").chmod(0o644)  # as Git writes one
        assert state.read("local.json") is None


def test_what_is_no_text_is_read_as_well_as_it_can_be(folder: Path) -> None:
    with StateFolder(folder, create=True) as state:
        with state.new_file("local.json") as file:
            file.write(b"a\xff")
        assert state.read("local.json") == "a\ufffd"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_what_belongs_to_another_user_is_refused(folder: Path) -> None:
    with StateFolder(folder, create=True) as state:
        state.write("local.json", "theirs")
        os.chown(folder / "local.json", 1, 1)
        assert state.read("local.json") is None
    os.chown(folder, 1, 1)
    with pytest.raises(SpecError, match="it belongs to another user"):
        StateFolder(folder)


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(folder / "local.json", 0o600)
    with StateFolder(folder) as state:
        assert state.read("local.json") is None


def test_it_has_one_holder_until_that_ends(folder: Path) -> None:
    with StateFolder(folder, create=True) as state:
        assert state.holder() is None
        lock = state.lock()
        assert lock is not None
        assert (state.holder(), state.lock()) == (0, None)
        waits = [sys.executable, "-c", "input()"]
        with subprocess.Popen(waits, stdin=subprocess.PIPE, pass_fds=[lock]) as heir:
            tell_holder(lock, heir.pid)
            os.close(lock)
            assert (state.holder(), state.lock()) == (heir.pid, None)
            heir.communicate(b"\n")
        assert state.holder() is None
        again = state.lock()
        assert again is not None
        assert state.holder() == 0
        os.close(again)


@pytest.mark.parametrize("name", ["lock", "local.json", "local.log"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "second name"])
def test_what_stands_in_the_place_of_a_file_is_refused_or_replaced(
    folder: Path, tmp_path: Path, kind: str, name: str
) -> None:
    theirs, there = tmp_path / "theirs", folder / name
    theirs.write_text("precious")
    folder.mkdir()
    if kind == "folder":
        (there / "inner").mkdir(parents=True)
    elif kind == "pipe":
        os.mkfifo(there)
    elif kind == "link":
        there.symlink_to(theirs)
    else:
        there.hardlink_to(theirs)
    with StateFolder(folder, create=True) as state:
        assert (state.holder(), state.read(name)) == (None, None)
        with pytest.raises(SpecError) if name == "lock" or kind == "folder" else nullcontext() as refused:
            if name == "lock":
                state.lock()
            elif name == "local.log":
                state.new_file(name).close()
            else:
                state.write(name, "ours")
    assert refused is None or [finding.code for finding in refused.value.findings] == ["LOC961"]
    assert theirs.read_text() == "precious"
    assert not [path.name for path in folder.iterdir() if path.name not in {name, "lock"}]

"""Files are read, and no more of them than asked for; what is no file is neither read nor waited for."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from streaming_constructs.spec.regular_file import open_regular_file, read_regular_file


@pytest.mark.parametrize(("most", "content"), [(0, b""), (3, b"a\r\n"), (4, b"a\r\nb"), (99, b"a\r\nb")])
def test_no_more_is_read_than_asked_for(tmp_path: Path, most: int, content: bytes) -> None:
    (tmp_path / "file").write_bytes(b"a\r\nb")
    (tmp_path / "link").symlink_to("file")
    assert read_regular_file(tmp_path / "file", most) == content
    assert read_regular_file(str(tmp_path / "link"), most) == content


@pytest.mark.parametrize(("name", "code"), [("folder", errno.EISDIR), ("pipe", errno.EINVAL), ("device", errno.EINVAL)])
def test_what_is_no_file_is_refused_by_name_and_closed(tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to(os.devnull)
    free = os.dup(0)
    os.close(free)
    with pytest.raises(OSError, match=name) as refused:
        open_regular_file(tmp_path / name)
    assert (refused.value.errno, refused.value.filename) == (code, str(tmp_path / name))
    after = os.dup(0)
    os.close(after)
    assert after == free


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular_file(tmp_path / "nothing")

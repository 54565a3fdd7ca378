"""A folder for what is temporary. It is taken away with whoever made it; if that was killed, by the next who makes one.

A folder is in use while somebody holds its lock, which the kernel lets go of when a process ends, however it ends. POSIX only.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PREFIX = "streaming-constructs-scratch-"


class ScratchFolder:
    """A new folder, where temporary files are.

    Attributes:
        path: The folder.
    """

    path: Path

    def __init__(self) -> None:
        """Makes it, and takes away those that nobody uses any more."""
        take_away_stale()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = _locked(self.path)
            if self._lock is not None and self.path.is_dir():
                return
            self.close()  # somebody took it for a stale one before it had its lock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Takes it away, with all that is in it; may be called again."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def take_away_stale() -> None:
    """Takes away the folders of processes that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = _locked(path)
            if lock is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _locked(path: Path) -> int | None:
    """Takes the lock of a folder of this user; None if somebody has it, or it is none."""
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(folder).st_uid == os.getuid():
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
    except OSError:
        pass
    os.close(folder)
    return None

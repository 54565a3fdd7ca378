"""The folder in which `local up` keeps what its other verbs need: it follows no link, and nobody else can read in it."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from streaming_constructs.spec.finding import Finding, SpecError

_LOCK = "lock"
_MOST_DIGITS = 10
_TRIES, _GLANCE_SECONDS = 20, 0.01
_OWN = 0o600
_FOLDER = 0o700
_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY


class StateFolder:
    """A folder, open for as long as a `with` lasts.

    A cloned repository may bring a folder of this name, or links in place of its files; whatever is written here is made anew,
    and whatever is read was written by this user for this user alone.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Opens it.

        Args:
            path: Where it is.
            create: Whether to make it, if there is none.

        Raises:
            FileNotFoundError: If there is none, and none is to be made.
            SpecError: If it is a link, no folder, or somebody else's.
        """
        self.path = path
        if create:
            with suppress(FileExistsError):
                path.mkdir(_FOLDER)
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except NotADirectoryError as error:
            raise _refused(path, "it is a link, or no folder") from error
        except OSError as error:
            # What a link is called differs between systems.
            if path.is_symlink():
                raise _refused(path, "it is a link") from error
            raise
        if os.fstat(self._descriptor).st_uid != os.getuid():
            self.close()
            raise _refused(path, "it belongs to another user")
        if create:
            os.fchmod(self._descriptor, _FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes it."""
        os.close(self._descriptor)

    def new_file(self, name: str) -> IO[bytes]:
        """A new file in the place of what was there, for writing; only this user can read it.

        Args:
            name: Its name.
        """
        self.remove(name)
        return os.fdopen(os.open(name, _NEW, _OWN, dir_fd=self._descriptor), "wb")

    def write(self, name: str, text: str) -> None:
        """Writes a file; whoever reads it meanwhile reads all of it, or all that was there.

        Args:
            name: Its name.
            text: What is in it.

        Raises:
            SpecError: If a folder stands in its place.
        """
        written = f"{name}.{os.getpid()}"
        with self.new_file(written) as file:
            file.write(text.encode())
        try:
            os.rename(written, name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
        except IsADirectoryError as error:
            self.remove(written)
            raise _refused(self.path, f"its `{name}` is no file that this user made") from error

    def read(self, name: str) -> str | None:
        """What is in a file, or None if there is none that this user wrote for themselves.

        Args:
            name: Its name.
        """
        try:
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._descriptor)
        except OSError:
            return None
        try:
            if not _is_own_file(opened) or stat.S_IMODE(os.fstat(opened).st_mode) != _OWN:
                return None
            with open(opened, "rb", closefd=False) as file:
                return file.read().decode(errors="replace")
        finally:
            os.close(opened)

    def remove(self, name: str) -> None:
        """Takes a file away, if there is one.

        Args:
            name: Its name.

        Raises:
            SpecError: If it is a folder.
        """
        try:
            os.unlink(name, dir_fd=self._descriptor)
        except FileNotFoundError:
            return
        except (IsADirectoryError, PermissionError) as error:  # the latter is what macOS says of a folder
            raise _refused(self.path, f"its `{name}` is no file that this user made") from error

    def lock(self) -> int | None:
        """Takes the folder. Whoever has the descriptor open holds it: it can be handed on to a process that is started.

        Returns:
            The descriptor; None if somebody else holds the folder.

        Raises:
            SpecError: If what stands in its place is no file of this user alone.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            opened = os.open(_LOCK, flags, _OWN, dir_fd=self._descriptor)
        except OSError as error:
            raise _refused(self.path, f"its `{_LOCK}` is no file that this user made") from error
        if not _is_own_file(opened):  # nothing is written to what has another name elsewhere
            os.close(opened)
            raise _refused(self.path, f"its `{_LOCK}` is no file that this user made")
        # Whoever asks for the holder has it for a moment, too.
        for _ in range(_TRIES):
            with suppress(BlockingIOError):
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(opened, 0)
                return opened
            time.sleep(_GLANCE_SECONDS)
        os.close(opened)
        return None

    def holder(self) -> int | None:
        """The process that holds the folder: 0 while it is not told yet, None if no living one does."""
        try:
            opened = os.open(_LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self._descriptor)
        except OSError:
            return None
        try:
            if not _is_own_file(opened):
                return None
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            said = os.pread(opened, _MOST_DIGITS, 0)
            return int(said) if said.isdigit() else 0
        finally:
            os.close(opened)
        return None


def _is_own_file(opened: int) -> bool:
    """Whether an open file is one that this user has, under no other name."""
    told = os.fstat(opened)
    return stat.S_ISREG(told.st_mode) and told.st_uid == os.getuid() and told.st_nlink == 1


def tell_holder(lock: int, pid: int) -> None:
    """Says which process holds a folder.

    Args:
        lock: The descriptor of the lock.
        pid: The process.
    """
    os.pwrite(lock, str(pid).encode(), 0)


def _refused(path: Path, why: str) -> SpecError:
    message = f"the folder `{path}` cannot be used: {why}"
    note = "what runs here is found by what stands in it, so it has to be a folder that this user made"
    return SpecError([Finding("LOC961", message, note=note, help=f"run `rm -rf {path}`, or work in another folder")])

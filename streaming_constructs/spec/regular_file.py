"""Files as they are read: regular ones alone, and no more of them than asked for."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO


def open_regular_file(path: str | os.PathLike[str]) -> BinaryIO:
    """Opens a file for reading; what has no end, or waits for somebody, is none.

    Args:
        path: The file.

    Raises:
        OSError: If it cannot be opened, or is a folder, a device, a pipe or a socket.
    """
    # A pipe would wait for who writes to it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise OSError(errno.EINVAL, "It is no regular file", str(path))
    return os.fdopen(descriptor, "rb")


def read_regular_file(path: str | os.PathLike[str], most: int) -> bytes:
    """What is in a file.

    Args:
        path: The file.
        most: How many bytes to read at most.

    Raises:
        OSError: As `open_regular_file` does.
    """
    with open_regular_file(path) as file:
        return file.read(most)

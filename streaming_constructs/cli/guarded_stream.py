"""The streams that verbs print to: whatever is written, nothing of it is a command to a terminal or to a CI system.

Every verb writes what others wrote: names of files, texts of specs, errors of handlers, rows of queries, messages of CDK. What
is printed is escaped where it is drawn, so that it reads well; here it is escaped once more, whoever forgot it there.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from streaming_constructs.spec.printable import printable

CLEAR_LINE = "\r\x1b[K"
"""Goes back to the begin of a line, and clears it."""
NOBODY_READS = 128 + 13
"""The exit code of a process that a SIGPIPE ended, as shells have it."""
NOT_WRITTEN = 74
"""The exit code where what is printed cannot be written, as on a full disk: EX_IOERR of sysexits."""
_STDERR = 2
_COLOURS = re.compile(r"(\x1b\[[0-9;]*m)")


def is_coloured(stream: TextIO) -> bool:
    """Whether colours, and bold and dim letters, may be written.

    Source: https://no-color.org

    Args:
        stream: Where to, such as `sys.stdout`.
    """
    return stream.isatty() and not os.environ.get("NO_COLOR")


class GuardedStream(io.TextIOBase):
    """A stream on which lines end and, on a terminal that wants them, colours begin and end; all other control is escaped."""

    def __init__(self, stream: TextIO) -> None:
        """Stands before a stream.

        Args:
            stream: Where what is written goes.
        """
        self._stream = stream
        self._begins_line = True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream behind it."""
        return self._stream.encoding or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """What becomes of signs that the encoding lacks."""
        return self._stream.errors or "strict"

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        with self._while_read():
            self._stream.flush()

    def write(self, text: str) -> int:
        with self._while_read():
            self._stream.write("\n".join(map(self._line, text.split("\n"), _begins(self._begins_line))))
        line = text.rpartition("\n")[2]
        self._begins_line = not line.strip() and (self._begins_line or "\n" in text)
        return len(text)

    def _line(self, line: str, begins: bool) -> str:  # noqa: FBT001 - called by `map`
        if "\x1b" not in line or not is_coloured(self._stream):
            return printable(line, begins_line=begins)
        # Every second part is a colour.
        parts = _COLOURS.split(line)
        return "".join(part if number % 2 else printable(part, begins_line=begins) for number, part in enumerate(parts))

    def obeyed(self, text: str) -> None:
        """Writes what is meant to be obeyed, and has nothing in it that others wrote, or has it escaped.

        Args:
            text: A command.
        """
        with self._while_read():
            self._stream.write(text)

    @contextmanager
    def _while_read(self) -> Iterator[None]:
        """Ends the process where nothing more can be written, and leaves no traceback.

        Where nobody reads on, as `head` does not, it ends with what a shell says of one that a SIGPIPE ended.
        """
        try:
            yield
        except BrokenPipeError:
            self._write_nowhere()
            raise SystemExit(NOBODY_READS) from None
        except OSError as error:
            self._write_nowhere()
            if self._stream.fileno() != _STDERR:
                sys.stderr.write(f"standard output: {error.strerror or error}\n")
            raise SystemExit(NOT_WRITTEN) from None

    def _write_nowhere(self) -> None:
        # What is in the buffer is written when the process ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def _begins(first: bool) -> Iterator[bool]:  # noqa: FBT001 - as above
    yield first
    while True:
        yield True


def write_obeyed(stream: TextIO, text: str) -> None:
    """Writes to a stream what is meant to be obeyed, also where it is guarded.

    Args:
        stream: Where to.
        text: A command.
    """
    if isinstance(stream, GuardedStream):
        stream.obeyed(text)
    else:
        stream.write(text)
    stream.flush()


@contextmanager
def guarded() -> Iterator[None]:
    """Guards what is written to stdout and stderr in a `with`."""
    before = sys.stdout, sys.stderr
    guards = [stream if isinstance(stream, GuardedStream) else GuardedStream(stream) for stream in before]
    sys.stdout, sys.stderr = guards
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before

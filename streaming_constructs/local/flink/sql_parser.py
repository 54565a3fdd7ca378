"""Flink's SQL parser without Flink: what is wrong with the syntax of statements, by a small process of Java."""

from __future__ import annotations

import os
import struct
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from streaming_constructs.local.class_data import archive_flags, archive_path
from streaming_constructs.local.flink.flink_error import FlinkError, FlinkGoneError
from streaming_constructs.local.flink.flink_jars import found_parser
from streaming_constructs.local.flink.flink_process import JVM_FLAGS
from streaming_constructs.local.flink.local_flink import RUNNER_JAR
from streaming_constructs.local.flink.patience import ANSWER_SECONDS, LOG_BYTES, Patience
from streaming_constructs.local.java import find_java, java_environment

PARSER_JAR = Path(__file__).parent / "flink-parser.jar"
"""What asks the parser."""
_MAIN = "streamingconstructs.parser.SyntaxCheck"
_HEAP_MEGABYTES = 256
_COUNT = struct.Struct(">i")


class FlinkSqlParser:
    """The parser of one runtime, in a process of its own; it knows syntax and reserved words, and no tables.

    It is a context manager; the process ends with it. The first one of a runtime leaves an archive of class data beside its
    jars, with which later ones start in half the time.

    Attributes:
        runtime: The runtime, as AWS names it.
    """

    def __init__(self, runtime: str) -> None:
        """Starts nothing yet.

        Args:
            runtime: The runtime, as AWS names it: `FLINK-2_3`, `FLINK-2_2` or `FLINK-1_20`.
        """
        self.runtime = runtime
        self._new_archive: Path | None = None

    def __enter__(self) -> Self:
        """Starts the process of Java.

        Raises:
            SpecError: If there is no Java, or the jars of the parser are not there, and cannot be brought.
        """
        java, jars, own = find_java(), found_parser(self.runtime), (RUNNER_JAR, PARSER_JAR)
        flags = archive_flags(java, jars, own)
        if not flags and java.archives_classes:
            self._archive = archive_path(java, jars, own)
            self._new_archive = self._archive.with_name(f".new-{os.getpid()}.jsa")
            flags = [f"-XX:ArchiveClassesAtExit={self._new_archive}"]
        class_path = os.pathsep.join(map(str, (*own, *jars.files)))
        self._log: IO[bytes] = tempfile.TemporaryFile()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [str(java.executable), *JVM_FLAGS, *flags, f"-Xmx{_HEAP_MEGABYTES}m", "-cp", class_path, _MAIN],
            env=java_environment(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        self._patience = Patience(self._process, "the process of Flink's parser")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the process, and keeps the archive that it has written."""
        if kind is not None:
            self._process.kill()
        self._process.communicate()
        self._log.close()
        if self._new_archive is not None and self._new_archive.is_file():
            if self._process.returncode:
                self._new_archive.unlink()
            else:
                self._new_archive.replace(self._archive)

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    def parse(self, statements: Sequence[str], variables: Mapping[str, str] | None = None) -> list[FlinkError]:
        """What is wrong with the syntax of each statement; of one that is fine, nothing.

        Args:
            statements: The statements.
            variables: What `${name}` stands for in them.

        Raises:
            FlinkGoneError: If the process has ended, or does not answer.
        """
        with self._patience.within(ANSWER_SECONDS):
            return self._judged(statements, variables or {})

    def _judged(self, statements: Sequence[str], variables: Mapping[str, str]) -> list[FlinkError]:
        values = [text for pair in variables.items() for text in pair]
        request = [_COUNT.pack(len(values) // 2), *map(_framed, values)]
        request += [_COUNT.pack(len(statements)), *map(_framed, statements)]
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(b"".join(request))
            stdin.flush()
        except OSError:
            raise self._gone() from None
        judged = (self._answer(index) for index in range(len(statements)))
        return [error for error in judged if error is not None]

    def _answer(self, statement: int) -> FlinkError | None:
        if self._read(1) == b"\0":
            return None
        line, column, length = (self._count() for _ in range(3))
        place = {"line": line, "column": column} if line else {}
        return FlinkError({"causes": [self._read(length).decode().strip()], "statement": statement, **place})

    def _count(self) -> int:
        (count,) = _COUNT.unpack(self._read(_COUNT.size))
        return int(count)

    def _read(self, length: int) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        read = stdout.read(length)
        if len(read) < length:
            raise self._gone()
        return read

    def _gone(self) -> FlinkGoneError:
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - LOG_BYTES))
        return self._patience.gone(self._log.read())


def _framed(text: str) -> bytes:
    encoded = text.encode()
    return _COUNT.pack(len(encoded)) + encoded

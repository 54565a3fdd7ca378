"""The process of Java that Flink runs in: asked by lines of JSON, on no port, and gone when this process is."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from streaming_constructs.local.flink.flink_error import FlinkError, FlinkGoneError
from streaming_constructs.local.flink.patience import ANSWER_SECONDS, LOG_BYTES, Patience
from streaming_constructs.local.java import Java, java_environment

JVM_FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xss1m",
    "-Xlog:disable",
    "-Xlog:all=warning:stderr",
)
"""Quick to start, and for jobs of seconds; `-XX:-UsePerfData` keeps it from writing where every user can look. What the virtual
machine has to say goes not where answers come from."""
_OPENED = ("util", "lang", "net", "io", "util.concurrent", "time", "lang.invoke", "util.concurrent.atomic", "nio")
"""Packages that Flink looks into.
Source: `env.java.default-opts.all` of https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/config/"""
_MAIN = "streamingconstructs.local.Harness"
END_SECONDS = 10.0
GONE = "the process of Flink"
"""What is told of an end of it begins so."""


def jvm_options(folder: Path, heap_megabytes: int, jvm_flags: Sequence[str] = ()) -> list[str]:
    """The options of a virtual machine that Flink runs in.

    Args:
        folder: A folder of its own, for temporary files.
        heap_megabytes: The most that its heap takes.
        jvm_flags: More flags, after ours: of two that say different things the later is heard.
    """
    opened = [word for name in _OPENED for word in ("--add-opens", f"java.base/java.{name}=ALL-UNNAMED")]
    temporary = (f"-Djava.io.tmpdir={folder}", f"-XX:ErrorFile={folder / 'java.log'}")
    return [*JVM_FLAGS, *jvm_flags, f"-Xmx{heap_megabytes}m", *opened, *temporary]


class FlinkProcess:
    """The process.

    Attributes:
        pid: Its process id.
    """

    def __init__(
        self,
        java: Java,
        class_path: Sequence[Path],
        folder: Path,
        heap_megabytes: int,
        jvm_flags: Sequence[str] = (),
    ) -> None:
        """Starts it.

        Args:
            java: Its Java.
            class_path: What it loads classes from.
            folder: A folder of its own, for its log and temporary files.
            heap_megabytes: The most that its heap takes.
            jvm_flags: More flags of the virtual machine.
        """
        self._log = folder / "flink.log"
        self._ids = itertools.count()
        self._waiting: dict[int, SimpleQueue[Mapping[str, Any] | None]] = {}
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._ended = False
        command = [str(java.executable), *jvm_options(folder, heap_megabytes, jvm_flags)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [*command, "-cp", os.pathsep.join(map(str, class_path)), _MAIN],
                cwd=folder,
                env=java_environment(os.environ),
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._patience = Patience(self._process, GONE)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, name="flink-answers", daemon=True)
        self._reader.start()

    def ask(self, verb: str, seconds: float = ANSWER_SECONDS, **given: Any) -> Mapping[str, Any]:
        """What it says to a request; several may ask at once.

        Args:
            verb: What is asked for.
            seconds: How long it may take; then the process is ended.
            given: What it is given.

        Raises:
            FlinkError: If it fails.
            FlinkGoneError: If the process has ended, or does not answer.
        """
        with self._patience.within(seconds):
            answer = self._answer(verb, given)
        if answer is None:
            raise self._gone()
        if "failed" in answer:
            raise FlinkError(answer["failed"])
        said: Mapping[str, Any] = answer["said"]
        return said

    def _answer(self, verb: str, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What it answers; None if it ends instead."""
        answers: SimpleQueue[Mapping[str, Any] | None] = SimpleQueue()
        stdin = self._process.stdin
        with self._lock:
            if self._ended or stdin is None:
                return None
            number = next(self._ids)
            self._waiting[number] = answers
        request = json.dumps({"id": number, "verb": verb, **given}).encode() + b"\n"
        try:
            with self._writing:
                stdin.write(request)
                stdin.flush()
        except (OSError, ValueError):  # it is closed
            with self._lock:
                self._waiting.pop(number, None)
            return None
        return answers.get()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def end(self, seconds: float = END_SECONDS) -> None:
        """Ends it, and waits for that; may be called again.

        Args:
            seconds: How long it has to end by itself.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is not None:
            with self._writing, suppress(OSError):
                stdin.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join()
        if stdout is not None:
            stdout.close()

    def kill(self) -> None:
        """Ends it at once, as a machine that fails does."""
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        """Hands answers to those who wait for them; none comes any more once the process has ended."""
        stdout = self._process.stdout
        if stdout is not None:
            for line in stdout:
                answer = json.loads(line)
                with self._lock:
                    waiting = self._waiting.pop(answer["id"])
                waiting.put(answer)
        with self._lock:
            self._ended = True
            left, self._waiting = self._waiting, {}
        for each in left.values():
            each.put(None)

    def _gone(self) -> FlinkGoneError:
        log = b""
        with suppress(OSError):
            log = self._log.read_bytes()[-LOG_BYTES:]
        return self._patience.gone(log)

"""The process of Java that Flink runs in: asked by lines of JSON, on no port, and gone when this process is."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from streaming_constructs.local.flink.flink_error import FlinkError, FlinkGoneError
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
_LOG_BYTES = 4096
END_SECONDS = 10.0
ANSWER_SECONDS = 300.0
"""How long an answer may take that waits for no job: thousands of statements are planned in less, and a process that was
suspended never answers."""
GONE = "the process of Flink"
"""What is told of an end of it begins so."""
_GONE_SECONDS = 2.0


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
        self._ended, self._late = False, 0.0
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
        patience = threading.Timer(seconds, self._give_up, [seconds])
        patience.daemon = True
        patience.start()  # a process that reads nothing more may keep the request itself from being written
        try:
            answer = self._answer(verb, given)
        finally:
            patience.cancel()
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

    def _give_up(self, seconds: float) -> None:
        self._late = seconds
        self._process.kill()

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
            log = self._log.read_bytes()[-_LOG_BYTES:]
        with suppress(subprocess.TimeoutExpired):  # what was killed is known as that a moment later
            self._process.wait(_GONE_SECONDS)
        why = how_it_ended(GONE, self._process.returncode, self._late)
        return FlinkGoneError({"causes": [why], "trace": log.decode(errors="replace")})


def how_it_ended(name: str, code: int | None, late_seconds: float = 0.0) -> str:
    """How a process of Java ended, in words.

    Args:
        name: What it is called.
        code: What it ended with, the number of a signal below 0; None if that is not known.
        late_seconds: How long it was waited for, if it was ended because it did not answer; 0 if it was not.
    """
    if late_seconds:
        return f"{name} did not answer for {late_seconds:g} s, and was ended"
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"{name} has ended, by {signal.Signals(-code).name}"
    return f"{name} has ended" if code is None else f"{name} has ended with {code}"

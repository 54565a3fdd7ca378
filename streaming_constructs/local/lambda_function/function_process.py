"""A Lambda execution environment: one function in a process of its own, which keeps its handler loaded.

The process ends with an invocation that times out, crashes or answers too much, and the next one starts another, as Lambda
"resets the execution environment". It has 10 seconds to load its handler; one that needs longer is started again, and then
has the function's timeout to load and to answer. After a crash Lambda counts the loading against the timeout as well; here
every new process has its 10 seconds, because a rehearsal is not about how fast this machine starts Python or Node.js.
Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html

The words of failures are Lambda's: those of time-outs and of an exit without a reason are documented (there, and in
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html); those of exit statuses, signals and of the size
of a response are read from messages that users of Lambda have published. That a response which is too great costs the
process is such a reading, too.

What differs from Lambda: the memory is told to the function, and not enforced; the folder of the code can be written to;
threads run on between invocations, and so do programs that the handler started, until the process ends. POSIX only.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from streaming_constructs.facts.event_source import FUNCTION_INIT_SECONDS
from streaming_constructs.local.lambda_function.function_failure import Origin
from streaming_constructs.local.lambda_function.function_response import (
    RESPONSE_BYTES,
    RESPONSE_TOO_LARGE,
    TOO_LARGE_MESSAGE,
)
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings, process_environment
from streaming_constructs.local.lambda_function.runtime_bootstrap import (
    ANSWER,
    ENDED,
    FAILED,
    READY,
    REQUEST,
    RETURNED,
)
from streaming_constructs.local.lambda_function.runtimes import start_command

INIT_SECONDS = FUNCTION_INIT_SECONDS.value
"""How long a process may take to load its handler, the first time."""
LOG_BYTES = 64 * 1024
"""How much of an invocation's log is kept: its end."""

TIMED_OUT = "Sandbox.Timedout"
"""The error of an invocation that took longer than the function may."""
_NO_ANSWER = "The process wrote what is no answer where its runtime answers"
_CHUNK_BYTES = 1024 * 1024  # no less than a pipe holds: what is left of a dead process is one read
_GRACE_SECONDS = 1.0  # in which the parent of the process ends what has left its group
_GLANCE_SECONDS = 0.05  # between two looks at whether the process lives: what it started may hold its pipes open


@dataclass(frozen=True, slots=True)
class FunctionError:
    """Why an invocation failed.

    Attributes:
        type: The class of the exception that the function raised; or what Lambda calls it, such as `Sandbox.Timedout`,
            `Runtime.ExitError`, `Runtime.ImportModuleError`, `Runtime.MarshalError` or `Function.ResponseSizeTooLarge`.
        message: What went wrong.
        trace: Where in the function's code, outermost first, as Lambda writes it; empty if it is not known.
        origin: Whose failure it is.
        places: The same as people read it, from the folder of the code: `index.py:4 in handler: raise ValueError`.
    """

    type: str
    message: str
    trace: tuple[str, ...] = ()
    origin: Origin = "runtime"
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """What came of an invocation.

    Attributes:
        request_id: The id of the invocation.
        payload: What the handler returned, as JSON (bytes are passed on as they are); or the JSON object that Lambda
            returns instead: `errorMessage` and `errorType`, from the runtime also `requestId` and `stackTrace`; `trace` of
            Node.js.
        error: Why it failed, if it did.
        log: What the function wrote to its standard output and error: the last 64 KiB.
        seconds: How long the invocation took, without the loading of the handler.
    """

    request_id: str
    payload: bytes
    error: FunctionError | None
    log: str
    seconds: float


class FunctionProcess:
    """A function, with at most one process. The first invocation starts it; invocations wait for each other."""

    def __init__(self, settings: FunctionSettings, *, endpoint_url: str = "") -> None:
        """Starts nothing yet.

        Args:
            settings: The function.
            endpoint_url: Where the function's AWS clients find AWS; left out, they ask AWS itself, which refuses them.
        """
        self._settings = settings
        self._endpoint_url = endpoint_url
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._log = bytearray()
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """The id of the parent of its process and of their group, or None while there is none."""
        running = self._running
        return running.process.pid if running else None

    def invoke(self, event: bytes) -> InvocationResult:
        """Calls the handler.

        Args:
            event: The event, as JSON text.

        Returns:
            What came of it. A failure of the function is a result, too.

        Raises:
            RuntimeError: If it is closed.
            OSError: If no process can be started; for one, because the folder of the code does not exist.
        """
        with self._lock:
            if self._closing.is_set():
                raise RuntimeError(f"the function `{self._settings.name}` is closed")
            return self._invoke(str(uuid.uuid4()), event)

    def close(self) -> None:
        """Ends the process and all that it started, at once; an invocation that runs fails with `Runtime.ExitError`.

        Lambda gives functions without extensions 0 ms to shut down, too:
        https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
        """
        self._closing.set()
        with self._lock:
            self._end()

    def _invoke(self, request_id: str, event: bytes) -> InvocationResult:
        began = time.monotonic()
        error: FunctionError | None = None
        is_loaded = False
        try:
            running, seconds = self._load(request_id)
            began, is_loaded = time.monotonic(), True
            payload = running.call(request_id, event, seconds)
        except _FailureError as failure:
            error, payload = failure.error, failure.payload
            error = error if is_loaded else replace(error, origin="load")
            if failure.is_fatal:
                self._end()
        except BaseException:  # the conversation was cut off: there is no going on with it
            self._end()
            raise
        seconds = time.monotonic() - began
        log = self._log[-LOG_BYTES:].decode("utf-8", "replace")
        self._log.clear()
        return InvocationResult(request_id, payload, error, log, seconds)

    def _load(self, request_id: str) -> tuple[_Running, float]:
        """A process that has loaded its handler, and how many seconds it has for the invocation."""
        timeout = self._settings.timeout_seconds
        if self._running and self._running.process.poll() is None:
            return self._running, timeout
        running = self._start()
        try:
            running.load(request_id, INIT_SECONDS)
        except _FailureError as failure:
            if failure.error.type != TIMED_OUT:
                raise
        else:
            return running, timeout
        running, began = self._start(), time.monotonic()
        running.load(request_id, timeout)
        return running, timeout - (time.monotonic() - began)

    def _start(self) -> _Running:
        self._end()
        self._running = _Running(self._settings, self._endpoint_url, self._log, self._closing)
        return self._running

    def _end(self) -> None:
        if self._running:
            self._running.end()
            self._running = None


class _FailureError(Exception):
    """An invocation that failed; a fatal failure is one that its process does not survive."""

    def __init__(self, error: FunctionError, *, is_fatal: bool, **more: Any) -> None:
        super().__init__(error.message)
        self.error = error
        self.is_fatal = is_fatal
        self.payload = json.dumps({"errorMessage": error.message, "errorType": error.type, **more}).encode()


class _Running:
    """One process: how it is started, talked to and ended."""

    def __init__(self, settings: FunctionSettings, endpoint_url: str, log: bytearray, closing: threading.Event) -> None:
        self._timeout = settings.timeout_seconds
        self._log = log
        self._closing = closing
        self._unsent, self._received = memoryview(b""), bytearray()
        self._channel, theirs = socket.socketpair()
        with theirs:
            environment = process_environment(settings, endpoint_url)
            try:
                self.process = subprocess.Popen(  # noqa: S603 - our own script
                    start_command(settings.runtime, theirs.fileno(), settings.arn, environment),
                    bufsize=0,
                    close_fds=True,
                    cwd=settings.code,
                    env=environment,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                )
            except OSError:
                self._channel.close()
                raise
        assert self.process.stdout is not None
        self._output = self.process.stdout
        os.set_blocking(self._output.fileno(), False)
        self._channel.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._channel, selectors.EVENT_READ)
        self._selector.register(self._output, selectors.EVENT_READ)

    def load(self, request_id: str, seconds: float) -> None:
        """Waits until the handler is loaded."""
        kind, body = self._exchange(request_id, b"", seconds)
        if kind != READY:
            raise _reported(request_id, kind, body, is_fatal=True)

    def call(self, request_id: str, event: bytes, seconds: float) -> bytes:
        """Calls the handler, and returns its response."""
        deadline = int((time.time() + seconds) * 1000)
        request = REQUEST.pack(request_id.encode(), deadline, len(event)) + event
        kind, body = self._exchange(request_id, request, seconds)
        if kind != RETURNED:
            raise _reported(request_id, kind, body, is_fatal=kind == ENDED)
        return body

    def end(self) -> None:
        """Kills the process and all that it started."""
        self._kill()
        self.process.wait()
        self._read_log()
        self._selector.close()
        self._channel.close()
        self._output.close()

    def _exchange(self, request_id: str, request: bytes, seconds: float) -> tuple[bytes, bytes]:
        """Sends a request, and returns the kind and the body of the answer; reads the log all the while."""
        deadline = time.monotonic() + seconds
        self._unsent, self._received = memoryview(request), bytearray()
        if request:
            self._selector.modify(self._channel, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while True:
            if self._closing.is_set():
                self._kill()
            # Looked at before its pipes are: whatever it wrote while it lived is there to be read.
            exit_code = self.process.poll()
            left = deadline - time.monotonic()
            self._transfer(0 if exit_code is not None else min(left, _GLANCE_SECONDS))
            answer = self._answer()
            if answer:
                self._read_log()  # all of it was written before the answer
                return answer
            if exit_code is not None:
                raise _lost("Runtime.ExitError", f"RequestId: {request_id} Error: {_exit_reason(exit_code)}")
            if left <= 0:
                message = f"RequestId: {request_id} Error: Task timed out after {self._timeout:.2f} seconds"
                raise _lost(TIMED_OUT, message)

    def _transfer(self, seconds: float) -> None:
        """Waits that long for the process to take or to give something, and moves what there is."""
        for key, events in self._selector.select(seconds):
            if key.fileobj is self._output:
                self._read_log()
                continue
            if events & selectors.EVENT_WRITE:
                self._send()
            if events & selectors.EVENT_READ:
                self._receive()

    def _answer(self) -> tuple[bytes, bytes] | None:
        """The kind and the body of an answer, if all of it has come."""
        if len(self._received) < ANSWER.size:
            return None
        kind, size = ANSWER.unpack_from(self._received)
        if size > RESPONSE_BYTES:
            raise _lost(RESPONSE_TOO_LARGE, TOO_LARGE_MESSAGE)
        if len(self._received) < ANSWER.size + size:
            return None
        return kind, bytes(self._received[ANSWER.size : ANSWER.size + size])

    def _send(self) -> None:
        try:
            self._unsent = self._unsent[self._channel.send(self._unsent) :]
        except ConnectionError:  # it died; how will be seen
            self._unsent = self._unsent[:0]
        if not self._unsent:
            self._selector.modify(self._channel, selectors.EVENT_READ)

    def _receive(self) -> None:
        try:
            received = self._channel.recv(_CHUNK_BYTES)
        except ConnectionError:
            received = b""
        if not received:
            self._selector.unregister(self._channel)
        self._received += received

    def _read_log(self) -> None:
        """Reads what the log's pipe holds. It may stay open when the process is dead: what it started has it too."""
        try:
            written = os.read(self._output.fileno(), _CHUNK_BYTES)
        except BlockingIOError:
            return
        if not written:
            with suppress(KeyError):
                self._selector.unregister(self._output)
        self._log += written
        if len(self._log) > 2 * LOG_BYTES:
            del self._log[:-LOG_BYTES]

    def _kill(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):  # a handler may have stopped its parent
            self.process.wait(_GRACE_SECONDS)
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a process that is dead
            os.killpg(self.process.pid, signal.SIGKILL)


def _lost(type_: str, message: str) -> _FailureError:
    """A failure that the process does not survive."""
    return _FailureError(FunctionError(type_, message), is_fatal=True)


def _reported(request_id: str, kind: bytes, body: bytes, *, is_fatal: bool) -> _FailureError:
    """A failure that the process itself told of. A handler can write to every file of its process, also to the conversation."""
    try:
        reported = json.loads(body if kind in (FAILED, ENDED) else b"")
        error = FunctionError(
            str(reported["type"]),
            str(reported["message"]),
            tuple(map(str, reported["trace"])),
            "runtime" if reported["fault"] else "handler",
            tuple(map(str, reported["places"])),
        )
        trace_as = str(reported["trace_as"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return _lost("Runtime.ExitError", f"RequestId: {request_id} Error: {_NO_ANSWER}")
    return _FailureError(error, is_fatal=is_fatal, **({"requestId": request_id} | {trace_as: error.trace}))


def _exit_reason(code: int) -> str:
    """Why a process ended, in Lambda's words."""
    if code == 0:
        return "Runtime exited without providing a reason"
    name = f"exit status {code}" if code > 0 else f"signal: {(signal.strsignal(-code) or str(-code)).lower()}"
    return f"Runtime exited with error: {name}"

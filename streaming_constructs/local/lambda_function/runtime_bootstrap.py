"""The Lambda runtime inside a function's process: loads a handler once, and calls it with one event after another.

`function_process` runs this file as a script, behind `function_parent`: `python runtime_bootstrap.py <fd> <ARN>`. It
stands alone, on the standard library, so that a function finds nothing of this package in its memory. Events come in and
answers go out through one socket that is for nothing else; standard output and standard error are the function's log.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html,
https://docs.aws.amazon.com/lambda/latest/dg/python-context.html and
https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html. The names of the errors that begin with `Runtime.`, and
their words, are those of AWS's own runtime: https://github.com/aws/aws-lambda-python-runtime-interface-client
"""

from __future__ import annotations

import decimal
import importlib
import io
import json
import logging
import os
import queue
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

REQUEST = struct.Struct(">36sQQ")
"""What precedes an event: the id of the request, when its time is up (milliseconds since 1970), the event's bytes."""
ANSWER = struct.Struct(">cQ")
"""What precedes an answer: one of the kinds below, and the answer's bytes."""
READY, RETURNED, FAILED, ENDED = b"+", b"=", b"!", b"#"
"""The handler is loaded; it returned; it failed; it failed, and this process is good for nothing any more."""
MOST_PLACES = 10
"""How many lines of a traceback are told to people: its last."""

Handler = Callable[[Any, "Context"], Any]


class FaultError(Exception):
    """A failure that AWS's runtime reports under a name of its own, and not under that of the exception behind it.

    Attributes:
        name: The name, such as `Runtime.MarshalError`.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Context:
    """What a handler is told about its function and the invocation, under the names that AWS gives it.

    The memory is text, because AWS's runtime takes it from the environment. There is nobody behind an invocation by a
    stream, so there is no identity and no client.
    """

    identity = None
    client_context = None

    def __init__(self, request_id: str, deadline: int, arn: str) -> None:
        self.aws_request_id = request_id
        self.invoked_function_arn = arn
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """How many milliseconds are left before the invocation is ended."""
        return max(self._deadline - int(time.time() * 1000), 0)


def load(name: str) -> Handler:
    """Imports the handler, such as `index.handler`, `package.module.handler` or `folder/module.handler`.

    Raises:
        FaultError: If the module cannot be imported, or has no such function.
        Exception: Whatever the module raises while it is imported.
    """
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise FaultError("Runtime.MalformedHandlerName", f"Bad handler '{name}': it has no dot")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise FaultError("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise FaultError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}") from error
    handler: Handler | None = getattr(module, function_name, None)
    if handler is None:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise FaultError("Runtime.HandlerNotFound", message)
    return handler


def call(handler: Handler, event: bytes | bytearray, context: Context) -> bytes:
    """Calls a handler, and returns its answer as `marshalled` writes it.

    Raises:
        FaultError: If the event is not JSON, or the answer cannot be written as such.
        Exception: Whatever the handler raises.
    """
    try:
        given = json.loads(event)
    except (ValueError, RecursionError) as error:
        raise FaultError("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None
    return marshalled(handler(given, context))


def marshalled(returned: Any) -> bytes:
    """What a handler returned, as JSON; bytes stay what they are, as AWS documents it.

    As AWS's runtime does since Python 3.12, it writes a decimal as a number, and takes no half of a surrogate pair.

    Raises:
        FaultError: If it cannot be written as JSON.
    """
    if isinstance(returned, bytes):
        return returned
    try:
        return json.dumps(returned, ensure_ascii=False, default=_number).encode()
    except Exception as error:  # noqa: BLE001 - an object may do anything when it is read
        raise FaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def _number(value: Any) -> float:
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def report(error: Exception) -> bytes:
    """What is said about a failure: its name, whose it is, its message, and where in the function's code it was."""
    is_fault = isinstance(error, FaultError)
    source = error.__cause__ if is_fault else error
    ours = (__file__, importlib.__file__)
    frames = [
        (frame.filename, frame.lineno or 0, frame.name, frame.line)
        for frame in traceback.extract_tb(source.__traceback__ if source else None)
        if frame.filename not in ours and not frame.filename.startswith("<frozen importlib")
    ]
    told = {
        "type": error.name if isinstance(error, FaultError) else type(error).__name__,
        "fault": is_fault,
        "message": str(error),
        "trace": traceback.format_list(frames),
        "trace_as": "stackTrace",
        "places": [place(*frame) for frame in frames[-MOST_PLACES:]],
    }
    return json.dumps(told).encode()


def place(file: str, line: int, function: str, source: str | None) -> str:
    """A line of a traceback as people read it: `index.py:4 in handler: raise ValueError`, from the function's folder."""
    folder, path = Path(os.environ["LAMBDA_TASK_ROOT"]), Path(file)
    name = path.relative_to(folder) if path.is_relative_to(folder) else Path(*path.parts[-2:])
    return f"{name}:{line} in {function}" + (f": {source}" if source else "")


def receive(channel: io.FileIO, inbox: queue.SimpleQueue[tuple[str, int, bytearray]]) -> None:
    """Puts every event that comes in into the inbox. When none can come any more, ends the process.

    It is a thread of its own, so that a handler that hangs does not outlive whoever waited for it.
    """
    try:
        while (head := read(channel, REQUEST.size)) is not None:
            request_id, deadline, size = REQUEST.unpack(head)
            event = read(channel, size)
            if event is None:
                break
            inbox.put((request_id.decode(), deadline, event))
    finally:  # also when the other side died with an answer unread, which is a ConnectionResetError here
        os.kill(os.getpid(), signal.SIGKILL)


def read(channel: io.FileIO, size: int) -> bytearray | None:
    """Reads that many bytes, or None if the other side is gone."""
    data = bytearray(size)
    missing = memoryview(data)
    while missing:
        count = channel.readinto(missing)
        if not count:
            return None
        missing = missing[count:]
    return data


def send(channel: io.FileIO, kind: bytes, body: bytes = b"") -> None:
    """Sends one answer."""
    rest = memoryview(ANSWER.pack(kind, len(body)) + body)
    while rest:
        rest = rest[channel.write(rest) :]


def log_format(request_id: str) -> logging.Formatter:
    """How AWS's runtime writes what goes through `logging`, in UTC."""
    line = f"[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t{request_id}\t%(message)s"
    formatter = logging.Formatter(line, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    return formatter


def main() -> None:
    """Loads the handler that the environment names, then answers events until the process is ended from outside."""
    channel = io.FileIO(int(sys.argv[1]), "r+")
    arn = sys.argv[2]
    # What the handler starts or forks has no part in the conversation.
    os.set_inheritable(channel.fileno(), False)
    os.register_at_fork(after_in_child=channel.close)
    inbox: queue.SimpleQueue[tuple[str, int, bytearray]] = queue.SimpleQueue()
    threading.Thread(target=receive, args=(channel, inbox), daemon=True).start()

    os.environ["AWS_EXECUTION_ENV"] = f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}"
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    log = logging.StreamHandler(sys.stdout)
    log.setFormatter(log_format(""))
    logging.getLogger().addHandler(log)
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - whatever the code raises is the answer
        send(channel, FAILED, report(error))
        return
    send(channel, READY)
    while True:
        request_id, deadline, event = inbox.get()
        log.setFormatter(log_format(request_id))
        try:
            kind, body = RETURNED, call(handler, event, Context(request_id, deadline, arn))
        except Exception as error:  # noqa: BLE001 - the same
            kind, body = FAILED, report(error)
        send(channel, kind, body)


if __name__ == "__main__":
    main()

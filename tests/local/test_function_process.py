"""A function's process answers every event, whatever its handler does; and nothing of it is left behind."""

from __future__ import annotations

import base64
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local.lambda_function import function_process
from streaming_constructs.local.lambda_function.function_process import (
    LOG_BYTES,
    RESPONSE_BYTES,
    FunctionError,
    FunctionProcess,
    InvocationResult,
)
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders-fraud"
PATTERN = Path(__file__).parents[2] / "patterns" / "lambda-consumer"
Start = Callable[..., FunctionProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Makes a function of the source of its module."""
    started: list[FunctionProcess] = []

    def start(source: str, *, endpoint_url: str = "", **changed: Any) -> FunctionProcess:
        (tmp_path / "index.py").write_text(textwrap.dedent(source), "utf-8")
        started.append(FunctionProcess(settings(tmp_path, **changed), endpoint_url=endpoint_url))
        return started[-1]

    yield start
    for process in started:
        process.close()


def settings(code: Path, **changed: Any) -> FunctionSettings:
    given = {"handler": "index.handler", "environment": {}, "timeout_seconds": 20.0, "memory_mb": 256} | changed
    return FunctionSettings(name="orders-fraud", arn=ARN, code=code, region="eu-west-1", **given)


def returned(result: InvocationResult) -> Any:
    assert result.error is None
    return json.loads(result.payload)


def failure(result: InvocationResult) -> FunctionError:
    assert result.error is not None
    return result.error


HOLDING = """
import os
def hold_life():
    pipe = os.open("life", os.O_WRONLY)
    os.write(pipe, b"alive")
    return pipe
"""


@pytest.fixture
def life(tmp_path: Path) -> Iterator[int]:
    """A pipe with a name, that says `alive` while somebody has it open to write, and then that nobody has."""
    (tmp_path / "holding.py").write_text(HOLDING)
    os.mkfifo(tmp_path / "life")
    reader = os.open(tmp_path / "life", os.O_RDONLY | os.O_NONBLOCK)
    yield reader
    os.close(reader)


def wait_for(life: int) -> bytes:
    """What the pipe says next; empty if everyone who had it open is gone."""
    assert select.select([life], [], [], 20)[0]
    return os.read(life, 5)


# --- events and responses


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True]}, [], "größer 🙂", 0, None])
def test_a_response_is_what_the_handler_returned(start: Start, value: Any) -> None:
    process = start("def handler(event, context): return event")
    assert returned(process.invoke(json.dumps(value).encode())) == value


def test_a_module_stays_loaded_from_one_invocation_to_the_next(start: Start) -> None:
    process = start("""
        import os
        seen = []
        def handler(event, context):
            seen.append(event)
            return [os.getppid(), seen]
        """)
    assert process.pid is None
    assert returned(process.invoke(b"1")) == [process.pid, [1]]
    assert returned(process.invoke(b"2")) == [process.pid, [1, 2]]


@pytest.mark.parametrize("handler", ["deep/er/module.handle", "deep.er.module.handle"])
def test_a_handler_may_be_in_a_folder(start: Start, tmp_path: Path, handler: str) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "module.py").write_text("def handle(event, context): return 'deep'")
    assert returned(start("", handler=handler).invoke(b"{}")) == "deep"


def test_modules_of_the_function_come_before_installed_ones(start: Start, tmp_path: Path) -> None:
    (tmp_path / "boto3.py").write_text("NAME = 'mine'")
    process = start("""
        import sys, boto3, botocore
        def handler(event, context): return [boto3.NAME, botocore.__name__, sys.path[0]]
        """)
    assert returned(process.invoke(b"{}")) == ["mine", "botocore", str(tmp_path)]


def test_nothing_of_this_package_is_in_the_memory_of_the_function(start: Start) -> None:
    process = start("""
        import sys
        def handler(event, context): return [name for name in sys.modules if name.startswith("streaming_constructs")]
        """)
    assert returned(process.invoke(b"{}")) == []


def test_bytes_are_passed_on_as_they_are(start: Start) -> None:
    result = start("def handler(event, context): return bytes([0, 255])").invoke(b"{}")
    assert (result.payload, result.error) == (b"\x00\xff", None)


def test_what_json_dumps_writes_is_a_response(start: Start) -> None:
    assert start("def handler(event, context): return float('nan')").invoke(b"{}").payload == b"NaN"


def test_an_event_of_many_mebibytes_comes_in_while_the_log_overflows(start: Start) -> None:
    process = start("""
        print("loading " * 200_000)
        def handler(event, context):
            print("calling " * 200_000)
            return len(event)
        """)
    assert returned(process.invoke(json.dumps("x" * 8_000_000).encode())) == 8_000_000


def test_a_response_of_six_mebibytes_goes_out_and_a_greater_one_does_not(start: Start) -> None:
    process = start("def handler(event, context): return b'x' * event")
    assert process.invoke(b"%d" % RESPONSE_BYTES).payload == b"x" * RESPONSE_BYTES
    result = process.invoke(b"%d" % (RESPONSE_BYTES + 1))
    message = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
    assert failure(result) == FunctionError("Function.ResponseSizeTooLarge", message)
    assert json.loads(result.payload) == {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
    assert process.invoke(b"1").payload == b"x"


def test_every_invocation_has_an_id_and_a_duration_of_its_own(start: Start) -> None:
    process = start("""
        import time
        time.sleep(1)
        def handler(event, context): time.sleep(event)
        """)
    began = time.monotonic()
    slow = process.invoke(b"0.2")
    whole = time.monotonic() - began
    fast = process.invoke(b"0")
    assert slow.request_id != fast.request_id
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", slow.request_id)
    assert 0.2 <= slow.seconds <= whole - 1  # without the loading
    assert fast.seconds != slow.seconds


# --- what the handler is told


def test_the_context_has_what_aws_documents(start: Start) -> None:
    process = start(
        """
        def handler(event, context):
            names = ["aws_request_id", "function_name", "function_version", "invoked_function_arn",
                     "memory_limit_in_mb", "log_group_name", "identity", "client_context"]
            return {name: getattr(context, name) for name in names}
        """,
        version="7",
    )
    result = process.invoke(b"{}")
    assert returned(result) == {
        "aws_request_id": result.request_id,
        "function_name": "orders-fraud",
        "function_version": "7",
        "invoked_function_arn": ARN,
        "memory_limit_in_mb": "256",
        "log_group_name": "/aws/lambda/orders-fraud",
        "identity": None,
        "client_context": None,
    }


def test_the_remaining_time_begins_with_the_timeout_and_ends_at_zero(start: Start) -> None:
    process = start(
        """
        import time
        def handler(event, context):
            first = context.get_remaining_time_in_millis()
            time.sleep(0.1)
            second = context.get_remaining_time_in_millis()
            context._deadline = 0
            return [first, second, context.get_remaining_time_in_millis()]
        """,
        timeout_seconds=600.0,
    )
    first, second, last = returned(process.invoke(b"{}"))
    assert 590_000 < first <= 600_000
    assert second <= first - 100
    assert last == 0


def test_the_environment_is_lambdas_and_the_functions_and_of_nobody_else(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_ROLE_ARN",
        "AWS_ENDPOINT_URL_S3",
        "HTTPS_PROXY",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("PATH", "/somewhere/bin:/bin")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    process = start(
        """
        import os
        def handler(event, context): return [dict(os.environ), context.log_stream_name]
        """,
        endpoint_url="http://localhost:5566",
        environment={"LIMIT": "größer", "TZ": "Europe/Berlin", "AWS_SECRET_ACCESS_KEY": "real"},
    )
    environment, log_stream = returned(process.invoke(b"{}"))
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", log_stream)
    temporary = {environment.pop("HOME"), environment.pop("TMPDIR")}
    assert temporary == {tempfile.gettempdir()}
    environment.pop("LC_CTYPE", None)  # Python's own, where the machine does not have the locale
    assert environment == {
        "PATH": "/somewhere/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": "Europe/Berlin",
        "LIMIT": "größer",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://localhost:5566",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_NAME": "orders-fraud",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/orders-fraud",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "LAMBDA_TASK_ROOT": str(tmp_path),
        "_HANDLER": "index.handler",
    }


def test_without_an_endpoint_there_is_no_variable_for_it(start: Start) -> None:
    process = start("""
        import os
        def handler(event, context): return os.environ.get("AWS_ENDPOINT_URL")
        """)
    assert returned(process.invoke(b"{}")) is None


def test_a_client_of_aws_finds_the_endpoint_and_the_credentials_of_the_test(start: Start) -> None:
    process = start(
        """
        import boto3
        client, session = boto3.client("kinesis"), boto3.Session()
        def handler(event, context):
            found = session.get_credentials()
            return [client.meta.endpoint_url, client.meta.region_name, found.access_key, found.method]
        """,
        endpoint_url="http://localhost:5566",
    )
    assert returned(process.invoke(b"{}")) == ["http://localhost:5566", "eu-west-1", "testing", "env"]


def test_a_function_runs_in_the_folder_of_its_code_and_leaves_it_as_it_was(start: Start, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("")
    process = start("""
        import os, other, subprocess, sys
        subprocess.run([sys.executable, "-c", "import other"], check=True)
        def handler(event, context): return os.getcwd()
        """)
    assert returned(process.invoke(b"{}")) == str(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.py", "other.py"]


# --- the log


def test_the_log_is_what_this_invocation_wrote(start: Start) -> None:
    process = start("""
        import os, sys
        print("loaded")
        def handler(event, context):
            print(f"größer {event}")
            sys.stderr.write("err\\n")
            os.write(1, b"raw\\n")
            os.system("echo program")
        """)
    assert process.invoke(b"1").log == "loaded\ngrößer 1\nerr\nraw\nprogram\n"
    assert process.invoke(b"2").log == "größer 2\nerr\nraw\nprogram\n"


def test_a_long_log_keeps_its_end(start: Start) -> None:
    process = start("""
        def handler(event, context):
            for number in range(event): print(f"{number:01023}")
        """)
    tracemalloc.start()
    log = process.invoke(b"10240").log
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000
    assert len(log) == LOG_BYTES
    assert log == "".join(f"{number:01023}\n" for number in range(10_240 - 64, 10_240))
    assert process.invoke(b"1").log == f"{0:01023}\n"


def test_logging_writes_lines_of_the_form_that_aws_documents(start: Start) -> None:
    process = start(
        """
        import logging
        logging.basicConfig(format="ignored, as on AWS, where the root logger has its handler already")
        logging.getLogger().setLevel("INFO")
        def handler(event, context): logging.getLogger("mine").info("seen %s", event)
        """,
        environment={"TZ": "IST-5:30"},
    )
    for event in (b"1", b"2"):
        result = process.invoke(event)
        level, moment, request_id, message = result.log.split("\t")
        assert (level, request_id, message) == ("[INFO]", result.request_id, f"seen {event.decode()}\n")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)
        assert abs(datetime.now(UTC) - datetime.fromisoformat(moment)) < timedelta(hours=1)


def test_the_last_words_of_a_process_that_died_unasked_are_in_the_next_log(start: Start) -> None:
    process = start("""
        import os, threading, time
        def die():
            time.sleep(0.1)
            print("farewell")
            os._exit(1)
        def handler(event, context): threading.Thread(target=die).start() if event else None
        """)
    assert process.invoke(b"true").log == ""
    assert process.pid is not None
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert process.invoke(b"false").log == "farewell\n"


def test_what_is_no_text_is_in_the_log_all_the_same(start: Start) -> None:
    process = start("""
        import os
        def handler(event, context): os.write(1, b"\\xff!")
        """)
    assert process.invoke(b"{}").log == "\ufffd!"


# --- failures that the process survives


def test_an_exception_is_told_with_its_place_in_the_functions_code(start: Start, tmp_path: Path) -> None:
    process = start("""
        import os
        def refuse(): raise ValueError("größer \\ud800")
        def handler(event, context):
            return refuse() if event else os.getpid()
        """)
    first = returned(process.invoke(b"false"))
    result = process.invoke(b"true")
    trace = (
        f'  File "{tmp_path}/index.py", line 5, in handler\n    return refuse() if event else os.getpid()\n',
        f'  File "{tmp_path}/index.py", line 3, in refuse\n    def refuse(): raise ValueError("größer \\ud800")\n',
    )
    assert failure(result).trace == trace
    assert failure(result).places == (
        "index.py:5 in handler: return refuse() if event else os.getpid()",
        'index.py:3 in refuse: def refuse(): raise ValueError("größer \\ud800")',
    )
    assert (failure(result).type, failure(result).message) == ("ValueError", "größer \ud800")
    assert json.loads(result.payload) == {
        "errorType": "ValueError",
        "errorMessage": "größer \ud800",
        "requestId": result.request_id,
        "stackTrace": list(trace),
    }
    assert returned(process.invoke(b"false")) == first


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("{1}", "Object of type set is not JSON serializable"),
        ("[b'1']", "Object of type bytes is not JSON serializable"),
        ("object()", "Object of type object is not JSON serializable"),
        ("loop", "Circular reference detected"),
    ],
)
def test_a_response_that_cannot_be_json_is_a_marshal_error(start: Start, value: str, reason: str) -> None:
    process = start(f"""
        loop = []
        loop.append(loop)
        def handler(event, context): return {value} if event else None
        """)
    error = failure(process.invoke(b"true"))
    assert error == FunctionError("Runtime.MarshalError", f"Unable to marshal response: {reason}")
    assert returned(process.invoke(b"false")) is None


def test_an_event_that_is_not_json_is_an_unmarshal_error(start: Start) -> None:
    error = failure(start("def handler(event, context): return 1").invoke(b"{"))
    assert error.type == "Runtime.UnmarshalError"
    assert error.message.startswith("Unable to unmarshal input: Expecting property name")


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("import nowhere", "load"),
        ("def handler(event, context", "load"),
        ("raise ValueError", "load"),
        ("import os; os._exit(1)", "load"),
        ("def other(event, context): ...", "load"),
        ("def handler(event, context): raise ValueError", "handler"),
        ("def handler(event, context): return {1}", "runtime"),
        ("import os\ndef handler(event, context): os._exit(1)", "runtime"),
        ("import sys\ndef handler(event, context): sys.exit(0)", "runtime"),
        ("import time\ndef handler(event, context): time.sleep(60)", "runtime"),
    ],
)
def test_whose_a_failure_is(start: Start, source: str, origin: str) -> None:
    assert failure(start(source, timeout_seconds=0.5).invoke(b"{}")).origin == origin


def test_a_place_outside_of_the_functions_code_is_told_by_its_last_folder(start: Start) -> None:
    error = failure(start("import json\ndef handler(event, context): json.loads('{')").invoke(b"{}"))
    assert error.places[0] == "index.py:2 in handler: def handler(event, context): json.loads('{')"
    assert re.fullmatch(r"json/decoder\.py:\d+ in raw_decode: .*", error.places[-1])


def test_a_recursion_that_is_too_deep_is_an_error_of_the_function(start: Start) -> None:
    process = start("def handler(event, context): return handler(event, context) if event else 'flat'")
    error = failure(process.invoke(b"true"))
    assert error.type == "RecursionError"
    assert len(error.trace) < 10
    assert returned(process.invoke(b"false")) == "flat"


def test_a_handler_with_one_parameter_is_an_error_of_the_function(start: Start) -> None:
    error = failure(start("def handler(event): return 1").invoke(b"{}"))
    assert (error.type, error.message) == ("TypeError", "handler() takes 1 positional argument but 2 were given")


def test_standard_input_is_empty(start: Start) -> None:
    process = start("""
        import sys
        def handler(event, context): return sys.stdin.read()
        """)
    ours = os.dup(0)
    given, typed = os.pipe()
    os.write(typed, b"typed")
    os.dup2(given, 0)
    for file in (given, typed):
        os.close(file)
    try:
        assert returned(process.invoke(b"{}")) == ""
    finally:
        os.dup2(ours, 0)
        os.close(ours)


def test_a_forked_child_that_returns_does_not_answer(start: Start) -> None:
    process = start("""
        import os
        def handler(event, context):
            child = os.fork()
            if child:
                os.waitpid(child, 0)
            return "parent" if child else "child"
        """)
    assert [returned(process.invoke(b"{}")) for _ in range(3)] == ["parent"] * 3


def test_a_program_that_the_handler_starts_cannot_speak_for_it(start: Start) -> None:
    process = start("""
        import subprocess, sys
        PROGRAM = '''
        import os
        for file in range(3, 100):
            try: os.write(file, b"junk")
            except OSError: pass
        '''
        def handler(event, context):
            subprocess.run([sys.executable, "-c", PROGRAM], close_fds=False, check=True)
            return "clean"
        """)
    assert returned(process.invoke(b"{}")) == "clean"


def test_signals_do_not_cut_a_response_off(start: Start) -> None:
    process = start("""
        import signal
        signal.signal(signal.SIGALRM, lambda number, frame: None)
        def handler(event, context):
            signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
            return b"x" * event
        """)
    assert process.invoke(b"6000000").payload == b"x" * 6_000_000


# --- failures that the process does not survive


def test_a_crash_leaves_no_core_behind(start: Start) -> None:
    process = start("""
        import resource
        def handler(event, context): return resource.getrlimit(resource.RLIMIT_CORE)
        """)
    assert returned(process.invoke(b"{}")) == [0, 0]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("sys.exit('because')", "Runtime exited with error: exit status 1"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("ctypes.string_at(0)", "Runtime exited with error: signal: segmentation fault"),
        ("os.abort()", "Runtime exited with error: signal: aborted"),
    ],
)
def test_a_process_that_ends_is_told_of_and_the_next_invocation_has_another(
    start: Start, tmp_path: Path, statement: str, reason: str
) -> None:
    process = start(f"""
        import ctypes, os, sys
        def handler(event, context):
            print("last words", end="")
            {statement} if event else None
            return os.getpid()
        """)
    first = returned(process.invoke(b"false"))
    result = process.invoke(b"true")
    assert failure(result) == FunctionError("Runtime.ExitError", f"RequestId: {result.request_id} Error: {reason}")
    assert json.loads(result.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {result.request_id} Error: {reason}",
    }
    assert result.log.startswith("last words")
    assert process.pid is None
    assert returned(process.invoke(b"false")) not in {first, None}
    assert [path.name for path in tmp_path.iterdir()] == ["index.py"]


def test_an_invocation_that_takes_too_long_is_ended_with_all_that_it_started(start: Start, life: int) -> None:
    process = start(
        """
        import os, subprocess, time
        from holding import hold_life
        def handler(event, context):
            if event:
                print("begun", end="")
                subprocess.run(["sleep", "600"], pass_fds=[hold_life()])
            return "quick"
        """,
        timeout_seconds=0.4,
    )
    result = process.invoke(b"true")
    message = f"RequestId: {result.request_id} Error: Task timed out after 0.40 seconds"
    assert failure(result) == FunctionError("Sandbox.Timedout", message)
    assert json.loads(result.payload) == {"errorType": "Sandbox.Timedout", "errorMessage": message}
    assert result.log == "begun"
    assert 0.4 <= result.seconds < 5
    assert wait_for(life) == b"alive"
    assert wait_for(life) == b""
    assert returned(process.invoke(b"false")) == "quick"


def test_a_handler_that_prints_for_ever_is_ended_like_any_other(start: Start) -> None:
    process = start(
        """
        def handler(event, context):
            while True: print("more")
        """,
        timeout_seconds=0.3,
    )
    result = process.invoke(b"{}")
    assert failure(result).type == "Sandbox.Timedout"
    assert len(result.log) == LOG_BYTES


def test_a_process_that_is_killed_in_the_middle_of_an_invocation_is_told_of(start: Start, life: int) -> None:
    process = start("""
        import os, subprocess, time
        from holding import hold_life
        def handler(event, context):
            hold_life()
            time.sleep(600)
        """)

    def kill() -> None:
        assert wait_for(life) == b"alive"
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    error = failure(process.invoke(b"{}"))
    killer.join()
    assert error.type == "Runtime.ExitError"
    assert error.message.endswith("signal: killed")


@pytest.mark.parametrize("number", ["SIGKILL", "SIGTERM", "SIGSTOP"])
def test_whoever_ends_their_parent_ends_no_rehearsal(start: Start, number: str) -> None:
    process = start(
        f"""
        import os, signal, time
        def handler(event, context):
            if event == "kill":
                os.kill(os.getppid(), signal.{number})
                time.sleep(600)
            return "lives"
        """,
        timeout_seconds=1,
    )
    assert failure(process.invoke(b'"kill"')).type in {"Runtime.ExitError", "Sandbox.Timedout"}
    assert returned(process.invoke(b"{}")) == "lives"


@pytest.mark.parametrize(
    "written",
    [
        'b"!" + size(3) + b"xxx"',
        'b"#" + size(2) + b"{}"',
        'b"!" + size(2) + b"[]"',
        'b"!" + size(100_000) + b"[" * 100_000',
        'b"?" + size(2) + b"{}"',
        'b"+" + size(0)',
    ],
)
def test_what_a_handler_writes_into_the_conversation_fails_that_invocation_alone(start: Start, written: str) -> None:
    process = start(f"""
        import os, struct
        size = struct.Struct(">Q").pack
        def handler(event, context):
            for file in range(3, 64) if event == "write" else ():
                try:
                    os.write(file, {written})
                except OSError:
                    pass
            return "read"
        """)
    result = process.invoke(b'"write"')
    message = f"RequestId: {result.request_id} Error: The process wrote what is no answer where its runtime answers"
    assert failure(result) == FunctionError("Runtime.ExitError", message)
    assert returned(process.invoke(b"{}")) == "read"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody becomes the parent of whoever lost theirs")
@pytest.mark.parametrize("end", ["close", "crash"])
def test_nothing_that_the_handler_started_is_left_whatever_session_it_is_in(start: Start, life: int, end: str) -> None:
    process = start("""
        import os, time
        from holding import hold_life
        def handler(event, context):
            if event == "crash":
                os._exit(1)
            if not os.fork():
                os.setsid()
                if not os.fork():
                    hold_life()
                    time.sleep(600)
                os._exit(0)
        """)
    process.invoke(b'"start"')
    assert wait_for(life) == b"alive"
    if end == "close":
        process.close()
    else:
        process.invoke(b'"crash"')
    assert wait_for(life) == b""


def test_a_process_that_dies_between_two_invocations_is_replaced_unnoticed(start: Start) -> None:
    process = start("def handler(event, context): return event")
    process.invoke(b"1")
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert returned(process.invoke(b"2")) == 2
    assert process.pid not in {first, None}


def test_a_child_that_holds_the_pipes_open_does_not_hide_a_death(start: Start, life: int) -> None:
    process = start("""
        import os, subprocess, time
        from holding import hold_life
        def handler(event, context):
            if event:
                hold_life()
                time.sleep(600) if not os.fork() else os._exit(5)
            return "again"
        """)
    error = failure(process.invoke(b"true"))
    assert error.message.endswith("exit status 5")
    assert wait_for(life) == b"alive"
    assert wait_for(life) == b""
    assert returned(process.invoke(b"false")) == "again"


def test_an_invocation_that_is_interrupted_does_not_answer_the_next(start: Start) -> None:
    process = start("""
        import time
        def handler(event, context):
            time.sleep(600 if event == 1 else 0)
            return event
        """)
    process.invoke(b"0")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            process.invoke(b"1")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert returned(process.invoke(b"2")) == 2


# --- loading


@pytest.mark.parametrize(
    ("source", "handler", "type_", "message"),
    [
        (
            "import nowhere_to_be_found",
            "index.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'index': No module named 'nowhere_to_be_found'",
        ),
        (
            "",
            "other/index.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'other/index': No module named 'other'",
        ),
        ("", "index.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler': it has no dot"),
        (
            "def handler(:",
            "index.handler",
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'index': invalid syntax (index.py, line 1)",
        ),
        ("raise ValueError('no limit')", "index.handler", "ValueError", "no limit"),
        ("import sys; sys.exit(2)", "index.handler", "Runtime.ExitError", "Runtime exited with error: exit status 2"),
    ],
)
def test_a_module_that_does_not_load_fails_the_invocation(
    start: Start, source: str, handler: str, type_: str, message: str
) -> None:
    process = start(source, handler=handler)
    error = failure(process.invoke(b"{}"))
    assert (error.type, error.message.split(" Error: ")[-1]) == (type_, message)
    assert process.pid is None


def test_loading_is_tried_again_and_told_with_its_place(start: Start, tmp_path: Path) -> None:
    process = start("import nowhere_to_be_found")
    place = f'  File "{tmp_path}/index.py", line 1, in <module>\n    import nowhere_to_be_found\n'
    for _ in range(2):
        result = process.invoke(b"{}")
        assert failure(result).trace == (place,)
        assert failure(result).places == ("index.py:1 in <module>: import nowhere_to_be_found",)
        assert json.loads(result.payload)["requestId"] == result.request_id
    start("def handler(event, context): return 'found'")
    assert returned(process.invoke(b"{}")) == "found"


def test_loading_has_a_time_of_its_own(start: Start) -> None:
    process = start(
        """
        import time
        time.sleep(0.6)
        def handler(event, context): return "loaded"
        """,
        timeout_seconds=0.4,
    )
    assert returned(process.invoke(b"{}")) == "loaded"


def test_what_loads_too_slowly_is_started_again_and_has_the_timeout(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function_process, "INIT_SECONDS", 0.2)
    process = start("""
        import time
        print("loading")
        time.sleep(0.6)
        def handler(event, context): return context.get_remaining_time_in_millis()
        """)
    result = process.invoke(b"{}")
    assert returned(result) <= 20_000 - 600
    assert result.log.endswith("loading\n")


def test_what_loads_more_slowly_than_the_timeout_times_out(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function_process, "INIT_SECONDS", 0.2)
    process = start("import time; time.sleep(600)", timeout_seconds=0.3)
    error = failure(process.invoke(b"{}"))
    assert error.type == "Sandbox.Timedout"
    assert error.message.endswith("Task timed out after 0.30 seconds")
    assert process.pid is None


def test_a_folder_that_is_not_there_is_no_failure_of_the_function(tmp_path: Path) -> None:
    with closing(FunctionProcess(settings(tmp_path / "gone"))) as process, pytest.raises(FileNotFoundError):
        process.invoke(b"{}")


# --- the end


def test_a_closed_function_is_not_invoked(start: Start) -> None:
    process = start("def handler(event, context): return 1")
    process.invoke(b"{}")
    process.close()
    process.close()
    assert process.pid is None
    with pytest.raises(RuntimeError, match="the function `orders-fraud` is closed"):
        process.invoke(b"{}")


def test_closing_ends_what_the_handler_started(start: Start, life: int) -> None:
    process = start("""
        import os, subprocess, time
        from holding import hold_life
        def handler(event, context):
            if not os.fork():
                hold_life()
                time.sleep(600)
        """)
    process.invoke(b"{}")
    assert wait_for(life) == b"alive"
    process.close()
    assert wait_for(life) == b""


def test_closing_ends_an_invocation_that_runs(start: Start, life: int) -> None:
    process = start("""
        import os, subprocess, time
        from holding import hold_life
        def handler(event, context):
            hold_life()
            time.sleep(600)
        """)
    results: list[InvocationResult] = []
    invoker = threading.Thread(target=lambda: results.append(process.invoke(b"{}")))
    invoker.start()
    assert wait_for(life) == b"alive"
    process.close()
    invoker.join()
    assert wait_for(life) == b""
    assert failure(results[0]).message.endswith("signal: killed")


@pytest.mark.parametrize("event", ["idle", "busy", "loading"])
def test_a_function_does_not_outlive_the_process_that_uses_it(tmp_path: Path, life: int, event: str) -> None:
    (tmp_path / "index.py").write_text(
        textwrap.dedent("""
            import os, subprocess
            from holding import hold_life
            def hang(): subprocess.run(["sleep", "600"], pass_fds=[pipe])
            pipe = hold_life()
            if os.environ["WHEN"] == "loading": hang()
            def handler(event, context):
                if event == "busy": hang()
            """)
    )
    user = f"""
import os, threading
from pathlib import Path
from streaming_constructs.local.lambda_function.function_process import FunctionProcess
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings
process = FunctionProcess(FunctionSettings(
    "f", "arn", Path({str(tmp_path)!r}), "index.handler", {{"WHEN": {event!r}}}, 600.0, 128, "eu-west-1"
))
if {event!r} == "idle":
    process.invoke(b'"idle"')
else:
    threading.Thread(target=process.invoke, args=[b'"busy"'], daemon=True).start()
input()
os._exit(0)
"""
    with subprocess.Popen([sys.executable, "-c", user], stdin=subprocess.PIPE) as running:
        assert wait_for(life) == b"alive"
        running.communicate(b"\n")
    assert wait_for(life) == b""


def test_no_file_stays_open(start: Start) -> None:
    def open_files() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    process = start("import os\ndef handler(event, context): os._exit(1) if event else None")
    before = open_files()
    for event in (b"true", b"false", b"true"):
        process.invoke(event)
    assert process.pid is None
    assert open_files() == before


# --- a real handler


def test_the_consumer_of_a_pattern_reports_its_poison_record() -> None:
    good = {
        "payment_id": "p-1",
        "account_id": "a-1",
        "amount": 12_000.0,
        "currency": "EUR",
        "country": "DE",
        "event_time": "2026-01-15T10:00:00+00:00",
    }
    poison = dict(good, currency="euro")
    records = [
        {
            "eventID": f"shardId-000000000000:{number}",
            "eventName": "aws:kinesis:record",
            "eventSource": "aws:kinesis",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/payments",
            "eventVersion": "1.0",
            "awsRegion": "eu-west-1",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/fraud",
            "kinesis": {
                "approximateArrivalTimestamp": 1768471200.0,
                "data": base64.b64encode(json.dumps(payment).encode()).decode(),
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "a-1",
                "sequenceNumber": str(number),
            },
        }
        for number, payment in enumerate([good, poison, good], start=101)
    ]
    environment = {"POWERTOOLS_SERVICE_NAME": "fraud", "POWERTOOLS_METRICS_NAMESPACE": "payments"}
    function = settings(PATTERN / "handlers" / "fraud", environment=environment)
    with closing(FunctionProcess(function)) as process:
        result = process.invoke(json.dumps({"Records": records}).encode())
    assert returned(result) == {"batchItemFailures": [{"itemIdentifier": "102"}]}
    lines = [json.loads(line) for line in result.log.splitlines()]
    warned = [line["sequence_number"] for line in lines if line.get("message") == "Suspicious payment"]
    assert warned == ["101", "103"]
    assert [line["function_request_id"] for line in lines if "sequence_number" in line] == [result.request_id] * 3

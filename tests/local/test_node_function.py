"""Handlers of Node.js: loaded, called and failing as Lambda's own runtime has it; and nothing of a process is left behind."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local.lambda_function.function_process import (
    FunctionError,
    FunctionProcess,
    InvocationResult,
)
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings
from streaming_constructs.local.lambda_function.runtimes import why_not_run

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:orders-fraud"
Start = Callable[..., FunctionProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Makes a function of the source of its module."""
    started: list[FunctionProcess] = []

    def start(source: str, file: str = "index.js", **changed: Any) -> FunctionProcess:
        (tmp_path / file).write_text(textwrap.dedent(source), "utf-8")
        started.append(FunctionProcess(settings(tmp_path, **changed)))
        return started[-1]

    yield start
    for process in started:
        process.close()


def settings(code: Path, **changed: Any) -> FunctionSettings:
    given = {"handler": "index.handler", "environment": {}, "timeout_seconds": 20.0, "memory_mb": 256}
    given |= {"runtime": "nodejs22.x"} | changed
    return FunctionSettings(name="orders-fraud", arn=ARN, code=code, region="eu-west-1", **given)


def returned(result: InvocationResult) -> Any:
    assert result.error is None, result
    return json.loads(result.payload)


def failure(result: InvocationResult) -> FunctionError:
    assert result.error is not None
    return result.error


# --- handlers and their responses


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("index.js", "exports.handler = async (event) => event"),
        ("index.cjs", "module.exports = { handler: async (event) => event }"),
        ("index.mjs", "export const handler = async (event) => event"),
        (
            "index.mjs",
            "const wait = await Promise.resolve((event) => event); export async function handler(e) { return wait(e) }",
        ),
        ("index.js", "exports.handler = (event, context, callback) => callback(null, event)"),
        ("index.js", "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, event), 5) }"),
        ("index.js", "exports.handler = (event) => new Promise((resolve) => setTimeout(() => resolve(event), 5))"),
        ("index.js", "exports.handler = (event, context) => context.succeed(event)"),
    ],
)
@pytest.mark.parametrize("event", [{"größe": [1, 2.5, None, "🙂"]}, "x" * 300_000], ids=["small", "large"])
def test_a_response_is_what_the_handler_answers(start: Start, file: str, source: str, event: Any) -> None:
    process = start(source, file)
    for _ in range(2):
        assert returned(process.invoke(json.dumps(event).encode())) == event


def test_a_package_can_say_that_its_files_are_modules(start: Start, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "deep.js").write_text("export default { on: { event: async () => import.meta.url.slice(-8) } }")
    (tmp_path / "lib" / "again.js").write_text("export { default as it } from './deep.js'")
    assert returned(start("", handler="lib/again.it.on.event").invoke(b"{}")) == "/deep.js"


def test_modules_of_the_function_are_found(start: Start, tmp_path: Path) -> None:
    (tmp_path / "node_modules" / "mine").mkdir(parents=True)
    (tmp_path / "node_modules" / "mine" / "index.js").write_text("module.exports = 'mine'")
    assert returned(start("exports.handler = async () => require('mine')").invoke(b"{}")) == "mine"


def test_a_module_stays_loaded_from_one_invocation_to_the_next(start: Start) -> None:
    process = start(
        "const seen = []; exports.handler = async (event) => { seen.push(event); return [process.ppid, seen] }"
    )
    assert process.pid is None
    assert returned(process.invoke(b"1")) == [process.pid, [1]]
    assert returned(process.invoke(b"2")) == [process.pid, [1, 2]]


def test_the_context_has_what_lambda_tells(start: Start) -> None:
    process = start(
        """
        exports.handler = async (event, context) => ({
            id: context.awsRequestId, arn: context.invokedFunctionArn, name: context.functionName,
            memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis(),
            runtime: process.env.AWS_EXECUTION_ENV, mine: process.env.MINE,
        })
        """,
        environment={"MINE": "x"},
    )
    result = process.invoke(b"{}")
    told = returned(result)
    assert 0 < told.pop("left") <= 20_000
    assert told == {
        "id": result.request_id,
        "arn": ARN,
        "name": "orders-fraud",
        "memory": "256",
        "runtime": "AWS_Lambda_nodejs22.x",
        "mine": "x",
    }


@pytest.mark.parametrize(
    ("runtime", "source", "answer"),
    [
        ("nodejs22.x", "exports.handler = () => 'ignored'", None),
        ("nodejs22.x", "exports.handler = () => {}", None),
        ("nodejs24.x", "exports.handler = () => 'returned'", "returned"),
        ("nodejs24.x", "exports.handler = async () => {}", None),
        ("nodejs24.x", "exports.handler = async () => () => 1", None),
    ],
)
def test_what_a_handler_returns_that_is_not_async_counts_from_24_on(
    start: Start, runtime: str, source: str, answer: Any
) -> None:
    result = start(source, runtime=runtime).invoke(b"{}")
    assert returned(result) == answer
    assert ("which is ignored" in result.log) is ("'ignored'" in source)


def test_a_callback_waits_until_nothing_is_left_to_do_unless_it_need_not(start: Start) -> None:
    process = start("""
        let done = false
        exports.handler = (event, context, callback) => {
            context.callbackWaitsForEmptyEventLoop = event
            done = false
            setTimeout(() => { done = true }, 50)
            callback(null, { get done() { return done } })
        }
        """)
    assert returned(process.invoke(b"true")) == {"done": True}
    assert returned(process.invoke(b"false")) == {"done": False}


def test_what_is_written_is_the_log(start: Start) -> None:
    process = start("""
        console.log("loading")
        exports.handler = async (event, context) => {
            console.error("got %d", event, { a: 1 })
            process.stdout.write("raw\\n")
        }
        """)
    result = process.invoke(b"7")
    loading, got, raw = result.log.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tundefined\tINFO\tloading", loading)
    assert got.split("\t")[1:] == [result.request_id, "ERROR", "got 7 { a: 1 }"]
    assert raw == "raw"


# --- failures


def test_an_exception_is_told_with_its_place_in_the_functions_code(start: Start, tmp_path: Path) -> None:
    process = start("""
        function refuse(event) {
            throw new TypeError("größer")
        }
        exports.handler = async (event) => event ? refuse(event) : process.pid
        """)
    first = returned(process.invoke(b"0"))
    result = process.invoke(b"1")
    error = failure(result)
    assert (error.type, error.message, error.origin) == ("TypeError", "größer", "handler")
    assert error.places == (
        "index.js:5 in handler: exports.handler = async (event) => event ? refuse(event) : process.pid",
        'index.js:3 in refuse: throw new TypeError("größer")',
    )
    told = json.loads(result.payload)
    assert (told["errorType"], told["errorMessage"]) == ("TypeError", "größer")
    assert told["trace"][:2] == ["TypeError: größer", f"    at refuse ({tmp_path}/index.js:3:11)"]
    assert returned(process.invoke(b"0")) == first


@pytest.mark.parametrize(
    ("source", "type_", "message"),
    [
        ("exports.handler = async () => { throw 'text' }", "string", "text"),
        ("exports.handler = (e, c, callback) => callback(new RangeError('far'))", "RangeError", "far"),
        ("exports.handler = (e, c, callback) => callback('said')", "string", "said"),
        ("exports.handler = (e, context) => context.fail(new Error('no'))", "Error", "no"),
        ("exports.handler = () => { throw new Error('at once') }", "Error", "at once"),
        (
            "class Mine extends Error { name = 'Mine' }\nexports.handler = () => Promise.reject(new Mine('own'))",
            "Mine",
            "own",
        ),
    ],
)
def test_an_error_of_the_handler_is_its_own(start: Start, source: str, type_: str, message: str) -> None:
    error = failure(start(source).invoke(b"{}"))
    assert (error.type, error.message, error.origin) == (type_, message, "handler")


@pytest.mark.parametrize(
    ("source", "type_", "message"),
    [
        ("exports.handler = async () => 1n", "Runtime.JSONStringifyError", "Unable to stringify response body: "),
        ("exports.handler = async () => new Promise(() => {})", "Runtime.NodeJsExit", "Nothing is left to do"),
        ("exports.handler = () => process.exit(3)", "Runtime.ExitError", "exit status 3"),
        ("exports.handler = () => process.kill(process.pid, 'SIGKILL')", "Runtime.ExitError", "signal: killed"),
        ("exports.handler = () => { setTimeout(() => { throw new TypeError('late') }) }", "TypeError", "late"),
        (
            "exports.handler = (e, c, callback) => { Promise.reject(new Error('lost')); setTimeout(callback, 500) }",
            "Runtime.UnhandledPromiseRejection",
            "Error: lost",
        ),
        ("exports.handler = async () => { for (;;); }", "Sandbox.Timedout", "Task timed out after 0.50 seconds"),
        ("exports.handler = async () => new Promise((r) => setTimeout(r, 9e5))", "Sandbox.Timedout", "Task timed out"),
    ],
)
def test_what_ends_an_invocation_otherwise_is_the_runtimes(start: Start, source: str, type_: str, message: str) -> None:
    process = start(f"if (!process.env.NEVER) {{ {source} }}", timeout_seconds=0.5)
    error = failure(process.invoke(b"{}"))
    assert (error.type, message in error.message, error.origin) == (type_, True, "runtime")
    assert failure(process.invoke(b"{}")).type == type_  # another process answers the next


@pytest.mark.parametrize(
    ("file", "source", "changed", "type_", "message"),
    [
        ("index.js", "require('jsn')", {}, "Runtime.ImportModuleError", "Error: Cannot find module 'jsn'"),
        ("index.mjs", "import 'jsn'", {}, "Error", "Cannot find package 'jsn' imported from index.mjs"),
        ("other.js", "", {}, "Runtime.ImportModuleError", "Error: Cannot find module 'index'"),
        ("index.js", "exports.handler = async (", {}, "Runtime.UserCodeSyntaxError", "SyntaxError: "),
        ("index.mjs", "export const handler = (", {}, "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected"),
        ("index.js", "exports.handle = 1", {}, "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
        ("index.js", "exports.handler = 1", {}, "Runtime.HandlerNotFound", "index.handler is not a function"),
        ("index.js", "", {"handler": "index"}, "Runtime.MalformedHandlerName", "Bad handler"),
        ("index.js", "", {"handler": "../index.handler"}, "Runtime.MalformedHandlerName", "'../index.handler' is not"),
        ("index.js", "throw new Error('while it loads')", {}, "Error", "while it loads"),
        ("index.js", "process.exit(4)", {}, "Runtime.ExitError", "exit status 4"),
        (
            "index.js",
            "exports.handler = (event, context, callback) => callback()",
            {"runtime": "nodejs24.x"},
            "Runtime.CallbackHandlerDeprecated",
            "Handlers with a callback are not supported from Node.js 24 on",
        ),
    ],
)
def test_a_module_that_does_not_load_fails_the_invocation(
    start: Start, file: str, source: str, changed: dict[str, Any], type_: str, message: str
) -> None:
    process = start(source, file, **changed)
    error = failure(process.invoke(b"{}"))
    assert (error.type, message in error.message, error.origin) == (type_, True, "load")
    assert process.pid is None


def test_where_a_module_cannot_be_read_is_told(start: Start) -> None:
    error = failure(start("// a comment\nexports.handler = async () => }\n").invoke(b"{}"))
    assert error.places[-1] == "index.js:2: exports.handler = async () => }"


def test_modules_are_not_guessed_where_lambda_does_not_guess(start: Start) -> None:
    source = "export const handler = async () => 'guessed'"
    error = failure(start(source, runtime="nodejs22.x").invoke(b"{}"))
    assert error.type == "Runtime.UserCodeSyntaxError"


def test_a_function_does_not_outlive_the_process_that_uses_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "life")
    life = os.open(tmp_path / "life", os.O_RDONLY | os.O_NONBLOCK)
    (tmp_path / "index.js").write_text(
        "const fs = require('fs'); exports.handler = () => { fs.writeSync(fs.openSync('life', 'w'), 'alive'); for (;;); }"
    )
    user = f"""
import os, threading
from pathlib import Path
from streaming_constructs.local.lambda_function.function_process import FunctionProcess
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings
process = FunctionProcess(FunctionSettings(
    "f", "arn", Path({str(tmp_path)!r}), "index.handler", {{}}, 600.0, 128, "eu-west-1", runtime="nodejs22.x"
))
threading.Thread(target=process.invoke, args=[b"{{}}"], daemon=True).start()
input()
"""
    with subprocess.Popen([sys.executable, "-c", user], stdin=subprocess.PIPE) as running:
        assert select.select([life], [], [], 60)[0]
        assert os.read(life, 5) == b"alive"
        running.send_signal(signal.SIGKILL)
    assert select.select([life], [], [], 60)[0]
    assert os.read(life, 5) == b""
    os.close(life)


# --- which there are


@pytest.mark.parametrize("runtime", ["python3.13", "nodejs22.x", "nodejs24.x"])
def test_runtimes_that_are_here(runtime: str) -> None:
    assert why_not_run(runtime) == ""


@pytest.mark.parametrize("runtime", ["java21", "dotnet8", "ruby3.4", "provided.al2023"])
def test_runtimes_that_are_not_here(runtime: str) -> None:
    assert why_not_run(runtime) == f"its runtime is {runtime}, and handlers run here in Python and Node.js alone"


def test_an_image_has_no_runtime() -> None:
    assert why_not_run("").startswith("its runtime is an image")


def test_without_node_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JSII_NODE", str(tmp_path / "node"))
    assert why_not_run("nodejs22.x") == (
        "its runtime is nodejs22.x, and there is no Node.js: put `node` on the PATH, or set JSII_NODE"
    )

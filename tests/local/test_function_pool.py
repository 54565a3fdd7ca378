"""Invocations of one function run side by side, as many as are allowed, and each function is found by its names."""

from __future__ import annotations

import json
import os
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local.lambda_function.function_pool import FunctionPool, FunctionPools
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings
from tests.local.conftest import NamedPipe

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:{}"
Pool = Callable[..., FunctionPool]

MEETING = """
    import os, time
    from pathlib import Path
    def handler(event, context):
        Path(f"here-{event}").touch()
        while len(list(Path().glob("here-*"))) < 3: time.sleep(0.01)
        return os.getpid()
    """
"""A handler that returns when three events have come."""
CROWD = """
    import time
    from pathlib import Path
    def handler(event, context):
        mine = Path(f"here-{event}")
        mine.touch()
        time.sleep(0.05)
        together = len(list(Path().glob("here-*")))
        mine.unlink()
        return together
    """
"""A handler that counts how many events are there with its own."""
ECHO = """
    import os
    def handler(event, context): return os._exit(1) if event == "die" else [os.getpid(), event]
    """


def function(folder: Path, source: str, name: str = "fraud", **changed: Any) -> FunctionSettings:
    folder.mkdir(exist_ok=True)
    (folder / "index.py").write_text(textwrap.dedent(source))
    given = {"environment": {}, "timeout_seconds": 20.0, "memory_mb": 128, "region": "eu-west-1"} | changed
    return FunctionSettings(name=name, arn=ARN.format(name), code=folder, handler="index.handler", **given)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    made: list[FunctionPool] = []

    def make(source: str, most: int = 1, **changed: Any) -> FunctionPool:
        made.append(FunctionPool(function(tmp_path, source, **changed), most=most))
        return made[-1]

    yield make
    for one in made:
        one.close()


def returned(result: InvocationResult) -> Any:
    assert result.error is None
    return json.loads(result.payload)


def test_as_many_invocations_run_at_the_same_time_as_are_allowed(pool: Pool) -> None:
    meeting = pool(MEETING, most=3)
    with ThreadPoolExecutor(3) as threads:
        pids = [returned(result) for result in threads.map(meeting.invoke, [b"1", b"2", b"3"])]
    assert len(set(pids)) == 3


def test_no_more_invocations_run_at_the_same_time_than_are_allowed(pool: Pool) -> None:
    crowd = pool(CROWD, most=2)
    with ThreadPoolExecutor(8) as threads:
        together = [returned(one) for one in threads.map(crowd.invoke, [b"%d" % number for number in range(8)])]
    assert max(together) <= 2


def test_waiting_invocations_get_their_turn_and_their_own_answers(pool: Pool) -> None:
    echo = pool(ECHO, most=2)
    with ThreadPoolExecutor(8) as threads:
        answers = [returned(one) for one in threads.map(echo.invoke, [b"%d" % number for number in range(50)])]
    assert [event for _, event in answers] == list(range(50))
    assert 1 <= len({pid for pid, _ in answers}) <= 2


def test_invocations_one_after_another_need_one_process(pool: Pool) -> None:
    echo = pool(ECHO, most=5)
    assert len({returned(echo.invoke(b"1"))[0] for _ in range(10)}) == 1


def test_a_process_that_died_is_replaced(pool: Pool) -> None:
    echo = pool(ECHO)
    first, _ = returned(echo.invoke(b"1"))
    result = echo.invoke(b'"die"')
    assert result.error is not None
    assert result.error.type == "Runtime.ExitError"
    second, event = returned(echo.invoke(b"2"))
    assert event == 2
    assert second != first


def test_closing_ends_what_runs_and_refuses_what_waits(pool: Pool, pipe: NamedPipe) -> None:
    waiting = pool("""
        import os, time
        from pathlib import Path
        def handler(event, context):
            Path("pipe").write_text(str(os.getpid()))
            time.sleep(600)
        """)
    outcomes: list[str] = []

    def invoke() -> None:
        try:
            result = waiting.invoke(b"{}")
        except RuntimeError as error:
            outcomes.append(str(error))
        else:
            outcomes.append(result.error.type if result.error else "")

    threads = [threading.Thread(target=invoke) for _ in range(2)]
    for thread in threads:
        thread.start()
    pid = int(pipe.read())
    waiting.close()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Runtime.ExitError", "the function `fraud` is closed"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_function_that_may_not_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one invocation at a time, not 0"):
        FunctionPool(function(tmp_path, ECHO), most=0)


def test_functions_are_found_by_name_and_by_arn(tmp_path: Path) -> None:
    with FunctionPools() as functions:
        for name in ("a", "b"):
            functions.add(function(tmp_path / name, f"def handler(event, context): return '{name}'", name))
        found = [functions.invoke(key, b"{}") for key in ("a", "b", ARN.format("a"), ARN.format("b"))]
        assert [returned(result) for result in found] == ["a", "b", "a", "b"]
        with pytest.raises(KeyError, match="c"):
            functions.invoke("c", b"{}")


def test_all_functions_are_told_where_aws_is(tmp_path: Path) -> None:
    source = "import os\ndef handler(event, context): return os.environ['AWS_ENDPOINT_URL']"
    with FunctionPools("http://localhost:5566") as functions:
        functions.add(function(tmp_path, source))
        assert returned(functions.invoke("fraud", b"{}")) == "http://localhost:5566"


def test_functions_run_as_many_invocations_as_each_may(tmp_path: Path) -> None:
    with FunctionPools() as functions, ThreadPoolExecutor(3) as threads:
        functions.add(function(tmp_path, MEETING), most=3)
        results = list(threads.map(lambda event: functions.invoke("fraud", event), [b"1", b"2", b"3"]))
    assert len({returned(result) for result in results}) == 3


def test_a_function_that_is_added_again_is_known_by_its_new_settings(tmp_path: Path) -> None:
    with FunctionPools() as functions:
        functions.add(function(tmp_path, ECHO))
        pid, _ = returned(functions.invoke("fraud", b"1"))
        functions.add(function(tmp_path / "new", "def handler(event, context): return 'new'"))
        assert returned(functions.invoke("fraud", b"1")) == "new"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_functions_that_are_closed_are_not_invoked(tmp_path: Path) -> None:
    with FunctionPools() as functions:
        functions.add(function(tmp_path, ECHO))
        pid, _ = returned(functions.invoke("fraud", b"1"))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RuntimeError, match="is closed"):
        functions.invoke("fraud", b"1")


def test_what_waits_for_a_function_that_is_changed_is_invoked_as_it_is_now(tmp_path: Path, pipe: NamedPipe) -> None:
    hangs = """
        import time
        from pathlib import Path
        def handler(event, context):
            Path("pipe").write_text("here")
            time.sleep(600)
        """
    with FunctionPools() as functions, ThreadPoolExecutor(2) as threads:
        functions.add(function(tmp_path, hangs))
        results = [threads.submit(functions.invoke, "fraud", b"{}") for _ in range(2)]
        pipe.read()
        functions.add(function(tmp_path / "new", "def handler(event, context): return 'new'"))
        errors = [result.result(30).error for result in results]
    assert sorted(error.type if error else "" for error in errors) == ["", "Runtime.ExitError"]

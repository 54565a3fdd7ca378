"""What a function wrote, and how it failed, over all of its invocations: the end of its log, its last failure of each kind."""

from __future__ import annotations

import json
import threading
from collections import deque
from typing import Any

from streaming_constructs.local.lambda_function.function_failure import FunctionFailure, Origin
from streaming_constructs.local.lambda_function.function_process import LOG_BYTES, InvocationResult

INVALID_RESPONSE = "invalid response"
"""What a failure is called that is no exception: the function returned what the service cannot read, or does not."""
_LOG_LINES = 12
"""How many lines of an invocation's log are shown with its failure."""
_SHOWN_CHARACTERS = 160


class FunctionJournal:
    """Keeps what people need to find a mistake, and of the log no more than its last 64 KiB. Any thread may write into it."""

    def __init__(self) -> None:
        """Knows nothing yet."""
        self._lock = threading.Lock()
        self._logs: deque[str] = deque()
        self._characters = 0
        self._let_go = 0
        self._failures: dict[tuple[Origin, str, str], FunctionFailure] = {}

    def record(self, result: InvocationResult) -> None:
        """Takes down an invocation, whatever came of it.

        Args:
            result: What came of it.
        """
        text = _whole(result.log)
        with self._lock:
            self._keep(text)
            error = result.error
            if error is None:
                return
            places, log = tuple(map(_whole, error.places)), tuple(text.strip().splitlines()[-_LOG_LINES:])
            self._count(FunctionFailure(_whole(error.type), error.origin, _whole(error.message), 1, places, log))

    def record_response(self, fault: str, response: Any) -> None:
        """Takes down that a response was none that the service can read.

        Args:
            fault: What is wrong with it.
            response: What was returned.
        """
        text = _whole(json.dumps(response, ensure_ascii=False))
        shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
        with self._lock:
            self._count(FunctionFailure(INVALID_RESPONSE, "response", fault, log=(f"returned {shown}",)))

    @property
    def log(self) -> str:
        """The end of what it wrote, whole invocations, in the order in which they ended."""
        with self._lock:
            kept = "".join(self._logs)
            return f"… {self._let_go:,} characters before this were let go\n{kept}" if self._let_go else kept

    @property
    def failures(self) -> tuple[FunctionFailure, ...]:
        """How it failed: how often in each way, and the last time."""
        with self._lock:
            return tuple(self._failures.values())

    def _keep(self, log: str) -> None:
        if not log:
            return
        self._logs.append(log if log.endswith("\n") else f"{log}\n")
        self._characters += len(self._logs[-1])
        while self._characters > LOG_BYTES and len(self._logs) > 1:
            gone = len(self._logs.popleft())
            self._characters -= gone
            self._let_go += gone

    def _count(self, failure: FunctionFailure) -> None:
        # A handler may raise another message for each record: those are one kind. Of responses each fault is one.
        key = (failure.origin, failure.type, failure.message if failure.origin == "response" else "")
        known = self._failures.get(key)
        self._failures[key] = failure if known is None else failure.after(known.count)


def _whole(text: str) -> str:
    """A text that every terminal takes: none of them takes half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()

"""Concurrency of Lambda functions: each has as many processes as it may have invocations at the same time."""

from __future__ import annotations

import queue
from types import TracebackType
from typing import Self

from streaming_constructs.local.lambda_function.function_process import FunctionProcess, InvocationResult
from streaming_constructs.local.lambda_function.function_settings import FunctionSettings


class FunctionPool:
    """The processes of one function, lent to one invocation each; those that are not needed are not started."""

    def __init__(self, settings: FunctionSettings, *, endpoint_url: str = "", most: int = 1) -> None:
        """Starts nothing yet.

        Args:
            settings: The function.
            endpoint_url: Where the function's AWS clients find AWS.
            most: How many invocations may run at the same time.

        Raises:
            ValueError: If no invocation may ever run.
        """
        if most < 1:
            raise ValueError(f"a function runs at least one invocation at a time, not {most}")
        self._processes = tuple(FunctionProcess(settings, endpoint_url=endpoint_url) for _ in range(most))
        # The last one that came back goes out first: it is loaded, and others may never have to be.
        self._free: queue.LifoQueue[FunctionProcess] = queue.LifoQueue()
        for process in self._processes:
            self._free.put(process)

    def invoke(self, event: bytes) -> InvocationResult:
        """Calls the handler in a process that is free; waits for one. Any thread may.

        Args:
            event: The event, as JSON text.

        Returns:
            What came of it. A failure of the function is a result, too.

        Raises:
            RuntimeError: If the pool is closed.
            OSError: If no process can be started.
        """
        process = self._free.get()
        try:
            return process.invoke(event)
        finally:
            self._free.put(process)

    def close(self) -> None:
        """Ends all processes; invocations that run fail, and those that wait raise."""
        for process in self._processes:
            process.close()


class FunctionPools:
    """The functions of a rehearsal, by ARN and by name."""

    def __init__(self, endpoint_url: str = "") -> None:
        """Knows no function yet.

        Args:
            endpoint_url: Where the functions' AWS clients find AWS.
        """
        self._endpoint_url = endpoint_url
        self._pools: dict[str, FunctionPool] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, settings: FunctionSettings, most: int = 1) -> None:
        """Makes a function known; one that was known otherwise is known by these settings from now on.

        Args:
            settings: The function.
            most: How many invocations of it may run at the same time.

        Raises:
            ValueError: If `most` is less than 1.
        """
        pool = FunctionPool(settings, endpoint_url=self._endpoint_url, most=most)
        before = self._pools.get(settings.arn)
        self._pools[settings.arn] = self._pools[settings.name] = pool
        if before is not None:
            before.close()

    def invoke(self, function: str, event: bytes) -> InvocationResult:
        """Invokes a function.

        Args:
            function: Its ARN or its name.
            event: The event, as JSON text.

        Returns:
            What came of it.

        Raises:
            KeyError: If there is no such function.
            RuntimeError: If it is closed.
        """
        while True:
            pool = self._pools[function]
            try:
                return pool.invoke(event)
            except RuntimeError:
                if self._pools[function] is pool:
                    raise
                # The function was changed while this waited for a process: the new one is asked.

    def close(self) -> None:
        """Ends all processes of all functions."""
        for pool in self._pools.values():
            pool.close()

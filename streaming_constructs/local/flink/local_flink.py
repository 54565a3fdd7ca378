"""A Flink of one runtime of Managed Service for Apache Flink, on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from streaming_constructs.local.flink.flink_job import FlinkJob


class LocalFlink:
    """A Flink: a process of Java that plans statements, runs them on given events, and runs jobs until they are stopped.

    It is a context manager; the process ends with it, and with this process, however that ends. Sources and sinks of the kinds
    `kinesis`, `firehose` and `dynamodb` are stand-ins that talk to `endpoint`, with the options of the real ones; other
    connectors are the real ones, from `connectors`.
    """

    def __init__(
        self,
        runtime: str = "FLINK-2_3",
        *,
        connectors: Sequence[Path] = (),
        endpoint: str = "",
        credentials: Mapping[str, str] | None = None,
    ) -> None:
        """Starts nothing yet.

        Args:
            runtime: The runtime, as AWS names it: `FLINK-2_3`, `FLINK-2_2` or `FLINK-1_20`.
            connectors: Jars of real connectors, such as Kafka's.
            endpoint: Where AWS is, such as `EmbeddedAws.endpoint_url`; on loopback. Empty: jobs that read or write streams, tables
                and delivery streams cannot be started, but planned.
            credentials: What that AWS asks of its callers, such as `EmbeddedAws.environment`: `AWS_ACCESS_KEY_ID`,
                `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` of it are used.

        Raises:
            SpecError: If there is no Java, or its jars cannot be brought.
        """
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Starts the process of Java."""
        raise NotImplementedError

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Ends it and all jobs."""
        raise NotImplementedError

    def start_job(
        self,
        jar: Path,
        variables: Mapping[str, str],
        *,
        parallelism: int = 1,
        checkpoint_seconds: float = 60.0,
        restore: Path | None = None,
    ) -> FlinkJob:
        """Starts a job that runs until it is stopped: the statements of a jar as they are, no connector swapped.

        Args:
            jar: The deployed jar, which has `statements.json`.
            variables: The property group `sql.variables`.
            parallelism: How many subtasks each operator has.
            checkpoint_seconds: The time between two checkpoints.
            restore: A savepoint, or a folder that the checkpoints of another job went to. Left out: it starts without state.

        Raises:
            FlinkError: If Flink refuses a statement or the job.
        """
        raise NotImplementedError

    def validate(self, statements: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
        """Plans all statements, as the start of the application would.

        Args:
            statements: The statements, in order.
            variables: What `${name}` stands for in them.

        Raises:
            FlinkError: What Flink says of the first that it refuses.
        """
        raise NotImplementedError

    def run(
        self, statements: Sequence[str], variables: Mapping[str, str], events: Mapping[str, Iterable[Mapping[str, Any]]]
    ) -> dict[str, list[Any]]:
        """Runs all statements on given events, to their end.

        Args:
            statements: The statements, in order.
            variables: What `${name}` stands for in them.
            events: The events of each source table, in the order in which they come.

        Returns:
            The rows of each sink table. Those of a sink that takes changes (`upsert-kafka`, `dynamodb`) are pairs of `+` or `-`
            and the row, in their order; all others are sorted.

        Raises:
            FlinkError: If Flink refuses a statement, or the job fails.
        """
        raise NotImplementedError

"""A worker moves records through one deployed resource: an event source mapping, a delivery stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import KINESIS_STREAM, SQS_QUEUE
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.rehearsal_report import WorkerReport
from streaming_constructs.local.scheduler import Task


class Worker(Task, Protocol):
    """What moves the records of one deployed resource, for as long as that is deployed.

    One thread runs its steps; `take`, `report`, `close` and `hand_over` may be called by any.
    """

    def take(self, records: Sequence[bytes], now: float) -> None:
        """Takes records that producers put into the resource itself.

        Args:
            records: The records.
            now: The time.

        Raises:
            TypeError: If it reads a source, and nothing is put into it.
        """

    def report(self) -> WorkerReport:
        """What became of its records so far."""

    def hand_over(self, now: float) -> StreamReader | None:
        """Closes it, because its resource has changed.

        Args:
            now: The time.

        Returns:
            Its reader, at the first record that is not dealt with: where its successor begins. None: it reads no stream.
        """

    def close(self, now: float) -> None:
        """Ends it: it finishes what can be finished at once, and its steps do nothing any more.

        Args:
            now: The time.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerContext:
    """What workers are built with.

    Attributes:
        aws: The API that they put objects and messages by.
        clock: Their time.
        executor: Where invocations wait for their answer.
        invoke: Invokes a function, by its ARN.
        wake: Called, from any thread, when a worker may have something to do.
        deployed: All that is deployed.
        name_of: What people call a resource.
        topic_name: What people call a topic of Kafka, by its ARN.
    """

    aws: Aws
    clock: Clock
    executor: Executor
    invoke: Callable[[str, bytes], InvocationResult]
    wake: Callable[[], None]
    deployed: Sequence[Deployed]
    name_of: Callable[[Deployed], str]
    topic_name: Callable[[str], str]

    def stream_name(self, stream_arn: str) -> str:
        """What people call a Kinesis stream; its name in AWS, where no stack has it.

        Args:
            stream_arn: Its ARN.
        """
        name = stream_arn.rpartition("/")[2]
        streams = (resource for resource in self.deployed if resource.type == KINESIS_STREAM)
        return next((self.name_of(stream) for stream in streams if stream.physical_id == name), name)

    def queue_name(self, queue_arn: str) -> str:
        """What people call a queue; its name in AWS, where no stack has it.

        Args:
            queue_arn: Its ARN.
        """
        queues = (one for one in self.deployed if one.type == SQS_QUEUE and one.attributes.get("Arn") == queue_arn)
        return next(map(self.name_of, queues), queue_arn.rpartition(":")[2])


BuildWorker = Callable[[Deployed, WorkerContext, Worker | None], Worker]
"""Builds the worker of a resource; it is also given the one that the resource had before it was changed, if it had one.

Raises `ValueError` for settings that AWS would refuse, and `ClientError` if something that it needs is not there; then the one
before goes on.
"""

"""Runs what is deployed: it finds the resources that move records, and gives each a worker, until its stack is gone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self

from botocore.exceptions import ClientError

from streaming_constructs.local.api_report import ApiReport
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.aws.type_names import KAFKA_CLUSTERS, KAFKA_TOPIC
from streaming_constructs.local.kafka.kafka_reports import kafka_reports
from streaming_constructs.local.kafka.topic_log import TopicLogError
from streaming_constructs.local.lambda_function.deployed_functions import DeployedFunctions
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.rehearsal_report import RecordOnly, Report, by_section
from streaming_constructs.local.scheduler import Scheduler
from streaming_constructs.local.service_hooks import install_hooks
from streaming_constructs.local.stream_stats import stream_reports, topic_reports
from streaming_constructs.local.table_report import table_reports
from streaming_constructs.local.worker import Worker, WorkerContext
from streaming_constructs.local.workers import WORKERS

_LOOKS_EACH_SECONDS = 0.25
"""How often, by the wall's clock, it looks which stacks there are."""
_CONCURRENCY = max(2, os.cpu_count() or 1)
"""Invocations at the same time: more than there are cores would only take turns."""


class Engine:
    """Runs the workers of everything that is deployed for as long as a `with` lasts.

    Attributes:
        names: What people call resources, by stack and logical id.
        client_topics: What people call topics of Kafka that no stack has, by their ARNs.
        problems: Why something that is deployed cannot be run, by its name.
    """

    def __init__(self, embedded: EmbeddedAws) -> None:
        """Runs nothing yet.

        Args:
            embedded: The AWS that it is part of.
        """
        self._embedded = embedded
        self._aws, self._clock = embedded.aws, embedded.clock
        assert embedded.aws.msk is not None  # it has an AWS of this process
        assert embedded.aws.flink is not None
        self._msk, self._flink = embedded.aws.msk, embedded.aws.flink
        self._workers: dict[str, Worker] = {}
        self._properties: dict[str, Mapping[str, Any]] = {}
        self._refreshed_at = 0.0
        self._refreshing = threading.Lock()
        self._open = ExitStack()
        self.names: dict[tuple[str, str], str] = {}
        self.client_topics: dict[str, str] = {}
        self.problems: dict[str, str] = {}
        self._failures: dict[int, tuple[Worker, str]] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self._functions = opening.enter_context(DeployedFunctions(self._aws, _CONCURRENCY))
            self._executor = ThreadPoolExecutor(_CONCURRENCY, thread_name_prefix="invocation")
            opening.callback(self._executor.shutdown, wait=True, cancel_futures=True)
            self._scheduler = Scheduler(self._clock, self._tasks, self._stop)
            opening.enter_context(install_hooks(self))
            opening.callback(self._scheduler.close)
            self._scheduler.start()
            opening.callback(self._functions.close)  # first: a step may wait for an invocation that takes minutes
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    # --- the data plane, behind the hooks

    def invoke(self, function_arn: str, event: bytes) -> InvocationResult:
        """Invokes a function.

        Args:
            function_arn: Its ARN, or its name.
            event: The event, as JSON text.
        """
        return self._functions.invoke(function_arn, event)

    def direct_put(self, delivery_stream: str, records: Sequence[bytes]) -> None:
        """Takes records that are put into a delivery stream.

        Args:
            delivery_stream: Its name.
            records: The records.

        Raises:
            OSError: If the delivery stream has stopped by a failure.
        """
        with self._refreshing:  # else its worker might be replaced before it takes them
            self._refresh()
            worker = self._workers[delivery_stream]
            if id(worker) in self._failures:
                raise OSError(f"the delivery {delivery_stream} has stopped: {self._failures[id(worker)][1]}")
            worker.take(records, self._clock.now())
        self.wake()

    def wake(self) -> None:
        """Has the workers look for new records."""
        self._scheduler.wake()

    # --- what a rehearsal asks

    def drain(self, seconds: float | None) -> bool:
        """Waits until nothing is left to do.

        Args:
            seconds: How long at most, by the wall's clock. None: as long as it takes.

        Returns:
            Whether nothing is left. What has stopped leaves what it had.
        """
        self.refresh()
        drained = self._scheduler.drain(seconds)
        return drained and not self.stopped

    def close_windows(self) -> bool:
        """Ends the jobs of Flink as if no event came any more: windows that are open give what they have.

        Returns:
            Whether there are any.
        """
        runner = self._flink.runner
        if runner is not None:
            runner.close_windows()
            self.wake()
        return runner is not None

    def refresh(self) -> None:
        """Finds what is deployed, and what is deployed no longer."""
        with self._refreshing:
            self._refresh()

    def report(self, put: int = 0, refused: int = 0, into: Sequence[str] = ()) -> Report:
        """What came out where so far.

        Args:
            put: How many records were put.
            refused: How many were refused for good.
            into: The streams and deliveries that they were put into.
        """
        deployed, region = self._embedded.cloudformation.deployed(), self._aws.region
        keeper = self._msk.keeper
        consumers, deliveries, applications = by_section(worker.report() for worker in list(self._workers.values()))
        return Report(
            put=put,
            refused=refused,
            stopped=self.stopped,
            into=tuple(into),
            streams=stream_reports(deployed, self.name_of, region),
            consumers=consumers,
            deliveries=deliveries,
            apis=self._apis(),
            applications=applications,
            topics=topic_reports(deployed, self.name_of, region),
            tables=table_reports(self._aws, deployed, self.name_of),
            kafka_topics=kafka_reports(self._msk, self.topic_name),
            kafka=keeper.name if keeper else "",
            no_kafka=keeper.why if keeper else "",
            record_only=self._record_only(deployed),
        )

    @property
    def stopped(self) -> dict[str, str]:
        """What ran and does so no more, by its name, with the error that it failed with; `rehearsal` is all of it.

        What handlers and records do is no such failure, however odd.
        """
        ended = self._scheduler.failure
        stopped = {worker.report().name: why for worker, why in list(self._failures.values())}
        brokers = {f"the broker of {self._cluster_name(arn)}": why for arn, why in self._msk.ended().items()}
        return stopped | brokers | ({"rehearsal": _reason(ended)} if ended else {})

    def name_of(self, resource: Deployed) -> str:
        """What people call a resource.

        Args:
            resource: The resource.
        """
        return self.names.get((resource.stack, resource.logical_id), resource.logical_id)

    def topic_name(self, topic_arn: str) -> str:
        """What people call a topic of Kafka.

        Args:
            topic_arn: Its ARN.
        """
        deployed = self._embedded.cloudformation.deployed()
        found = (one for one in deployed if one.type == KAFKA_TOPIC and one.physical_id == topic_arn)
        return next(map(self.name_of, found), "") or self.client_topics.get(topic_arn, topic_arn.rpartition("/")[2])

    # --- inside

    def _cluster_name(self, cluster_arn: str) -> str:
        """What people call a cluster of Kafka; one that no stack has is called as it is in its ARN."""
        deployed = self._embedded.cloudformation.deployed()
        found = (one for one in deployed if one.type in KAFKA_CLUSTERS and one.physical_id == cluster_arn)
        return next(map(self.name_of, found), "") or cluster_arn.split("/")[1]

    def _apis(self) -> tuple[ApiReport, ...]:
        answers = self._embedded.execute_api.answers
        return tuple(
            ApiReport(name, url, {str(status): count for status, count in sorted(answers.get(name, {}).items())})
            for name, url in self._embedded.api_urls().items()
        )

    def _record_only(self, deployed: Sequence[Deployed]) -> tuple[RecordOnly, ...]:
        """What is written down alone; what several resources of one owner do together is told once."""
        told = (
            RecordOnly(
                ": ".join(filter(None, (self.name_of(resource), resource.part))), resource.type, resource.record_only
            )
            for resource in deployed
            if resource.record_only
        )
        return tuple(dict.fromkeys(told))

    def _refresh(self) -> None:
        self._refreshed_at = time.monotonic()
        deployed = self._embedded.cloudformation.deployed()
        self._functions.refresh(deployed)
        context = WorkerContext(
            aws=self._aws,
            clock=self._clock,
            executor=self._executor,
            invoke=self.invoke,
            wake=self.wake,
            deployed=deployed,
            name_of=self.name_of,
            topic_name=self.topic_name,
        )
        for resource in deployed:
            if self._properties.get(resource.physical_id) != resource.properties:
                self._run(resource, context)
        for gone in self._workers.keys() - {resource.physical_id for resource in deployed}:
            self._properties.pop(gone, None)
            worker = self._workers.pop(gone)
            self._failures.pop(id(worker), None)
            try:
                worker.close(self._clock.now())
            except Exception as error:  # noqa: BLE001 - others go on
                self._stop(worker, error)

    def _run(self, resource: Deployed, context: WorkerContext) -> None:
        """Gives a resource that is new or changed its worker, if it is of a type that has one."""
        build = WORKERS.get(resource.type)
        if build is None:
            return
        name = self.name_of(resource)
        before = self._workers.get(resource.physical_id)
        try:
            worker = build(resource, context, before)
        except (ClientError, TopicLogError, ValueError) as error:
            # Perhaps what it needs is still to come: the next refresh tries again.
            self.problems[name] = str(error)
            return
        self._failures.pop(id(before), None)
        self._workers[resource.physical_id] = worker
        self._properties[resource.physical_id] = resource.properties
        self.problems.pop(name, None)

    def _tasks(self) -> Sequence[Worker]:
        if time.monotonic() - self._refreshed_at > _LOOKS_EACH_SECONDS:
            self.refresh()
        return [worker for worker in list(self._workers.values()) if id(worker) not in self._failures]

    def _stop(self, worker: Any, error: Exception) -> None:
        # With the worker: as long as it is there, its id is nobody else's.
        self._failures[id(worker)] = worker, _reason(error)


def _reason(error: BaseException) -> str:
    return f"failed: {type(error).__name__}: {error}"

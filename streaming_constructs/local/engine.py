"""Everything of the stacks that moves: consumers and deliveries, found by what is deployed, and run until the end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.event_source.event_source_worker import EventSourceWorker
from streaming_constructs.local.firehose.delivery_stream_worker import DeliveryStreamWorker
from streaming_constructs.local.lambda_function.deployed_functions import (
    FUNCTION,
    CodeFolders,
    function_settings,
    unsupported_function,
)
from streaming_constructs.local.lambda_function.function_pool import FunctionPools
from streaming_constructs.local.lambda_function.function_process import InvocationResult
from streaming_constructs.local.rehearsal_report import RecordOnly, Report, TopicReport
from streaming_constructs.local.scheduler import Actor, Scheduler
from streaming_constructs.local.service_hooks import install_hooks
from streaming_constructs.local.stream_stats import published_messages, stream_report
from streaming_constructs.local.workers import DELIVERY, MAPPING, STREAM, Worker, WorkerFactory

TOPIC = "AWS::SNS::Topic"
_LOOKS_EACH_SECONDS = 0.25
"""How often, by the wall's clock, it looks which stacks there are."""
_CONCURRENCY = max(2, os.cpu_count() or 1)
"""Invocations at the same time: more than there are cores would only take turns."""


class Engine:
    """Runs consumers and deliveries for as long as a `with` lasts.

    Attributes:
        names: What people call resources, by stack and logical id.
        problems: Why something that is deployed cannot be run, by its name.
    """

    def __init__(self, embedded: EmbeddedAws) -> None:
        """Runs nothing yet.

        Args:
            embedded: The AWS that it is part of.
        """
        self._embedded = embedded
        self._aws, self._clock = embedded.aws, embedded.clock
        self._runs: dict[str, Worker] = {}
        self._properties: dict[str, Mapping[str, Any]] = {}
        self._looked = 0.0
        self._looking = threading.Lock()
        self._open = ExitStack()
        self.names: dict[tuple[str, str], str] = {}
        self.problems: dict[str, str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self._code = CodeFolders(self._aws)
            opening.callback(self._code.close)
            self._functions = opening.enter_context(FunctionPools(self._aws.endpoint_url))
            self._executor = ThreadPoolExecutor(_CONCURRENCY, thread_name_prefix="invocation")
            opening.callback(self._executor.shutdown, wait=True, cancel_futures=True)
            self._scheduler = Scheduler(self._clock, self._actors)
            self._factory = WorkerFactory(self._aws, self._clock, self._executor, self.invoke, self.wake, self.name_of)
            opening.enter_context(install_hooks(self))
            opening.callback(self._scheduler.close)
            self._scheduler.start()
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    # --- behind the doors

    def invoke(self, function_arn: str, event: bytes) -> InvocationResult:
        """Invokes a function.

        Args:
            function_arn: Its ARN, or its name.
            event: The event, as JSON text.
        """
        return self._functions.invoke(function_arn, event)

    def direct_put(self, delivery_stream: str, records: Sequence[bytes]) -> None:
        """Takes records of a delivery that reads no stream.

        Args:
            delivery_stream: Its name.
            records: The records.
        """
        self.refresh()
        run = self._runs[delivery_stream]
        assert isinstance(run, DeliveryStreamWorker)
        run.take(records, self._clock.now())
        self.wake()

    def wake(self) -> None:
        """Hears that there is something new to read."""
        self._scheduler.wake()

    # --- what a rehearsal asks

    def drain(self, seconds: float | None) -> bool:
        """Waits until nothing is left to do.

        Args:
            seconds: How long at most, by the wall's clock. None: as long as it takes.

        Returns:
            Whether nothing is left.
        """
        self.refresh()
        return self._scheduler.drain(seconds)

    def refresh(self) -> None:
        """Finds what is deployed, and what is deployed no longer."""
        with self._looking:
            self._look()

    def report(self, put: int = 0, refused: int = 0) -> Report:
        """What came out where so far.

        Args:
            put: How many records were put.
            refused: How many were refused for good.
        """
        deployed = self._embedded.cloudformation.deployed()
        consumers = [one.report() for one in list(self._runs.values()) if isinstance(one, EventSourceWorker)]
        deliveries = [one.report() for one in list(self._runs.values()) if isinstance(one, DeliveryStreamWorker)]
        return Report(
            put=put,
            refused=refused,
            streams=tuple(
                stream_report(one.physical_id, self.name_of(one), self._aws.region)
                for one in deployed
                if one.type == STREAM
            ),
            consumers=tuple(consumers),
            deliveries=tuple(deliveries),
            topics=tuple(
                TopicReport(self.name_of(one), messages)
                for one in deployed
                if one.type == TOPIC and (messages := published_messages(one.physical_id, self._aws.region))
            ),
            record_only=tuple(
                RecordOnly(self.name_of(one), one.type, one.record_only) for one in deployed if one.record_only
            ),
        )

    def name_of(self, one: Deployed) -> str:
        """What people call a resource.

        Args:
            one: The resource.
        """
        return self.names.get((one.stack, one.logical_id), one.logical_id)

    # --- inside

    def _look(self) -> None:
        self._looked = time.monotonic()
        deployed = self._embedded.cloudformation.deployed()
        for one in deployed:
            if one.type == FUNCTION and not unsupported_function(one) and self._is_new(one):
                self._functions.add(function_settings(one, self._code, self._aws.region), _CONCURRENCY)
        for one in deployed:
            if one.type in {MAPPING, DELIVERY} and self._is_new(one):
                try:
                    self._runs[one.physical_id] = self._factory.worker_of(
                        one, deployed, self._runs.get(one.physical_id)
                    )
                except (ClientError, ValueError) as error:
                    # Perhaps what it needs is still to come: it is looked at again.
                    del self._properties[one.physical_id]
                    self.problems[self.name_of(one)] = str(error)
                else:
                    self.problems.pop(self.name_of(one), None)
        current = {one.physical_id for one in deployed}
        for gone in self._properties.keys() - current:
            del self._properties[gone]
            run = self._runs.pop(gone, None)
            if isinstance(run, DeliveryStreamWorker):
                run.close(self._clock.now())

    def _actors(self) -> Sequence[Actor]:
        if time.monotonic() - self._looked > _LOOKS_EACH_SECONDS:
            self.refresh()
        actors: list[Actor] = [*self._runs.values()]
        return actors

    def _is_new(self, one: Deployed) -> bool:
        """Whether a resource was not there before, or was otherwise; it is known from now on."""
        known = self._properties.get(one.physical_id)
        self._properties[one.physical_id] = one.properties
        return known is None or known != one.properties

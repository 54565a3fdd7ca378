"""The worker of an `AWS::KinesisAnalyticsV2::Application`: its job runs in a Flink; this looks how it is, and tells."""

from __future__ import annotations

import time
from collections.abc import Sequence

from streaming_constructs.local.application_report import ApplicationReport
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.type_names import DELIVERY_STREAM, DYNAMODB_TABLE
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.managed_flink.application import Application
from streaming_constructs.local.managed_flink.application_run import ApplicationRun
from streaming_constructs.local.managed_flink.deployed_statements import Table
from streaming_constructs.local.managed_flink.embedded_flink import EmbeddedFlink
from streaming_constructs.local.managed_flink.source_records import sample_rows
from streaming_constructs.local.worker import Worker, WorkerContext

_LOOK_SECONDS = 0.2
_TYPES = {"firehose": DELIVERY_STREAM, "dynamodb": DYNAMODB_TABLE}
"""What the tables of a connector stand for."""
_STANDING = ("READY", "RUNNING", "ROLLED_BACK")


class ApplicationWorker:
    """An application, for as long as it is deployed.

    Attributes:
        name: What people call it.
    """

    def __init__(self, name: str, application: Application, flink: EmbeddedFlink, context: WorkerContext) -> None:
        """Has not looked yet.

        Args:
            name: What people call it.
            application: The application.
            flink: All applications.
            context: What workers are built with.
        """
        self.name = name
        self._application, self._flink, self._context = application, flink, context
        self._looked = 0.0
        self._closed = False

    @property
    def busy(self) -> bool:
        run = self._run
        is_changing = self._application.status not in _STANDING
        return not self._closed and (is_changing or (run is not None and run.is_busy))

    def take(self, records: Sequence[bytes], now: float) -> None:
        raise TypeError(f"{self.name} reads streams: nothing is put into it")

    def step(self, now: float) -> bool:
        at = time.monotonic()
        if not self._closed and self._run is not None and at - self._looked >= _LOOK_SECONDS:
            assert self._flink.runner is not None
            self._flink.runner.look(self._application.arn)
            self._looked = at
        return False  # what it sees, others do

    def due(self, now: float) -> float | None:
        return None  # Flink has the time of the wall

    def hand_over(self, now: float) -> StreamReader | None:
        self.close(now)
        return None

    def close(self, now: float) -> None:
        self._closed = True

    def report(self) -> ApplicationReport:
        """What it did so far."""
        run, status = self._run, self._application.status
        if run is None:
            return ApplicationReport(self.name, status)
        return run.report(self.name, status, self._name_of, sample_rows)

    @property
    def _run(self) -> ApplicationRun | None:
        return self._flink.runner.run_of(self._application.arn) if self._flink.runner is not None else None

    def _name_of(self, table: Table) -> str:
        if table.connector == "kinesis":
            return self._context.stream_name(table.resource)
        if (type_ := _TYPES.get(table.connector)) is not None:
            resources = (one for one in self._context.deployed if one.type == type_)
            return next(
                (self._context.name_of(one) for one in resources if one.physical_id == table.resource), table.resource
            )
        if table.is_kafka:
            msk = self._context.aws.msk
            topics = msk.topics() if msk is not None else []
            return next(
                (self._context.topic_name(one.arn) for one in topics if one.name == table.resource), table.resource
            )
        return table.resource or table.connector


def build_application_worker(resource: Deployed, context: WorkerContext, before: Worker | None) -> ApplicationWorker:
    """Builds the worker of an application; its job is the same before and after.

    Args:
        resource: The application.
        context: What the worker needs.
        before: The worker that the application had before it was changed.

    Raises:
        ValueError: If there is no such application.
    """
    flink = _flink(context.aws)
    if before is not None:
        before.hand_over(context.clock.now())
    application = next((one for one in flink.applications() if one.name == resource.physical_id), None)
    if application is None:
        raise ValueError(f"the application {resource.physical_id} is not deployed here")
    return ApplicationWorker(context.name_of(resource), application, flink, context)


def _flink(aws: Aws) -> EmbeddedFlink:
    if aws.flink is None:
        raise ValueError("there is no Managed Flink here")
    return aws.flink

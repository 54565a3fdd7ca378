"""Everything of the stacks that moves: consumers and deliveries, found by what is deployed, and run until the end."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Self

from botocore.exceptions import ClientError

from streaming_constructs.facts import firehose
from streaming_constructs.local.aws.api import ACCOUNT_ID
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.doors import doors
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.consumer_run import ConsumerRun
from streaming_constructs.local.delivery_run import DeliveryRun, settings_of
from streaming_constructs.local.event_source.mapping import EventSourceMapping
from streaming_constructs.local.firehose.lambda_transform import FUNCTION_ERROR, FUNCTION_TIMED_OUT, InvocationError
from streaming_constructs.local.firehose.s3_delivery import S3Delivery
from streaming_constructs.local.functions.deployed_functions import (
    FUNCTION,
    CodeFolders,
    function_settings,
    why_not_run,
)
from streaming_constructs.local.functions.function_process import TIMED_OUT, InvocationResult
from streaming_constructs.local.functions.pool import Functions
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.install import shards_of, stream_by_arn
from streaming_constructs.local.kinesis.shard_counts import hot_shards
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.report import RecordOnly, Report, ShardReport, StreamReport, TopicReport
from streaming_constructs.local.scheduler import Actor, Scheduler

STREAM = "AWS::Kinesis::Stream"
MAPPING = "AWS::Lambda::EventSourceMapping"
DELIVERY = "AWS::KinesisFirehose::DeliveryStream"
TOPIC = "AWS::SNS::Topic"
_LOOKS_EACH_SECONDS = 0.25
"""How often, by the wall's clock, it looks which stacks there are."""
_CONCURRENCY = max(2, os.cpu_count() or 1)
"""Invocations at the same time: more than there are cores would only take turns."""

Run = ConsumerRun | DeliveryRun


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
        self._runs: dict[str, Run] = {}
        self._properties: dict[str, Mapping[str, Any]] = {}
        self._looked = 0.0
        self._open = ExitStack()
        self.names: dict[tuple[str, str], str] = {}
        self.problems: dict[str, str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self._code = CodeFolders(self._aws)
            opening.callback(self._code.close)
            self._functions = opening.enter_context(Functions(self._aws.endpoint_url))
            self._executor = ThreadPoolExecutor(_CONCURRENCY, thread_name_prefix="invocation")
            opening.callback(self._executor.shutdown, wait=True, cancel_futures=True)
            self._scheduler = Scheduler(self._clock, self._actors)
            opening.enter_context(doors(self))
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

    def put_directly(self, delivery_stream: str, records: Sequence[bytes]) -> None:
        """Takes records of a delivery that reads no stream.

        Args:
            delivery_stream: Its name.
            records: The records.
        """
        self.refresh()
        run = self._runs[delivery_stream]
        assert isinstance(run, DeliveryRun)
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
        self._looked = time.monotonic()
        deployed = self._embedded.cloudformation.deployed()
        for one in deployed:
            if one.type == FUNCTION and not why_not_run(one) and self._is_new(one):
                self._functions.add(function_settings(one, self._code, self._aws.region), _CONCURRENCY)
        for one in deployed:
            if one.type in {MAPPING, DELIVERY} and self._is_new(one):
                try:
                    self._runs[one.physical_id] = self._run_of(one, deployed, self._runs.get(one.physical_id))
                except (ClientError, ValueError) as error:
                    self.problems[self.name_of(one)] = str(error)
        there = {one.physical_id for one in deployed}
        for gone in self._properties.keys() - there:
            del self._properties[gone]
            run = self._runs.pop(gone, None)
            if isinstance(run, DeliveryRun):
                run.close(self._clock.now())

    def report(self, put: int = 0) -> Report:
        """What came out where so far.

        Args:
            put: How many records were put.
        """
        deployed = self._embedded.cloudformation.deployed()
        consumers = [one.report() for one in self._runs.values() if isinstance(one, ConsumerRun)]
        deliveries = [one.report() for one in self._runs.values() if isinstance(one, DeliveryRun)]
        return Report(
            put=put,
            streams=tuple(self._stream_report(one) for one in deployed if one.type == STREAM),
            consumers=tuple(consumers),
            deliveries=tuple(deliveries),
            topics=tuple(self._topic_reports(deployed)),
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

    def _run_of(self, one: Deployed, deployed: Sequence[Deployed], before: Run | None) -> Run:
        return self._consumer(one, deployed, before) if one.type == MAPPING else self._delivery(one, deployed, before)

    def _consumer(self, one: Deployed, deployed: Sequence[Deployed], before: Run | None) -> ConsumerRun:
        function = next(
            each
            for each in deployed
            if each.type == FUNCTION and one.properties["FunctionName"] in {each.physical_id, each.attributes["Arn"]}
        )
        arn = function.attributes["Arn"]
        mapping = EventSourceMapping.from_properties({**one.properties, "UUID": one.physical_id, "FunctionArn": arn})
        source = mapping.event_source_arn
        stream_arn = source.partition("/consumer/")[0]
        if isinstance(before, ConsumerRun):
            reader = before.stream  # a mapping that is changed goes on where it was
        else:
            reader = StreamReader(
                lambda: shards_of(stream_arn, ACCOUNT_ID, self._aws.region),
                lambda shard: _starting_position(shard, one.properties),
                fan_out=source != stream_arn,
            )
        stream = stream_by_arn(stream_arn)
        assert stream is not None  # CloudFormation created the mapping after it
        return ConsumerRun(
            self.name_of(one),
            self._source_name(stream_arn, deployed),
            mapping,
            reader,
            aws=self._aws,
            invoke=lambda event: self.invoke(arn, event),
            executor=self._executor,
            wake=self.wake,
            now=self._clock.now,
            retention_seconds=stream.retention_period_hours * 3600,
            not_run=why_not_run(function),
        )

    def _delivery(self, one: Deployed, deployed: Sequence[Deployed], before: Run | None) -> DeliveryRun:
        stream_arn = one.properties.get("KinesisStreamSourceConfiguration", {}).get("KinesisStreamARN", "")
        reader = None
        if isinstance(before, DeliveryRun):
            reader = before.stream
        elif stream_arn:
            # A delivery begins with what is put after it was created.
            reader = StreamReader(
                lambda: shards_of(stream_arn, ACCOUNT_ID, self._aws.region),
                lambda shard: shard.log.last_sequence_number,
            )
        source = self._source_name(stream_arn, deployed) if stream_arn else "direct put"
        settings = settings_of(one.properties, self._aws)
        arns = [step.parameters["LambdaArn"] for step in settings.processors if step.type == "Lambda"]
        delivery = S3Delivery(
            one.physical_id,
            settings,
            invoke=self._transform(arns[0]) if arns else None,
            arn=one.attributes["Arn"],
            stream_arn=stream_arn,
        )
        if isinstance(before, DeliveryRun):
            before.close(self._clock.now())
        stream = stream_by_arn(stream_arn) if stream_arn else None
        hours = stream.retention_period_hours if stream else firehose.DIRECT_PUT_RETENTION_HOURS.value
        return DeliveryRun(self.name_of(one), source, settings, delivery, reader, self._aws, hours * 3600)

    def _transform(self, function_arn: str) -> Callable[[dict[str, Any]], Any]:
        """What invokes the function of a delivery."""

        def invoke(event: dict[str, Any]) -> Any:
            result = self.invoke(function_arn.removesuffix(":$LATEST"), json.dumps(event).encode())
            if result.error is None:
                return json.loads(result.payload)
            code = FUNCTION_TIMED_OUT if result.error.type == TIMED_OUT else FUNCTION_ERROR
            raise InvocationError(f"{result.error.type}: {result.error.message}", code)

        return invoke

    def _source_name(self, stream_arn: str, deployed: Sequence[Deployed]) -> str:
        name = stream_arn.rpartition("/")[2]
        return next((self.name_of(one) for one in deployed if (one.type, one.physical_id) == (STREAM, name)), name)

    def _stream_report(self, one: Deployed) -> StreamReport:
        shards = shards_of(one.physical_id, ACCOUNT_ID, self._aws.region)
        reports = tuple(
            ShardReport(
                each.shard_id,
                each.counts.records,
                each.counts.bytes,
                each.counts.throttled_records,
                each.counts.throttled_reads,
            )
            for each in shards
        )
        return StreamReport(
            name=self.name_of(one),
            records=sum(each.records for each in reports),
            bytes=sum(each.bytes for each in reports),
            throttled_records=sum(each.throttled_records for each in reports),
            shards=reports,
            skew=_skew(shards),
        )

    def _topic_reports(self, deployed: Sequence[Deployed]) -> Sequence[TopicReport]:
        from moto.sns.models import sns_backends

        backend = sns_backends[ACCOUNT_ID][self._aws.region]
        return [
            TopicReport(self.name_of(one), len(backend.topics[one.physical_id].sent_notifications))
            for one in deployed
            if one.type == TOPIC and backend.topics[one.physical_id].sent_notifications
        ]


def _starting_position(shard: EmbeddedShard, properties: Mapping[str, Any]) -> int:
    match properties.get("StartingPosition", "LATEST"):
        case "TRIM_HORIZON":
            return shard.log.starting_sequence_number
        case "AT_TIMESTAMP":
            moment = properties["StartingPositionTimestamp"]
            seconds = moment.timestamp() if isinstance(moment, datetime) else float(moment)
            return shard.log.after_timestamp(seconds)
        case _:
            return shard.log.last_sequence_number


def _skew(shards: Sequence[EmbeddedShard]) -> str:
    hot = hot_shards({one.shard_id: one.counts for one in shards if one.is_open})
    return hot[0].why if hot else ""

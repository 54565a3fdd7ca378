"""Makes of a deployed event source mapping, or of a delivery stream, what runs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from streaming_constructs.facts import firehose
from streaming_constructs.local.aws.api import ACCOUNT_ID, Aws
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.clock import Clock
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.event_source_worker import EventSourceWorker
from streaming_constructs.local.firehose.delivery_stream import DeliveryStream
from streaming_constructs.local.firehose.delivery_stream_worker import DeliveryStreamWorker, delivery_stream_settings
from streaming_constructs.local.firehose.lambda_transform import FUNCTION_ERROR, FUNCTION_TIMED_OUT, InvocationError
from streaming_constructs.local.kinesis.embedded_shard import EmbeddedShard
from streaming_constructs.local.kinesis.kinesis_hooks import shards_of, stream_by_arn
from streaming_constructs.local.kinesis.shard_reader import StreamReader
from streaming_constructs.local.lambda_function.deployed_functions import FUNCTION, unsupported_function
from streaming_constructs.local.lambda_function.function_process import TIMED_OUT, InvocationResult

STREAM = "AWS::Kinesis::Stream"
MAPPING = "AWS::Lambda::EventSourceMapping"
DELIVERY = "AWS::KinesisFirehose::DeliveryStream"

Worker = EventSourceWorker | DeliveryStreamWorker


@dataclass(frozen=True, slots=True)
class WorkerFactory:
    """Makes runs.

    Attributes:
        aws: The API that they put objects and messages by.
        clock: Their time.
        executor: Where invocations wait for their answer.
        invoke: Invokes a function, by its ARN.
        wake: Is called when there is news.
        name_of: Tells what people call a resource.
    """

    aws: Aws
    clock: Clock
    executor: Executor
    invoke: Callable[[str, bytes], InvocationResult]
    wake: Callable[[], None]
    name_of: Callable[[Deployed], str]

    def worker_of(self, one: Deployed, deployed: Sequence[Deployed], before: Worker | None) -> Worker:
        """What runs a mapping or a delivery.

        Args:
            one: The mapping, or the delivery.
            deployed: All that is deployed.
            before: What ran it before it was changed: the new one goes on where that is.

        Raises:
            ValueError: If it has settings that AWS would refuse.
            ClientError: If something that it needs is not there.
        """
        return self._consumer(one, deployed, before) if one.type == MAPPING else self._delivery(one, deployed, before)

    def _consumer(self, one: Deployed, deployed: Sequence[Deployed], before: Worker | None) -> EventSourceWorker:
        name = one.properties["FunctionName"]
        known = {key: each for each in deployed if each.type == FUNCTION for key in _names(each)}
        if name not in known:
            raise ValueError(f"the function {name} is not deployed here")
        function = known[name]
        arn = function.attributes["Arn"]
        mapping = EventSourceMapping.from_properties({**one.properties, "UUID": one.physical_id, "FunctionArn": arn})
        source = mapping.event_source_arn
        stream_arn = source.partition("/consumer/")[0]
        if isinstance(before, EventSourceWorker):
            reader = before.rewound_reader()
        else:
            reader = StreamReader(
                lambda: shards_of(stream_arn, ACCOUNT_ID, self.aws.region),
                lambda shard: starting_position(shard, one.properties),
                fan_out=source != stream_arn,
            )
        stream = stream_by_arn(stream_arn)
        if stream is None:
            raise ValueError(f"the stream {stream_arn} is not deployed here")
        return EventSourceWorker(
            self.name_of(one),
            self._source_name(stream_arn, deployed),
            mapping,
            reader,
            aws=self.aws,
            invoke=lambda event: self.invoke(arn, event),
            executor=self.executor,
            wake=self.wake,
            now=self.clock.now,
            retention_seconds=stream.retention_period_hours * 3600,
            not_run=unsupported_function(function),
        )

    def _delivery(self, one: Deployed, deployed: Sequence[Deployed], before: Worker | None) -> DeliveryStreamWorker:
        stream_arn = one.properties.get("KinesisStreamSourceConfiguration", {}).get("KinesisStreamARN", "")
        reader = None
        if isinstance(before, DeliveryStreamWorker):
            reader = before.stream
        elif stream_arn:
            # A delivery begins with what is put after it was created.
            reader = StreamReader(
                lambda: shards_of(stream_arn, ACCOUNT_ID, self.aws.region),
                lambda shard: shard.log.last_sequence_number,
            )
        source = self._source_name(stream_arn, deployed) if stream_arn else "direct put"
        settings = delivery_stream_settings(one.properties, self.aws)
        arns = [step.parameters["LambdaArn"] for step in settings.processors if step.type == "Lambda"]
        delivery = DeliveryStream(
            one.physical_id,
            settings,
            invoke=self._transform(arns[0]) if arns else None,
            arn=one.attributes["Arn"],
            stream_arn=stream_arn,
        )
        if isinstance(before, DeliveryStreamWorker):
            before.close(self.clock.now())
        stream = stream_by_arn(stream_arn) if stream_arn else None
        hours = stream.retention_period_hours if stream else firehose.DIRECT_PUT_RETENTION_HOURS.value
        return DeliveryStreamWorker(self.name_of(one), source, settings, delivery, reader, self.aws, hours * 3600)

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


def starting_position(shard: EmbeddedShard, properties: Mapping[str, Any]) -> int:
    """Where a mapping begins in a shard that is there when the mapping is created.

    Args:
        shard: The shard.
        properties: The properties of the mapping.

    Returns:
        The sequence number behind which it begins.
    """
    match properties.get("StartingPosition", "LATEST"):
        case "TRIM_HORIZON":
            return shard.log.starting_sequence_number
        case "AT_TIMESTAMP":
            moment = properties["StartingPositionTimestamp"]
            seconds = moment.timestamp() if isinstance(moment, datetime) else float(moment)
            return shard.log.after_timestamp(seconds)
        case _:
            return shard.log.last_sequence_number


def _names(function: Deployed) -> tuple[str, str]:
    """What a mapping may call a function."""
    return function.physical_id, function.attributes["Arn"]

"""A Lambda consumer with its numbers: how many executions of the function its source can keep busy at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from streaming_constructs.planning.node import Neighbours, Source, Summary
from streaming_constructs.planning.numbers import counted, duration
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.on_failure import OnFailure, destination_kind
from streaming_constructs.spec.schemas import RecordSchema

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.consumers.lambda_on_kafka import PollerPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.pipeline import PipelineSpec

_KEPT = {
    "s3": "kept in S3 with its records",
    "sqs": "its position kept in SQS, not its records",
    "sns": "its position sent to SNS, not its records",
    "kafka": "its records written to another topic of the cluster, each with its key",
}


@dataclass(frozen=True, slots=True)
class ConsumerPlan:
    """A consumer with its numbers.

    Attributes:
        name: The consumer's name.
        spec: What was asked for.
        source: What it reads, with its numbers; None when only the stream itself is known.
        concurrency: Batches in flight at once; None where the number of partitions is unknown.
        working: How the number came about.
        pollers: The provisioned pollers of a topic; None of a stream, and where Lambda adds them by itself.
        schema: The schema of the records that it reads, if they have one.
        max_lag_seconds: What the system calls late, if it says so.
        writers: The nodes of its system that write to its stream, each with its name.
        far_topics: The topics that it writes to in clusters that exist, of which nothing tells the VPC.
        today: The day on which it is judged; None where nothing is judged by it.
        directory: The folder that its `code` is relative to; None where it stands in no system.
    """

    name: str
    spec: LambdaConsumerSpec
    source: Source | None
    concurrency: int | None
    working: tuple[str, ...]
    pollers: PollerPlan | None = None
    schema: RecordSchema | None = None
    max_lag_seconds: int | None = None
    writers: tuple[tuple[str, NodeSpec], ...] = ()
    far_topics: tuple[str, ...] = ()
    today: date | None = None
    directory: Path | None = None

    @property
    def kind(self) -> str:
        """The kind of what it reads; a stream that is known by itself alone is one of Kinesis."""
        return self.source.kind if self.source is not None else "kinesis"

    @property
    def gives_up(self) -> bool:
        """Whether it gives a batch up some day that fails: not of Kafka without provisioned pollers; of a queue, that does."""
        return self.kind == "kinesis" or self.pollers is not None

    @property
    def decodes(self) -> bool:
        """Whether Lambda reads the records with a schema registry: those of a topic whose values are encoded with one."""
        return self.kind == "kafka" and getattr(self.source, "encoding", "plain") == "registry"

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.consumers.lambda_function_alarms import consumer_alarms

        yield from consumer_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.consumers.lambda_function_findings import consumer_findings

        for finding in consumer_findings(self):
            yield finding.below("consumers", self.name)

    def state(self) -> State | None:
        from streaming_constructs.planning.consumers.lambda_function_kept import consumer_state

        return consumer_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.consumers.lambda_function_costs import consumer_costs

        yield from consumer_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.consumers.lambda_function_graphs import consumer_graphs

        return consumer_graphs(self)

    def heading(self) -> str:
        if self.kind == "sqs":
            return f"reads {self.spec.from_}, a queue"
        if self.kind == "kafka":
            return f"reads {self.spec.from_}, {'provisioned' if self.pollers else 'pollers on demand'}"
        return f"reads {self.spec.from_}, {'enhanced fan out' if self.spec.enhanced_fan_out else 'shared'}"

    def summary(self) -> Summary:
        spec = self.spec
        return Summary(
            noun="consumer",
            title=f"{'existing ' if spec.function_arn else ''}Lambda function",
            lines=(
                reading(self),
                *self.working,
                _policy(self),
                *((f"writes to {', '.join(spec.to)}",) if spec.to else ()),
            ),
            values={
                "kind": spec.kind,
                "from": spec.from_,
                "to": list(spec.to),
                "enhanced_fan_out": spec.enhanced_fan_out,
                **(_kafka_values(self) if self.kind == "kafka" else {}),
                "concurrency": self.concurrency,
                "on_failure": spec.on_failure.model_dump(mode="json") if spec.on_failure is not None else None,
                "working": list(self.working),
            },
        )


def plan_node(name: str, spec: LambdaConsumerSpec, neighbours: Neighbours) -> ConsumerPlan:
    """Gives a consumer of a system its numbers.

    Args:
        name: The consumer's name.
        spec: What was asked for.
        neighbours: What it reads.
    """
    planned = plan_consumer(
        name, spec, neighbours.sources.get(spec.from_), neighbours.schema, neighbours.max_lag_seconds
    )
    far = tuple(_far_topics(spec, neighbours.system)) if neighbours.system is not None else ()
    directory = neighbours.system.directory if neighbours.system is not None else None
    return replace(planned, writers=neighbours.writers, far_topics=far, today=neighbours.today, directory=directory)


def _far_topics(spec: LambdaConsumerSpec, system: PipelineSpec) -> Iterator[str]:
    for target in spec.to:
        cluster = system.clusters.get(getattr(system.streams.get(target), "cluster", ""))
        if cluster is not None and cluster.arn is not None and cluster.vpc is None:
            yield target


def plan_consumer(
    name: str,
    spec: LambdaConsumerSpec,
    source: Source | None = None,
    schema: RecordSchema | None = None,
    max_lag_seconds: int | None = None,
) -> ConsumerPlan:
    """Gives a consumer its numbers.

    Args:
        name: The consumer's name.
        spec: What was asked for.
        source: What it reads, if its numbers are known.
        schema: The schema of the records that it reads, if they have one.
        max_lag_seconds: What the system calls late, if it says so.
    """
    if source is not None and source.kind == "kafka":
        from streaming_constructs.planning.consumers.lambda_on_kafka import plan_kafka_consumer

        return plan_kafka_consumer(name, spec, source, schema, max_lag_seconds)
    if source is not None and source.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import plan_queue_consumer

        return plan_queue_consumer(name, spec, source, schema, max_lag_seconds)
    factor = spec.parallelization_factor
    if source is None or source.partitions is None:
        working = f"{counted(factor, 'batch')} at once from each shard; the number of shards is unknown"
        return ConsumerPlan(name, spec, source, None, (working,), None, schema, max_lag_seconds)
    concurrency = source.partitions * factor
    shards = counted(source.partitions, "shard")
    working = f"{shards} × parallelization factor {factor} = {counted(concurrency, 'batch')} at once"
    return ConsumerPlan(name, spec, source, concurrency, (working,), None, schema, max_lag_seconds)


def reading(consumer: ConsumerPlan) -> str:
    """How a consumer reads its stream, in words.

    Args:
        consumer: The consumer.
    """
    if consumer.kind == "kafka":
        from streaming_constructs.planning.consumers.lambda_on_kafka import reading_of_topic

        return reading_of_topic(consumer)
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import reading_of_queue

        return reading_of_queue(consumer)
    if consumer.spec.enhanced_fan_out:
        return "reads by enhanced fan-out: 2 MiB/s of each shard for itself"
    others = consumer.source.shared_readers - 1 if consumer.source else 0
    company = f"which it shares with {counted(others, 'other reader')}" if others else "which it shares with nobody"
    return f"reads 2 MiB/s of each shard, {company}"


def _kafka_values(consumer: ConsumerPlan) -> dict[str, Any]:
    pollers = consumer.pollers
    return {
        "consumer_group": consumer.spec.consumer_group,
        "event_record_format": (consumer.spec.event_record_format or "json") if consumer.decodes else None,
        "pollers": {"minimum": pollers.minimum, "maximum": pollers.maximum} if pollers else "on_demand",
    }


def _policy(consumer: ConsumerPlan) -> str:
    if consumer.kind == "sqs":
        from streaming_constructs.planning.consumers.lambda_on_queue import policy_of_queue

        return policy_of_queue(consumer)
    return error_policy(consumer.spec.failure_policy) if consumer.gives_up else ENDLESS_POLICY


ENDLESS_POLICY = "a failed batch is tried until it succeeds or its records expire; its partitions wait meanwhile"
"""What becomes of a batch that the function fails on where nothing ends the retries, in words."""


def error_policy(on_failure: OnFailure) -> str:
    """What becomes of a batch that the function fails on, in words.

    Args:
        on_failure: What the spec says.
    """
    split = "is split to find the bad record, and " if on_failure.bisect else ""
    retries = f"{on_failure.retries:,} {'retry' if on_failure.retries == 1 else 'retries'}"
    given_up = f"given up after {retries} or {duration(on_failure.max_record_age_seconds)}"
    return f"a failed batch {split}is {given_up}, {_KEPT[destination_kind(on_failure)]}"

"""The pollers of a Lambda consumer of Kafka, and what is likely to go wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source_kafka, msk
from streaming_constructs.planning.numbers import counted, exact, number
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.consumers.lambda_on_kafka import provisioned_only
from streaming_constructs.spec.consumers.pollers import Pollers
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import no_effect

if TYPE_CHECKING:
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
    from streaming_constructs.planning.node import Source
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.schemas import RecordSchema

MB_PER_MIB = Fraction(1024 * 1024, 1_000_000)


@dataclass(frozen=True, slots=True)
class PollerPlan:
    """Provisioned pollers.

    Attributes:
        minimum: Pollers that are always there.
        maximum: Most pollers.
        working: How these numbers came about.
    """

    minimum: int
    maximum: int
    working: str


def plan_kafka_consumer(
    name: str,
    spec: LambdaConsumerSpec,
    source: Source,
    schema: RecordSchema | None = None,
    max_lag_seconds: int | None = None,
) -> ConsumerPlan:
    """Gives a consumer of a topic its numbers.

    Args:
        name: The consumer's name.
        spec: What was asked for.
        source: The topic.
        schema: The schema of the records that it reads, if they have one.
        max_lag_seconds: What the system calls late, if it says so.
    """
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan

    pollers = planned_pollers(spec, source)
    concurrency, batches = _batches_at_once(pollers, source.partitions)
    working = (pollers.working, batches) if pollers else (batches,)
    return ConsumerPlan(name, spec, source, concurrency, working, pollers, schema, max_lag_seconds)


def planned_pollers(spec: LambdaConsumerSpec, source: Source) -> PollerPlan | None:
    """The pollers of a consumer; None where Lambda adds them by itself.

    As many are always there as the busiest minute needs, and there may be one for each partition.

    Args:
        spec: What was asked for.
        source: The topic.
    """
    if isinstance(spec.pollers, Pollers):
        asked = spec.pollers
        return PollerPlan(
            asked.minimum, asked.maximum, f"{asked.minimum} to {counted(asked.maximum, 'poller')}, as given"
        )
    if not spec.is_provisioned:
        return None
    partitions = source.partitions
    most = partitions or int(event_source_kafka.POLLERS_MAXIMUM_DEFAULT.value)
    maximum = min(most, event_source_kafka.POLLERS_MAXIMUM.maximum)
    needed = needed_pollers(source)
    minimum = min(needed or 1, maximum, event_source_kafka.POLLERS_MINIMUM.maximum)
    each = event_source_kafka.POLLER_MB_PER_SECOND.value
    least = (
        f"{number(_peak_mb(source))} MB/s at the peak ÷ {each:g} MB/s a poller → {minimum}"
        if needed is not None
        else "workload unknown → 1"
    )
    end = (
        f"one for each of {counted(partitions, 'partition')}"
        if partitions
        else f"{maximum}, as their number is unknown"
    )
    return PollerPlan(minimum, maximum, f"pollers: {least} always, at most {end}")


def needed_pollers(source: Source) -> int | None:
    """How many pollers carry what is written in the busiest minute; None where that is not known.

    Args:
        source: The topic.
    """
    if source.workload is None:
        return None
    return max(1, math.ceil(_peak_mb(source) / exact(event_source_kafka.POLLER_MB_PER_SECOND.value)))


def _peak_mb(source: Source) -> Fraction:
    assert source.workload is not None
    return peak_load(source.workload).mib * MB_PER_MIB


def _batches_at_once(pollers: PollerPlan | None, partitions: int | None) -> tuple[int | None, str]:
    each = int(event_source_kafka.POLLER_INVOCATIONS.value)
    if pollers is None:
        if partitions is None:
            return None, "a batch at once from each partition; the number of partitions is unknown"
        return partitions, f"pollers on demand, a batch at once from each of {counted(partitions, 'partition')}"
    invocations = pollers.maximum * each
    by_pollers = f"{counted(pollers.maximum, 'poller')} × {each} invocations = {invocations:,}"
    if partitions is None:
        return None, f"{by_pollers}, and no more than there are partitions, whose number is unknown"
    batches = min(partitions, invocations)
    return batches, f"{by_pollers}, and {counted(partitions, 'partition')} → {counted(batches, 'batch')} at once"


def reading_of_topic(consumer: ConsumerPlan) -> str:
    """How a consumer reads its topic, in words.

    Args:
        consumer: The consumer.
    """
    group = consumer.spec.consumer_group
    member = f"as the group {group}" if group else "as a group of its own"
    if consumer.decodes:
        member += f", decoded with the schema registry to {consumer.spec.event_record_format or 'json'}"
    if consumer.pollers is None:
        return f"reads {member}, by pollers that Lambda adds within minutes"
    least, most = consumer.pollers.minimum, consumer.pollers.maximum
    pollers = counted(most, "poller")
    return f"reads {member}, by {pollers if least == most else f'{least} to {pollers}'}"


def kafka_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a consumer because it reads Kafka; paths are relative to it.

    Args:
        consumer: The consumer with its numbers.
    """
    yield from _poller_findings(consumer)
    yield from _secret_findings(consumer)
    yield from _registry_findings(consumer)
    if consumer.pollers is None and not consumer.decodes and not provisioned_only(consumer.spec):
        yield Finding(
            "LAM559",
            "one bad record holds its partition until it expires",
            ("pollers",),
            note="on demand, Lambda tries a failed batch again without end, and no record of it is given up",
            help="take out `pollers`: they are provisioned then, and `on_failure` says when a batch is given up",
            edits=(Edit(("pollers",)),),
        )
    if consumer.spec.starting_position == "latest":
        yield Finding(
            "LAM560",
            "records that come while the mapping is created are not read",
            ("starting_position",),
            note="polling begins some minutes after that, and `latest` is where the topic ends then; a group that exists goes "
            "on where it is",
            help="set `starting_position: trim_horizon`, or a moment before the deployment, where each record counts",
        )


def _registry_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What does not go with how the values of the topic are written."""
    spec = consumer.spec
    if not consumer.decodes:
        if spec.event_record_format is not None:
            yield no_effect(
                "event_record_format",
                note=f"the values of `{spec.from_}` are not encoded with a schema registry: they are handed over as they are",
            )
        return
    if consumer.pollers is None:
        yield Finding(
            "LAM565",
            "the schema registry needs provisioned pollers",
            ("pollers",),
            note=f"the values of `{spec.from_}` are encoded with it; Lambda refuses a mapping that decodes them on demand",
            help=f"take out `pollers`: they are provisioned, and sized for the topic; or say `encoding: plain` of "
            f"`{spec.from_}`, and decode in the function",
            edits=(Edit(("pollers",)),),
        )


def reach_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """Topics that a function writes to from outside of the network that their brokers are in; paths are relative to it.

    Args:
        consumer: The consumer with its numbers, whatever it reads.
    """
    if consumer.far_topics and consumer.spec.code is not None and consumer.spec.vpc is None:
        name = consumer.far_topics[0]
        yield Finding(
            "LAM563",
            f"nothing brings the function to the brokers of `{name}`",
            ("to",),
            note="brokers are reached from within their VPC alone, by members of a security group that the cluster lets in; "
            "only what Lambda reads for the function needs none of that",
            help="say beside the `arn` of the cluster where it is: `vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: "
            "[subnet-0123456789abcdef0, subnet-0123456789abcdef1]}`; or give the consumer a `vpc` of its own, with a group "
            "that the cluster lets in",
        )


def _secret_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    spec = consumer.spec
    if spec.secret_arn is None or spec.secret_kms_key_arn is not None:
        return
    if spec.secret_arn.partition(":secret:")[2].startswith(msk.SCRAM_NAMES_START):
        yield Finding(
            "LAM562",
            "nothing lets the consumer decrypt its secret",
            ("secret_arn",),
            note="secrets of SASL/SCRAM are under a customer managed key, and the function's role has no permission on it",
            help="add `secret_kms_key_arn: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`, the "
            "key of the secret",
        )


def _poller_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    source, asked = consumer.source, consumer.spec.pollers
    if source is None:
        return
    partitions, needed = source.partitions, needed_pollers(source)
    if consumer.pollers is not None and partitions is not None and needed is not None and partitions < needed:
        each = event_source_kafka.POLLER_MB_PER_SECOND.value
        yield Finding(
            "LAM566",
            "the topic has too few partitions for this consumer to keep up at the peak",
            ("from",),
            note=f"{counted(partitions, 'partition')} have a poller each, which take {number(partitions * exact(each))} MB/s; "
            f"{number(_peak_mb(source))} MB/s come at the peak, and the consumer falls behind for that time",
            help=f"give `{consumer.spec.from_}` `partitions: {needed}`, if it is not to; more later move keys",
        )
    if not isinstance(asked, Pollers):
        return
    if partitions is not None and asked.minimum > partitions:
        yield Finding(
            "LAM557",
            "more pollers than partitions",
            ("pollers", "minimum"),
            note=f"{asked.minimum} pollers, {counted(partitions, 'partition')}: the rest never have anything to read",
            help=f"set `minimum: {partitions}` or less",
            edits=(Edit(("pollers", "minimum"), partitions),),
        )
    can = min(asked.maximum, partitions or asked.maximum)
    if needed is not None and can < needed and can == asked.maximum:
        yield Finding(
            "LAM558",
            "fewer pollers than the workload needs",
            ("pollers", "maximum"),
            note=f"{counted(asked.maximum, 'poller')} for {number(_peak_mb(source))} MB/s at the peak; each takes "
            f"{event_source_kafka.POLLER_MB_PER_SECOND.value:g} MB/s or "
            f"{event_source_kafka.POLLER_INVOCATIONS.value:g} invocations at once",
            help=f"set `maximum: {needed}` or more, or take out `pollers`",
            edits=(Edit(("pollers", "maximum"), needed),),
        )

"""A Lambda consumer of an SQS queue: how many batches there are at once, and what is likely to go wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from streaming_constructs.facts import event_source_sqs, metrics, sqs
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.planning.numbers import counted, duration
from streaming_constructs.planning.queues.sqs import visibility_needed
from streaming_constructs.spec.consumers.lambda_on_queue import batch_size_of_queue
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kept import Kept, State

if TYPE_CHECKING:
    from streaming_constructs.facts.metrics import Metric
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.costs.kinesis import Flow
    from streaming_constructs.planning.node import Source
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.schemas import RecordSchema


def plan_queue_consumer(
    name: str,
    spec: LambdaConsumerSpec,
    source: Source,
    schema: RecordSchema | None = None,
    max_lag_seconds: int | None = None,
) -> ConsumerPlan:
    """Gives a consumer of a queue its numbers.

    Args:
        name: The consumer's name.
        spec: What was asked for.
        source: The queue.
        schema: The schema of the messages that it reads, if they have one.
        max_lag_seconds: What the system calls late, if it says so.
    """
    from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan

    first, most = int(event_source_sqs.BATCHES_AT_FIRST.value), int(event_source_sqs.BATCHES_AT_MOST.value)
    if spec.maximum_concurrency is not None:
        working = f"{counted(spec.maximum_concurrency, 'batch')} at once, as given"
    else:
        working = f"{first} batches at once, and up to {most:,} while messages wait; `maximum_concurrency` limits them"
    return ConsumerPlan(name, spec, source, spec.maximum_concurrency, (working,), None, schema, max_lag_seconds)


def reading_of_queue(consumer: ConsumerPlan) -> str:
    """How a consumer reads its queue, in words.

    Args:
        consumer: The consumer.
    """
    spec = consumer.spec
    window = f", gathered for up to {duration(spec.batch_window_seconds)}" if spec.batch_window_seconds else ""
    filtered = "; what its filters do not let through is deleted" if spec.filter or spec.filters else ""
    return f"takes up to {counted(batch_size_of_queue(spec), 'message')} at a time{window}{filtered}"


def policy_of_queue(consumer: ConsumerPlan) -> str:
    """What becomes of messages that the function fails on, in words.

    Args:
        consumer: The consumer.
    """
    what = (
        "messages that it names as failed"
        if consumer.spec.partial_batch_responses
        else "the messages of a failed batch"
    )
    hidden = getattr(consumer.source, "visibility_seconds", None)
    when = f"after {duration(hidden)}" if hidden is not None else "after the visibility timeout"
    return f"{what} are handed out again {when}, until {consumer.spec.from_} gives them up"


def queue_consumer_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    """What is likely to go wrong with a consumer because it reads a queue; paths are relative to it.

    Args:
        consumer: The consumer with its numbers.
    """
    yield from _visibility_findings(consumer)
    reserved, most = consumer.spec.reserved_concurrency, consumer.spec.maximum_concurrency
    limits = event_source_sqs.MAXIMUM_CONCURRENCY
    if reserved is not None and reserved >= limits.minimum and (most is None or most > reserved):
        taken = f"up to {most or int(event_source_sqs.BATCHES_AT_MOST.value):,} batches at once"
        least = min(reserved, limits.maximum)
        yield Finding(
            "LAM572",
            "more messages are taken out of the queue than the function may process",
            ("maximum_concurrency",) if most is not None else ("reserved_concurrency",),
            note=f"{taken}, and {reserved:,} executions are reserved: what is throttled waits for the visibility timeout, "
            "and is given up after some rounds without ever having been tried",
            help=f"set `maximum_concurrency: {least}`",
            edits=(Edit(("maximum_concurrency",), least),),
        )


def _visibility_findings(consumer: ConsumerPlan) -> Iterator[Finding]:
    spec, source = consumer.spec, consumer.source
    hidden: int | None = getattr(source, "visibility_seconds", None)
    if hidden is None or spec.code is None or source is None:
        return  # neither an existing queue nor an existing function tells its own
    needed = visibility_needed(spec, is_fifo=bool(getattr(source, "is_fifo", False)))
    if hidden < spec.timeout_seconds:
        yield Finding(
            "LAM575",
            "messages are handed out again while the function still processes them",
            ("timeout_seconds",),
            note=f"the function may take {spec.timeout_seconds:,} s, and `{spec.from_}` hides a message for {hidden:,} s: "
            "Lambda refuses the mapping",
            help=f"take `visibility_timeout_seconds` out of `{spec.from_}`, which makes it {needed:,}; or set "
            f"`timeout_seconds: {max(1, hidden // int(sqs.VISIBILITY_OF_FUNCTION.value))}` or less",
        )
    elif hidden < needed:
        yield Finding(
            "LAM570",
            "little time is left to hand a message to the function",
            ("timeout_seconds",),
            note=f"`{spec.from_}` hides a message for {hidden:,} s; AWS advises six times the timeout of the function, and its "
            f"batching window: {needed:,} s. Lambda tries again meanwhile where the function is throttled",
            help=f"take `visibility_timeout_seconds` out of `{spec.from_}`, which makes it {needed:,}",
        )


def queue_consumer_alarms(consumer: ConsumerPlan) -> Iterator[AlarmPlan]:
    """The alarms of a consumer because it reads a queue: that messages wait, and were given up, its queue tells.

    Args:
        consumer: The consumer with its numbers.
    """
    yield _function_alarm(
        consumer,
        "errors",
        metrics.FUNCTION_ERRORS,
        "fails again and again",
        f"read its log; a message is given up once {consumer.spec.from_} has handed it out often enough",
        "failed",
    )
    yield _function_alarm(
        consumer,
        "throttles",
        metrics.FUNCTION_THROTTLES,
        "is throttled",
        "set maximum_concurrency to what is reserved; or raise reserved_concurrency, or the account's limit on concurrent "
        "executions",
        "throttled",
    )


def _function_alarm(consumer: ConsumerPlan, kind: str, metric: Metric, does: str, action: str, what: str) -> AlarmPlan:
    return AlarmPlan(
        consumer.name,
        kind,
        metric,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"The function of {consumer.name} {does}, and its messages wait meanwhile",
        action=action,
        working=f"any {what} invocation, {SUSTAINED_MINUTES} min in a row",
    )


def queue_consumer_graphs() -> tuple[Graph, ...]:
    """What is read, and what failed; what waits, and what was given up, is drawn with the queue."""
    return (
        Graph(
            "Messages read, filtered out, handed over",
            (metrics.MAPPING_POLLED, metrics.MAPPING_FILTERED_OUT, metrics.MAPPING_INVOKED),
        ),
        Graph(
            "Errors and throttles", (metrics.FUNCTION_INVOCATIONS, metrics.FUNCTION_ERRORS, metrics.FUNCTION_THROTTLES)
        ),
    )


def queue_consumer_costs(consumer: ConsumerPlan, flow: Flow) -> Iterator[Charge]:
    """The charges of a consumer of a queue; its receives and deletes are told with the queue.

    Args:
        consumer: The consumer with its numbers.
        flow: What is sent to the queue.
    """
    from streaming_constructs.planning.costs import lambda_function
    from streaming_constructs.planning.costs.function_costs import function_costs

    spec, size = consumer.spec, batch_size_of_queue(consumer.spec)
    pollers = int(event_source_sqs.BATCHES_AT_FIRST.value)
    invocations = lambda_function.batches(flow, size, spec.batch_window_seconds, pollers)
    often = f"{spec.batch_window_seconds:,} s" if spec.batch_window_seconds else "a second"
    working = f"batches of up to {counted(size, 'message')}, or what comes in {often} to each of {pollers} pollers"
    filtered = ", as if its filters let everything through" if spec.filter or spec.filters else ""
    yield from function_costs(spec, invocations, f"{working}{filtered}")


def queue_consumer_state(consumer: ConsumerPlan) -> State:
    """What a consumer of a queue holds: nothing, as messages wait in the queue.

    Args:
        consumer: The consumer with its numbers.
    """
    return State(
        stays="messages wait in its queue, for whoever reads it next",
        goes="messages wait in its queue, for whoever reads it next",
        kept=(
            Kept(
                "the queue that it reads",
                consumer.spec.from_,
                ("from",),
                "EVO973",
                note="its event source mapping is replaced, and messages that wait in the queue of before are processed by "
                "nobody",
                help="put it back, and add a consumer of the other queue beside it until the first is empty",
            ),
        ),
    )

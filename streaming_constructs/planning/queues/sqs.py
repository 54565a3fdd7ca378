"""An SQS queue with its numbers: how long a message that is being processed is hidden from others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.facts import sqs
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import counted, duration, exact, number
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.queues.sqs import SqsQueueSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.workload import Workload

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """A queue with its numbers.

    Attributes:
        name: The queue's name.
        spec: What was asked for.
        readers: The functions that read it, by name.
        visibility_seconds: How long a message that was handed out is hidden; None where an existing queue does not tell.
        removal_policy: What happens to it when it leaves the stack.
        working: How these numbers came about, line by line.
        max_lag_seconds: What its readers, or the system, call late, if they say so.
    """

    name: str
    spec: SqsQueueSpec
    readers: Mapping[str, LambdaConsumerSpec]
    visibility_seconds: int | None
    removal_policy: RemovalPolicy
    working: tuple[str, ...]
    max_lag_seconds: int | None = None

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.queues.sqs_alarms import queue_alarms

        yield from queue_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.queues.sqs_findings import queue_findings

        for finding in queue_findings(self):
            yield finding.below("queues", self.name)

    def state(self) -> State | None:
        from streaming_constructs.planning.queues.sqs_kept import queue_state

        return queue_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.queues.sqs_costs import queue_costs

        yield from queue_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.queues.sqs_graphs import queue_graphs

        return queue_graphs(self)

    def heading(self) -> str:
        return f"{self._kind()}, {self._given_up()}"

    def summary(self) -> Summary:
        spec, hidden = self.spec, self.visibility_seconds
        dead = spec.dead_letter
        return Summary(
            noun="queue",
            title=f"SQS queue, {self._kind()}{' (existing)' if spec.arn else ''}",
            lines=(
                f"keeps messages for {duration(spec.retention_seconds)}",
                *((f"hides a message that is being processed for {duration(hidden)}",) if hidden is not None else ()),
                *(() if spec.arn else (self._given_up(),)),
            ),
            why=self.working,
            values={
                "kind": spec.kind,
                "fifo": spec.is_fifo,
                "visibility_timeout_seconds": hidden,
                "retention_days": spec.retention_days,
                "max_receives": dead.max_receives if spec.arn is None and dead.enabled else None,
                "readers": list(self.readers),
                "working": list(self.working),
            },
        )

    @property
    def kind(self) -> str:
        """That it is a queue of SQS."""
        return self.spec.kind

    @property
    def is_fifo(self) -> bool:
        """Whether it keeps the order of each group of messages."""
        return self.spec.is_fifo

    @property
    def partitions(self) -> int | None:
        """None: nothing of a queue is divided."""
        return None

    @property
    def splits_by_itself(self) -> bool:
        """That it has no parts that AWS would divide."""
        return False

    @property
    def retention_hours(self) -> int:
        """How long messages wait for a reader."""
        return self.spec.retention_days * 24

    @property
    def retention_is_known(self) -> bool:
        """Whether that is so: an existing queue may keep them for another time."""
        return self.spec.arn is None or "retention_days" in self.spec.model_fields_set

    @property
    def workload(self) -> Workload | None:
        """What flows through it, if that is known."""
        return self.spec.workload

    @property
    def largest_record_kb(self) -> int | None:
        """None: a message of any size that it takes reaches a function."""
        return None

    @property
    def write_mib_per_second(self) -> float | None:
        """None: it takes as many requests as are made, within the quotas of FIFO queues."""
        return None

    @property
    def shared_readers(self) -> int:
        """How many readers share its messages."""
        return len(self.readers)

    @property
    def has_own_key(self) -> bool:
        """Whether the spec puts a customer managed key on it."""
        return isinstance(self.spec.encryption, CustomerManagedKey)

    def _kind(self) -> str:
        if not self.spec.is_fifo:
            return "standard"
        return "FIFO, high throughput" if self.spec.is_high_throughput else "FIFO"

    def _given_up(self) -> str:
        dead = self.spec.dead_letter
        if self.spec.arn is not None:
            return "gives messages up as it is set to"
        if not dead.enabled:
            return "a message that fails is tried until it expires, and is kept nowhere"
        where = "to a queue that exists" if dead.arn else f"to its dead-letter queue for {dead.retention_days} days"
        return f"a message that fails goes {where} after {counted(dead.max_receives, 'try')}"


def plan_node(name: str, spec: SqsQueueSpec, neighbours: Neighbours) -> QueuePlan:
    """Gives a queue of a system its numbers.

    Args:
        name: The queue's name.
        spec: What was asked for.
        neighbours: Who reads it.
    """
    system = neighbours.system
    consumers = system.consumers if system is not None else {}
    readers = {reader.name: consumers[reader.name] for reader in neighbours.readers if reader.name in consumers}
    policy = system.removal_policy if system is not None else "retain"
    return plan_queue(name, spec, policy, readers, neighbours.max_lag_seconds)


def plan_queue(
    name: str,
    spec: SqsQueueSpec,
    removal_policy: RemovalPolicy = "retain",
    readers: Mapping[str, LambdaConsumerSpec] | None = None,
    max_lag_seconds: int | None = None,
) -> QueuePlan:
    """Gives a queue its numbers.

    Args:
        name: The queue's name.
        spec: What was asked for.
        removal_policy: What the system says of removal.
        readers: The functions that read it, by name. Left out: none.
        max_lag_seconds: What the system calls late, if it says so.
    """
    reading = readers or {}
    seconds, working = _visibility(spec, reading)
    asked = [reader.max_lag_seconds for reader in reading.values() if reader.max_lag_seconds is not None]
    return QueuePlan(
        name,
        spec,
        reading,
        seconds,
        spec.removal_policy or removal_policy,
        (*_load(spec.workload), *working),
        min(asked, default=max_lag_seconds),
    )


def visibility_needed(reader: LambdaConsumerSpec, *, is_fifo: bool) -> int:
    """The visibility timeout that AWS advises for a function that reads a queue, in seconds.

    Args:
        reader: The function; what it says of its timeout is its own.
        is_fifo: Whether the queue is a FIFO queue, of which no batch is gathered over time.
    """
    window = 0 if is_fifo else reader.batch_window_seconds
    return int(sqs.VISIBILITY_OF_FUNCTION.value) * reader.timeout_seconds + window


def _visibility(spec: SqsQueueSpec, readers: Mapping[str, LambdaConsumerSpec]) -> tuple[int | None, tuple[str, ...]]:
    given = spec.visibility_timeout_seconds
    if given is not None:
        return given, (f"visibility timeout {given:,} s, as given",)
    if spec.arn is not None:
        return None, (
            "visibility timeout unknown: give `visibility_timeout_seconds` to have it compared with its readers",
        )
    lines, seconds = [], int(sqs.VISIBILITY_SECONDS_BY_DEFAULT.value)
    times = int(sqs.VISIBILITY_OF_FUNCTION.value)
    for name, reader in readers.items():
        if reader.code is None:
            lines.append(f"the timeout of the existing function of {name} is not known")
            continue
        needed = visibility_needed(reader, is_fifo=spec.is_fifo)
        window = needed - times * reader.timeout_seconds
        gathered = f" + {window} s of its batching window" if window else ""
        lines.append(f"{times} × the timeout of {name}, {reader.timeout_seconds} s{gathered} = {needed:,} s")
        seconds = max(seconds, needed)
    if not lines:
        return seconds, (f"visibility timeout {seconds} s, the default of SQS, as no function of the system reads it",)
    return seconds, (*lines, f"visibility timeout {seconds:,} s")


def _load(workload: Workload | None) -> tuple[str, ...]:
    if workload is None:
        return ()
    peak = number(exact(workload.records_per_second) * exact(workload.peak_factor))
    return (f"{peak} messages/s of {number(exact(workload.kb))} KiB at the peak",)

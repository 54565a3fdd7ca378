"""What a consumer did with its records, and which it gave up, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.local.kinesis.shard_lag import ShardLag
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure


@dataclass(frozen=True, slots=True)
class PoisonRecord:
    """A record that was given up.

    Attributes:
        shard_id: Its shard.
        sequence_number: Its sequence number, as AWS writes it: of its shard alone.
        partition_key: Its partition key.
        data: Its data as text, shortened.
        condition: Why it was given up, as the message at the destination says it.
        destination: Where that message is.
    """

    shard_id: str
    sequence_number: str
    partition_key: str
    data: str
    condition: str
    destination: str


@dataclass(frozen=True, slots=True)
class ConsumerReport:
    """What a consumer did.

    Attributes:
        name: The consumer.
        source: The stream that it reads.
        records: Records that it read.
        handled: Records that its function took.
        filtered: Records that its filters let pass.
        batches: Batches that were read.
        invocations: Invocations of the function.
        failed_invocations: Invocations that failed, or returned failures.
        retries: Invocations that tried a batch, or a part of it, again.
        bisections: Times that a batch was divided.
        isolated: Records that were given up and are known at the destination.
        expired: Records that were given up, and of which nobody was told: there is no destination.
        undelivered: Records that were given up, and that the destination did not take.
        waiting: Records that were read, and are neither handled nor given up.
        failures: How the function failed.
        lost_windows: Tumbling windows whose last state the function did not take.
        destination: The ARN of where given-up records go.
        destination_error: Why the destination did not take what was given up, the last time that it did not.
        poison: The first of the records that were given up, by shard and sequence number.
        not_run: Why the function was not run, if it was not.
        log: The end of what the function wrote.
        lag: How far it is behind in each shard of a stream; of a topic, that is told with the topic.
    """

    name: str
    source: str
    records: int = 0
    handled: int = 0
    filtered: int = 0
    batches: int = 0
    invocations: int = 0
    failed_invocations: int = 0
    retries: int = 0
    bisections: int = 0
    isolated: int = 0
    expired: int = 0
    undelivered: int = 0
    waiting: int = 0
    failures: tuple[FunctionFailure, ...] = ()
    lost_windows: int = 0
    destination: str = ""
    destination_error: str = ""
    poison: tuple[PoisonRecord, ...] = ()
    not_run: str = ""
    log: str = ""
    lag: tuple[ShardLag, ...] = ()

    @property
    def never_handled(self) -> str:
        """Why it handled nothing, where that is no matter of the records: `never ran: No module named 'jsn'`; else empty."""
        origins = {failure.origin for failure in self.failures}
        if self.handled or not origins or "handler" in origins:
            return ""
        last = self.failures[-1]
        if last.origin == "response":
            return last.reason
        # An exception's own message may say little, as that of a KeyError; the names of Lambda's failures have a dot.
        why = last.reason if "." in last.type else f"{last.type}: {last.reason}"
        return f"never {'ran' if origins == {'load'} else 'answered'}: {why}"

"""Amazon SQS queues: tasks that one reader processes, each by itself, and the dead-letter queue of those that fail."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import sqs
from streaming_constructs.spec.arns import QueueArn
from streaming_constructs.spec.encryption import CustomerManagedKey, QueueEncryption, SqsManagedKey
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import (
    Bool,
    Int,
    NodeName,
    Short,
    SpecModel,
    no_effect,
    not_on_existing,
    within,
)
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.workload import Workload

FIFO_FIELDS = ("content_based_deduplication", "deduplication_scope", "fifo_throughput_limit")
"""Fields of a FIFO queue alone."""
CREATED_QUEUE_FIELDS = (*FIFO_FIELDS, "fifo", "max_message_kb", "delay_seconds", "dead_letter", "removal_policy")
"""Fields that only a queue that is created can have; an existing one is adopted as it is."""


def is_fifo_arn(arn: str) -> bool:
    """Whether the ARN of a queue is of one that keeps the order: its name says so.

    Args:
        arn: The ARN.
    """
    return arn.endswith(".fifo")


class DeadLetter(SpecModel):
    """The queue of messages that could not be processed, and when one goes there."""

    example: ClassVar = {"max_receives": 5}

    enabled: Bool = Field(
        default=True,
        description="Whether there is one; `dead_letter: false` says that there is none: what fails is tried until it expires. "
        "Left out: true.",
    )
    max_receives: Annotated[Int, within(sqs.RECEIVES)] = Field(
        default=int(sqs.RECEIVES_OF_FUNCTION.value),
        description="How often a message is handed to a reader before it goes there, 1 to 1000. Left out: 5.",
    )
    retention_days: Annotated[Int, within(sqs.RETENTION_DAYS)] = Field(
        default=sqs.RETENTION_DAYS.maximum,
        description="How long it keeps messages, in days, 1 to 14; in a standard queue since they were first sent. Left "
        "out: 14.",
    )
    arn: QueueArn | None = Field(
        default=None,
        description="ARN of an existing queue that is used for it, a FIFO queue for one. Left out: a queue is created, "
        "which is encrypted as its source.",
    )

    def findings(self) -> Iterator[Finding]:
        if not self.enabled:
            for field in ("max_receives", "retention_days", "arn"):
                if field in self.model_fields_set:
                    yield no_effect(
                        field, note="there is no dead-letter queue", help_="take it out, or take out `enabled`"
                    )
        elif self.arn is not None and "retention_days" in self.model_fields_set:
            yield not_on_existing(
                "retention_days", "queue", "arn", "take it out, and set the retention of the queue itself"
            )


def _switched(value: Any) -> Any:
    return {"enabled": value} if isinstance(value, bool) else value


class SqsQueueSpec(NodeSpec):
    """An Amazon SQS queue, created or, with `arn`, an existing one: each message goes to one reader, and is gone when that is
    done with it.
    """

    references: ClassVar = (Reference(("schema",), "schema", ("schemas",), "schema"),)
    example: ClassVar = {"kind": "sqs", "dead_letter": DeadLetter.example}

    kind: Literal["sqs"] = Field(default="sqs", description="An Amazon SQS queue.")
    arn: QueueArn | None = Field(
        default=None,
        description="ARN of an existing queue; `visibility_timeout_seconds` and `retention_days` then describe it. Left out: "
        "the queue is created.",
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of its messages, in `schemas`. Left out: messages are opaque, and filters go "
        "unchecked.",
    )
    fifo: Bool = Field(
        default=False,
        description="Whether it keeps the order of each group of messages, and takes each message once. Another choice makes "
        "another queue. Left out: false, a standard queue: any order, and sometimes a message twice.",
    )
    content_based_deduplication: Bool = Field(
        default=False,
        description="Of a FIFO queue: whether two messages with one body within five minutes are one. Left out: false, senders "
        "give each message an id for that.",
    )
    deduplication_scope: Literal["queue", "message_group"] = Field(
        default="queue",
        description="Of a FIFO queue: where a message is looked for that was sent already, in the queue or in its "
        "message_group. Left out: queue.",
    )
    fifo_throughput_limit: Literal["per_queue", "per_message_group_id"] = Field(
        default="per_queue",
        description="Of a FIFO queue: per_queue (300 requests a second of each kind, ten messages in one at most) or "
        "per_message_group_id (high throughput: that for each group; needs `deduplication_scope: message_group`). Left out: "
        "per_queue.",
    )
    visibility_timeout_seconds: Annotated[Int, within(sqs.VISIBILITY_SECONDS)] | None = Field(
        default=None,
        description="How long a message that was handed to a reader is hidden from others, in seconds, 0 to 43200; then it is "
        "handed out again. Left out: six times the longest timeout of the functions that read it, and their batching "
        "window, as AWS advises; 30 where none does.",
    )
    retention_days: Annotated[Int, within(sqs.RETENTION_DAYS)] = Field(
        default=4,
        description="How long a message waits for a reader, in days, 1 to 14; then it is deleted. Left out: 4.",
    )
    max_message_kb: Annotated[Int, within(sqs.MESSAGE_KIB)] = Field(
        default=sqs.MESSAGE_KIB.maximum,
        description="Greatest size of a message with its attributes, in KB, 1 to 1024. Left out: 1024.",
    )
    delay_seconds: Annotated[Int, within(sqs.DELAY_SECONDS)] = Field(
        default=0, description="How long a new message is hidden from readers, in seconds, 0 to 900. Left out: 0."
    )
    dead_letter: Annotated[DeadLetter, Short(_switched, bool)] = Field(
        default_factory=DeadLetter,
        description="Where a message goes that fails again and again, as {max_receives: 5}; false for nowhere. Left out: to a "
        "queue of its own, after 5 tries, and an alarm tells.",
    )
    workload: Workload | None = Field(
        default=None,
        description="What is sent to it: messages a second, and their size. Left out: costs and limits are told as far as they "
        "do not follow from it.",
    )
    encryption: QueueEncryption = Field(
        default_factory=SqsManagedKey,
        description="Encryption at rest: sqs_managed (keys of SQS, at no charge), customer_managed, or {kms_key_arn: …} for a "
        "key that exists. Left out: sqs_managed.",
    )
    removal_policy: RemovalPolicy | None = Field(
        default=None,
        description="What happens to the queue, and to its dead-letter queue, when it leaves the stack: retain or destroy. "
        "Left out: as the system says.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.arn is not None:
            yield from self._findings_of_existing()
            return
        yield from self._fifo_findings()
        yield from self._dead_letter_findings()
        if self.workload is not None and self.workload.kb > self.max_message_kb:
            needed = math.ceil(self.workload.kb)
            fits = needed <= sqs.MESSAGE_KIB.maximum
            yield Finding(
                "SQS761",
                "a message is larger than the queue takes",
                ("workload", "record_kb" if self.workload.record_kb is not None else "record_bytes"),
                note=f"messages are {self.workload.kb:.10g} KB on average; the queue takes {self.max_message_kb} KB",
                help=f"set `max_message_kb: {needed}` or more"
                if fits
                else "keep what is large in S3, and its address in the message",
                edits=(Edit(("max_message_kb",), needed),) if fits else (),
            )

    def physical_id(self) -> str:
        return self.arn or ""

    def stack_share(self) -> StackShare:
        own = 0 if self.arn else 2  # with the policy that takes TLS alone
        return StackShare(resources=own + (2 if self.makes_dead_letters else 0), outputs=2)

    @property
    def is_fifo(self) -> bool:
        """Whether it keeps the order: of an existing queue the name says so."""
        return self.fifo if self.arn is None else is_fifo_arn(self.arn)

    @property
    def is_high_throughput(self) -> bool:
        """Whether the limits of a FIFO queue are those of each group of messages."""
        return self.fifo_throughput_limit == "per_message_group_id"

    @property
    def retention_seconds(self) -> int:
        """How long a message waits for a reader, in seconds."""
        return self.retention_days * 86_400

    @property
    def makes_dead_letters(self) -> bool:
        """Whether a dead-letter queue is created with it."""
        return self.arn is None and self.dead_letter.enabled and self.dead_letter.arn is None

    def _fifo_findings(self) -> Iterator[Finding]:
        if not self.fifo:
            for field in FIFO_FIELDS:
                if field in self.model_fields_set:
                    yield no_effect(
                        field, note="a standard queue keeps no order", help_="take it out, or set `fifo: true`"
                    )
        elif self.is_high_throughput and self.deduplication_scope == "queue":
            yield Finding(
                "SQS757",
                "high throughput needs messages to be told apart in their group",
                ("fifo_throughput_limit",),
                note="SQS refuses a limit for each group of messages while duplicates are looked for in the whole queue",
                help="add `deduplication_scope: message_group`, or take it out",
                edits=(Edit(("deduplication_scope",), "message_group"),),
            )

    def _dead_letter_findings(self) -> Iterator[Finding]:
        dead = self.dead_letter
        if dead.arn is not None and is_fifo_arn(dead.arn) != self.fifo:
            kinds = ("a FIFO queue", "a standard one")
            own, other = kinds if self.fifo else kinds[::-1]
            yield Finding(
                "SQS758",
                "the dead-letter queue is of another kind",
                ("dead_letter", "arn"),
                note=f"this is {own}, and that is {other}: SQS refuses the pair",
                help="name one of the same kind, or take `arn` out to have one created",
                edits=(Edit(("dead_letter", "arn")),),
            )

    def _findings_of_existing(self) -> Iterator[Finding]:
        for field in CREATED_QUEUE_FIELDS:
            if field in self.model_fields_set and getattr(self, field) is not None:
                yield Finding(
                    "LNG403",
                    f"`{field}` cannot be set on an existing queue",
                    (field,),
                    note="`arn` names a queue that is adopted as it is; only `schema`, `workload`, "
                    "`visibility_timeout_seconds`, `retention_days` and a key's `kms_key_arn` are read, to describe it",
                    help="take it out, or take out `arn` to create the queue",
                    edits=(Edit((field,)),),
                )
        if isinstance(self.encryption, CustomerManagedKey) and self.encryption.kms_key_arn is None:
            yield Finding(
                "LNG403",
                "an existing queue already has its key",
                ("encryption",),
                note="no key is created for a queue that is adopted",
                help="give the `kms_key_arn` that it is encrypted with, so that readers may decrypt",
                edits=(Edit(("encryption",)),),
            )

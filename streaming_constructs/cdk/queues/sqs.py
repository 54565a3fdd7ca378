"""An SQS queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.iam_policy import granted
from streaming_constructs.cdk.kms_key import key_of, key_permissions
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import permissions
from streaming_constructs.facts.metrics import DEAD_LETTER_QUEUE, QUEUE, Metric
from streaming_constructs.planning.queues.sqs import QueuePlan, plan_queue
from streaming_constructs.planning.queues.sqs_findings import queue_findings
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.queues.sqs import CREATED_QUEUE_FIELDS, SqsQueueSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.target_variables import ENDINGS


class SqsQueue(Construct):
    """An SQS queue with its dead-letter queue, created from its spec or adopted.

    Creates an `AWS::SQS::Queue` that is encrypted and takes TLS alone, another one for its dead letters unless the spec names
    one or wants none, the `AWS::SQS::QueuePolicy` of each, and an `AWS::KMS::Key` where the spec asks for a customer managed
    key and names none. Queues and key are **stateful**: retained unless told otherwise; a queue that becomes a FIFO queue is
    another one. An adopted queue (`queue=`, or `arn` in the spec) is never changed; the spec then says what is known about it.

    Example:
        ```python
        tasks = SqsQueue(stack, "Tasks", spec=SqsQueueSpec(visibility_timeout_seconds=360))
        tasks.grant_send(function)
        ```

    Attributes:
        queue: The queue, created or adopted.
        dead_letter_queue: The queue of messages that could not be processed; None where there is none, or an adopted queue does
            not tell.
        encryption_key: The customer managed key that it is encrypted with, if there is one.
        plan: Its numbers, and the working behind them.
        dimensions: The dimensions that its metrics are published under, and those of its dead letters.
    """

    queue: sqs.IQueue
    dead_letter_queue: sqs.IQueue | None
    encryption_key: kms.IKey | None
    plan: QueuePlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: SqsQueueSpec,
        queue: sqs.IQueue | None = None,
        encryption_key: kms.IKey | None = None,
        plan: QueuePlan | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates or adopts the queue.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for. Where it says no visibility timeout, that is 30 s: a queue that stands alone knows no
                reader.
            queue: An existing queue to adopt. Left out: it is created, or looked up by the spec's `arn`.
            encryption_key: The key to encrypt a created queue with, or that of an adopted one. Left out: as the spec says; of a
                queue that is brought, the key that it tells itself.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec.
            removal_policy: retain keeps the queue when it leaves the stack, destroy destroys it.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_queue(construct_id, spec, removal_policy)
        _check(self.plan, queue, key_given=encryption_key is not None)
        self.dead_letter_queue = None
        if queue is not None:
            self.encryption_key = encryption_key or queue.encryption_master_key
            self.queue = queue
            self.dead_letter_queue = _told_dead_letters(queue) if spec.dead_letter.enabled else None
        else:
            self.encryption_key = encryption_key or key_of(
                self,
                "Key",
                spec.encryption,
                encrypts=f"the queue {construct_id}",
                removal_policy=cdk_removal_policy(self.plan.removal_policy),
            )
            if spec.arn is not None:
                key_arn = self.encryption_key.key_arn if self.encryption_key is not None else None
                self.queue = sqs.Queue.from_queue_attributes(self, "Queue", queue_arn=spec.arn, key_arn=key_arn)
            else:
                self.dead_letter_queue = self._dead_letters(spec)
                self.queue = self._create(spec, self.dead_letter_queue)
        self.dimensions = {
            QUEUE: self.queue.queue_name,
            **({DEAD_LETTER_QUEUE: self.dead_letter_queue.queue_name} if self.dead_letter_queue is not None else {}),
        }

    def _dead_letters(self, spec: SqsQueueSpec) -> sqs.IQueue | None:
        dead = spec.dead_letter
        if not dead.enabled:
            return None
        if dead.arn is not None:
            return sqs.Queue.from_queue_arn(self, "DeadLetterQueue", dead.arn)
        queue = sqs.Queue(
            self,
            "DeadLetterQueue",
            fifo=spec.fifo or None,
            encryption=self._encryption(),
            encryption_master_key=self.encryption_key,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(dead.retention_days),
            max_message_size_bytes=_bytes(spec),
            removal_policy=cdk_removal_policy(self.plan.removal_policy),
        )
        acknowledge(
            queue,
            "This queue is itself the dead-letter queue of another one",
            "AwsSolutions-SQS3",
            "Serverless-SQSRedrivePolicy",
        )
        return queue

    def _create(self, spec: SqsQueueSpec, dead_letters: sqs.IQueue | None) -> sqs.Queue:
        hidden = self.plan.visibility_seconds
        assert hidden is not None  # of an existing queue alone it may be unknown
        queue = sqs.Queue(
            self,
            "Queue",
            fifo=spec.fifo or None,
            content_based_deduplication=spec.content_based_deduplication if spec.fifo else None,
            deduplication_scope=_SCOPES[spec.deduplication_scope],
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID if spec.is_high_throughput else None,
            encryption=self._encryption(),
            encryption_master_key=self.encryption_key,
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(hidden),
            retention_period=cdk.Duration.days(spec.retention_days),
            max_message_size_bytes=_bytes(spec),
            delivery_delay=cdk.Duration.seconds(spec.delay_seconds) if spec.delay_seconds else None,
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=spec.dead_letter.max_receives)
            if dead_letters is not None
            else None,
            removal_policy=cdk_removal_policy(self.plan.removal_policy),
        )
        if dead_letters is None:
            acknowledge(
                queue,
                "The spec says that what cannot be processed is tried until it expires, and need not be kept",
                "AwsSolutions-SQS3",
                "Serverless-SQSRedrivePolicy",
            )
        return queue

    def _encryption(self) -> sqs.QueueEncryption:
        return sqs.QueueEncryption.KMS if self.encryption_key is not None else sqs.QueueEncryption.SQS_MANAGED

    @property
    def endpoint(self) -> Endpoint:
        """How it is read and written to: a client names it by its URL."""
        return Endpoint("sqs", self.queue.queue_arn, self.encryption_key, ENDINGS["queues"], self.queue.queue_url)

    def outputs(self) -> Iterator[Output]:
        """The URL of the queue, and that of its dead letters."""
        yield Output("QueueUrl", self.queue.queue_url, f"The SQS queue {self.node.id}")
        if self.dead_letter_queue is not None:
            yield Output(
                "DeadLetterQueueUrl", self.dead_letter_queue.queue_url, f"The SQS queue of what {self.node.id} gave up"
            )

    def grant_send(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something send messages, and use the queue's key for that.

        Args:
            grantee: Who may.
        """
        return self._grant(grantee, permissions.SEND_TO_SQS, permissions.ENCRYPT_WITH_KEY)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something receive and delete messages, and use the queue's key for that.

        Args:
            grantee: Who may.
        """
        return self._grant(grantee, permissions.LAMBDA_READS_SQS, permissions.DECRYPT_WITH_KEY)

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...], with_key: tuple[str, ...]) -> iam.Grant:
        on_key = key_permissions(self.encryption_key, with_key)
        return granted(grantee, {self.queue.queue_arn: actions, **on_key})

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the queue's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


_SCOPES = {
    "queue": None,  # as it is where nothing says so
    "message_group": sqs.DeduplicationScope.MESSAGE_GROUP,
}


def _bytes(spec: SqsQueueSpec) -> int | None:
    """The greatest message, where less than SQS takes was asked for."""
    return spec.max_message_kb * 1024 if "max_message_kb" in spec.model_fields_set else None


def build_node(scope: Construct, plan: QueuePlan, context: Context) -> SqsQueue:
    """The queue of a system.

    Args:
        scope: The construct of the system.
        plan: The queue with its numbers.
        context: The system around it.
    """
    return SqsQueue(
        scope,
        plan.name,
        spec=plan.spec,
        plan=plan,
        queue=context.brought.queues.get(plan.name),
        encryption_key=context.brought.keys.get(plan.name),
        removal_policy=context.spec.removal_policy,
    )


def _told_dead_letters(queue: sqs.IQueue) -> sqs.IQueue | None:
    """The dead-letter queue of a queue of the app; None where it has none, or does not tell."""
    told: sqs.DeadLetterQueue | None = getattr(queue, "dead_letter_queue", None)
    return None if told is None else told.queue


def _check(plan: QueuePlan, queue: sqs.IQueue | None, *, key_given: bool) -> None:
    spec, findings = plan.spec, list[Finding]()
    if queue is not None:
        created_only = ("arn", "encryption", *(field for field in CREATED_QUEUE_FIELDS if field != "dead_letter"))
        findings += [brought_finding(field, "queue") for field in created_only if field in spec.model_fields_set]
        if spec.dead_letter.enabled and _told_dead_letters(queue) is None:
            findings.append(
                Finding(
                    "LNG403",
                    "the queue that is brought does not tell its dead-letter queue",
                    ("dead_letter",),
                    note="an alarm watches that, and `queue=` was given",
                    help="write `dead_letter: false`, and watch it where the queue is created; or bring a queue with one",
                )
            )
    elif key_given and "encryption" in spec.model_fields_set:
        findings.append(brought_finding("encryption", "encryption_key"))
    findings += [finding for finding in queue_findings(plan) if finding.level == "error"]
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])

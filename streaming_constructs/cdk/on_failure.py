"""Where batches go that a consumer gave up: a queue, a topic or a bucket, with what it takes to write there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.adopt import is_bucket, is_kafka_topic, is_queue, is_topic, key_of_topic
from streaming_constructs.cdk.iam_policy import Permissions
from streaming_constructs.cdk.kms_key import key_permissions
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.cdk.s3_bucket import create_bucket
from streaming_constructs.cdk.sns_topics.sns import NotificationTopic
from streaming_constructs.facts import event_source, permissions
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.on_failure import (
    KafkaOnFailure,
    NodeOnFailure,
    S3OnFailure,
    SnsOnFailure,
    SqsOnFailure,
)
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    # Large modules, that only a bucket and a topic of Kafka need.
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.streams.kafka import KafkaTopic


@dataclass(frozen=True)
class FailureDestination:
    """A destination of given-up batches.

    Attributes:
        resource: The queue, topic or bucket; of Kafka the construct of the topic.
        arn: Its ARN.
        permissions: What a function's role needs to write there.
        dimensions: The dimensions of its own metrics.
    """

    resource: sqs.IQueue | sns.ITopic | s3.IBucket | KafkaTopic
    arn: str
    permissions: Permissions
    dimensions: Mapping[str, str] = field(default_factory=dict)


def _encrypt(key: kms.IKey | None) -> Permissions:
    return key_permissions(key, permissions.ENCRYPT_WITH_KEY)


def _key(scope: Construct, arn: str | None) -> kms.IKey | None:
    return kms.Key.from_key_arn(scope, "FailureKey", arn) if arn else None


def to_queue(queue: sqs.IQueue) -> FailureDestination:
    """An SQS queue as the destination."""
    needed = {queue.queue_arn: permissions.SEND_TO_SQS, **_encrypt(queue.encryption_master_key)}
    return FailureDestination(queue, queue.queue_arn, needed, {"QueueName": queue.queue_name})


def to_topic(topic: sns.ITopic, key: kms.IKey | None) -> FailureDestination:
    """An SNS topic as the destination; a topic does not tell its key."""
    return FailureDestination(topic, topic.topic_arn, {topic.topic_arn: permissions.PUBLISH_TO_SNS, **_encrypt(key)})


def to_bucket(bucket: s3.IBucket) -> FailureDestination:
    """An S3 bucket as the destination; Lambda writes below one prefix."""
    needed = {
        bucket.arn_for_objects(f"{event_source.FAILURE_OBJECT_PREFIX}*"): permissions.PUT_S3_OBJECTS,
        bucket.bucket_arn: permissions.LIST_S3_BUCKET,
        **_encrypt(bucket.encryption_key),
    }
    return FailureDestination(bucket, bucket.bucket_arn, needed)


def to_kafka(topic: KafkaTopic, *, with_secret: bool) -> FailureDestination:
    """A topic of Kafka as the destination; Lambda writes to it as it reads its source, with IAM or with the secret."""
    places = topic.endpoint.places
    needed = {places[what]: actions for what, actions in permissions.KAFKA_PRODUCE.items()}
    return FailureDestination(topic, f"kafka://{topic.topic_name}", {} if with_secret else needed)


def adopted_destination(
    failures: sqs.IQueue | sns.ITopic | s3.IBucket | NotificationTopic | KafkaTopic, *, with_secret: bool = False
) -> FailureDestination:
    """A destination that is brought, with the key that it tells.

    Args:
        failures: A live queue, topic or bucket, or a topic of ours.
        with_secret: Whether the mapping authenticates to Kafka with a secret, and not with IAM.
    """
    if is_kafka_topic(failures):
        return to_kafka(failures, with_secret=with_secret)
    if isinstance(failures, NotificationTopic):
        return to_topic(failures.topic, failures.encryption_key)
    if is_queue(failures):
        return to_queue(failures)
    if is_topic(failures):
        return to_topic(failures, key_of_topic(failures))
    return to_bucket(cast("s3.IBucket", failures))


def failure_destination(
    scope: Construct,
    destination: SqsOnFailure | SnsOnFailure | S3OnFailure | KafkaOnFailure | NodeOnFailure,
    *,
    stream_key: kms.IKey | None,
    removal_policy: RemovalPolicy,
) -> FailureDestination:
    """The destination that a spec asks for, created or looked up by its ARN.

    A created one is encrypted like the stream: with the stream's own customer managed key, else with a key of AWS.

    Args:
        scope: The consumer; each kind has an id of its own there, because no resource can change its type.
        destination: What the spec asks for.
        stream_key: The customer managed key of the stream, if it has one.
        removal_policy: retain keeps what is created when it leaves the stack, destroy destroys it.

    Raises:
        SpecError: If it is a node of a system, which has to be brought.
    """
    if isinstance(destination, SqsOnFailure):
        return to_queue(_queue(scope, destination, stream_key, removal_policy))
    if isinstance(destination, SnsOnFailure):
        return to_topic(*_topic(scope, destination, stream_key, removal_policy))
    if isinstance(destination, NodeOnFailure | KafkaOnFailure):
        named = destination.node if isinstance(destination, NodeOnFailure) else destination.topic
        finding = Finding(
            "GRF301",
            f"nothing was brought as `{named}`",
            ("on_failure", "destination"),
            help="give the topic as `failures=`",
        )
        raise SpecError([finding.below(scope.node.id)])
    return to_bucket(_bucket(scope, destination, stream_key, removal_policy))


def _queue(
    scope: Construct, destination: SqsOnFailure, key: kms.IKey | None, removal_policy: RemovalPolicy
) -> sqs.IQueue:
    if destination.queue_arn is not None:
        return sqs.Queue.from_queue_attributes(
            scope, "FailureQueue", queue_arn=destination.queue_arn, key_arn=destination.kms_key_arn
        )
    queue = sqs.Queue(
        scope,
        "FailureQueue",
        encryption=sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=cdk.Duration.seconds(event_source.QUEUE_RETENTION_SECONDS.maximum),
        removal_policy=cdk_removal_policy(removal_policy),
    )
    acknowledge(
        queue,
        "This queue is itself the dead-letter queue of an event source mapping",
        "AwsSolutions-SQS3",
        "Serverless-SQSRedrivePolicy",
    )
    return queue


def _topic(
    scope: Construct, destination: SnsOnFailure, key: kms.IKey | None, removal_policy: RemovalPolicy
) -> tuple[sns.ITopic, kms.IKey | None]:
    if destination.topic_arn is not None:
        return sns.Topic.from_topic_arn(scope, "FailureTopic", destination.topic_arn), _key(
            scope, destination.kms_key_arn
        )
    # The key that AWS manages for SNS needs no statement: its policy lets the account's own roles use it through SNS.
    master_key = key or kms.Alias.from_alias_name(scope, "FailureTopicKey", "alias/aws/sns")
    topic = sns.Topic(scope, "FailureTopic", master_key=master_key, enforce_ssl=True)
    topic.apply_removal_policy(cdk_removal_policy(removal_policy))
    return topic, key


def _bucket(
    scope: Construct, destination: S3OnFailure, key: kms.IKey | None, removal_policy: RemovalPolicy
) -> s3.IBucket:
    from aws_cdk import aws_s3 as s3

    if destination.bucket is not None:
        return s3.Bucket.from_bucket_attributes(
            scope, "FailureBucket", bucket_name=destination.bucket, encryption_key=_key(scope, destination.kms_key_arn)
        )
    return create_bucket(
        scope,
        "FailureBucket",
        key=key,
        removal_policy=removal_policy,
        expire_after_days=destination.expire_after_days,
    )


def acknowledge_failures(policy: iam.ManagedPolicy, destination: FailureDestination) -> None:
    """Acknowledges what of writing to a destination cannot be narrowed.

    Args:
        policy: The policy that permits it.
        destination: The destination.
    """
    if is_bucket(destination.resource):
        default_child = destination.resource.node.default_child
        if default_child is not None:
            logical_id = cdk.Stack.of(policy).get_logical_id(cast("cdk.CfnElement", default_child))
            acknowledge(
                policy,
                "Lambda names the objects of given-up batches itself, below this prefix",
                f"AwsSolutions-IAM5[Resource::<{logical_id}.Arn>/{event_source.FAILURE_OBJECT_PREFIX}*]",
            )

"""What kind a live CDK object is. jsii hands over interfaces without a class to ask for; what each calls its ARN tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from streaming_constructs.cdk.kms_key import key_behind

if TYPE_CHECKING:
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs
    from typing_extensions import TypeIs

    from streaming_constructs.cdk.queues.sqs import SqsQueue
    from streaming_constructs.cdk.streams.kafka import KafkaTopic


def is_queue(resource: object) -> TypeGuard[sqs.IQueue]:
    """Whether it is an SQS queue."""
    return hasattr(resource, "queue_arn")


def is_topic(resource: object) -> TypeGuard[sns.ITopic]:
    """Whether it is an SNS topic."""
    return hasattr(resource, "topic_arn")


def is_kafka_topic(resource: object) -> TypeIs[KafkaTopic]:
    """Whether it is a topic of Kafka of ours."""
    return hasattr(resource, "read_endpoint")


def is_queue_node(resource: object) -> TypeIs[SqsQueue]:
    """Whether it is a queue of ours."""
    return hasattr(resource, "dead_letter_queue") and hasattr(resource, "plan")


def key_of_topic(topic: sns.ITopic) -> kms.IKey | None:
    """The KMS key of a live topic that writers need a permission for; None where there is none, or it is not told.

    The key that AWS manages for SNS takes no permission: its policy lets the account's own roles use it through SNS.

    Args:
        topic: The topic.
    """
    key: kms.IKey | None = getattr(topic, "master_key", None)
    return key if key is None else key_behind(key)


def is_bucket(resource: object) -> TypeGuard[s3.IBucket]:
    """Whether it is an S3 bucket."""
    return hasattr(resource, "bucket_arn")


def is_table(resource: object) -> TypeIs[dynamodb.ITable]:
    """Whether it is a DynamoDB table."""
    return hasattr(resource, "table_arn")

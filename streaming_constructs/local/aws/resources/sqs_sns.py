"""SQS and SNS: queues, topics, their policies and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import (
    Created,
    Properties,
    ResourceType,
    created_by,
    document,
    given,
    nothing,
    tag_map,
)

_FIFO = ("ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
_QUEUE = (
    *_FIFO,
    "DelaySeconds",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)
_FIFO_ENDING = ".fifo"
_TOPIC = ("DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")


def _attributes(properties: Properties, names: Iterable[str]) -> dict[str, Any]:
    """Attributes as both services take them: a policy as JSON, all else as it is given."""
    return {
        name: document(value) if isinstance(value, dict) else value for name, value in given(properties, names).items()
    }


def _create_queue(aws: Aws, name: str, properties: Properties) -> Created:
    is_fifo = str(properties.get("FifoQueue")).lower() == "true"
    if is_fifo and not name.endswith(_FIFO_ENDING):
        name = f"{name[: 80 - len(_FIFO_ENDING)]}{_FIFO_ENDING}"  # as CloudFormation names one that has no name
    attributes = _attributes(properties, (*_QUEUE, "FifoQueue") if is_fifo else _QUEUE)
    values = {"QueueName": name, "Attributes": attributes, "tags": tag_map(properties)}
    url = aws.call("sqs", "CreateQueue", values)["QueueUrl"]
    arn = aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return Created(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})


def _set_queue(aws: Aws, url: str, properties: Properties) -> None:
    aws.call("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": _attributes(properties, _QUEUE)})


def _delete_queue(aws: Aws, url: str, properties: Properties) -> None:
    aws.call("sqs", "DeleteQueue", {"QueueUrl": url})


def _set_queue_policy(aws: Aws, physical_id: str, properties: Properties) -> None:
    for url in properties["Queues"]:
        policy = {"Policy": document(properties["PolicyDocument"])}
        aws.call("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": policy})


def _create_topic(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"Name": name, "Attributes": _attributes(properties, _TOPIC), "Tags": properties.get("Tags")}
    arn = aws.call("sns", "CreateTopic", values)["TopicArn"]
    return Created(arn, {"TopicArn": arn, "TopicName": name})


def _set_topic(aws: Aws, arn: str, properties: Properties) -> None:
    for name, value in _attributes(properties, _TOPIC).items():
        aws.call("sns", "SetTopicAttributes", {"TopicArn": arn, "AttributeName": name, "AttributeValue": value})


def _delete_topic(aws: Aws, arn: str, properties: Properties) -> None:
    aws.call("sns", "DeleteTopic", {"TopicArn": arn})


def _set_topic_policy(aws: Aws, physical_id: str, properties: Properties) -> None:
    policy = document(properties["PolicyDocument"])
    for arn in properties["Topics"]:
        values = {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": policy}
        aws.call("sns", "SetTopicAttributes", values)


def _subscribe(aws: Aws, name: str, properties: Properties) -> Created:
    values = {name: properties[name] for name in ("TopicArn", "Protocol", "Endpoint")}
    attributes = _attributes(properties, ("FilterPolicy", "RawMessageDelivery"))
    # Without the last, what has to be confirmed by e-mail has no ARN.
    answer = aws.call("sns", "Subscribe", {**values, "Attributes": attributes, "ReturnSubscriptionArn": True})
    return Created(answer["SubscriptionArn"], {"Arn": answer["SubscriptionArn"]})


def _unsubscribe(aws: Aws, arn: str, properties: Properties) -> None:
    aws.call("sns", "Unsubscribe", {"SubscriptionArn": arn})


SQS_SNS = (
    ResourceType(
        "AWS::SQS::Queue",
        takes=frozenset({*_QUEUE, "FifoQueue", "QueueName", "Tags"}),
        create=_create_queue,
        update=_set_queue,
        delete=_delete_queue,
        name="QueueName",
        name_characters=80,
        create_only=frozenset({"FifoQueue", "QueueName"}),
    ),
    ResourceType(
        "AWS::SQS::QueuePolicy",
        takes=frozenset({"PolicyDocument", "Queues"}),
        create=created_by(_set_queue_policy),
        update=_set_queue_policy,
        delete=nothing,
    ),
    ResourceType(
        "AWS::SNS::Topic",
        takes=frozenset({*_TOPIC, "Tags", "TopicName"}),
        create=_create_topic,
        update=_set_topic,
        delete=_delete_topic,
        name="TopicName",
        create_only=frozenset({"TopicName"}),
    ),
    ResourceType(
        "AWS::SNS::TopicPolicy",
        takes=frozenset({"PolicyDocument", "Topics"}),
        create=created_by(_set_topic_policy),
        update=_set_topic_policy,
        delete=nothing,
    ),
    ResourceType(
        "AWS::SNS::Subscription",
        takes=frozenset({"Endpoint", "FilterPolicy", "Protocol", "RawMessageDelivery", "TopicArn"}),
        create=_subscribe,
        delete=_unsubscribe,
    ),
)

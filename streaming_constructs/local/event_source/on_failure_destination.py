"""Sends invocation records to the on-failure destination of an event source mapping: an SQS queue, SNS topic or S3 bucket."""

from __future__ import annotations

import json
from uuid import uuid4

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords


def send_to_destination(aws: Aws, mapping: EventSourceMapping, discarded: DiscardedRecords) -> None:
    """Sends what was given up to the mapping's destination.

    Args:
        aws: The API.
        mapping: The mapping; it has a destination.
        discarded: What was given up.

    Raises:
        ClientError: If the destination does not take it, or is not there.
        ValueError: If it is none that Lambda knows.
    """
    if mapping.on_failure.startswith("kafka://"):
        raise ValueError(f"{mapping.on_failure} is a topic of Kafka, which nothing here writes to")
    _, _, service, _, _, name = mapping.on_failure.split(":", 5)
    if service == "s3":
        body = json.dumps(discarded.object_body(mapping))
        key = discarded.object_key(mapping, uuid4())
        aws.client("s3").put_object(Bucket=name, Key=key, Body=body.encode())
        return
    message = json.dumps(discarded.message(mapping))
    if service == "sqs":
        url = aws.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
        aws.client("sqs").send_message(QueueUrl=url, MessageBody=message)
    elif service == "sns":
        aws.client("sns").publish(TopicArn=mapping.on_failure, Message=message)
    else:
        raise ValueError(f"{mapping.on_failure} is no queue, topic or bucket")

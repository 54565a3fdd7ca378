"""Which resources hold something that is lost with them, and which of their properties replace them when changed.

The lists are the `createOnlyProperties` of the CloudFormation resource schemas; a test compares the two.
Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

CREATE_ONLY_PROPERTIES: dict[str, tuple[str, ...]] = {
    "AWS::CloudWatch::Dashboard": ("DashboardName",),
    "AWS::KMS::Key": (),
    "AWS::Kinesis::Stream": ("Name",),
    "AWS::Kinesis::StreamConsumer": ("ConsumerName", "StreamARN", "Tags"),
    "AWS::Lambda::EventSourceMapping": (
        "EventSourceArn",
        "SelfManagedEventSource",
        "StartingPosition",
        "StartingPositionTimestamp",
    ),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::S3::Bucket": ("BucketName", "BucketNamePrefix", "BucketNamespace"),
    "AWS::SNS::Topic": ("FifoTopic", "TopicName"),
    "AWS::SQS::Queue": ("FifoQueue", "QueueName"),
}
"""Stateful resource types: data (stream, bucket, queue, logs), a position (mapping, consumer), subscribers, keys."""

"""CloudFormation's names of the resource types that a rehearsal does more with than to create them."""

from __future__ import annotations

DELIVERY_STREAM = "AWS::KinesisFirehose::DeliveryStream"
FLINK_APPLICATION = "AWS::KinesisAnalyticsV2::Application"
DYNAMODB_TABLE = "AWS::DynamoDB::Table"
EVENT_SOURCE_MAPPING = "AWS::Lambda::EventSourceMapping"
KINESIS_STREAM = "AWS::Kinesis::Stream"
KAFKA_CLUSTERS = ("AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster")
KAFKA_TOPIC = "AWS::MSK::Topic"
LAMBDA_FUNCTION = "AWS::Lambda::Function"
SQS_QUEUE = "AWS::SQS::Queue"
SNS_TOPIC = "AWS::SNS::Topic"

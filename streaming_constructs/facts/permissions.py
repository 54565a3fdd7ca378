"""IAM actions that one service needs to act for another, as the AWS documentation lists them."""

from __future__ import annotations

LAMBDA_READS_KINESIS = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:ListStreams",
)
"""What a Lambda event source mapping needs on the stream.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
"""

LAMBDA_READS_FAN_OUT_CONSUMER = ("kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard")
"""What it needs on the consumer, in addition, to read with enhanced fan-out.

`SubscribeToShard` is authorized on the consumer's ARN, not on the stream's.
Source: https://docs.aws.amazon.com/streams/latest/dev/building-enhanced-consumers-api.html
"""

LAMBDA_WRITES_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
"""What a function needs on its own log group, when the group exists before the function runs.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

LAMBDA_JOINS_VPC = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What a function in a VPC needs; the network interfaces do not exist yet, so there is nothing to narrow to.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

# What a function's role needs on the destination of failed batches.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
SEND_TO_SQS = ("sqs:SendMessage",)
PUBLISH_TO_SNS = ("sns:Publish",)
PUT_S3_OBJECTS = ("s3:PutObject",)
LIST_S3_BUCKET = ("s3:ListBucket",)

ENCRYPT_WITH_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
"""What writing to a queue, topic or bucket under a customer managed key takes.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

DECRYPT_WITH_KEY = ("kms:Decrypt",)
"""What reading a stream under a customer managed key takes.

Source: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
"""

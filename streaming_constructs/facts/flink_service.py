"""Amazon Managed Service for Apache Flink: what its applications, and who operates them, may and need, by IAM and KMS."""

from __future__ import annotations

PRINCIPAL = "kinesisanalytics.amazonaws.com"
"""What assumes the role of an application, and encrypts its snapshots."""
INFRASTRUCTURE = "infrastructure.kinesisanalytics.amazonaws.com"
"""What encrypts the state of an application while it runs."""
LONGEST_START_MINUTES = 30
"""How long a start is waited for: minutes for most, and longer for who restores much state. AWS states no limit."""

READ_CODE = ("s3:GetObject",)
READ_CODE_VERSION = ("s3:GetObject", "s3:GetObjectVersion")
"""On the object that the code is in: its latest version, or a certain one.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/security_iam_service-with-iam.html, read 2026-11-28
"""
FIND_LOG_GROUP = ("logs:DescribeLogGroups",)
"""On all groups of the region: what it lists is not asked for by name."""
FIND_LOG_STREAM = ("logs:DescribeLogStreams",)
"""On the streams of the group."""
WRITE_LOGS = ("logs:PutLogEvents",)
"""On the log stream of the application, which exists before.

Source of the three: https://docs.aws.amazon.com/managed-flink/latest/java/cloudwatch-logs.html, read 2026-11-28
"""
JOIN_VPC = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""To stand in a VPC; its network interfaces do not exist before it.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/vpc-permissions.html, read 2026-11-28
"""

READ_STREAM = (
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
"""On a stream: what the connector calls, and no more.

Source: https://github.com/apache/flink-connector-aws, `KinesisStreamProxy.java` of 6.0, read 2026-11-28
"""
FIND_FAN_OUT_CONSUMER = ("kinesis:DescribeStreamConsumer",)
"""On the stream and on the consumer: the connector asks for a consumer by the stream and its name."""
READ_FAN_OUT_CONSUMER = ("kinesis:SubscribeToShard",)
"""On the consumer. One that the stack registers is neither registered nor taken away by the connector.

Source of both: https://github.com/apache/flink-connector-aws, `KinesisStreamsSource.java` of 6.0, read 2026-11-28
"""
WRITE_STREAM = ("kinesis:PutRecords",)
WRITE_DELIVERY = ("firehose:PutRecordBatch",)
"""What the sinks of the connectors call: each of them writes in batches alone.

Source: https://github.com/apache/flink-connector-aws, `KinesisStreamsSinkWriter.java` and `KinesisFirehoseSinkWriter.java`
of 6.0, read 2026-11-28
"""

START = (
    "kinesisanalytics:DescribeApplication",
    "kinesisanalytics:DescribeApplicationOperation",
    "kinesisanalytics:ListApplicationOperations",
    "kinesisanalytics:ListApplicationSnapshots",
    "kinesisanalytics:StartApplication",
    "kinesisanalytics:StopApplication",
)
"""What the function needs on an application that starts it, and stops what hangs when it is deleted.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisanalyticsv2.html, read 2026-11-28
"""

# Under a customer managed key the role of the application needs nothing: the service uses the key, and asks whether who
# creates, changes or starts an application may use it.
KEY_POLICY_SOURCE = "https://docs.aws.amazon.com/managed-flink/latest/java/manage-cmk-api.html"
"""The page that says so; read 2026-11-28."""
ENCRYPTION_CONTEXT = "kms:EncryptionContext:aws:kinesisanalytics:arn"
"""The condition on the application that data under the key is of."""
FIND_KEY = ("kms:DescribeKey",)
USE_KEY_FOR_SNAPSHOTS = ("kms:Decrypt", "kms:GenerateDataKey")
USE_KEY_WHILE_RUNNING = ("kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext")
LEND_KEY_WHILE_RUNNING = ("kms:CreateGrant",)
GRANTS_OF_KEY = {"kms:GrantConstraintType": "EncryptionContextSubset"}
"""Of which kind the grants are, that alone may be made: they decrypt, and only what is of the application."""
GRANTED = {"kms:GrantOperations": "Decrypt"}

"""IAM actions that one service needs to act for another, as the AWS documentation lists them."""

from __future__ import annotations

from streaming_constructs.facts import flink_service

LAMBDA_READS_KINESIS = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
"""What a Lambda event source mapping needs on the stream.

`kinesis:ListStreams` is listed there too, but knows no resources: on a stream it would permit nothing, and nothing asks for it.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesis.html

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

LAMBDA_POLLS = {
    "AWS::DynamoDB::Table": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "AWS::Kinesis::Stream": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"),
    "AWS::Kinesis::StreamConsumer": ("kinesis:SubscribeToShard",),
    "AWS::MSK::Cluster": ("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
    "AWS::MSK::ServerlessCluster": ("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
    "AWS::SQS::Queue": ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
}
"""By type of a source, what Lambda cannot poll it without: less than AWS lists.

Of a stream it lists `DescribeStream` and `DescribeStreamSummary` too, and many roles have one of them alone.

Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html, read 2026-11-29
"""
LAMBDA_SENDS = {
    "AWS::S3::Bucket": PUT_S3_OBJECTS,
    "AWS::SNS::Topic": PUBLISH_TO_SNS,
    "AWS::SQS::Queue": SEND_TO_SQS,
}
"""By type of a destination, what a function's role needs on it."""

ENCRYPT_WITH_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
"""What writing to a queue, topic or bucket under a customer managed key takes.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

DECRYPT_WITH_KEY = ("kms:Decrypt",)
"""What reading a stream under a customer managed key takes.

Source: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
"""

# What Amazon Data Firehose's role needs.
# Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
FIREHOSE_READS_KINESIS = (
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
"""On the stream; it reads as a shared reader, so never on a consumer."""
FIREHOSE_WRITES_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
"""On the bucket."""
FIREHOSE_WRITES_OBJECTS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
"""On its objects."""
FIREHOSE_SHARES_OBJECTS = ("s3:PutObjectAcl",)
"""On the objects of a bucket that may be another account's, in addition: it gives the owner of the bucket full access to them.

Without it they stay the writer's where the bucket has access control lists; buckets of today have none.
Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
"""
FIREHOSE_READS_GLUE = ("glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions")
"""On the catalog, the database and the table, to convert records."""
FIREHOSE_INVOKES = ("lambda:GetFunctionConfiguration", "lambda:InvokeFunction")
"""On the function with its qualifier; `:$LATEST` when there is none."""
FIREHOSE_WRITES_LOGS = ("logs:PutLogEvents",)
"""On the log stream of its errors, which exists before."""
FIREHOSE_WRITES_OPENSEARCH = (
    "es:DescribeDomain",
    "es:DescribeDomainConfig",
    "es:DescribeDomains",
    "es:ESHttpPost",
    "es:ESHttpPut",
)
"""On the domain and on everything below it (`domain/*`)."""
FIREHOSE_READS_OPENSEARCH = ("es:ESHttpGet",)
"""On `OPENSEARCH_READ_PATHS` of the domain."""
OPENSEARCH_READ_PATHS = (
    "_all/_settings",
    "_cluster/stats",
    "{index}/_mapping/*",
    "{index}/_stats",
    "_nodes",
    "_nodes/*/stats",
    "_nodes/stats",
    "_stats",
)
"""Paths that Firehose reads, where `{index}` is the index. Rotation puts a hyphen and the time behind it: `{index}-*`.

Source of the latter: https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html
"""
FIREHOSE_WRITES_OPENSEARCH_SERVERLESS = ("aoss:APIAccessAll",)
"""On the collection; the collection's data access policy has to permit the actions below in addition."""
FIREHOSE_JOINS_VPC = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcs",
)
"""To reach a domain or collection in a VPC; taken away later, Firehose can no longer grow."""
FIREHOSE_READS_SECRET = ("secretsmanager:GetSecretValue",)
"""On the secret with Splunk's token, an endpoint's key, or a user of Snowflake or Redshift.

Under a customer managed key, `DECRYPT_WITH_KEY` on that key in addition.
Source: https://docs.aws.amazon.com/firehose/latest/dev/secrets-manager-how.html
"""
FIREHOSE_WRITES_ICEBERG = ("glue:GetDatabase", "glue:GetTable", "glue:UpdateTable")
"""On the catalog, the database and the table. On objects `FIREHOSE_DELETES_OBJECTS` besides those that S3 takes."""
FIREHOSE_DELETES_OBJECTS = ("s3:DeleteObject",)
"""On objects of an Iceberg table.

Source: https://docs.aws.amazon.com/firehose/latest/dev/database-as-source-grant-access.html
"""
FIREHOSE_READS_LAKE_FORMATION = ("lakeformation:GetDataAccess",)
"""On everything, as the action knows no resources: for tables of S3 Tables, whose data Lake Formation lets it get at.

Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-s3-tables
"""

LOGS_WRITES_KINESIS = ("kinesis:PutRecord",)
"""What the role that CloudWatch Logs assumes for a subscription needs on a stream; AWS lists no more.

Its trust: logs.amazonaws.com, with `aws:SourceArn` like `arn:aws:logs:REGION:ACCOUNT:*` of each account that sends.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""
LOGS_WRITES_FIREHOSE = ("firehose:PutRecord",)
"""What it needs on a delivery stream.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""
SUBSCRIBE_TO_DESTINATION = ("logs:PutAccountPolicy", "logs:PutSubscriptionFilter")
"""What the policy of a destination permits: to account ids, or to all with `aws:PrincipalOrgID` as the condition.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination.html
"""

# What Kinesis Agent needs, and Fluent Bit but for the metrics.
# Source: https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html
AGENT_WRITES_KINESIS = ("kinesis:PutRecords",)
AGENT_WRITES_FIREHOSE = ("firehose:PutRecordBatch",)
AGENT_WRITES_METRICS = ("cloudwatch:PutMetricData",)
"""On everything: the action knows no resources."""

PUT_TO_STREAM = ("kinesis:PutRecord", "kinesis:PutRecords")
"""What a producer needs on the stream; under a key, `ENCRYPT_WITH_KEY` on that key.

Source: https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
"""
PUT_TO_DELIVERY = ("firehose:PutRecord", "firehose:PutRecordBatch")
"""What it needs on a delivery stream that takes direct puts; under a customer managed key, `ENCRYPT_FOR_DELIVERY` on that key.

Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
"""
ENCRYPT_FOR_DELIVERY = ("kms:Decrypt", "kms:GenerateDataKey")
"""What whoever calls `PutRecord` and `PutRecordBatch` needs on the customer managed key of a delivery stream.

Firehose's own grant on the key is no longer enough: a caller without them is refused by streams created since 2026-04-20, and
by those created before from 2027-02-28 on. It applies to roles that services take, such as that of CloudWatch Logs, as well.
Source: a notice of AWS to accounts with such streams, 2026-04-20, as quoted in
https://github.com/ministryofjustice/modernisation-platform/issues/12957, read 2026-11-28
"""

USE_OPENSEARCH = ("es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut")
"""All requests to a domain's own API and Dashboards; what they may do there is fine-grained access control's to say.

Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
"""
OPENSEARCH_WRITES_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
"""What a policy of CloudWatch Logs permits to es.amazonaws.com; an account has ten such policies in a region.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
"""
ASSUME_ROLE = ("sts:AssumeRole",)
"""On the role that is assumed; its trust policy has to permit it as well."""

USE_KEY_OF_STREAM = ("kms:GenerateDataKey",)
"""What a writer needs on the customer managed key of a stream.

Source: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
"""
READ_PARAMETER = ("ssm:GetParameter",)
"""What reading one parameter of Systems Manager takes.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
"""

# Actions of Kafka on MSK with IAM, by what they are about.
# Source: https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html, read 2026-11-27
KAFKA_PRODUCE = {
    "cluster": ("kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"),
    "topic": ("kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"),
}
"""What a producer needs. Clients write idempotently by default, which is allowed for a whole cluster."""
KAFKA_CONSUME = {
    "cluster": ("kafka-cluster:Connect",),
    "topic": ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"),
    "group": ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"),
}
"""What a member of a consumer group needs."""
KAFKA_ADMIN_SERVERLESS = {
    "cluster": ("kafka-cluster:Connect", "kafka-cluster:DescribeCluster"),
    "topic": (
        "kafka-cluster:AlterTopic",
        "kafka-cluster:AlterTopicDynamicConfiguration",
        "kafka-cluster:CreateTopic",
        "kafka-cluster:DeleteTopic",
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
    ),
    "group": ("kafka-cluster:DeleteGroup", "kafka-cluster:DescribeGroup"),
}
"""What whoever looks after topics needs."""
KAFKA_ADMIN = {
    **KAFKA_ADMIN_SERVERLESS,
    "cluster": (
        "kafka-cluster:AlterCluster",
        "kafka-cluster:AlterClusterDynamicConfiguration",
        "kafka-cluster:Connect",
        "kafka-cluster:DescribeCluster",
        "kafka-cluster:DescribeClusterDynamicConfiguration",
    ),
}
"""The same on a cluster of brokers, whose own configuration can be changed as well."""

LAMBDA_JOINS_CLUSTER = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""What an event source mapping needs to stand in the subnets of a cluster, with the cluster's security groups.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html, read 2026-11-28
"""
LAMBDA_FINDS_CLUSTER = ("kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers")
"""What it needs on a cluster, provisioned or serverless, to find the brokers.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html, read 2026-11-28
"""
LAMBDA_READS_KAFKA = {
    "cluster": (*KAFKA_CONSUME["cluster"], *LAMBDA_FINDS_CLUSTER),
    "topic": KAFKA_CONSUME["topic"],
    "group": KAFKA_CONSUME["group"],
    "network": LAMBDA_JOINS_CLUSTER,
}
"""What an event source mapping needs on a cluster with IAM, by what the actions are about."""
LAMBDA_READS_KAFKA_WITH_SECRET = {
    "cluster": (*LAMBDA_FINDS_CLUSTER, "kafka:ListScramSecrets"),
    "network": LAMBDA_JOINS_CLUSTER,
}
"""The same where it authenticates with a secret: what it may do in Kafka is then for ACLs to say.

Source: https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html, read 2026-11-28
"""
LAMBDA_READS_REGISTRY = {"registry": ("glue:GetRegistry",), "schema_versions": ("glue:GetSchemaVersion",)}
"""What it needs beside that to read records that are written with a schema registry. The action for versions is asked with the
id of a version alone, so it knows no registry.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html and
https://docs.aws.amazon.com/glue/latest/dg/schema-registry-gs.html, read 2026-11-28
"""
READ_SECRET = ("secretsmanager:GetSecretValue",)
"""On the secret that it authenticates with; under a customer managed key, `DECRYPT_WITH_KEY` on that in addition.

Source: https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html, read 2026-11-28
"""
FIREHOSE_READS_KAFKA = {
    "cluster": (
        "kafka-cluster:Connect",
        "kafka:DescribeCluster",
        "kafka:DescribeClusterV2",
        "kafka:GetBootstrapBrokers",
    ),
    "topic": (
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:ReadData",
    ),
    "group": ("kafka-cluster:DescribeGroup",),
}
"""What Firehose needs to read a topic, by what the actions are about. Its groups have names of its own, so it is all groups.

Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role, read 2026-11-28
"""
FIREHOSE_CONNECTS_TO_KAFKA = ("kafka:CreateVpcConnection",)
"""What the policy of a cluster permits to firehose.amazonaws.com, so that it connects privately.

Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#access-to-msk, read 2026-11-28
"""
ACCOUNT_CONNECTS_TO_KAFKA = (
    "kafka:CreateVpcConnection",
    "kafka:DescribeCluster",
    "kafka:DescribeClusterV2",
    "kafka:GetBootstrapBrokers",
)
"""What it permits to another account on the cluster, so that clients there connect privately; what they do then is Kafka's.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html, read 2026-11-28
"""

# What the function needs that does with a cluster what CloudFormation cannot, by its tasks.
FIND_KAFKA_BROKERS = ("kafka:GetBootstrapBrokers",)
SWITCH_KAFKA_CONNECTIVITY = ("kafka:DescribeClusterV2", "kafka:UpdateConnectivity")
SEE_KAFKA_NETWORK = ("ec2:DescribeRouteTables", "ec2:DescribeSubnets")
"""On everything, as they know no resources: MSK looks at the subnets on behalf of who switches connectivity.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedstreamingforapachekafka.html
"""
LIST_KAFKA_SECRETS = ("kafka:ListScramSecrets",)

LAMBDA_WRITES_DYNAMODB = ("dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
"""What a function that puts items, one or many at once, or adds to them needs on a table; conditions on a write need no more.

It reads and deletes nothing by these: what does says so in `permissions`. `BatchWriteItem` deletes as well as it puts.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html, read 2026-11-28
"""
LAMBDA_READS_DYNAMODB = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")
"""What a function that looks items up needs on a table. Source: the same."""
WRITE_TABLE = ("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
READ_TABLE = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
)
"""What whoever else writes or reads needs on a table. Source: the same."""
FLINK_WRITES_DYNAMODB = ("dynamodb:BatchWriteItem",)
"""What the DynamoDB sink of Apache Flink needs on a table.

Source: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/dynamodb/, read 2026-11-28
"""
USE_KEY_OF_TABLE = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""What AWS lists for a principal on whose behalf DynamoDB uses the customer managed key of a table, for those that write.

At each access DynamoDB asks KMS for `kms:Decrypt` of the table's key as the principal that reads or writes; the rest is in the
same list of what it takes at least. `kms:CreateGrant` is too, and is asked for as the principal that creates the table: whoever
reads or writes has none. Under the key that AWS manages nobody needs any.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html, read 2026-11-28
"""
READ_WITH_KEY_OF_TABLE = ("kms:Decrypt", "kms:DescribeKey")
"""What those need that read alone: the list of AWS is for all that use a table, and reading encrypts nothing.

CDK's own `grantReadData` permits these two on the key of a table, and to those that write the others besides.
Source: https://github.com/aws/aws-cdk, `packages/aws-cdk-lib/aws-dynamodb/lib/perms.ts`, read 2026-11-28
"""

LAMBDA_READS_SQS = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
"""What an event source mapping needs on a queue.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html, read 2026-11-29
"""

READS = {
    ("lambda", "kinesis"): LAMBDA_READS_KINESIS,
    ("lambda", "dynamodb"): LAMBDA_READS_DYNAMODB,
    ("lambda", "sqs"): LAMBDA_READS_SQS,
    ("firehose", "kinesis"): FIREHOSE_READS_KINESIS,
    ("kinesisanalytics", "kinesis"): flink_service.READ_STREAM,
}
"""What a service needs on what it reads, by the service that reads and the kind of source."""
WRITES = {
    ("lambda", "kinesis"): PUT_TO_STREAM,
    ("lambda", "firehose"): PUT_TO_DELIVERY,
    ("lambda", "sns"): PUBLISH_TO_SNS,
    ("lambda", "sqs"): SEND_TO_SQS,
    ("lambda", "dynamodb"): LAMBDA_WRITES_DYNAMODB,
    ("kinesisanalytics", "dynamodb"): FLINK_WRITES_DYNAMODB,
    ("logs", "kinesis"): LOGS_WRITES_KINESIS,
    ("logs", "firehose"): LOGS_WRITES_FIREHOSE,
    ("agent", "kinesis"): AGENT_WRITES_KINESIS,
    ("agent", "firehose"): AGENT_WRITES_FIREHOSE,
    ("apigateway", "kinesis"): PUT_TO_STREAM,
    ("apigateway", "firehose"): PUT_TO_DELIVERY,
    ("kinesisanalytics", "kinesis"): flink_service.WRITE_STREAM,
    ("kinesisanalytics", "firehose"): flink_service.WRITE_DELIVERY,
}
"""What a service needs on what it writes to, by the service that writes and the kind of target."""
READS_WITH_KEY = {"kinesis": DECRYPT_WITH_KEY, "dynamodb": READ_WITH_KEY_OF_TABLE, "sqs": DECRYPT_WITH_KEY}
"""What reading takes on the customer managed key of a source, by its kind."""
WRITES_WITH_KEY = {
    ("lambda", "kinesis"): ENCRYPT_WITH_KEY,
    ("lambda", "firehose"): ENCRYPT_FOR_DELIVERY,
    ("lambda", "sns"): ENCRYPT_WITH_KEY,
    ("lambda", "sqs"): ENCRYPT_WITH_KEY,
    ("lambda", "dynamodb"): USE_KEY_OF_TABLE,
    ("kinesisanalytics", "dynamodb"): USE_KEY_OF_TABLE,
    ("logs", "kinesis"): ENCRYPT_WITH_KEY,
    ("logs", "firehose"): ENCRYPT_FOR_DELIVERY,
    ("agent", "kinesis"): USE_KEY_OF_STREAM,
    ("agent", "firehose"): ENCRYPT_FOR_DELIVERY,
    ("apigateway", "kinesis"): USE_KEY_OF_STREAM,
    ("apigateway", "firehose"): ENCRYPT_FOR_DELIVERY,
    ("kinesisanalytics", "kinesis"): USE_KEY_OF_STREAM,
    ("kinesisanalytics", "firehose"): ENCRYPT_FOR_DELIVERY,
}
"""What writing takes on the customer managed key of a target."""
KAFKA_READS = {
    ("firehose", "kafka"): FIREHOSE_READS_KAFKA,
    ("lambda", "kafka"): LAMBDA_READS_KAFKA,
    ("lambda", "kafka_with_secret"): LAMBDA_READS_KAFKA_WITH_SECRET,
    ("kinesisanalytics", "kafka"): KAFKA_CONSUME,
}
"""The same of what is read in Kafka, each by what the actions are about: cluster, topic, group and network."""
KAFKA_WRITES = {("lambda", "kafka"): KAFKA_PRODUCE, ("kinesisanalytics", "kafka"): KAFKA_PRODUCE}
"""The same of what is written to in Kafka."""
REGISTRY_READS = {"lambda": LAMBDA_READS_REGISTRY}
"""What comes to it where the values of a topic are encoded with a schema registry."""
REGISTRY_WRITES = {
    "lambda": {
        "registry": ("glue:GetSchemaByDefinition",),
        "schemas": ("glue:GetSchemaByDefinition",),
        "schema_versions": ("glue:GetSchemaVersion",),
    }
}
"""The same of what is written to: a client looks up the version of its schema, and the stack registers it.

Source: https://docs.aws.amazon.com/glue/latest/dg/schema-registry-gs.html, read 2026-11-28
"""

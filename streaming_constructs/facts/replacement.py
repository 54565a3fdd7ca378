"""Which resources hold something that is lost with them, and which of their properties replace them when changed.

The lists are the `createOnlyProperties` of the CloudFormation resource schemas; a test compares the two.
Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

CREATE_ONLY_PROPERTIES: dict[str, tuple[str, ...]] = {
    "AWS::ApiGateway::ApiKey": ("GenerateDistinctId", "Name", "Value"),
    "AWS::ApiGateway::RestApi": (),
    "AWS::Athena::WorkGroup": ("Name",),
    "AWS::CloudWatch::Dashboard": ("DashboardName",),
    "AWS::DynamoDB::Table": ("ImportSourceSpecification", "TableName"),
    "AWS::Glue::Database": ("DatabaseName",),
    "AWS::Glue::Registry": ("Name",),
    "AWS::Glue::Schema": ("DataFormat", "Name", "Registry", "SchemaDefinition"),
    "AWS::Glue::Table": ("CatalogId", "DatabaseName", "Name", "TableInput/Name"),
    "AWS::KMS::Key": (),
    "AWS::KafkaConnect::Connector": (
        "ConnectorDescription",
        "ConnectorName",
        "KafkaCluster",
        "KafkaClusterClientAuthentication",
        "KafkaClusterEncryptionInTransit",
        "KafkaConnectVersion",
        "LogDelivery",
        "NetworkType",
        "Plugins",
        "ServiceExecutionRoleArn",
        "WorkerConfiguration",
    ),
    "AWS::KafkaConnect::WorkerConfiguration": ("Description", "Name", "PropertiesFileContent"),
    "AWS::Kinesis::Stream": ("Name",),
    "AWS::Kinesis::StreamConsumer": ("ConsumerName", "StreamARN", "Tags"),
    "AWS::KinesisAnalyticsV2::Application": ("ApplicationMode", "ApplicationName"),
    "AWS::KinesisFirehose::DeliveryStream": (
        "AmazonOpenSearchServerlessDestinationConfiguration/VpcConfiguration",
        "AmazonopensearchserviceDestinationConfiguration/VpcConfiguration",
        "DatabaseSourceConfiguration",
        "DeliveryStreamName",
        "DeliveryStreamType",
        "DirectPutSourceConfiguration",
        "ElasticsearchDestinationConfiguration/VpcConfiguration",
        "IcebergDestinationConfiguration/CatalogConfiguration",
        "KinesisStreamSourceConfiguration",
        "MSKSourceConfiguration",
        "SnowflakeDestinationConfiguration/SnowflakeVpcConfiguration",
    ),
    "AWS::Lambda::EventSourceMapping": (
        "EventSourceArn",
        "SelfManagedEventSource",
        "StartingPosition",
        "StartingPositionTimestamp",
    ),
    "AWS::Logs::AccountPolicy": ("PolicyName", "PolicyType"),
    "AWS::Logs::Destination": ("DestinationName",),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::Logs::SubscriptionFilter": ("FilterName", "LogGroupName"),
    "AWS::MSK::BatchScramSecret": ("ClusterArn",),
    "AWS::MSK::Cluster": (
        "BrokerNodeGroupInfo/BrokerAZDistribution",
        "BrokerNodeGroupInfo/ClientSubnets",
        "BrokerNodeGroupInfo/SecurityGroups",
        "ClusterName",
        "EncryptionInfo/EncryptionAtRest",
        "EncryptionInfo/EncryptionInTransit/InCluster",
    ),
    "AWS::MSK::ClusterPolicy": ("ClusterArn",),
    "AWS::MSK::Configuration": ("KafkaVersionsList", "Name"),
    "AWS::MSK::ServerlessCluster": ("ClientAuthentication", "ClusterName", "Tags", "VpcConfigs"),
    "AWS::MSK::Topic": ("ClusterArn", "ReplicationFactor", "TopicName"),
    "AWS::MSK::Replicator": (
        "Description",
        "KafkaClusters",
        "ReplicationInfoList/*/ConsumerGroupReplication/ConsumerGroupOffsetSyncMode",
        "ReplicationInfoList/*/SourceKafkaClusterArn",
        "ReplicationInfoList/*/SourceKafkaClusterId",
        "ReplicationInfoList/*/TargetCompressionType",
        "ReplicationInfoList/*/TargetKafkaClusterArn",
        "ReplicationInfoList/*/TargetKafkaClusterId",
        "ReplicationInfoList/*/TopicReplication/StartingPosition",
        "ReplicationInfoList/*/TopicReplication/TopicNameConfiguration",
        "ReplicatorName",
        "ServiceExecutionRoleArn",
    ),
    "AWS::OpenSearchService::Domain": ("DomainName", "EngineMode"),
    "AWS::S3::Bucket": ("BucketName", "BucketNamePrefix", "BucketNamespace"),
    "AWS::SNS::Topic": ("FifoTopic", "TopicName"),
    "AWS::SQS::Queue": ("FifoQueue", "QueueName"),
    "AWS::SecretsManager::Secret": ("Name",),
}
"""Stateful resource types.

They hold data (stream, table of DynamoDB, bucket, queue, logs, domain, cluster and topic of Kafka; a delivery stream what it
buffers, an application of Flink the snapshots of its state), descriptions of data (database, table, work group with its
history; registry and schema), a position (mapping, consumer; connector with what its workers are told, replicator),
subscribers and subscriptions, keys and secrets, what a cluster of Kafka stands on (its configuration, who gets in), and what
callers know an API by (its address, their key).
A path with a slash is that of a nested property.
"""

WRITTEN_PROPERTIES: dict[str, tuple[str, ...]] = {
    "AWS::DynamoDB::Table": ("AttributeDefinitions", "KeySchema", "TimeToLiveSpecification/AttributeName"),
    "AWS::Glue::Table": (
        "TableInput/Parameters/storage.location.template",
        "TableInput/PartitionKeys",
        "TableInput/StorageDescriptor/InputFormat",
        "TableInput/StorageDescriptor/Location",
    ),
    "AWS::Kinesis::Stream": ("RetentionPeriodHours",),
    "AWS::KinesisFirehose::DeliveryStream": (
        "ExtendedS3DestinationConfiguration/BucketARN",
        "ExtendedS3DestinationConfiguration/CustomTimeZone",
        "ExtendedS3DestinationConfiguration/DynamicPartitioningConfiguration/Enabled",
        "ExtendedS3DestinationConfiguration/Prefix",
        "ExtendedS3DestinationConfiguration/S3BackupMode",
    ),
    "AWS::OpenSearchService::Domain": ("EncryptionAtRestOptions/KmsKeyId",),
}
"""Properties that no template replaces anything for, and that decide all the same over what was written: how it is found, how
long it is kept, or whether AWS takes the update at all. `planning.evolution` says of specs what each of them does.

Sources: https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html and
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_kinesisfirehose.DynamicPartitioningProps.html, read 2026-11-28
"""

REPLACED_BY_TAGS = ("AWS::Kinesis::StreamConsumer", "AWS::MSK::ServerlessCluster")
"""Types of our templates that CloudFormation replaces when one of their tags changes; a test reads them from the schemas.

A fan-out consumer has a fixed name, so the new one is refused while the old one stands, and with it the whole update; a
serverless cluster of Kafka likewise, and would be empty. They therefore carry no tags, neither of the spec nor of the app.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-streamconsumer.html
and https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2514, read 2026-11-28
"""

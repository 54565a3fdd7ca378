"""Which resource types hold something that goes with them, and what.

Source: the pages of the services, from
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html (read 2026-11-29)
"""

from __future__ import annotations

from collections.abc import Mapping

STATEFUL: Mapping[str, str] = {
    "AWS::AmazonMQ::Broker": "its queues and their messages",
    "AWS::ApiGateway::ApiKey": "the key that its callers send",
    "AWS::ApiGateway::RestApi": "the address that its callers know",
    "AWS::ApiGatewayV2::Api": "the address that its callers know",
    "AWS::Backup::BackupVault": "its recovery points",
    "AWS::Cassandra::Keyspace": "its tables",
    "AWS::Cassandra::Table": "its rows",
    "AWS::CloudFormation::Stack": "all that is in it",
    "AWS::CodeCommit::Repository": "its commits",
    "AWS::Cognito::UserPool": "its users",
    "AWS::DMS::ReplicationTask": "the position that it has replicated to",
    "AWS::DSQL::Cluster": "its rows",
    "AWS::DocDB::DBCluster": "its documents",
    "AWS::DocDB::DBInstance": "its place in the cluster",
    "AWS::DynamoDB::GlobalTable": "its items",
    "AWS::DynamoDB::Table": "its items",
    "AWS::EC2::Volume": "its data",
    "AWS::ECR::Repository": "its images",
    "AWS::EFS::FileSystem": "its files",
    "AWS::ElastiCache::CacheCluster": "its entries",
    "AWS::ElastiCache::ReplicationGroup": "its entries",
    "AWS::ElastiCache::ServerlessCache": "its entries",
    "AWS::Elasticsearch::Domain": "its documents",
    "AWS::Events::Archive": "its events",
    "AWS::FSx::FileSystem": "its files",
    "AWS::Glue::Database": "the descriptions of its tables",
    "AWS::Glue::Registry": "its schemas",
    "AWS::Glue::Schema": "the versions that messages name",
    "AWS::Glue::Table": "the description of its columns and partitions",
    "AWS::KMS::Key": "the only way to read what it encrypted",
    "AWS::KMS::ReplicaKey": "the only way in its region to read what it encrypted",
    "AWS::KafkaConnect::Connector": "its positions and its tasks",
    "AWS::Kinesis::Stream": "its records and the positions of its readers",
    "AWS::Kinesis::StreamConsumer": "the subscriptions of its reader",
    "AWS::KinesisAnalytics::Application": "its state",
    "AWS::KinesisAnalyticsV2::Application": "its state and its snapshots",
    "AWS::KinesisFirehose::DeliveryStream": "the records that it has not delivered yet",
    "AWS::KinesisVideo::Stream": "its fragments",
    "AWS::Lambda::EventSourceMapping": "the position that it has read to",
    "AWS::Logs::LogGroup": "its log events",
    "AWS::MSK::Cluster": "its topics, their records and the offsets of all groups",
    "AWS::MSK::Replicator": "the offsets that it has replicated to",
    "AWS::MSK::ServerlessCluster": "its topics, their records and the offsets of all groups",
    "AWS::MSK::Topic": "its records and the offsets of its groups",
    "AWS::MemoryDB::Cluster": "its entries",
    "AWS::Neptune::DBCluster": "its graph",
    "AWS::Neptune::DBInstance": "its place in the cluster",
    "AWS::OpenSearchServerless::Collection": "its documents",
    "AWS::OpenSearchService::Domain": "its documents",
    "AWS::QLDB::Ledger": "its documents",
    "AWS::RDS::DBCluster": "its rows",
    "AWS::RDS::DBInstance": "its rows",
    "AWS::Redshift::Cluster": "its rows",
    "AWS::RedshiftServerless::Namespace": "its rows",
    "AWS::S3::Bucket": "its objects",
    "AWS::S3Tables::Table": "its rows",
    "AWS::S3Tables::TableBucket": "its tables",
    "AWS::SDB::Domain": "its items",
    "AWS::SNS::Subscription": "the messages that wait for its subscriber",
    "AWS::SNS::Topic": "its subscriptions",
    "AWS::SQS::Queue": "its messages",
    "AWS::SecretsManager::Secret": "its value",
    "AWS::Timestream::Database": "its tables",
    "AWS::Timestream::InfluxDBInstance": "its points",
    "AWS::Timestream::Table": "its rows",
}
"""What each of them holds, in words that follow `with`."""

SNAPSHOT_BY_DEFAULT = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")
"""Types of which CloudFormation makes a snapshot when they are deleted, unless their template says otherwise.

Of an instance that belongs to no cluster. Source:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html, read 2026-11-29
"""

REFUSED_WHILE_FULL = ("AWS::S3::Bucket", "AWS::ECR::Repository")
"""Types whose deletion fails while they hold anything; the stack is then left as it is.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html, read 2026-11-29
"""

TELLS_NOBODY = (
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::CloudWatch::Dashboard",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)
"""Types of which another with the same content is the same: nothing is kept in them, and nobody knows them by their name."""

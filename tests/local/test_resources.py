"""Resources of every type: what the template says is what the API then tells; changed, and taken away again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from streaming_constructs.local.aws.deployment import deploy, stacks_of
from streaming_constructs.local.aws.resources import RESOURCE_TYPES
from streaming_constructs.spec.finding import SpecError
from tests.local.conftest import write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from streaming_constructs.local.aws.embedded_aws import EmbeddedAws

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "firehose.amazonaws.com"}}],
}
ALLOWS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}
REFUSES = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": "*"}}],
}


@dataclass(frozen=True)
class Case:
    """A resource, what else it needs, and how to look at it.

    Attributes:
        type: Its type.
        properties: As the template has them.
        look: Asks the API: called with the client of a service and what `Ref` gave.
        service: The service that is asked.
        is_: What the API tells.
        change: Other properties, put over the first.
        becomes: What the API tells then.
        beside: Other resources of the same stack.
    """

    type: str
    properties: Mapping[str, Any]
    service: str
    look: Callable[[Any, str], Any]
    is_: Any
    change: Mapping[str, Any] | None = None
    becomes: Any = None
    beside: Mapping[str, Any] | None = None


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def attribute(name: str, of: str = "Arn") -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, of]}


ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
STREAM = {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}}
QUEUE = {"Type": "AWS::SQS::Queue"}
TOPIC = {"Type": "AWS::SNS::Topic"}
BUCKET = {"Type": "AWS::S3::Bucket"}
FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Code": {"ZipFile": "def handler(event, context): ..."},
        "Handler": "index.handler",
        "Role": attribute("Role"),
        "Runtime": "python3.13",
    },
}
DATABASE = {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "1", "DatabaseInput": {"Name": "archive_db"}}}


def queue_attributes(*names: str) -> Callable[[Any, str], Any]:
    def look(sqs: Any, url: str) -> Any:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return [found.get(name) for name in names]

    return look


def table_told(dynamodb: Any, name: str) -> Any:
    found = dynamodb.describe_table(TableName=name)["Table"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return [
        [(key["AttributeName"], key["KeyType"]) for key in found["KeySchema"]],
        found["BillingModeSummary"]["BillingMode"],
        expiry.get("AttributeName") if expiry["TimeToLiveStatus"] == "ENABLED" else None,
        backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        found.get("StreamSpecification", {}).get("StreamViewType"),
    ]


TABLE = {
    "AttributeDefinitions": [
        {"AttributeName": "user_id", "AttributeType": "S"},
        {"AttributeName": "at", "AttributeType": "N"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "user_id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    "SSESpecification": {"SSEEnabled": True},
    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
    "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
}
TABLE_KEYS = [("user_id", "HASH"), ("at", "RANGE")]

CASES = [
    Case(
        "AWS::DynamoDB::Table",
        TABLE,
        "dynamodb",
        table_told,
        [TABLE_KEYS, "PAY_PER_REQUEST", "expires_at", "ENABLED", "NEW_IMAGE"],
        {
            "BillingMode": "PROVISIONED",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
            "StreamSpecification": None,
            "TimeToLiveSpecification": None,
        },
        [TABLE_KEYS, "PROVISIONED", None, "DISABLED", None],
    ),
    Case(
        "AWS::Kinesis::StreamConsumer",
        {"ConsumerName": "fan-out", "StreamARN": attribute("Stream")},
        "kinesis",
        lambda kinesis, arn: kinesis.describe_stream_consumer(ConsumerARN=arn)["ConsumerDescription"]["ConsumerName"],
        "fan-out",
        beside={"Stream": STREAM},
    ),
    Case(
        "AWS::Lambda::Function",
        {
            **FUNCTION["Properties"],  # type: ignore[dict-item]
            "Architectures": ["arm64"],
            "Environment": {"Variables": {"LIMIT": "5"}},
            "Layers": ["arn:aws:lambda:us-east-1:017000801446:layer:Powertools:7"],
            "MemorySize": 512,
            "ReservedConcurrentExecutions": 3,
            "Timeout": "30",
        },
        "lambda",
        lambda lambda_, name: [
            (found := lambda_.get_function(FunctionName=name)["Configuration"])["Timeout"],
            found["MemorySize"],
            found["Environment"]["Variables"],
            found["Layers"][0]["Arn"],
            found["Architectures"],
            lambda_.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"],
        ],
        [30, 512, {"LIMIT": "5"}, "arn:aws:lambda:us-east-1:017000801446:layer:Powertools:7", ["arm64"], 3],
        {"Environment": {"Variables": {"LIMIT": "6"}}, "MemorySize": 1024},
        [30, 1024, {"LIMIT": "6"}, "arn:aws:lambda:us-east-1:017000801446:layer:Powertools:7", ["arm64"], 3],
        {"Role": ROLE},
    ),
    Case(
        "AWS::Lambda::EventSourceMapping",
        {
            "BatchSize": 200,
            "BisectBatchOnFunctionError": True,
            "DestinationConfig": {"OnFailure": {"Destination": attribute("Queue")}},
            "EventSourceArn": attribute("Stream"),
            "FunctionName": ref("Function"),
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "MaximumRetryAttempts": 5,
            "StartingPosition": "TRIM_HORIZON",
        },
        "lambda",
        lambda lambda_, uuid: [
            lambda_.get_event_source_mapping(UUID=uuid)[name]
            for name in ("BatchSize", "BisectBatchOnFunctionError", "FunctionResponseTypes", "MaximumRetryAttempts")
        ],
        [200, True, ["ReportBatchItemFailures"], 5],
        {"BatchSize": 100, "MaximumRetryAttempts": 2},
        [100, True, ["ReportBatchItemFailures"], 2],
        {"Role": ROLE, "Stream": STREAM, "Function": FUNCTION, "Queue": QUEUE},
    ),
    Case(
        "AWS::KinesisFirehose::DeliveryStream",
        {
            "DeliveryStreamType": "KinesisStreamAsSource",
            "ExtendedS3DestinationConfiguration": {
                "BucketARN": attribute("Bucket"),
                "BufferingHints": {"IntervalInSeconds": 900, "SizeInMBs": 128},
                "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
                "Prefix": "lake/!{timestamp:yyyy}/",
                "RoleARN": attribute("Role"),
            },
            "KinesisStreamSourceConfiguration": {
                "KinesisStreamARN": attribute("Stream"),
                "RoleARN": attribute("Role"),
            },
        },
        "firehose",
        lambda firehose, name: firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"][
            "Destinations"
        ][0]["ExtendedS3DestinationDescription"]["BufferingHints"],
        {"IntervalInSeconds": 900, "SizeInMBs": 128},
        {
            "ExtendedS3DestinationConfiguration": {
                "BucketARN": attribute("Bucket"),
                "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 64},
                "RoleARN": attribute("Role"),
            }
        },
        {"IntervalInSeconds": 60, "SizeInMBs": 64},
        {"Role": ROLE, "Stream": STREAM, "Bucket": BUCKET},
    ),
    Case(
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/a"}}
                ]
            },
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "ExpirationInDays": 30,
                        "Id": "old",
                        "Status": "Enabled",
                        "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 7}],
                    }
                ]
            },
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
            "VersioningConfiguration": {"Status": "Enabled"},
        },
        "s3",
        lambda s3, name: [
            s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0][
                "ApplyServerSideEncryptionByDefault"
            ]["SSEAlgorithm"],
            [
                (rule["Expiration"]["Days"], rule["Transitions"][0]["Days"])
                for rule in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
            ],
            s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]["BlockPublicAcls"],
            s3.get_bucket_versioning(Bucket=name)["Status"],
        ],
        ["aws:kms", [(30, 7)], True, "Enabled"],
        {
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "ExpirationInDays": 60,
                        "Status": "Enabled",
                        "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 8}],
                    }
                ]
            }
        },
        ["aws:kms", [(60, 8)], True, "Enabled"],
    ),
    Case(
        "AWS::S3::BucketPolicy",
        {
            "Bucket": ref("Bucket"),
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Action": "s3:*",
                        "Resource": "*",
                        "Principal": "*",
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": "*"},
                ],
            },
        },
        "s3",
        lambda s3, _: [
            statement["Effect"]
            for bucket in s3.list_buckets()["Buckets"]
            if "bucketpolicy" in bucket["Name"]
            for statement in json.loads(s3.get_bucket_policy(Bucket=bucket["Name"])["Policy"])["Statement"]
        ],
        ["Allow"],
        beside={"Bucket": BUCKET},
    ),
    Case(
        "AWS::SQS::Queue",
        {"KmsMasterKeyId": "alias/queue", "MessageRetentionPeriod": 1209600, "VisibilityTimeout": "60"},
        "sqs",
        queue_attributes("KmsMasterKeyId", "MessageRetentionPeriod", "VisibilityTimeout"),
        ["alias/queue", "1209600", "60"],
        {"MessageRetentionPeriod": 3600},
        ["alias/queue", "3600", "60"],
    ),
    Case(
        "AWS::SQS::QueuePolicy",
        {"PolicyDocument": ALLOWS, "Queues": [ref("Queue")]},
        "sqs",
        lambda sqs, _: [
            json.loads(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])[
                "Statement"
            ][0]["Effect"]
            for url in sqs.list_queues(QueueNamePrefix="SQSQueuePolicy")["QueueUrls"]
        ],
        ["Allow"],
        {"PolicyDocument": REFUSES},
        ["Deny"],
        {"Queue": QUEUE},
    ),
    Case(
        "AWS::SNS::Topic",
        {"DisplayName": "On call", "KmsMasterKeyId": "alias/topic"},
        "sns",
        lambda sns, arn: [
            sns.get_topic_attributes(TopicArn=arn)["Attributes"][name] for name in ("DisplayName", "KmsMasterKeyId")
        ],
        ["On call", "alias/topic"],
        {"DisplayName": "Nobody"},
        ["Nobody", "alias/topic"],
    ),
    Case(
        "AWS::SNS::TopicPolicy",
        {"PolicyDocument": ALLOWS, "Topics": [ref("Topic")]},
        "sns",
        lambda sns, _: [
            json.loads(sns.get_topic_attributes(TopicArn=one["TopicArn"])["Attributes"]["Policy"])["Statement"][0][
                "Effect"
            ]
            for one in sns.list_topics()["Topics"]
            if "SNSTopicPolicy" in one["TopicArn"]
        ],
        ["Allow"],
        {"PolicyDocument": REFUSES},
        ["Deny"],
        {"Topic": TOPIC},
    ),
    Case(
        "AWS::SNS::Subscription",
        {"Endpoint": "oncall@example.com", "Protocol": "email", "TopicArn": ref("Topic")},
        "sns",
        lambda sns, arn: sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["Endpoint"],
        "oncall@example.com",
        {"Endpoint": "nobody@example.com"},
        "nobody@example.com",
        {"Topic": TOPIC},
    ),
    Case(
        "AWS::Glue::Database",
        {"CatalogId": ref("AWS::AccountId"), "DatabaseInput": {"Name": "one_database", "Description": "clicks"}},
        "glue",
        lambda glue, name: glue.get_database(Name=name)["Database"]["Description"],
        "clicks",
        {"DatabaseInput": {"Name": "one_database", "Description": "more clicks"}},
        "more clicks",
    ),
    Case(
        "AWS::Glue::Table",
        {
            "CatalogId": "1",
            "DatabaseName": ref("Database"),
            "TableInput": {
                "Name": "clicks",
                "PartitionKeys": [{"Name": "day", "Type": "string"}],
                "StorageDescriptor": {"Columns": [{"Name": "page", "Type": "string"}], "Location": "s3://b/clicks/"},
            },
        },
        "glue",
        lambda glue, name: [
            column["Name"]
            for column in glue.get_table(DatabaseName="archive_db", Name=name)["Table"]["StorageDescriptor"]["Columns"]
        ],
        ["page"],
        {
            "TableInput": {
                "Name": "clicks",
                "StorageDescriptor": {
                    "Columns": [{"Name": "page", "Type": "string"}, {"Name": "user", "Type": "string"}]
                },
            }
        },
        ["page", "user"],
        {"Database": DATABASE},
    ),
    Case(
        "AWS::Athena::WorkGroup",
        {
            "Name": "readers",
            "RecursiveDeleteOption": True,
            "WorkGroupConfiguration": {"BytesScannedCutoffPerQuery": 10_000_000, "EnforceWorkGroupConfiguration": True},
        },
        "athena",
        lambda athena, name: athena.get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"][
            "BytesScannedCutoffPerQuery"
        ],
        10_000_000,
    ),
    Case(
        "AWS::Athena::NamedQuery",
        {"Database": "archive_db", "Name": "first look", "QueryString": "SELECT 1"},
        "athena",
        lambda athena, query: athena.get_named_query(NamedQueryId=query)["NamedQuery"]["QueryString"],
        "SELECT 1",
        {"QueryString": "SELECT 2"},
        "SELECT 2",
    ),
    Case(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": TRUST,
            "Description": "reads",
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            "Policies": [{"PolicyName": "inline", "PolicyDocument": ALLOWS}],
        },
        "iam",
        lambda iam, name: [
            iam.get_role(RoleName=name)["Role"]["Description"],
            [one["PolicyName"] for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]],
            iam.list_role_policies(RoleName=name)["PolicyNames"],
        ],
        ["reads", ["AWSLambdaBasicExecutionRole"], ["inline"]],
        {"Description": "to", "ManagedPolicyArns": [], "Policies": []},
        ["to", [], []],
    ),
    Case(
        "AWS::IAM::ManagedPolicy",
        {"PolicyDocument": ALLOWS, "Roles": [ref("Role")]},
        "iam",
        lambda iam, arn: [
            (policy := iam.get_policy(PolicyArn=arn)["Policy"])["AttachmentCount"],
            iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]["Document"][
                "Statement"
            ][0]["Effect"],
        ],
        [1, "Allow"],
        {"PolicyDocument": REFUSES, "Roles": []},
        [0, "Deny"],
        {"Role": ROLE},
    ),
    Case(
        "AWS::IAM::InstanceProfile",
        {"Roles": [ref("Role")]},
        "iam",
        lambda iam, name: len(iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]),
        1,
        beside={"Role": ROLE},
    ),
    Case(
        "AWS::KMS::Key",
        {"Description": "of clicks", "EnableKeyRotation": True, "KeyPolicy": KEY_POLICY},
        "kms",
        lambda kms, key: [
            kms.describe_key(KeyId=key)["KeyMetadata"]["Description"],
            kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
        ],
        ["of clicks", True],
        {"Description": "of payments", "EnableKeyRotation": False},
        ["of payments", False],
    ),
    Case(
        "AWS::Logs::LogGroup",
        {"RetentionInDays": 30, "Tags": [{"Key": "owner", "Value": "growth"}]},
        "logs",
        lambda logs, name: logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0].get("retentionInDays"),
        30,
        {"RetentionInDays": 7},
        7,
    ),
    Case(
        "AWS::Logs::LogStream",
        {"LogGroupName": ref("Group"), "LogStreamName": "Delivery"},
        "logs",
        lambda _, name: name,
        "Delivery",
        beside={"Group": {"Type": "AWS::Logs::LogGroup"}},
    ),
    Case(
        "AWS::Logs::ResourcePolicy",
        {"PolicyDocument": json.dumps(ALLOWS), "PolicyName": "search-logs"},
        "logs",
        lambda logs, name: [
            json.loads(one["policyDocument"])["Statement"][0]["Effect"]
            for one in logs.describe_resource_policies()["resourcePolicies"]
            if one["policyName"] == name
        ],
        ["Allow"],
        {"PolicyDocument": json.dumps(REFUSES)},
        ["Deny"],
    ),
    Case(
        "AWS::Logs::SubscriptionFilter",
        {
            "DestinationArn": attribute("Stream"),
            "FilterPattern": "ERROR",
            "LogGroupName": ref("Group"),
            "RoleArn": attribute("Role"),
        },
        "logs",
        lambda logs, name: [
            one["filterPattern"]
            for group in logs.describe_log_groups(logGroupNamePrefix="LogsSubscriptionFilter")["logGroups"]
            for one in logs.describe_subscription_filters(logGroupName=group["logGroupName"])["subscriptionFilters"]
            if one["filterName"] == name
        ],
        ["ERROR"],
        {"FilterPattern": "WARN"},
        ["WARN"],
        {"Group": {"Type": "AWS::Logs::LogGroup"}, "Stream": STREAM, "Role": ROLE},
    ),
    Case(
        "AWS::Logs::Destination",
        {
            "DestinationName": "from-others",
            "DestinationPolicy": json.dumps(ALLOWS),
            "RoleArn": attribute("Role"),
            "TargetArn": attribute("Stream"),
        },
        "logs",
        lambda logs, name: json.loads(
            logs.describe_destinations(DestinationNamePrefix=name)["destinations"][0]["accessPolicy"]
        )["Statement"][0]["Effect"],
        "Allow",
        {"DestinationPolicy": json.dumps(REFUSES)},
        "Deny",
        {"Stream": STREAM, "Role": ROLE},
    ),
    Case(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmActions": [ref("Topic")],
            "ComparisonOperator": "GreaterThanThreshold",
            "DatapointsToAlarm": 5,
            "Dimensions": [{"Name": "StreamName", "Value": "clicks"}],
            "EvaluationPeriods": 5,
            "MetricName": "IncomingBytes",
            "Namespace": "AWS/Kinesis",
            "Period": 60,
            "Statistic": "Sum",
            "Threshold": 1000,
            "TreatMissingData": "notBreaching",
        },
        "cloudwatch",
        lambda cloudwatch, name: [
            (alarm := cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0])["Threshold"],
            alarm["Dimensions"],
            alarm["TreatMissingData"],
            alarm["DatapointsToAlarm"],
        ],
        [1000.0, [{"Name": "StreamName", "Value": "clicks"}], "notBreaching", 5],
        {"Threshold": 2000},
        [2000.0, [{"Name": "StreamName", "Value": "clicks"}], "notBreaching", 5],
        {"Topic": TOPIC},
    ),
    Case(
        "AWS::CloudWatch::Dashboard",
        {"DashboardBody": '{"widgets": []}'},
        "cloudwatch",
        lambda cloudwatch, name: cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"],
        '{"widgets": []}',
        {"DashboardBody": '{"widgets": [], "start": "-PT3H"}'},
        '{"widgets": [], "start": "-PT3H"}',
    ),
    Case(
        "AWS::SSM::Parameter",
        {"Name": "/agent/json", "Type": "String", "Value": "{}"},
        "ssm",
        lambda ssm, name: ssm.get_parameter(Name=name)["Parameter"]["Value"],
        "{}",
        {"Value": '{"flows": []}'},
        '{"flows": []}',
    ),
    Case(
        "AWS::ApiGateway::RestApi",
        {"Name": "requests", "Description": "takes requests"},
        "apigateway",
        lambda api, id_: [(found := api.get_rest_api(restApiId=id_))["name"], found["description"]],
        ["requests", "takes requests"],
        {"Description": "takes orders"},
        ["requests", "takes orders"],
    ),
    Case(
        "AWS::ApiGateway::ApiKey",
        {"Name": "callers", "Enabled": True, "Value": "a-value-of-twenty-signs"},
        "apigateway",
        lambda api, id_: [(found := api.get_api_key(apiKey=id_, includeValue=True))["value"], found["enabled"]],
        ["a-value-of-twenty-signs", True],
        {"Enabled": False},
        ["a-value-of-twenty-signs", False],
    ),
]
IDS = [case.type for case in CASES]
OF_MSK = {f"AWS::MSK::{name}" for name in ("Cluster", "ClusterPolicy", "Configuration", "ServerlessCluster", "Topic")}
"""Types that no API answers for; their tests are in test_msk_resources.py."""
OF_API = {
    f"AWS::ApiGateway::{name}"
    for name in (
        *("Deployment", "GatewayResponse", "Method", "Model", "RequestValidator"),
        *("Resource", "Stage", "UsagePlan", "UsagePlanKey"),
    )
}
"""Types that are read when an API is called; their tests are in test_api_gateway.py."""
OF_FLINK = {
    "AWS::KinesisAnalyticsV2::Application",
    "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
}
BY_TEMPLATE_ALONE = {
    "AWS::ApiGateway::Authorizer",
    "AWS::Lambda::Permission",
    "AWS::SecretsManager::Secret",
    "Custom::S3AutoDeleteObjects",
    *OF_API,
    *OF_MSK,
    *OF_FLINK,
}
"""Types with tests of their own, there or below."""


def stack_of(case: Case) -> str:
    return case.type.replace("AWS::", "").replace("::", "")


def deployed(embedded: EmbeddedAws, folder: Path, name: str, resources: Mapping[str, Any], **more: Any) -> None:
    deploy(embedded.aws, stacks_of(write_assembly(folder, name, resources, **more))[0])


def physical_id(embedded: EmbeddedAws, stack: str, logical_id: str = "It") -> str:
    (found,) = (
        one.physical_id
        for one in embedded.cloudformation.deployed()
        if (one.stack, one.logical_id) == (stack, logical_id)
    )
    return found


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_the_template_says_is_what_the_api_tells(embedded: EmbeddedAws, tmp_path: Path, case: Case) -> None:
    stack, client = stack_of(case), embedded.aws.client(case.service)
    resources = {**(case.beside or {}), "It": {"Type": case.type, "Properties": dict(case.properties)}}
    deployed(embedded, tmp_path, stack, resources)
    assert case.look(client, physical_id(embedded, stack)) == case.is_
    if case.change is not None:
        resources["It"] = {"Type": case.type, "Properties": {**case.properties, **case.change}}
        deployed(embedded, tmp_path, stack, resources)
        assert case.look(client, physical_id(embedded, stack)) == case.becomes
    before = physical_id(embedded, stack)
    embedded.aws.client("cloudformation").delete_stack(StackName=stack)
    assert [one for one in embedded.cloudformation.deployed() if one.stack == stack] == []
    if case.type in {"AWS::KMS::Key", "AWS::Logs::LogStream"}:
        return  # a key waits for its deletion; a log stream goes with its group
    try:
        left = case.look(client, before)
    except (ClientError, IndexError, KeyError):
        left = None
    assert left in (None, [])


def test_every_type_has_a_case() -> None:
    real = {name for name, one in RESOURCE_TYPES.items() if not one.record_only}
    assert real == {*IDS, *BY_TEMPLATE_ALONE}


def test_a_bucket_that_empties_itself_goes_with_its_objects(embedded: EmbeddedAws, tmp_path: Path) -> None:
    empties = {
        "Type": "Custom::S3AutoDeleteObjects",
        "Properties": {"BucketName": ref("Bucket"), "ServiceToken": "arn:aws:lambda:us-east-1:1:function:f"},
    }
    versioned = {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}}
    deployed(embedded, tmp_path, "Disposable", {"Bucket": versioned, "Empties": empties})
    bucket, s3 = physical_id(embedded, "Disposable", "Bucket"), embedded.aws.client("s3")
    for body in (b"one", b"two"):
        s3.put_object(Bucket=bucket, Key="key", Body=body)
    embedded.aws.client("cloudformation").delete_stack(StackName="Disposable")
    assert bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]


def test_what_is_to_be_kept_stays_when_the_stack_goes(embedded: EmbeddedAws, tmp_path: Path) -> None:
    kept = {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain"}
    deployed(embedded, tmp_path, "Keeps", {"Kept": kept, "Other": QUEUE})
    url, other = (physical_id(embedded, "Keeps", name) for name in ("Kept", "Other"))
    embedded.aws.client("cloudformation").delete_stack(StackName="Keeps")
    left = embedded.aws.client("sqs").list_queues(QueueNamePrefix="Keeps")["QueueUrls"]
    assert (url in left, other in left) == (True, False)


def test_what_is_to_be_kept_stays_when_it_leaves_the_template(embedded: EmbeddedAws, tmp_path: Path) -> None:
    kept = {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain"}
    deployed(embedded, tmp_path, "Loses", {"Kept": kept, "Other": QUEUE, "Third": TOPIC})
    urls = [physical_id(embedded, "Loses", name) for name in ("Kept", "Other")]
    deployed(embedded, tmp_path, "Loses", {"Third": TOPIC})
    left = embedded.aws.client("sqs").list_queues(QueueNamePrefix="Loses")["QueueUrls"]
    assert [url in left for url in urls] == [True, False]


def test_a_create_only_property_replaces_the_resource(embedded: EmbeddedAws, tmp_path: Path) -> None:
    for name in ("before", "after"):
        deployed(embedded, tmp_path, "Renames", {"It": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}})
    names = [url.rpartition("/")[2] for url in embedded.aws.client("sqs").list_queues()["QueueUrls"]]
    assert ("before" in names, "after" in names) == (False, True)


def test_a_table_whose_key_changes_is_another_and_empty_one(embedded: EmbeddedAws, tmp_path: Path) -> None:
    deployed(embedded, tmp_path, "Keyed", {"It": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE}})
    before, dynamodb = physical_id(embedded, "Keyed"), embedded.aws.client("dynamodb")
    dynamodb.put_item(TableName=before, Item={"user_id": {"S": "a"}, "at": {"N": "1"}})
    changed = {
        **TABLE,
        "AttributeDefinitions": TABLE["AttributeDefinitions"][:1],  # type: ignore[index]
        "KeySchema": TABLE["KeySchema"][:1],  # type: ignore[index]
    }
    kept = {"Type": "AWS::DynamoDB::Table", "UpdateReplacePolicy": "Retain", "Properties": changed}
    deployed(embedded, tmp_path, "Keyed", {"It": kept})
    after = physical_id(embedded, "Keyed")
    assert after != before
    assert dynamodb.scan(TableName=after)["Items"] == []
    assert dynamodb.scan(TableName=before)["Count"] == 1


def test_items_expire_by_another_attribute_only_once_they_expire_by_none(embedded: EmbeddedAws, tmp_path: Path) -> None:
    for attribute_ in ("expires_at", "until"):
        asked = {"AttributeName": attribute_, "Enabled": True}
        table = {"Type": "AWS::DynamoDB::Table", "Properties": {**TABLE, "TimeToLiveSpecification": asked}}
        if attribute_ == "expires_at":
            deployed(embedded, tmp_path, "Expires", {"It": table})
            continue
        with pytest.raises(SpecError) as failed:
            deployed(embedded, tmp_path, "Expires", {"It": table})
        assert "items expire by expires_at already" in failed.value.findings[0].note


def test_nothing_changes_when_the_same_is_deployed_again(embedded: EmbeddedAws, tmp_path: Path) -> None:
    deployed(embedded, tmp_path, "Twice", {"It": QUEUE})
    before = physical_id(embedded, "Twice")
    deployed(embedded, tmp_path, "Twice", {"It": QUEUE})
    events = embedded.aws.client("cloudformation").describe_stack_events(StackName="Twice")["StackEvents"]
    assert physical_id(embedded, "Twice") == before
    assert [one["ResourceStatus"] for one in reversed(events)] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_all_that_cannot_be_created_is_said_at_once_and_before_anything_is(
    embedded: EmbeddedAws, tmp_path: Path
) -> None:
    resources = {
        "Machine": {"Type": "AWS::StepFunctions::StateMachine"},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "blue", "Age": 7}},
        "Stream": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1, "Depth": 3}},
        "Fine": TOPIC,
    }
    with pytest.raises(SpecError) as refused:
        deployed(embedded, tmp_path, "Cannot", resources)
    assert [(finding.code, finding.note) for finding in refused.value.findings] == [
        (
            "LOC955",
            "Machine: AWS::StepFunctions::StateMachine is not among the types that can be created on this machine",
        ),
        ("LOC955", "Queue: AWS::SQS::Queue has properties that have no effect here: Age, Colour"),
        ("LOC955", "Stream: AWS::Kinesis::Stream has properties that have no effect here: Depth"),
    ]
    stacks = embedded.aws.client("cloudformation").describe_stacks()["Stacks"]
    assert "Cannot" not in [one["StackName"] for one in stacks]


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"Type": "AWS::KMS::Key", "Properties": {}}, "It: 'KeyPolicy' is missing"),
        (
            {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::GetAtt": ["Other", "Colour"]}}},
            "resource Other does not support attribute type Colour in Fn::GetAtt",
        ),
    ],
)
def test_what_the_api_refuses_fails_the_deployment_and_leaves_nothing(
    embedded: EmbeddedAws, tmp_path: Path, resource: dict[str, Any], said: str
) -> None:
    with pytest.raises(SpecError) as failed:
        deployed(embedded, tmp_path, "Fails", {"Other": {"Type": "AWS::SNS::Topic"}, "It": resource})
    (finding,) = failed.value.findings
    assert finding.code == "LOC955"
    assert said in finding.note
    assert [one for one in embedded.aws.client("sns").list_topics()["Topics"] if "Fails" in one["TopicArn"]] == []
    status = embedded.aws.client("cloudformation").describe_stacks(StackName="Fails")["Stacks"][0]["StackStatus"]
    assert status == "ROLLBACK_COMPLETE"
    embedded.aws.client("cloudformation").delete_stack(StackName="Fails")


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (
            {"Type": "AWS::StepFunctions::StateMachine"},
            "AWS::StepFunctions::StateMachine is not among the types that can be created on this machine",
        ),
        (
            {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "blue"}},
            "It: AWS::SQS::Queue has properties that have no effect here: Colour",
        ),
    ],
)
def test_what_others_deploy_is_refused_as_well(embedded: EmbeddedAws, resource: dict[str, Any], said: str) -> None:
    cloudformation = embedded.aws.client("cloudformation")
    with pytest.raises(ClientError, match=said):
        cloudformation.create_stack(StackName="Theirs", TemplateBody=json.dumps({"Resources": {"It": resource}}))
    cloudformation.delete_stack(StackName="Theirs")


def test_outputs_tell_what_was_created(embedded: EmbeddedAws, tmp_path: Path) -> None:
    outputs = {"Arn": {"Value": attribute("It")}, "Url": {"Value": ref("It")}}
    deployed(embedded, tmp_path, "Tells", {"It": QUEUE}, Outputs=outputs)
    stack = embedded.aws.client("cloudformation").describe_stacks(StackName="Tells")["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    name = physical_id(embedded, "Tells").rpartition("/")[2]
    assert outputs == {"Arn": f"arn:aws:sqs:us-east-1:123456789012:{name}", "Url": physical_id(embedded, "Tells")}


def test_what_is_written_down_alone_says_why(embedded: EmbeddedAws, tmp_path: Path) -> None:
    domain = {"Type": "AWS::OpenSearchService::Domain", "Properties": {"EngineVersion": "OpenSearch_2.19"}}
    deployed(
        embedded, tmp_path, "Names", {"It": domain}, Outputs={"Host": {"Value": attribute("It", "DomainEndpoint")}}
    )
    (found,) = (one for one in embedded.cloudformation.deployed() if one.stack == "Names")
    assert (found.type, found.record_only) == (
        "AWS::OpenSearchService::Domain",
        "no OpenSearch runs here; what would be indexed is counted",
    )


def test_a_parameter_of_the_systems_manager_is_filled_in(embedded: EmbeddedAws, tmp_path: Path) -> None:
    embedded.aws.client("ssm").put_parameter(Name="/host", Value="db.example.com", Type="String")
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "at {{resolve:ssm:/host}}"}}
    deployed(embedded, tmp_path, "Resolves", {"It": topic})
    arn = physical_id(embedded, "Resolves")
    attributes = embedded.aws.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["DisplayName"] == "at db.example.com"


def test_what_is_to_be_kept_stays_when_it_is_replaced(embedded: EmbeddedAws, tmp_path: Path) -> None:
    for name in ("first", "second"):
        kept = {"Type": "AWS::SQS::Queue", "UpdateReplacePolicy": "Retain", "Properties": {"QueueName": f"{name}-kept"}}
        deployed(embedded, tmp_path, "Replaces", {"It": kept})
    names = [url.rpartition("/")[2] for url in embedded.aws.client("sqs").list_queues()["QueueUrls"]]
    assert {"first-kept", "second-kept"} <= set(names)


def test_a_stream_that_is_to_be_kept_stays_when_it_leaves_the_template(embedded: EmbeddedAws, tmp_path: Path) -> None:
    deployed(
        embedded, tmp_path, "Streams", {"Kept": {**STREAM, "DeletionPolicy": "Retain"}, "Gone": STREAM, "It": TOPIC}
    )
    kept, gone = (physical_id(embedded, "Streams", name) for name in ("Kept", "Gone"))
    deployed(embedded, tmp_path, "Streams", {"It": TOPIC})
    left = embedded.aws.client("kinesis").list_streams()["StreamNames"]
    assert (kept in left, gone in left) == (True, False)


def dynamic(*, enabled: bool) -> dict[str, Any]:
    to = {
        "BucketARN": attribute("Bucket"),
        "DynamicPartitioningConfiguration": {"Enabled": enabled},
        "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
        "RoleARN": attribute("Role"),
    }
    properties = {"DeliveryStreamType": "DirectPut", "ExtendedS3DestinationConfiguration": to}
    stream = {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": properties}
    return {"Role": ROLE, "Bucket": BUCKET, "It": stream}


def test_dynamic_partitioning_cannot_be_begun_later(embedded: EmbeddedAws, tmp_path: Path) -> None:
    deployed(embedded, tmp_path, "Later", dynamic(enabled=False))
    with pytest.raises(SpecError) as failed:
        deployed(embedded, tmp_path, "Later", dynamic(enabled=True))
    assert "dynamic partitioning only when the stream is created" in failed.value.findings[0].note


def test_dynamic_partitioning_from_the_beginning_can_be_changed(embedded: EmbeddedAws, tmp_path: Path) -> None:
    for prefix in ("one/", "two/"):
        resources = dynamic(enabled=True)
        resources["It"]["Properties"]["ExtendedS3DestinationConfiguration"]["Prefix"] = prefix
        deployed(embedded, tmp_path, "Changed", resources)
    status = embedded.aws.client("cloudformation").describe_stacks(StackName="Changed")["Stacks"][0]["StackStatus"]
    assert status == "UPDATE_COMPLETE"


def test_a_bucket_that_exists_on_aws_stands_here_for_what_is_delivered_to_it(
    embedded: EmbeddedAws, tmp_path: Path
) -> None:
    to = {"BucketARN": "arn:aws:s3:::theirs", "RoleARN": "arn:aws:iam::123456789012:role/delivery"}
    delivery = {
        "Type": "AWS::KinesisFirehose::DeliveryStream",
        "Properties": {"DeliveryStreamType": "DirectPut", "ExtendedS3DestinationConfiguration": to},
    }
    deployed(embedded, tmp_path, "Delivers", {"It": delivery})
    embedded.aws.client("s3").put_object(Bucket="theirs", Key="a", Body=b"1")
    deployed(embedded, tmp_path, "DeliversToo", {"It": delivery})
    assert embedded.aws.client("s3").get_object(Bucket="theirs", Key="a")["Body"].read() == b"1"

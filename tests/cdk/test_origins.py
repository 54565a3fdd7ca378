"""Created, adopted or imported: whatever is brought, consumers, permissions and alarms come out the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from streaming_constructs import (
    AgentFile,
    AlarmsSpec,
    CloudWatchLogsProducer,
    CloudWatchLogsProducerSpec,
    CustomerManagedKey,
    DeliverySpec,
    FailedBackup,
    GlueDatabase,
    KinesisAgentProducer,
    KinesisAgentProducerSpec,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    NotificationTopic,
    NotifyEmail,
    OnFailure,
    OpenSearchDelivery,
    OpenSearchDestination,
    OpenSearchDomain,
    OpenSearchDomainSpec,
    OpenSearchServerlessDelivery,
    OpenSearchServerlessDestination,
    PipelineAlarms,
    Reader,
    S3Delivery,
    S3Destination,
    S3OnFailure,
    SnsOnFailure,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
    TransformSpec,
)
from streaming_constructs.testing import alarm_problems, policy_problems

ORIGINS = ["created", "adopted", "imported"]
ACCOUNT = "111122223333"
STREAM_ARN = f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/clicks"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def make_stream(bench: Any, origin: str) -> KinesisStream:
    readers = [Reader("Fraud")]
    if origin == "created":
        spec = KinesisStreamSpec(shards=2, encryption=CustomerManagedKey())
        return KinesisStream(bench.stack, "Clicks", spec=spec, readers=readers)
    if origin == "adopted":
        live = kinesis.Stream(bench.stack, "Live", encryption_key=kms.Key(bench.stack, "Key"))
        return KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=2), stream=live, readers=readers)
    key = CustomerManagedKey(kms_key_arn=KEY_ARN)
    spec = KinesisStreamSpec(arn=STREAM_ARN, shards=2, encryption=key)
    return KinesisStream(bench.stack, "Clicks", spec=spec, readers=readers)


def on_failure(destination: Any) -> OnFailure:
    return OnFailure(retries=3, max_record_age_seconds=600, destination=destination)


@pytest.mark.parametrize("origin", ORIGINS)
def test_stream(bench: Any, code: str, origin: str) -> None:
    stream = make_stream(bench, origin)
    spec = LambdaConsumerSpec(from_="clicks", code=code, on_failure=on_failure(SqsOnFailure()))
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream, spec=spec)
    PipelineAlarms(bench.stack, "Alarms", nodes=[stream, consumer])
    assert stream.encryption_key is not None
    arn, key = (bench.stack.resolve(one) for one in (stream.stream.stream_arn, stream.encryption_key.key_arn))
    assert bench.only("AWS::Lambda::EventSourceMapping")["EventSourceArn"] == arn
    assert "kinesis:GetRecords" in bench.allowed_on(arn)
    assert "kms:Decrypt" in bench.allowed_on(key)
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


def make_function(bench: Any, origin: str) -> lambda_.IFunction | None:
    if origin == "created":
        return None
    inline = lambda_.Code.from_inline("def handler(event, context): pass")
    live = lambda_.Function(
        bench.stack, "Live", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=inline
    )
    if origin == "adopted":
        return live
    return lambda_.Function.from_function_attributes(
        bench.stack, "Imported", function_arn=live.function_arn, role=live.role, same_environment=True
    )


@pytest.mark.parametrize("origin", ORIGINS)
def test_function(bench: Any, code: str, origin: str) -> None:
    function = make_function(bench, origin)
    stream = make_stream(bench, "created")
    spec = LambdaConsumerSpec(
        from_="clicks", code=code if function is None else None, on_failure=on_failure(SqsOnFailure())
    )
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream, spec=spec, function=function)
    PipelineAlarms(bench.stack, "Alarms", nodes=[consumer])
    assert consumer.permissions is not None
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    assert list(alarm_problems(bench.template)) == []


KINDS: dict[str, Any] = {
    "sqs": (SqsOnFailure, lambda stack: sqs.Queue(stack, "Live"), f"arn:aws:sqs:eu-west-1:{ACCOUNT}:dead"),
    "sns": (SnsOnFailure, lambda stack: sns.Topic(stack, "Live"), f"arn:aws:sns:eu-west-1:{ACCOUNT}:dead"),
    "s3": (S3OnFailure, lambda stack: s3.Bucket(stack, "Live"), "arn:aws:s3:::dead-batches"),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("origin", ORIGINS)
def test_failure_destination(bench: Any, code: str, kind: str, origin: str) -> None:
    model, live, arn = KINDS[kind]
    noun = {"sqs": "queue", "sns": "topic", "s3": "bucket"}[kind]
    field = "bucket" if kind == "s3" else f"{noun}_arn"
    spec = LambdaConsumerSpec(
        from_="clicks", code=code, on_failure=on_failure(model(**({field: arn} if origin == "imported" else {})))
    )
    consumer = LambdaConsumer(
        bench.stack,
        "Fraud",
        source=make_stream(bench, "created"),
        spec=spec,
        failures=live(bench.stack) if origin == "adopted" else None,
    )
    PipelineAlarms(bench.stack, "Alarms", nodes=[consumer])
    destination = bench.stack.resolve(getattr(consumer.failures, f"{noun}_arn"))
    assert bench.only("AWS::Lambda::EventSourceMapping")["DestinationConfig"]["OnFailure"]["Destination"] == destination
    assert {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "s3": "s3:ListBucket"}[kind] in bench.allowed_on(
        destination
    )
    assert list(alarm_problems(bench.template)) == []


@pytest.mark.parametrize("origin", ORIGINS)
def test_topic(bench: Any, origin: str) -> None:
    stream = make_stream(bench, "created")
    arn = f"arn:aws:sns:eu-west-1:{ACCOUNT}:oncall"
    live = {"created": None, "adopted": lambda: sns.Topic(bench.stack, "Live")}.get(
        origin, lambda: sns.Topic.from_topic_arn(bench.stack, "Imported", arn)
    )
    topic = live() if live else None
    alarms = PipelineAlarms(
        bench.stack,
        "Alarms",
        nodes=[stream],
        spec=AlarmsSpec(notify=() if topic else (NotifyEmail(email="oncall@example.com"),)),
        notify=[topic] if topic else [],
    )
    told = topic or alarms.topic
    assert told is not None
    actions = [one["Properties"]["AlarmActions"] for one in bench.of_type("AWS::CloudWatch::Alarm").values()]
    assert actions == [[bench.stack.resolve(told.topic_arn)]] * len(alarms.plans)


DELIVERY_STREAM = "AWS::KinesisFirehose::DeliveryStream"
BUCKET_ARN = "arn:aws:s3:::records"
FUNCTION_ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:existing:live"
DOMAIN_ARN = f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/search"


def live_bucket(stack: cdk.Stack) -> s3.Bucket:
    return s3.Bucket(stack, "Live", encryption_key=kms.Key(stack, "Key"))


def live_function(stack: cdk.Stack) -> lambda_.Function:
    inline = lambda_.Code.from_inline("def handler(event, context): pass")
    return lambda_.Function(stack, "Live", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=inline)


def live_role(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Live", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))


def live_domain(stack: cdk.Stack) -> opensearch.Domain:
    return opensearch.Domain(stack, "Live", version=opensearch.EngineVersion.OPENSEARCH_2_19)


def live_stream(stack: cdk.Stack) -> kinesis.Stream:
    return kinesis.Stream(stack, "Live", encryption_key=kms.Key(stack, "Key"))


@pytest.mark.parametrize("origin", ORIGINS)
def test_source_of_a_delivery(bench: Any, origin: str) -> None:
    stream = make_stream(bench, origin)
    spec = DeliverySpec(from_="clicks", to=S3Destination())
    delivery = S3Delivery(bench.stack, "Fraud", source=stream, spec=spec)
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=[delivery])
    assert stream.encryption_key is not None
    arn, key = (bench.stack.resolve(one) for one in (stream.stream.stream_arn, stream.encryption_key.key_arn))
    assert bench.only(DELIVERY_STREAM)["KinesisStreamSourceConfiguration"]["KinesisStreamARN"] == arn
    assert bench.allowed_on(arn) == {
        "kinesis:DescribeStream",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    }
    assert "kms:Decrypt" in bench.allowed_on(key)
    # The bucket is under the key of the stream, wherever that came from.
    (rule,) = bench.only("AWS::S3::Bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == key
    assert "Fraud.key_denied" in alarms.alarms
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


@pytest.mark.parametrize("origin", ORIGINS)
def test_bucket_of_an_archive(bench: Any, origin: str) -> None:
    to = {
        "created": S3Destination(encryption=CustomerManagedKey()),
        "adopted": S3Destination(),
        "imported": S3Destination(bucket=BUCKET_ARN, kms_key_arn=KEY_ARN),
    }[origin]
    bucket = live_bucket(bench.stack) if origin == "adopted" else None
    delivery = S3Delivery(bench.stack, "Lake", spec=DeliverySpec(to=to), bucket=bucket)
    arn = bench.stack.resolve(delivery.bucket.bucket_arn)
    key = bench.stack.resolve(delivery.bucket.encryption_key.key_arn)
    destination = bench.only(DELIVERY_STREAM)["ExtendedS3DestinationConfiguration"]
    assert destination["BucketARN"] == arn
    assert destination["EncryptionConfiguration"] == {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}}
    assert bench.allowed_on(arn) == {"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"}
    assert "kms:GenerateDataKey" in bench.allowed_on(key)
    assert len(bench.of_type("AWS::S3::Bucket")) == (0 if origin == "imported" else 1)


@pytest.mark.parametrize("origin", ORIGINS)
def test_backup_bucket(bench: Any, origin: str) -> None:
    backup = FailedBackup(bucket=BUCKET_ARN) if origin == "imported" else FailedBackup()
    to = OpenSearchServerlessDestination(
        collection_arn=f"arn:aws:aoss:eu-west-1:{ACCOUNT}:collection/abc123",
        collection_endpoint="https://abc123.eu-west-1.aoss.amazonaws.com",
        backup=backup,
    )
    bucket = live_bucket(bench.stack) if origin == "adopted" else None
    delivery = OpenSearchServerlessDelivery(bench.stack, "Index", spec=DeliverySpec(to=to), backup_bucket=bucket)
    assert delivery.backup_bucket is not None
    arn = bench.stack.resolve(delivery.backup_bucket.bucket_arn)
    destination = bench.only(DELIVERY_STREAM)["AmazonOpenSearchServerlessDestinationConfiguration"]
    assert destination["S3Configuration"]["BucketARN"] == arn
    assert "s3:ListBucket" in bench.allowed_on(arn)
    assert len(bench.of_type("AWS::S3::Bucket")) == (0 if origin == "imported" else 1)


@pytest.mark.parametrize("origin", ORIGINS)
def test_database(bench: Any, origin: str) -> None:
    database = GlueDatabase(bench.stack, "Live", description="Tables") if origin == "adopted" else None
    to = S3Destination(format="parquet", database="existing" if origin == "imported" else None)
    delivery = S3Delivery(bench.stack, "Lake", spec=DeliverySpec(to=to), schema={"page": "string"}, database=database)
    assert delivery.table is not None
    name = database.name if database else delivery.table.database_name
    assert (name == "existing") is (origin == "imported")
    assert bench.only("AWS::Glue::Table")["DatabaseName"] == name
    conversion = bench.only(DELIVERY_STREAM)["ExtendedS3DestinationConfiguration"]["DataFormatConversionConfiguration"]
    assert conversion["SchemaConfiguration"]["DatabaseName"] == name
    read = [one["Resource"] for one in bench.statements() if "glue:GetTableVersions" in one["Action"]]
    assert [str(one).endswith(f":table/{name}/lake']]}}") for one in read].count(True) == 1
    databases = [one["Properties"]["DatabaseInput"]["Name"] for one in bench.of_type("AWS::Glue::Database").values()]
    assert databases == ([] if origin == "imported" else [name])


@pytest.mark.parametrize("origin", ORIGINS)
def test_transform(bench: Any, code: str, origin: str) -> None:
    transform = {
        "created": TransformSpec(code=code),
        "adopted": TransformSpec(),
        "imported": TransformSpec(function_arn=FUNCTION_ARN),
    }[origin]
    function = live_function(bench.stack) if origin == "adopted" else None
    spec = DeliverySpec(transform=transform, to=S3Destination())
    delivery = S3Delivery(bench.stack, "Lake", spec=spec, transform=function)
    PipelineAlarms(bench.stack, "Alarms", nodes=[delivery])
    assert delivery.transform is not None
    # An alias is named as it is; of a function without one it is the newest code.
    arn = FUNCTION_ARN if origin == "imported" else f"{delivery.transform.function_arn}:$LATEST"
    arn = bench.stack.resolve(arn)
    processing = bench.only(DELIVERY_STREAM)["ExtendedS3DestinationConfiguration"]["ProcessingConfiguration"]
    (invoked,) = [one for one in processing["Processors"] if one["Type"] == "Lambda"]
    assert {"ParameterName": "LambdaArn", "ParameterValue": arn} in invoked["Parameters"]
    assert bench.allowed_on(arn) == {"lambda:GetFunctionConfiguration", "lambda:InvokeFunction"}
    assert len(bench.of_type("AWS::Lambda::Function")) == (0 if origin == "imported" else 1)
    assert list(alarm_problems(bench.template)) == []


def test_transform_without_any_function_is_refused(bench: Any) -> None:
    spec = DeliverySpec(transform=TransformSpec(), to=S3Destination())
    with pytest.raises(SpecError) as error:
        S3Delivery(bench.stack, "Lake", spec=spec)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("LAM501", "Lake.transform")]


@pytest.mark.parametrize("origin", ORIGINS)
def test_domain(bench: Any, origin: str) -> None:
    domain: Any = None
    to = OpenSearchDestination(domain="search")
    if origin == "created":
        domain = OpenSearchDomain(bench.stack, "Search", spec=OpenSearchDomainSpec())
    elif origin == "adopted":
        domain = live_domain(bench.stack)
    else:
        to = OpenSearchDestination(domain_arn=DOMAIN_ARN)
    delivery = OpenSearchDelivery(bench.stack, "Index", spec=DeliverySpec(to=to), domain=domain)
    PipelineAlarms(bench.stack, "Alarms", nodes=[delivery])
    arn = bench.stack.resolve(delivery.domain_arn)
    assert bench.only(DELIVERY_STREAM)["AmazonopensearchserviceDestinationConfiguration"]["DomainARN"] == arn
    assert {"es:DescribeDomain", "es:DescribeDomains", "es:DescribeDomainConfig"} <= bench.allowed_on(arn)
    # What is not ours is not set up either.
    assert (delivery.setup is not None) is (origin == "created")
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


@pytest.mark.parametrize("origin", ORIGINS)
def test_topic_that_is_written_to(bench: Any, code: str, origin: str) -> None:
    arn = f"arn:aws:sns:eu-west-1:{ACCOUNT}:told"
    live = sns.Topic(bench.stack, "Live", master_key=kms.Key(bench.stack, "Key")) if origin == "adopted" else None
    given = SnsTopicSpec(topic_arn=arn, kms_key_arn=KEY_ARN) if origin == "imported" else SnsTopicSpec()
    topic = NotificationTopic(bench.stack, "Told", spec=given, topic=live)
    spec = LambdaConsumerSpec(from_="clicks", code=code, on_failure=on_failure(SqsOnFailure()), to=("told",))
    LambdaConsumer(bench.stack, "Fraud", source=make_stream(bench, "created"), spec=spec, to={"told": topic})
    told = bench.stack.resolve(topic.topic.topic_arn)
    assert bench.only("AWS::Lambda::Function")["Environment"]["Variables"] == {"TOLD_TOPIC_ARN": told}
    assert bench.allowed_on(told) == {"sns:Publish"}
    if topic.encryption_key is not None:
        assert "kms:GenerateDataKey" in bench.allowed_on(bench.stack.resolve(topic.encryption_key.key_arn))
    assert (topic.encryption_key is None) is (origin == "created")


@pytest.mark.parametrize("origin", ORIGINS)
def test_role_of_hosts(bench: Any, origin: str) -> None:
    role = live_role(bench.stack) if origin == "adopted" else None
    given = {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/existing"} if origin == "imported" else {}
    spec = KinesisAgentProducerSpec(to="clicks", files=(AgentFile(path="/var/log/app.log"),), **given)
    producer = KinesisAgentProducer(bench.stack, "Hosts", spec=spec, target=make_stream(bench, "created"), role=role)
    assert producer.role is not None
    attached = bench.only("AWS::IAM::ManagedPolicy")["Roles"]
    assert attached == [bench.stack.resolve(producer.role.role_name)]
    assert (attached == ["existing"]) is (origin == "imported")
    assert len(bench.of_type("AWS::IAM::InstanceProfile")) == (1 if origin == "created" else 0)


@pytest.mark.parametrize("origin", ["adopted", "imported"])
def test_log_group_that_is_subscribed(bench: Any, origin: str) -> None:
    live = [logs.LogGroup(bench.stack, "Live")] if origin == "adopted" else []
    # A spec without log groups of its own says at least who else may send.
    given = {"log_groups": ("/app",)} if not live else {"accept_from": {"account_ids": ("444455556666",)}}
    spec = CloudWatchLogsProducerSpec.model_validate({"to": "clicks", **given})
    CloudWatchLogsProducer(bench.stack, "Services", spec=spec, target=make_stream(bench, "created"), log_groups=live)
    subscription = bench.only("AWS::Logs::SubscriptionFilter")
    assert subscription["LogGroupName"] == (bench.stack.resolve(live[0].log_group_name) if live else "/app")
    assert subscription["DestinationArn"] == {"Fn::GetAtt": [bench.only_id("AWS::Kinesis::Stream"), "Arn"]}


def write_to(stack: cdk.Stack, topic: sns.ITopic, code: str) -> None:
    target = NotificationTopic(stack, "Told", spec=SnsTopicSpec(), topic=topic)
    spec = LambdaConsumerSpec(from_="clicks", code=code, on_failure=on_failure(SqsOnFailure()), to=("told",))
    source = kinesis.Stream.from_stream_arn(stack, "Clicks", STREAM_ARN)
    LambdaConsumer(stack, "Fraud", source=source, spec=spec, to={"told": target})


def subscribe(stack: cdk.Stack, group: logs.ILogGroup, _code: str) -> None:
    spec = CloudWatchLogsProducerSpec.model_validate(
        {"to": "clicks", "accept_from": {"account_ids": ("444455556666",)}}
    )
    source = kinesis.Stream.from_stream_arn(stack, "Clicks", STREAM_ARN)
    CloudWatchLogsProducer(stack, "Services", spec=spec, target=source, log_groups=[group])


def follow(stack: cdk.Stack, role: iam.IRole, _code: str) -> None:
    spec = KinesisAgentProducerSpec(to="clicks", files=(AgentFile(path="/var/log/app.log"),))
    source = kinesis.Stream.from_stream_arn(stack, "Clicks", STREAM_ARN)
    KinesisAgentProducer(stack, "Hosts", spec=spec, target=source, role=role)


def transform(stack: cdk.Stack, function: lambda_.IFunction, _code: str) -> None:
    spec = DeliverySpec(transform=TransformSpec(), to=S3Destination())
    S3Delivery(stack, "Lake", spec=spec, transform=function)


def index(stack: cdk.Stack, domain: opensearch.IDomain, _code: str) -> None:
    spec = DeliverySpec(to=OpenSearchDestination(domain="search"))
    OpenSearchDelivery(stack, "Index", spec=spec, domain=domain)


def read(stack: cdk.Stack, stream: kinesis.IStream, _code: str) -> None:
    S3Delivery(stack, "Lake", spec=DeliverySpec(from_="clicks", to=S3Destination()), source=stream)


def write(stack: cdk.Stack, stream: kinesis.IStream, code: str) -> None:
    group = logs.LogGroup.from_log_group_name(stack, "Group", "/app")
    spec = CloudWatchLogsProducerSpec.model_validate(
        {"to": "clicks", "accept_from": {"account_ids": ("444455556666",)}}
    )
    CloudWatchLogsProducer(stack, "Services", spec=spec, target=stream, log_groups=[group])


def archive_in(stack: cdk.Stack, bucket: s3.IBucket, _code: str) -> None:
    S3Delivery(stack, "Lake", spec=DeliverySpec(to=S3Destination()), bucket=bucket)


def destination(stack: cdk.Stack, bucket: s3.IBucket, code: str) -> None:
    spec = LambdaConsumerSpec(from_="clicks", code=code, on_failure=on_failure(S3OnFailure()))
    source = kinesis.Stream.from_stream_arn(stack, "Clicks", STREAM_ARN)
    LambdaConsumer(stack, "Fraud", source=source, spec=spec, failures=bucket)


CHANGES_ANOTHER = {
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}
"""Resources that say something about another one."""


@pytest.mark.parametrize(
    ("live", "build"),
    [
        (live_stream, read),
        (live_stream, write),
        (live_bucket, archive_in),
        (live_bucket, destination),
        (live_function, transform),
        (live_domain, index),
        (lambda stack: sns.Topic(stack, "Live", master_key=kms.Key(stack, "Key")), write_to),
        (live_role, follow),
        (lambda stack: logs.LogGroup(stack, "Live"), subscribe),
    ],
    ids=["read stream", "written stream", "bucket", "failures", "function", "domain", "topic", "role", "log group"],
)
def test_what_is_adopted_is_never_changed(
    benches: Any, code: str, live: Callable[[cdk.Stack], Any], build: Callable[[cdk.Stack, Any, str], None]
) -> None:
    alone, used = benches(), benches()
    live(alone.stack)
    build(used.stack, live(used.stack), code)
    before, after = alone.template["Resources"], used.template["Resources"]
    assert {key: after[key] for key in before} == before
    assert len(after) > len(before)
    changing = [
        key
        for key in set(after) - set(before)
        if after[key]["Type"] in CHANGES_ANOTHER and any(f'"{one}"' in json.dumps(after[key]) for one in before)
    ]
    assert changing == []

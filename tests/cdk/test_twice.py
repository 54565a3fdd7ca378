"""Two of every construct fit in one stack, and in two stacks of one app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml

from streaming_constructs import (
    AcceptFrom,
    AgentFile,
    AlarmsSpec,
    AthenaWorkgroup,
    CloudWatchLogsProducer,
    CloudWatchLogsProducerSpec,
    CustomerManagedKey,
    DeliverySpec,
    DynamoDbTable,
    DynamoDbTableSpec,
    GlueDatabase,
    HttpDelivery,
    HttpDestination,
    IcebergDelivery,
    IcebergDestination,
    IcebergTable,
    KeyAttribute,
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
    PipelineDashboard,
    PipelineSpec,
    RedshiftDelivery,
    RedshiftDestination,
    S3Delivery,
    S3Destination,
    S3OnFailure,
    SnowflakeDelivery,
    SnowflakeDestination,
    SnsTopicSpec,
    SplunkDelivery,
    SplunkDestination,
    StreamingPipeline,
    TransformSpec,
)
from streaming_constructs.testing import alarm_problems

Build = Callable[[cdk.Stack, str, str], object]
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-AbCdEf"


def stream(stack: cdk.Stack, name: str, _code: str) -> KinesisStream:
    spec = KinesisStreamSpec(shards=1, encryption=CustomerManagedKey())
    return KinesisStream(stack, name, spec=spec)


def consumer(stack: cdk.Stack, name: str, code: str) -> LambdaConsumer:
    spec = LambdaConsumerSpec(
        from_="clicks",
        code=code,
        enhanced_fan_out=True,
        layers=("powertools",),
        on_failure=OnFailure(retries=1, max_record_age_seconds=60, destination=S3OnFailure()),
    )
    return LambdaConsumer(stack, name, source=stream(stack, f"{name}Stream", code), spec=spec)


def alarms(stack: cdk.Stack, name: str, code: str) -> PipelineAlarms:
    told = AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"),))
    return PipelineAlarms(stack, name, nodes=[consumer(stack, f"{name}Consumer", code)], spec=told)


def dashboard(stack: cdk.Stack, name: str, code: str) -> PipelineDashboard:
    return PipelineDashboard(stack, name, title=name, nodes=[stream(stack, f"{name}Stream", code)])


def archive(stack: cdk.Stack, name: str, code: str) -> S3Delivery:
    spec = DeliverySpec(
        from_="clicks",
        transform=TransformSpec(code=code),
        to=S3Destination(format="parquet", encryption=CustomerManagedKey()),
    )
    return S3Delivery(stack, name, source=stream(stack, f"{name}Stream", code), schema={"page": "string"}, spec=spec)


def workgroup(stack: cdk.Stack, name: str, code: str) -> AthenaWorkgroup:
    queries = AthenaWorkgroup(stack, name)
    queries.add_query(archive(stack, f"{name}Archive", code))
    return queries


def database(stack: cdk.Stack, name: str, _code: str) -> GlueDatabase:
    return GlueDatabase(stack, name, description="Tables")


def domain(stack: cdk.Stack, name: str, _code: str) -> OpenSearchDomain:
    return OpenSearchDomain(stack, name, spec=OpenSearchDomainSpec(encryption=CustomerManagedKey()))


def table(stack: cdk.Stack, name: str, _code: str) -> DynamoDbTable:
    key = KeyAttribute(name="user_id")
    return DynamoDbTable(stack, name, spec=DynamoDbTableSpec(partition_key=key, encryption=CustomerManagedKey()))


def indexed(stack: cdk.Stack, name: str, code: str) -> OpenSearchDelivery:
    spec = DeliverySpec(to=OpenSearchDestination(domain="search"))
    return OpenSearchDelivery(stack, name, domain=domain(stack, f"{name}Domain", code), spec=spec)


def collection(stack: cdk.Stack, name: str, _code: str) -> OpenSearchServerlessDelivery:
    to = OpenSearchServerlessDestination(
        collection_arn="arn:aws:aoss:eu-west-1:111122223333:collection/abc123",
        collection_endpoint="https://abc123.eu-west-1.aoss.amazonaws.com",
    )
    return OpenSearchServerlessDelivery(stack, name, spec=DeliverySpec(to=to))


def redshift(stack: cdk.Stack, name: str, _code: str) -> RedshiftDelivery:
    url = "jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop"
    to = RedshiftDestination(jdbc_url=url, secret_arn=SECRET, table="clicks")
    return RedshiftDelivery(stack, name, spec=DeliverySpec(to=to))


def splunk(stack: cdk.Stack, name: str, _code: str) -> SplunkDelivery:
    to = SplunkDestination(endpoint="https://splunk.example.com:8088", secret_arn=SECRET)
    return SplunkDelivery(stack, name, spec=DeliverySpec(to=to))


def endpoint(stack: cdk.Stack, name: str, _code: str) -> HttpDelivery:
    return HttpDelivery(stack, name, spec=DeliverySpec(to=HttpDestination(endpoint="https://example.com/firehose")))


def snowflake(stack: cdk.Stack, name: str, _code: str) -> SnowflakeDelivery:
    to = SnowflakeDestination(
        account_url="https://abc.snowflakecomputing.com",
        secret_arn=SECRET,
        database="shop",
        schema_name="public",
        table="clicks",
    )
    return SnowflakeDelivery(stack, name, spec=DeliverySpec(to=to))


def iceberg(stack: cdk.Stack, name: str, _code: str) -> IcebergDelivery:
    to = IcebergDestination(
        catalog_arn="arn:aws:glue:eu-west-1:111122223333:catalog",
        table_bucket="tables",
        tables=(IcebergTable(database="shop", table="clicks"),),
    )
    return IcebergDelivery(stack, name, spec=DeliverySpec(to=to))


def subscription(stack: cdk.Stack, name: str, code: str) -> CloudWatchLogsProducer:
    accounts = AcceptFrom(account_ids=("444455556666",))
    spec = CloudWatchLogsProducerSpec(to="clicks", log_groups=("/app",), accept_from=accounts)
    return CloudWatchLogsProducer(stack, name, spec=spec, target=stream(stack, f"{name}Stream", code))


def hosts(stack: cdk.Stack, name: str, code: str) -> KinesisAgentProducer:
    spec = KinesisAgentProducerSpec(to="clicks", files=(AgentFile(path="/var/log/app.log"),))
    return KinesisAgentProducer(stack, name, spec=spec, target=stream(stack, f"{name}Stream", code))


def topic(stack: cdk.Stack, name: str, _code: str) -> NotificationTopic:
    return NotificationTopic(stack, name, spec=SnsTopicSpec(subscribers=(NotifyEmail(email="oncall@example.com"),)))


@pytest.mark.parametrize(
    ("build", "resource_type"),
    [
        (stream, "AWS::Kinesis::Stream"),
        (consumer, "AWS::Lambda::EventSourceMapping"),
        (alarms, "AWS::SNS::Topic"),
        (dashboard, "AWS::CloudWatch::Dashboard"),
        (archive, "AWS::KinesisFirehose::DeliveryStream"),
        (workgroup, "AWS::Athena::WorkGroup"),
        (database, "AWS::Glue::Database"),
        (domain, "AWS::OpenSearchService::Domain"),
        (table, "AWS::DynamoDB::Table"),
        (indexed, "AWS::KinesisFirehose::DeliveryStream"),
        (collection, "AWS::KinesisFirehose::DeliveryStream"),
        (redshift, "AWS::KinesisFirehose::DeliveryStream"),
        (splunk, "AWS::KinesisFirehose::DeliveryStream"),
        (endpoint, "AWS::KinesisFirehose::DeliveryStream"),
        (snowflake, "AWS::KinesisFirehose::DeliveryStream"),
        (iceberg, "AWS::KinesisFirehose::DeliveryStream"),
        (subscription, "AWS::Logs::Destination"),
        (hosts, "AWS::IAM::InstanceProfile"),
        (topic, "AWS::SNS::Topic"),
    ],
)
def test_two_in_one_stack_and_one_in_another(bench: Any, code: str, build: Build, resource_type: str) -> None:
    other = cdk.Stack(bench.app, "Other")
    build(bench.stack, "One", code)
    build(bench.stack, "Two", code)
    build(other, "One", code)
    assembly = bench.app.synth()
    mine, others = (assembly.get_stack_by_name(name).template["Resources"] for name in ("Test", "Other"))
    ids = [key for key, one in mine.items() if one["Type"] == resource_type]
    assert len(ids) == 2
    assert [key for key, one in others.items() if one["Type"] == resource_type] == [
        next(key for key in ids if key.startswith("One"))
    ]
    names = [*physical_names(mine), *physical_names(others, "Other")]
    assert sorted(set(names)) == sorted(names)


# What AWS knows by a name of its own, and the properties that make it.
NAMED = {
    "AWS::Athena::WorkGroup": ("Name",),
    "AWS::CloudWatch::Dashboard": ("DashboardName",),
    "AWS::DynamoDB::Table": ("TableName",),
    "AWS::Glue::Database": ("DatabaseInput.Name",),
    "AWS::Glue::Table": ("DatabaseName", "TableInput.Name"),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName",),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName",),
    "AWS::IAM::Role": ("RoleName",),
    "AWS::Kinesis::Stream": ("Name",),
    "AWS::Kinesis::StreamConsumer": ("ConsumerName",),
    "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamName",),
    "AWS::Lambda::Function": ("FunctionName",),
    "AWS::Logs::Destination": ("DestinationName",),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::Logs::LogStream": ("LogGroupName", "LogStreamName"),
    "AWS::Logs::ResourcePolicy": ("PolicyName",),
    "AWS::OpenSearchService::Domain": ("DomainName",),
    "AWS::S3::Bucket": ("BucketName",),
    "AWS::SNS::Topic": ("TopicName",),
    "AWS::SSM::Parameter": ("Name",),
}


def physical_names(resources: dict[str, Any], stack: str = "Test") -> list[str]:
    """The names that resources are given; what refers to another resource is of its own stack."""
    found = []
    for one in resources.values():
        parts = []
        for path in NAMED.get(one["Type"], ()):
            value: Any = one.get("Properties", {})
            for step in path.split("."):
                value = value.get(step) if value is not None else None
            parts.append(value if isinstance(value, str) or value is None else f"{stack} {value}")
        if any(part is not None for part in parts):
            found.append(" ".join([one["Type"], *map(str, parts)]))
    return found


SYSTEM = """
name: shop
schemas: {click: {page: string}}
streams:
  clicks: {kind: kinesis, schema: click, encryption: customer_managed, shards: 1}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: CODE
    enhanced_fan_out: true
    to: [told, direct]
    on_failure: {retries: 1, max_record_age_seconds: 60, destination: s3}
deliveries:
  lake: {from: clicks, to: {kind: s3, format: parquet}}
  direct: {to: {kind: s3}}
  indexed: {from: clicks, to: {kind: opensearch, domain: search}}
stores: {search: {kind: opensearch}}
sns_topics: {told: {kind: sns}}
producers:
  services: {kind: cloudwatch_logs, to: clicks, log_groups: [/app], accept_from: {account_ids: ["444455556666"]}}
  hosts: {kind: kinesis_agent, to: direct, files: [{path: /var/log/app.log}]}
alarms: {notify: [{email: oncall@example.com}]}
dashboard: true
"""


@pytest.mark.parametrize("removal_policy", ["retain", "destroy"])
def test_two_systems_in_one_stack_and_one_in_another(
    bench: Any, code: str, tmp_path: Path, removal_policy: str
) -> None:
    data = yaml.safe_load(SYSTEM.replace("CODE", code)) | {"removal_policy": removal_policy}
    file = tmp_path / "pipeline.yaml"
    file.write_text(yaml.safe_dump(data))
    spec = PipelineSpec.load(file)
    StreamingPipeline(bench.stack, "One", spec=spec)
    StreamingPipeline(bench.stack, "Two", spec=spec)
    StreamingPipeline(cdk.Stack(bench.app, "Other"), "One", spec=spec)
    assembly = bench.app.synth()
    mine, other = (assembly.get_stack_by_name(name).template for name in ("Test", "Other"))
    names = [*physical_names(mine["Resources"]), *physical_names(other["Resources"], "Other")]
    assert sorted(set(names)) == sorted(names)
    assert {name.split()[0] for name in names} >= {
        "AWS::Athena::WorkGroup",
        "AWS::Glue::Table",
        "AWS::Kinesis::StreamConsumer",
        "AWS::Logs::Destination",
        "AWS::SSM::Parameter",
    }
    ones = {key for key in mine["Resources"] if key.startswith("One")}
    assert ones == {key for key in other["Resources"] if key.startswith("One")}
    assert len([key for key in mine["Resources"] if key.startswith("Two")]) == len(ones)
    assert list(alarm_problems(mine)) == []


def test_fan_out_consumers_of_two_stacks_have_two_names(bench: Any, code: str) -> None:
    one = consumer(bench.stack, "Fraud", code)
    two = consumer(cdk.Stack(bench.app, "Other"), "Fraud", code)
    assert one.dimensions["ConsumerName"] != two.dimensions["ConsumerName"]


def test_stage_does_not_change_what_is_promised(bench: Any, code: str) -> None:
    stage = cdk.Stage(bench.app, "Beta")
    consumer(bench.stack, "Fraud", code)
    consumer(cdk.Stack(stage, "Test"), "Fraud", code)
    assembly = bench.app.synth()
    plain = assembly.get_stack_by_name("Test").template["Resources"]
    staged = assembly.get_nested_assembly("assembly-Beta").stacks[0].template["Resources"]
    assert set(plain) == set(staged)

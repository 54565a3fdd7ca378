"""What a type checker says of code that writes specs and composes constructs: `make types` reads it, nothing runs it."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from streaming_constructs import (
    AcceptFrom,
    AccountPolicy,
    AgentFile,
    AlarmOverride,
    AlarmsSpec,
    AthenaSpec,
    AthenaWorkgroup,
    AtTimestamp,
    CloudWatchLogsProducer,
    CloudWatchLogsProducerSpec,
    CustomerManagedKey,
    DataProcessing,
    DelimitedRecords,
    DeliverySpec,
    DynamoDbTable,
    DynamoDbTableSpec,
    FailedBackup,
    FluentBitProducer,
    FluentBitProducerSpec,
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
    NotifyNode,
    OnFailure,
    OpenSearchDelivery,
    OpenSearchDestination,
    OpenSearchDomain,
    OpenSearchDomainSpec,
    OpenSearchServerlessDelivery,
    OpenSearchServerlessDestination,
    Partition,
    PipelineAlarms,
    PipelineDashboard,
    PipelinePlan,
    PipelineSpec,
    Reader,
    RecordField,
    RedshiftDelivery,
    RedshiftDestination,
    S3Delivery,
    S3Destination,
    S3ManagedKey,
    S3OnFailure,
    SnowflakeDelivery,
    SnowflakeDestination,
    SnsTopicSpec,
    SplunkDelivery,
    SplunkDestination,
    StreamingPipeline,
    TransformSpec,
    Transition,
    VpcPlacement,
    Workload,
    plan,
)
from streaming_constructs.planning.stores.opensearch import DomainPlan

ON_FAILURE = OnFailure(retries=5, max_record_age_seconds=3600, destination=S3OnFailure())

SPEC = PipelineSpec(
    name="clickstream",
    streams={
        "clicks": KinesisStreamSpec(workload=Workload(records_per_second=500, record_kb=2), retention_hours=48),
        "orders": KinesisStreamSpec(mode="on_demand", encryption=CustomerManagedKey()),
        "views": KinesisStreamSpec(shards=4, record_schema="view"),
    },
    schemas={"view": {"page": RecordField(type="string")}},
    consumers={
        "fraud": LambdaConsumerSpec(
            from_="clicks",
            code="handlers/fraud",
            enhanced_fan_out=True,
            starting_position="latest",
            on_failure=ON_FAILURE,
        )
    },
    alarms=AlarmsSpec(
        notify=(NotifyEmail(email="oncall@example.com"),), override={"fraud.errors": AlarmOverride(threshold=3)}
    ),
)
PLAN: PipelinePlan = plan(SPEC)
SHARDS: int | None = PLAN.streams["clicks"].shards

SEARCH = OpenSearchDestination(domain="search", index_rotation="weekly", backup=FailedBackup(records="all"))
LOGS = PipelineSpec(
    name="logs",
    schemas={"log_event": {"message": RecordField(type="string"), "level": RecordField(type="string")}},
    streams={"logs": KinesisStreamSpec(mode="on_demand", record_schema="log_event")},
    deliveries={
        "archive": DeliverySpec(
            from_="logs",
            to=S3Destination(
                format="parquet",
                compression="gzip",
                partition_by=(Partition(by="day(arrival)"), Partition(by="level", values=("info", "error"))),
                transitions=(Transition(after_days=30, storage_class="standard_ia"),),
                encryption=S3ManagedKey(),
            ),
        ),
        "columns": DeliverySpec(to=S3Destination(format="orc", stripe_mb=64), record_schema="log_event"),
        "raw": DeliverySpec(
            deaggregate=DelimitedRecords(delimiter="|"),
            transform=TransformSpec(code="handlers/clean", buffer_mb=0.5),
            to=S3Destination(format="json", compression="zip", partition_by=(Partition(by="level"),)),
        ),
        "search": DeliverySpec(from_="logs", to=SEARCH),
    },
    stores={
        "scores": DynamoDbTableSpec(partition_key=KeyAttribute(name="user_id"), sort_key=KeyAttribute(name="at")),
        "domain": OpenSearchDomainSpec(
            zones=1, vpc=VpcPlacement(subnet_ids=("subnet-0123456789abcdef0",), security_group_ids=("sg-01234567",))
        ),
    },
    sns_topics={"told": SnsTopicSpec(subscribers=(NotifyEmail(email="oncall@example.com"),))},
    producers={
        "services": CloudWatchLogsProducerSpec(
            to="logs", account_policy=AccountPolicy(), accept_from=AcceptFrom(organization_ids=("o-exampleorg1",))
        ),
        "hosts": KinesisAgentProducerSpec(
            to="logs",
            files=(AgentFile(path="/var/log/*.log", processing=(DataProcessing(option="single_line"),)),),
            runs_on="ecs_tasks",
        ),
    },
    athena=AthenaSpec(scan_limit_mb=1024),
)
BUFFER: int = plan(LOGS).deliveries["archive"].buffer_mb
NODES: int = sum(store.instances for store in plan(LOGS).stores.values() if isinstance(store, DomainPlan))


def whole_system(stack: cdk.Stack, producer: iam.IGrantable) -> Sequence[str]:
    """A system, and what can be had of it."""
    pipeline = StreamingPipeline(stack, "Pipeline", spec=LOGS)
    pipeline.deliveries["raw"].grant_put(producer)
    pipeline.sns_topics["told"].grant_publish(producer)
    workgroup: str = pipeline.athena.name if pipeline.athena is not None else ""
    domains = [store.domain.attr_arn for store in pipeline.stores.values() if isinstance(store, OpenSearchDomain)]
    tables = [store.table.table_name for store in pipeline.stores.values() if isinstance(store, DynamoDbTable)]
    return [pipeline.deliveries["raw"].delivery_stream.ref, *domains, *tables, workgroup]


def with_resources_of_the_app(
    stack: cdk.Stack,
    stream: kinesis.IStream,
    function: lambda_.IFunction,
    bucket: s3.IBucket,
    key: kms.IKey,
    topic: sns.ITopic,
    queue: sqs.IQueue,
    vpc: ec2.IVpc,
) -> str:
    """A system with constructs of the app, by the names of its nodes."""
    pipeline = StreamingPipeline(
        stack,
        "Pipeline",
        spec=SPEC,
        streams={"clicks": stream},
        functions={"fraud": function},
        buckets={"fraud": bucket},
        keys={"orders": key},
        sns_topics={"told": topic},
        queues={"fraud": queue},
        vpc=vpc,
        notify=[topic],
    )
    pipeline.outputs["ClicksStreamName"].export_name = "clicks"
    fraud: LambdaConsumer = pipeline.consumers["fraud"]
    return fraud.function.function_name


def parts(
    stack: cdk.Stack,
    function: lambda_.IFunction,
    bucket: s3.IBucket,
    key: kms.IKey,
    topic: sns.ITopic,
    table: dynamodb.ITable,
) -> PipelineAlarms:
    """Constructs by themselves, with resources of the user's own."""
    readers = [Reader("Lake"), Reader("Index"), Reader("Alert")]
    asked = LOGS.streams["logs"]
    assert isinstance(asked, KinesisStreamSpec)  # and no topic of Kafka
    stream = KinesisStream(stack, "Logs", spec=asked, readers=readers)
    database = GlueDatabase(stack, "Catalog", description="Archives")
    lake = S3Delivery(
        stack,
        "Lake",
        source=stream,
        schema={"page": "string", "at": RecordField(type="timestamp", timestamp_format="epoch_millis")},
        spec=DeliverySpec(from_="logs", transform=TransformSpec(), to=S3Destination(format="parquet")),
        transform=function,
        bucket=bucket,
        database=database,
    )
    AthenaWorkgroup(stack, "Queries", encryption_key=key).add_query(lake)
    domain = OpenSearchDomain(stack, "Domain", spec=OpenSearchDomainSpec())
    index = OpenSearchDelivery(
        stack, "Index", source=stream, domain=domain, spec=DeliverySpec(from_="logs", to=SEARCH), backup_bucket=bucket
    )
    direct = S3Delivery(stack, "Direct", spec=DeliverySpec(to=S3Destination()))
    told = NotificationTopic(stack, "Told", spec=SnsTopicSpec(), topic=topic)
    scores = DynamoDbTable(stack, "Scores", spec=DynamoDbTableSpec(partition_key=KeyAttribute(name="user_id")))
    alert = LambdaConsumer(
        stack,
        "Alert",
        source=stream,
        spec=LambdaConsumerSpec(
            from_="logs", code="handlers/alert", on_failure=ON_FAILURE, to=("told", "direct", "scores", "company")
        ),
        to={"told": told, "direct": direct, "scores": scores, "company": table},
    )
    group = logs.LogGroup(stack, "Group")
    services = CloudWatchLogsProducerSpec(to="logs", log_groups=("/app",))
    own: list[logs.ILogGroup | str] = [alert.log_group, "/own"] if alert.log_group is not None else []
    CloudWatchLogsProducer(stack, "Services", spec=services, target=stream, log_groups=[group], own_log_groups=own)
    KinesisAgentProducer(
        stack, "Hosts", spec=KinesisAgentProducerSpec(to="direct", files=(AgentFile(path="/a"),)), target=direct
    )
    hosts = FluentBitProducer(
        stack, "Web", spec=FluentBitProducerSpec(to="logs", files=(AgentFile(path="/a"),)), target=stream
    )
    PipelineDashboard(stack, "Dashboard", title="Logs", nodes=[stream, lake, index, domain])
    return PipelineAlarms(
        stack,
        "Alarms",
        nodes=[stream, alert, lake, index, direct, domain, told, hosts],
        spec=AlarmsSpec(notify=(NotifyNode(sns_topic="told"),)),
        notify=[topic],
        sns_topics={"told": told.topic},
    )


def elsewhere(stack: cdk.Stack, secret_arn: str) -> None:
    """Deliveries to where other teams, or other companies, are."""
    serverless = OpenSearchServerlessDestination(
        collection_arn="arn:aws:aoss:eu-west-1:111122223333:collection/abc123",
        collection_endpoint="https://abc123.eu-west-1.aoss.amazonaws.com",
    )
    OpenSearchServerlessDelivery(stack, "Serverless", spec=DeliverySpec(to=serverless))
    url = "jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop"
    redshift = RedshiftDestination(jdbc_url=url, secret_arn=secret_arn, table="clicks", columns=("page",))
    RedshiftDelivery(stack, "Redshift", spec=DeliverySpec(to=redshift))
    splunk = SplunkDestination(endpoint="https://splunk.example.com:8088", secret_arn=secret_arn)
    SplunkDelivery(stack, "Splunk", spec=DeliverySpec(to=splunk))
    http = HttpDestination(endpoint="https://example.com/firehose", attributes={"team": "shop"})
    HttpDelivery(stack, "Http", spec=DeliverySpec(to=http))
    snowflake = SnowflakeDestination(
        account_url="https://abc.snowflakecomputing.com",
        secret_arn=secret_arn,
        database="shop",
        schema_name="public",
        table="clicks",
    )
    SnowflakeDelivery(stack, "Snowflake", spec=DeliverySpec(to=snowflake))
    iceberg = IcebergDestination(
        catalog_arn="arn:aws:glue:eu-west-1:111122223333:catalog",
        table_bucket="tables",
        tables=(IcebergTable(database="shop", table="clicks", unique_keys=("id",)),),
        append_only=False,
    )
    IcebergDelivery(stack, "Iceberg", spec=DeliverySpec(to=iceberg))


# What a checker has to refuse.
DeliverySpec(from_="logs")  # type: ignore[call-arg]
S3Destination(format="avro")  # type: ignore[arg-type]
Transition(after_days=30, storage_class="STANDARD_IA")  # type: ignore[arg-type]
OpenSearchDomainSpec(instances="3")  # type: ignore[arg-type]
KinesisAgentProducerSpec(to="logs")  # type: ignore[call-arg]
OnFailure(retries=5)  # type: ignore[call-arg]
LambdaConsumerSpec(from_="clicks", enhanced_fan_out="efo", on_failure=ON_FAILURE)  # type: ignore[arg-type]
KinesisStreamSpec(retention="48 h")  # type: ignore[call-arg]
AtTimestamp(at_timestamp="yesterday")  # type: ignore[arg-type]

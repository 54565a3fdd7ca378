"""Edges become permissions: each pair of who acts and what it acts on, alone and in a system, and never nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk import (
    ApiGatewayProducer,
    CloudWatchLogsProducer,
    DynamoDbTable,
    FluentBitProducer,
    KafkaCluster,
    KafkaTopic,
    KinesisAgentProducer,
    KinesisStream,
    LambdaApi,
    LambdaConsumer,
    NotificationTopic,
    S3Delivery,
    SqsQueue,
    StreamingPipeline,
)
from streaming_constructs.cdk.edges import Endpoint, edge_permissions
from streaming_constructs.cdk.iam_policy import managed_policy
from streaming_constructs.facts import permissions
from streaming_constructs.planning import Reader
from streaming_constructs.spec import (
    ApiGatewayProducerSpec,
    CloudWatchLogsProducerSpec,
    CustomerManagedKey,
    DeadLetter,
    DeliverySpec,
    DynamoDbTableSpec,
    FluentBitProducerSpec,
    KafkaTopicSpec,
    KeyAttribute,
    KinesisAgentProducerSpec,
    KinesisStreamSpec,
    LambdaApiSpec,
    LambdaConsumerSpec,
    MskClusterSpec,
    OnFailure,
    PipelineSpec,
    S3Destination,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
    SqsQueueSpec,
)
from streaming_constructs.spec.node import Edge

POLICY = "AWS::IAM::ManagedPolicy"
READ = {"kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"}
DECRYPT, ENCRYPT, GENERATE = {"kms:Decrypt"}, {"kms:Decrypt", "kms:GenerateDataKey"}, {"kms:GenerateDataKey"}
PUT_RECORDS, PUT_BATCH = (
    {f"{service}:PutRecord{more}" for more in ("", "s" if service == "kinesis" else "Batch")}
    for service in ("kinesis", "firehose")
)


class Pair(NamedTuple):
    """A service that reads or writes a kind of node, in the smallest system that has it.

    Attributes:
        node: The node whose edge it is, by section and name.
        other: The node at its other end, by section and name.
        actions: What it may do there.
        on_key: What it may do with the key of that node.
    """

    node: tuple[str, str]
    other: tuple[str, str]
    actions: set[str]
    on_key: set[str]


READS = {
    ("lambda", "kinesis"): Pair(
        ("consumers", "fraud"),
        ("streams", "clicks"),
        READ | {"kinesis:DescribeStreamSummary"},
        DECRYPT,
    ),
    ("lambda", "dynamodb"): Pair(
        ("apis", "live"),
        ("stores", "table"),
        {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"},
        {"kms:Decrypt", "kms:DescribeKey"},
    ),
    ("lambda", "sqs"): Pair(
        ("consumers", "worker"),
        ("queues", "tasks"),
        {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
        DECRYPT,
    ),
    ("firehose", "kinesis"): Pair(("deliveries", "lake"), ("streams", "clicks"), READ, DECRYPT),
}
WRITES = {
    ("lambda", "kinesis"): Pair(("consumers", "fraud"), ("streams", "scores"), PUT_RECORDS, ENCRYPT),
    ("lambda", "firehose"): Pair(("consumers", "fraud"), ("deliveries", "direct"), PUT_BATCH, ENCRYPT),
    ("lambda", "sns"): Pair(("consumers", "fraud"), ("sns_topics", "alerts"), {"sns:Publish"}, ENCRYPT),
    ("lambda", "sqs"): Pair(("consumers", "fraud"), ("queues", "tasks"), {"sqs:SendMessage"}, ENCRYPT),
    ("lambda", "dynamodb"): Pair(
        ("consumers", "fraud"),
        ("stores", "table"),
        {"dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        set(permissions.USE_KEY_OF_TABLE),
    ),
    ("logs", "kinesis"): Pair(("producers", "services"), ("streams", "scores"), {"kinesis:PutRecord"}, ENCRYPT),
    ("logs", "firehose"): Pair(("producers", "audit"), ("deliveries", "direct"), {"firehose:PutRecord"}, ENCRYPT),
    ("agent", "kinesis"): Pair(("producers", "hosts"), ("streams", "scores"), {"kinesis:PutRecords"}, GENERATE),
    ("agent", "firehose"): Pair(("producers", "web"), ("deliveries", "direct"), {"firehose:PutRecordBatch"}, ENCRYPT),
    ("apigateway", "kinesis"): Pair(("producers", "intake"), ("streams", "scores"), PUT_RECORDS, GENERATE),
    ("apigateway", "firehose"): Pair(("producers", "events"), ("deliveries", "direct"), PUT_BATCH, ENCRYPT),
}
PAIRS = {
    **{("reads", *pair): row for pair, row in READS.items()},
    **{("writes", *pair): row for pair, row in WRITES.items()},
}


def system(code: str) -> PipelineSpec:
    """A system with an edge of every pair, under keys wherever there can be one."""
    own = CustomerManagedKey()
    on_failure = OnFailure(destination=SqsOnFailure())
    return PipelineSpec(
        name="shop",
        streams={name: KinesisStreamSpec(mode="on_demand", encryption=own) for name in ("clicks", "scores")},
        queues={
            "tasks": SqsQueueSpec(encryption=own, visibility_timeout_seconds=360, dead_letter=DeadLetter(enabled=False))
        },
        consumers={
            "fraud": LambdaConsumerSpec(
                from_="clicks", to=("scores", "direct", "alerts", "table", "tasks"), code=code, on_failure=on_failure
            ),
            "worker": LambdaConsumerSpec(from_="tasks", code=code),
        },
        deliveries={
            "lake": DeliverySpec(from_="clicks", to=S3Destination()),
            "direct": DeliverySpec(encryption=own, to=S3Destination()),
        },
        sns_topics={"alerts": SnsTopicSpec()},
        stores={"table": DynamoDbTableSpec(partition_key=KeyAttribute(name="id"), encryption=own)},
        producers={
            "services": CloudWatchLogsProducerSpec(to="scores", log_groups=("/app",)),
            "audit": CloudWatchLogsProducerSpec(to="direct", log_groups=("/audit",)),
            "hosts": KinesisAgentProducerSpec(to="scores", files=("/var/log/app.log",)),
            "web": FluentBitProducerSpec(to="direct", files=("/var/log/web.log",)),
            "intake": ApiGatewayProducerSpec(to="scores", path="/intake"),
            "events": ApiGatewayProducerSpec(to="direct", path="/events"),
        },
        apis={"live": LambdaApiSpec(from_="table", code=code)},
    )


def alone(stack: cdk.Stack, spec: PipelineSpec) -> None:
    """The same nodes under the same ids, each built by itself."""
    scope, nodes = Construct(stack, "Pipeline"), dict[str, Any]()
    readers = {"clicks": [Reader("fraud"), Reader("lake")], "scores": []}
    for name, stream in spec.streams.items():
        nodes[name] = KinesisStream(scope, name, spec=stream, readers=readers[name])
    key = kms.Key(stack, "TopicKey")
    nodes["alerts"] = NotificationTopic(scope, "alerts", spec=spec.sns_topics["alerts"], encryption_key=key)
    nodes["table"] = DynamoDbTable(scope, "table", spec=spec.stores["table"])
    nodes["lake"] = S3Delivery(scope, "lake", spec=spec.deliveries["lake"], source=nodes["clicks"])
    nodes["direct"] = S3Delivery(scope, "direct", spec=spec.deliveries["direct"])
    nodes["tasks"] = SqsQueue(scope, "tasks", spec=spec.queues["tasks"])
    LambdaConsumer(scope, "worker", spec=spec.consumers["worker"], source=nodes["tasks"])
    fraud = spec.consumers["fraud"]
    LambdaConsumer(scope, "fraud", spec=fraud, source=nodes["clicks"], to={name: nodes[name] for name in fraud.to})
    LambdaApi(scope, "live", spec=spec.apis["live"], tables={"table": nodes["table"]})
    producers: dict[str, Callable[..., Any]] = {
        "services": CloudWatchLogsProducer,
        "audit": CloudWatchLogsProducer,
        "hosts": KinesisAgentProducer,
        "web": FluentBitProducer,
        "intake": ApiGatewayProducer,
        "events": ApiGatewayProducer,
    }
    for name, construct in producers.items():
        producer = spec.producers[name]
        construct(scope, name, spec=producer, target=nodes[producer.to])


def assembled(stack: cdk.Stack, spec: PipelineSpec) -> None:
    StreamingPipeline(stack, "Pipeline", spec=spec, keys={"alerts": kms.Key(stack, "TopicKey")})


BUILT = {"alone": alone, "assembled": assembled}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("edges")
    code = folder / "code"
    code.mkdir()
    (code / "index.py").write_text("def handler(event, context): ...\n")
    found = {}
    for name, build in BUILT.items():
        app = cdk.App(outdir=str(folder / f"out-{name}"))
        build(cdk.Stack(app, "Test"), system(str(code)))
        found[name] = app.synth().get_stack_by_name("Test").template["Resources"]
    return found


def policy_of(resources: dict[str, Any], node: str) -> list[dict[str, Any]]:
    (policy,) = [
        resource["Properties"]["PolicyDocument"]["Statement"]
        for logical_id, resource in resources.items()
        if resource["Type"] == POLICY and logical_id.startswith(f"Pipeline{node}")
    ]
    return policy


def allowed(statements: list[dict[str, Any]], logical_id: str) -> set[str]:
    """The actions on exactly one resource of the template."""
    references = ({"Ref": logical_id}, {"Fn::GetAtt": [logical_id, "Arn"]})
    return {
        action
        for statement in statements
        if statement["Resource"] in references
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }


RESOURCES = {
    "streams": "AWS::Kinesis::Stream",
    "deliveries": "AWS::KinesisFirehose::DeliveryStream",
    "sns_topics": "AWS::SNS::Topic",
    "stores": "AWS::DynamoDB::Table",
    "queues": "AWS::SQS::Queue",
}


def logical_id(resources: dict[str, Any], section: str, name: str, resource_type: str = "") -> str:
    kind = resource_type or RESOURCES[section]
    (found,) = [
        key for key, resource in resources.items() if resource["Type"] == kind and key.startswith(f"Pipeline{name}")
    ]
    return found


def key_id(resources: dict[str, Any], section: str, name: str) -> str:
    return "TopicKey" if section == "sns_topics" else logical_id(resources, section, name, "AWS::KMS::Key")


def test_every_pair_that_is_known_is_tried() -> None:
    # Those of applications of Flink are tried with these: tests/cdk/test_flink_application.py.
    assert set(READS) == {pair for pair in permissions.READS if pair[0] != "kinesisanalytics"}
    assert set(WRITES) == {pair for pair in permissions.WRITES if pair[0] != "kinesisanalytics"}


def test_every_action_in_kafka_is_about_something_that_a_topic_knows(bench: Any) -> None:
    cluster = KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(brokers=3, instance_type="kafka.m7g.large"))
    topic = KafkaTopic(bench.stack, "Orders", spec=KafkaTopicSpec(cluster="main", partitions=6), cluster=cluster)
    assert {what for row in permissions.KAFKA_READS.values() for what in row} <= set(
        topic.read_endpoint(group=None, with_secret=False).places
    )


@pytest.mark.parametrize("built", sorted(BUILT))
@pytest.mark.parametrize("pair", sorted(PAIRS), ids=" ".join)
def test_an_edge_permits_what_it_takes_and_no_more(
    templates: dict[str, dict[str, Any]], built: str, pair: tuple[str, str, str]
) -> None:
    resources, row = templates[built], PAIRS[pair]
    statements = policy_of(resources, row.node[1])
    assert allowed(statements, logical_id(resources, *row.other)) == row.actions
    key = next(key for key in resources if key.startswith(key_id(resources, *row.other)))
    assert row.on_key <= allowed(statements, key)


def test_a_node_in_a_system_may_do_what_it_may_alone(templates: dict[str, dict[str, Any]]) -> None:
    own, of_the_system = (
        {
            key: resource["Properties"]["PolicyDocument"]["Statement"]
            for key, resource in templates[built].items()
            if resource["Type"] == POLICY
        }
        for built in ("alone", "assembled")
    )
    assert own == of_the_system
    assert all(own.values())


def test_statements_stand_in_the_order_of_their_actions(templates: dict[str, dict[str, Any]]) -> None:
    for resource in templates["assembled"].values():
        if resource["Type"] == POLICY:
            actions = [
                [one["Action"]] if isinstance(one["Action"], str) else one["Action"]
                for one in resource["Properties"]["PolicyDocument"]["Statement"]
            ]
            assert actions == sorted(actions)
            assert all(named == sorted(named) for named in actions)


@pytest.mark.parametrize("turned", [False, True])
def test_a_policy_reads_the_same_however_it_came_about(bench: Any, turned: bool) -> None:
    needed = {"arn:b": ("sqs:SendMessage",), "arn:a": ("kinesis:PutRecords", "kinesis:PutRecord")}
    given = dict(reversed(needed.items())) if turned else needed
    managed_policy(bench.stack, "Permits", [], given)
    statements = bench.statements()
    assert [statement["Resource"] for statement in statements] == ["arn:a", "arn:b"]


def edge(role: Any) -> Edge:
    return Edge(("to",), "other", role, ("streams",), "stream")


@pytest.mark.parametrize(
    ("role", "service", "kind", "table", "what"),
    [
        ("from", "lambda", "sns", "READS", "lambda reads sns"),
        ("from", "flink", "kinesis", "READS", "flink reads kinesis"),
        ("to", "logs", "dynamodb", "WRITES", "logs writes to dynamodb"),
        ("to", "agent", "sns", "WRITES", "agent writes to sns"),
    ],
)
def test_a_pair_that_is_not_known_is_an_error(role: Any, service: str, kind: str, table: str, what: str) -> None:
    with pytest.raises(SpecError) as error:
        edge_permissions([edge(role)], service, {"other": Endpoint(kind, "arn")})
    (finding,) = error.value.findings
    assert (finding.code, finding.path) == ("GRF307", ("to",))
    assert what in finding.message
    assert f"`{table}`" in finding.help


@pytest.mark.parametrize("role", ["uses", "schema"])
def test_what_is_used_or_describes_takes_nothing_here(role: Any) -> None:
    assert edge_permissions([edge(role)], "lambda", {}) == {}


def test_no_pair_permits_nothing() -> None:
    for table in (permissions.READS, permissions.WRITES):
        assert all(table.values())
    for (service, kind), actions in permissions.WRITES.items():
        assert permissions.WRITES_WITH_KEY[service, kind]
        assert actions
    assert set(permissions.WRITES_WITH_KEY) == set(permissions.WRITES)
    assert {kind for _, kind in permissions.READS} == set(permissions.READS_WITH_KEY)

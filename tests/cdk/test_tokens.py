"""What CDK knows only when it synthesizes is refused in a spec, with the argument that takes the construct; and taken there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.spec import (
    AlarmsSpec,
    CustomerManagedKey,
    DeliverySpec,
    DynamoDbTableSpec,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    OnFailure,
    OpenSearchDestination,
    Permission,
    PipelineSpec,
    S3Destination,
    SnsTopicSpec,
    SpecError,
    VpcPlacement,
    Workload,
)
from streaming_constructs.spec.cdk_token import TOKEN_ARGUMENTS


class Live:
    """Constructs of an app, whose names and ARNs are tokens."""

    def __init__(self, stack: cdk.Stack) -> None:
        self.stream = kinesis.Stream(stack, "Stream")
        self.bucket = s3.Bucket(stack, "Bucket")
        self.key = kms.Key(stack, "Key")
        self.queue = sqs.Queue(stack, "Queue")
        self.topic = sns.Topic(stack, "Topic")
        self.table = dynamodb.Table(
            stack, "Table", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
        )
        self.vpc = ec2.Vpc(stack, "Vpc")
        inline = lambda_.Code.from_inline("def handler(event, context): pass")
        self.function = lambda_.Function(
            stack, "Function", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=inline
        )
        self.number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
        self.text = cdk.CfnParameter(stack, "Text").value_as_string
        self.texts = cdk.CfnParameter(stack, "Texts", type="CommaDelimitedList").value_as_list


def consumer(**more: Any) -> LambdaConsumerSpec:
    return LambdaConsumerSpec(**{"from_": "clicks", "code": "handlers", "on_failure": "s3", **more})


GROUP = ("sg-0123456789abcdef0",)
CASES: dict[str, tuple[Callable[[Live], Any], str, str]] = {
    "stream": (lambda live: KinesisStreamSpec(arn=live.stream.stream_arn), "arn", "streams={"),
    "function": (
        lambda live: consumer(code=None, function_arn=live.function.function_arn),
        "function_arn",
        "functions={",
    ),
    "bucket by ARN": (lambda live: S3Destination(bucket=live.bucket.bucket_arn), "bucket", "buckets={"),
    "bucket by name": (lambda live: S3Destination(bucket=live.bucket.bucket_name), "bucket", "buckets={"),
    "key": (lambda live: CustomerManagedKey(kms_key_arn=live.key.key_arn), "kms_key_arn", "keys={"),
    "key of a stream": (
        lambda live: KinesisStreamSpec(shards=1, encryption={"kms_key_arn": live.key.key_arn}),
        "encryption.kms_key_arn",
        "keys={",
    ),
    "key of a bucket": (
        lambda live: DeliverySpec(to={"kind": "s3", "bucket": "records", "kms_key_arn": live.key.key_arn}),
        "to.kms_key_arn",
        "buckets={",
    ),
    "key of a created bucket": (
        lambda live: DeliverySpec(to={"kind": "s3", "encryption": {"kms_key_arn": live.key.key_arn}}),
        "to.encryption.kms_key_arn",
        "keys={",
    ),
    "topic": (lambda live: SnsTopicSpec(topic_arn=live.topic.topic_arn), "topic_arn", "sns_topics={"),
    "queue": (
        lambda live: OnFailure(destination={"kind": "sqs", "queue_arn": live.queue.queue_arn}),
        "destination.queue_arn",
        "queues={",
    ),
    "topic of what is given up": (
        lambda live: OnFailure(destination={"kind": "sns", "topic_arn": live.topic.topic_arn}),
        "destination.topic_arn",
        "name one of `sns_topics` there",
    ),
    "key of what is given up": (
        lambda live: OnFailure(destination={"kind": "s3", "bucket": "company-dead", "kms_key_arn": live.key.key_arn}),
        "destination.kms_key_arn",
        "buckets={",
    ),
    "destination in short": (
        lambda live: consumer(on_failure=live.queue.queue_arn),
        "on_failure",
        "write `sqs` or `s3` there",
    ),
    "notify": (lambda live: AlarmsSpec(notify=(live.topic.topic_arn,)), "notify[0]", "notify=[topic]"),
    "table": (
        lambda live: DynamoDbTableSpec(arn=live.table.table_arn, partition_key="id"),
        "arn",
        'stores={"NAME": table}',
    ),
    "domain": (lambda live: OpenSearchDestination(domain_arn=live.text), "domain_arn", "stores={"),
    "VPC": (
        lambda live: VpcPlacement(vpc_id=live.vpc.vpc_id, subnet_ids=("subnet-01234567",)),
        "vpc_id",
        "leave `vpc` out",
    ),
    "subnet": (
        lambda live: VpcPlacement(subnet_ids=(live.vpc.private_subnets[0].subnet_id,), security_group_ids=GROUP),
        "subnet_ids[0]",
        "vpc=vpc",
    ),
    "list": (
        lambda live: VpcPlacement(subnet_ids=tuple(live.texts), security_group_ids=GROUP),
        "subnet_ids[0]",
        "vpc=vpc",
    ),
    "permission": (
        lambda live: Permission(actions=("dynamodb:PutItem",), resources=(live.table.table_arn,)),
        "resources[0]",
        "table.grant_write_data(pipeline.consumers",
    ),
    "number": (
        lambda live: Workload(records_per_second=live.number, record_kb=1),
        "records_per_second",
        "write the value",
    ),
    "whole number": (lambda live: KinesisStreamSpec(shards=live.number), "shards", "write the value"),
    "choice": (lambda live: consumer(log_retention_days=live.number), "log_retention_days", "write the value"),
    "text": (
        lambda live: PipelineSpec(name=live.text, streams={"a": KinesisStreamSpec(shards=1)}),
        "name",
        "write the",
    ),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_token_is_refused_with_what_to_do_instead(bench: Any, case: str) -> None:
    build, path, help_ = CASES[case]
    with pytest.raises(SpecError) as error:
        build(Live(bench.stack))
    (finding,) = error.value.findings
    assert (finding.code, finding.dotted_path) == ("LNG215", path)
    assert help_ in finding.help


def test_tokens_deep_in_a_system_are_all_told_at_once(bench: Any) -> None:
    live = Live(bench.stack)
    with pytest.raises(SpecError) as error:
        PipelineSpec(
            name="shop",
            account=bench.stack.account,
            streams={"clicks": {"kind": "kinesis", "arn": live.stream.stream_arn}},
            consumers={
                "fraud": {
                    "kind": "lambda",
                    "from": "clicks",
                    "code": "handlers",
                    "on_failure": {"destination": live.bucket.bucket_arn},
                }
            },
            deliveries={"lake": {"from": "clicks", "to": {"kind": "s3", "bucket": live.bucket.bucket_arn}}},
            alarms={"notify": [{"topic_arn": live.topic.topic_arn}]},
        )
    assert [(finding.code, finding.dotted_path) for finding in error.value.findings] == [
        ("LNG215", "account"),
        ("LNG215", "streams.clicks.arn"),
        ("LNG215", "consumers.fraud.on_failure.destination"),
        ("LNG215", "deliveries.lake.to.bucket"),
        ("LNG215", "alarms.notify[0].topic_arn"),
    ]
    told = error.value.findings
    assert "the stack has an account" in told[0].help
    assert "notify=[topic]" in told[-1].help


def test_every_argument_that_is_named_is_there() -> None:
    named = {
        match.group()
        for arguments in TOKEN_ARGUMENTS.values()
        for argument in arguments
        for match in [re.match(r"\w+(?==)", argument)]
        if match
    }
    taken = set(inspect.signature(StreamingPipeline.__init__).parameters)
    assert named <= taken
    assert {"streams", "functions", "buckets", "keys", "sns_topics", "queues", "stores", "vpc", "notify"} <= named


def test_what_the_help_says_works(bench: Any, code: str) -> None:
    live = Live(bench.stack)
    spec = PipelineSpec(
        name="shop",
        streams={"clicks": KinesisStreamSpec(shards=1), "own": KinesisStreamSpec(shards=1)},
        consumers={
            "fraud": LambdaConsumerSpec(from_="clicks", on_failure="sqs", to=("told",)),
            "audit": LambdaConsumerSpec(from_="own", code=code, on_failure="s3"),
        },
        sns_topics={"told": SnsTopicSpec()},
        deliveries={"lake": DeliverySpec(from_="clicks", to=S3Destination())},
    )
    pipeline = StreamingPipeline(
        bench.stack,
        "Pipeline",
        spec=spec,
        streams={"clicks": live.stream},
        functions={"fraud": live.function},
        buckets={"audit": live.bucket, "lake": live.bucket},
        keys={"own": live.key},
        sns_topics={"told": live.topic},
        queues={"fraud": live.queue},
        vpc=live.vpc,
        notify=[live.topic],
    )
    live.table.grant_write_data(pipeline.consumers["audit"].function)
    assert len(bench.of_type("AWS::S3::Bucket")) == len(bench.of_type("AWS::SQS::Queue")) == 1
    assert len(bench.of_type("AWS::SNS::Topic")) == len(bench.of_type("AWS::KMS::Key")) == 1
    assert "dynamodb:PutItem" in str(bench.of_type("AWS::IAM::Policy"))


def test_text_that_is_only_handed_on_may_be_a_token(bench: Any, code: str) -> None:
    live = Live(bench.stack)
    spec = PipelineSpec(
        name="shop",
        streams={"clicks": KinesisStreamSpec(shards=1)},
        consumers={"fraud": consumer(code=code, environment={"TABLE_NAME": live.table.table_name})},
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    function = bench.stack.get_logical_id(pipeline.consumers["fraud"].function.node.default_child)
    variables = bench.template["Resources"][function]["Properties"]["Environment"]["Variables"]
    assert variables == {"TABLE_NAME": bench.stack.resolve(live.table.table_name)}

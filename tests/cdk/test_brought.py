"""A system takes constructs of the app by the names of its nodes, and never changes them."""

from __future__ import annotations

import inspect
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_msk as msk
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.spec import (
    DeliverySpec,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    OnFailure,
    PipelineSpec,
    S3OnFailure,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
)
from streaming_constructs.testing import alarm_problems, policy_problems

STREAM, MAPPING, FUNCTION = "AWS::Kinesis::Stream", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function"


def consumer(code: str | None, destination: Any = None, **more: Any) -> LambdaConsumerSpec:
    on_failure = OnFailure(destination=destination or SqsOnFailure())
    return LambdaConsumerSpec(**{"from_": "clicks", "code": code, "on_failure": on_failure, **more})


def system(code: str | None, **more: Any) -> PipelineSpec:
    defaults: dict[str, Any] = {
        "name": "shop",
        "streams": {"clicks": KinesisStreamSpec(shards=2)},
        "consumers": {"fraud": consumer(code)},
    }
    return PipelineSpec(**{**defaults, **more})


def findings(bench: Any, spec: PipelineSpec, **brought: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(SpecError) as error:
        StreamingPipeline(bench.stack, "Pipeline", spec=spec, **brought)
    return [(found.code, found.dotted_path, found.message) for found in error.value.findings]


def live_function(stack: cdk.Stack) -> lambda_.Function:
    inline = lambda_.Code.from_inline("def handler(event, context): pass")
    return lambda_.Function(stack, "Company", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=inline)


def arn(bench: Any, resource_type: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [bench.only_id(resource_type), "Arn"]}


def test_stream_of_the_app_is_read_with_its_key_and_described_by_the_spec(bench: Any, code: str) -> None:
    live = kinesis.Stream(bench.stack, "Company", encryption_key=kms.Key(bench.stack, "Key"))
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code), streams={"clicks": live})
    assert bench.only(MAPPING)["EventSourceArn"] == arn(bench, STREAM)
    assert "kms:Decrypt" in bench.allowed_on(arn(bench, "AWS::KMS::Key"))
    assert pipeline.streams["clicks"].stream is live
    assert pipeline.plan.consumers["fraud"].concurrency == 2
    assert bench.alarm("clicksIncomingBytes")["Threshold"] == 0.8 * 2 * 1_048_576 * 60
    assert list(alarm_problems(bench.template)) == []


def test_stream_of_the_app_need_not_be_described(bench: Any, code: str) -> None:
    live = kinesis.Stream(bench.stack, "Company")
    spec = system(code, streams={"clicks": KinesisStreamSpec()})
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec, streams={"clicks": live})
    assert pipeline.plan.streams["clicks"].shards is None


def test_function_of_the_app_takes_the_place_of_code(bench: Any) -> None:
    live = live_function(bench.stack)
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(None), functions={"fraud": live})
    assert pipeline.consumers["fraud"].function is live
    assert bench.only(MAPPING)["FunctionName"] == arn(bench, FUNCTION)
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]


def test_function_of_the_app_may_write_what_the_spec_says(bench: Any) -> None:
    spec = system(
        None,
        streams={name: KinesisStreamSpec(shards=1) for name in ("clicks", "scores")},
        consumers={"fraud": consumer(None, to=("scores",))},
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec, functions={"fraud": live_function(bench.stack)})
    scores = bench.stack.resolve(pipeline.streams["scores"].stream.stream_arn)
    assert bench.allowed_on(scores) == {"kinesis:PutRecord", "kinesis:PutRecords"}
    # It is not changed: what it writes to, the app tells it.
    assert "Environment" not in bench.only(FUNCTION)


@pytest.mark.parametrize("brings_bucket", [False, True])
def test_consumer_without_code_needs_a_function(bench: Any, brings_bucket: bool) -> None:
    # A bucket of the same name is no function.
    brought = {"buckets": {"fraud": s3.Bucket(bench.stack, "Company")}} if brings_bucket else {}
    spec = system(None, consumers={"fraud": consumer(None, S3OnFailure())})
    assert [(code, path) for code, path, _ in findings(bench, spec, **brought)] == [("LAM501", "consumers.fraud")]


@pytest.mark.parametrize("kind", ["queues", "buckets"])
def test_what_is_given_up_goes_to_the_app(bench: Any, code: str, kind: str) -> None:
    key = kms.Key(bench.stack, "Key")
    live: Any = (
        sqs.Queue(bench.stack, "Company", encryption_master_key=key)
        if kind == "queues"
        else s3.Bucket(bench.stack, "Company", encryption_key=key)
    )
    destination = SqsOnFailure() if kind == "queues" else S3OnFailure()
    spec = system(code, consumers={"fraud": consumer(code, destination)})
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec, **{kind: {"fraud": live}})
    assert pipeline.consumers["fraud"].failures is live
    resource = {"queues": "AWS::SQS::Queue", "buckets": "AWS::S3::Bucket"}[kind]
    assert bench.only(MAPPING)["DestinationConfig"]["OnFailure"]["Destination"] == arn(bench, resource)
    assert bench.allowed_on(arn(bench, "AWS::KMS::Key")) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_keys_of_the_app_encrypt_streams_and_topics(bench: Any, code: str) -> None:
    key = kms.Key(bench.stack, "Company")
    spec = system(code, sns_topics={"told": SnsTopicSpec()}, consumers={"fraud": consumer(code, to=("told",))})
    StreamingPipeline(bench.stack, "Pipeline", spec=spec, keys={"clicks": key, "told": key})
    own = arn(bench, "AWS::KMS::Key")
    assert bench.only(STREAM)["StreamEncryption"]["KeyId"] == own
    assert bench.only("AWS::SNS::Topic")["KmsMasterKeyId"] == own
    assert bench.allowed_on(own) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_topic_of_the_app_is_published_to(bench: Any, code: str) -> None:
    live = sns.Topic(bench.stack, "Company", master_key=kms.Key(bench.stack, "Key"))
    spec = system(code, sns_topics={"told": SnsTopicSpec()}, consumers={"fraud": consumer(code, to=("told",))})
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec, sns_topics={"told": live})
    assert pipeline.sns_topics["told"].topic is live
    topic = {"Ref": bench.only_id("AWS::SNS::Topic")}
    assert bench.only(FUNCTION)["Environment"]["Variables"] == {"TOLD_TOPIC_ARN": topic}
    assert bench.allowed_on(topic) == {"sns:Publish"}
    assert bench.allowed_on(arn(bench, "AWS::KMS::Key")) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_alarms_tell_a_topic_of_the_app_that_the_spec_names(bench: Any, code: str) -> None:
    live = sns.Topic(bench.stack, "Company")
    spec = system(code, sns_topics={"pager": SnsTopicSpec()}, alarms={"notify": ["pager"]})
    StreamingPipeline(bench.stack, "Pipeline", spec=spec, sns_topics={"pager": live})
    assert bench.alarm("fraudErrors")["AlarmActions"] == [{"Ref": bench.only_id("AWS::SNS::Topic")}]
    assert not bench.of_type("AWS::SNS::TopicPolicy")


def live_vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], private_subnet_ids=["subnet-1", "subnet-2"]
    )


def test_functions_stand_in_the_vpc_of_the_app_unless_the_spec_places_them(bench: Any, code: str) -> None:
    placed = {"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]}
    spec = system(code, consumers={"fraud": consumer(code), "audit": consumer(code, vpc=placed)})
    group = ec2.SecurityGroup.from_security_group_id(bench.stack, "Group", "sg-1")
    StreamingPipeline(bench.stack, "Pipeline", spec=spec, vpc=live_vpc(bench.stack), security_groups=[group])
    configs = {key: one["Properties"]["VpcConfig"] for key, one in bench.of_type(FUNCTION).items()}
    fraud, audit = (next(config for key, config in configs.items() if name in key) for name in ("fraud", "audit"))
    assert fraud == {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    assert audit == {"SubnetIds": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]}


def test_vpc_of_the_app_has_no_say_over_its_functions(bench: Any) -> None:
    pipeline = StreamingPipeline(
        bench.stack,
        "Pipeline",
        spec=system(None),
        functions={"fraud": live_function(bench.stack)},
        vpc=live_vpc(bench.stack),
    )
    assert "VpcConfig" not in bench.only(FUNCTION)
    assert pipeline.consumers["fraud"].permissions is not None
    assert bench.allowed_on("*") == set()


def test_names_that_match_nothing_are_said_with_the_nearest(bench: Any, code: str) -> None:
    brought = {
        "streams": {"click": kinesis.Stream(bench.stack, "Stream")},
        "queues": {"frauds": sqs.Queue(bench.stack, "Queue")},
    }
    with pytest.raises(SpecError) as error:
        StreamingPipeline(bench.stack, "Pipeline", spec=system(code), **brought)
    assert [(found.code, found.message, found.help) for found in error.value.findings] == [
        ("GRF301", "there is nothing named `click` that takes what `streams=` brings", "did you mean `clicks`?"),
        ("GRF301", "there is nothing named `frauds` that takes what `queues=` brings", "did you mean `fraud`?"),
    ]


def test_names_are_said_together_with_what_is_wrong_in_the_spec(bench: Any) -> None:
    found = findings(bench, system(None), functions={"frauds": live_function(bench.stack)})
    assert [code for code, _, _ in found] == ["LAM501", "GRF301"]


ARGUMENTS: dict[str, tuple[Any, str, str]] = {
    "streams": (lambda stack: kinesis.Stream(stack, "Live"), "fraud", "consumers.fraud"),
    "functions": (live_function, "clicks", "streams.clicks"),
    "buckets": (lambda stack: s3.Bucket(stack, "Live"), "clicks", "streams.clicks"),
    "keys": (lambda stack: kms.Key(stack, "Live"), "fraud", "consumers.fraud"),
    "sns_topics": (lambda stack: sns.Topic(stack, "Live"), "fraud", "consumers.fraud"),
    "queues": (lambda stack: sqs.Queue(stack, "Live"), "clicks", "streams.clicks"),
    "stores": (
        lambda stack: opensearch.Domain.from_domain_endpoint(stack, "Live", "https://search-x.es.aws"),
        "clicks",
        "streams.clicks",
    ),
    "clusters": (
        lambda stack: msk.CfnServerlessCluster(
            stack,
            "Live",
            cluster_name="live",
            client_authentication={"sasl": {"iam": {"enabled": True}}},
            vpc_configs=[],
        ),
        "clicks",
        "streams.clicks",
    ),
}


@pytest.mark.parametrize("argument", sorted(ARGUMENTS))
def test_what_a_node_has_no_use_for_is_said(bench: Any, code: str, argument: str) -> None:
    live, name, path = ARGUMENTS[argument]
    found = findings(bench, system(code), **{argument: {name: live(bench.stack)}})
    assert found == [("GRF301", path, f"`{name}` does not take what `{argument}=` brings")]


def test_of_a_queue_and_a_bucket_one_is_too_many(bench: Any, code: str) -> None:
    brought: dict[str, Any] = {
        "queues": {"fraud": sqs.Queue(bench.stack, "Queue")},
        "buckets": {"fraud": s3.Bucket(bench.stack, "Bucket")},
    }
    assert findings(bench, system(code), **brought) == [
        ("GRF301", "consumers.fraud", "`fraud` does not take what `buckets=` brings")
    ]


def test_every_argument_that_brings_something_is_tried() -> None:
    given = inspect.signature(StreamingPipeline.__init__).parameters
    elsewhere = {"self", "scope", "construct_id", "spec", "vpc", "vpc_subnets", "security_groups", "notify"}
    assert set(given) - elsewhere == set(ARGUMENTS)


def test_constructs_of_another_stack_are_referred_to_across(benches: Any, code: str) -> None:
    bench = benches(env=cdk.Environment(account="111122223333", region="eu-west-1"))
    base = cdk.Stack(bench.app, "Base", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    key = kms.Key(base, "Key")
    stream = kinesis.Stream(base, "Stream", encryption_key=key)
    bucket = s3.Bucket(base, "Bucket", encryption_key=key)
    topic = sns.Topic(base, "Topic", master_key=key)
    queue = sqs.Queue(base, "Queue", encryption_master_key=key)
    function = live_function(base)
    spec = system(
        code,
        streams={name: KinesisStreamSpec(shards=1) for name in ("clicks", "own")},
        consumers={
            "fraud": consumer(None, to=("told",)),
            "audit": consumer(code, S3OnFailure(), from_="own"),
        },
        sns_topics={"told": SnsTopicSpec()},
        alarms={"notify": ["told"]},
    )
    StreamingPipeline(
        bench.stack,
        "Pipeline",
        spec=spec,
        streams={"clicks": stream},
        functions={"fraud": function},
        buckets={"audit": bucket},
        queues={"fraud": queue},
        sns_topics={"told": topic},
        keys={"own": key},
    )
    assembly = bench.app.synth()
    mine, theirs = (assembly.get_stack_by_name(name).template for name in ("Test", "Base"))
    depends_on = {dependency.id for dependency in assembly.get_stack_by_name("Test").dependencies}
    assert "Base" in depends_on
    kinds = {resource["Type"] for resource in mine["Resources"].values()}
    assert kinds & {"AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket", "AWS::KMS::Key"} == set()
    assert theirs.get("Outputs"), "what is used elsewhere is exported"
    assert list(alarm_problems(mine)) == []
    assert list(policy_problems(mine)) == []


def test_what_is_brought_is_as_it_was(benches: Any, code: str) -> None:
    def build(stack: cdk.Stack) -> dict[str, Any]:
        key = kms.Key(stack, "Key")
        return {
            "streams": {"clicks": kinesis.Stream(stack, "Stream", encryption_key=key)},
            "functions": {"fraud": live_function(stack)},
            "queues": {"fraud": sqs.Queue(stack, "Queue", encryption_master_key=key)},
            "sns_topics": {"told": sns.Topic(stack, "Topic", master_key=key)},
        }

    alone, used = benches(), benches()
    build(alone.stack)
    spec = system(
        None,
        consumers={"fraud": consumer(None, to=("told",))},
        sns_topics={"told": SnsTopicSpec()},
        alarms={"notify": ["told"]},
    )
    StreamingPipeline(used.stack, "Pipeline", spec=spec, **build(used.stack))
    before = alone.template["Resources"]
    assert {key: used.template["Resources"][key] for key in before} == before


def test_transformation_that_the_spec_places_may_join_its_vpc(bench: Any, code: str) -> None:
    placed = {"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]}
    delivery = {"transform": {"code": code, "vpc": placed}, "to": {"kind": "s3"}}
    spec = PipelineSpec(name="shop", deliveries={"lake": DeliverySpec.model_validate(delivery)})
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert bench.only(FUNCTION)["VpcConfig"]["SubnetIds"] == ["subnet-0123456789abcdef0"]
    assert "ec2:CreateNetworkInterface" in bench.allowed_on("*")


def test_delivery_to_a_domain_of_the_app(bench: Any) -> None:
    spec = PipelineSpec(
        name="shop",
        deliveries={"index": DeliverySpec(to={"kind": "opensearch"})},
    )
    domain = opensearch.Domain.from_domain_endpoint(bench.stack, "Live", "https://search-x.eu-west-1.es.amazonaws.com")
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec, stores={"index": domain})
    assert pipeline.deliveries["index"].domain_arn == domain.domain_arn


def test_functions_transform_deliveries_by_their_names(bench: Any) -> None:
    spec = PipelineSpec(
        name="shop", deliveries={"lake": DeliverySpec.model_validate({"transform": {}, "to": {"kind": "s3"}})}
    )
    live = live_function(bench.stack)
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec, functions={"lake": live})
    assert pipeline.deliveries["lake"].transform is live

"""Created, adopted or imported: whatever is brought, consumers, permissions and alarms come out the same."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from streaming_constructs import (
    AlarmsSpec,
    CustomerManagedKey,
    KeepInS3,
    KeepInSns,
    KeepInSqs,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    NotifyEmail,
    OnError,
    ProvisionedCapacity,
    Reader,
    SkipAfter,
    StreamAlarms,
)
from streaming_constructs.testing import alarm_problems, policy_problems

ORIGINS = ["created", "adopted", "imported"]
ACCOUNT = "111122223333"
STREAM_ARN = f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/clicks"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def make_stream(bench: Any, origin: str) -> KinesisStream:
    capacity, readers = ProvisionedCapacity(shards=2), [Reader("Fraud")]
    if origin == "created":
        spec = KinesisStreamSpec(capacity=capacity, encryption=CustomerManagedKey())
        return KinesisStream(bench.stack, "Clicks", spec=spec, readers=readers)
    if origin == "adopted":
        live = kinesis.Stream(bench.stack, "Live", encryption_key=kms.Key(bench.stack, "Key"))
        return KinesisStream(
            bench.stack, "Clicks", spec=KinesisStreamSpec(capacity=capacity), stream=live, readers=readers
        )
    key = CustomerManagedKey(key_arn=KEY_ARN)
    spec = KinesisStreamSpec(arn=STREAM_ARN, capacity=capacity, encryption=key)
    return KinesisStream(bench.stack, "Clicks", spec=spec, readers=readers)


def on_error(keep_in: Any) -> OnError:
    return OnError(skip_after=SkipAfter(attempts=3, max_age_seconds=600), keep_in=keep_in)


@pytest.mark.parametrize("origin", ORIGINS)
def test_stream(bench: Any, code: str, origin: str) -> None:
    stream = make_stream(bench, origin)
    spec = LambdaConsumerSpec(from_="clicks", code=code, on_error=on_error(KeepInSqs()))
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream, spec=spec)
    alarms = StreamAlarms(bench.stack, "Alarms", streams=[stream], consumers=[consumer])
    assert stream.encryption_key is not None
    arn, key = (bench.stack.resolve(one) for one in (stream.stream.stream_arn, stream.encryption_key.key_arn))
    assert bench.only("AWS::Lambda::EventSourceMapping")["EventSourceArn"] == arn
    assert "kinesis:GetRecords" in bench.allowed_on(arn)
    assert "kms:Decrypt" in bench.allowed_on(key)
    assert len(alarms.alarms) == 12
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
    spec = LambdaConsumerSpec(from_="clicks", code=code if function is None else None, on_error=on_error(KeepInSqs()))
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream, spec=spec, function=function)
    StreamAlarms(bench.stack, "Alarms", consumers=[consumer])
    assert consumer.permissions is not None
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    assert list(alarm_problems(bench.template)) == []


KINDS: dict[str, Any] = {
    "sqs": (KeepInSqs, lambda stack: sqs.Queue(stack, "Live"), f"arn:aws:sqs:eu-west-1:{ACCOUNT}:dead"),
    "sns": (KeepInSns, lambda stack: sns.Topic(stack, "Live"), f"arn:aws:sns:eu-west-1:{ACCOUNT}:dead"),
    "s3": (KeepInS3, lambda stack: s3.Bucket(stack, "Live"), "arn:aws:s3:::dead-batches"),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("origin", ORIGINS)
def test_failure_destination(bench: Any, code: str, kind: str, origin: str) -> None:
    model, live, arn = KINDS[kind]
    field = {"sqs": "queue_arn", "sns": "topic_arn", "s3": "bucket_arn"}[kind]
    spec = LambdaConsumerSpec(
        from_="clicks", code=code, on_error=on_error(model(**({field: arn} if origin == "imported" else {})))
    )
    consumer = LambdaConsumer(
        bench.stack,
        "Fraud",
        source=make_stream(bench, "created"),
        spec=spec,
        failures=live(bench.stack) if origin == "adopted" else None,
    )
    StreamAlarms(bench.stack, "Alarms", consumers=[consumer])
    destination = bench.stack.resolve(getattr(consumer.failures, field))
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
    alarms = StreamAlarms(
        bench.stack,
        "Alarms",
        streams=[stream],
        spec=AlarmsSpec(notify=() if topic else (NotifyEmail(email="oncall@example.com"),)),
        notify=[topic] if topic else [],
    )
    told = topic or alarms.topic
    assert told is not None
    actions = [one["Properties"]["AlarmActions"] for one in bench.of_type("AWS::CloudWatch::Alarm").values()]
    assert actions == [[bench.stack.resolve(told.topic_arn)]] * 6

"""Alarms as resources; their thresholds are proved in tests/planning."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_sns as sns

from streaming_constructs import (
    AlarmOverride,
    AlarmsSpec,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    NotifyEmail,
    NotifyTopic,
    OnFailure,
    PipelineAlarms,
    Reader,
    S3OnFailure,
    SpecError,
    SqsOnFailure,
)

ALARM = "AWS::CloudWatch::Alarm"
STREAM = "AWS::Kinesis::Stream"


def nodes(bench: Any, code: str, **consumer: Any) -> dict[str, Any]:
    on_failure = OnFailure(retries=3, max_record_age_seconds=600, destination=SqsOnFailure())
    spec = LambdaConsumerSpec(**{"from_": "clicks", "code": code, "on_failure": on_failure, **consumer})
    clicks = KinesisStream(
        bench.stack,
        "clicks",
        spec=KinesisStreamSpec(shards=2, retention_hours=48),
        readers=list(spec.readers("fraud")),
    )
    return {"nodes": [clicks, LambdaConsumer(bench.stack, "fraud", source=clicks, spec=spec)]}


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {one["Name"]: one["Value"] for one in alarm["Dimensions"]}


def test_alarm_carries_everything_that_planning_computed(bench: Any, code: str) -> None:
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code))
    alarm = bench.alarm("clicksIncomingBytes")
    description = alarm.pop("AlarmDescription")
    assert alarm == {
        "ComparisonOperator": "GreaterThanThreshold",
        "DatapointsToAlarm": 5,
        "Dimensions": [{"Name": "StreamName", "Value": {"Ref": bench.only_id(STREAM)}}],
        "EvaluationPeriods": 5,
        "MetricName": "IncomingBytes",
        "Namespace": "AWS/Kinesis",
        "Period": 60,
        "Statistic": "Sum",
        "Threshold": 0.8 * 2 * 1_048_576 * 60,
        "TreatMissingData": "notBreaching",
    }
    assert "What to do: add shards" in description
    assert "80% of 2 MiB/s (2 shards) x 60 s" in description


@pytest.mark.parametrize(
    ("alarm", "dimension", "resource_type", "attribute"),
    [
        ("clicksIteratorAge", "StreamName", STREAM, ""),
        ("clicksWriteThrottling", "StreamName", STREAM, ""),
        ("clicksReadThrottling", "StreamName", STREAM, ""),
        ("clicksPutRecordsFailures", "StreamName", STREAM, ""),
        ("clicksIncomingRecords", "StreamName", STREAM, ""),
        ("fraudIteratorAge", "FunctionName", "AWS::Lambda::Function", ""),
        ("fraudErrors", "FunctionName", "AWS::Lambda::Function", ""),
        ("fraudThrottles", "FunctionName", "AWS::Lambda::Function", ""),
        ("fraudDestinationFailures", "FunctionName", "AWS::Lambda::Function", ""),
        ("fraudDroppedRecords", "EventSourceMappingUUID", "AWS::Lambda::EventSourceMapping", ""),
        ("fraudFailedBatches", "QueueName", "AWS::SQS::Queue", "QueueName"),
    ],
)
def test_alarm_watches_its_own_resource(
    bench: Any, code: str, alarm: str, dimension: str, resource_type: str, attribute: str
) -> None:
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code))
    logical_id = bench.only_id(resource_type)
    expected = {"Fn::GetAtt": [logical_id, attribute]} if attribute else {"Ref": logical_id}
    assert dimensions(bench.alarm(alarm)) == {dimension: expected}


def test_fan_out_lag_is_watched_by_stream_and_consumer(bench: Any, code: str) -> None:
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code, enhanced_fan_out=True))
    alarm = bench.alarm("fraudFanOutLag")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("SubscribeToShardEvent.MillisBehindLatest", 300_000)
    assert dimensions(alarm) == {
        "StreamName": {"Ref": bench.only_id(STREAM)},
        "ConsumerName": bench.only("AWS::Kinesis::StreamConsumer")["ConsumerName"],
    }
    # GetRecords metrics do not see enhanced fan-out readers: such an alarm would watch nothing.
    assert not [key for key in bench.of_type(ALARM) if "clicksIteratorAge" in key]


def test_failure_bucket_is_watched_by_deliveries(bench: Any, code: str) -> None:
    on_failure = OnFailure(retries=3, max_record_age_seconds=600, destination=S3OnFailure())
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code, on_failure=on_failure))
    alarm = bench.alarm("fraudFailedBatches")
    assert alarm["MetricName"] == "OnFailureDestinationDeliveredEventCount"
    assert dimensions(alarm) == {"EventSourceMappingUUID": {"Ref": bench.only_id("AWS::Lambda::EventSourceMapping")}}


def test_alarms_tell_nobody_unless_asked(bench: Any, code: str) -> None:
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code))
    assert not [one for one in bench.of_type(ALARM).values() if "AlarmActions" in one["Properties"]]
    assert not bench.of_type("AWS::SNS::Topic")


def test_every_alarm_tells_everyone_who_is_named(bench: Any, code: str) -> None:
    existing = "arn:aws:sns:eu-west-1:111122223333:oncall"
    live = sns.Topic(bench.stack, "Live")
    alarms = PipelineAlarms(
        bench.stack,
        "Alarms",
        **nodes(bench, code),
        spec=AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"), NotifyTopic(topic_arn=existing))),
        notify=[live],
    )
    own, company = (bench.stack.resolve(topic.topic_arn) for topic in (alarms.topic, live))
    found = bench.of_type(ALARM).values()
    assert len(found) == len(alarms.plans)
    assert all(one["Properties"]["AlarmActions"] == [own, existing, company] for one in found)
    assert bench.only("AWS::SNS::Subscription")["Endpoint"] == "oncall@example.com"


def test_cloudwatch_may_publish_to_the_encrypted_topic(bench: Any, code: str) -> None:
    spec = AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"),))
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code), spec=spec)
    key = {"Fn::GetAtt": [bench.only_id("AWS::KMS::Key"), "Arn"]}
    assert bench.only("AWS::SNS::Topic")["KmsMasterKeyId"] == key
    condition = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    cloudwatch = {"Service": "cloudwatch.amazonaws.com"}
    on_key = bench.only("AWS::KMS::Key")["KeyPolicy"]["Statement"][-1]
    assert (on_key["Action"], on_key["Principal"], on_key["Condition"]) == (
        ["kms:Decrypt", "kms:GenerateDataKey"],
        cloudwatch,
        condition,
    )
    on_topic = bench.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"][-1]
    assert (on_topic["Action"], on_topic["Principal"], on_topic["Condition"]) == ("sns:Publish", cloudwatch, condition)


def test_override_and_silence(bench: Any, code: str) -> None:
    spec = AlarmsSpec(
        override={"fraud.iterator_age": AlarmOverride(threshold=1234, minutes=2)},
        silence={"clicks.read_throttling": "a load test reads this stream"},
    )
    PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code), spec=spec)
    alarm = bench.alarm("fraudIteratorAge")
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (1234, 2, 2)
    assert not [key for key in bench.of_type(ALARM) if "ReadThrottling" in key]


def test_construct_that_stands_alone_is_named_by_its_id(bench: Any) -> None:
    clicks = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=2), readers=[Reader("Fraud")])
    spec = AlarmsSpec(
        silence={"Clicks.read_throttling": "a load test reads this stream"},
        override={"Clicks.iterator_age": AlarmOverride(threshold=1234)},
    )
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=[clicks], spec=spec)
    assert bench.alarm("ClicksIteratorAge")["Threshold"] == 1234
    assert "Clicks.read_throttling" not in alarms.alarms


def test_unknown_alarm_is_refused_with_the_nearest_name(bench: Any, code: str) -> None:
    spec = AlarmsSpec(silence={"fraud.iterater_age": "a slow consumer by design"})
    with pytest.raises(SpecError) as error:
        PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code), spec=spec)
    (finding,) = error.value.findings
    assert (finding.code, finding.help) == ("ALM601", "did you mean `fraud.iterator_age`?")


def test_alarms_are_found_by_name(bench: Any, code: str) -> None:
    alarms = PipelineAlarms(bench.stack, "Alarms", **nodes(bench, code))
    assert sorted(alarms.alarms) == [
        "clicks.incoming_bytes",
        "clicks.incoming_records",
        "clicks.iterator_age",
        "clicks.put_records_failures",
        "clicks.read_throttling",
        "clicks.write_throttling",
        "fraud.destination_failures",
        "fraud.dropped_records",
        "fraud.errors",
        "fraud.failed_batches",
        "fraud.iterator_age",
        "fraud.throttles",
    ]

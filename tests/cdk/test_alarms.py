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
    NotificationTopic,
    NotifyEmail,
    NotifyTopic,
    OnFailure,
    PipelineAlarms,
    Reader,
    S3OnFailure,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
)
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.testing import alarm_problems
from tests.cdk.stub_node import CONTROLLERS, CPU_SYSTEM, CPU_USER, LATENCY, StubNode, StubPlan, alarm

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
    assert list(alarms.alarms) == [plan.name for plan in alarms.plans]
    assert {"clicks.incoming_bytes", "fraud.iterator_age"} <= set(alarms.alarms)
    assert bench.stack.resolve(alarms.alarms["fraud.errors"].alarm_name)["Ref"].startswith("AlarmsfraudErrors")


def stub(*plans: AlarmPlan) -> list[StubNode]:
    return [StubNode(StubPlan(plans))]


def properties(bench: Any, *plans: AlarmPlan, **more: Any) -> dict[str, dict[str, Any]]:
    """The alarms of a node of no kind, by their logical ids without the hash."""
    PipelineAlarms(bench.stack, "Alarms", nodes=stub(*plans), **more)
    return {key[:-8]: found["Properties"] for key, found in bench.of_type(ALARM).items()}


def test_alarm_looks_at_as_many_whole_periods_as_its_minutes_need(bench: Any) -> None:
    plans = (
        alarm("even", CONTROLLERS, minutes=15, period_seconds=300),
        alarm("uneven", CONTROLLERS, minutes=11, period_seconds=300),
        alarm("short", CONTROLLERS, minutes=1, period_seconds=300),
    )
    found = properties(bench, *plans)
    assert {key: (one["Period"], one["EvaluationPeriods"]) for key, one in found.items()} == {
        "AlarmsmainEven": (300, 3),
        "AlarmsmainUneven": (300, 3),
        "AlarmsmainShort": (300, 1),
    }


@pytest.mark.parametrize(("datapoints", "expected"), [(None, 5), (3, 3)])
def test_alarm_asks_for_m_of_n_periods_where_it_says_so(bench: Any, datapoints: int | None, expected: int) -> None:
    (found,) = properties(bench, alarm("late", CONTROLLERS, minutes=5, datapoints=datapoints)).values()
    assert (found["DatapointsToAlarm"], found["EvaluationPeriods"]) == (expected, 5)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("not_breaching", "notBreaching"),
        ("breaching", "breaching"),
        ("ignore", "ignore"),
        ("missing", "missing"),
    ],
)
def test_alarm_says_what_missing_data_means(bench: Any, missing: str, expected: str) -> None:
    (found,) = properties(bench, alarm("late", CONTROLLERS, missing=missing)).values()
    assert found["TreatMissingData"] == expected


@pytest.mark.parametrize(
    ("below", "inclusive", "expected"),
    [
        (False, False, "GreaterThanThreshold"),
        (False, True, "GreaterThanOrEqualToThreshold"),
        (True, False, "LessThanThreshold"),
        (True, True, "LessThanOrEqualToThreshold"),
    ],
)
def test_alarm_is_past_its_threshold_on_the_side_that_it_says(
    bench: Any, below: bool, inclusive: bool, expected: str
) -> None:
    (found,) = properties(bench, alarm("late", CONTROLLERS, below=below, inclusive=inclusive)).values()
    assert found["ComparisonOperator"] == expected


@pytest.mark.parametrize(
    ("statistic", "expected"), [("", ("Statistic", "Average")), ("p99", ("ExtendedStatistic", "p99"))]
)
def test_alarm_takes_a_percentile_in_place_of_the_metrics_statistic(
    bench: Any, statistic: str, expected: tuple[str, str]
) -> None:
    (found,) = properties(bench, alarm("slow", LATENCY, statistic=statistic)).values()
    assert {name: found[name] for name in ("Statistic", "ExtendedStatistic") if name in found} == dict([expected])


def test_instances_of_one_alarm_have_ids_and_dimensions_of_their_own(bench: Any) -> None:
    plans = [alarm("cpu", CPU_USER, instance=broker, dimensions={"Broker ID": broker}) for broker in ("1", "2")]
    alarms = PipelineAlarms(bench.stack, "Alarms", nodes=stub(*plans))
    assert set(alarms.alarms) == {"main.cpu.1", "main.cpu.2"}
    found = {key[:-8]: dimensions(one["Properties"]) for key, one in bench.of_type(ALARM).items()}
    assert found == {
        "AlarmsmainCpu1": {"Cluster Name": "main", "Broker ID": "1"},
        "AlarmsmainCpu2": {"Cluster Name": "main", "Broker ID": "2"},
    }


def test_instances_are_silenced_and_overridden_together(bench: Any) -> None:
    plans = [
        alarm(kind, CPU_USER, instance=broker, dimensions={"Broker ID": broker})
        for kind in ("cpu", "noise")
        for broker in ("1", "2")
    ]
    spec = AlarmsSpec(override={"main.cpu": AlarmOverride(threshold=70)}, silence={"noise": "known to be noisy here"})
    found = properties(bench, *plans, spec=spec)
    assert {key: one["Threshold"] for key, one in found.items()} == {"AlarmsmainCpu1": 70, "AlarmsmainCpu2": 70}


def test_alarm_on_an_expression_has_each_metric_with_its_dimensions(bench: Any) -> None:
    plan = alarm(
        "cpu",
        CPU_USER,
        period_seconds=300,
        expression="m + system",
        metrics={"system": CPU_SYSTEM},
        dimensions={"Broker ID": "1"},
        statistic="p90",
    )
    (found,) = properties(bench, plan).values()
    assert "MetricName" not in found
    by_id = {one["Id"]: one for one in found["Metrics"]}
    (result,) = [one for one in found["Metrics"] if one.get("ReturnData", True)]
    assert result["Expression"] == "m + system"
    own = [{"Name": "Broker ID", "Value": "1"}, {"Name": "Cluster Name", "Value": "main"}]
    assert {name: by_id[name]["MetricStat"] for name in ("m", "system")} == {
        "m": {
            "Metric": {"Namespace": "AWS/Kafka", "MetricName": "CpuUser", "Dimensions": own},
            "Period": 300,
            "Stat": "p90",
        },
        "system": {
            "Metric": {"Namespace": "AWS/Kafka", "MetricName": "CpuSystem", "Dimensions": own},
            "Period": 300,
            "Stat": "Average",
        },
    }
    assert list(alarm_problems(bench.template)) == []


def test_description_says_what_is_wrong_what_to_do_and_why_there(bench: Any) -> None:
    (found,) = properties(bench, alarm("late", CONTROLLERS)).values()
    assert found["AlarmDescription"] == "It is late. What to do: add brokers. Threshold: as told."


def test_an_alarm_may_tell_others_than_the_rest(bench: Any) -> None:
    existing = "arn:aws:sns:eu-west-1:111122223333:pager"
    spec = AlarmsSpec(
        notify=("oncall@example.com",), override={"main.late": AlarmOverride(notify=(existing, "boss@example.com"))}
    )
    alarms = PipelineAlarms(
        bench.stack, "Alarms", nodes=stub(alarm("late", CONTROLLERS), alarm("slow", LATENCY)), spec=spec
    )
    assert alarms.topic is not None
    own = bench.stack.resolve(alarms.topic.topic_arn)
    assert bench.alarm("Slow")["AlarmActions"] == [own]
    assert bench.alarm("Late")["AlarmActions"] == [own, existing]
    assert sorted(one["Properties"]["Endpoint"] for one in bench.of_type("AWS::SNS::Subscription").values()) == [
        "boss@example.com",
        "oncall@example.com",
    ]


def test_an_existing_topic_is_named_once_however_many_alarms_it_hears(bench: Any) -> None:
    existing = "arn:aws:sns:eu-west-1:111122223333:pager"
    spec = AlarmsSpec(
        notify=(existing,), override={"main.late": AlarmOverride(notify=(NotifyTopic(topic_arn=existing),))}
    )
    found = properties(bench, alarm("late", CONTROLLERS), alarm("slow", LATENCY), spec=spec)
    assert [one["AlarmActions"] for one in found.values()] == [[existing], [existing]]


def test_alarms_of_a_system_tell_its_topics(bench: Any) -> None:
    told = NotificationTopic(bench.stack, "pager", spec=SnsTopicSpec(), notified_by_alarms=True)
    found = properties(
        bench, alarm("late", CONTROLLERS), spec=AlarmsSpec(notify=("pager",)), sns_topics={"pager": told.topic}
    )
    assert [one["AlarmActions"] for one in found.values()] == [[{"Ref": bench.only_id("AWS::SNS::Topic")}]]


@pytest.mark.parametrize(
    ("spec", "paths"),
    [
        (AlarmsSpec(notify=("pager",)), ["alarms.notify[0]"]),
        (
            AlarmsSpec(notify=("a@example.com",), override={"late": AlarmOverride(notify=("b@example.com", "pager"))}),
            ["alarms.override.late.notify[1]"],
        ),
    ],
)
def test_a_topic_that_was_not_brought_is_said(bench: Any, spec: AlarmsSpec, paths: list[str]) -> None:
    with pytest.raises(SpecError) as error:
        PipelineAlarms(bench.stack, "Alarms", nodes=stub(alarm("late", CONTROLLERS)), spec=spec)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("GRF301", path) for path in paths]


def test_alarms_that_are_switched_off_are_not_created(bench: Any) -> None:
    alarms = PipelineAlarms(
        bench.stack, "Alarms", nodes=stub(alarm("late", CONTROLLERS)), spec=AlarmsSpec(enabled=False), notify=[]
    )
    assert (alarms.alarms, alarms.plans, alarms.topic) == ({}, (), None)
    assert "Resources" not in bench.template

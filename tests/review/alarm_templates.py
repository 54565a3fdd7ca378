"""Resources that templates with alarms are put together of."""

from __future__ import annotations

from typing import Any

LAG = {
    "Namespace": "AWS/Kinesis",
    "MetricName": "GetRecords.IteratorAgeMilliseconds",
    "Dimensions": [{"Name": "StreamName", "Value": {"Ref": "Clicks"}}],
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 60000,
    "ComparisonOperator": "GreaterThanThreshold",
    "AlarmActions": [{"Ref": "Topic"}],
}
METRIC = {name: LAG[name] for name in ("Namespace", "MetricName", "Dimensions")}
FLAT = (*METRIC, "Statistic", "Period")


def alarm(but: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """An alarm on the lag of a stream, with other properties."""
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {name: value for name, value in {**LAG, **properties}.items() if name not in but},
    }


def stream(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 2, **properties}}


def composite(rule: Any, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": rule, **properties}}


def math(expression: str, name: str = "m", **stat: Any) -> dict[str, Any]:
    """An alarm on metric math about the lag of a stream."""
    queries = [
        {"Id": "e", "Expression": expression},
        {
            "Id": name,
            "ReturnData": False,
            "MetricStat": {"Metric": METRIC, "Stat": "Maximum", "Period": 60, **stat},
        },
    ]
    return alarm(FLAT, Metrics=queries)


BESIDE = {"Clicks": stream(), "Orders": stream(), "Topic": {"Type": "AWS::SNS::Topic"}}


def dimension(name: str, value: Any) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": value}]


CONSUMER = {
    "Type": "AWS::Kinesis::StreamConsumer",
    "Properties": {"ConsumerName": "f", "StreamARN": {"Fn::GetAtt": ["Clicks", "Arn"]}},
}
FAN_OUT = alarm(
    MetricName="SubscribeToShardEvent.MillisBehindLatest",
    Dimensions=[*LAG["Dimensions"], {"Name": "ConsumerName", "Value": "f"}],  # type: ignore[misc]
)


def below(rule: str | dict[str, Any], *, loud: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """Two alarms below a composite one, of which those that are loud tell by themselves."""
    children = {
        "One": alarm(but=() if "One" in loud else ("AlarmActions",)),
        "Two": alarm(but=() if "Two" in loud else ("AlarmActions",), MetricName="ReadProvisionedThroughputExceeded"),
    }
    rule = {"Fn::Sub": rule} if isinstance(rule, str) else rule
    return {**children, "All": composite(rule, **{"AlarmActions": [{"Ref": "Topic"}], **properties})}


EITHER = "ALARM(${One}) OR ALARM(${Two})"

"""Metrics have the dimensions and the statistics under which AWS publishes something."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import firehose, metrics
from streaming_constructs.facts.firehose import DestinationFacts
from streaming_constructs.facts.metrics import Metric

DIMENSIONS: dict[str, set[tuple[str, ...]]] = {
    "AWS/ApiGateway": {("ApiName", "Stage")},
    "AWS/DynamoDB": {("TableName",), ("TableName", "Operation")},
    "AWS/ES": {("DomainName", "ClientId")},
    "AWS/Firehose": {("DeliveryStreamName",)},
    "AWS/Kafka": {
        ("Cluster Name",),
        ("Cluster Name", "Broker ID"),
        ("Cluster Name", "Broker ID", "Topic"),
        ("Cluster Name", "Consumer Group", "Topic"),
        ("Cluster Name", "Topic"),
        ("ReplicatorName",),
    },
    "AWS/KafkaConnect": {("ConnectorName",)},
    "AWS/Kinesis": {("StreamName",), ("StreamName", "ConsumerName")},
    "AWS/Lambda": {("FunctionName",), ("EventSourceMappingUUID",)},
    "AWS/SQS": {("QueueName",)},
    "AWSKinesisAgent": {()},
}
STATISTICS = {"Average", "Maximum", "Minimum", "Sum"}
UNITS = {"Bytes", "Bytes/Second", "Count", "Count/Second", "Megabytes", "Milliseconds", "None", "Percent", "Seconds"}


def single() -> dict[str, Metric]:
    return {name: value for name, value in vars(metrics).items() if isinstance(value, Metric)}


def every() -> Iterator[Metric]:
    yield from single().values()
    for row in vars(firehose).values():
        if isinstance(row, DestinationFacts):
            yield from (
                metric
                for metric in (row.freshness, row.success, *row.backup_success, row.refused, row.unauthorized)
                if metric is not None
            )


def test_metrics_are_published_under_their_dimensions() -> None:
    assert [metric for metric in every() if metric.dimensions not in DIMENSIONS[metric.namespace]] == []
    assert [metric for metric in every() if metric.statistic not in STATISTICS] == []
    assert [metric for metric in every() if metric.unit not in UNITS] == []


def test_one_metric_has_one_name_and_one_meaning() -> None:
    keys = [(metric.namespace, metric.name, metric.dimensions, metric.called) for metric in single().values()]
    assert len(keys) == len(set(keys))
    met: dict[tuple[str, str, tuple[str, ...], str], Metric] = {}
    for metric in every():
        assert met.setdefault((metric.namespace, metric.name, metric.dimensions, metric.called), metric) == metric


def test_ages_and_lags_are_those_of_the_oldest_record() -> None:
    for metric in every():
        if metric.name.endswith(("DataFreshness", "MillisBehindLatest", "IteratorAge")):
            assert metric.statistic == "Maximum"

"""Metrics have the dimensions and the statistics under which AWS publishes something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from streaming_constructs.facts import metrics
from streaming_constructs.facts.metrics import Metric

DIMENSIONS: dict[str, set[tuple[str, ...]]] = {
    "AWS/ES": {("DomainName", "ClientId")},
    "AWS/Firehose": {("DeliveryStreamName",)},
    "AWS/Kinesis": {("StreamName",), ("StreamName", "ConsumerName")},
    "AWS/Lambda": {("FunctionName",), ("EventSourceMappingUUID",)},
    "AWS/Logs": {
        ("LogGroupName",),
        ("LogGroupName", "DestinationType", "FilterName"),
        ("PolicyLevel", "DestinationType", "FilterName"),
    },
    "AWS/SQS": {("QueueName",)},
    "AWSKinesisAgent": {()},
}
STATISTICS = {"Average", "Maximum", "Minimum", "Sum"}
UNITS = {"Bytes", "Bytes/Second", "Count", "Count/Second", "Megabytes", "Milliseconds", "None", "Percent", "Seconds"}
KINDS = {"s3", "opensearch", "opensearch_serverless", "redshift", "splunk", "http", "snowflake", "iceberg"}


def single() -> dict[str, Metric]:
    return {name: value for name, value in vars(metrics).items() if isinstance(value, Metric)}


def every() -> Iterator[Metric]:
    yield from single().values()
    for value in vars(metrics).values():
        if isinstance(value, Mapping):
            yield from (metric for metric in value.values() if isinstance(metric, Metric))


@pytest.mark.parametrize("metric", list(dict.fromkeys(every())), ids=lambda metric: f"{metric.namespace}.{metric.name}")
def test_metrics_are_published_under_their_dimensions(metric: Metric) -> None:
    assert metric.dimensions in DIMENSIONS[metric.namespace]
    assert metric.statistic in STATISTICS
    assert metric.unit in UNITS


def test_one_metric_has_one_name_and_one_meaning() -> None:
    keys = [(metric.namespace, metric.name, metric.dimensions) for metric in single().values()]
    assert len(keys) == len(set(keys))
    met: dict[tuple[str, str, tuple[str, ...]], Metric] = {}
    for metric in every():
        assert met.setdefault((metric.namespace, metric.name, metric.dimensions), metric) == metric


@pytest.mark.parametrize("values", [metrics.DELIVERY_SUCCESS, metrics.DELIVERY_FRESHNESS], ids=["success", "freshness"])
def test_every_destination_is_watched(values: Mapping[str, Metric]) -> None:
    assert set(values) == KINDS
    assert len({metric.name for metric in values.values()}) == len(KINDS)


def test_success_is_a_share_but_of_http_endpoints() -> None:
    """A failed request to an HTTP endpoint counts 0 records as delivered: their average says nothing."""
    statistics = {kind: metric.statistic for kind, metric in metrics.DELIVERY_SUCCESS.items()}
    assert statistics == {**dict.fromkeys(KINDS, "Average"), "http": "Minimum"}
    for metric in (metrics.BACKUP_SUCCESS, metrics.TRANSFORM_SUCCESS, *metrics.FALLBACK_SUCCESS.values()):
        assert metric.statistic == "Average"


def test_ages_and_lags_are_those_of_the_oldest_record() -> None:
    for metric in every():
        if metric.name.endswith(("DataFreshness", "MillisBehindLatest", "IteratorAge")):
            assert metric.statistic == "Maximum"


def test_what_a_destination_did_not_take_is_counted_where_s3_is() -> None:
    assert {metric.name for metric in metrics.FALLBACK_SUCCESS.values()} == {"DeliveryToS3.Success"}
    assert "s3" not in metrics.FALLBACK_SUCCESS
    assert set(metrics.DELIVERY_REFUSED) == set(metrics.DELIVERY_UNAUTHORIZED) <= set(metrics.FALLBACK_SUCCESS)

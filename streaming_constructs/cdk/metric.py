"""Metrics of `facts`, as CloudWatch metrics of CDK."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import PERIOD_SECONDS


@cache
def _period(seconds: int) -> cdk.Duration:
    return cdk.Duration.seconds(seconds)


def cloudwatch_metric(
    metric: Metric, dimensions: Mapping[str, str], statistic: str = "", period_seconds: int = PERIOD_SECONDS
) -> cloudwatch.Metric:
    """A metric under exactly the dimensions that AWS publishes it under.

    Args:
        metric: Which metric.
        dimensions: Values of dimensions, by name; all that the metric needs.
        statistic: Another statistic than the metric's own, such as `p99`.
        period_seconds: Length of one period.
    """
    return cloudwatch.Metric(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions_map=metric.dimensions_of(dimensions),
        statistic=statistic or metric.statistic,
        period=_period(period_seconds),
    )

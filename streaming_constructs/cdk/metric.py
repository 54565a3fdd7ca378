"""Metrics of `facts`, as CloudWatch metrics of CDK."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.alarm import PERIOD_SECONDS


@cache
def _minute() -> cdk.Duration:
    return cdk.Duration.seconds(PERIOD_SECONDS)


def cloudwatch_metric(metric: Metric, dimensions: Mapping[str, str]) -> cloudwatch.Metric:
    """A metric under exactly the dimensions that AWS publishes it under.

    Args:
        metric: Which metric.
        dimensions: Values of dimensions, by name; all that the metric needs.
    """
    return cloudwatch.Metric(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions_map={name: dimensions[name] for name in metric.dimensions},
        statistic=metric.statistic,
        period=_minute(),
    )

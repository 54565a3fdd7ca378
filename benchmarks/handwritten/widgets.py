"""Widgets of dashboards: four graphs in a row, under a heading."""

from __future__ import annotations

from alarms import MINUTE
from aws_cdk import aws_cloudwatch as cloudwatch


def heading(markdown: str, height: int = 2) -> cloudwatch.TextWidget:
    return cloudwatch.TextWidget(markdown=markdown, width=24, height=height)


def graph(title: str, *metrics: cloudwatch.IMetric, lines: tuple[float, ...] = ()) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_y_axis=cloudwatch.YAxisProps(min=0),
        left_annotations=[cloudwatch.HorizontalAnnotation(value=line) for line in lines] or None,
        period=MINUTE,
        width=6,
        height=6,
    )

"""What a Firehose delivery stream can read: a stream of shards, or a topic of Kafka."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from aws_cdk import aws_iam as iam
from constructs import IDependable, Node


class DeliverySource(Protocol):
    delivery_lag_metric: str
    delivery_lag_title: str
    delivery_lag_limit: float
    delivery_problems: Sequence[tuple[str, str, int]]
    """Metrics that have to be 0: name, statistic, and after how many minutes people are told."""

    @property
    def node(self) -> Node: ...

    def delivery_statements(self) -> Sequence[iam.PolicyStatement]:
        """What Firehose may do with it."""
        ...

    def delivery_source(self, role: iam.IRole) -> dict[str, Any]:
        """How Firehose reads it."""
        ...

    def delivered_after(self) -> Sequence[IDependable]:
        """What has to be there before."""
        ...

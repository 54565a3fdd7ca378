"""What a Firehose delivery stream can read: a stream of shards, or a topic of Kafka."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from aws_cdk import aws_iam as iam
from aws_cdk.aws_kinesisfirehose import CfnDeliveryStream
from constructs import Construct, IDependable, Node


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


class DirectPut(Construct):
    """Nothing: records are put into the delivery stream itself."""

    delivery_lag_metric = ""
    delivery_lag_title = ""
    delivery_lag_limit = 0.0
    delivery_problems = (("ThrottledRecords", "Sum", 5),)

    def delivery_statements(self) -> Sequence[iam.PolicyStatement]:
        return ()

    def delivery_source(self, role: iam.IRole) -> dict[str, Any]:
        encryption = CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty(key_type="AWS_OWNED_CMK")
        return {"delivery_stream_type": "DirectPut", "delivery_stream_encryption_configuration_input": encryption}

    def delivered_after(self) -> Sequence[IDependable]:
        return ()

"""What an application of Flink reads and writes: how it is found, and what stands for it in SQL and in properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis
from constructs import Construct, IDependable

from streaming_constructs.cdk.adopt import is_kafka_topic
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.streams.kinesis import KinesisStream, stream_endpoint
from streaming_constructs.cdk.tags import without_tags
from streaming_constructs.facts.metrics import GROUP
from streaming_constructs.planning.analytics.flink_application import Bound, FlinkApplicationPlan
from streaming_constructs.planning.analytics.flink_ddl import CONSUMER_NAME, REGION
from streaming_constructs.planning.analytics.property_groups import GROUP_ID
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, TOPIC_NAME

if TYPE_CHECKING:
    from streaming_constructs.cdk.deliveries.firehose import Delivery
    from streaming_constructs.cdk.stores.dynamodb import DynamoDbTable
    from streaming_constructs.cdk.streams.kafka import KafkaTopic

    Source = KinesisStream | KafkaTopic | kinesis.IStream
    Target = KinesisStream | KafkaTopic | Delivery | DynamoDbTable | kinesis.IStream
else:
    Source = Target = Any


class ApplicationEdges:
    """The ends of an application's edges, and the values that are known of them.

    Attributes:
        endpoints: What it reads and writes, by name.
        consumers: The fan-out consumers that it reads as, by the names of their streams.
        before: What has to be there before it reads or writes, and that nothing else names.
    """

    endpoints: Mapping[str, Endpoint]
    consumers: Mapping[str, kinesis.CfnStreamConsumer]
    before: list[IDependable]

    def __init__(
        self,
        scope: Construct,
        plan: FlinkApplicationPlan,
        sources: Mapping[str, Source],
        targets: Mapping[str, Target],
    ) -> None:
        """Finds them, and registers an `AWS::Kinesis::StreamConsumer` of each stream that is read with enhanced fan-out.

        Args:
            scope: The application.
            plan: The application with its numbers.
            sources: What it reads.
            targets: What it writes to.
        """
        self._group, self._watched = plan.group, tuple(plan.topics)
        read = {name: _read_endpoint(source, plan.group) for name, source in sources.items()}
        self.endpoints = {**read, **{name: _write_endpoint(target) for name, target in targets.items()}}
        nodes = {**sources, **targets}
        self._brokers = {name: node.cluster for name, node in nodes.items() if is_kafka_topic(node)}
        self.before = [node.topic for node in nodes.values() if is_kafka_topic(node) and node.topic is not None]
        self.consumers = {}
        if getattr(plan.spec, "enhanced_fan_out", False):
            self.consumers = {
                name: _consumer(scope, name, endpoint.arn)
                for name, endpoint in read.items()
                if endpoint.kind == "kinesis"
            }

    @property
    def lag_dimensions(self) -> Mapping[str, str]:
        """The dimensions that MSK publishes the lag of its group under, beside that of the topic; empty if none is watched."""
        if not self._watched:
            return {}
        return {**self._brokers[self._watched[0]].dimensions, GROUP: self._group}

    def value(self, bound: Bound) -> str:
        """The live value of what a variable or a property is bound to.

        Args:
            bound: What it is.
        """
        if bound.ending == REGION:
            return cdk.Aws.REGION
        if bound.ending == GROUP_ID:
            return self._group
        if bound.ending == CONSUMER_NAME:
            return self.consumers[bound.node].consumer_name
        if bound.ending == BOOTSTRAP_SERVERS:
            # Asked for by who needs it: the first of them creates what finds it.
            return self._brokers[bound.node].bootstrap_brokers()
        endpoint = self.endpoints[bound.node]
        return {endpoint.variable: endpoint.value, **endpoint.more}[bound.ending]

    def values(self, said: Mapping[str, str | Bound]) -> dict[str, str]:
        """The live values of variables or properties, by their names.

        Args:
            said: Their values, or what they are bound to.
        """
        return {name: self.value(one) if isinstance(one, Bound) else one for name, one in said.items()}


def _read_endpoint(source: Source, group: str) -> Endpoint:
    if is_kafka_topic(source):
        found = source.read_endpoint(group=group, with_secret=False)
        return Endpoint(found.kind, found.arn, None, TOPIC_NAME, source.topic_name, found.places)
    return _write_endpoint(source)


def _write_endpoint(node: Any) -> Endpoint:
    """How a node of ours, or a live stream, is found."""
    if hasattr(node, "endpoint"):
        found: Endpoint = node.endpoint
        return found
    return stream_endpoint(node, node.encryption_key)


def _consumer(scope: Construct, name: str, stream_arn: str) -> kinesis.CfnStreamConsumer:
    within = Construct(scope, f"FanOut-{name}")
    # A consumer has no name but the one it is given; this one is stable, and unique in the account and region.
    own = cdk.Names.unique_resource_name(within, max_length=128, allowed_special_characters="_.-")
    consumer = kinesis.CfnStreamConsumer(within, "Consumer", consumer_name=own, stream_arn=stream_arn)
    without_tags(consumer)
    return consumer

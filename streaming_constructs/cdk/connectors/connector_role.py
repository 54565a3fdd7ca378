"""The role of a connector: what its edges, its class and its configuration need, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.cdk.iam_policy import Permissions, joined, managed_policy
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.cdk.streams.kafka import KafkaTopic
from streaming_constructs.facts import kafka_connect
from streaming_constructs.planning.connectors.connector import ConnectorPlan
from streaming_constructs.spec.connectors.sink import SinkConnectorSpec
from streaming_constructs.spec.kafka_configs import config_text

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.schema_registry import SchemaRegistry


class ConnectorRole(Construct):
    """The role that the workers of a connector have, which MSK Connect assumes for this account alone.

    Attributes:
        role: The role.
        policy: What it may.
    """

    role: iam.Role
    policy: iam.ManagedPolicy

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: ConnectorPlan,
        cluster: KafkaCluster | ServerlessKafkaCluster,
        topics: Mapping[str, KafkaTopic],
        group: str,
        registry: SchemaRegistry | None,
        bucket: s3.IBucket | None = None,
    ) -> None:
        """Creates them.

        Args:
            scope: The connector.
            construct_id: Its id there.
            plan: The connector with its numbers.
            cluster: The cluster that it is on.
            topics: The topics that it reads or writes.
            group: The group that a sink is a member of.
            registry: The schema registry, if there is one.
            bucket: The bucket that was created for an S3 sink. Left out: its configuration names one.
        """
        super().__init__(scope, construct_id)
        # The ARN of a connector is not known before it has its role, so the condition is on the account.
        trusted = {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}}
        self.role = iam.Role(
            self,
            "Role",
            description=f"What the connector {scope.node.id} may",
            assumed_by=iam.ServicePrincipal("kafkaconnect.amazonaws.com", conditions=trusted),
        )
        needed = joined(
            kafka_permissions(plan, ClusterArn(cluster.arn), topics, group),
            *_outside(plan, bucket),
            *([_registry(plan, registry)] if registry is not None else []),
            *(dict.fromkeys(statement.resources, statement.actions) for statement in plan.spec.permissions),
        )
        self.policy = managed_policy(self, f"What the connector {scope.node.id} may", [self.role], needed)
        acknowledge(
            self.policy,
            "MSK Connect names its own topics and groups after these prefixes, objects and schemas are named when they are "
            "written, and the spec gives the connector the rest",
            *(f"AwsSolutions-IAM5[Resource::{nag_name(self, resource)}]" for resource in needed if "*" in resource),
            *(
                f"AwsSolutions-IAM5[Action::{action}]"
                for statement in plan.spec.permissions
                for action in statement.actions
                if "*" in action
            ),
        )


def kafka_permissions(
    plan: ConnectorPlan, cluster: ClusterArn, topics: Mapping[str, KafkaTopic], group: str
) -> Permissions:
    """What a connector does in its cluster.

    Args:
        plan: The connector with its numbers.
        cluster: The cluster that it is on.
        topics: The topics that it reads or writes.
        group: The group that a sink is a member of.
    """
    is_sink = isinstance(plan.spec, SinkConnectorSpec)
    on_topics = kafka_connect.READS_TOPIC if is_sink else kafka_connect.WRITES_TOPIC
    needed = {
        cluster.arn: kafka_connect.CONNECTS + (kafka_connect.WRITES_CLUSTER if plan.writes else ()),
        cluster.topic(f"{kafka_connect.INTERNAL_TOPICS}*"): kafka_connect.USES_INTERNAL_TOPICS,
        # By the resource, where there is one: the connector then waits for its topics.
        **{one.topic.attr_topic_arn if one.topic else one.arn: on_topics for one in topics.values()},
        **{cluster.group(f"{prefix}*"): kafka_connect.USES_GROUPS for prefix in kafka_connect.INTERNAL_GROUPS},
    }
    for topic in plan.own_topics:
        if not topic.startswith(kafka_connect.INTERNAL_TOPICS):
            needed[cluster.topic(topic)] = kafka_connect.USES_INTERNAL_TOPICS
    if plan.history_topic:
        history = cluster.topic(plan.history_topic)
        needed[history] = needed.get(history, ()) + kafka_connect.READS_TOPIC_SETTINGS
        needed[cluster.group(plan.history_group)] = kafka_connect.USES_GROUPS
    assert not group or group.startswith(kafka_connect.INTERNAL_GROUPS)
    return needed


def _outside(plan: ConnectorPlan, created: s3.IBucket | None) -> Iterator[Permissions]:
    """What a connector needs outside of Kafka, as far as its class says it."""
    spec = plan.spec
    if spec.secret_arn is not None:
        yield {spec.secret_arn: kafka_connect.READS_SECRET}
    if spec.class_name == kafka_connect.S3_SINK:
        named = config_text(spec.config.get(kafka_connect.S3_BUCKET, ""))
        bucket = created.bucket_arn if created is not None else f"arn:{cdk.Aws.PARTITION}:s3:::{named}"
        yield {bucket: kafka_connect.WRITES_S3_BUCKET, f"{bucket}/*": kafka_connect.WRITES_S3_OBJECTS}
        key = config_text(spec.config.get("s3.sse.kms.key.id", ""))
        if key.startswith("arn:"):
            yield {key: kafka_connect.USES_S3_KEY}


def _registry(plan: ConnectorPlan, registry: SchemaRegistry) -> Permissions:
    """What its converter does in the schema registry: that of a source registers what it writes, each reads versions."""
    if not plan.uses_registry:
        return {}
    reads = {"*": kafka_connect.READS_SCHEMA_VERSIONS}
    if isinstance(plan.spec, SinkConnectorSpec):
        return reads
    uses = kafka_connect.USES_REGISTRY
    return {registry.arn: uses, registry.schema_arn("*"): uses, **reads}

"""What an event source mapping of a Kafka topic has that one of a Kinesis stream has not, and what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.adopt import is_kafka_topic
from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.iam_policy import Permissions
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.cdk.streams.kafka import KafkaTopic
from streaming_constructs.facts import permissions
from streaming_constructs.planning.clusters.vpc_endpoints import function_services, poller_services
from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec
from streaming_constructs.spec.consumers.lambda_on_kafka import secret_kind

if TYPE_CHECKING:
    from streaming_constructs.cdk.clusters.client_network import ClientNetwork
    from streaming_constructs.cdk.clusters.msk import KafkaCluster
    from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
    from streaming_constructs.cdk.consumers.lambda_function import LambdaConsumer
    from streaming_constructs.cdk.edges import Writable
    from streaming_constructs.cdk.queues.sqs import SqsQueue
    from streaming_constructs.cdk.streams.kinesis import KinesisStream


def kafka_properties(plan: ConsumerPlan, topic: KafkaTopic) -> dict[str, Any]:
    """The properties of the mapping that are of Kafka alone, or differ there.

    Args:
        plan: The consumer with its numbers.
        topic: The topic.
    """
    spec, mapping = plan.spec, lambda_.CfnEventSourceMapping
    given: dict[str, Any] = {
        "event_source_arn": topic.cluster.arn,
        "topics": [topic.topic_name],
        # Half a second, unless a window is set: then there is no way back to it.
        "maximum_batching_window_in_seconds": spec.batch_window_seconds
        if "batch_window_seconds" in spec.model_fields_set
        else None,
        # KafkaMetrics has the lag of each mapping, ErrorCount what a destination did not take.
        "metrics_config": mapping.MetricsConfigProperty(metrics=["EventCount", "ErrorCount", "KafkaMetrics"]),
    }
    if spec.consumer_group is not None or topic.registry is not None:
        given["amazon_managed_kafka_event_source_config"] = mapping.AmazonManagedKafkaEventSourceConfigProperty(
            consumer_group_id=spec.consumer_group, schema_registry_config=_registry_config(spec, topic)
        )
    if plan.pollers is not None:
        given["provisioned_poller_config"] = mapping.ProvisionedPollerConfigProperty(
            minimum_pollers=plan.pollers.minimum, maximum_pollers=plan.pollers.maximum
        )
    if spec.secret_arn is not None:
        access = mapping.SourceAccessConfigurationProperty(
            type=secret_kind(spec.secret_arn, topic.cluster.spec), uri=spec.secret_arn
        )
        given["source_access_configurations"] = [access]
    return given


def _registry_config(
    spec: LambdaConsumerSpec, topic: KafkaTopic
) -> lambda_.CfnEventSourceMapping.SchemaRegistryConfigProperty | None:
    """How Lambda decodes values: with the role of the function, for a Glue registry takes no other access."""
    if topic.registry is None:
        return None
    mapping = lambda_.CfnEventSourceMapping
    return mapping.SchemaRegistryConfigProperty(
        schema_registry_uri=topic.registry.arn,
        event_record_format=(spec.event_record_format or "json").upper(),
        # Keys are plain: without a schema of their own they would not be found.
        schema_validation_configs=[mapping.SchemaValidationConfigProperty(attribute="VALUE")],
    )


def secret_permissions(spec: LambdaConsumerSpec) -> Permissions:
    """What reading the secret takes that the mapping authenticates with, if it does with one.

    Args:
        spec: What is asked for.
    """
    if spec.secret_arn is None:
        return {}
    read: Permissions = {spec.secret_arn: permissions.READ_SECRET}
    key = spec.secret_kms_key_arn
    return read if key is None else {**read, key: permissions.DECRYPT_WITH_KEY}


def acknowledge_kafka_wildcards(policy: iam.ManagedPolicy, spec: LambdaConsumerSpec, topic: KafkaTopic) -> None:
    """Acknowledges what of the policy cannot be narrowed.

    Args:
        policy: The policy on the function's role.
        spec: What is asked for.
        topic: The topic.
    """
    acknowledge(
        policy,
        "The mapping's network interfaces in the subnets of the cluster do not exist before it, so there is nothing to name"
        + (", and versions of schemas are asked for by an id alone" if topic.registry is not None else ""),
        "AwsSolutions-IAM5[Resource::*]",
    )
    if spec.secret_arn is None and spec.consumer_group is None:
        acknowledge(
            policy,
            "The mapping has a group of its own, whose id is that of the mapping and is not known before it",
            f"AwsSolutions-IAM5[Resource::{nag_name(policy, ClusterArn(topic.cluster.arn).group('*'))}]",
        )


def acknowledge_schema_wildcards(policy: iam.ManagedPolicy, endpoints: Iterable[Endpoint]) -> None:
    """Acknowledges what the policy has of topics that the function writes to with a schema registry.

    Args:
        policy: The policy on the function's role.
        endpoints: What it writes to.
    """
    for endpoint in endpoints:
        if "schemas" in endpoint.places:
            acknowledge(
                policy,
                "A client looks up the schema of whatever it writes, and asks for a version by an id alone",
                f"AwsSolutions-IAM5[Resource::{nag_name(policy, endpoint.places['schemas'])}]",
                "AwsSolutions-IAM5[Resource::*]",
            )


def wait_for_topic(mapping: lambda_.CfnEventSourceMapping, topic: KafkaTopic) -> None:
    """Lets the mapping wait for what Lambda looks for when it is created: the topic, and who may sign in to its cluster.

    Args:
        mapping: The mapping.
        topic: The topic.
    """
    if topic.topic is not None:
        mapping.add_resource_dependency(topic.topic)
    secrets = topic.cluster.node.try_find_child("ScramSecrets")
    if secrets is not None:
        mapping.add_resource_dependency(cast("cdk.CfnResource", secrets))


def beside_brokers(
    consumer: LambdaConsumer, spec: LambdaConsumerSpec, to: Mapping[str, Writable]
) -> ClientNetwork | None:
    """Where a function stands that writes to topics: where the spec says, else beside the brokers of the first of them.

    None where nothing tells the subnets of a cluster that exists; the function then stands in no VPC, and a warning says so.

    Args:
        consumer: The consumer.
        spec: What is asked for.
        to: What it writes to.
    """
    from streaming_constructs.cdk.clusters.client_network import ClientNetwork

    for cluster in _clusters(to):
        if spec.vpc is not None or cluster.network is not None or cluster.spec.vpc is not None:
            who = f"the function of {consumer.node.id}"
            return ClientNetwork(consumer, "Network", cluster=cluster, who=who, vpc=spec.vpc)
    Annotations.of(consumer).add_warning_v2(
        "streaming-constructs:no-way-to-brokers",
        "The function writes to topics of a cluster that exists, whose VPC is not known: brokers are reached from within it "
        "alone. Give the function a `vpc` with subnets in it, and a security group that the cluster lets in.",
    )
    return None


def reach_from_cluster(
    consumer: LambdaConsumer,
    source: KinesisStream | kinesis.IStream | KafkaTopic | SqsQueue,
    to: Mapping[str, Writable],
    vpc: ec2.IVpc | None,
    beside: ClientNetwork | None,
) -> None:
    """Lets what stands in the VPC of a cluster reach what it calls: pollers of the topic, and the function that writes.

    Args:
        consumer: The consumer.
        source: What it reads.
        to: What it writes to.
        vpc: The VPC that its function is placed in, if one is brought.
        beside: Where the function stands, if that follows from what it writes to.
    """
    spec, name = consumer.plan.spec, consumer.node.id
    if is_kafka_topic(source) and source.cluster.network is not None:
        reached = source.cluster.network.reach(consumer, poller_services(spec), who=f"the pollers of {name}")
        consumer.mapping.node.add_dependency(*reached)
    if vpc is None and beside is None:
        return
    groups = (
        beside.security_group_ids
        if beside is not None
        # A VPC is brought for a function that is created alone.
        else [
            group.security_group_id for group in cast("lambda_.Function", consumer.function).connections.security_groups
        ]
    )
    near = [
        cluster.network
        for cluster in _clusters({spec.from_: source, **to})
        if cluster.network is not None and (vpc is None or cluster.network.is_in(vpc))
    ]
    written = [cluster.network for cluster in _clusters(to)]
    who = f"the function of {name}"
    for network in near:
        if network in written:
            consumer.mapping.node.add_dependency(*network.let_in(consumer, groups, who))
    # Where it stands: beside the brokers that it writes to, which may be others than those that it reads.
    home = beside.cluster.network if beside is not None else next(iter(near), None)
    if home is not None and spec.vpc is None:
        kinds = [target.endpoint.kind for target in to.values()]
        encoded = any(is_kafka_topic(target) and target.registry is not None for target in to.values())
        services = function_services(spec, kinds, uses_registry=encoded)
        consumer.mapping.node.add_dependency(*home.reach(consumer, services, who=who, security_group_ids=groups))


def _clusters(nodes: Mapping[str, Any]) -> list[KafkaCluster | ServerlessKafkaCluster]:
    """The clusters of the topics among nodes, each once."""
    return list(dict.fromkeys(node.cluster for node in nodes.values() if is_kafka_topic(node)))

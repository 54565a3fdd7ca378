"""A replicator between two clusters, by Amazon MSK Replicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_msk as msk
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.clusters.client_network import ClientNetwork
from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.cdk.iam_policy import Permissions, managed_policy
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.cdk.name_with_hash import short_hash
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.facts import msk_replicator
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.planning.replicators.msk import ReplicatorPlan, plan_node
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.replicators.msk import MskReplicatorSpec

_NAMES = {"prefixed": "PREFIXED_WITH_SOURCE_CLUSTER_ALIAS", "identical": "IDENTICAL"}


class KafkaReplicator(Construct):
    """A replicator between two clusters.

    Creates an `AWS::MSK::Replicator`, a role with what AWS's own policy for replicators has, on these two clusters alone, a log
    group, and for each cluster a security group that it lets in, unless the spec names groups of an existing one. Clusters,
    position, names of topics and compression are create-only, and a name is taken once: so its name ends in a hash of them.
    Nothing in it is stateful but where it is: another replicator begins anew, where its `starting_position` says.

    Attributes:
        replicator: The replicator.
        replicator_name: Its name.
        role: The role that it has.
        log_group: Its logs.
        networks: Where it reaches each cluster: the one that is read, and the one that is written to.
        plan: Its numbers.
        dimensions: The dimensions that its metrics are published under.
    """

    replicator: msk.CfnReplicator
    replicator_name: str
    role: iam.Role
    log_group: logs.LogGroup
    networks: tuple[ClientNetwork, ClientNetwork]
    plan: ReplicatorPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: MskReplicatorSpec,
        source: KafkaCluster | ServerlessKafkaCluster,
        target: KafkaCluster | ServerlessKafkaCluster,
        plan: ReplicatorPlan | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the replicator.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            source: The cluster that is read.
            target: The cluster that is written to.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec.
            removal_policy: Whether its logs are kept when it leaves the stack.

        Raises:
            SpecError: If it is not known where a cluster stands.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_node(construct_id, spec, Neighbours())
        for field, cluster in (("from", source), ("to", target)):
            if cluster.network is None and cluster.spec.vpc is None:
                raise SpecError([_nowhere(field).below(construct_id)])
        who = f"the replicator {construct_id}"
        self.networks = (
            ClientNetwork(self, "From", cluster=source, who=who),
            ClientNetwork(self, "To", cluster=target, who=who),
        )
        self.log_group = create_log_group(
            self,
            "Logs",
            retention_days=spec.log_retention_days,
            removal_policy=removal_policy,
            reason="it says what the replicator did, not what was in records",
        )
        trusted = {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}}
        self.role = iam.Role(
            self,
            "Role",
            description=f"What the replicator {construct_id} may",
            assumed_by=iam.ServicePrincipal("kafka.amazonaws.com", conditions=trusted),
        )
        needed = {**_permissions(ClusterArn(source.arn)), **_permissions(ClusterArn(target.arn))}
        policy = managed_policy(self, f"What the replicator {construct_id} may", [self.role], needed)
        acknowledge(
            policy,
            "Which topics and groups are replicated is said by patterns, and MSK Replicator keeps topics of its own",
            *(f"AwsSolutions-IAM5[Resource::{nag_name(self, resource)}]" for resource in needed if "*" in resource),
        )
        base = cdk.Names.unique_resource_name(self, max_length=100, separator="-")
        clusters = [
            _cluster(source, self.networks[0]),
            _cluster(target, self.networks[1]),
        ]
        stack = cdk.Stack.of(self)
        fixed = [stack.resolve(clusters), spec.starting_position, spec.topic_names, spec.compression]
        self.replicator_name = f"{base}-{short_hash(fixed)}"
        self.replicator = msk.CfnReplicator(
            self,
            "Replicator",
            replicator_name=self.replicator_name,
            service_execution_role_arn=self.role.role_arn,
            kafka_clusters=clusters,
            replication_info_list=[_replication(spec, source.arn, target.arn)],
            log_delivery=msk.CfnReplicator.LogDeliveryProperty(
                replicator_log_delivery=msk.CfnReplicator.ReplicatorLogDeliveryProperty(
                    cloud_watch_logs=msk.CfnReplicator.CloudWatchLogsProperty(
                        enabled=True, log_group=self.log_group.log_group_name
                    )
                )
            ),
        )
        # Without these it fails while it is created, half an hour later.
        self.replicator.node.add_dependency(policy, *(rule for network in self.networks for rule in network.rules))
        self.dimensions = {"ReplicatorName": self.replicator_name}

    def outputs(self) -> Iterator[Output]:
        """The ARN of the replicator."""
        yield Output("ReplicatorArn", self.replicator.attr_replicator_arn, f"The replicator {self.node.id}")

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the replicator's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


def _nowhere(field: str) -> Finding:
    return Finding(
        "MSK436",
        "nothing says where the cluster stands",
        (field,),
        note="a cluster that was brought does not tell its subnets",
        help="give its spec a `vpc` with subnets and security groups",
    )


def _permissions(cluster: ClusterArn) -> Permissions:
    return {
        cluster.arn: msk_replicator.ON_CLUSTER,
        cluster.topic("*"): msk_replicator.ON_TOPICS,
        cluster.group("*"): msk_replicator.ON_GROUPS,
    }


def _cluster(
    cluster: KafkaCluster | ServerlessKafkaCluster, network: ClientNetwork
) -> msk.CfnReplicator.KafkaClusterProperty:
    return msk.CfnReplicator.KafkaClusterProperty(
        amazon_msk_cluster=msk.CfnReplicator.AmazonMskClusterProperty(msk_cluster_arn=cluster.arn),
        vpc_config=msk.CfnReplicator.KafkaClusterClientVpcConfigProperty(
            subnet_ids=network.subnet_ids, security_group_ids=network.security_group_ids
        ),
    )


def _replication(spec: MskReplicatorSpec, source: str, target: str) -> msk.CfnReplicator.ReplicationInfoProperty:
    of = msk.CfnReplicator
    return of.ReplicationInfoProperty(
        source_kafka_cluster_arn=source,
        target_kafka_cluster_arn=target,
        target_compression_type=spec.compression.upper(),
        topic_replication=of.TopicReplicationProperty(
            topics_to_replicate=list(spec.topics),
            topics_to_exclude=list(spec.exclude_topics) or None,
            copy_topic_configurations=spec.copy_topic_configs,
            copy_access_control_lists_for_topics=spec.copy_acls,
            detect_and_copy_new_topics=spec.detect_new,
            starting_position=of.ReplicationStartingPositionProperty(type=spec.starting_position.upper()),
            topic_name_configuration=of.ReplicationTopicNameConfigurationProperty(type=_NAMES[spec.topic_names]),
        ),
        consumer_group_replication=of.ConsumerGroupReplicationProperty(
            consumer_groups_to_replicate=list(spec.consumer_groups),
            consumer_groups_to_exclude=list(spec.exclude_consumer_groups) or None,
            detect_and_copy_new_consumer_groups=spec.detect_new,
            synchronise_consumer_group_offsets=spec.sync_offsets,
        ),
    )


def build_node(scope: Construct, plan: ReplicatorPlan, context: Context) -> KafkaReplicator:
    """The replicator of a system.

    Args:
        scope: The construct of the system.
        plan: The replicator with its numbers.
        context: The system around it.
    """
    clusters = context.reached(plan.spec.edges(), "uses")
    return KafkaReplicator(
        scope,
        plan.name,
        spec=plan.spec,
        source=clusters[plan.spec.from_],
        target=clusters[plan.spec.to],
        plan=plan,
        removal_policy=context.spec.removal_policy,
    )

"""A cluster of brokers on Amazon MSK, Standard or Express."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import aws_cdk as cdk
from aws_cdk import Annotations, CfnResource
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_msk as msk
from constructs import Construct, DependencyGroup

from streaming_constructs.cdk.clusters.broker_settings import (
    broker_logs,
    client_authentication,
    open_monitoring,
    storage_info,
)
from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.cdk.clusters.cluster_network import ClusterNetwork, not_placed
from streaming_constructs.cdk.clusters.cluster_tasks import ClusterTasks
from streaming_constructs.cdk.clusters.kafka_grants import KafkaGrants, grant_kafka
from streaming_constructs.cdk.clusters.private_access import PrivateAccess
from streaming_constructs.cdk.clusters.volume_growth import grow_volumes
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.kms_key import key_of
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import metrics, permissions
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.facts.msk import CLUSTER_NAME_CHARACTERS
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.planning.clusters.broker_findings import cluster_findings
from streaming_constructs.planning.clusters.msk import plan_cluster
from streaming_constructs.planning.clusters.msk_express import plan_express_cluster
from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
from streaming_constructs.spec.clusters.cluster import Authentication
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy


class KafkaCluster(KafkaGrants, Construct):
    """A provisioned MSK cluster of Standard or Express brokers, created from its spec or adopted.

    Creates an `AWS::MSK::Cluster` (**stateful**: retained unless told otherwise), an `AWS::MSK::Configuration` with its server
    properties, the log group of its brokers, a security group, a VPC where none is given, an `AWS::KMS::Key` where the spec
    asks for one and names none (**stateful**), the association of its SCRAM secrets, and a scaling policy where volumes grow.
    Clients reach it over TLS alone, on the port of their authentication.

    What CloudFormation cannot do is done by a function that is there once it is needed (`ClusterTasks`): it asks for the
    brokers, switches private connectivity on after the cluster was created, and fails a deployment whose SCRAM secrets were
    not associated, of which CloudFormation hears nothing. Private connections are there where the spec says `multi_vpc`, or
    Firehose reads a topic; removed, they stay on, and the cluster's policy lets nobody in any more.

    Its configuration has a name and no list of versions, so that a property is changed in place; the cluster takes the latest
    revision of it. An adopted cluster (`cluster=`, or `arn` in the spec) is never changed.

    Example:
        ```python
        main = KafkaCluster(stack, "Main", spec=MskClusterSpec(brokers=3, instance_type="kafka.m7g.large"))
        orders = KafkaTopic(
            stack, "Orders", spec=KafkaTopicSpec(cluster="main", topic="orders", partitions=6), cluster=main
        )
        main.grant_produce(producer, "orders")  # by its name in Kafka; orders.grant_produce(producer) grants the same
        ```

    Attributes:
        cluster: The cluster that was created or brought; None for one that is known by its ARN.
        arn: Its ARN.
        network: Where it stands; None for an adopted one.
        encryption_key: The customer managed key of its volumes, if there is one.
        log_group: The logs of its brokers; None for an adopted one.
        plan: Its numbers: brokers, volumes, and the working behind them.
        dimensions: The dimensions that its metrics are published under.
    """

    cluster: msk.CfnCluster | None
    arn: str
    network: ClusterNetwork | None
    encryption_key: kms.IKey | None
    log_group: logs.LogGroup | None
    plan: BrokerClusterPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: MskClusterSpec | MskExpressClusterSpec,
        plan: BrokerClusterPlan | None = None,
        cluster: msk.CfnCluster | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        encryption_key: kms.IKey | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates or adopts the cluster.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            plan: Its numbers, from `plan_cluster` with its topics. Left out: what its topics carry is not known.
            cluster: An existing cluster to adopt. Left out: it is created, or known by the spec's `arn`.
            vpc: A VPC to place it in. Left out: as the spec says, else one is created.
            vpc_subnets: Which of its subnets; the first of each zone is used. Left out: the private ones.
            encryption_key: An existing key for its volumes. Left out: as the spec says.
            removal_policy: retain keeps the cluster when it leaves the stack, destroy deletes it.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or _planned(construct_id, spec, removal_policy)
        _check(self.plan, cluster=cluster, vpc=vpc, key=encryption_key)
        self.network = self.log_group = self.cluster = None
        self._removal_policy: RemovalPolicy = removal_policy
        self._tasks: ClusterTasks | None = None
        self._access: PrivateAccess | None = None
        self._connectivity: CfnResource | None = None
        self._created_before = DependencyGroup()
        self.encryption_key = encryption_key
        if cluster is not None:
            self.cluster, self.arn = cluster, cluster.attr_arn
        elif spec.arn is not None:
            self.arn = spec.arn
        else:
            removal = cdk_removal_policy(spec.removal_policy or removal_policy)
            self.network = ClusterNetwork(
                self,
                "Network",
                spec=spec,
                brokers=self.plan.brokers,
                vpc=vpc,
                vpc_subnets=vpc_subnets,
                removal_policy=removal_policy,
            )
            self.encryption_key = encryption_key or key_of(
                self, "Key", spec.encryption, encrypts=f"the Kafka cluster {construct_id}", removal_policy=removal
            )
            self.log_group = create_log_group(
                self,
                "Logs",
                retention_days=spec.log_retention_days,
                removal_policy=removal_policy,
                reason="it says what brokers did, not what was in records",
            )
            self.cluster = self._create(spec, removal)
            self.arn = self.cluster.attr_arn
            self._associate(spec, removal)
            if isinstance(spec, MskClusterSpec) and spec.max_volume_gb is not None:
                grow_volumes(self, self.arn, spec.max_volume_gb, spec.volume_utilization_percent)
            if spec.multi_vpc:
                self._switch_connectivity_on()
            if spec.shared_with:
                self._private_access().let_in_accounts(spec.shared_with)
        name = cluster.cluster_name if cluster is not None else None
        created = self.cluster.cluster_name if self.cluster is not None else None
        self.dimensions = {metrics.CLUSTER: name or created or ClusterArn(self.arn).cluster_name}

    def outputs(self) -> Iterator[Output]:
        """The ARN of the cluster."""
        yield Output("ClusterArn", self.arn, f"The MSK cluster {self.node.id}")

    @property
    def spec(self) -> BrokerClusterSpec:
        """What was asked for."""
        return self.plan.spec

    def _create(self, spec: MskClusterSpec | MskExpressClusterSpec, removal: cdk.RemovalPolicy) -> msk.CfnCluster:
        assert self.network is not None
        assert self.log_group is not None
        configuration = self._configuration(removal)
        cluster = msk.CfnCluster(
            self,
            "Cluster",
            cluster_name=cdk.Names.unique_resource_name(
                self, max_length=int(CLUSTER_NAME_CHARACTERS.value), separator="-"
            ),
            kafka_version=spec.kafka_version,
            number_of_broker_nodes=self.plan.brokers,
            broker_node_group_info=msk.CfnCluster.BrokerNodeGroupInfoProperty(
                instance_type=self.plan.instance_type,
                client_subnets=list(self.network.subnet_ids),
                security_groups=[self.network.security_group.security_group_id],
                storage_info=storage_info(spec, self.plan.volume_gb),
            ),
            client_authentication=client_authentication(spec),
            configuration_info=msk.CfnCluster.ConfigurationInfoProperty(
                arn=configuration.attr_arn,
                # The latest one: a changed property reaches the cluster with the same deployment.
                revision=cdk.Token.as_number(configuration.get_att("LatestRevision.Revision")),
            ),
            encryption_info=msk.CfnCluster.EncryptionInfoProperty(
                # Without a key this part has to be left out: empty, it is refused.
                encryption_at_rest=msk.CfnCluster.EncryptionAtRestProperty(
                    data_volume_kms_key_id=self.encryption_key.key_arn
                )
                if self.encryption_key
                else None,
                encryption_in_transit=msk.CfnCluster.EncryptionInTransitProperty(client_broker="TLS", in_cluster=True),
            ),
            enhanced_monitoring=spec.enhanced_monitoring.upper(),
            open_monitoring=open_monitoring() if spec.open_monitoring else None,
            logging_info=broker_logs(self.log_group),
            storage_mode=spec.storage_mode.upper() if isinstance(spec, MskClusterSpec) else None,
            rebalancing=msk.CfnCluster.RebalancingProperty(status=spec.rebalancing.upper())
            if isinstance(spec, MskExpressClusterSpec) and spec.rebalancing
            else None,
        )
        cluster.apply_removal_policy(removal)
        return cluster

    def _configuration(self, removal: cdk.RemovalPolicy) -> msk.CfnConfiguration:
        properties = "".join(f"{key}={value}\n" for key, value in self.plan.server_properties.items())
        configuration = msk.CfnConfiguration(
            self,
            "Configuration",
            name=cdk.Names.unique_resource_name(self, max_length=128, separator="-"),
            description=f"Server properties of {self.node.id}",
            server_properties=properties,
        )
        configuration.apply_removal_policy(removal)  # MSK refuses to delete what a cluster that is kept has in use
        return configuration

    def _associate(self, spec: BrokerClusterSpec, removal: cdk.RemovalPolicy) -> None:
        if spec.scram_secret_arns:
            association = msk.CfnBatchScramSecret(
                self, "ScramSecrets", cluster_arn=self.arn, secret_arn_list=list(spec.scram_secret_arns)
            )
            association.apply_removal_policy(removal)
            self._cluster_tasks().scram_secrets(spec.scram_secret_arns, association)
            self.create_before_connectivity(association)

    def _cluster_tasks(self) -> ClusterTasks:
        if self._tasks is None:
            self._tasks = ClusterTasks(self, "Tasks", cluster_arn=self.arn, removal_policy=self._removal_policy)
        return self._tasks

    def _switch_connectivity_on(self) -> CfnResource:
        if self._connectivity is None:
            # Where nobody asked for private connections, Firehose alone needs them, and it comes with IAM.
            ways: tuple[Authentication, ...] = self.spec.auth if self.spec.multi_vpc else ("iam",)
            self._connectivity = self._cluster_tasks().connectivity(ways, self.plan.brokers, self._created_before)
        return self._connectivity

    def create_before_connectivity(self, resource: CfnResource) -> None:
        """Lets something be created before private connectivity is switched on: meanwhile MSK takes no change, and no topic.

        Source: https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-turn-on.html, read 2026-11-28

        Args:
            resource: What MSK creates in the cluster; of another stack, it cannot wait for it.
        """
        if cdk.Stack.of(resource) == cdk.Stack.of(self):
            self._created_before.add(resource)

    def _private_access(self) -> PrivateAccess:
        if self._access is None:
            after = self._switch_connectivity_on()
            self._access = PrivateAccess(self, "PrivateAccess", cluster_arn=self.arn, after=after)
        return self._access

    def let_in_firehose(self) -> CfnResource | None:
        """Lets Firehose connect privately to a cluster that is created here, and gives what its streams have to wait for.

        Switches private connectivity on where it is not yet. An adopted cluster is never changed: None.
        """
        if self.network is None:
            if self.cluster is not None:
                Annotations.of(self).add_info_v2(
                    "streaming-constructs:firehose-access",
                    "A cluster that is brought is never changed. Firehose reads its topics once multi-VPC connectivity is on "
                    "for IAM, and its policy lets firehose.amazonaws.com do kafka:CreateVpcConnection.",
                )
            return None
        access = self._private_access()
        access.let_in_firehose()
        return access.policy

    def bootstrap_brokers(self, authentication: Authentication = "iam") -> str:
        """The brokers that take clients with a way to authenticate, sorted, `host:port` by `,`: known once they are there.

        MSK gives them in another order each time that it is asked, so it is asked once. Creates a function for that, with the
        first who asks; what is asked for has the same logical ids in any order.

        Args:
            authentication: How clients authenticate; one of those of the cluster.

        Raises:
            SpecError: If clients of the cluster do not authenticate that way.
        """
        if self.network is not None and authentication not in self.spec.auth:
            finding = Finding(
                "MSK478",
                f"no brokers take clients with {authentication}",
                ("auth",),
                note=f"clients of the cluster authenticate by {', '.join(self.spec.auth)}",
                help=f"ask for those of one of them, or add `{authentication}` to `auth`",
            )
            raise SpecError([finding.below(self.node.id)])
        return self._cluster_tasks().bootstrap_brokers(authentication)

    def grant_admin(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something create, change and delete topics, and change the cluster's dynamic configuration.

        Args:
            grantee: Who may; it connects with IAM.
        """
        return grant_kafka(grantee, ClusterArn(self.arn), permissions.KAFKA_ADMIN)

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the cluster's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


def build_node(scope: Construct, plan: BrokerClusterPlan, context: Context) -> KafkaCluster:
    """The cluster of a system.

    Args:
        scope: The construct of the system.
        plan: The cluster with its numbers.
        context: The system around it.
    """
    spec = cast("MskClusterSpec | MskExpressClusterSpec", plan.spec)
    own = spec.arn is None and spec.vpc is None
    brought = context.brought.clusters.get(plan.name)
    return KafkaCluster(
        scope,
        plan.name,
        spec=spec,
        plan=plan,
        cluster=brought,
        vpc=context.vpc if own and brought is None else None,
        vpc_subnets=context.vpc_subnets if own and brought is None else None,
        encryption_key=context.brought.keys.get(plan.name),
        removal_policy=context.spec.removal_policy,
    )


def _planned(
    name: str, spec: MskClusterSpec | MskExpressClusterSpec, removal_policy: RemovalPolicy
) -> BrokerClusterPlan:
    if isinstance(spec, MskClusterSpec):
        return plan_cluster(name, spec, removal_policy=removal_policy)
    return plan_express_cluster(name, spec, removal_policy=removal_policy)


def _check(
    plan: BrokerClusterPlan, *, cluster: msk.CfnCluster | None, vpc: ec2.IVpc | None, key: kms.IKey | None
) -> None:
    spec, findings = plan.spec, []
    if cluster is not None:
        given = ("arn", "encryption", "client_security_group_ids", "removal_policy", *spec.created_only)
        findings += [brought_finding(field, "cluster") for field in given if field in spec.model_fields_set]
    if vpc is not None and (spec.vpc is not None or spec.arn is not None or cluster is not None):
        findings.append(not_placed(spec, is_brought=cluster is not None))
    if key is not None and (cluster is not None or "encryption" in spec.model_fields_set):
        findings.append(brought_finding("encryption", "encryption_key"))
    findings += [finding for finding in cluster_findings(plan) if finding.level == "error"]
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])

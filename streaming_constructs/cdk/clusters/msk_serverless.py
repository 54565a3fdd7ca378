"""A serverless cluster on Amazon MSK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import aws_cdk as cdk
from aws_cdk import CfnResource
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_msk as msk
from constructs import Construct

from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.cdk.clusters.cluster_network import ClusterNetwork, not_placed
from streaming_constructs.cdk.clusters.cluster_tasks import ClusterTasks
from streaming_constructs.cdk.clusters.kafka_grants import KafkaGrants, grant_kafka
from streaming_constructs.cdk.clusters.private_access import PrivateAccess
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.cdk.tags import without_tags
from streaming_constructs.facts import metrics, permissions
from streaming_constructs.facts.msk import CLUSTER_NAME_CHARACTERS
from streaming_constructs.planning.clusters.msk_serverless import ServerlessClusterPlan
from streaming_constructs.planning.clusters.msk_serverless import plan_node as plan_serverless
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.spec.clusters.msk_serverless import MskServerlessClusterSpec
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy


class ServerlessKafkaCluster(KafkaGrants, Construct):
    """An MSK Serverless cluster, created from its spec or adopted; clients authenticate with IAM.

    Creates an `AWS::MSK::ServerlessCluster` (**stateful**: retained unless told otherwise), a security group, and a VPC where
    none is given. All properties of the cluster are create-only, its tags as well: no tag of the app reaches it.

    Example:
        ```python
        main = ServerlessKafkaCluster(stack, "Main", spec=MskServerlessClusterSpec())
        main.grant_consume(reader, "orders", group="billing")
        ```

    Attributes:
        cluster: The cluster that was created or brought; None for one that is known by its ARN.
        arn: Its ARN.
        network: Where it stands; None for an adopted one.
        plan: Its numbers.
        dimensions: The dimensions that its metrics are published under.
    """

    cluster: msk.CfnServerlessCluster | None
    arn: str
    network: ClusterNetwork | None
    plan: ServerlessClusterPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: MskServerlessClusterSpec,
        plan: ServerlessClusterPlan | None = None,
        cluster: msk.CfnServerlessCluster | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates or adopts the cluster.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            plan: Its numbers, where a system has planned it. Left out: what its topics carry is not known.
            cluster: An existing cluster to adopt. Left out: it is created, or known by the spec's `arn`.
            vpc: A VPC to place it in. Left out: as the spec says, else one is created.
            vpc_subnets: Which of its subnets; the first of each zone is used. Left out: the private ones.
            removal_policy: retain keeps the cluster when it leaves the stack, destroy deletes it.

        Raises:
            SpecError: If the spec asks to create what was brought.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_serverless(construct_id, spec, Neighbours())
        self._check(spec, cluster, vpc)
        self.network = self.cluster = None
        self._removal_policy: RemovalPolicy = removal_policy
        self._tasks: ClusterTasks | None = None
        self._access: PrivateAccess | None = None
        if cluster is not None:
            self.cluster, self.arn = cluster, cluster.attr_arn
        elif spec.arn is not None:
            self.arn = spec.arn
        else:
            self.network = ClusterNetwork(
                self, "Network", spec=spec, vpc=vpc, vpc_subnets=vpc_subnets, removal_policy=removal_policy
            )
            self.cluster = self._create()
            self.cluster.apply_removal_policy(cdk_removal_policy(spec.removal_policy or removal_policy))
            without_tags(self.cluster)
            self.arn = self.cluster.attr_arn
        name = self.cluster.cluster_name if self.cluster is not None else None
        self.dimensions = {metrics.CLUSTER: name or ClusterArn(self.arn).cluster_name}

    def _create(self) -> msk.CfnServerlessCluster:
        assert self.network is not None
        name = cdk.Names.unique_resource_name(self, max_length=int(CLUSTER_NAME_CHARACTERS.value), separator="-")
        return msk.CfnServerlessCluster(
            self,
            "Cluster",
            cluster_name=name,
            client_authentication=msk.CfnServerlessCluster.ClientAuthenticationProperty(
                sasl=msk.CfnServerlessCluster.SaslProperty(iam=msk.CfnServerlessCluster.IamProperty(enabled=True))
            ),
            vpc_configs=[
                msk.CfnServerlessCluster.VpcConfigProperty(
                    subnet_ids=list(self.network.subnet_ids),
                    security_groups=[self.network.security_group.security_group_id],
                )
            ],
        )

    def outputs(self) -> Iterator[Output]:
        """The ARN of the cluster."""
        yield Output("ClusterArn", self.arn, f"The MSK Serverless cluster {self.node.id}")

    @property
    def spec(self) -> MskServerlessClusterSpec:
        """What was asked for."""
        return self.plan.spec

    def let_in_firehose(self) -> CfnResource | None:
        """Lets Firehose connect privately to a cluster that is created here, and gives what its streams have to wait for.

        Private connectivity of a serverless cluster is always on. An adopted cluster is never changed: None.
        """
        if self.network is None:
            return None
        if self._access is None:
            self._access = PrivateAccess(self, "PrivateAccess", cluster_arn=self.arn, after=None)
            self._access.let_in_firehose()
        return self._access.policy

    def bootstrap_brokers(self) -> str:
        """Where clients connect to, `host:port`, with IAM: known once the cluster is there.

        Creates a function that asks for it, with the first who asks.
        """
        if self._tasks is None:
            self._tasks = ClusterTasks(self, "Tasks", cluster_arn=self.arn, removal_policy=self._removal_policy)
        return self._tasks.bootstrap_brokers("iam")

    def grant_admin(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something create, change and delete topics.

        Args:
            grantee: Who may; it connects with IAM.
        """
        return grant_kafka(grantee, ClusterArn(self.arn), permissions.KAFKA_ADMIN_SERVERLESS)

    def _check(
        self, spec: MskServerlessClusterSpec, cluster: msk.CfnServerlessCluster | None, vpc: ec2.IVpc | None
    ) -> None:
        findings = []
        if cluster is not None:
            given = ("arn", "client_security_group_ids", "removal_policy")
            findings += [brought_finding(field, "cluster") for field in given if field in spec.model_fields_set]
        if vpc is not None and (spec.vpc is not None or spec.arn is not None or cluster is not None):
            findings.append(not_placed(spec, is_brought=cluster is not None))
        if findings:
            raise SpecError([finding.below(self.node.id) for finding in findings])


def build_node(scope: Construct, plan: ServerlessClusterPlan, context: Context) -> ServerlessKafkaCluster:
    """The cluster of a system.

    Args:
        scope: The construct of the system.
        plan: The cluster with its numbers.
        context: The system around it.
    """
    brought = context.brought.clusters.get(plan.name)
    own = plan.spec.arn is None and plan.spec.vpc is None and brought is None
    return ServerlessKafkaCluster(
        scope,
        plan.name,
        spec=plan.spec,
        plan=plan,
        cluster=brought,
        vpc=context.vpc if own else None,
        vpc_subnets=context.vpc_subnets if own else None,
        removal_policy=context.spec.removal_policy,
    )

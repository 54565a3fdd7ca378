"""Where in a VPC an application of Flink stands: beside the brokers of what it reads and writes, or where the spec says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kinesisanalyticsv2 as kinesisanalytics
from constructs import Construct, IDependable

from streaming_constructs.cdk.adopt import is_kafka_topic
from streaming_constructs.cdk.clusters.client_network import ClientNetwork
from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.facts.vpc_endpoints import APPLICATIONS_MAY_REACH
from streaming_constructs.planning.clusters.vpc_endpoints import application_services
from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec


class ApplicationNetwork(Construct):
    """Subnets and security groups of an application in a VPC, and its ways to brokers and to services.

    Creates an `AWS::EC2::SecurityGroup` unless the spec names groups; a rule of each cluster of this app that it reads or
    writes; and, in a VPC that is created for a cluster, the endpoints of the services that it calls.

    Attributes:
        subnet_ids: Its subnets.
        security_group_ids: Its groups.
        security_group: The group that was created; None where the spec names some.
        ways: What has to be there before it reaches anything.
    """

    subnet_ids: list[str]
    security_group_ids: list[str]
    security_group: ec2.SecurityGroup | None
    ways: Sequence[IDependable]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FlinkApplicationSpec,
        clusters: Sequence[KafkaCluster | ServerlessKafkaCluster],
        reads: Sequence[str],
        writes: Sequence[str],
    ) -> None:
        """Creates them.

        Args:
            scope: The application.
            construct_id: Its id there.
            spec: What is asked for.
            clusters: The clusters of the topics that it reads and writes, those that it reads first.
            reads: The kinds of what it reads, such as `kinesis`.
            writes: The kinds of what it writes to.

        Raises:
            SpecError: If nothing says where a cluster stands.
        """
        super().__init__(scope, construct_id)
        who = f"the application {scope.node.id}"
        if not clusters:
            self._place(spec, who)
            self.ways = ()
            return
        first, *others = clusters
        clients = ClientNetwork(self, "Clients", cluster=first, who=who, vpc=spec.vpc)
        self.subnet_ids, self.security_group_ids = clients.subnet_ids, clients.security_group_ids
        self.security_group = clients.security_group
        ways: list[IDependable] = [*clients.rules]
        for other in others:
            if other.network is not None:
                ways += other.network.let_in(self, self.security_group_ids, who)
        if spec.vpc is None and first.network is not None:
            services = {*application_services(spec, reads, writes)}
            if first.network.endpoints is not None:
                services.update(APPLICATIONS_MAY_REACH)
            ways += first.network.reach(self, sorted(services), who=who, security_group_ids=self.security_group_ids)
        self.ways = ways

    def _place(self, spec: FlinkApplicationSpec, who: str) -> None:
        """Where the spec says."""
        assert spec.vpc is not None
        self.subnet_ids, self.security_group_ids = list(spec.vpc.subnet_ids), list(spec.vpc.security_group_ids)
        self.security_group = None
        if not self.security_group_ids:
            assert spec.vpc.vpc_id is not None
            zones = [f"zone-{number}" for number in range(1, len(self.subnet_ids) + 1)]  # asked for by CDK alone
            vpc = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=spec.vpc.vpc_id, availability_zones=zones)
            self.security_group = ec2.SecurityGroup(
                self, "SecurityGroup", vpc=vpc, description=who[:1].upper() + who[1:], allow_all_outbound=True
            )
            self.security_group_ids = [self.security_group.security_group_id]

    @property
    def configuration(self) -> kinesisanalytics.CfnApplication.VpcConfigurationProperty:
        """The same in CloudFormation's words."""
        return kinesisanalytics.CfnApplication.VpcConfigurationProperty(
            subnet_ids=self.subnet_ids, security_group_ids=self.security_group_ids
        )


def clusters_of(nodes: Mapping[str, Any]) -> list[KafkaCluster | ServerlessKafkaCluster]:
    """The clusters of the topics among nodes, each once.

    Args:
        nodes: What is read or written.
    """
    return list(dict.fromkeys(node.cluster for node in nodes.values() if is_kafka_topic(node)))

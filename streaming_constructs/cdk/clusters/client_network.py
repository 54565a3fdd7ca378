"""Where clients of a cluster stand that AWS runs, such as connectors, and how the cluster lets them in."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.vpc import VpcPlacement


class ClientNetwork(Construct):
    """Subnets and security groups for clients of a cluster.

    Creates an `AWS::EC2::SecurityGroup` unless the spec names groups, and, where the cluster is of this app, a rule that lets
    its members reach the brokers on the port of IAM. An existing cluster is never changed: who owns it lets the group in.

    Attributes:
        cluster: The cluster.
        subnet_ids: The subnets of the clients.
        security_group_ids: Their groups.
        security_group: The group that was created; None where the spec names some.
        rules: The rules that let them in.
    """

    cluster: KafkaCluster | ServerlessKafkaCluster
    subnet_ids: list[str]
    security_group_ids: list[str]
    security_group: ec2.SecurityGroup | None
    rules: list[ec2.CfnSecurityGroupIngress]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: KafkaCluster | ServerlessKafkaCluster,
        who: str,
        vpc: VpcPlacement | None = None,
    ) -> None:
        """Creates them.

        Args:
            scope: What needs them.
            construct_id: Its id there.
            cluster: The cluster.
            who: Who the clients are, in words.
            vpc: Where they stand. Left out: where the cluster stands.

        Raises:
            SpecError: If nothing says where that is, as of a cluster that exists.
        """
        super().__init__(scope, construct_id)
        placed = vpc or (cluster.spec.vpc if cluster.network is None else None)
        if placed is None and cluster.network is None:
            raise SpecError([_nowhere(who).below(scope.node.id)])
        self.cluster, self.security_group, self.rules = cluster, None, []
        if placed is not None and placed.security_group_ids:
            self.subnet_ids, self.security_group_ids = list(placed.subnet_ids), list(placed.security_group_ids)
        else:
            if placed is not None:
                self.subnet_ids, vpc_id = list(placed.subnet_ids), placed.vpc_id
                assert vpc_id is not None
            else:
                assert cluster.network is not None
                self.subnet_ids, vpc_id = list(cluster.network.subnet_ids), cluster.network.vpc.vpc_id
            # Names of zones are asked for by CDK alone.
            zones = [f"zone-{number}" for number in range(1, len(self.subnet_ids) + 1)]
            imported = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=vpc_id, availability_zones=zones)
            self.security_group = ec2.SecurityGroup(
                self, "SecurityGroup", vpc=imported, description=who[:1].upper() + who[1:], allow_all_outbound=True
            )
            self.security_group_ids = [self.security_group.security_group_id]
        if cluster.network is not None:
            self.rules = cluster.network.let_in(self, self.security_group_ids, who)


def _nowhere(who: str) -> Finding:
    return Finding(
        "MSK423",
        f"nothing says where {who} stand",
        note="the cluster exists, and its subnets are not known",
        help="give the spec of the cluster a `vpc`, with the id and the subnets of its own; a connector may have one itself",
    )

"""Where the workers of a connector stand, and how the cluster lets them in."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster
from streaming_constructs.facts import msk
from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec


class ConnectorNetwork(Construct):
    """Subnets and security groups for the workers of a connector.

    Creates an `AWS::EC2::SecurityGroup` unless the spec names groups, and, where the cluster is of this app, a rule that lets
    its members reach the brokers on the port of IAM. An existing cluster is never changed: who owns it lets the group in.

    Attributes:
        subnet_ids: The subnets of the workers.
        security_group_ids: Their groups.
        security_group: The group that was created; None where the spec names some.
    """

    subnet_ids: list[str]
    security_group_ids: list[str]
    security_group: ec2.SecurityGroup | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: KafkaConnectorSpec,
        cluster: KafkaCluster | ServerlessKafkaCluster,
    ) -> None:
        """Creates them.

        Args:
            scope: The connector.
            construct_id: Its id there.
            spec: What is asked for.
            cluster: The cluster that it is on.
        """
        super().__init__(scope, construct_id)
        placed = spec.vpc or (cluster.spec.vpc if cluster.network is None else None)
        self.security_group = None
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
            vpc = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=vpc_id, availability_zones=zones)
            self.security_group = ec2.SecurityGroup(
                self, "SecurityGroup", vpc=vpc, description=f"The workers of {scope.node.id}", allow_all_outbound=True
            )
            self.security_group_ids = [self.security_group.security_group_id]
        if cluster.network is not None:
            port = msk.PORTS["iam"]
            for number, group_id in enumerate(self.security_group_ids, start=1):
                ec2.CfnSecurityGroupIngress(
                    self,
                    f"Ingress{number}",
                    group_id=cluster.network.security_group.security_group_id,
                    source_security_group_id=group_id,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    description=f"The connector {scope.node.id}, with iam",
                )

"""Where a cluster stands: a VPC that is there, or one of its own; and a security group that stays the same for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import Annotations, Fn
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IDependable

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.clusters.vpc_endpoints import VpcEndpoints
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.cdk.vpc import Network
from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.brought_vpc import vpc_findings
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy

FLOW_LOG_RETENTION_DAYS = 30
UNKNOWN_VPC = "vpc-12345"
"""Source: `Vpc.fromLookup` in https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc.ts"""
NAG_PACKS = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")


class ClusterNetwork(Construct):
    """Subnets and a security group for a cluster, and a VPC where none is given.

    Creates an `AWS::EC2::SecurityGroup`, whose members reach each other, and whom the spec names, on the ports of the cluster's
    authentication alone. Groups of a cluster are create-only, so it has this one for good; its rules change in place. Where no
    VPC is given, creates one with a private subnet in each of three zones, without a way to the internet, and its flow log;
    and in it the VPC endpoints of what is reached from there (`reach`).

    Attributes:
        vpc: The VPC.
        subnet_ids: One subnet of each zone.
        security_group: The group of the cluster.
        endpoints: The endpoints of a VPC that is created here; None in one that is given, where none are created.
    """

    vpc: ec2.IVpc
    subnet_ids: Sequence[str]
    security_group: ec2.SecurityGroup
    endpoints: VpcEndpoints | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: KafkaClusterSpec,
        brokers: int | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates them.

        Args:
            scope: The cluster.
            construct_id: Its id there.
            spec: What is asked for.
            brokers: How many brokers stand in it. Left out: it has none.
            vpc: A VPC to place the cluster in. Left out: as the spec says, else one is created.
            vpc_subnets: Which of its subnets; the first of each zone is used. Left out: the private ones.
            removal_policy: Whether what is created is kept when it leaves the stack: what the cluster stands in, and its log.

        Raises:
            SpecError: If the VPC that was brought has too few zones, or a number that brokers do not divide by.
        """
        super().__init__(scope, construct_id)
        self.endpoints = None
        self._cluster, self._is_brought = scope.node.id, vpc is not None
        self._let_in_by_the_spec = frozenset(spec.client_security_group_ids)
        self._rules: dict[str, ec2.CfnSecurityGroupIngress] = {}
        if vpc is not None:
            self.vpc = vpc
            self.subnet_ids = Network.of(vpc, vpc_subnets, (), msk.ZONES.maximum).subnet_ids
            findings = list(vpc_findings(spec, len(self.subnet_ids), brokers))
            # A VPC that is yet to be looked up stands in by this one, of two zones, until the CDK CLI has asked for it.
            if findings and vpc.vpc_id != UNKNOWN_VPC:
                raise SpecError([finding.below(scope.node.id) for finding in findings])
        elif spec.vpc is not None:
            assert spec.vpc.vpc_id is not None
            self.subnet_ids = spec.vpc.subnet_ids
            zones = [f"zone-{number}" for number in range(1, len(self.subnet_ids) + 1)]  # named for CDK alone
            self.vpc = ec2.Vpc.from_vpc_attributes(
                self,
                "Vpc",
                vpc_id=spec.vpc.vpc_id,
                availability_zones=zones,
                private_subnet_ids=list(self.subnet_ids),
            )
        else:
            self.vpc = self._create(removal_policy)
            self.subnet_ids = tuple(subnet.subnet_id for subnet in self.vpc.isolated_subnets)
            self.endpoints = VpcEndpoints(self, "Endpoints", vpc=self.vpc)
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=self.vpc,
            description=f"The brokers of {scope.node.id}, and whom the cluster lets in",
            allow_all_outbound=True,
        )
        for way in spec.authentications:
            port = ec2.Port.tcp(msk.PORTS[way])
            self.security_group.add_ingress_rule(self.security_group, port, f"Members of the group, with {way}")
            for group_id in spec.client_security_group_ids:
                self.security_group.add_ingress_rule(ec2.Peer.security_group_id(group_id), port, f"Clients, with {way}")
        self._keep(spec.removal_policy or removal_policy, created=vpc is None and spec.vpc is None)

    def _keep(self, removal_policy: RemovalPolicy, *, created: bool) -> None:
        """What a cluster that is kept stands in stays too: a stack that tried to delete it would not go."""
        removal = cdk_removal_policy(removal_policy)
        held = [self.security_group.node]
        if created:
            held += [self.vpc.node, *(subnet.node for subnet in self.vpc.isolated_subnets)]
        for one in held:
            cast("cdk.CfnResource", one.default_child).apply_removal_policy(removal)
        for rule in self.security_group.node.children:
            if isinstance(rule, ec2.CfnSecurityGroupIngress):
                rule.apply_removal_policy(removal)

    def let_in(self, by: Construct, security_group_ids: Sequence[str], who: str) -> list[ec2.CfnSecurityGroupIngress]:
        """Lets members of security groups reach the brokers with IAM, and gives the rules: one for each group, as EC2 wants it.

        Args:
            by: Who asks; the rule of a group that is created here stands below it.
            security_group_ids: The groups.
            who: Whose groups they are, in words.
        """
        found = []
        for number, group_id in enumerate(security_group_ids, start=1):
            if group_id in self._let_in_by_the_spec:
                continue
            key = str(cdk.Stack.of(self).resolve(group_id))
            if key not in self._rules:
                # A group that is named may be that of several, so its rule is not the first one's.
                is_named = not cdk.Token.is_unresolved(group_id)
                self._rules[key] = ec2.CfnSecurityGroupIngress(
                    self if is_named else by,
                    f"Ingress-{group_id}" if is_named else f"{self._cluster}Ingress{number}",
                    group_id=self.security_group.security_group_id,
                    source_security_group_id=group_id,
                    ip_protocol="tcp",
                    from_port=msk.PORTS["iam"],
                    to_port=msk.PORTS["iam"],
                    description="Clients of the system, with iam"
                    if is_named
                    else f"{who[:1].upper() + who[1:]}, with iam",
                )
            found.append(self._rules[key])
        return found

    def is_in(self, vpc: ec2.IVpc) -> bool:
        """Whether it is in a VPC.

        Args:
            vpc: The VPC.
        """
        return self.vpc.node.path == vpc.node.path

    def reach(
        self, by: Construct, services: Sequence[str], *, who: str, security_group_ids: Sequence[str] | None = None
    ) -> list[IDependable]:
        """Lets something in the VPC reach services of AWS, and gives what has to be there before it does.

        In a VPC that is created here, creates the endpoints that are not there yet. In one that is given it creates nothing:
        the plan of a system tells what subnets need that a spec names, and of a VPC that is brought an annotation does.

        Args:
            by: What reaches them.
            services: The services, by what their actions begin with in IAM, such as `secretsmanager`.
            who: What it is, in words.
            security_group_ids: Its security groups. Left out: that of the cluster, as of what polls for Lambda.
        """
        if self.endpoints is None:
            if services and self._is_brought:
                Annotations.of(by).add_info_v2(
                    "streaming-constructs:vpc-endpoints",
                    f"{who[:1].upper() + who[1:]}: from the subnets of the cluster {', '.join(services)} are reached. None is "
                    "created in a VPC that is brought: its subnets need a NAT gateway, or a VPC endpoint of each.",
                )
            return []
        if security_group_ids is None:
            # One rule for all who are in the cluster's group, beside the group.
            own = [self.security_group.security_group_id]
            return self.endpoints.reach(self.endpoints, services, own, "Pollers of topics, in the group of the cluster")
        return self.endpoints.reach(by, services, security_group_ids, who[:1].upper() + who[1:])

    def _create(self, removal_policy: RemovalPolicy) -> ec2.Vpc:
        zones = [Fn.select(number, Fn.get_azs()) for number in range(msk.ZONES.maximum)]
        vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=zones,
            nat_gateways=0,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Brokers", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
            ],
        )
        log_group = create_log_group(
            self,
            "FlowLogs",
            retention_days=FLOW_LOG_RETENTION_DAYS,
            removal_policy=removal_policy,
            reason="it says who talked to whom, not what was said",
        )
        vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log_group))
        acknowledge(
            vpc,
            "Nothing stands in the default security group: brokers and clients have groups of their own",
            *(f"{pack}-VPCDefaultSecurityGroupClosed" for pack in NAG_PACKS),
        )
        acknowledge(
            vpc,
            "The policy of the flow log is one with its role, by the CDK; nobody else takes that role",
            *(f"{pack}-IAMNoInlinePolicy" for pack in NAG_PACKS),
        )
        return vpc


def not_placed(spec: KafkaClusterSpec, *, is_brought: bool) -> Finding:
    """Says why a VPC cannot be brought.

    Args:
        spec: The cluster.
        is_brought: Whether the cluster is brought as well.
    """
    if is_brought:
        return Finding(
            "LNG403",
            "a VPC cannot be brought for a cluster that is brought",
            ("vpc",),
            note="it stands where it stands",
            help="take out `vpc=`; where clients of it are to stand is said by a `vpc` in its spec",
        )
    return brought_finding("vpc" if spec.vpc is not None else "arn", "vpc")

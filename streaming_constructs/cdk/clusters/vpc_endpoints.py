"""VPC endpoints of the VPC that is created for a cluster: of each service that something in it reaches, and of no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IDependable

from streaming_constructs.facts.vpc_endpoints import HTTPS_PORT, VPC_ENDPOINTS


class VpcEndpoints(Construct):
    """The endpoints of a VPC without a way to the internet, each created by the first who asks for it.

    Creates an `AWS::EC2::VPCEndpoint` of each service, and, where one of them is an interface, an `AWS::EC2::SecurityGroup`
    that lets those in who asked, on port 443. Logical ids do not depend on who asks first.

    Attributes:
        security_group: The group of the interfaces; None while there are none.
    """

    security_group: ec2.SecurityGroup | None

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        """Creates none yet.

        Args:
            scope: Where the VPC stands in the tree.
            construct_id: Their id there.
            vpc: The VPC; endpoints stand in its isolated subnets.
        """
        super().__init__(scope, construct_id)
        self._vpc = vpc
        self.security_group = None
        self._endpoints: dict[str, ec2.VpcEndpoint] = {}
        self._rules: dict[str, ec2.CfnSecurityGroupIngress] = {}

    def reach(
        self, by: Construct, services: Iterable[str], security_group_ids: Sequence[str], who: str
    ) -> list[IDependable]:
        """Lets members of security groups reach services, and gives what has to be there before they do.

        Args:
            by: Who asks; the rules that let the groups in stand below it.
            services: The services, by what their actions begin with in IAM.
            security_group_ids: The groups.
            who: Whose groups they are, in words.
        """
        found: list[IDependable] = []
        for service in services:
            if service not in self._endpoints:
                self._endpoints[service] = self._create(service)
            found.append(self._endpoints[service])
            if not VPC_ENDPOINTS[service].is_gateway:
                found += self._let_in(by, security_group_ids, who)
        return list(dict.fromkeys(found))

    def _create(self, service: str) -> ec2.VpcEndpoint:
        endpoint, subnets = VPC_ENDPOINTS[service], ec2.SubnetSelection(subnets=self._vpc.isolated_subnets)
        construct_id = endpoint.name.title().replace("-", "")
        if endpoint.is_gateway:
            return ec2.GatewayVpcEndpoint(
                self,
                construct_id,
                vpc=self._vpc,
                service=ec2.GatewayVpcEndpointAwsService(endpoint.name),
                subnets=[subnets],
            )
        return ec2.InterfaceVpcEndpoint(
            self,
            construct_id,
            vpc=self._vpc,
            service=ec2.InterfaceVpcEndpointAwsService(endpoint.name, port=HTTPS_PORT),
            subnets=subnets,
            security_groups=[self._group()],
            open=False,
        )

    def _group(self) -> ec2.SecurityGroup:
        if self.security_group is None:
            self.security_group = ec2.SecurityGroup(
                self,
                "SecurityGroup",
                vpc=self._vpc,
                description="The VPC endpoints, and whom they let in",
                allow_all_outbound=False,
            )
        return self.security_group

    def _let_in(self, by: Construct, security_group_ids: Sequence[str], who: str) -> Iterable[IDependable]:
        """One rule for each group, whoever asks for what: EC2 refuses a second one that is the same."""
        for number, group_id in enumerate(security_group_ids, start=1):
            key = str(cdk.Stack.of(self).resolve(group_id))
            if key not in self._rules:
                self._rules[key] = ec2.CfnSecurityGroupIngress(
                    by,
                    f"EndpointIngress{number}",
                    group_id=self._group().security_group_id,
                    source_security_group_id=group_id,
                    ip_protocol="tcp",
                    from_port=HTTPS_PORT,
                    to_port=HTTPS_PORT,
                    description=who,
                )
            yield self._rules[key]

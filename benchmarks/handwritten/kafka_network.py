"""A VPC for brokers: private subnets in three zones, and a group whose members reach them."""

from __future__ import annotations

from functools import cached_property

from aws_cdk import Fn, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

IAM_PORT = 9098


class KafkaNetwork(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        vpc = ec2.Vpc(
            self,
            "Vpc",
            # Without an account, CDK would take two zones.
            availability_zones=[Fn.select(number, Fn.get_azs()) for number in range(3)],
            nat_gateways=0,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Brokers", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
            ],
        )
        flow_logs = logs.LogGroup(
            self, "FlowLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(flow_logs))
        group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description=f"The brokers of {scope.node.id}, and whom the cluster lets in",
            allow_all_outbound=True,
        )
        # What a cluster that is kept stands in cannot be deleted, so it is kept with it.
        for held in (vpc, *vpc.isolated_subnets, group):
            held.node.default_child.apply_removal_policy(RemovalPolicy.RETAIN)
        members = ec2.CfnSecurityGroupIngress(
            self,
            "Members",
            group_id=group.security_group_id,
            source_security_group_id=group.security_group_id,
            ip_protocol="tcp",
            from_port=IAM_PORT,
            to_port=IAM_PORT,
            description="Members of the group, with iam",
        )
        members.apply_removal_policy(RemovalPolicy.RETAIN)
        self._vpc = vpc
        self.subnet_ids = [subnet.subnet_id for subnet in vpc.isolated_subnets]
        self.security_group_ids = [group.security_group_id]

    @cached_property
    def s3(self) -> ec2.GatewayVpcEndpoint:
        """The way to S3, which the subnets have no other to."""
        return ec2.GatewayVpcEndpoint(
            self,
            "S3",
            vpc=self._vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
        )

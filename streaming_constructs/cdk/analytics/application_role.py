"""The role of an application of Flink: what its edges, its code and its log need, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.analytics.application_code import ApplicationCode
from streaming_constructs.cdk.edges import Endpoint, edge_permissions
from streaming_constructs.cdk.iam_policy import Permissions, joined, managed_policy
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.facts import flink_service
from streaming_constructs.spec.analytics.flink_application import FlinkApplicationSpec

SERVICE = "kinesisanalytics"


class ApplicationRole(Construct):
    """The role that Managed Flink assumes for one application.

    Attributes:
        role: The role.
        policy: What it may.
    """

    role: iam.Role
    policy: iam.ManagedPolicy

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FlinkApplicationSpec,
        application_arn: str,
        endpoints: Mapping[str, Endpoint],
        consumers: Mapping[str, kinesis.CfnStreamConsumer],
        code: ApplicationCode,
        log_group: logs.LogGroup,
        in_vpc: bool,
    ) -> None:
        """Creates them.

        Args:
            scope: The application.
            construct_id: Its id there.
            spec: What is asked for.
            application_arn: The ARN of the application.
            endpoints: What it reads and writes, by the names of the spec.
            consumers: The fan-out consumers as which it reads, by the names of their streams.
            code: Where its code is.
            log_group: Where its log is.
            in_vpc: Whether it stands in a VPC.
        """
        super().__init__(scope, construct_id)
        # The name is known before the application is there, so that no other one is assumed the role for.
        trusted = {
            "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
            "ArnEquals": {"aws:SourceArn": application_arn},
        }
        self.role = iam.Role(
            self,
            "Role",
            description=f"What the Flink application {scope.node.id} may",
            assumed_by=iam.ServicePrincipal(flink_service.PRINCIPAL, conditions=trusted),
        )
        groups = f"arn:{cdk.Aws.PARTITION}:logs:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:log-group:*"
        needed = joined(
            edge_permissions(spec.edges(), SERVICE, endpoints),
            *(_fan_out(endpoints[name], consumer) for name, consumer in consumers.items()),
            code.permissions,
            {
                groups: flink_service.FIND_LOG_GROUP,
                log_group.log_group_arn: (*flink_service.FIND_LOG_STREAM, *flink_service.WRITE_LOGS),
            },
            {"*": flink_service.JOIN_VPC} if in_vpc else {},
            *(dict.fromkeys(statement.resources, statement.actions) for statement in spec.permissions),
        )
        self.policy = managed_policy(self, f"What the Flink application {scope.node.id} may", [self.role], needed)
        self._acknowledge(
            spec, groups, [endpoint for endpoint in endpoints.values() if endpoint.kind == "kafka"], in_vpc=in_vpc
        )

    def _acknowledge(
        self, spec: FlinkApplicationSpec, groups: str, topics: Sequence[Endpoint], *, in_vpc: bool
    ) -> None:
        acknowledge(
            self.policy,
            "Log groups are listed, and not asked for by name; it writes to its own alone",
            f"AwsSolutions-IAM5[Resource::{nag_name(self, groups)}]",
        )
        if in_vpc:
            acknowledge(
                self.policy,
                "The network interfaces of an application in a VPC do not exist before it, so there is nothing to name",
                "AwsSolutions-IAM5[Resource::*]",
            )
        encoded = [place for topic in topics for what, place in topic.places.items() if what.startswith("schema")]
        if encoded:
            acknowledge(
                self.policy,
                "A schema is found by its definition, and a version of one by its id",
                *(f"AwsSolutions-IAM5[Resource::{nag_name(self, place)}]" for place in encoded),
            )
        asked = [
            f"AwsSolutions-IAM5[{what}::{value}]"
            for statement in spec.permissions
            for what, values in (("Resource", statement.resources), ("Action", statement.actions))
            for value in values
            if "*" in value
        ]
        if asked:
            acknowledge(self.policy, "The spec gives the application these permissions, wildcards included", *asked)


def _fan_out(stream: Endpoint, consumer: kinesis.CfnStreamConsumer) -> Permissions:
    find, read = flink_service.FIND_FAN_OUT_CONSUMER, flink_service.READ_FAN_OUT_CONSUMER
    return {stream.arn: find, consumer.attr_consumer_arn: (*find, *read)}

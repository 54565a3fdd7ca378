"""The function that prepares an OpenSearch domain for its deliveries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge, acknowledge_no_vpc
from streaming_constructs.cdk.custom_resource import acknowledge_answering, custom_resource
from streaming_constructs.cdk.function_code import code_asset
from streaming_constructs.cdk.iam_policy import Permissions, managed_policy
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.vpc import Network
from streaming_constructs.facts import permissions
from streaming_constructs.planning.stores.opensearch import (
    LOG_RETENTION_DAYS,
    SETUP_ANSWER_SECONDS,
    SETUP_MEMORY_MIB,
    SETUP_SECONDS,
)
from streaming_constructs.spec.removal_policy import RemovalPolicy

CODE = Path(__file__).parents[2] / "runtime" / "opensearch_setup"


class OpenSearchSetup(Construct):
    """A function that tells a domain what CloudFormation cannot: who may write, what fields are, when indices are deleted.

    Creates an `AWS::Lambda::Function` with its `AWS::Logs::LogGroup`, `AWS::IAM::Role` and `AWS::IAM::ManagedPolicy`. It
    assumes the domain's administrator role, and nothing else. In a VPC it has to reach S3, where CloudFormation waits for its
    answer, and the region's STS: through a NAT gateway, or a gateway endpoint of S3 and an interface endpoint of STS.

    Attributes:
        function: The function.
    """

    function: lambda_.Function

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        admin_role: iam.IRole,
        network: Network | None,
        removal_policy: RemovalPolicy,
    ) -> None:
        """Creates the function.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            admin_role: The domain's administrator role.
            network: Where in a VPC it stands. Left out: in none.
            removal_policy: retain keeps its log when it leaves the stack, destroy destroys it.
        """
        super().__init__(scope, construct_id)
        log_group = create_log_group(
            self,
            "Logs",
            retention_days=LOG_RETENTION_DAYS,
            removal_policy=removal_policy,
            reason="it says what was set up, and holds no records",
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        needed: dict[str, Permissions] = {
            "log": {log_group.log_group_arn: permissions.LAMBDA_WRITES_LOGS},
            "role": {admin_role.role_arn: permissions.ASSUME_ROLE},
            "vpc": {"*": permissions.LAMBDA_JOINS_VPC} if network else {},
        }
        policy = managed_policy(
            self,
            "Lets the setup write its log and assume the administrator role of the domain",
            [role],
            {resource: actions for grant in needed.values() for resource, actions in grant.items()},
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"Prepares the OpenSearch domain {scope.node.id} for its deliveries",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=code_asset(self, CODE.absolute()),
            memory_size=SETUP_MEMORY_MIB,
            timeout=cdk.Duration.seconds(SETUP_SECONDS),
            environment={"ADMIN_ROLE_ARN": admin_role.role_arn, "AWS_STS_REGIONAL_ENDPOINTS": "regional"},
            log_group=log_group,
            role=role,
        )
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        if network:
            resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
                subnet_ids=list(network.subnet_ids), security_group_ids=list(network.security_group_ids)
            )
        # Lambda looks at the role when it places the function; and the permissions go last when the stack does.
        self.function.node.add_dependency(policy)
        _acknowledge(self.function, policy, in_vpc=network is not None)

    def prepare(
        self,
        scope: Construct,
        *,
        endpoint: str,
        index: str,
        rotation: str,
        role: iam.IRole,
        retention_days: int | None,
        mappings: Mapping[str, Any] | None,
        shards: int,
        replicas: int,
    ) -> cdk.CfnCustomResource:
        """Has the domain prepared for one delivery, which has to wait for it.

        Creates an `AWS::CloudFormation::CustomResource`. Deleting it takes the delivery's permissions and the template away
        again, and leaves the documents.

        Args:
            scope: The delivery.
            endpoint: The domain's host name.
            index: The index, without what rotation appends.
            rotation: How often a new one is begun.
            role: The role that the delivery works under.
            retention_days: Days that documents are kept. Left out: for ever.
            mappings: What the fields of the index are. Left out: OpenSearch guesses.
            shards: Primary shards of an index.
            replicas: Copies of each beside it.
        """
        properties = {
            "Endpoint": endpoint,
            "Index": index,
            "Rotation": rotation,
            # An index is written to by one delivery alone, so its name is one for all that is made for that.
            "RoleName": f"firehose-{index}",
            "BackendRoles": [role.role_arn],
            "RetentionDays": retention_days,
            "Mappings": json.dumps(mappings, sort_keys=True) if mappings else None,
            "Shards": shards,
            "Replicas": replicas,
        }
        resource = custom_resource(
            scope, "Setup", function=self.function, answer_seconds=SETUP_ANSWER_SECONDS, properties=properties
        )
        resource.node.add_dependency(self)
        return resource


def _acknowledge(function: lambda_.Function, policy: iam.ManagedPolicy, *, in_vpc: bool) -> None:
    acknowledge_answering(function, "each delivery that a deployment changes")
    if in_vpc:
        acknowledge(
            policy,
            "The network interfaces of a function in a VPC do not exist before the function, so there is nothing to name",
            "AwsSolutions-IAM5[Resource::*]",
        )
    else:
        acknowledge_no_vpc(function, "The domain that it prepares is in no VPC either")

"""A function, with a role and a log of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from alarms import MINUTE
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

POWERTOOLS = "{{resolve:ssm:/aws/service/powertools/python/arm64/python3.13/latest}}"


class HandlerFunction(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        code: Path,
        environment: Mapping[str, str],
        memory_size: int,
        statements: Sequence[iam.PolicyStatement],
        timeout: Duration = MINUTE,
        powertools: bool = True,
        waits_for_permissions: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = self.log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.RETAIN
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        permissions = self.permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description="What the function and its event source mapping need",
            roles=[role],
            statements=[
                *statements,
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                ),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(code), exclude=["__pycache__", "*.pyc"]),
            memory_size=memory_size,
            timeout=timeout,
            environment=environment,
            layers=[lambda_.LayerVersion.from_layer_version_arn(self, "Powertools", POWERTOOLS)]
            if powertools
            else None,
            log_group=log_group,
            # The policy above is all that it gets: no grants on the side.
            role=role.without_policy_updates(),
        )
        if waits_for_permissions:
            self.function.node.add_dependency(permissions)

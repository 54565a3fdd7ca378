"""The function that starts an application of Flink after a deployment, and waits until it runs."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisanalyticsv2 as kinesisanalytics
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from streaming_constructs.cdk.acknowledge import acknowledge_no_vpc
from streaming_constructs.cdk.analytics.application_key import operator_statements
from streaming_constructs.cdk.custom_resource import acknowledge_answering, custom_resource
from streaming_constructs.cdk.function_code import code_asset
from streaming_constructs.cdk.iam_policy import managed_policy
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.facts import flink_service, permissions
from streaming_constructs.planning.analytics.flink_start import (
    START_ANSWER_SECONDS,
    START_LOG_RETENTION_DAYS,
    START_MEMORY_MIB,
    START_SECONDS,
    START_WAITS,
)
from streaming_constructs.spec.analytics.restore import Restore
from streaming_constructs.spec.removal_policy import RemovalPolicy

CODE = Path(__file__).parents[2] / "runtime" / "flink_start"


class ApplicationStart(Construct):
    """Starts an application, and fails the deployment where it does not run as it was deployed.

    Creates an `AWS::Lambda::Function` with its `AWS::Logs::LogGroup`, `AWS::IAM::Role` and `AWS::IAM::ManagedPolicy`, and
    several `AWS::CloudFormation::CustomResource`, one after the other, each of which waits for as long as a function runs. The
    function may look at, start and stop this application, and nothing else. When they go, they wait until the application is
    in no state that CloudFormation refuses to delete it in.

    Attributes:
        function: The function.
        policy: What it may.
    """

    function: lambda_.Function
    policy: iam.ManagedPolicy

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        application: kinesisanalytics.CfnApplication,
        application_arn: str,
        fingerprint: str,
        restore: Restore,
        key: kms.IKey | None,
        after: list[IDependable],
        removal_policy: RemovalPolicy,
    ) -> None:
        """Creates them.

        Args:
            scope: The application.
            construct_id: Its id there.
            application: The application.
            application_arn: Its ARN.
            fingerprint: What it is told among its properties, so that it is seen which deployment runs.
            restore: What it begins with.
            key: The customer managed key of its state, if there is one.
            after: What has to be there before it starts.
            removal_policy: retain keeps the log of the function when it leaves the stack, destroy destroys it.
        """
        super().__init__(scope, construct_id)
        log_group = create_log_group(
            self,
            "Logs",
            retention_days=START_LOG_RETENTION_DAYS,
            removal_policy=removal_policy,
            reason="it says what was asked of Managed Flink, and holds no records",
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.policy = managed_policy(
            self,
            f"Lets the function write its log, and start {scope.node.id}",
            [role],
            {
                log_group.log_group_arn: permissions.LAMBDA_WRITES_LOGS,
                application_arn: flink_service.START,
            },
        )
        if key is not None:
            self.policy.add_statements(*operator_statements(key, application_arn))
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"Starts the Flink application {scope.node.id}, and waits until it runs",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=code_asset(self, CODE.absolute()),
            memory_size=START_MEMORY_MIB,
            timeout=cdk.Duration.seconds(START_SECONDS),
            log_group=log_group,
            role=role,
        )
        self.function.node.add_dependency(self.policy)
        acknowledge_answering(self.function, "each deployment that changes the application")
        acknowledge_no_vpc(
            self.function, "It talks to the API of Managed Flink and to CloudFormation, and to nothing in a VPC"
        )
        previous: cdk.CfnCustomResource | None = None
        for number in range(1, START_WAITS + 1):
            started = custom_resource(
                self,
                f"Wait{number}",
                function=self.function,
                answer_seconds=START_ANSWER_SECONDS,
                properties={
                    "Task": "FlinkStart",
                    "ApplicationName": application.ref,
                    "Fingerprint": fingerprint,
                    "Restore": restore.snapshot,
                    "AllowNonRestoredState": str(restore.allow_non_restored_state).lower(),
                    "Step": number,
                    "Steps": START_WAITS,
                },
            )
            started.node.add_dependency(self.function, *([previous] if previous is not None else after))
            previous = started

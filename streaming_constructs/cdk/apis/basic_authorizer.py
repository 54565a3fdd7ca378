"""Lets callers of a REST API in by user name and password, which browsers ask for by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge, acknowledge_no_vpc
from streaming_constructs.cdk.function_code import code_asset
from streaming_constructs.cdk.iam_policy import managed_policy
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.facts import permissions
from streaming_constructs.planning.apis.lambda_function import (
    AUTHORIZED_SECONDS,
    AUTHORIZER_LOG_RETENTION_DAYS,
    AUTHORIZER_MEMORY_MIB,
    AUTHORIZER_SECONDS,
    PASSWORD_CHARACTERS,
    USER_NAME,
)
from streaming_constructs.spec.removal_policy import RemovalPolicy

CODE = Path(__file__).parents[2] / "runtime" / "basic_authorizer"
PROTECTED = "basic"
"""The realm that a browser shows; a name of the system would tell it to who may not come in."""
_ASK = {"gatewayresponse.header.WWW-Authenticate": f'\'Basic realm="{PROTECTED}", charset="UTF-8"\''}
_NOT_KEPT = {"gatewayresponse.header.Cache-Control": "'no-store'"}


class BasicAuthorizer(Construct):
    """A secret with a user name and a password, and what asks callers of an API for them.

    Creates an `AWS::SecretsManager::Secret` whose password AWS makes, which is in no template, log and output; an
    `AWS::Lambda::Function` that compares it, with its `AWS::IAM::Role`, `AWS::IAM::ManagedPolicy` and `AWS::Logs::LogGroup`.

    Attributes:
        secret: The secret.
        function: The function.
    """

    secret: secretsmanager.CfnSecret
    function: lambda_.Function

    def __init__(self, scope: Construct, construct_id: str, *, removal_policy: RemovalPolicy) -> None:
        """Creates them.

        Args:
            scope: The API.
            construct_id: Its id there.
            removal_policy: retain keeps the log of the function when it leaves the stack, destroy destroys it.
        """
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.CfnSecret(
            self,
            "Secret",
            description=f"User name and password of {scope.node.id}",
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
                secret_string_template=json.dumps({"username": USER_NAME}),
                generate_string_key="password",
                password_length=PASSWORD_CHARACTERS,
                # It is typed by hand.
                exclude_punctuation=True,
            ),
        )
        # With the API its password opens nothing any more.
        self.secret.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        acknowledge(
            self.secret,
            "Who it lets in is told the password by people; it is changed when one of them leaves, and not by the day",
            "AwsSolutions-SMG4",
            "NIST.800.53.R5-SecretsManagerRotationEnabled",
            "HIPAA.Security-SecretsManagerRotationEnabled",
        )
        acknowledge(
            self.secret,
            "It opens a page, and is encrypted under the key that AWS manages for secrets",
            "NIST.800.53.R5-SecretsManagerUsingKMSKey",
            "HIPAA.Security-SecretsManagerUsingKMSKey",
            "PCI.DSS.321-SecretsManagerUsingKMSKey",
        )
        self.function = self._function(removal_policy)

    def _function(self, removal_policy: RemovalPolicy) -> lambda_.Function:
        log_group = create_log_group(
            self,
            "Logs",
            retention_days=AUTHORIZER_LOG_RETENTION_DAYS,
            removal_policy=removal_policy,
            reason="it holds no passwords, and nothing of requests",
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        policy = managed_policy(
            self,
            "Lets the function write its log, and read the password",
            [role],
            {log_group.log_group_arn: permissions.LAMBDA_WRITES_LOGS, self.secret.ref: permissions.READ_SECRET},
        )
        function = lambda_.Function(
            self,
            "Function",
            description="Compares user name and password of callers",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=code_asset(self, CODE.absolute()),
            memory_size=AUTHORIZER_MEMORY_MIB,
            timeout=cdk.Duration.seconds(AUTHORIZER_SECONDS),
            environment={"SECRET_ARN": self.secret.ref},
            log_group=log_group,
            role=role,
        )
        function.node.add_dependency(policy)
        acknowledge_waited_for(function, "the caller")
        acknowledge(
            function,
            "The runtime is the one that its code is tested with, and a supported one",
            "AwsSolutions-L1",
            "Serverless-LambdaLatestVersion",
        )
        acknowledge(
            function,
            "The throttle of the stage bounds it, and what it said of a header is kept",
            "NIST.800.53.R5-LambdaConcurrency",
            "HIPAA.Security-LambdaConcurrency",
            "Serverless-LambdaTracing",
        )
        acknowledge_no_vpc(function, "It talks to Secrets Manager, and to nothing in a VPC")
        return function

    def authorizer_properties(self, name: str) -> dict[str, object]:
        """What an `AWS::ApiGateway::Authorizer` of it says.

        Args:
            name: What people call the API.
        """
        return {
            "name": name,
            "type": "REQUEST",
            "authorizer_uri": invocation_uri(self.function),
            # Without the header API Gateway refuses by itself.
            "identity_source": "method.request.header.Authorization",
            "authorizer_result_ttl_in_seconds": AUTHORIZED_SECONDS,
        }

    @staticmethod
    def gateway_responses() -> dict[str, dict[str, object]]:
        """What `AWS::ApiGateway::GatewayResponse` say, by construct id: that callers are asked, and asked again.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
        """
        asking = {"status_code": "401", "response_parameters": {**_ASK, **_NOT_KEPT}}
        return {
            "Unauthorized": {"response_type": "UNAUTHORIZED", **asking},
            # What the authorizer denies: a browser that sent a wrong password asks again when it hears 401.
            "AccessDenied": {"response_type": "ACCESS_DENIED", **asking},
        }


def invocation_uri(function: lambda_.IFunction) -> str:
    """How API Gateway is told of a function.

    Args:
        function: The function.
    """
    stack = Stack.of(function)
    service = f"arn:{stack.partition}:apigateway:{stack.region}:lambda"
    return f"{service}:path/2015-03-31/functions/{function.function_arn}/invocations"


def may_invoke(
    scope: Construct, construct_id: str, function: lambda_.IFunction, api: apigateway.CfnRestApi, path: str
) -> lambda_.CfnPermission:
    """Lets an API invoke a function, for some of its methods.

    Args:
        scope: Where the permission stands in the tree.
        construct_id: Its id there.
        function: The function.
        api: The API.
        path: What of the API, such as `v1/GET/*`.
    """
    arn = Stack.of(scope).format_arn(service="execute-api", resource=api.ref, resource_name=path)
    return lambda_.CfnPermission(
        scope,
        construct_id,
        action="lambda:InvokeFunction",
        function_name=function.function_arn,
        principal="apigateway.amazonaws.com",
        source_arn=arn,
    )


def acknowledge_waited_for(function: lambda_.Function, who: str) -> None:
    """Says why a function whose caller waits for its answer has no dead-letter queue.

    Args:
        function: The function.
        who: Who waits.
    """
    acknowledge(
        function,
        f"Its answer is waited for, and a failure is told {who}",
        "Serverless-LambdaDLQ",
        "NIST.800.53.R5-LambdaDLQ",
        "HIPAA.Security-LambdaDLQ",
    )

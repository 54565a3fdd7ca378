"""A REST API of Amazon API Gateway with a Lambda function behind it, which answers from what stores hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_cdk import Annotations, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.apis.basic_authorizer import BasicAuthorizer, invocation_uri, may_invoke
from streaming_constructs.cdk.apis.lambda_function_check import check_api
from streaming_constructs.cdk.edges import Endpoint, Readable, edge_permissions, variables
from streaming_constructs.cdk.function import acknowledge_own_wildcards, create_function, own_permissions
from streaming_constructs.cdk.iam_policy import joined, managed_policy
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.rest_api import (
    DeploymentParts,
    create_rest_api,
    create_stage,
    rest_api_name,
    rules_of_packs,
    stage_url,
)
from streaming_constructs.cdk.stores.brought_table import table_or_node
from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan, plan_api
from streaming_constructs.planning.producers.api_gateway import STAGE
from streaming_constructs.spec.apis.lambda_function import LambdaApiSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    # A large module, that only a table of the app needs.
    from aws_cdk import aws_dynamodb as dynamodb

_GET = f"{STAGE}/GET/*"


class LambdaApi(Construct):
    """A REST API that answers GET requests by a Lambda function, such as with a page and the live numbers on it.

    Creates an `AWS::ApiGateway::RestApi`, regional and with TLS 1.2 at least, whose root and all paths below it are one Lambda
    proxy integration; an `AWS::ApiGateway::Deployment` that is another one whenever something of them changes, and its
    `AWS::ApiGateway::Stage`; the function with its role and log group, unless it is brought or named in the spec, and an
    `AWS::IAM::ManagedPolicy` with exactly what reading the tables takes. For `auth: basic` an `AWS::SecretsManager::Secret`
    with a password that AWS makes, and an `AWS::Lambda::Function` that compares it. Nothing in it is stateful but its address
    and its password, which are lost with it.

    Example:
        ```python
        live = LambdaApi(
            stack,
            "Live",
            spec=LambdaApiSpec(from_=["page_views"], code="handlers/live", auth="basic"),
            tables={"page_views": page_views},
        )
        ```

    Attributes:
        api: The API.
        stage: Its stage.
        url: Its address.
        function: The function, created or adopted.
        permissions: What the function may; None if the adopted function does not tell its role.
        authorizer: What lets callers in, for `auth: basic`.
        log_group: The function's log group; None for an adopted function.
        plan: Its numbers.
        dimensions: The dimensions that its metrics are published under.
    """

    api: apigateway.CfnRestApi
    stage: apigateway.CfnStage
    url: str
    function: lambda_.IFunction
    permissions: iam.ManagedPolicy | None
    authorizer: BasicAuthorizer | None
    log_group: logs.ILogGroup | None
    plan: LambdaApiPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: LambdaApiSpec,
        tables: Mapping[str, Readable | dynamodb.ITable] | None = None,
        function: lambda_.IFunction | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        removal_policy: RemovalPolicy = "retain",
        directory: Path | None = None,
        plan: LambdaApiPlan | None = None,
    ) -> None:
        """Creates the API.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            tables: What the spec's `from_` names, by those names; a table may be one of the app. Left out: none.
            function: An existing function. Its role gets the permissions; it is not changed itself, so the variables that name
                what it reads are yours to set. Left out: as the spec says.
            vpc: A VPC to place a created function in. Left out: none, as reading tables needs none.
            vpc_subnets: Which of its subnets. Left out: the private ones.
            security_groups: Security groups in the VPC. Left out: a new one that lets everything out.
            removal_policy: retain keeps logs when they leave the stack, destroy destroys them.
            directory: The folder that the spec's `code` is relative to. Left out: the working directory.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_api(construct_id, spec)
        endpoints = {name: table_or_node(table).endpoint for name, table in (tables or {}).items()}
        check_api(
            self.plan,
            directory or Path(),
            function_given=function is not None,
            in_vpc=vpc is not None,
            read=set(endpoints),
        )
        self.log_group = None
        if function is not None:
            self.function = function
        elif spec.function_arn is not None:
            self.function = lambda_.Function.from_function_arn(self, "Function", spec.function_arn)
        else:
            self.function, self.log_group = create_function(
                self,
                spec,
                description=f"Answers from {', '.join(spec.from_)}"
                if spec.from_
                else f"Answers the API {construct_id}",
                failures="Who asked waits for its answer, and is told of a failure",
                variables=variables(spec.edges(), endpoints, "from"),
                code=(directory or Path()) / (spec.code or ""),
                removal_policy=removal_policy,
                vpc=vpc,
                vpc_subnets=vpc_subnets,
                security_groups=security_groups,
                bounded_by="the throttle of the stage",
            )
        self.permissions = self._permit(spec, endpoints, in_vpc=vpc is not None)
        self.authorizer = (
            BasicAuthorizer(self, "Authorizer", removal_policy=removal_policy) if spec.auth == "basic" else None
        )
        self.api = create_rest_api(self, description=f"Answers from {', '.join(spec.from_) or 'a function'}")
        acknowledge(self.api, "It takes no bodies: every method of it is GET", "AwsSolutions-APIG2")
        parts = DeploymentParts(self, self.api)
        self._methods(spec, parts)
        self.stage = self._stage(parts)
        self.url = f"{stage_url(self.api, STAGE)}/"
        self.dimensions = {
            "ApiName": rest_api_name(self),
            "Stage": STAGE,
            "FunctionName": self.function.function_name,
        }

    def outputs(self) -> Iterator[Output]:
        """Where it answers, and where the password is that it asks for."""
        yield Output("Url", self.url, "Where it answers GET")
        if self.authorizer is not None:
            # By its ARN an SDK finds it too; what it says is nowhere but in Secrets Manager.
            yield Output("SecretArn", self.authorizer.secret.ref, "The secret with the user name and the password")

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something call it, where requests are signed.

        Args:
            grantee: Who may.
        """
        arn = Stack.of(self).format_arn(service="execute-api", resource=self.api.ref, resource_name=_GET)
        return iam.Grant.add_to_principal(grantee=grantee, actions=["execute-api:Invoke"], resource_arns=[arn])

    def _permit(
        self, spec: LambdaApiSpec, endpoints: Mapping[str, Endpoint], *, in_vpc: bool
    ) -> iam.ManagedPolicy | None:
        needed = joined(
            edge_permissions(spec.edges(), "lambda", endpoints),
            own_permissions(spec, self.log_group, in_vpc=in_vpc),
        )
        role = self.function.role
        if role is None or not needed:
            if needed:
                actions = sorted({action for actions in needed.values() for action in actions})
                Annotations.of(self).add_warning_v2(
                    "streaming-constructs:role-unknown",
                    f"The role of the existing function is unknown; it needs {', '.join(actions)}. Bring the function with its "
                    "role (`function=`) to have that arranged.",
                )
            return None
        policy = managed_policy(self, "Lets the function read the tables that it answers from", [role], needed)
        acknowledge_own_wildcards(policy, spec, in_vpc=in_vpc)
        return policy

    def _methods(self, spec: LambdaApiSpec, parts: DeploymentParts) -> None:
        """The methods, and all else that a deployment is made of."""
        allowed: dict[str, Any] = {"authorization_type": "AWS_IAM"}
        if self.authorizer is not None:
            authorizer = parts.add(
                apigateway.CfnAuthorizer, "Basic", **self.authorizer.authorizer_properties(rest_api_name(self))
            )
            may_invoke(
                self, "MayAuthorize", self.authorizer.function, self.api, f"authorizers/{authorizer.attr_authorizer_id}"
            )
            allowed = {"authorization_type": "CUSTOM", "authorizer_id": authorizer.attr_authorizer_id}
            for name, properties in self.authorizer.gateway_responses().items():
                parts.add(apigateway.CfnGatewayResponse, name, **properties)
        integration = {
            "type": "AWS_PROXY",
            "integrationHttpMethod": "POST",
            "uri": invocation_uri(self.function),
        }
        root = self.api.attr_root_resource_id
        below = parts.add(apigateway.CfnResource, "Below", parent_id=root, path_part="{proxy+}").ref
        for name, resource in (("Root", root), ("Paths", below)):
            method = parts.add(
                apigateway.CfnMethod,
                f"{name}Method",
                resource_id=resource,
                http_method="GET",
                integration=integration,
                **allowed,
            )
            acknowledge(
                method, "Callers sign, or have the password of its secret; no user pool has them", "AwsSolutions-COG4"
            )
        may_invoke(self, "MayAnswer", self.function, self.api, _GET)

    def _stage(self, parts: DeploymentParts) -> apigateway.CfnStage:
        stage = create_stage(self, self.api, parts.deployment(), name=STAGE, rate=self.plan.rate, burst=self.plan.burst)
        if self.permissions is not None:
            stage.node.add_dependency(self.permissions)
        acknowledge(
            stage,
            "Access logs take a role that the account has once; its metrics say how many were let in and how many were not",
            "AwsSolutions-APIG1",
            "Serverless-APIGWAccessLogging",
        )
        acknowledge(
            stage,
            "Callers are known, and throttled; a firewall is the account's to associate with the stage",
            "AwsSolutions-APIG3",
            *rules_of_packs("APIGWAssociatedWithWAF"),
        )
        acknowledge(
            stage,
            "Nothing is cached: numbers are live, and a cache would give them to the next caller",
            *rules_of_packs("APIGWCacheEnabledAndEncrypted"),
        )
        return stage


def build_node(scope: Construct, plan: LambdaApiPlan, context: Context) -> LambdaApi:
    """The API of a system.

    Args:
        scope: The construct of the system.
        plan: The API with its numbers.
        context: The system around it.
    """
    # What the spec places somewhere stands there.
    in_vpc = plan.spec.code is not None and plan.spec.vpc is None
    return LambdaApi(
        scope,
        plan.name,
        spec=plan.spec,
        plan=plan,
        tables=context.reached(plan.spec.edges(), "from"),
        function=context.brought.functions.get(plan.name),
        vpc=context.vpc if in_vpc else None,
        vpc_subnets=context.vpc_subnets if in_vpc else None,
        security_groups=context.security_groups if in_vpc else None,
        removal_policy=context.spec.removal_policy,
        directory=context.spec.directory,
    )

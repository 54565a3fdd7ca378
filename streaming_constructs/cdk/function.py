"""A function, with its role and log group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge, acknowledge_no_vpc
from streaming_constructs.cdk.function_code import FunctionCode
from streaming_constructs.cdk.iam_policy import Permissions, joined
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.vpc import Network
from streaming_constructs.facts import permissions
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.function import FunctionSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.vpc import VpcPlacement

POWERTOOLS_LAYER = "{{{{resolve:ssm:/aws/service/powertools/python/{architecture}/{runtime}/latest}}}}"
"""Source: https://docs.aws.amazon.com/powertools/python/latest/"""


def create_function(
    scope: Construct,
    spec: FunctionSpec,
    *,
    description: str,
    failures: str,
    code: Path,
    variables: Mapping[str, str],
    removal_policy: RemovalPolicy,
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
    placed: Network | None = None,
    bounded_by: str = "the shards of the stream, times the batches that are processed at once",
) -> tuple[lambda_.Function, logs.LogGroup]:
    """Creates the function and its log group; its role may do nothing yet.

    Args:
        scope: What it belongs to; its id names the function in errors.
        spec: What is asked for.
        description: What it does, in its own description.
        failures: Who invokes it and what becomes of failures: why it needs no dead-letter queue of its own.
        code: The folder with its code.
        variables: Environment variables beside those of the spec.
        removal_policy: retain keeps the log when it leaves the stack.
        vpc: A VPC to place it in.
        vpc_subnets: Which of its subnets.
        security_groups: Security groups in the VPC.
        placed: Where it stands, beside what it writes to. Left out: as the spec or `vpc` says.
        bounded_by: What bounds its concurrency where nothing is reserved. Left out: a stream.

    Raises:
        SpecError: If its requirements cannot be installed.
    """
    log_group = create_log_group(
        scope,
        "Logs",
        retention_days=spec.log_retention_days,
        removal_policy=removal_policy,
        reason="a key of yours is the owner's decision, for its cost and policy",
    )
    runtime = lambda_.Runtime(spec.runtime, _family(spec.runtime))
    architecture = lambda_.Architecture.ARM_64 if spec.architecture == "arm64" else lambda_.Architecture.X86_64
    # Node may run in another working directory.
    function_code = FunctionCode(scope, code.absolute(), runtime, architecture)
    try:
        function = lambda_.Function(
            scope,
            "Function",
            description=description,
            runtime=runtime,
            architecture=architecture,
            handler=spec.handler,
            code=function_code.asset,
            memory_size=spec.memory_mb,
            timeout=cdk.Duration.seconds(spec.timeout_seconds),
            environment={**spec.environment, **variables} or None,
            layers=_layers(scope, spec) or None,
            reserved_concurrent_executions=spec.reserved_concurrency,
            log_group=log_group,
            role=iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")),
            vpc=vpc,
            vpc_subnets=vpc_subnets,
            security_groups=list(security_groups) if security_groups else None,
        )
    except RuntimeError:
        if not function_code.problem:
            raise
        raise SpecError([_not_installed(function_code.problem).below(scope.node.id)]) from None
    if placed is not None:
        cast("lambda_.CfnFunction", function.node.default_child).add_property_override("VpcConfig", placed.properties)
    elif spec.vpc is not None:
        _place(scope, function, spec.vpc)
    _acknowledge(
        function,
        failures,
        in_vpc=vpc is not None or placed is not None or spec.vpc is not None,
        bounded_by="" if spec.reserved_concurrency is not None else bounded_by,
    )
    return function, log_group


def own_permissions(spec: FunctionSpec, log_group: logs.ILogGroup | None, *, in_vpc: bool) -> Permissions:
    """What a function's role needs for the function itself: its log, its network interfaces, and what the spec gives it.

    Args:
        spec: What is asked for.
        log_group: Its log group, where it is created here.
        in_vpc: Whether it is placed in a VPC, by the spec or beside it.
    """
    needed: list[Permissions] = [
        dict.fromkeys(statement.resources, statement.actions) for statement in spec.permissions
    ]
    if log_group is not None:
        needed.append({log_group.log_group_arn: permissions.LAMBDA_WRITES_LOGS})
    if in_vpc or spec.vpc is not None:
        needed.append({"*": permissions.LAMBDA_JOINS_VPC})
    return joined(*needed)


def acknowledge_own_wildcards(policy: iam.ManagedPolicy, spec: FunctionSpec, *, in_vpc: bool) -> None:
    """Acknowledges the wildcards of a function's own permissions.

    Args:
        policy: The policy that has them.
        spec: What is asked for.
        in_vpc: Whether the function is placed in a VPC, by the spec or beside it.
    """
    asked = [
        f"AwsSolutions-IAM5[{what}::{value}]"
        for statement in spec.permissions
        for what, values in (("Resource", statement.resources), ("Action", statement.actions))
        for value in values
        if "*" in value
    ]
    if asked:
        acknowledge(policy, "The spec gives the function these permissions, wildcards included", *asked)
    if in_vpc or spec.vpc is not None:
        acknowledge(
            policy,
            "The network interfaces of a function in a VPC do not exist before the function, so there is nothing to name",
            "AwsSolutions-IAM5[Resource::*]",
        )


_FAMILIES = {
    "python": lambda_.RuntimeFamily.PYTHON,
    "nodejs": lambda_.RuntimeFamily.NODEJS,
    "java": lambda_.RuntimeFamily.JAVA,
    "dotnet": lambda_.RuntimeFamily.DOTNET_CORE,
    "ruby": lambda_.RuntimeFamily.RUBY,
}


def _family(runtime: str) -> lambda_.RuntimeFamily:
    """The family of a runtime; what is provided has none that CDK treats in its own way."""
    return next((family for name, family in _FAMILIES.items() if runtime.startswith(name)), lambda_.RuntimeFamily.OTHER)


def _place(scope: Construct, function: lambda_.Function, vpc: VpcPlacement) -> None:
    """Places a function by ids; CDK's own way takes a VPC that it has looked up."""
    groups: list[str] = list(vpc.security_group_ids)
    if not groups:
        group = ec2.CfnSecurityGroup(
            scope, "SecurityGroup", vpc_id=vpc.vpc_id, group_description=f"The function {scope.node.id}"
        )
        groups = [group.attr_group_id]
    resource = cast("lambda_.CfnFunction", function.node.default_child)
    resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
        subnet_ids=list(vpc.subnet_ids), security_group_ids=groups
    )


def _layers(scope: Construct, spec: FunctionSpec) -> list[lambda_.ILayerVersion]:
    powertools = POWERTOOLS_LAYER.format(architecture=spec.architecture, runtime=spec.runtime)
    return [
        lambda_.LayerVersion.from_layer_version_arn(
            scope, f"Layer{position}", powertools if arn == "powertools" else arn
        )
        for position, arn in enumerate(spec.layers)
    ]


def _not_installed(problem: str) -> Finding:
    return Finding(
        "LAM517",
        "the function's requirements cannot be installed",
        ("code",),
        note=problem.splitlines()[-1],
        help="pin packages that have wheels for the function's runtime and architecture",
    )


def _acknowledge(function: lambda_.Function, failures: str, *, in_vpc: bool, bounded_by: str) -> None:
    acknowledge(
        function,
        "The runtime is the one that the spec names, and a supported one; a newer one is the owner's decision",
        "AwsSolutions-L1",
        "Serverless-LambdaLatestVersion",
    )
    acknowledge(
        function,
        failures,
        "Serverless-LambdaDLQ",
        "NIST.800.53.R5-LambdaDLQ",
        "HIPAA.Security-LambdaDLQ",
    )
    acknowledge(
        function,
        "Tracing is the owner's decision, for what it costs; batches are followed by metrics",
        "Serverless-LambdaTracing",
    )
    if bounded_by:
        acknowledge(
            function,
            f"Its concurrency is bounded by {bounded_by}",
            "NIST.800.53.R5-LambdaConcurrency",
            "HIPAA.Security-LambdaConcurrency",
        )
    if not in_vpc:
        acknowledge_no_vpc(
            function,
            "What invokes it is no part of a VPC, and it reaches nothing in one; `vpc=` places a consumer in one",
        )

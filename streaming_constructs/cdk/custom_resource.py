"""Custom resources of CloudFormation, and the functions of ours that answer for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge


def custom_resource(
    scope: Construct,
    construct_id: str,
    *,
    function: lambda_.Function,
    answer_seconds: int,
    properties: Mapping[str, Any],
) -> cdk.CfnCustomResource:
    """Creates an `AWS::CloudFormation::CustomResource`.

    Args:
        scope: Where it stands in the tree.
        construct_id: Its id there.
        function: What answers for it.
        answer_seconds: How long CloudFormation waits for the answer.
        properties: What the function is told; what is None is left out.
    """
    resource = cdk.CfnCustomResource(
        scope, construct_id, service_token=function.function_arn, service_timeout=answer_seconds
    )
    for name, value in properties.items():
        if value is not None:
            resource.add_property_override(name, value)
    return resource


def acknowledge_answering(function: lambda_.Function, runs_for: str) -> None:
    """Says why rules of cdk-nag do not apply to a function that answers for custom resources.

    Args:
        function: The function.
        runs_for: What it runs once for, such as `each delivery that a deployment changes`.
    """
    acknowledge(
        function,
        "CloudFormation waits for its answer, and says so in the events of the stack when it fails",
        "Serverless-LambdaDLQ",
        "NIST.800.53.R5-LambdaDLQ",
        "HIPAA.Security-LambdaDLQ",
    )
    acknowledge(
        function,
        "It runs a few times in a deployment, and its log says what it asked for and what it was answered",
        "Serverless-LambdaTracing",
    )
    acknowledge(
        function,
        "The runtime is the one that its code is tested with, and a supported one",
        "AwsSolutions-L1",
        "Serverless-LambdaLatestVersion",
    )
    acknowledge(
        function,
        f"It runs once for {runs_for}",
        "NIST.800.53.R5-LambdaConcurrency",
        "HIPAA.Security-LambdaConcurrency",
    )

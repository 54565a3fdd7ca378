"""Findings of cdk-nag that do not apply, acknowledged beside the resource that they are about."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import Construct


def acknowledge(construct: Construct, reason: str, *rules: str) -> None:
    """Says why rules of cdk-nag do not apply to a construct and what is below it.

    Args:
        construct: The construct that the finding is about.
        reason: Why it does not apply: a true sentence about this resource.
        rules: Rule ids, such as `AwsSolutions-S1`.
    """
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule in rules))


def acknowledge_no_vpc(function: Construct, reason: str) -> None:
    """Says why a function stands in no VPC.

    Args:
        function: The function.
        reason: Why.
    """
    acknowledge(
        function,
        reason,
        "NIST.800.53.R5-LambdaInsideVPC",
        "HIPAA.Security-LambdaInsideVPC",
        "PCI.DSS.321-LambdaInsideVPC",
    )

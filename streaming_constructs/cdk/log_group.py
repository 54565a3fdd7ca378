"""A log group that is kept as long as it is said."""

from __future__ import annotations

from typing import cast

from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.spec.removal_policy import RemovalPolicy


def create_log_group(
    scope: Construct, construct_id: str, *, retention_days: int, removal_policy: RemovalPolicy, reason: str
) -> logs.LogGroup:
    """Creates a log group.

    Args:
        scope: What it belongs to.
        construct_id: Its id there.
        retention_days: Days that its events are kept, one of those that CloudWatch Logs knows.
        removal_policy: retain keeps it when it leaves the stack, destroy destroys it.
        reason: Why the keys of CloudWatch Logs are enough for it.
    """
    log_group = logs.LogGroup(scope, construct_id, removal_policy=cdk_removal_policy(removal_policy))
    # The L2 takes an enum of the same numbers.
    cast("logs.CfnLogGroup", log_group.node.default_child).retention_in_days = retention_days
    acknowledge(
        log_group,
        f"CloudWatch Logs encrypts it with its own keys; {reason}",
        "NIST.800.53.R5-CloudWatchLogGroupEncrypted",
        "HIPAA.Security-CloudWatchLogGroupEncrypted",
        "PCI.DSS.321-CloudWatchLogGroupEncrypted",
    )
    return log_group

"""Private connections to a cluster, from other accounts and from Firehose: its one policy, once connectivity is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, CfnResource
from aws_cdk import aws_msk as msk
from constructs import Construct

from streaming_constructs.cdk.clusters.cluster_arn import ClusterArn
from streaming_constructs.facts import permissions


class PrivateAccess(Construct):
    """The policy of a cluster, which lets others connect privately.

    Creates an `AWS::MSK::ClusterPolicy`. A cluster has one, so all whom it lets in stand in this one document: each by the
    actions that a connection takes, and accounts by those that read and write as well; whoever is in such an account still
    needs them by a policy of his own.

    Attributes:
        policy: The policy.
    """

    policy: msk.CfnClusterPolicy

    def __init__(self, scope: Construct, construct_id: str, *, cluster_arn: str, after: CfnResource | None) -> None:
        """Creates the policy, which lets in nobody yet.

        Args:
            scope: The cluster.
            construct_id: Its id there.
            cluster_arn: The ARN of the cluster.
            after: What switches private connectivity on, before which MSK takes no policy; None where it is always on.
        """
        super().__init__(scope, construct_id)
        self._cluster = ClusterArn(cluster_arn)
        self._statements: dict[str, list[dict[str, Any]]] = {}
        self.policy = msk.CfnClusterPolicy(self, "Policy", cluster_arn=cluster_arn, policy={})
        if after is not None:
            self.policy.node.add_dependency(after)

    def let_in_accounts(self, account_ids: Sequence[str]) -> None:
        """Lets other accounts connect, read and write.

        Args:
            account_ids: The accounts.
        """
        arn, topics, groups = self._cluster.arn, self._cluster.topic("*"), self._cluster.group("*")
        produce, consume = permissions.KAFKA_PRODUCE, permissions.KAFKA_CONSUME
        allowed = {
            arn: (*permissions.ACCOUNT_CONNECTS_TO_KAFKA, *produce["cluster"], *consume["cluster"]),
            topics: (*produce["topic"], *consume["topic"]),
            groups: consume["group"],
        }
        self._let_in(
            "accounts",
            [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": sorted(account_ids)},
                    "Action": sorted(set(actions)),
                    "Resource": resource,
                }
                for resource, actions in allowed.items()
            ],
        )

    def let_in_firehose(self) -> None:
        """Lets Firehose connect, on behalf of this account."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "firehose.amazonaws.com"},
            "Action": list(permissions.FIREHOSE_CONNECTS_TO_KAFKA),
            "Resource": self._cluster.arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        }
        self._let_in("firehose", [statement])

    def _let_in(self, who: str, statements: list[dict[str, Any]]) -> None:
        self._statements[who] = statements
        # In the order of who it is, not of who asked first.
        listed = [one for key in sorted(self._statements) for one in self._statements[key]]
        self.policy.policy = {"Version": "2012-10-17", "Statement": listed}

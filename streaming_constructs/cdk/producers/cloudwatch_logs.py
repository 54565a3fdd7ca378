"""Subscriptions of CloudWatch Logs, in this account and from others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Aws, Names, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.edges import edge_permissions
from streaming_constructs.cdk.iam_policy import managed_policy
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.producers.target import producer_target
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.facts import logs as facts
from streaming_constructs.facts import permissions
from streaming_constructs.planning.producers.cloudwatch_logs import (
    DISTRIBUTION,
    CloudWatchLogsProducerPlan,
    adopted_log_groups,
    ignored_distribution,
    loop_finding,
    policy_document,
    selection_criteria,
)
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.producers.cloudwatch_logs import (
    AcceptFrom,
    CloudWatchLogsProducerSpec,
)

if TYPE_CHECKING:
    # Firehose is loaded where a system has it.
    from streaming_constructs.cdk.deliveries.firehose import Delivery


class CloudWatchLogsProducer(Construct):
    """Log events of CloudWatch Logs, sent to a stream or a delivery as they are written: gzipped, in batches.

    Creates an `AWS::IAM::Role` that only CloudWatch Logs in this region may take, for the accounts that send, with an
    `AWS::IAM::ManagedPolicy` of exactly what it needs, both before what needs them; and, as the spec asks, an
    `AWS::Logs::SubscriptionFilter` for each log group, an `AWS::Logs::AccountPolicy` for all of them, or an
    `AWS::Logs::Destination` for other accounts. Nothing in it is stateful.

    Log groups that the system itself writes to are never subscribed: each event would make more of them, without end. An
    account policy leaves them out by name.
    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html

    Other accounts subscribe to the destination themselves, each in the same region, with `destination.attr_arn`:

    ```sh
    aws logs put-subscription-filter --log-group-name GROUP --filter-name NAME --filter-pattern "" --destination-arn ARN
    ```

    Where the destination lets them in by their organization, not by their number, they need a role in their own account too
    (`--role-arn`), which CloudWatch Logs takes to find out who sends.
    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-IAMrole.html

    Example:
        ```python
        CloudWatchLogsProducer(
            stack,
            "Services",
            spec=CloudWatchLogsProducerSpec(to="service_logs", account_policy=AccountPolicy()),
            target=service_logs,
            own_log_groups=[unpack.log_group],
        )
        ```

    Attributes:
        role: The role that CloudWatch Logs writes under.
        permissions: What the role may.
        subscription_filters: The subscriptions of log groups that are named or brought, in their order.
        account_policy: The subscription of all log groups, if the spec asks for it.
        destination: What other accounts subscribe to, if the spec lets them in.
        plan: What was asked for.
        dimensions: None: it has no metrics of its own that an alarm could name.
    """

    role: iam.Role
    permissions: iam.ManagedPolicy
    subscription_filters: Sequence[logs.CfnSubscriptionFilter]
    account_policy: logs.CfnAccountPolicy | None
    destination: logs.CfnDestination | None
    plan: CloudWatchLogsProducerPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: CloudWatchLogsProducerSpec,
        target: KinesisStream | Delivery | kinesis.IStream,
        log_groups: Sequence[logs.ILogGroup] = (),
        own_log_groups: Sequence[logs.ILogGroup | str] = (),
    ) -> None:
        """Creates the subscriptions.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            target: The stream or the delivery that it writes to.
            log_groups: Log groups to subscribe, beside those that the spec names.
            own_log_groups: Log groups that are written to by what reads the target, or their names.

        Raises:
            SpecError: If it would feed itself, or cannot be built.
        """
        super().__init__(scope, construct_id)
        self.plan = CloudWatchLogsProducerPlan(construct_id, spec)
        self.dimensions = {}
        self._target = producer_target(construct_id, target)
        own = [log_group if isinstance(log_group, str) else log_group.log_group_name for log_group in own_log_groups]
        self._check(spec, log_groups, own)
        self._distribution = DISTRIBUTION[spec.distribution] if self._target.kind == "stream" else None
        self.role = iam.Role(self, "Role", assumed_by=self._trust(spec.accept_from))
        self.permissions = self._permit()
        self.subscription_filters = [
            self._subscribe(spec, name, identifier)
            for name, identifier in (
                *((name, _identifier(name)) for name in spec.log_groups),
                *((log_group.log_group_name, f"Given{position}") for position, log_group in enumerate(log_groups)),
            )
        ]
        self.account_policy = None
        if spec.account_policy is not None:
            self.account_policy = self._subscribe_all(spec, [*spec.account_policy.exclude_log_groups, *own])
        self.destination = self._accept(spec.accept_from) if spec.accept_from is not None else None
        # CloudWatch Logs sends a test message at once, so the role and its policy have to be there.
        parts = (*self.subscription_filters, self.account_policy, self.destination)
        for part in parts:
            if part is not None:
                part.node.add_dependency(self.permissions)

    def outputs(self) -> Iterator[Output]:
        """What other accounts subscribe to."""
        if self.destination is not None:
            yield Output("DestinationArn", self.destination.attr_arn, "What other accounts send their logs to")

    def _check(
        self, spec: CloudWatchLogsProducerSpec, log_groups: Sequence[logs.ILogGroup], own: Sequence[str]
    ) -> None:
        stack = Stack.of(self)
        mine = [stack.resolve(name) for name in own]
        findings = [loop_finding(f"`{name}`") for name in spec.log_groups if name in mine]
        findings += [
            loop_finding(log_group.node.path)
            for log_group in log_groups
            if stack.resolve(log_group.log_group_name) in mine
        ]
        if not log_groups:
            findings += spec.system_findings()
        if self._target.kind == "delivery":
            findings += ignored_distribution(spec)
        if log_groups and spec.account_policy is not None:
            findings.append(
                Finding(
                    "LOG901",
                    "the account policy has the log groups that are brought already",
                    ("account_policy",),
                    note="`log_groups=` was given; each event would be sent twice",
                    help="take one of them out",
                )
            )
        if findings:
            raise SpecError([finding.below(self.node.id) for finding in findings])

    def _trust(self, accept_from: AcceptFrom | None) -> iam.ServicePrincipal:
        """CloudWatch Logs, while it acts for an account that may send.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-confused-deputy.html
        """
        accounts = [Aws.ACCOUNT_ID, *(accept_from.account_ids if accept_from else ())]
        if accept_from is not None and accept_from.organization_ids:
            # Which accounts an organization has is not known here; the destination's policy asks for the organization.
            accounts = ["*"]
        sources = [self._arn(account, "*") for account in accounts]
        return iam.ServicePrincipal(
            "logs.amazonaws.com",
            conditions={"StringLike": {"aws:SourceArn": sources[0] if len(sources) == 1 else sources}},
        )

    def _arn(self, account: str, resource: str) -> str:
        return f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{account}:{resource}"

    def _permit(self) -> iam.ManagedPolicy:
        return managed_policy(
            self,
            "Lets CloudWatch Logs write the log events that are subscribed",
            [self.role],
            edge_permissions(self.plan.spec.edges(), "logs", {self.plan.spec.to: self._target.endpoint}),
        )

    def _subscribe(
        self, spec: CloudWatchLogsProducerSpec, log_group_name: str, identifier: str
    ) -> logs.CfnSubscriptionFilter:
        return logs.CfnSubscriptionFilter(
            self,
            identifier,
            log_group_name=log_group_name,
            destination_arn=self._target.arn,
            role_arn=self.role.role_arn,
            filter_pattern=spec.filter_pattern,
            distribution=self._distribution,
        )

    def _subscribe_all(self, spec: CloudWatchLogsProducerSpec, excluded: Sequence[str]) -> logs.CfnAccountPolicy:
        document = policy_document(
            destination_arn=self._target.arn,
            role_arn=self.role.role_arn,
            filter_pattern=spec.filter_pattern,
            distribution=self._distribution,
        )
        return logs.CfnAccountPolicy(
            self,
            "AccountPolicy",
            policy_name=self._name(facts.POLICY_NAME_CHARACTERS.maximum),
            policy_type="SUBSCRIPTION_FILTER_POLICY",
            scope="ALL",
            policy_document=Stack.of(self).to_json_string(document),
            selection_criteria=selection_criteria(excluded),
        )

    def _accept(self, accept_from: AcceptFrom) -> logs.CfnDestination:
        name = self._name(facts.DESTINATION_NAME_CHARACTERS.maximum)
        return logs.CfnDestination(
            self,
            "Destination",
            destination_name=name,
            role_arn=self.role.role_arn,
            target_arn=self._target.arn,
            destination_policy=Stack.of(self).to_json_string(
                _destination_policy(accept_from, self._arn(Aws.ACCOUNT_ID, f"destination:{name}"))
            ),
        )

    def _name(self, length: int) -> str:
        """A name that is stable, and unique in the account and region."""
        return Names.unique_resource_name(self, max_length=length, allowed_special_characters="_-", separator="-")


def build_node(scope: Construct, plan: CloudWatchLogsProducerPlan, context: Context) -> CloudWatchLogsProducer:
    """The subscription of a system; it stands last, because it has to know all log groups of the others.

    Args:
        scope: The construct of the system.
        plan: The subscription.
        context: The system around it.
    """
    own = [cast("logs.ILogGroup", found) for found in scope.node.find_all() if isinstance(found, logs.LogGroup)]
    (target,) = context.reached(plan.spec.edges(), "to").values()
    return CloudWatchLogsProducer(
        scope,
        plan.name,
        spec=plan.spec,
        target=target,
        own_log_groups=[*own, *adopted_log_groups(context.spec)],
    )


def _destination_policy(accept_from: AcceptFrom, arn: str) -> Mapping[str, Any]:
    """Who may subscribe to a destination.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination.html
    """
    statements: list[dict[str, Any]] = []
    allowed = {"Effect": "Allow", "Action": list(permissions.SUBSCRIBE_TO_DESTINATION), "Resource": arn}
    if accept_from.account_ids:
        statements.append({**allowed, "Principal": {"AWS": list(accept_from.account_ids)}})
    if accept_from.organization_ids:
        condition = {"StringEquals": {"aws:PrincipalOrgID": list(accept_from.organization_ids)}}
        statements.append({**allowed, "Principal": "*", "Condition": condition})
    return {"Version": "2012-10-17", "Statement": statements}


def _identifier(log_group_name: str) -> str:
    """The construct id of a log group's subscription: readable, and another for each name."""
    words = "".join(word.capitalize() for word in re.findall("[A-Za-z0-9]+", log_group_name))
    # Names such as /a-b and /a/b have the same words.
    return f"{words[:80]}{hashlib.sha256(log_group_name.encode()).hexdigest()[:8]}"

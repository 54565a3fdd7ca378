"""The alarms of a system, and whom they tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.alarm_topic import create_alarm_key, let_alarms_publish
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Node
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.pipeline import alarm_findings, chosen_alarms
from streaming_constructs.spec.alarms import AlarmsSpec
from streaming_constructs.spec.finding import Finding, SpecError, did_you_mean
from streaming_constructs.spec.notify import NotifyEmail, NotifyNode, NotifyTopic
from streaming_constructs.spec.removal_policy import RemovalPolicy


class PipelineAlarms(Construct):
    """The alarms that nodes need, with thresholds computed from their own numbers.

    Creates an `AWS::CloudWatch::Alarm` for each alarm that the plan of a node names and the spec does not silence, and, when an
    e-mail address is to be told, an `AWS::SNS::Topic` with a key of its own (**stateful**: it holds the subscriptions).

    Example:
        ```python
        PipelineAlarms(stack, "Alarms", nodes=[clicks, fraud], notify=[on_call_topic])
        ```

    Attributes:
        alarms: The alarms, by name such as `Clicks.iterator_age`; an alarm of one part of a node has the part behind it.
        plans: The same alarms as planned, with the working of each threshold.
        topic: The topic of the e-mail addresses, if there are any.
    """

    alarms: Mapping[str, cloudwatch.Alarm]
    plans: tuple[AlarmPlan, ...]
    topic: sns.Topic | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        nodes: Sequence[Node],
        spec: AlarmsSpec | None = None,
        notify: Sequence[sns.ITopic] = (),
        sns_topics: Mapping[str, sns.ITopic] | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the alarms.

        Args:
            scope: Where they stand in the tree.
            construct_id: Their id there.
            nodes: What to watch: streams, consumers, deliveries, domains.
            spec: Whom to tell, and which alarms differ from what is computed. Left out: all as computed.
            notify: Topics of your own to tell, beside those of the spec. CloudWatch has to be allowed to publish to them.
            sns_topics: The topics that the spec's `notify` names. Left out: it names none.
            removal_policy: retain keeps the topic and its key when they leave the stack, destroy destroys them.

        Raises:
            SpecError: If the spec overrides or silences an alarm that is not there, or names a topic that was not brought.
        """
        super().__init__(scope, construct_id)
        spec = spec or AlarmsSpec()
        self._named, self._imported = sns_topics or {}, dict[str, sns.ITopic]()
        computed = [alarm for node in nodes for alarm in node.plan.alarms()] if spec.enabled else []
        errors = [finding for finding in alarm_findings(spec, computed, removal_policy) if finding.level == "error"]
        errors += _topic_findings(spec, sns_topics or {})
        if errors:
            raise SpecError(errors)
        self.plans = tuple(chosen_alarms(spec, computed))
        told = [spec.notify, *(alarm.notify for alarm in self.plans)] if spec.enabled else []
        emails = list(
            dict.fromkeys(target.email for targets in told for target in targets if isinstance(target, NotifyEmail))
        )
        self.topic = self._create_topic(emails, removal_policy) if emails else None
        by_default = [*self._topics(spec.notify), *notify] if spec.enabled else []
        dimensions = {node.plan.name: node.dimensions for node in nodes}
        self.alarms = {
            plan.key: self._alarm(plan, dimensions[plan.node], self._topics(plan.notify) if plan.notify else by_default)
            for plan in self.plans
        }

    def _topics(self, targets: Sequence[NotifyEmail | NotifyTopic | NotifyNode]) -> list[sns.ITopic]:
        """The topics of whom to tell; all e-mail addresses share one."""
        topics: list[sns.ITopic] = []
        if self.topic is not None and any(isinstance(target, NotifyEmail) for target in targets):
            topics.append(self.topic)
        for target in targets:
            if isinstance(target, NotifyTopic):
                if target.topic_arn not in self._imported:
                    identifier = f"Topic{len(self._imported)}"
                    self._imported[target.topic_arn] = sns.Topic.from_topic_arn(self, identifier, target.topic_arn)
                topics.append(self._imported[target.topic_arn])
            elif isinstance(target, NotifyNode):
                topics.append(self._named[target.sns_topic])
        return topics

    def _alarm(self, plan: AlarmPlan, dimensions: Mapping[str, str], topics: Sequence[sns.ITopic]) -> cloudwatch.Alarm:
        instance = f"-{plan.instance}" if plan.instance else ""
        alarm = cloudwatch.Alarm(
            self,
            f"{plan.node}-{plan.kind.title().replace('_', '')}{instance}",
            alarm_description=plan.description,
            metric=_watched(plan, {**dimensions, **plan.dimensions}),
            threshold=plan.threshold,
            comparison_operator=_COMPARISONS[plan.below, plan.inclusive],
            evaluation_periods=plan.periods,
            datapoints_to_alarm=plan.datapoints or plan.periods,
            treat_missing_data=_MISSING_DATA[plan.missing],
        )
        if topics:
            alarm.add_alarm_action(*(actions.SnsAction(topic) for topic in topics))
        return alarm

    def _create_topic(self, emails: Sequence[str], removal_policy: RemovalPolicy) -> sns.Topic:
        key = create_alarm_key(self, "TopicKey", removal_policy)
        topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        topic.apply_removal_policy(cdk_removal_policy(removal_policy))
        let_alarms_publish(topic)
        for email in emails:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        acknowledge(
            topic,
            "SNS retries e-mail by itself, and what it said is still to be seen: the alarm keeps its state and history",
            "Serverless-SNSRedrivePolicy",
        )
        return topic


_COMPARISONS = {
    (False, False): cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    (False, True): cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    (True, False): cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    (True, True): cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
}
"""By whether it alarms below the threshold, and at the threshold itself."""
_MISSING_DATA = {
    "not_breaching": cloudwatch.TreatMissingData.NOT_BREACHING,
    "breaching": cloudwatch.TreatMissingData.BREACHING,
    "ignore": cloudwatch.TreatMissingData.IGNORE,
    "missing": cloudwatch.TreatMissingData.MISSING,
}


def _topic_findings(spec: AlarmsSpec, brought: Mapping[str, sns.ITopic]) -> Iterator[Finding]:
    """Topics that the spec names and that are not there."""
    for path, name in spec.topics():
        if name not in brought:
            yield Finding(
                "GRF301",
                f"there is no topic `{name}`",
                ("alarms", *path),
                help=did_you_mean(name, brought) or f'give `sns_topics={{"{name}": …}}`',
            )


def _watched(plan: AlarmPlan, dimensions: Mapping[str, str]) -> cloudwatch.IMetric:
    """The metric of an alarm, or the result of its expression."""
    metric = cloudwatch_metric(plan.metric, dimensions, plan.statistic, plan.period_seconds)
    if not plan.expression:
        return metric
    others = {
        name: cloudwatch_metric(other, dimensions, "", plan.period_seconds) for name, other in plan.metrics.items()
    }
    return cloudwatch.MathExpression(
        expression=plan.expression,
        using_metrics={"m": metric, **others},
        period=cdk.Duration.seconds(plan.period_seconds),
    )

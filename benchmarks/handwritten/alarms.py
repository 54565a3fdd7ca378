"""Alarms, and the encrypted topic through which they tell people."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

MINUTE = Duration.minutes(1)
HOUR_MS = 3_600_000


class Alarms(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, email: str) -> None:
        super().__init__(scope, construct_id)
        cloudwatch_service = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        own_account = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        key = kms.Key(
            self,
            "TopicKey",
            description="Encrypts alarm notifications",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToEncrypt",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                principals=[cloudwatch_service],
                resources=["*"],
                conditions=own_account,
            )
        )
        topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        topic.apply_removal_policy(RemovalPolicy.RETAIN)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToPublish",
                actions=["sns:Publish"],
                principals=[cloudwatch_service],
                resources=[topic.topic_arn],
                conditions=own_account,
            )
        )
        topic.add_subscription(subscriptions.EmailSubscription(email))
        self.action = actions.SnsAction(topic)

    def above(
        self, construct_id: str, metric: cloudwatch.IMetric, threshold: float, minutes: int, description: str
    ) -> None:
        """Tells people when a metric is above a threshold for so many minutes."""
        self._add(
            construct_id,
            metric,
            threshold,
            minutes,
            description,
            cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        )

    def at_least(
        self, construct_id: str, metric: cloudwatch.IMetric, threshold: float, periods: int, description: str
    ) -> None:
        """Tells people when a metric has reached a threshold in so many periods."""
        operator = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        self._add(construct_id, metric, threshold, periods, description, operator)

    def at_most(
        self, construct_id: str, metric: cloudwatch.IMetric, threshold: float, periods: int, description: str
    ) -> None:
        """Tells people when a metric has fallen to a threshold in so many periods."""
        operator = cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
        self._add(construct_id, metric, threshold, periods, description, operator)

    def below(
        self, construct_id: str, metric: cloudwatch.IMetric, threshold: float, minutes: int, description: str
    ) -> None:
        """Tells people when a metric is below a threshold for so many minutes."""
        self._add(
            construct_id, metric, threshold, minutes, description, cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        )

    def missing(
        self, construct_id: str, metric: cloudwatch.IMetric, threshold: float, minutes: int, description: str
    ) -> None:
        """Tells people when a metric is below a threshold for so many minutes, or nobody tells it."""
        operator = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        breaching = cloudwatch.TreatMissingData.BREACHING
        self._add(construct_id, metric, threshold, minutes, description, operator, breaching)

    def _add(
        self,
        construct_id: str,
        metric: cloudwatch.Metric,
        threshold: float,
        minutes: int,
        description: str,
        operator: cloudwatch.ComparisonOperator,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = metric.create_alarm(
            self,
            construct_id,
            alarm_description=description,
            threshold=threshold,
            comparison_operator=operator,
            evaluation_periods=minutes,
            datapoints_to_alarm=minutes,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self.action)

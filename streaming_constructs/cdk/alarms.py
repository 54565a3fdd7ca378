"""The alarms of a system, and whom they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.consumers.lambda_function import LambdaConsumer
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.facts import permissions
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.consumers.lambda_function_alarms import consumer_alarms
from streaming_constructs.planning.deliveries.firehose_alarms import delivery_alarms
from streaming_constructs.planning.plan import alarm_findings, chosen_alarms
from streaming_constructs.planning.stores.opensearch_alarms import domain_alarms
from streaming_constructs.planning.streams.kinesis_alarms import stream_alarms
from streaming_constructs.spec.alarms import AlarmsSpec, NotifyEmail
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    # Firehose and OpenSearch are loaded where a system has them.
    from streaming_constructs.cdk.deliveries.firehose import Delivery
    from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain

    Watched = KinesisStream | LambdaConsumer | Delivery | OpenSearchDomain
    """What has alarms, and dimensions to find its metrics by."""


class PipelineAlarms(Construct):
    """The alarms that streams, consumers, deliveries and domains need, with thresholds computed from their own numbers.

    Creates an `AWS::CloudWatch::Alarm` for each alarm that planning names and the spec does not silence, and, when an
    e-mail address is to be told, an `AWS::SNS::Topic` with a key of its own (**stateful**: it holds the subscriptions).

    Example:
        ```python
        PipelineAlarms(stack, "Alarms", streams=[clicks], consumers=[fraud], notify=[on_call_topic])
        ```

    Attributes:
        alarms: The alarms, by name such as `Clicks.iterator_age`.
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
        streams: Sequence[KinesisStream] = (),
        consumers: Sequence[LambdaConsumer] = (),
        deliveries: Sequence[Delivery] = (),
        domains: Sequence[OpenSearchDomain] = (),
        spec: AlarmsSpec | None = None,
        notify: Sequence[sns.ITopic] = (),
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the alarms.

        Args:
            scope: Where they stand in the tree.
            construct_id: Their id there.
            streams: Streams to watch.
            consumers: Consumers to watch.
            deliveries: Deliveries to watch.
            domains: OpenSearch domains to watch.
            spec: Whom to tell, and which alarms differ from what is computed. Left out: all as computed.
            notify: Topics of your own to tell, beside those of the spec. CloudWatch has to be allowed to publish to them.
            removal_policy: retain keeps the topic's key when it leaves the stack, destroy destroys it.

        Raises:
            SpecError: If the spec overrides or silences an alarm that is not there.
        """
        super().__init__(scope, construct_id)
        spec = spec or AlarmsSpec()
        computed = [alarm for stream in streams for alarm in stream_alarms(stream.plan)]
        computed += [alarm for consumer in consumers for alarm in consumer_alarms(consumer.plan)]
        computed += [
            alarm for one in deliveries for alarm in delivery_alarms(one.plan, own_key=one.encryption_key is not None)
        ]
        computed += [alarm for domain in domains for alarm in domain_alarms(domain.plan)]
        errors = [finding for finding in alarm_findings(spec, computed, removal_policy) if finding.level == "error"]
        if errors:
            raise SpecError(errors)
        self.plans = tuple(chosen_alarms(spec, computed))

        emails = [target.email for target in spec.notify if isinstance(target, NotifyEmail)]
        self.topic = self._create_topic(emails, removal_policy) if emails else None
        arns = [target.topic_arn for target in spec.notify if not isinstance(target, NotifyEmail)]
        topics = [
            *([self.topic] if self.topic else []),
            *(sns.Topic.from_topic_arn(self, f"Topic{position}", arn) for position, arn in enumerate(arns)),
            *notify,
        ]
        told = [actions.SnsAction(topic) for topic in topics]
        nodes: tuple[Watched, ...] = (*streams, *consumers, *deliveries, *domains)
        dimensions = {node.plan.name: node.dimensions for node in nodes}
        self.alarms = {plan.name: self._alarm(plan, dimensions[plan.node], told) for plan in self.plans}

    def _alarm(
        self, plan: AlarmPlan, dimensions: Mapping[str, str], told: Sequence[cloudwatch.IAlarmAction]
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            f"{plan.node}-{plan.kind.title().replace('_', '')}",
            alarm_description=plan.description,
            metric=cloudwatch_metric(plan.metric, dimensions),
            threshold=plan.threshold,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
            if plan.below
            else cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=plan.minutes,
            datapoints_to_alarm=plan.minutes,
            # An idle stream publishes nothing, and has nothing to alarm about.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if told:
            alarm.add_alarm_action(*told)
        return alarm

    def _create_topic(self, emails: Sequence[str], removal_policy: RemovalPolicy) -> sns.Topic:
        # The key that AWS manages for SNS does not let CloudWatch publish, so the topic has one of its own.
        cloudwatch_service = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        own_account = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        key = kms.Key(
            self,
            "TopicKey",
            description="Encrypts alarm notifications",
            enable_key_rotation=True,
            removal_policy=cdk_removal_policy(removal_policy),
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToEncrypt",
                actions=list(permissions.ENCRYPT_WITH_KEY),
                principals=[cloudwatch_service],
                resources=["*"],
                conditions=own_account,
            )
        )
        topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        # A topic policy takes the place of the default one, which lets the account's own services publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AllowAlarmsToPublish",
                actions=list(permissions.PUBLISH_TO_SNS),
                principals=[cloudwatch_service],
                resources=[topic.topic_arn],
                conditions=own_account,
            )
        )
        for email in emails:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        acknowledge(
            topic,
            "SNS retries e-mail by itself, and what it said is still to be seen: the alarm keeps its state and history",
            "Serverless-SNSRedrivePolicy",
        )
        return topic

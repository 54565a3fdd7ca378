"""A topic that consumers tell people something by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.adopt import key_of_topic
from streaming_constructs.cdk.alarm_topic import create_alarm_key, let_alarms_publish
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.iam_policy import Permissions, granted
from streaming_constructs.cdk.kms_key import key_permissions
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import permissions
from streaming_constructs.planning.sns_topics.sns import SnsTopicPlan
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.sns_topics.sns import SnsTopicSpec
from streaming_constructs.spec.target_variables import ENDINGS


class NotificationTopic(Construct):
    """An Amazon SNS topic that functions publish to, created with its subscribers or adopted.

    Creates an `AWS::SNS::Topic` that is encrypted and takes TLS alone (**stateful**: it holds the subscriptions; retained
    unless told otherwise), with an `AWS::SNS::TopicPolicy`, an `AWS::SNS::Subscription` for each address, which has to confirm
    it, and an `AWS::KMS::Key` where alarms publish to it. An adopted topic (`topic=`, or `topic_arn` in the spec) is never
    changed.

    Example:
        ```python
        told = NotificationTopic(
            stack, "Told", spec=SnsTopicSpec(subscribers=(NotifyEmail(email="oncall@example.com"),))
        )
        told.grant_publish(function)
        ```

    Attributes:
        topic: The topic, created or adopted.
        encryption_key: The customer managed key that it is encrypted with, if there is one.
        plan: What was asked for.
        dimensions: The dimensions that its metrics are published under.
    """

    topic: sns.ITopic
    encryption_key: kms.IKey | None
    plan: SnsTopicPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: SnsTopicSpec,
        topic: sns.ITopic | None = None,
        encryption_key: kms.IKey | None = None,
        notified_by_alarms: bool = False,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates or adopts the topic.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            topic: An existing topic to adopt. Left out: it is created, or looked up by the spec's `topic_arn`.
            encryption_key: The key to encrypt a created topic with, or the one of the topic that is brought. Left out: the
                key that AWS manages for SNS; for a topic that is brought, the key that it tells itself.
            notified_by_alarms: Whether CloudWatch alarms publish to a created topic: it then has a key of its own, which they
                may use. A key that is brought has to let them by its own policy, as a topic that is brought does.
            removal_policy: retain keeps the topic when it leaves the stack, destroy destroys it.

        Raises:
            SpecError: If the spec asks to create what was brought.
        """
        super().__init__(scope, construct_id)
        self.plan = SnsTopicPlan(construct_id, spec)
        _check(construct_id, spec, topic_given=topic is not None, key_given=encryption_key is not None)
        if topic is not None:
            # A topic that is only known by its ARN does not tell its key.
            self.topic, self.encryption_key = topic, encryption_key or key_of_topic(topic)
        elif spec.topic_arn is not None:
            key = kms.Key.from_key_arn(self, "Key", spec.kms_key_arn) if spec.kms_key_arn else None
            self.topic, self.encryption_key = (
                sns.Topic.from_topic_arn(self, "Topic", spec.topic_arn),
                encryption_key or key,
            )
        else:
            self.encryption_key = encryption_key or self._key(removal_policy, notified_by_alarms=notified_by_alarms)
            topic = self._create(spec, self.encryption_key, removal_policy)
            if notified_by_alarms:
                let_alarms_publish(topic)
            if notified_by_alarms and encryption_key is not None:
                Annotations.of(self).add_warning_v2(
                    "streaming-constructs:alarm-key",
                    "Alarms publish to this topic, and its key was brought: its policy has to allow cloudwatch.amazonaws.com "
                    f"{' and '.join(permissions.ENCRYPT_WITH_KEY)}, or they tell nobody.",
                )
            self.topic = topic
        self.dimensions = {"TopicName": self.topic.topic_name}

    def _key(self, removal_policy: RemovalPolicy, *, notified_by_alarms: bool) -> kms.Key | None:
        return create_alarm_key(self, "Key", removal_policy) if notified_by_alarms else None

    def _create(self, spec: SnsTopicSpec, key: kms.IKey | None, removal_policy: RemovalPolicy) -> sns.Topic:
        # The key that AWS manages for SNS needs no statement: its policy lets the account's own roles use it through SNS.
        topic = sns.Topic(
            self,
            "Topic",
            master_key=key or kms.Alias.from_alias_name(self, "TopicKey", "alias/aws/sns"),
            enforce_ssl=True,
        )
        topic.apply_removal_policy(cdk_removal_policy(removal_policy))
        for subscriber in spec.subscribers:
            topic.add_subscription(subscriptions.EmailSubscription(subscriber.email))
        if spec.subscribers:
            acknowledge(
                topic,
                "SNS retries e-mail by itself, and what it said is kept where the function found it",
                "Serverless-SNSRedrivePolicy",
            )
        return topic

    @property
    def endpoint(self) -> Endpoint:
        """How a function that publishes to it finds it, and what publishing takes."""
        return Endpoint("sns", self.topic.topic_arn, self.encryption_key, ENDINGS["sns_topics"], self.topic.topic_arn)

    def outputs(self) -> Iterator[Output]:
        """The ARN of the topic."""
        yield Output("TopicArn", self.topic.topic_arn, f"The SNS topic {self.node.id}")

    @property
    def _needed(self) -> Permissions:
        on_key = key_permissions(self.encryption_key, permissions.ENCRYPT_WITH_KEY)
        return {self.topic.topic_arn: permissions.PUBLISH_TO_SNS, **on_key}

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something publish, and encrypt with the topic's key.

        Args:
            grantee: Who may.
        """
        return granted(grantee, self._needed)


def build_node(scope: Construct, plan: SnsTopicPlan, context: Context) -> NotificationTopic:
    """The topic of a system.

    Args:
        scope: The construct of the system.
        plan: The topic.
        context: The system around it.
    """
    return NotificationTopic(
        scope,
        plan.name,
        spec=plan.spec,
        topic=context.brought.sns_topics.get(plan.name),
        encryption_key=context.brought.keys.get(plan.name),
        notified_by_alarms=any(name == plan.name for _, name in context.spec.alarms.topics()),
        removal_policy=context.spec.removal_policy,
    )


def _check(name: str, spec: SnsTopicSpec, *, topic_given: bool, key_given: bool) -> None:
    findings: list[Finding] = []
    if topic_given:
        created_only = ("topic_arn", "kms_key_arn", "subscribers")
        findings += [brought_finding(field, "topic") for field in created_only if field in spec.model_fields_set]
    elif key_given and spec.kms_key_arn is not None:
        findings.append(brought_finding("kms_key_arn", "encryption_key"))
    if findings:
        raise SpecError([finding.below(name) for finding in findings])

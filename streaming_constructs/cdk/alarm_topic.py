"""What CloudWatch alarms need to publish to an SNS topic: a KMS key that they may use, and a topic policy that lets them in.

The key that AWS manages for SNS, `alias/aws/sns`, lets no other service use it: alarms would change colour and tell nobody.
Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import permissions
from streaming_constructs.spec.removal_policy import RemovalPolicy


def create_alarm_key(scope: Construct, construct_id: str, removal_policy: RemovalPolicy) -> kms.Key:
    """Creates a key that CloudWatch alarms of the account may encrypt with.

    Args:
        scope: What it belongs to.
        construct_id: Its id there.
        removal_policy: retain keeps it when it leaves the stack, destroy destroys it.
    """
    key = kms.Key(
        scope,
        construct_id,
        description="Encrypts alarm notifications",
        enable_key_rotation=True,
        removal_policy=cdk_removal_policy(removal_policy),
    )
    key.add_to_resource_policy(_allowed("AllowAlarmsToEncrypt", permissions.ENCRYPT_WITH_KEY, "*"))
    return key


def let_alarms_publish(topic: sns.Topic) -> None:
    """Lets CloudWatch alarms of the account publish to a topic.

    A topic policy takes the place of the default one, which lets the account's own services publish.

    Args:
        topic: A topic that was created here.
    """
    topic.add_to_resource_policy(_allowed("AllowAlarmsToPublish", permissions.PUBLISH_TO_SNS, topic.topic_arn))


def _allowed(sid: str, actions: tuple[str, ...], resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        actions=list(actions),
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        resources=[resource],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )

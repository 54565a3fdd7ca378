"""The topics that alarms tell: who is subscribed to them, and whether CloudWatch may publish to them.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.access.policy_grants import statements_of
from streaming_constructs.review.access.policy_texts import covers_text
from streaming_constructs.review.alarms.alarm_metrics import METRIC_ALARM
from streaming_constructs.review.alarms.alarm_rule import COMPOSITE_ALARM
from streaming_constructs.review.alarms.alarm_watch import alarm_actions
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed, shown

TOPIC = "AWS::SNS::Topic"


def told_topics(template: Template, *, alone: bool = False) -> dict[str, list[str]]:
    """By topic of the template, the alarms that tell it.

    Args:
        template: The template.
        alone: Whether only alarms count that tell nobody else.
    """
    found: dict[str, list[str]] = {}
    for alarm in template.of_type(METRIC_ALARM, COMPOSITE_ALARM):
        actions = alarm_actions(alarm)
        for action in actions if not alone or len(actions) == 1 else ():
            target = template.target(action)
            if target is not None and target.type == TOPIC:
                found.setdefault(target.logical_id, []).append(alarm.logical_id)
    return found


def subscribers(template: Template, topic: Resource) -> int:
    """How many subscriptions a topic has in its template.

    Args:
        template: The template.
        topic: The topic.
    """
    apart = [
        subscription
        for subscription in template.of_type("AWS::SNS::Subscription")
        if template.target(subscription.at("TopicArn")) is topic
    ]
    return len(listed(topic.at("Subscription"))) + len(apart)


def may_use(template: Template, key: Any) -> bool:
    """Whether CloudWatch may use the key of a topic, as far as a template can tell.

    The key that AWS manages for SNS has a policy that nobody can change, and CloudWatch is not in it.

    Args:
        template: The template.
        key: What the topic has as its `KmsMasterKeyId`.
    """
    if isinstance(key, str):
        return "alias/aws/sns" not in key
    resource = key_in(template, key)
    if resource is None:
        return "alias/aws/sns" not in shown(key)
    statements = resource.at("KeyPolicy", "Statement")
    if statements is None:
        return True
    return any(_allows_cloudwatch(statement) for statement in listed(statements))


def key_in(template: Template, key: Any) -> Resource | None:
    """The key of the template that a topic names, also by its alias; None where it is not there.

    Args:
        template: The template.
        key: What the topic has as its `KmsMasterKeyId`.
    """
    resource = template.target(key)
    if resource is not None and resource.type == "AWS::KMS::Alias":
        resource = template.target(resource.at("TargetKeyId"))
    return resource if resource is not None and resource.type == "AWS::KMS::Key" else None


def policies_of(template: Template, topic: Resource) -> list[Resource]:
    """The policies of a topic in its template, each of which takes the place of the one that AWS gives it.

    Args:
        template: The template.
        topic: The topic.
    """
    return [
        policy
        for policy in template.of_type("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy")
        if any(template.target(each) is topic for each in (*listed(policy.at("Topics")), policy.at("TopicArn")))
    ]


def lets_publish(policy: Resource) -> bool:
    """Whether a policy of a topic may let CloudWatch publish: in doubt it does.

    Args:
        policy: The policy.
    """
    statements = list(statements_of(policy.at("PolicyDocument")))
    return not statements or any(_lets_publish(statement) for statement in statements)


def _lets_publish(statement: Mapping[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    actions = [str(action).lower() for action in listed(statement.get("Action"))]
    publishes = not actions or any(covers_text(action, "sns:publish") for action in actions)
    principal = statement.get("Principal")
    # What CloudWatch does, it does for the account.
    is_account = isinstance(principal, Mapping) and "AWS" in principal
    return publishes and (is_account or "*" in listed(principal) or _allows_cloudwatch(statement))


def _allows_cloudwatch(statement: Any) -> bool:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping):
        return True
    services = listed(principal.get("Service"))
    return any(
        not isinstance(service, str) or service in ("*", "cloudwatch.amazonaws.com") for service in services
    ) or ("*" in listed(principal.get("AWS")))

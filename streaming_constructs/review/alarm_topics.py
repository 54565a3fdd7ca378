"""The topics that alarms tell: who is subscribed to them, and whether CloudWatch may publish to them.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.review.alarm_metrics import METRIC_ALARM
from streaming_constructs.review.alarm_rule import COMPOSITE_ALARM
from streaming_constructs.review.alarm_watch import alarm_actions
from streaming_constructs.review.template import Resource, Template
from streaming_constructs.review.values import listed, shown

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
    resource = template.target(key)
    if resource is not None and resource.type == "AWS::KMS::Alias":
        resource = template.target(resource.at("TargetKeyId"))
    if resource is None or resource.type != "AWS::KMS::Key":
        return "alias/aws/sns" not in shown(key)
    statements = resource.at("KeyPolicy", "Statement")
    if statements is None:
        return True
    return any(_allows_cloudwatch(statement) for statement in listed(statements))


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

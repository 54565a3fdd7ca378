"""Which alarms of a template watch what."""

from __future__ import annotations

from streaming_constructs.review.comparing.template import Resource, Template, value_at
from streaming_constructs.review.comparing.values import listed


def alarms_in(template: Template, namespace: str) -> list[Resource]:
    """The alarms of a template on metrics of a namespace.

    Args:
        template: The template.
        namespace: The namespace, such as `AWS/Kafka`.
    """
    return [alarm for alarm in template.of_type("AWS::CloudWatch::Alarm") if namespace in _namespaces(alarm)]


def _namespaces(alarm: Resource) -> list[object]:
    queries = listed(alarm.at("Metrics"))
    return [alarm.at("Namespace"), *(value_at(query, ("MetricStat", "Metric", "Namespace")) for query in queries)]

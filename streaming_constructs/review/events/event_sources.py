"""What an event source mapping of Lambda reads, and which function it calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from streaming_constructs.facts.event_source import BATCH_SIZE_BY_DEFAULT, NO_END
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.events.function_names import name_and_qualifier

MAPPING = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"
Kind = Literal["stream", "queue", "kafka", "other"]

_KINDS: Mapping[str, Kind] = {
    "AWS::DynamoDB::GlobalTable": "stream",
    "AWS::DynamoDB::Table": "stream",
    "AWS::Kinesis::Stream": "stream",
    "AWS::Kinesis::StreamConsumer": "stream",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::MSK::VpcConnection": "kafka",
    "AWS::SQS::Queue": "queue",
}
_SERVICES: Mapping[str, Kind] = {
    ":dynamodb:": "stream",
    ":kinesis:": "stream",
    ":kafka:": "kafka",
    ":sqs:": "queue",
    ":mq:": "other",
    ":rds:": "other",
}
_FORWARDS = {"AWS::Lambda::Alias": "FunctionName", "AWS::Lambda::Version": "FunctionName"}
"""What stands for a function, and the property that says for which."""


def kind_of(template: Template, mapping: Resource) -> Kind:
    """What a mapping reads: a stream (of Kinesis or DynamoDB), a queue of SQS, a topic of Kafka, or something else.

    Args:
        template: The template that it is in.
        mapping: The mapping.
    """
    if mapping.at("SelfManagedEventSource") is not None or mapping.at("Topics") is not None:
        return "kafka"
    if mapping.at("Queues") is not None or mapping.at("DocumentDBEventSourceConfig") is not None:
        return "other"
    source = mapping.at("EventSourceArn")
    resource = template.target(source)
    if resource is not None and resource.type in _KINDS:
        return _KINDS[resource.type]
    text = str(source)
    for service, kind in _SERVICES.items():
        if service in text:
            return kind
    # Of what is known at deployment only: a queue has no position to start from.
    return "stream" if mapping.at("StartingPosition") is not None else "queue"


def stream_of(template: Template, mapping: Resource) -> Resource | None:
    """The stream or table that a mapping reads, also where it reads through a registered consumer; None where it is not in
    the template.

    Args:
        template: The template that it is in.
        mapping: The mapping.
    """
    source = template.target(mapping.at("EventSourceArn"))
    if source is not None and source.type == "AWS::Kinesis::StreamConsumer":
        return template.target(source.at("StreamARN"))
    return source


def function_of(template: Template, value: Any) -> Resource | None:
    """The function that a name or an ARN stands for, also by an alias or a version; None where it is not in the template.

    Args:
        template: The template.
        value: The value of a property such as `FunctionName`.
    """
    found = template.target(value)
    for _ in range(3):
        if found is None or found.type not in _FORWARDS:
            break
        found = template.target(found.at(_FORWARDS[found.type]))
    if found is None:
        name = name_and_qualifier(value)[0]
        found = next((each for each in template.of_type(FUNCTION) if name and each.at("FunctionName") == name), None)
    return found if found is not None and found.type == FUNCTION else None


def destination_of(mapping: Resource) -> Any:
    """Where a mapping sends what it gives up, or None.

    Args:
        mapping: The mapping.
    """
    return mapping.at("DestinationConfig", "OnFailure", "Destination")


def has_an_end(value: Any) -> bool:
    """Whether a number of retries, or an age, is one at which a record is given up; also where it is known at deployment only.

    Args:
        value: The value of the property.
    """
    return value is not None and number(value) != NO_END


def gives_up(template: Template, mapping: Resource) -> bool:
    """Whether a mapping gives up a record that fails before the record expires.

    Args:
        template: The template that it is in.
        mapping: The mapping.
    """
    if has_an_end(mapping.at("MaximumRetryAttempts")) or has_an_end(mapping.at("MaximumRecordAgeInSeconds")):
        return True
    # On Kafka a destination alone ends the retries: see RETRIES_WITH_A_DESTINATION.
    return kind_of(template, mapping) == "kafka" and destination_of(mapping) is not None


def responds_by_item(mapping: Resource) -> bool:
    """Whether Lambda reads from the function's response which records of a batch failed.

    Args:
        mapping: The mapping.
    """
    return "ReportBatchItemFailures" in map(str, listed(mapping.at("FunctionResponseTypes")))


def batch_size(template: Template, mapping: Resource) -> float | None:
    """The greatest number of records that a mapping hands over at once, or None where it is known at deployment only.

    Args:
        template: The template that it is in.
        mapping: The mapping.
    """
    value = mapping.at("BatchSize")
    return BATCH_SIZE_BY_DEFAULT[kind_of(template, mapping)] if value is None else number(value)


def source_name(mapping: Resource) -> str:
    """What a mapping reads, in a message.

    Args:
        mapping: The mapping.
    """
    topics = ", ".join(shown(topic) for topic in listed(mapping.at("Topics")))
    source = mapping.at("EventSourceArn")
    return topics or (shown(source) if source is not None else "its source")

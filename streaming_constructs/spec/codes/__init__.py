"""The catalogue of findings' codes: one module for each topic, loaded when it is asked for.

A code is a topic and a number, such as `LAM506`. `explain`, the pages of errors and the tests read this one catalogue. Codes
are stable: wording may change, a code never gets another meaning. Imports neither pydantic nor YAML, so that explaining one
is instant.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streaming_constructs.spec.codes.code import Code


class Topic(NamedTuple):
    """What several codes are about.

    Attributes:
        name: The letters that its codes start with.
        module: Its module here, and its page of the docs.
        title: What it is, in words.
    """

    name: str
    module: str
    title: str


TOPICS = {
    topic.name: topic
    for topic in (
        Topic("LNG", "language", "The language: files, fields and their values"),
        Topic("SCH", "schemas", "Record schemas"),
        Topic("GRF", "graph", "The graph: names, circles and environments"),
        Topic("KIN", "kinesis", "Amazon Kinesis data streams"),
        Topic("LAM", "lambda_function", "AWS Lambda consumers"),
        Topic("ALM", "alarms", "CloudWatch alarms"),
        Topic("FIR", "firehose", "Amazon Data Firehose deliveries"),
        Topic("OSD", "opensearch", "Amazon OpenSearch Service domains"),
        Topic("DDB", "dynamodb", "Amazon DynamoDB tables"),
        Topic("SQS", "sqs", "Amazon SQS queues"),
        Topic("MSK", "msk", "Apache Kafka on Amazon MSK: clusters and topics"),
        Topic("FLK", "flink", "Apache Flink on Amazon Managed Service for Apache Flink"),
        Topic("LOG", "cloudwatch_logs", "CloudWatch Logs subscriptions"),
        Topic("AGT", "host_agents", "Agents on hosts: Kinesis Agent and Fluent Bit"),
        Topic("API", "api_gateway", "Amazon API Gateway in front of streams and deliveries"),
        Topic("EVO", "evolution", "What changes over a version that is deployed"),
        Topic("CFN", "cloudformation", "Stacks of CloudFormation: what one takes"),
        Topic("CMD", "commands", "The command line"),
        Topic("LOC", "local", "Rehearsals on this machine"),
        Topic("REV", "review", "What a change of a template means"),
        Topic("AUD", "audit", "What is wrong with a template that anybody wrote"),
    )
}
"""Every topic, by its letters."""


@cache
def codes_of(topic: str) -> tuple[Code, ...]:
    """The codes of a topic, by their numbers; loads them.

    Args:
        topic: Its letters, such as `LAM`.
    """
    module = importlib.import_module(f"{__name__}.{TOPICS[topic].module}")
    codes: tuple[Code, ...] = module.CODES
    return codes


def find(name: str) -> Code | None:
    """The entry of a code; loads its topic. None where there is no such code.

    Args:
        name: The code, such as `LAM506`.
    """
    topic = name[:3]
    return next((code for code in codes_of(topic) if code.code == name), None) if topic in TOPICS else None


def every_code() -> dict[str, Code]:
    """All entries, by code, topic by topic; loads everything."""
    return {code.code: code for topic in TOPICS for code in codes_of(topic)}

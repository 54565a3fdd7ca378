"""What an application of code is told of its edges: a group of properties for each, named as its node."""

from __future__ import annotations

from collections.abc import Mapping

from streaming_constructs.planning.analytics.flink_application import Bound
from streaming_constructs.planning.analytics.flink_ddl import REGION
from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, ENDINGS, TOPIC_NAME

RUN_OPTIONS = "kinesis.analytics.flink.run.options"
"""The group that says what of a zip of Python is run.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/how-python-creating.html, read 2026-11-28
"""
MAIN = "main.py"
GROUP_ID = "GROUP_ID"
"""How the variable ends of the group that an application reads topics as."""
_REGION = {"aws.region": Bound("", REGION)}


def edge_properties(name: str, kind: str, *, is_read: bool) -> Mapping[str, Bound]:
    """The properties of one edge, by what they are bound to.

    Args:
        name: The name of the node that it leads to.
        kind: What that is: kinesis, kafka, firehose or dynamodb.
        is_read: Whether it is read.
    """
    match kind:
        case "kinesis":
            return {"stream.arn": Bound(name, ENDINGS["streams"]), **_REGION}
        case "firehose":
            return {"delivery.stream": Bound(name, ENDINGS["deliveries"]), **_REGION}
        case "dynamodb":
            return {"table.name": Bound(name, ENDINGS["stores"]), **_REGION}
        case _:
            group = {"group.id": Bound("", GROUP_ID)} if is_read else {}
            brokers = Bound(name, BOOTSTRAP_SERVERS)
            return {"topic": Bound(name, TOPIC_NAME), "bootstrap.servers": brokers, **group, **_REGION}


def run_options(spec: FlinkAppSpec) -> Mapping[str, Mapping[str, str]]:
    """What of a zip of Python is run; nothing for a jar.

    Args:
        spec: The application.
    """
    if not spec.is_python:
        return {}
    jar = {"jarfile": spec.jarfile} if spec.jarfile is not None else {}
    return {RUN_OPTIONS: {"python": spec.python or MAIN, **jar}}

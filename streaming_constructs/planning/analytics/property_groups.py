"""What an application of code is told: a group of properties for each edge, named as its node, and those of the spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from streaming_constructs.planning.analytics.flink_application import Bound
from streaming_constructs.planning.analytics.flink_ddl import REGION
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, ENDINGS, TOPIC_NAME

if TYPE_CHECKING:
    from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec
    from streaming_constructs.spec.pipeline import PipelineSpec

Groups = Mapping[str, Mapping[str, str | Bound]]
"""Groups of properties, by name: each property has a value, or what its value is bound to when it is built."""
RUN_OPTIONS = "kinesis.analytics.flink.run.options"
"""The group that says what of a zip of Python is run.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/how-python-creating.html, read 2026-11-28
"""
MAIN = "main.py"
GROUP_ID = "GROUP_ID"
"""How the variable ends of the group that an application reads topics as."""


def property_groups(spec: FlinkAppSpec, system: PipelineSpec | None) -> Groups:
    """All groups that an application of code is told, but for the one of the deployment. Properties of the spec win.

    Args:
        spec: The application.
        system: The system that it stands in. None: nothing is known of its edges.
    """
    groups: dict[str, dict[str, str | Bound]] = {}
    if spec.is_python:
        jar = {"jarfile": spec.jarfile} if spec.jarfile is not None else {}
        groups[RUN_OPTIONS] = {"python": spec.python or MAIN, **jar}
    if system is not None:
        nodes = {name: (section, getattr(node, "kind", "")) for section, name, node in system.nodes()}
        for name in (*spec.from_, *spec.to):
            groups[name] = _of_edge(name, *nodes[name], is_read=name in spec.from_)
    for name, properties in spec.properties.items():
        groups[name] = {**groups.get(name, {}), **properties}
    return groups


def _of_edge(name: str, section: str, kind: str, *, is_read: bool) -> dict[str, str | Bound]:
    """The properties of the edge to a node; a delivery has no kind."""
    found: dict[str, str | Bound]
    match section, kind:
        case _, "kafka":
            group = {"group.id": Bound("", GROUP_ID)} if is_read else {}
            found = {"topic": Bound(name, TOPIC_NAME), "bootstrap.servers": Bound(name, BOOTSTRAP_SERVERS), **group}
        case "deliveries", _:
            found = {"delivery.stream": Bound(name, ENDINGS[section])}
        case "stores", _:
            found = {"table.name": Bound(name, ENDINGS[section])}
        case _:
            found = {"stream.arn": Bound(name, ENDINGS[section])}
    return {**found, "aws.region": Bound("", REGION)}

"""What the edges of a node permit: the one place where reading and writing become IAM permissions.

A node's constructor asks for them, so a construct that stands alone and one of a system have the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from aws_cdk import aws_kms as kms

from streaming_constructs.cdk.iam_policy import Permissions, joined
from streaming_constructs.cdk.kms_key import key_permissions
from streaming_constructs.facts import permissions
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.node import Edge
from streaming_constructs.spec.target_variables import target_variable

EXEMPT = frozenset({"uses", "schema"})
"""Roles of edges that this function permits nothing for: what uses something knows best what that takes."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The end of an edge, as who reads or writes it needs to know it.

    Attributes:
        kind: Its kind, such as `kinesis`: half of a row of `facts.permissions`.
        arn: Its ARN.
        key: The customer managed key that its records are encrypted with, if there is one.
        variable: How the environment variable that names it to a function ends, such as `STREAM_ARN`.
        value: What that variable says.
        places: Of Kafka: what actions are about, such as `topic`, and its ARN; they are several.
        more: Further variables, by how they end.
    """

    kind: str
    arn: str
    key: kms.IKey | None = None
    variable: str = ""
    value: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)


class Readable(Protocol):
    """What can be read: a stream."""

    @property
    def endpoint(self) -> Endpoint:
        """How it is found, and what reading takes."""


class Writable(Protocol):
    """What can be written to: a stream, a delivery, a topic or a table."""

    @property
    def endpoint(self) -> Endpoint:
        """How it is found, and what writing takes."""


def edge_permissions(edges: Iterable[Edge], service: str, endpoints: Mapping[str, Endpoint]) -> Permissions:
    """What a node's role may, because of its edges.

    Args:
        edges: The edges of the node.
        service: The service that reads and writes on its behalf, such as `lambda`.
        endpoints: What it reads and writes to, by the names of the spec.

    Raises:
        SpecError: If it is not known what an edge takes: then it would permit nothing.
    """
    needed: list[Permissions] = []
    for edge in edges:
        if edge.role not in EXEMPT:
            endpoint = endpoints[edge.target]
            needed.append(_read(edge, service, endpoint) if edge.role == "from" else _write(edge, service, endpoint))
    return joined(*needed)


def _read(edge: Edge, service: str, source: Endpoint) -> Permissions:
    if (service, source.kind) in permissions.KAFKA_READS:
        needed = permissions.KAFKA_READS[service, source.kind]
        return joined(_in_kafka(source, needed), _in_registry(source, permissions.REGISTRY_READS.get(service, {})))
    actions = permissions.READS.get((service, source.kind))
    if actions is None:
        raise _unknown(edge, f"{service} reads {source.kind}", "READS")
    return {source.arn: actions, **key_permissions(source.key, permissions.READS_WITH_KEY[source.kind])}


def _write(edge: Edge, service: str, target: Endpoint) -> Permissions:
    if (service, target.kind) in permissions.KAFKA_WRITES:
        needed = permissions.KAFKA_WRITES[service, target.kind]
        return joined(_in_kafka(target, needed), _in_registry(target, permissions.REGISTRY_WRITES.get(service, {})))
    actions = permissions.WRITES.get((service, target.kind))
    if actions is None:
        raise _unknown(edge, f"{service} writes to {target.kind}", "WRITES")
    return {target.arn: actions, **key_permissions(target.key, permissions.WRITES_WITH_KEY[service, target.kind])}


def _in_kafka(endpoint: Endpoint, actions: Mapping[str, tuple[str, ...]]) -> Permissions:
    return {endpoint.places[what]: allowed for what, allowed in actions.items()}


def _in_registry(endpoint: Endpoint, actions: Mapping[str, tuple[str, ...]]) -> Permissions:
    """What comes to it where the values of the topic are encoded with a schema registry."""
    return _in_kafka(endpoint, actions) if "registry" in endpoint.places else {}


def _unknown(edge: Edge, what: str, table: str) -> SpecError:
    finding = Finding(
        "GRF307",
        f"nothing is known of what it takes when {what}",
        edge.path,
        note="an edge that permits nothing would fail when the first record comes",
        help=f"add the pair to `{table}` in facts/permissions.py",
    )
    return SpecError([finding])


def variables(
    edges: Iterable[Edge], endpoints: Mapping[str, Endpoint], role: Literal["from", "to"] = "to"
) -> dict[str, str]:
    """The environment variables that name to a function what it writes to, or what it asks by itself.

    Args:
        edges: The edges of the function's node.
        endpoints: What is named, by the names of the spec.
        role: The role of the edges whose ends it is told.
    """
    targets = {edge.target: endpoints[edge.target] for edge in edges if edge.role == role}
    return {
        target_variable(name, ending): value
        for name, target in targets.items()
        for ending, value in {target.variable: target.value, **target.more}.items()
    }

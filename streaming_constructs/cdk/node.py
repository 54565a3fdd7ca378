"""What the assembly knows of a built node, whatever its kind."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from streaming_constructs.planning.node import NodePlan, kind_of

if TYPE_CHECKING:
    from streaming_constructs.cdk.deliveries.s3 import S3Delivery
    from streaming_constructs.cdk.glue_table import GlueDatabase
    from streaming_constructs.cdk.schema_registry import SchemaRegistry
    from streaming_constructs.spec.node import Edge
    from streaming_constructs.spec.pipeline import PipelineSpec


class Output(NamedTuple):
    """Something that a person needs once the stack is there.

    Attributes:
        name: What it is, such as `StreamName`.
        value: The live value.
        description: The same in words.
    """

    name: str
    value: str
    description: str


class Node(Protocol):
    """A construct that is a node of a system."""

    @property
    def plan(self) -> NodePlan:
        """Its numbers."""

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions that its metrics are published under."""

    def outputs(self) -> Iterator[Output]:
        """What a person needs next of it; nothing where there is nothing to find."""


class Offered(Mapping[str, Any]):
    """Constructs of the app by the names of nodes; it remembers which of them were asked for.

    What no node asks for would be left out of the system without a word.
    """

    def __init__(self, constructs: Mapping[str, Any] | None = None) -> None:
        """Offers them.

        Args:
            constructs: Constructs by the names of nodes. Left out: none.
        """
        self._constructs = constructs or {}
        self._asked_for: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self._asked_for.add(name)
        return self._constructs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._constructs)

    def __len__(self) -> int:
        return len(self._constructs)

    def left(self) -> list[str]:
        """The names that no node has asked for."""
        return [name for name in self._constructs if name not in self._asked_for]


@dataclass(frozen=True, slots=True)
class Brought:
    """Constructs of the app that take the place of what a spec would create, by the name of their node.

    Attributes:
        streams: Streams.
        functions: Functions of consumers, and of the transformations of deliveries.
        buckets: Buckets of archives, of backups beside other destinations, and of what consumers give up.
        keys: Keys of streams, topics, tables, queues and of deliveries that are written to directly.
        sns_topics: Topics.
        queues: Queues, and those of what consumers of streams give up.
        stores: Domains and tables.
        clusters: Clusters of Kafka.
    """

    streams: Offered = field(default_factory=Offered)
    functions: Offered = field(default_factory=Offered)
    buckets: Offered = field(default_factory=Offered)
    keys: Offered = field(default_factory=Offered)
    sns_topics: Offered = field(default_factory=Offered)
    queues: Offered = field(default_factory=Offered)
    stores: Offered = field(default_factory=Offered)
    clusters: Offered = field(default_factory=Offered)

    def arguments(self) -> Iterator[tuple[str, Offered]]:
        """Every argument of `StreamingPipeline` with what it brings."""
        for argument in fields(self):
            yield argument.name, getattr(self, argument.name)


@dataclass(slots=True)
class Context:
    """What a node of a system is built with.

    Attributes:
        spec: The system.
        scope: The construct of the system.
        brought: Constructs of the app.
        vpc: A VPC to place functions and domains in.
        vpc_subnets: Which of its subnets.
        security_groups: Security groups in it.
        built: The nodes that were built so far, by section and name.
        queried: The archives with a table.
    """

    spec: PipelineSpec
    scope: Construct
    brought: Brought
    vpc: ec2.IVpc | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    security_groups: Sequence[ec2.ISecurityGroup] | None = None
    built: dict[tuple[str, str], Node] = field(default_factory=dict)
    queried: list[S3Delivery] = field(default_factory=list)
    _catalog: GlueDatabase | None = None
    _registry: SchemaRegistry | None = None

    def at(self, edge: Edge) -> Node:
        """The node that an edge leads to.

        Args:
            edge: The edge.
        """
        return next(
            self.built[section, edge.target] for section in edge.accepts if (section, edge.target) in self.built
        )

    def reached(self, edges: Iterable[Edge], role: str) -> dict[str, Any]:
        """The nodes that edges of a role lead to, by name.

        Args:
            edges: The edges of a node.
            role: The role.
        """
        return {edge.target: self.at(edge) for edge in edges if edge.role == role}

    def catalog(self) -> GlueDatabase:
        """The database of the system's tables, created when the first of them needs it."""
        if self._catalog is None:
            from streaming_constructs.cdk.glue_table import GlueDatabase

            self._catalog = GlueDatabase(self.scope, "Catalog", description=f"Archives of {self.spec.title}")
        return self._catalog

    def registry(self) -> SchemaRegistry | None:
        """The schema registry of the system, created when it is first asked for; None where it has none."""
        spec = self.spec.schema_registry
        if self._registry is None and spec is not None:
            from streaming_constructs.cdk.schema_registry import SchemaRegistry
            from streaming_constructs.planning.schema_registry.registry import system_name

            self._registry = SchemaRegistry(
                self.scope,
                "SchemaRegistry",
                spec=spec,
                name=system_name(self.spec.name, self.spec.environment),
                schemas=self.spec.schemas,
                removal_policy=self.spec.removal_policy,
            )
        return self._registry


BuildNode = Callable[[Construct, NodePlan, Context], Node]


def build_node(section: str, plan: NodePlan, context: Context) -> Node:
    """Builds a node, whatever its kind; loads the construct of its kind.

    Args:
        section: The section that it stands in.
        plan: The node with its numbers.
        context: The system around it.
    """
    module = importlib.import_module(f"streaming_constructs.cdk.{kind_of(section, plan.spec).module}")
    return cast("BuildNode", module.build_node)(context.scope, plan, context)

"""The base of every kind of node: what it refers to, its functions and its folders in S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from streaming_constructs.spec.finding import Finding, SpecPath
from streaming_constructs.spec.model import SpecModel

if TYPE_CHECKING:
    from streaming_constructs.spec.function import FunctionSpec
    from streaming_constructs.spec.pipeline import PipelineSpec

Role = Literal["from", "to", "uses", "schema"]
"""What an edge is: records come from there, go there, something of it is used, or it describes the records."""

RecordForm = Literal["", "json", "lines", "gzip"]
"""What records are: JSON, lines of text, the gzipped batches of CloudWatch Logs, or what only code knows."""

_ATTRIBUTES = {"from": "from_", "schema": "record_schema"}
"""Fields whose word in a file is none that Python, or pydantic, leaves free."""


class Edge(NamedTuple):
    """One name in a node that refers to another node, or to a schema.

    Attributes:
        path: Where it stands, seen from the node.
        target: The name.
        role: What the edge is.
        accepts: The sections that the name may be of.
        noun: What is named there, in words.
        words: What may stand there that is no name.
        kinds: The kinds that the node may be of; empty: all of its section.
    """

    path: SpecPath
    target: str
    role: Role
    accepts: tuple[str, ...]
    noun: str
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def plain_names(value: Any) -> Iterator[tuple[SpecPath, str]]:
    """The names in a field that takes one name, or a list of them.

    Args:
        value: What the field says.
    """
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, list | tuple):
        for position, name in enumerate(value):
            if isinstance(name, str):
                yield (position,), name


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a kind that names other nodes.

    Attributes:
        field: The field, such as `("to", "domain")`.
        role: What the edge is.
        accepts: The sections that the name may be of.
        noun: What is named there, in words.
        names: Which texts in the field are names.
        words: What may stand there that is no name.
        kinds: The kinds that the nodes may be of; empty: all of their section.
    """

    field: tuple[str, ...]
    role: Role
    accepts: tuple[str, ...]
    noun: str
    names: Callable[[Any], Iterator[tuple[SpecPath, str]]] = plain_names
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def edges(self, node: Mapping[str, Any] | SpecModel) -> Iterator[Edge]:
        """The edges that the field makes; of plain data too, whose other fields may be wrong.

        Args:
            node: The node.
        """
        value: Any = node
        for step in self.field:
            is_data = isinstance(value, Mapping)
            value = value.get(step) if is_data else getattr(value, _ATTRIBUTES.get(step, step), None)
        for path, name in self.names(value):
            yield Edge((*self.field, *path), name, self.role, self.accepts, self.noun, self.words, self.kinds)


class Reader(NamedTuple):
    """Something that reads a stream.

    Attributes:
        name: Its name.
        read: `shared` readers share 2 MiB/s of a shard; `enhanced_fan_out` readers have 2 MiB/s of each for themselves.
        is_flink: Whether it is an application of Flink, which asks a shard more often than others do.
    """

    name: str
    read: Literal["shared", "enhanced_fan_out"] = "shared"
    is_flink: bool = False


FolderContent = Literal["records", "errors", "failed_batches", "table_data"]
"""What lies in a folder: records, those that could not be delivered, batches that a consumer gave up, or an Iceberg table."""


class BucketFolder(NamedTuple):
    """A folder of an S3 bucket that a node writes to.

    Attributes:
        path: Where the spec says so, seen from the node.
        bucket: The name of the bucket.
        folder: The folder, with the `/` behind it.
        content: What lies in it.
    """

    path: SpecPath
    bucket: str
    folder: str
    content: FolderContent = "records"


class StackShare(NamedTuple):
    """What a node adds to its stack at least; its alarms aside.

    Attributes:
        resources: How many resources.
        outputs: How many outputs.
    """

    resources: int
    outputs: int = 0


class NodeSpec(SpecModel):
    """A node of the graph, whatever its kind; the assemblers know no more of it than this."""

    references: ClassVar[tuple[Reference, ...]] = ()
    """Its fields that name other nodes."""
    ends_in_newline: ClassVar[bool] = False
    """Whether each record that it writes ends in a newline, whatever is in it."""

    def edges(self) -> Iterator[Edge]:
        """What it refers to by name."""
        for reference in self.references:
            yield from reference.edges(self)

    def functions(self) -> Iterator[tuple[SpecPath, FunctionSpec]]:
        """Its Lambda functions, each with where the spec describes it, seen from the node."""
        yield from ()

    def bucket_folders(self, name: str) -> Iterator[BucketFolder]:
        """The folders of existing buckets that it writes to.

        Args:
            name: The name of the node.
        """
        yield from ()

    def adopted(self, name: str) -> Iterator[tuple[SpecPath, str]]:
        """What exists already, and is written to or read: where the spec says so, seen from the node, and what it is.

        Args:
            name: The name of the node.
        """
        if self.physical_id():
            yield ("arn",), self.physical_id()
        for place in self.bucket_folders(name):
            if place.content == "records":
                yield place.path, f"s3://{place.bucket}/{place.folder}"

    def readers(self, name: str) -> tuple[Reader, ...]:
        """The readers that it is to each of its sources; one of records may read twice, for a backup of all.

        Args:
            name: The name of the node.
        """
        return (Reader(name),)

    def physical_id(self) -> str:
        """The ARN of the existing resource that it adopts; empty where it is created."""
        return ""

    def record_form(self) -> RecordForm:
        """What the records are that it writes, where it is not for code to choose."""
        return ""

    def mapped_function(self) -> str:
        """The existing function, with its version, that Lambda maps what it reads to; empty where it maps none."""
        return ""

    def stack_share(self) -> StackShare:
        """What it adds to its stack at least; its alarms aside."""
        return StackShare(0 if self.physical_id() else 1)

    def system_findings(self) -> Iterator[Finding]:
        """Errors of a node in a system only; a construct may get a live object instead. Paths are relative to the node."""
        yield from ()

    def system_notes(self) -> Iterator[Finding]:
        """What is worth knowing of a node in a system, unless a live object is brought for it. Paths are relative to it."""
        yield from ()

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        """What is wrong between it and the rest of a system, all of whose names resolve; paths are relative to the node.

        Args:
            name: The name of the node.
            spec: The system.
        """
        yield from ()

    def way_round(self, name: str, target: str, kind: str) -> str:
        """What to do where it cannot read or write to a node of some kind; empty: name another node.

        Args:
            name: The name of the node.
            target: The other node.
            kind: The kind of that.
        """
        return ""

    def needs_way_round(self, spec: PipelineSpec) -> bool:
        """Whether it names something that it cannot write to itself, and that the system is assembled with a way to.

        Args:
            spec: The system.
        """
        return False

    def targets(self) -> tuple[str, ...]:
        """The names of the nodes that it writes to."""
        return tuple(edge.target for edge in self.edges() if edge.role == "to")

    def sources(self) -> tuple[str, ...]:
        """The names of the nodes that it reads."""
        return tuple(edge.target for edge in self.edges() if edge.role == "from")

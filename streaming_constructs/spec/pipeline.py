"""The whole system: a graph of named nodes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from streaming_constructs.spec.alarms import AlarmsSpec
from streaming_constructs.spec.athena import AthenaSpec
from streaming_constructs.spec.consumers.lambda_function import ConsumerSpec
from streaming_constructs.spec.deliveries.firehose import DeliverySpec, has_transform
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.graph import graph_findings
from streaming_constructs.spec.model import Bool, Environment, NodeName, Reason, SpecModel, form
from streaming_constructs.spec.producers.union import ProducerSpec
from streaming_constructs.spec.references import NODE_SECTIONS, reference_findings
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.sns_topics.sns import TopicSpec
from streaming_constructs.spec.stores.opensearch import StoreSpec
from streaming_constructs.spec.streams.kinesis import StreamSpec

_TAG = r"^[\w .:/=+@-]+$"
_TAG_IN_WORDS = "letters, digits, spaces and _.:/=+-@"
TagKey = Annotated[str, form(_TAG, _TAG_IN_WORDS, max_length=128)]
TagValue = Annotated[str, form(_TAG, _TAG_IN_WORDS, max_length=256)]
AcknowledgedFinding = Annotated[
    str, form(r"^[a-z][a-z0-9_-]{0,63}\.[A-Z]{3}[0-9]{3}$", "a node and a code, such as fraud.LAM507")
]


class PipelineSpec(SpecModel):
    """A streaming system on AWS, as a graph of named nodes."""

    name: NodeName = Field(description="Name of the system; stacks, dashboards and alarm texts carry it.")
    environment: Environment = Field(
        default="prod",
        description="prod keeps data when a resource leaves the stack; dev is disposable and cleans up after itself. "
        "Left out: prod.",
    )
    tags: Mapping[TagKey, TagValue] = Field(
        default_factory=dict, max_length=50, description="Tags on every resource. Left out: none."
    )
    schemas: Mapping[NodeName, RecordSchema] = Field(
        default_factory=dict, description="Record schemas, by name. Left out: records are opaque."
    )
    streams: Mapping[NodeName, StreamSpec] = Field(
        default_factory=dict, description="Streams, by name. Left out: none."
    )
    consumers: Mapping[NodeName, ConsumerSpec] = Field(
        default_factory=dict, description="Consumers, by name. Left out: none."
    )
    deliveries: Mapping[NodeName, Annotated[DeliverySpec, AfterValidator(has_transform)]] = Field(
        default_factory=dict, description="Firehose deliveries, by name. Left out: none."
    )
    stores: Mapping[NodeName, StoreSpec] = Field(
        default_factory=dict, description="Stores that deliveries and consumers write to, by name. Left out: none."
    )
    sns_topics: Mapping[NodeName, TopicSpec] = Field(
        default_factory=dict, description="Topics that consumers publish to, by name. Left out: none."
    )
    producers: Mapping[NodeName, ProducerSpec] = Field(
        default_factory=dict,
        description="What writes records that is not your own code, by name. Left out: your own code does.",
    )
    athena: AthenaSpec = Field(
        default_factory=AthenaSpec,
        description="The workgroup in which tables are queried. Left out: one is created where there is a table, and limits "
        "what a query may read.",
    )
    alarms: AlarmsSpec = Field(
        default_factory=AlarmsSpec,
        description="Whom alarms tell, and which differ from what is computed. Left out: alarms are created and tell "
        "nobody.",
    )
    dashboard: Bool = Field(
        default=False, description="Whether a CloudWatch dashboard of the system is created. Left out: false, none is."
    )
    acknowledge: Mapping[AcknowledgedFinding, Reason] = Field(
        default_factory=dict,
        description="Warnings that are accepted, as node.code such as fraud.LAM507, each with the reason. Left out: none.",
    )

    _directory: Path = PrivateAttr(default_factory=Path)

    def findings(self) -> Iterator[Finding]:
        if not any(getattr(self, section) for section in NODE_SECTIONS):
            yield Finding(
                "GRF304",
                "the system is empty",
                (),
                note="a system has at least one stream or delivery",
                help="add a stream under `streams`",
            )
        for key in self.tags:
            if key.lower().startswith("aws:"):
                yield Finding(
                    "LNG206", "tag keys that start with `aws:` belong to AWS", ("tags", key), help="choose another key"
                )
        unresolved = list(reference_findings(self.model_dump(by_alias=True, include={"schemas", *NODE_SECTIONS})))
        yield from unresolved
        if not unresolved:
            yield from graph_findings(self)

    @property
    def directory(self) -> Path:
        """The folder that paths in the spec are relative to: that of its file, else the working directory."""
        return self._directory

    def in_directory(self, directory: str | os.PathLike[str]) -> PipelineSpec:
        """The same spec, with its paths relative to another folder."""
        moved = self.model_copy()
        moved._directory = Path(directory)  # noqa: SLF001 - its own class
        return moved

    @classmethod
    def load(cls, path: str | os.PathLike[str], environment: Environment | None = None) -> PipelineSpec:
        """Reads a spec from a YAML (or JSON) file.

        Args:
            path: The file.
            environment: Which of the file's `environments` to apply. Left out: none of them.

        Raises:
            SpecError: With every problem of the file, each with its line, code and mend.
        """
        from streaming_constructs.spec.load import load

        return load(path, environment)

    def __eq__(self, other: object) -> bool:
        # Where a spec was read from is no part of what it says.
        return isinstance(other, PipelineSpec) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

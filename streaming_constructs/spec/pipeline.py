"""The whole system: a graph of named nodes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.spec.alarms import Alarms, AlarmsSpec
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.graph import graph_findings
from streaming_constructs.spec.model import AccountId, Bool, NodeName, Reason, SpecModel, form, refusal
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import RecordSchema
from streaming_constructs.spec.section import Section

if TYPE_CHECKING:
    from streaming_constructs.spec.athena import AthenaSpec
    from streaming_constructs.spec.deliveries.firehose import DeliverySpec
    from streaming_constructs.spec.node import NodeSpec
    from streaming_constructs.spec.schema_registry import GlueSchemaRegistrySpec
    from streaming_constructs.spec.unions import (
        AnalyticsSpec,
        ApiSpec,
        ClusterSpec,
        ConnectorSpec,
        ConsumerSpec,
        ProducerSpec,
        QueueSpec,
        ReplicatorSpec,
        SnsTopic,
        StoreSpec,
        StreamSpec,
    )
else:
    AthenaSpec = Annotated[Any, Section("athena", "AthenaSpec")]
    StreamSpec = Annotated[Any, Section("streams")]
    QueueSpec = Annotated[Any, Section("queues")]
    GlueSchemaRegistrySpec = Annotated[Any, Section("schema_registry", "GlueSchemaRegistrySpec", "glue")]
    ClusterSpec = Annotated[Any, Section("clusters")]
    ConnectorSpec = Annotated[Any, Section("connectors")]
    ReplicatorSpec = Annotated[Any, Section("replicators")]
    AnalyticsSpec = Annotated[Any, Section("analytics")]
    ApiSpec = Annotated[Any, Section("apis")]
    ConsumerSpec = Annotated[Any, Section("consumers")]
    DeliverySpec = Annotated[Any, Section("deliveries")]
    StoreSpec = Annotated[Any, Section("stores")]
    SnsTopic = Annotated[Any, Section("sns_topics")]
    ProducerSpec = Annotated[Any, Section("producers")]

_TAG = r"^[\w .:/=+@-]+$"
_TAG_IN_WORDS = "letters, digits, spaces and _.:/=+-@"
TagKey = Annotated[str, form(_TAG, _TAG_IN_WORDS, max_length=128)]
TagValue = Annotated[str, form(_TAG, _TAG_IN_WORDS, max_length=256)]
Region = Annotated[str, form(r"^[a-z]{2,3}(-[a-z]+)+-[0-9]$", "a region such as eu-west-1")]
AcknowledgedFinding = Annotated[
    str, form(r"^[a-z][a-z0-9_-]{0,63}\.[A-Z]{3}[0-9]{3}$", "a node and a code, such as fraud.LAM507")
]


class PipelineSpec(SpecModel):
    """A streaming system on AWS, as a graph of named nodes."""

    name: NodeName = Field(description="Name of the system; stacks, dashboards and alarm texts carry it.")
    account: AccountId | None = Field(
        default=None, description="The AWS account of its stack, in quotes. Left out: that of the credentials at hand."
    )
    region: Region | None = Field(
        default=None, description="The region of its stack. Left out: that of the credentials at hand."
    )
    removal_policy: RemovalPolicy = Field(
        default="retain",
        description="What happens to data when a resource leaves the stack: retain keeps it, destroy makes the system "
        "disposable, small, and cleans up. Left out: retain.",
    )
    tags: Mapping[TagKey, TagValue] = Field(
        default_factory=dict,
        max_length=50,
        description="Tags on every resource but consumers with enhanced fan-out, which CloudFormation would replace for a tag "
        "that changes. Left out: none.",
    )
    schemas: Mapping[NodeName, RecordSchema] = Field(
        default_factory=dict, description="Record schemas, by name. Left out: records are opaque."
    )
    streams: Mapping[NodeName, StreamSpec] = Field(
        default_factory=dict, description="Streams, by name. Left out: none."
    )
    queues: Mapping[NodeName, QueueSpec] = Field(
        default_factory=dict,
        description="Queues of tasks, each of which one reader processes, by name. Left out: none.",
    )
    clusters: Mapping[NodeName, ClusterSpec] = Field(
        default_factory=dict, description="Clusters of Kafka that streams are topics of, by name. Left out: none."
    )
    replicators: Mapping[NodeName, ReplicatorSpec] = Field(
        default_factory=dict,
        description="Replicators, which keep topics of one cluster in another, by name. Left out: none.",
    )
    schema_registry: GlueSchemaRegistrySpec | None = Field(
        default=None,
        description="Where clients of Kafka find schemas, with each of `schemas` in it: glue, or a mapping. Left out: none.",
    )
    connectors: Mapping[NodeName, ConnectorSpec] = Field(
        default_factory=dict,
        description="Connectors of Kafka Connect, which bring records into topics or take them out, by name. Left out: none.",
    )
    consumers: Mapping[NodeName, ConsumerSpec] = Field(
        default_factory=dict, description="Consumers, by name. Left out: none."
    )
    analytics: Mapping[NodeName, AnalyticsSpec] = Field(
        default_factory=dict,
        description="Applications of Flink that compute over streams, by name. Left out: none.",
    )
    deliveries: Mapping[NodeName, DeliverySpec] = Field(
        default_factory=dict, description="Firehose deliveries, by name. Left out: none."
    )
    stores: Mapping[NodeName, StoreSpec] = Field(
        default_factory=dict, description="Stores that deliveries and consumers write to, by name. Left out: none."
    )
    sns_topics: Mapping[NodeName, SnsTopic] = Field(
        default_factory=dict,
        description="SNS topics that consumers publish to, and that alarms tell, by name. Left out: none.",
    )
    apis: Mapping[NodeName, ApiSpec] = Field(
        default_factory=dict,
        description="APIs that answer from what stores hold, such as a page of live numbers, by name. Left out: none.",
    )
    producers: Mapping[NodeName, ProducerSpec] = Field(
        default_factory=dict,
        description="What writes records that is not your own code, by name. Left out: your own code does.",
    )
    athena: AthenaSpec | None = Field(
        default=None,
        description="The workgroup in which tables are queried. Left out: one is created where there is a table, and limits "
        "what a query may read.",
    )
    alarms: Alarms = Field(
        default_factory=AlarmsSpec,
        description="Whom alarms tell, and which differ from what is computed; false for none. Left out: alarms are created "
        "and tell nobody.",
    )
    dashboard: Bool = Field(
        default=False, description="Whether a CloudWatch dashboard of the system is created. Left out: false, none is."
    )
    acknowledge: Mapping[AcknowledgedFinding, Reason] = Field(
        default_factory=dict,
        description="Warnings that are accepted, as node.code such as fraud.LAM507, each with the reason. Left out: none.",
    )
    _directory: Path = PrivateAttr(default_factory=Path)
    _environment: str = PrivateAttr(default="")
    _assembled: Mapping[str, SpecPath] = PrivateAttr(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        if not any(True for _ in self.nodes()):
            yield Finding(
                "GRF304",
                "the system is empty",
                (),
                note="a system has at least one stream or delivery",
                help="add `streams: {clicks: {kind: kinesis, workload: {records_per_second: 1000, record_kb: 1}}}`",
                edits=(
                    Edit(
                        ("streams", "clicks"),
                        {"kind": "kinesis", "workload": {"records_per_second": 1000, "record_kb": 1}},
                        invented=True,
                    ),
                ),
            )
        for key in self.tags:
            if key.lower().startswith("aws:"):
                yield Finding(
                    "LNG206",
                    "tag keys that start with `aws:` belong to AWS",
                    ("tags", key),
                    help="choose another key",
                    edits=(Edit(("tags", key)),),
                )
        yield from graph_findings(self)

    @model_validator(mode="after")
    def _raise_findings(self, info: ValidationInfo) -> Self:
        findings = tuple(self.findings())
        collected = (info.context or {}).get("collected")
        if collected is not None:
            # Who reads a file wants to know what else is wrong, for which it needs the graph as it is.
            collected.extend(findings)
        elif findings:
            raise refusal(*findings)
        return self

    def nodes(self) -> Iterator[tuple[str, str, NodeSpec]]:
        """Its nodes, whatever their kind: section, name and model of each, section by section."""
        for section in NODE_SECTIONS:
            for name, node in getattr(self, section).items():
                yield section, name, node

    @property
    def directory(self) -> Path:
        """The folder that paths in the spec are relative to: that of its file, else the working directory."""
        return self._directory

    @property
    def environment(self) -> str:
        """Which of the file's `environments` it is; empty where the file has none."""
        return self._environment

    @property
    def title(self) -> str:
        """What people call it: its name, and the environment that it is."""
        return f"{self.name} ({self._environment})" if self._environment else self.name

    def read_from(self, directory: str | os.PathLike[str], environment: str = "") -> PipelineSpec:
        """The same spec, with what its file said beside it.

        Args:
            directory: The folder that its paths are relative to.
            environment: Which environment of the file it is.
        """
        moved = self.model_copy()
        moved._directory, moved._environment = Path(directory), environment  # noqa: SLF001 - its own class
        return moved

    @property
    def assembled(self) -> Mapping[str, SpecPath]:
        """The deliveries that it names nowhere and has nevertheless, by name, each with the place that asks for it."""
        return self._assembled

    def assembled_with(
        self,
        *,
        deliveries: Mapping[str, DeliverySpec],
        analytics: Mapping[str, AnalyticsSpec],
        added: Mapping[str, SpecPath],
    ) -> PipelineSpec:
        """The same spec, with what it implies.

        Args:
            deliveries: All of its deliveries.
            analytics: All of its applications of Flink.
            added: Which of the deliveries it does not name, each with the place that asks for it.
        """
        whole = self.model_copy(update={"deliveries": deliveries, "analytics": analytics})
        whole._assembled = dict(added)  # noqa: SLF001 - its own class
        return whole

    @classmethod
    def load(cls, path: str | os.PathLike[str], environment: str | None = None) -> PipelineSpec:
        """Reads a spec from a YAML (or JSON) file.

        Args:
            path: The file.
            environment: Which of the file's `environments` it is; a file that has some is never read without one. Left out:
                the file has none.

        Raises:
            SpecError: With every problem of the file, each with its line, code and mend.
        """
        from streaming_constructs.spec.read import load

        return load(path, environment)

    def __eq__(self, other: object) -> bool:
        # Where a spec was read from is no part of what it says.
        return isinstance(other, PipelineSpec) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

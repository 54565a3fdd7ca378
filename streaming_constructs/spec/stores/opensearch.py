"""Amazon OpenSearch Service domains."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import opensearch
from streaming_constructs.spec.encryption import AwsManagedKey, Encryption
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Bool, Int, NodeName, RoleArn, form, no_effect
from streaming_constructs.spec.node import NodeSpec, Reference
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.vpc import VpcPlacement

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

EngineVersion = Annotated[str, form(r"^[0-9]+\.[0-9]+$", "a version in quotes, such as '2.19'")]


class OpenSearchDomainSpec(NodeSpec):
    """An Amazon OpenSearch Service domain for search and dashboards, with fine-grained access control.

    Its size follows from what is delivered to it and how long that is kept, unless it is given.
    """

    references: ClassVar = (Reference(("schema",), "schema", ("schemas",), "schema"),)
    example: ClassVar = {"kind": "opensearch", "retention_days": 14}

    kind: Literal["opensearch"] = Field(default="opensearch", description="An Amazon OpenSearch Service domain.")
    version: EngineVersion = Field(
        default=opensearch.DEFAULT_VERSION,
        description=f"Version of OpenSearch. Left out: {opensearch.DEFAULT_VERSION}.",
    )
    retention_days: Annotated[Int, Field(ge=1, le=3650)] = Field(
        default=14, description="Days that documents can be searched; older indices are deleted. Left out: 14."
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of the documents that applications of Flink SQL write whose `to` names the domain, "
        "in `schemas`. Left out: only deliveries that you name write to it, and have their own.",
    )
    instance_type: Literal[opensearch.INSTANCE_TYPES] | None = Field(  # type: ignore[valid-type]
        default=None, description="Type of the data nodes. Left out: chosen for the data that is kept."
    )
    instances: Annotated[Int, Field(ge=1, le=opensearch.DATA_NODES.maximum)] | None = Field(
        default=None, description="Number of data nodes. Left out: chosen for the data that is kept."
    )
    volume_gb: Annotated[Int, Field(ge=opensearch.VOLUME_GIB.minimum, le=opensearch.VOLUME_GIB.maximum)] | None = Field(
        default=None, description="Size of each node's volume, in GiB. Left out: chosen for the data that is kept."
    )
    replicas: Annotated[Int, Field(ge=0, le=2)] | None = Field(
        default=None,
        description="Copies of each shard beside the first. Left out: 1; 0 in a system with `removal_policy: destroy`.",
    )
    zones: Annotated[Int, Field(ge=1, le=3)] | None = Field(
        default=None,
        description="Availability zones, 1 to 3. Left out: 3, or as many as divide `instances`; 1 in a system with "
        "`removal_policy: destroy`.",
    )
    dedicated_masters: Bool | None = Field(
        default=None,
        description="Whether three nodes of their own manage the cluster. Left out: true; false in a system with "
        "`removal_policy: destroy`.",
    )
    admin_role_arn: RoleArn | None = Field(
        default=None,
        description="ARN of an existing role that administers OpenSearch, and that the setup of the domain can assume. "
        "Left out: a role is created that users of the account may be allowed to assume.",
    )
    encryption: Encryption = Field(
        default_factory=AwsManagedKey,
        description="Encryption at rest: aws_managed or customer_managed. Left out: aws_managed.",
    )
    log_resource_policy: Literal["created", "existing"] = Field(
        default="created",
        description="The resource policy of CloudWatch Logs that lets OpenSearch write the domain's logs: created, or "
        "existing, where one of the account lets es.amazonaws.com write to its log groups already. An account has ten such "
        "policies in a region, for all its domains and other services together. Left out: created.",
    )
    vpc: VpcPlacement | None = Field(
        default=None,
        description="Where in a VPC it stands. AWS cannot move it in or out later. Left out: it has a public address, and "
        "lets in only signed requests of roles that are named.",
    )
    removal_policy: RemovalPolicy | None = Field(
        default=None,
        description="What happens to the domain when it leaves the stack: retain or destroy. "
        "Left out: as the system says.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.version not in opensearch.VERSIONS:
            yield Finding(
                "OSD804",
                f"there is no version {self.version}",
                ("version",),
                note=f"Amazon OpenSearch Service offers {', '.join(opensearch.VERSIONS)}",
                help=f'choose one of them, such as `"{opensearch.DEFAULT_VERSION}"`',
                edits=(Edit(("version",), opensearch.DEFAULT_VERSION, invented=True),),
            )
        if self.zones is not None and self.instances is not None and self.instances % self.zones:
            yield Finding(
                "OSD803",
                "data nodes do not divide evenly among the zones",
                ("instances",),
                note=f"{self.instances} nodes, {self.zones} zones",
                help="choose a multiple of the zones",
                edits=(Edit(("instances",), math.ceil(self.instances / self.zones) * self.zones),),
            )
        if self.replicas is not None and self.instances is not None and self.replicas >= self.instances:
            yield Finding(
                "OSD802",
                "a copy needs a node of its own",
                ("replicas",),
                note=f"{self.replicas} copies beside the first; {self.instances} nodes have room for {self.instances - 1}",
                help="lower `replicas`, or raise `instances`",
                edits=(Edit(("replicas",), self.instances - 1),),
            )
        if self.vpc is not None and self.zones is not None and len(self.vpc.subnet_ids) != self.zones:
            yield Finding(
                "OSD805",
                "a domain has one subnet in each of its zones",
                ("vpc", "subnet_ids"),
                note=f"{len(self.vpc.subnet_ids)} subnets, {self.zones} zones",
                help="name one subnet a zone",
            )

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        if self.record_schema is not None and not any(name in node.targets() for _, _, node in spec.nodes()):
            yield no_effect(
                "schema",
                note="no application of Flink SQL names the domain in `to`",
                help_="give the `schema` to the deliveries that write to it",
            )

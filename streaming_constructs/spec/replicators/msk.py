"""Amazon MSK Replicator: topics, groups and their positions of one cluster, in another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import msk_replicator
from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.function import LogRetentionDays
from streaming_constructs.spec.model import Bool, OneNodeName, Short, form, listed_once
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Pattern = Annotated[str, form(r"^\S+$", "a name, or a regular expression of names, without blanks", max_length=249)]
Patterns = Annotated[tuple[Pattern, ...], Field(max_length=msk_replicator.PATTERNS.maximum), Short(_listed, Pattern)]
"""One regular expression of whole names, or a list of them."""
EVERYTHING = (".*",)


class MskReplicatorSpec(NodeSpec):
    """A replicator between two clusters of the system, in the region of the one that is written to."""

    references: ClassVar = (
        Reference(("from",), "uses", ("clusters",), "cluster"),
        Reference(("to",), "uses", ("clusters",), "cluster"),
    )
    example: ClassVar = {"kind": "msk", "from": "main", "to": "backup", "topics": "shop[.].*"}

    kind: Literal["msk"] = Field(default="msk", description="Amazon MSK Replicator.")
    from_: OneNodeName = Field(
        validation_alias="from", serialization_alias="from", description="The cluster that is read, one of `clusters`."
    )
    to: OneNodeName = Field(description="The cluster that is written to, one of `clusters`.")
    topics: Patterns = Field(
        default=EVERYTHING,
        min_length=1,
        description="Which topics, as regular expressions of whole names: one or a list. Left out: all of them.",
    )
    exclude_topics: Patterns = Field(
        default=(), description="Which of these are left out, in the same way. Left out: none."
    )
    consumer_groups: Patterns = Field(
        default=EVERYTHING,
        description="Of which groups the positions are translated, in the same way; `[]` for none. Left out: of all of them.",
    )
    exclude_consumer_groups: Patterns = Field(
        default=(), description="Which of these are left out, in the same way. Left out: none."
    )
    starting_position: Literal["latest", "earliest"] = Field(
        default="latest",
        description="Where it begins in each topic: latest, or earliest for what is there already. It cannot change. Left "
        "out: latest.",
    )
    topic_names: Literal["prefixed", "identical"] = Field(
        default="prefixed",
        description="How topics are called in the other cluster: prefixed (with the alias of the first one) or identical. It "
        "cannot change. Left out: prefixed.",
    )
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = Field(
        default="none", description="How records are compressed on their way. It cannot change. Left out: none."
    )
    copy_topic_configs: Bool = Field(
        default=True, description="Whether configurations of topics are copied, and kept the same. Left out: true."
    )
    copy_acls: Bool = Field(
        default=True, description="Whether access control lists of topics are copied. Left out: true."
    )
    detect_new: Bool = Field(
        default=True,
        description="Whether topics and groups that are made later are replicated as well. Left out: true.",
    )
    sync_offsets: Bool = Field(
        default=True,
        description="Whether translated positions are written to the other cluster, so that its consumers go on from there. "
        "Left out: true.",
    )
    log_retention_days: LogRetentionDays = Field(
        default=30, description="How long its logs are kept in CloudWatch Logs, in days. Left out: 30."
    )

    def findings(self) -> Iterator[Finding]:
        for field in ("topics", "exclude_topics", "consumer_groups", "exclude_consumer_groups"):
            yield from listed_once(self, field)
            patterns = list(getattr(self, field))
            for position, pattern in enumerate(patterns):
                try:
                    re.compile(pattern)
                except re.error as error:
                    yield Finding(
                        "MSK439",
                        "this is no regular expression",
                        (field, position),
                        note=f"{error}; names are matched as a whole",
                        help="write a name, or such as `shop[.].*` for all that begin with `shop.`",
                        edits=(Edit((field,), [*patterns[:position], ".*", *patterns[position + 1 :]], invented=True),),
                    )
        if self.from_ == self.to:
            yield Finding(
                "MSK434",
                "a cluster is not replicated to itself",
                ("to",),
                note=f"`{self.to}` is read as well",
                help="name another of the `clusters`",
            )

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        for field, cluster_name in (("from", self.from_), ("to", self.to)):
            cluster = spec.clusters[cluster_name]
            assert isinstance(cluster, KafkaClusterSpec)
            yield from _cluster_findings(field, cluster_name, cluster)
            yield from _region_findings(field, cluster_name, cluster, spec.region)

    def stack_share(self) -> StackShare:
        # The role, its policy, the log group, a security group with its rule for each cluster, and the replicator.
        return StackShare(resources=8, outputs=1)


def _cluster_findings(field: str, name: str, cluster: KafkaClusterSpec) -> Iterator[Finding]:
    if "iam" not in cluster.authentications:
        yield Finding(
            "MSK435",
            "MSK Replicator authenticates by IAM alone",
            (field,),
            note=f"the clients of `{name}` authenticate by {', '.join(cluster.authentications)}",
            help=f"add it to the cluster: `auth: {in_yaml(['iam', *cluster.authentications])}`",
        )
    brokers = getattr(cluster, "brokers", None)
    least = int(msk_replicator.LEAST_BROKERS.value)
    if field == "from" and brokers is not None and brokers < least:
        yield Finding(
            "MSK435",
            f"the cluster that is read has {least} brokers at least",
            (field,),
            note=f"`{name}` has {brokers}",
            help=f"set `brokers: {least}` on the cluster, or more",
        )
    if cluster.arn is not None and cluster.vpc is None:
        yield Finding(
            "MSK436",
            "nothing says where the cluster stands",
            (field,),
            note=f"`{name}` exists, and its subnets are not known",
            help=f"add to `clusters.{name}`: `vpc: {{subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], "
            "security_group_ids: [sg-0123456789abcdef0]}`, with a group that the cluster lets in",
        )


def _region_findings(field: str, name: str, cluster: KafkaClusterSpec, region: str | None) -> Iterator[Finding]:
    """What is wrong with a cluster of another region than the stack's, where both are known."""
    there = cluster.arn.split(":")[3] if cluster.arn is not None else region
    if region is None or there == region:
        return
    if field == "to":
        yield Finding(
            "MSK435",
            "a replicator stands in the region of the cluster that is written to",
            ("to",),
            note=f"the stack is in {region}, and `{name}` in {there}",
            help=f"set `region: {there}` on the system, or exchange the clusters",
        )
    elif isinstance(cluster, BrokerClusterSpec) and not cluster.multi_vpc:
        yield Finding(
            "MSK435",
            "a cluster of another region is read over private connections",
            ("from",),
            note=f"`{name}` is in {there}, and nothing says that it has multi-VPC connectivity",
            help=f"switch it on for IAM, let its policy permit kafka:CreateVpcConnection, kafka:GetBootstrapBrokers and "
            f"kafka:DescribeClusterV2 to kafka.amazonaws.com, and write `multi_vpc: true` on `clusters.{name}`",
        )

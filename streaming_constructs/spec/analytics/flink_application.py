"""What applications of Flink have in common: runtime, capacity, checkpoints, snapshots and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import flink
from streaming_constructs.spec.analytics.checkpointing import Checkpointing
from streaming_constructs.spec.analytics.restore import Restore, RestoreField
from streaming_constructs.spec.encryption import AwsOwnedKey, CustomerManagedKey, DeliveryEncryption
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.function import LogRetentionDays
from streaming_constructs.spec.model import Bool, Int, NodeNames, within
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare
from streaming_constructs.spec.section import Section

if TYPE_CHECKING:
    from streaming_constructs.spec.permission import Permission
    from streaming_constructs.spec.vpc import VpcPlacement
else:
    Permission = Annotated[Any, Section("permission", "Permission")]
    VpcPlacement = Annotated[Any, Section("vpc", "VpcPlacement")]

RuntimeName = Literal["FLINK-2_3", "FLINK-2_2", "FLINK-1_20"]


WRITTEN_TO = ("kinesis", "kafka", "", "dynamodb")
"""The kinds of node that an application writes to by a connector; empty: deliveries."""


class FlinkApplicationSpec(NodeSpec):
    """An application on Amazon Managed Service for Apache Flink, whatever its code is."""

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(("from",), "from", ("streams",), "stream", kinds=("kinesis", "kafka")),
        Reference(
            ("to",),
            "to",
            ("streams", "deliveries", "stores"),
            "stream, delivery or store",
            kinds=WRITTEN_TO,
        ),
    )

    from_: NodeNames = Field(
        default=(),
        validation_alias="from",
        serialization_alias="from",
        description="The streams that it reads: one of `streams`, or a list. Left out: none.",
    )
    to: NodeNames = Field(
        default=(),
        description="The streams, deliveries and stores that it writes to: one, or a list. Left out: none.",
    )
    runtime: RuntimeName = Field(
        default="FLINK-2_3", description="FLINK-2_3, FLINK-2_2 or FLINK-1_20. Left out: FLINK-2_3."
    )
    parallelism: Annotated[Int, within(flink.PARALLELISM)] | None = Field(
        default=None,
        description="How many subtasks each operator has. Left out: derived from what it reads, with the working shown.",
    )
    parallelism_per_kpu: Annotated[Int, within(flink.PARALLELISM_PER_KPU)] | None = Field(
        default=None,
        description="How many subtasks share a KPU (1 vCPU, 4 GiB), 1 to 8. Left out: derived from the workload, with the "
        "working shown.",
    )
    autoscaling: Bool = Field(
        default=False,
        description="Whether the service changes the parallelism with the load on the CPU; each change is a restart. Left out: "
        "false.",
    )
    checkpointing: Checkpointing | Literal[False] = Field(
        default_factory=Checkpointing,
        description="How often state is kept, such as {interval_seconds: 60}; false for never. Left out: each minute.",
    )
    snapshots: Bool = Field(
        default=True,
        description="Whether a snapshot of the state is made when it is stopped or updated. Left out: true; without them an "
        "update begins with no state.",
    )
    restore: RestoreField = Field(
        default_factory=Restore,
        description="What it begins with: latest_snapshot, nothing, the name of a snapshot, or a mapping. Left out: the latest "
        "snapshot, if there is one.",
    )
    rollback: Bool = Field(
        default=True,
        description="Whether a failed update goes back to the version before. Left out: true.",
    )
    start: Bool = Field(
        default=True,
        description="Whether a deployment starts it, and waits until it runs. Left out: true; CloudFormation alone starts "
        "none.",
    )
    max_lag_seconds: Annotated[Int, Field(ge=1, le=31_536_000)] | None = Field(
        default=None,
        description="How far behind it is late, in seconds; the alarm on lag follows. Left out: as `alarms.max_lag_seconds` "
        "says, else an hour, or half of the time that records are kept if that is less.",
    )
    permissions: tuple[Permission, ...] = Field(
        default=(), description="What it may do beyond what its edges grant. Left out: nothing."
    )
    vpc: VpcPlacement | None = Field(
        default=None,
        description="Where it stands; it reaches nothing but from there. Left out: beside the brokers where it reads or writes "
        "topics, else in no VPC.",
    )
    encryption: DeliveryEncryption = Field(
        default_factory=AwsOwnedKey,
        description="Encryption of its state: aws_owned, customer_managed, or {kms_key_arn: …} for a key that exists. Left "
        "out: aws_owned.",
    )
    log_level: Literal["error", "warn", "info", "debug"] = Field(
        default="info", description="What is logged: error, warn, info or debug. Left out: info."
    )
    metrics_level: Literal["application", "task", "operator", "parallelism"] = Field(
        default="application",
        description="What metrics are published for, each finer level at the price of more custom metrics: application, task, "
        "operator or parallelism. Left out: application.",
    )
    log_retention_days: LogRetentionDays = Field(
        default=30, description="How long its logs are kept in CloudWatch Logs, in days. Left out: 30."
    )

    def findings(self) -> Iterator[Finding]:
        for field, names in (("from", self.from_), ("to", self.to)):
            for place, name in enumerate(names):
                if name in names[:place]:
                    yield Finding(
                        "LNG406",
                        f"an item of `{field}` is listed twice",
                        (field, place),
                        note=f"it is the same as item {names.index(name)}, counted from 0",
                        help="take one out",
                        edits=(Edit((field, place)),),
                    )

    def stack_share(self) -> StackShare:
        # The application, its role and policy, its log group and stream, and that it logs there; as much starts it.
        resources = 12 if self.start else 6
        has_own_key = isinstance(self.encryption, CustomerManagedKey) and self.encryption.kms_key_arn is None
        return StackShare(resources=resources + has_own_key, outputs=3)

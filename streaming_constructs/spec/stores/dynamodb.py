"""Amazon DynamoDB tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import dynamodb
from streaming_constructs.spec.encryption import AwsManagedKey, CustomerManagedKey, TableEncryption
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import Bool, Int, NodeName, Short, SpecModel, arn, form, no_effect, within
from streaming_constructs.spec.node import NodeSpec, Reference, StackShare
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.workload import Workload

TableArn = Annotated[
    str,
    arn("dynamodb", "table/[a-zA-Z0-9_.-]{3,255}", "the ARN of a table, arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"),
]
AttributeName = Annotated[
    str,
    form(
        r"^[^\x00-\x1f\x7f]+$",
        "the name of an attribute on one line",
        max_length=dynamodb.KEY_NAME_CHARACTERS.maximum,
    ),
]
CREATED_TABLE_FIELDS = (
    "deletion_protection",
    "point_in_time_recovery",
    "removal_policy",
    "stream",
    "table_class",
    "warm_write_units",
)
"""Fields that only a table that is created can have; an existing one is adopted as it is."""
CAPACITIES = ("read_capacity", "write_capacity")


class KeyAttribute(SpecModel):
    """An attribute of the key of a table."""

    example: ClassVar = {"name": "user_id", "type": "string"}

    name: AttributeName = Field(description="Its name, as items have it.")
    type: Literal["string", "number", "binary"] = Field(
        default="string", description="Its type in DynamoDB: string, number or binary. Left out: string."
    )


class TableCapacity(SpecModel):
    """Capacity that follows the load between two bounds, or that stays where both are the same."""

    example: ClassVar = {"minimum": 5, "maximum": 100}

    minimum: Annotated[Int, within(dynamodb.CAPACITY_UNITS)] = Field(
        description="Least units a second, 1 to 40000; the table begins with them."
    )
    maximum: Annotated[Int, within(dynamodb.CAPACITY_UNITS)] = Field(description="Most units a second, 1 to 40000.")
    target_percent: Annotated[Int, within(dynamodb.SCALING_TARGET_PERCENT)] = Field(
        default=int(dynamodb.SCALING_DEFAULT_PERCENT.value),
        description="Use of the capacity that is aimed at between the bounds, in percent, 20 to 90. Left out: 70.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.minimum > self.maximum:
            yield Finding(
                "DDB846",
                "there is always more capacity than there may be",
                ("maximum",),
                note=f"{self.minimum} units at least, {self.maximum} at most",
                help=f"set `maximum: {self.minimum}` or more",
                edits=(Edit(("maximum",), self.minimum),),
            )
        if not self.scales and "target_percent" in self.model_fields_set:
            yield no_effect("target_percent", note="both bounds are the same, so the capacity stays")

    @property
    def scales(self) -> bool:
        """Whether it follows the load."""
        return self.maximum > self.minimum


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _fixed(value: Any) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return {"minimum": value, "maximum": value} if is_number else value


Key = Annotated[KeyAttribute, Short(_named, AttributeName)]
Capacity = Annotated[TableCapacity, Short(_fixed, Annotated[Int, within(dynamodb.CAPACITY_UNITS)])]


class DynamoDbTableSpec(NodeSpec):
    """An Amazon DynamoDB table, created or, with `arn`, an existing one: items by key, to be looked up in milliseconds."""

    references: ClassVar = (Reference(("schema",), "schema", ("schemas",), "schema"),)
    example: ClassVar = {"kind": "dynamodb", "partition_key": "user_id"}

    kind: Literal["dynamodb"] = Field(default="dynamodb", description="An Amazon DynamoDB table.")
    arn: TableArn | None = Field(
        default=None,
        description="ARN of an existing table; its keys, `ttl`, `billing` and capacity then describe it. Left out: the table "
        "is created.",
    )
    partition_key: Key = Field(
        description="The attribute that items are found by, a name or {name, type}; items that share it are kept together. "
        "Another one makes another table."
    )
    sort_key: Key | None = Field(
        default=None,
        description="The attribute that items with one partition key are told apart and sorted by, a name or {name, type}. "
        "Left out: there is one item of a partition key.",
    )
    record_schema: NodeName | None = Field(
        default=None,
        validation_alias="schema",
        serialization_alias="schema",
        description="Name of the schema of its items, in `schemas`; the keys are fields of it. Left out: items have the "
        "attributes that their writers give them.",
    )
    ttl: AttributeName | None = Field(
        default=None,
        description="The attribute with the time at which an item expires, a number of seconds since 1970. DynamoDB deletes "
        "it within a few days from then. Left out: items stay.",
    )
    workload: Workload | None = Field(
        default=None,
        description="What is written to it: items a second, and their size. Left out: what its writers read is told, and "
        "`write_capacity` has to be given with `billing: provisioned`.",
    )
    billing: Literal["on_demand", "provisioned"] = Field(
        default="on_demand",
        description="on_demand (a price for each request) or provisioned (a capacity a second, at a price for each hour). "
        "Left out: on_demand.",
    )
    read_capacity: Capacity | None = Field(
        default=None,
        description="Of a provisioned table: read units a second, each of 4 KB; a number that stays, or {minimum: 5, maximum: "
        "100}, between which it follows the load. Left out: give it with `billing: provisioned`.",
    )
    write_capacity: Capacity | None = Field(
        default=None,
        description="Of a provisioned table: write units a second, each of 1 KB, in the same forms. Left out: derived from "
        "`workload`, with the working shown.",
    )
    warm_write_units: Annotated[Int, within(dynamodb.WARM_WRITE_UNITS)] | None = Field(
        default=None,
        description="Write units a second that an on-demand table takes at once, 4000 to 40000; paid for once, and never "
        "lowered. Left out: 4000, and it grows with its traffic.",
    )
    table_class: Literal["standard", "standard_infrequent_access"] = Field(
        default="standard",
        description="standard, or standard_infrequent_access, where storage costs less and requests more. Left out: standard.",
    )
    point_in_time_recovery: Bool = Field(
        default=True,
        description="Whether it can be restored as it was at any second of the last 35 days, at a price for its size. Left "
        "out: true.",
    )
    deletion_protection: Bool | None = Field(
        default=None,
        description="Whether DynamoDB refuses to delete it, whoever asks. Left out: true where the table stays when it leaves "
        "the stack.",
    )
    stream: Literal["keys_only", "new_image", "old_image", "new_and_old_images"] | None = Field(
        default=None,
        description="What a DynamoDB stream of its changes tells of an item: keys_only, new_image, old_image or "
        "new_and_old_images. Left out: it has no stream.",
    )
    encryption: TableEncryption = Field(
        default_factory=AwsManagedKey,
        description="The key of its encryption at rest: aws_managed (that of DynamoDB in your account, whose use CloudTrail "
        "shows), aws_owned (one of AWS's own, at no charge), customer_managed, or {kms_key_arn: …} for a key that exists. "
        "Left out: aws_managed.",
    )
    removal_policy: RemovalPolicy | None = Field(
        default=None,
        description="What happens to the table when it leaves the stack: retain or destroy. Left out: as the system says.",
    )

    def findings(self) -> Iterator[Finding]:
        if self.arn is not None:
            yield from self._findings_of_existing()
        yield from self._findings_of_keys()
        yield from self._findings_of_billing()
        if self.workload is not None and self.workload.kb > dynamodb.ITEM_KIB.value:
            yield Finding(
                "DDB847",
                "an item is larger than DynamoDB takes",
                ("workload", "record_kb" if self.workload.record_kb is not None else "record_bytes"),
                note=f"items are {self.workload.kb:.10g} KB on average; one takes {dynamodb.ITEM_KIB.value:g} KB, with the "
                "names of its attributes",
                help="keep what is large in S3, and its address in the item",
            )

    def system_findings(self) -> Iterator[Finding]:
        if self.arn is not None or not self.is_provisioned:
            return
        if self.read_capacity is None:
            yield _missing_capacity("read_capacity", "nothing tells how much is read")
        if self.write_capacity is None and self.workload is None:
            yield _missing_capacity("write_capacity", "there is no `workload` to derive it from")

    def physical_id(self) -> str:
        return self.arn or ""

    def stack_share(self) -> StackShare:
        scaled = sum(capacity is not None and capacity.scales for capacity in (self.read_capacity, self.write_capacity))
        return StackShare(resources=0 if self.arn else 1 + 2 * scaled, outputs=2)

    @property
    def is_provisioned(self) -> bool:
        """Whether it has a capacity of its own, and none that follows each request."""
        return self.billing == "provisioned"

    @property
    def keys(self) -> tuple[tuple[str, KeyAttribute], ...]:
        """The attributes of its key, each with the field that says it."""
        sort = (("sort_key", self.sort_key),) if self.sort_key is not None else ()
        return (("partition_key", self.partition_key), *sort)

    def _findings_of_keys(self) -> Iterator[Finding]:
        if self.sort_key is not None and self.sort_key.name == self.partition_key.name:
            yield Finding(
                "DDB841",
                "both keys are one attribute",
                ("sort_key",),
                note=f"`{self.sort_key.name}` is the partition key already; DynamoDB refuses such a table",
                help="take it out, or name the attribute that tells items of one partition key apart",
                edits=(Edit(("sort_key",)),),
            )

    def _findings_of_billing(self) -> Iterator[Finding]:
        if self.is_provisioned:
            if self.warm_write_units is not None:
                yield no_effect(
                    "warm_write_units",
                    note="a provisioned table takes at once what it is provisioned with",
                    help_="take it out, or set `billing: on_demand`",
                )
            return
        for field in CAPACITIES:
            if getattr(self, field) is not None:
                yield no_effect(
                    field,
                    note="the capacity of an on-demand table follows its requests",
                    help_="take it out, or set `billing: provisioned`",
                )

    def _findings_of_existing(self) -> Iterator[Finding]:
        for field in CREATED_TABLE_FIELDS:
            if field in self.model_fields_set and getattr(self, field) is not None:
                yield Finding(
                    "LNG403",
                    f"`{field}` cannot be set on an existing table",
                    (field,),
                    note="`arn` names a table that is adopted as it is; only its keys, `schema`, `ttl`, `workload`, `billing`, "
                    "capacities and a key's `kms_key_arn` are read, to describe it",
                    help="take it out, or take out `arn` to create the table",
                    edits=(Edit((field,)),),
                )
        if isinstance(self.encryption, CustomerManagedKey) and self.encryption.kms_key_arn is None:
            yield Finding(
                "LNG403",
                "an existing table already has its key",
                ("encryption",),
                note="no key is created for a table that is adopted",
                help="give the `kms_key_arn` that it is encrypted with, so that writers may use it",
                edits=(Edit(("encryption",)),),
            )


def _missing_capacity(field: str, note: str) -> Finding:
    return Finding(
        "DDB845",
        f"a provisioned table without `{field}`",
        (),
        note=note,
        help=f"add `{field}: {{minimum: 5, maximum: 100}}`, a number that stays, or set `billing: on_demand`",
        edits=(Edit((field,), TableCapacity.example),),
    )

"""What all clusters of Kafka have in common, whatever runs them: where they stand, and who authenticates how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import msk
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.model import SecurityGroupId, Short, arn, listed_once, not_on_existing
from streaming_constructs.spec.node import NodeSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.section import Section

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.vpc import VpcPlacement
else:
    VpcPlacement = Annotated[Any, Section("vpc", "VpcPlacement")]

ClusterArn = Annotated[
    str,
    arn(
        "kafka",
        "cluster/[a-zA-Z0-9-]{1,64}/[a-zA-Z0-9-]+",
        "the ARN of an MSK cluster, arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID",
    ),
]
_NUMBERED = re.compile(r".*/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-(?P<serverless>s?)(?P<number>[0-9]+)")
"""The ARN of a cluster as MSK makes it: a number is behind its UUID, and an `s` before that of a serverless one."""
Authentication = Literal["iam", "sasl_scram", "mtls"]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Authentications = Annotated[
    tuple[Authentication, ...], Field(min_length=1, max_length=3), Short(_listed, Authentication)
]
"""One way to authenticate, or a list of them."""


class KafkaClusterSpec(NodeSpec):
    """A cluster of Kafka, created or, with `arn`, an existing one."""

    created_only: ClassVar[tuple[str, ...]] = ()
    """Fields that only a cluster that is created can have, beside `vpc` and `client_security_group_ids`."""
    express: ClassVar[bool] = False
    """Whether it has Express brokers."""

    arn: ClusterArn | None = Field(
        default=None,
        description="ARN of an existing cluster; what is said beside it then describes it. Left out: the cluster is created.",
    )
    vpc: VpcPlacement | None = Field(
        default=None,
        description="Where it stands: a `vpc_id` and one subnet of each of two or three availability zones. It cannot be "
        "moved later. Left out: a VPC is created for it, with private subnets in three zones and the VPC endpoints of what is "
        "reached from there.",
    )
    client_security_group_ids: tuple[SecurityGroupId, ...] = Field(
        default=(),
        max_length=50,
        description="Security groups whose members reach the brokers, on the port of their authentication. The cluster has a "
        "group of its own, whose members do. Left out: nobody else.",
    )
    removal_policy: RemovalPolicy | None = Field(
        default=None,
        description="What happens to the cluster when it leaves the stack: retain or destroy. Left out: as the system says.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from listed_once(self, "client_security_group_ids")
        if self.arn is not None:
            yield from self._findings_of_arn(self.arn)
            for field in ("client_security_group_ids", "removal_policy", *self.created_only):
                if field in self.model_fields_set and getattr(self, field):
                    yield not_on_existing(
                        field, "cluster", "arn", "take it out, or take out `arn` to create the cluster"
                    )
        elif self.vpc is not None:
            yield from self._findings_of_placement(self.vpc)

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        why = msk.FEWER_ZONES.get(spec.region or "")
        if why is not None and self.arn is None and self.vpc is None:
            yield Finding(
                "MSK479",
                f"a VPC that is created in {spec.region} may have zones without brokers",
                note=f"{why}; the VPC takes the first three zones of the account",
                help="name one with `vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, "
                "subnet-0123456789abcdef1]}`, or bring one in Python",
            )

    def physical_id(self) -> str:
        return self.arn or ""

    @property
    def authentications(self) -> tuple[Authentication, ...]:
        """How clients authenticate; serverless clusters know IAM alone."""
        return ("iam",)

    @property
    def is_serverless(self) -> bool:
        """Whether it has no brokers that anyone sees."""
        return False

    @property
    def created_network(self) -> int:
        """The resources of the VPC that is created for it: that itself, three subnets with their routes, and its flow log."""
        return 0 if self.arn is not None or self.vpc is not None else 14

    def zones(self) -> int:
        """In how many availability zones it stands."""
        return len(self.vpc.subnet_ids) if self.vpc is not None else 3

    def _findings_of_arn(self, arn: str) -> Iterator[Finding]:
        """A cluster that its ARN says is of the other kind; of an ARN that says neither nothing is known."""
        found = _NUMBERED.fullmatch(arn)
        if found is None or bool(found["serverless"]) == self.is_serverless:
            return
        kind = "msk" if self.is_serverless else "msk_serverless"
        yield Finding(
            "MSK450",
            "the ARN is that of a cluster of brokers"
            if self.is_serverless
            else "the ARN is that of a serverless cluster",
            ("arn",),
            note=f"it ends in `-{found['serverless']}{found['number']}`; those of serverless clusters end in `-s1`, or "
            "another number behind the `s`",
            help=f"write `kind: {kind}`" + (", or `msk_express`" if self.is_serverless else ", or another ARN"),
            edits=(Edit(("kind",), kind, invented=True),),
        )

    def _findings_of_placement(self, vpc: VpcPlacement) -> Iterator[Finding]:
        if vpc.vpc_id is None:
            yield Finding(
                "LNG202",
                "`vpc_id` is missing",
                ("vpc",),
                note="the cluster gets a security group of its own in it, that stays the same for good",
                help="add `vpc_id: vpc-0123456789abcdef0`",
            )
        if vpc.security_group_ids:
            yield Finding(
                "MSK460",
                "a cluster has a security group of its own",
                ("vpc", "security_group_ids"),
                note="groups are create-only: to change their list replaces the cluster, and loses what is in it; rules of "
                "its own group change in place",
                help=f"name who may reach it: `client_security_group_ids: [{vpc.security_group_ids[0]}]`",
            )

    def deliveries_of(self, name: str, spec: PipelineSpec) -> tuple[str, ...]:
        """The deliveries of a system that read one of its topics: Firehose connects to it privately.

        Args:
            name: The name of its node.
            spec: The system.
        """
        topics = {topic for topic, node in spec.streams.items() if getattr(node, "cluster", "") == name}
        return tuple(delivery for delivery, node in spec.deliveries.items() if topics.intersection(node.sources()))

    def subnet_path(self) -> SpecPath:
        """Where its subnets are said."""
        return ("vpc", "subnet_ids") if self.vpc is not None else ()

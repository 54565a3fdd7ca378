"""A delivery to an OpenSearch domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self, Unpack

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.deliveries.firehose import Delivery, DeliveryInputs, system_inputs
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.cdk.node import Context
from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain
from streaming_constructs.cdk.vpc import Network
from streaming_constructs.facts import permissions
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.stores.opensearch_index import index_name, rotation_finding
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.finding import Finding, SpecError

if TYPE_CHECKING:
    # A large module, that only what brings a domain needs.
    from aws_cdk import aws_opensearchservice as opensearch

_ROTATIONS = {"none": "NoRotation", "hourly": "OneHour", "daily": "OneDay", "weekly": "OneWeek", "monthly": "OneMonth"}
_DOCUMENT_IDS = {"firehose": "FIREHOSE_DEFAULT", "none": "NO_DOCUMENT_ID"}


class OpenSearchDelivery(Delivery):
    """A Firehose stream that writes each record as a document into an index of an OpenSearch domain.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for documents that the domain refuses unless one is brought or named
    (**stateful**, retained). For an `OpenSearchDomain` it also creates the `AWS::CloudFormation::CustomResource` that
    maps its role in the domain's access control, sets the fields of new indices from the schema of the records, and has them
    deleted when they are old. In an existing domain none of that is touched: there its role has to be mapped to a role of
    OpenSearch that may create and write the index.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es

    Example:
        ```python
        OpenSearchDelivery(
            stack,
            "search",
            source=events,
            domain=OpenSearchDomain(stack, "Domain", spec=OpenSearchDomainSpec()),
            spec=DeliverySpec(from_="events", to=OpenSearchDestination(domain="domain")),
        )
        ```

    Attributes:
        index: The index, without what rotation appends.
        domain_arn: The ARN of the domain.
        setup: What prepares the domain for it; None for an existing one.
        security_group: The security group of its network interfaces, if one was created for them.
    """

    index: str
    domain_arn: str
    setup: Construct | None
    security_group: ec2.SecurityGroup | None

    _destination_spec = OpenSearchDestination

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain: OpenSearchDomain | opensearch.IDomain | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        **inputs: Unpack[DeliveryInputs],
    ) -> None:
        """Creates the delivery.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            domain: The domain that the spec names in `domain`. Left out: the existing one of the spec's `domain_arn`.
            vpc: The VPC of an existing domain that is in one. Left out: it is in none; an `OpenSearchDomain` knows its own.
            vpc_subnets: Which of its subnets; they need free addresses. Left out: the private ones.
            security_groups: Security groups that the domain lets in on port 443. Left out: one is created, which you let in.
            **inputs: What every delivery takes; see `Delivery`.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id, **inputs)
        to = self.plan.spec.to
        assert isinstance(to, OpenSearchDestination)
        own = domain if isinstance(domain, OpenSearchDomain) else None
        _check(construct_id, to, own, domain_given=domain is not None, vpc_given=vpc is not None)
        self.index = index_name(self.plan)
        self.domain_arn = _arn(domain) if domain is not None else str(to.domain_arn)
        self.security_group = None
        network = own.network if own is not None else self._network(vpc, vpc_subnets, security_groups)
        self._may_index(in_vpc=network is not None)
        self.setup = own.prepare(self, self.plan, self.role) if own is not None else None
        self._deliver(
            {
                "DomainARN": self.domain_arn,
                "RoleARN": self.role.role_arn,
                "IndexName": self.index,
                "IndexRotationPeriod": _ROTATIONS[to.index_rotation],
                "DocumentIdOptions": {"DefaultDocumentIdFormat": _DOCUMENT_IDS[to.document_id]},
                "BufferingHints": {
                    "SizeInMBs": self.plan.buffer_mb,
                    "IntervalInSeconds": self.plan.buffer_seconds,
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                "S3BackupMode": to.facts.backup_modes[to.copies_all_records],
                "S3Configuration": self._backup(to.backup),
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
                "VpcConfiguration": {"RoleARN": self.role.role_arn, **network.properties} if network else None,
            },
        )
        if self.setup is not None:
            self.delivery_stream.node.add_dependency(self.setup)
        self._acknowledge_paths(in_vpc=network is not None)

    @classmethod
    def of_system(cls, scope: Construct, plan: DeliveryPlan, context: Context) -> Self:
        (domain,) = context.reached(plan.spec.edges(), "uses").values() or (None,)
        return cls(
            scope,
            plan.name,
            # One that the spec names is the system's own; one that is brought then is told to be left over.
            domain=domain or context.brought.stores.get(plan.name),
            **system_inputs(plan, context, context.brought.buckets.get(plan.name)),
        )

    def _network(
        self,
        vpc: ec2.IVpc | None,
        vpc_subnets: ec2.SubnetSelection | None,
        security_groups: Sequence[ec2.ISecurityGroup] | None,
    ) -> Network | None:
        if vpc is None:
            return None
        groups = list(security_groups or [])
        if not groups:
            self.security_group = ec2.SecurityGroup(
                self, "SecurityGroup", vpc=vpc, description=f"The delivery {self.node.id}, on its way to a domain"
            )
            groups = [self.security_group]
        return Network.of(vpc, vpc_subnets, groups)

    def _may_index(self, *, in_vpc: bool) -> None:
        """Lets the delivery write to the domain, and read what Firehose looks at there."""
        self._needed += [
            {self.domain_arn: permissions.FIREHOSE_WRITES_OPENSEARCH},
            {f"{self.domain_arn}/*": permissions.FIREHOSE_WRITES_OPENSEARCH},
            {f"{self.domain_arn}/{path}": permissions.FIREHOSE_READS_OPENSEARCH for path in self._paths},
        ]
        if in_vpc:
            self._needed.append({"*": permissions.FIREHOSE_JOINS_VPC})

    @property
    def _paths(self) -> list[str]:
        """What Firehose reads: of its index, and of those that rotation makes of it."""
        to = self.plan.spec.to
        assert isinstance(to, OpenSearchDestination)
        # With the hyphen, so that no other index whose name begins alike is meant.
        rotated = [] if to.index_rotation == "none" else [f"{self.index}-*"]
        paths = [
            path.format(index=index) for index in (self.index, *rotated) for path in permissions.OPENSEARCH_READ_PATHS
        ]
        return list(dict.fromkeys(paths))

    def _acknowledge_paths(self, *, in_vpc: bool) -> None:
        name = nag_name(self, self.domain_arn)
        acknowledge(
            self.permissions,
            "Firehose writes in bulk, and looks at its index and the nodes, under paths that it chooses; what it may do in "
            "which index, the domain's access control says",
            *(f"AwsSolutions-IAM5[Resource::{name}/{path}]" for path in ("*", *self._paths) if "*" in path),
        )
        if in_vpc:
            acknowledge(
                self.permissions,
                "The network interfaces of a delivery to a VPC do not exist before it, so there is nothing to name",
                "AwsSolutions-IAM5[Resource::*]",
            )


def _arn(domain: OpenSearchDomain | opensearch.IDomain) -> str:
    return domain.domain.attr_arn if isinstance(domain, OpenSearchDomain) else domain.domain_arn


def _check(
    name: str, to: OpenSearchDestination, domain: OpenSearchDomain | None, *, domain_given: bool, vpc_given: bool
) -> None:
    findings = [] if domain_given else [finding.below("to") for finding in to.incomplete()]
    if domain_given and to.domain_arn is not None:
        findings.append(brought_finding("to.domain_arn", "domain"))
    if not domain_given and to.domain is not None:
        findings.append(
            Finding(
                "GRF301", f"nothing was brought as `{to.domain}`", ("to", "domain"), help="give the domain as `domain=`"
            )
        )
    if domain is not None and vpc_given:
        findings.append(
            Finding(
                "LNG404",
                "the VPC that was brought has no effect",
                ("to", "domain"),
                note="`vpc=` was given; the domain knows where it stands",
                help="take it out",
            )
        )
    if domain is not None and to.index_rotation == "none":
        findings.append(rotation_finding(domain.plan.spec.retention_days))
    if findings:
        raise SpecError([finding.below(name) for finding in findings])

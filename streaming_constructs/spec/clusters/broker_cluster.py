"""What clusters of brokers have in common, Standard and Express: version, authentication, server properties, monitoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import kafka, msk
from streaming_constructs.facts.kafka import SERVER_PROPERTIES, ZOOKEEPER_PROPERTIES, Config
from streaming_constructs.spec.clusters.cluster import Authentication, Authentications, KafkaClusterSpec
from streaming_constructs.spec.clusters.kafka_version import offered_versions, version_like
from streaming_constructs.spec.encryption import AwsManagedKey, Encryption
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.function import LogRetentionDays
from streaming_constructs.spec.kafka_configs import ConfigValue, config_findings, in_sync_finding, is_off, number_of
from streaming_constructs.spec.model import AccountId, Bool, SecretArn, arn, listed_once

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

CertificateAuthorityArn = Annotated[
    str,
    arn(
        "acm-pca",
        "certificate-authority/[a-f0-9-]+",
        "the ARN of a private certificate authority, arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/ID",
    ),
]
REPLICAS_AND_IN_SYNC = (
    ("default.replication.factor", "min.insync.replicas"),
    ("transaction.state.log.replication.factor", "transaction.state.log.min.isr"),
)
"""Properties that say how many replicas there are, and how many of them have to be in sync."""
MonitoringLevel = Literal["default", "per_broker", "per_topic_per_broker", "per_topic_per_partition"]


class BrokerClusterSpec(KafkaClusterSpec):
    """A cluster of brokers, whose size follows from the workload of its topics unless it is given."""

    created_only: ClassVar[tuple[str, ...]] = (
        "certificate_authority_arns",
        "scram_secret_arns",
        "server_properties",
        "open_monitoring",
        "log_retention_days",
        "shared_with",
    )
    kafka_version: str = Field(
        default=msk.RECOMMENDED_VERSION,
        description="Version of Kafka as MSK writes it, such as 3.9.x.kraft; without `.kraft` its metadata is kept by "
        f"ZooKeeper. Left out: {msk.RECOMMENDED_VERSION}.",
    )
    auth: Authentications = Field(
        default=("iam",),
        description="How clients authenticate: iam, sasl_scram or mtls, one or a list. Always over TLS. Left out: iam.",
    )
    scram_secret_arns: tuple[SecretArn, ...] = Field(
        default=(),
        max_length=100,
        description="Secrets with the users of sasl_scram; their names start with AmazonMSK_, and their key is a customer "
        "managed one. Left out: none, nobody gets in that way.",
    )
    certificate_authority_arns: tuple[CertificateAuthorityArn, ...] = Field(
        default=(),
        max_length=10,
        description="Private certificate authorities whose certificates mtls takes. Left out: none.",
    )
    server_properties: Mapping[str, ConfigValue] = Field(
        default_factory=dict,
        description="Properties of the brokers by Kafka's names, such as {log.retention.hours: 72}, of those that MSK lets "
        "be set. Left out: replicas on 3 brokers of which 2 have to be in sync, no unclean election of leaders, topics are "
        "created on purpose alone.",
    )
    encryption: Encryption = Field(
        default_factory=AwsManagedKey,
        description="Encryption at rest: aws_managed, customer_managed, or {kms_key_arn: …} for a key that exists. In "
        "transit it is always TLS. Left out: aws_managed.",
    )
    enhanced_monitoring: MonitoringLevel = Field(
        default="default",
        description="Which metrics it publishes: default, per_broker, per_topic_per_broker or per_topic_per_partition, all "
        "but the first at a price. Alarms follow what is published. Left out: default.",
    )
    open_monitoring: Bool = Field(
        default=False,
        description="Whether Prometheus may scrape the brokers, on ports 11001 and 11002. Left out: false.",
    )
    log_retention_days: LogRetentionDays = Field(
        default=30, description="How long the brokers' logs are kept in CloudWatch Logs, in days. Left out: 30."
    )
    multi_vpc: Bool = Field(
        default=False,
        description="Whether clients of other VPCs and accounts, and Firehose, reach it by private connections. MSK cannot "
        "switch it on while it creates a cluster; it is switched on after that, which takes half an hour or more. Of an "
        "existing cluster: that it is on, and that its policy lets Firehose in. Left out: false, or true where a delivery "
        "reads one of its topics.",
    )
    shared_with: tuple[AccountId, ...] = Field(
        default=(),
        max_length=50,
        description="Accounts that may connect to it by private connections; needs `multi_vpc`. Left out: none.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        for field in ("auth", "scram_secret_arns", "certificate_authority_arns", "shared_with"):
            yield from listed_once(self, field)
        yield from self._version_findings()
        yield from self._authentication_findings()
        yield from self._property_findings()
        if self.shared_with and not self.multi_vpc and self.arn is None:
            yield Finding(
                "MSK461",
                "other accounts connect by private connections alone",
                ("shared_with",),
                note="they need multi-VPC connectivity, which is off",
                help="add `multi_vpc: true`",
                edits=(Edit(("multi_vpc",), True),),
            )
        yield from self._connectivity_findings()

    @property
    def authentications(self) -> tuple[Authentication, ...]:
        return self.auth

    @property
    def version(self) -> msk.Version:
        """What is known of its version."""
        return msk.VERSIONS[self.kafka_version]

    def default_replicas(self) -> int:
        """The replicas that a topic has which does not say how many."""
        return min(int(msk.REPLICATION_FACTOR.value), self.zones())

    def offered_versions(self) -> tuple[str, ...]:
        """The versions that its kind of brokers has."""
        return offered_versions(express=self.express)

    def known_properties(self) -> dict[str, Config]:
        """The server properties that MSK lets its kind of brokers have."""
        known = {
            name: config
            for name, config in SERVER_PROPERTIES.items()
            if (config.express if self.express else config.standard)
        }
        if self.kafka_version in msk.VERSIONS and self.version.is_kraft:
            known = {name: config for name, config in known.items() if name not in ZOOKEEPER_PROPERTIES}
        return known

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        yield from super().graph_findings(name, spec)
        deliveries = self.deliveries_of(name, spec)
        if deliveries and self.arn is None and "multi_vpc" in self.model_fields_set and not self.multi_vpc:
            yield Finding(
                "MSK469",
                "Firehose needs private connections",
                ("multi_vpc",),
                note=f"its topics are read by {', '.join(f'`{delivery}`' for delivery in deliveries)} of deliveries",
                help="take it out, or set `multi_vpc: true`",
                edits=(Edit(("multi_vpc",)),),
            )

    def _connectivity_findings(self) -> Iterator[Finding]:
        """Clients with SASL/SCRAM or mTLS come privately to a cluster alone that lets nobody in without an ACL."""
        ways = [way for way in self.auth if way != "iam"]
        lets_in = not is_off(self.server_properties, msk.ACLS_REQUIRED)
        if self.arn is None and self.multi_vpc and ways and lets_in:
            yield Finding(
                "MSK467",
                f"private connections with {' and '.join(ways)} need ACLs",
                ("multi_vpc",),
                note=f"MSK switches them on where `{msk.ACLS_REQUIRED}` is false; it is true, also where nothing is said",
                help=f"add `server_properties: {{{msk.ACLS_REQUIRED}: false}}`, and ACLs for whom it lets in; or let clients "
                "authenticate by iam",
                edits=(Edit(("server_properties", msk.ACLS_REQUIRED), False),),
            )

    def _version_findings(self) -> Iterator[Finding]:
        offered = self.offered_versions()
        if self.kafka_version in offered:
            return
        close = version_like(self.kafka_version, express=self.express)
        yield Finding(
            "MSK451",
            f"{'Express' if self.express else 'Standard'} brokers have no version {self.kafka_version[:40]}",
            ("kafka_version",),
            note=f"MSK offers {', '.join(offered)}",
            help=f'write `kafka_version: "{close}"`',
            edits=(Edit(("kafka_version",), close, invented=True),),
        )

    def _authentication_findings(self) -> Iterator[Finding]:
        for way, field in (("sasl_scram", "scram_secret_arns"), ("mtls", "certificate_authority_arns")):
            if getattr(self, field) and way not in self.auth:
                yield Finding(
                    "MSK462",
                    f"`{field}` has no effect without `{way}`",
                    (field,),
                    note=f"`auth` is {', '.join(self.auth)}",
                    help=f"add `{way}` to `auth`, or take it out",
                    edits=(Edit((field,)),),
                )
        if "mtls" in self.auth and not self.certificate_authority_arns and self.arn is None:
            yield Finding(
                "MSK462",
                "mtls needs a certificate authority",
                ("auth",),
                note="clients show a certificate, and nothing says whose certificates are taken",
                help="add `certificate_authority_arns: [arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/…]`",
            )
        for position, secret in enumerate(self.scram_secret_arns):
            if not secret.partition(":secret:")[2].startswith(msk.SCRAM_NAMES_START):
                yield Finding(
                    "MSK463",
                    f"the name of a secret of SASL/SCRAM starts with {msk.SCRAM_NAMES_START}",
                    ("scram_secret_arns", position),
                    note=f"MSK does not take `{secret.rpartition(':')[2]}`",
                    help=f"create a secret named {msk.SCRAM_NAMES_START}…, under a customer managed key",
                )

    def _property_findings(self) -> Iterator[Finding]:
        given = self.server_properties
        for finding in config_findings(given, self.known_properties(), code="MSK464", what="a broker of MSK"):
            yield finding.below("server_properties")
        for of_replicas, of_in_sync in REPLICAS_AND_IN_SYNC:
            replicas, in_sync = number_of(given, of_replicas), number_of(given, of_in_sync)
            replicas = replicas or self.default_replicas()
            if in_sync is not None and in_sync > max(1, replicas - 1):
                yield in_sync_finding(("server_properties", of_in_sync), in_sync, replicas)
        request, message = number_of(given, "socket.request.max.bytes"), number_of(given, "message.max.bytes")
        message = kafka.DEFAULT_MESSAGE_BYTES if message is None else message
        if request is not None and 0 < request < message:
            yield Finding(
                "MSK464",
                "requests would be smaller than the batches that they carry",
                ("server_properties", "socket.request.max.bytes"),
                note=f"{request:,} bytes a request; a batch has up to {message:,}, and what is larger is cut off",
                help="take it out, or set it to 104857600, which is the default",
                edits=(Edit(("server_properties", "socket.request.max.bytes")),),
            )

"""MSK Serverless: Kafka without brokers to size, for loads that vary, with fewer things that can be told to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import msk
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.node import StackShare

UNKNOWN_TO_SERVERLESS = {
    "kafka_version": "AWS chooses the version, and raises it",
    "brokers": "it has no brokers to count",
    "instance_type": "it has no brokers to size",
    "storage_mode": "it has no tiered storage; retention has no end",
    "volume_gb": "it has no volumes",
    "server_properties": "brokers are AWS's; topics have configurations of their own",
    "auth": "clients authenticate with IAM alone: no SASL/SCRAM, no mTLS, no ACLs",
    "open_monitoring": "Prometheus cannot scrape it",
    "enhanced_monitoring": "it publishes its one set of metrics",
}
"""What serverless clusters cannot be told, and why, for those who come from clusters of brokers.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/serverless.html
"""


class MskServerlessClusterSpec(KafkaClusterSpec):
    """A serverless cluster: 200 MB/s in, 400 MB/s out, 2,400 partitions; clients authenticate with IAM.

    All of it is create-only, its tags as well, so the system's tags are kept from it.
    """

    example: ClassVar = {"kind": "msk_serverless"}

    kind: Literal["msk_serverless"] = Field(default="msk_serverless", description="Amazon MSK Serverless.")

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        zones = self.zones()
        if self.vpc is not None and zones not in msk.ZONES:
            yield Finding(
                "MSK452",
                "a serverless cluster stands in two or three zones",
                ("vpc", "subnet_ids"),
                note=f"{zones} subnet{'' if zones == 1 else 's'}; MSK takes one subnet of each zone",
                help="name one subnet of each of three zones",
            )

    def stack_share(self) -> StackShare:
        return StackShare(0, 1) if self.arn else StackShare(resources=2 + self.created_network, outputs=2)

    @property
    def is_serverless(self) -> bool:
        return True

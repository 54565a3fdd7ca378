"""Amazon MSK: clusters of Standard and Express brokers, and MSK Serverless; their limits, sizes, versions, ports and quotas."""

from __future__ import annotations

from typing import NamedTuple

from streaming_constructs.facts.fact import Fact, Range

_READ = "2026-11-28"
_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_QUOTAS = f"{_GUIDE}/limits.html"
_BEST = f"{_GUIDE}/bestpractices.html"
_EXPRESS = f"{_GUIDE}/bestpractices-express.html"
_TIERED = f"{_GUIDE}/msk-tiered-storage-guidelines.html"
_VERSIONS = f"{_GUIDE}/supported-kafka-versions.html"
_AUTOSCALING = f"{_GUIDE}/msk-autoexpand.html"
_PROVISIONED = f"{_GUIDE}/msk-provision-throughput-management.html"
_PORTS = f"{_GUIDE}/port-info.html"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-msk-cluster.html"
_EC2 = "https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html"
_SIZING = "https://aws.amazon.com/blogs/big-data/best-practices-for-right-sizing-your-apache-kafka-clusters-to-optimize-performance-and-cost/"


class Broker(NamedTuple):
    """A size of Standard broker.

    Attributes:
        vcpus: How many processors it has; within a family the price follows them.
        partitions: How many partitions AWS recommends at most, replicas included.
        update_partitions: How many it may have and still be updated.
        storage_mib_per_second: What its instance writes to its volume, in MiB/s, at all times.
        network_mib_per_second: What its instance sends, in MiB/s, at all times.
        provisioned_mib_per_second: The most throughput that can be provisioned of its volume, in MiB/s; 0: none can.
    """

    vcpus: int
    partitions: int
    update_partitions: int
    storage_mib_per_second: float
    network_mib_per_second: float
    provisioned_mib_per_second: float = 0


STANDARD_BROKERS = {
    "kafka.t3.small": Broker(2, 300, 300, 21.7, 15.3),
    "kafka.m5.large": Broker(2, 1000, 1500, 81.25, 93.75),
    "kafka.m5.xlarge": Broker(4, 1000, 1500, 143.75, 156.25),
    "kafka.m5.2xlarge": Broker(8, 2000, 3000, 287.5, 312.5),
    "kafka.m5.4xlarge": Broker(16, 4000, 6000, 593.75, 625, 593),
    "kafka.m5.8xlarge": Broker(32, 4000, 6000, 850, 1250, 850),
    "kafka.m5.12xlarge": Broker(48, 4000, 6000, 1187.5, 1500, 1000),
    "kafka.m5.16xlarge": Broker(64, 4000, 6000, 1700, 2500, 1000),
    "kafka.m5.24xlarge": Broker(96, 4000, 6000, 2375, 3125, 1000),
    "kafka.m7g.large": Broker(2, 1000, 1500, 78.75, 117.1),
    "kafka.m7g.xlarge": Broker(4, 1000, 1500, 156.25, 234.5),
    "kafka.m7g.2xlarge": Broker(8, 2000, 3000, 312.5, 468.75, 312.5),
    "kafka.m7g.4xlarge": Broker(16, 4000, 6000, 625, 937.5, 625),
    "kafka.m7g.8xlarge": Broker(32, 4000, 6000, 1250, 1875, 1000),
    "kafka.m7g.12xlarge": Broker(48, 4000, 6000, 1875, 2812.5, 1000),
    "kafka.m7g.16xlarge": Broker(64, 4000, 6000, 2500, 3750, 1000),
}
"""Standard brokers by instance type, the smallest of each family first.

Sources: partitions https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html#partitions-per-broker,
provisioned throughput https://docs.aws.amazon.com/msk/latest/developerguide/msk-provision-throughput-management.html,
baselines of the instances https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html; where
both pages tell the throughput to the volume, they agree.
"""
BASELINES, PARTITIONS = _EC2, f"{_BEST}#partitions-per-broker"
"""The pages of what instances write and send, and of how many partitions AWS recommends for a broker."""
PLANNED_BROKERS = tuple(type_ for type_ in STANDARD_BROKERS if type_.startswith("kafka.m7g."))
"""Those among which one is chosen: AWS recommends M7g, which costs less than M5 for more.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html
"""
BURSTABLE_BROKER = "kafka.t3.small"
"""For development: its processor has credits, and no KRaft, tiered storage or multi-VPC connectivity.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html
"""


class ExpressBroker(NamedTuple):
    """A size of Express broker.

    Attributes:
        vcpus: How many processors it has; the price follows them.
        ingress_mib_per_second: What it takes at all times; MSK throttles from `ingress_most` on.
        egress_mib_per_second: What it gives at all times.
        ingress_most: The quota of what it takes.
        egress_most: The quota of what it gives.
        partitions: How many partitions AWS recommends at most, replicas included.
        partitions_most: The quota of them.
    """

    vcpus: int
    ingress_mib_per_second: float
    egress_mib_per_second: float
    ingress_most: float
    egress_most: float
    partitions: int
    partitions_most: int


EXPRESS_BROKERS = {
    "express.m7g.large": ExpressBroker(2, 15.6, 31.2, 23.4, 58.5, 1000, 1500),
    "express.m7g.xlarge": ExpressBroker(4, 31.2, 62.5, 46.8, 117, 1000, 2000),
    "express.m7g.2xlarge": ExpressBroker(8, 62.5, 125, 93.7, 234.2, 2500, 4000),
    "express.m7g.4xlarge": ExpressBroker(16, 124.9, 249.8, 187.5, 468.7, 6000, 8000),
    "express.m7g.8xlarge": ExpressBroker(32, 250, 500, 375, 937.5, 12_000, 16_000),
    "express.m7g.12xlarge": ExpressBroker(48, 375, 750, 562.5, 1406.2, 16_000, 24_000),
    "express.m7g.16xlarge": ExpressBroker(64, 500, 1000, 750, 1875, 20_000, 32_000),
}
"""Express brokers by instance type, the smallest first.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html#msk-express-quota
"""

VOLUME_MIB_PER_SECOND = Fact(250, "MiB/s of a volume, unless more is provisioned", _PROVISIONED, _READ)
PROVISIONED_LEAST_VOLUME_GIB = Fact(10, "GiB of a volume whose throughput is provisioned", _PROVISIONED, _READ)
HEADROOM = Fact(0.4, "of what is needed, kept free beside it", _SIZING, _READ)
"""For uneven partitions, a broker that is away, and readers that catch up."""
CPU_PERCENT = Fact(60, "percent of the processor, user and system together", _BEST, _READ)

ZONES = Range(2, 3, "availability zones, one subnet of each", _CFN, _READ)
FEWER_ZONES = {
    "us-west-1": "brokers stand in two zones there",
    "us-east-1": "no brokers stand in the zone `use1-az3`, which may be one of the first three of the account",
}
"""Regions in which not any three zones do.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-msk-cluster-brokernodegroupinfo.html,
read 2026-11-28
"""
EXPRESS_ZONES = Fact(3, "availability zones", _EXPRESS, _READ)
BROKERS_ZOOKEEPER = Fact(30, "brokers in a cluster with ZooKeeper", _QUOTAS, _READ)
BROKERS_KRAFT = Fact(60, "brokers in a cluster with KRaft, and of Express brokers", _QUOTAS, _READ)
VOLUME_GIB = Range(1, 16_384, "GiB of each broker", _CFN, _READ)
CLIENT_CONNECTIONS = Fact(3000, "connections with IAM to a broker", _QUOTAS, _READ)
NEW_CONNECTIONS_PER_SECOND = Fact(100, "new connections with IAM to a broker in a second", _QUOTAS, _READ)
NEW_CONNECTIONS_PER_SECOND_T3 = Fact(4, "the same, to a kafka.t3.small", _QUOTAS, _READ)
CLUSTER_NAME_CHARACTERS = Fact(64, "characters", _CFN, _READ)

REPLICATION_FACTOR = Fact(3, "replicas of a partition in a cluster of three zones", _BEST, _READ)
EXPRESS_REPLICATION_FACTOR = Fact(3, "replicas of a partition; anything else silently becomes this", _EXPRESS, _READ)
EXPRESS_PARTITION_MIB_PER_SECOND = Fact(15, "MiB/s into a partition", _QUOTAS, _READ)
PARTITION_MIB_PER_SECOND = Fact(10, "MiB/s into a partition, as a guideline of its planning", _SIZING, _READ)
"""Kafka sets no limit; partitions are planned so that a reader of one keeps up."""

SERVERLESS_INGRESS_MIB_PER_SECOND = Fact(200, "MiB/s into a cluster", _QUOTAS, _READ)
SERVERLESS_EGRESS_MIB_PER_SECOND = Fact(400, "MiB/s out of a cluster", _QUOTAS, _READ)
SERVERLESS_PARTITION_INGRESS_MIB_PER_SECOND = Fact(5, "MiB/s into a partition", _QUOTAS, _READ)
SERVERLESS_PARTITION_EGRESS_MIB_PER_SECOND = Fact(10, "MiB/s out of a partition", _QUOTAS, _READ)
SERVERLESS_PARTITIONS = Fact(2400, "partitions of a cluster, without replicas", _QUOTAS, _READ)
SERVERLESS_COMPACTED_PARTITIONS = Fact(120, "partitions of compacted topics", _QUOTAS, _READ)
SERVERLESS_GROUPS = Fact(500, "consumer groups", _QUOTAS, _READ)
SERVERLESS_MESSAGE_KIB = Fact(8192, "KiB of a message", _QUOTAS, _READ)

# Tiered storage.
TIERED_RETENTION_MILLISECONDS = Fact(259_200_000, "ms of retention.ms at least", _TIERED, _READ)
TIERED_SEGMENT_BYTES = Fact(50_331_648, "bytes of segment.bytes at least", _TIERED, _READ)
TIERED_SEGMENT_MILLISECONDS = Fact(600_000, "ms of segment.ms at least", _TIERED, _READ)

# Storage that grows.
AUTOSCALING_TARGET_PERCENT = Range(10, 80, "percent of a volume", _AUTOSCALING, _READ)
AUTOSCALING_TARGET_DEFAULT = Fact(60, "percent of a volume, of the 50 to 60 that AWS recommends", _AUTOSCALING, _READ)
AUTOSCALING_STEP_PERCENT = Fact(10, "percent more, at least 10 GiB, in one expansion", _AUTOSCALING, _READ)
AUTOSCALING_HOURS = Fact(6, "hours between two expansions", _AUTOSCALING, _READ)


class Version(NamedTuple):
    """A version of Kafka on MSK.

    Attributes:
        is_kraft: Whether its metadata is kept by KRaft, and not by ZooKeeper.
        standard: Whether Standard brokers have it.
        express: Whether Express brokers have it.
        ends: When its support ends or ended, ISO 8601; empty where no day is known.
    """

    is_kraft: bool
    standard: bool
    express: bool
    ends: str = ""


VERSIONS = {
    "3.6.0": Version(is_kraft=False, standard=True, express=True, ends="2026-06-01"),
    "3.7.x": Version(is_kraft=False, standard=True, express=False, ends="2026-09-01"),
    "3.7.x.kraft": Version(is_kraft=True, standard=True, express=False, ends="2026-09-01"),
    "3.8.x": Version(is_kraft=False, standard=True, express=True),
    "3.8.x.kraft": Version(is_kraft=True, standard=True, express=False),
    "3.9.x": Version(is_kraft=False, standard=True, express=False),
    "3.9.x.kraft": Version(is_kraft=True, standard=True, express=True),
    "4.0.x.kraft": Version(is_kraft=True, standard=True, express=False),
    "4.1.x.kraft": Version(is_kraft=True, standard=True, express=False),
    "4.2.x.kraft": Version(is_kraft=True, standard=False, express=True),
}
"""Versions that clusters are created with, oldest first.

`4.x` are KRaft's alone.
Source: https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html, read 2026-11-28
"""
RECOMMENDED_VERSION = "3.9.x.kraft"
"""The version that AWS recommends, and supports for two years at least; with KRaft, whose controllers cost nothing.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html
"""
KRAFT_MIGRATION = ("3.9.x", "3.9.x.kraft")
"""The one way of a cluster from ZooKeeper to KRaft; it stands in three zones then, and ZooKeeper lets no clients in.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/zk-to-kraft-migration.html, read 2026-11-28
"""
TOPIC_RESOURCE_LEAST_VERSION = "3.6.0"
"""From it on topics are resources of CloudFormation, on clusters of brokers.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html
"""

PORTS = {"iam": 9098, "sasl_scram": 9096, "mtls": 9094}
"""Where brokers answer clients in the VPC, by how they authenticate.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html
"""
SCRAM_NAMES_START = "AmazonMSK_"
"""What the names of secrets with users of SASL/SCRAM start with; their key is a customer managed one.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-password.html
"""
MONITORING_LEVELS = ("default", "per_broker", "per_topic_per_broker", "per_topic_per_partition")
"""Which metrics a cluster publishes; all above `default` are paid for.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html
"""
REGIONS_WITHOUT_STORAGE_AUTOSCALING = ("ap-northeast-3", "af-south-1", "ap-southeast-5")
"""Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html"""

# Private connections from other VPCs and accounts, and from Firehose.
_CONNECTIVITY = f"{_GUIDE}/mvpc-cluster-owner-action-turn-on.html"
CONNECTIVITY_MINUTES = Fact(30, "minutes, or more, until all brokers were restarted for it", _CONNECTIVITY, _READ)
CONNECTIVITY_MINUTES_PER_BROKER = Fact(
    15,
    "minutes that are waited for each broker",
    "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1775",
    _READ,
)
"""Ours: brokers are restarted one after the other, and no page says how long each takes; users tell of hours."""
ACLS_REQUIRED = "allow.everyone.if.no.acl.found"
"""The property that has to be false where clients with SASL/SCRAM or mTLS come by private connections.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html#mvpc-requirements
"""
GROWS_BY_AT_LEAST_GIB = Fact(10, "GiB that a volume grows by at least", _AUTOSCALING, _READ)

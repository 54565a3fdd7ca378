"""Amazon OpenSearch Service: how large a domain has to be, what it is made of, and what AWS wants watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from streaming_constructs.facts import metrics
from streaming_constructs.facts.fact import CHECKED, Fact, Range
from streaming_constructs.facts.metrics import Metric

_GUIDE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
_STORAGE = f"{_GUIDE}/bp-storage.html"
_SHARDING = f"{_GUIDE}/bp-sharding.html"
_SIZING = f"{_GUIDE}/bp-instances.html"
_LIMITS = f"{_GUIDE}/limits.html"
_MASTERS = f"{_GUIDE}/managedomains-dedicatedmasternodes.html"
_ZONES = f"{_GUIDE}/managedomains-multiaz.html"
_ALARMS = f"{_GUIDE}/cloudwatch-alarms.html"
_GENERAL_PURPOSE = "https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html"
_MEMORY_OPTIMIZED = "https://docs.aws.amazon.com/ec2/latest/instancetypes/mo.html"

VERSIONS = ("3.5", "3.3", "3.1", "2.19", "2.17", "2.15", "2.13", "2.11")
"""Versions under standard support, newest first; CloudFormation takes them as `OpenSearch_3.5`.

Older ones cost more by the hour. Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html
"""
DEFAULT_VERSION = "3.5"
"""The newest: AWS recommends it. Firehose writes to 2.x and 3.x alike."""

# Storage: source data x (1 + replicas) x STORAGE_FACTOR, over all data nodes.
STORAGE_FACTOR = Fact(1.45, "bytes of storage per byte of data", _STORAGE)
"""(1 + INDEXING_OVERHEAD) / (1 - LINUX_RESERVED) / (1 - SERVICE_RESERVED), as AWS rounds it."""
INDEXING_OVERHEAD = Fact(0.1, "of the data", _STORAGE)
LINUX_RESERVED = Fact(0.05, "of the volume", _STORAGE)
SERVICE_RESERVED = Fact(0.2, "of the volume", _STORAGE)

# Shards. Primaries of an index: (its data + growth) x (1 + INDEXING_OVERHEAD) / the size wanted.
SEARCH_SHARD_GIB = Range(10, 30, "GiB", _SHARDING)
"""Where the latency of searches counts most."""
LOG_SHARD_GIB = Range(30, 50, "GiB", _SHARDING)
"""Where writes do, as with logs."""
DEFAULT_REPLICAS = Fact(1, "replicas", _SHARDING)
SHARDS_PER_HEAP_GIB = Fact(25, "shards per GiB of heap", _SHARDING)
HEAP_SHARE = Fact(0.5, "of a node's memory", _SHARDING)
HEAP_GIB_MOST = Fact(32, "GiB", _SHARDING)
VCPUS_PER_SHARD = Fact(1.5, "vCPU per active shard", _SHARDING)


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance type of data nodes.

    Attributes:
        vcpus: Its virtual processors.
        memory_gib: Its memory; half of it, up to `HEAP_GIB_MOST`, is heap.
        volume_gib: The greatest gp3 volume that OpenSearch Service gives it.
        request_mib: The greatest HTTP request that it takes.
        source: The page with vCPU and memory; `VOLUME_GIB` names that of the volumes.
        checked: The day the pages were read (ISO 8601).
    """

    vcpus: int
    memory_gib: int
    volume_gib: int
    request_mib: int
    source: str
    checked: str = CHECKED


INSTANCES: Mapping[str, Instance] = {
    "t3.small.search": Instance(2, 2, 100, 10, _GENERAL_PURPOSE),
    "t3.medium.search": Instance(2, 4, 200, 10, _GENERAL_PURPOSE),
    "m7g.medium.search": Instance(1, 4, 512, 10, _GENERAL_PURPOSE),
    "m7g.large.search": Instance(2, 8, 768, 10, _GENERAL_PURPOSE),
    "m7g.xlarge.search": Instance(4, 16, 2048, 100, _GENERAL_PURPOSE),
    "m7g.2xlarge.search": Instance(8, 32, 3072, 100, _GENERAL_PURPOSE),
    "m7g.4xlarge.search": Instance(16, 64, 6144, 100, _GENERAL_PURPOSE),
    "r7g.medium.search": Instance(1, 8, 768, 100, _MEMORY_OPTIMIZED),
    "r7g.large.search": Instance(2, 16, 1536, 100, _MEMORY_OPTIMIZED),
    "r7g.xlarge.search": Instance(4, 32, 3072, 100, _MEMORY_OPTIMIZED),
    "r7g.2xlarge.search": Instance(8, 64, 6144, 100, _MEMORY_OPTIMIZED),
    "r7g.4xlarge.search": Instance(16, 128, 12288, 100, _MEMORY_OPTIMIZED),
}
"""Instance types of data nodes that suit logs, with gp3 volumes. T3 is for trials: it cannot use standby."""
INSTANCE_TYPES = tuple(INSTANCES)

DATA_NODES = Range(1, 80, "nodes", _LIMITS)
"""80 unless AWS raises the quota of a domain."""
T3_DATA_NODES = Range(1, 10, "nodes", _LIMITS)
DATA_NODES_WITHOUT_MASTERS = Fact(3, "nodes at the least", _SIZING)
"""With fewer a cluster may split, or stop with one node."""
DATA_NODES_WITH_MASTERS = Fact(2, "nodes at the least", _SIZING)
VOLUME_GIB = Range(10, 12288, "GiB", _LIMITS)
"""Of gp3, over all of `INSTANCES`; each has its own greatest."""

# Availability Zones: data nodes are a multiple of their number, and an index has a replica in each other one.
AVAILABILITY_ZONES = Range(2, 3, "zones", _ZONES)
STANDBY_REPLICAS = Fact(2, "replicas", _ZONES)

# Dedicated masters: never one or an even number. They hold no data.
MASTERS = Fact(3, "nodes", _MASTERS)


@dataclass(frozen=True, slots=True)
class MasterSize:
    """What dedicated masters with so much memory manage, from version 2.17 on."""

    memory_gib: int
    nodes: int
    shards: int
    source: str = _MASTERS
    checked: str = CHECKED


MASTER_SIZES = (
    MasterSize(2, 10, 1_000),
    MasterSize(4, 10, 5_000),
    MasterSize(8, 30, 15_000),
    MasterSize(16, 60, 30_000),
    MasterSize(32, 120, 60_000),
    MasterSize(64, 240, 120_000),
    MasterSize(128, 480, 240_000),
    MasterSize(256, 1_002, 500_000),
)

# Fine-grained access control needs HTTPS, encryption at rest and between nodes, and cannot be turned off again. With
# it Firehose's role is a backend role of a security role with these permissions; its IAM policy alone is not enough.
# Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html


@dataclass(frozen=True, slots=True)
class DomainAlarm:
    """An alarm that AWS recommends for every domain.

    Attributes:
        metric: What is watched, with the statistic that AWS names.
        threshold: Where it starts.
        period_minutes: The length of one period.
        periods: How many in a row.
        below: Whether it is values below the threshold that count; else those at it and above.
        source: The page that recommends it.
        checked: The day the page was read (ISO 8601).
    """

    metric: Metric
    threshold: float
    period_minutes: int
    periods: int
    below: bool = False
    source: str = _ALARMS
    checked: str = CHECKED


DOMAIN_ALARMS: Mapping[str, DomainAlarm] = {
    "red": DomainAlarm(metrics.DOMAIN_RED, 1, 1, 1),
    "yellow": DomainAlarm(metrics.DOMAIN_YELLOW, 1, 1, 5),
    "writes_blocked": DomainAlarm(metrics.DOMAIN_WRITES_BLOCKED, 1, 5, 1),
    "snapshot_failure": DomainAlarm(metrics.DOMAIN_SNAPSHOT_FAILURE, 1, 1, 1),
    "cpu": DomainAlarm(metrics.DOMAIN_CPU, 80, 15, 3),
    "heap": DomainAlarm(metrics.DOMAIN_HEAP, 95, 1, 3),
    "old_heap": DomainAlarm(metrics.DOMAIN_OLD_HEAP, 80, 1, 3),
    "write_queue": DomainAlarm(metrics.DOMAIN_WRITE_QUEUE, 100, 1, 1),
    "search_queue": DomainAlarm(metrics.DOMAIN_SEARCH_QUEUE, 500, 1, 1),
}
"""Free storage and lost nodes depend on the domain: see `FREE_STORAGE_SHARE` and `LOST_NODE_MINUTES`."""
KEY_ALARMS: Mapping[str, DomainAlarm] = {
    "key_error": DomainAlarm(metrics.DOMAIN_KEY_ERROR, 1, 1, 1),
    "key_inaccessible": DomainAlarm(metrics.DOMAIN_KEY_INACCESSIBLE, 1, 1, 1),
}
"""Where the domain is under a customer managed key."""
MASTER_ALARMS: Mapping[str, DomainAlarm] = {
    "master_cpu": DomainAlarm(metrics.DOMAIN_MASTER_CPU, 50, 15, 3),
    "master_heap": DomainAlarm(metrics.DOMAIN_MASTER_HEAP, 95, 1, 3),
    "master_old_heap": DomainAlarm(metrics.DOMAIN_MASTER_OLD_HEAP, 80, 1, 3),
    "master_unreachable": DomainAlarm(metrics.DOMAIN_MASTER_REACHABLE, 1, 5, 1, below=True),
}
"""Where there are dedicated masters."""
FREE_STORAGE_SHARE = Fact(0.25, "of a node's storage", _ALARMS)
"""The least of FreeStorageSpace, for one minute: 25% of `volume GiB x 1024`, or less."""
LOST_NODE_MINUTES = Fact(1440, "minutes", _ALARMS)
"""The period in which fewer nodes than the domain has, at any time, are an alarm: one of a day."""

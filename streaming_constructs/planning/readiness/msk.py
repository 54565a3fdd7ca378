"""Is a cluster of MSK with brokers, Standard or Express, ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.facts import msk
from streaming_constructs.planning.clusters.broker_cluster import BrokerClusterPlan
from streaming_constructs.planning.readiness.common_items import (
    RELIABILITY,
    dashboard_item,
    encryption,
    failure_test,
    load_test,
    told_item,
    watched,
)
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, failed, not_applicable, passed
from streaming_constructs.planning.readiness.msk_code import code_items, groups_item
from streaming_constructs.planning.readiness.msk_network import network_items, stands_in_private_subnets
from streaming_constructs.planning.readiness.msk_topics import (
    compaction,
    compression,
    min_insync_replicas,
    partitions,
    retention,
)

BROKERS = 3
_ALARMS = ("cpu", "under_replicated", "under_min_isr", "offline_partitions", "heap", "disk")
_EXPRESS_ALARMS = ("cpu",)
_BEST = "https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html"
_STORAGE = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-storage-management.html"
_TIERED = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-tiered-storage.html"
_AUTH = "https://docs.aws.amazon.com/msk/latest/developerguide/kafka_apis_iam.html"
_ENCRYPTION = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html"
_MULTI_VPC = "https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html"
_PRIVATE_LINK = "https://docs.aws.amazon.com/msk/latest/developerguide/privatelink-vpc-endpoints.html"
_METRICS = "https://docs.aws.amazon.com/msk/latest/developerguide/metrics-details.html"
_CONFIGURATION = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html"


def _planned(asked: Asked) -> BrokerClusterPlan:
    return cast("BrokerClusterPlan", asked.node)


def _brokers(asked: Asked) -> Answer:
    cluster = _planned(asked)
    told = f"{cluster.brokers:,} brokers in {cluster.zones} zones"
    if cluster.brokers < BROKERS or cluster.zones < BROKERS:
        return failed(told, "place it in subnets of three zones, with three brokers or more", "brokers")
    return passed(told, "brokers")


def _sized(asked: Asked) -> Answer:
    cluster = _planned(asked)
    if cluster.shortfalls:
        return failed(cluster.shortfalls[0], "leave out `instance_type` and `brokers`, and they follow from its topics")
    if cluster.load.unknown or not cluster.load.is_known:
        name = cluster.load.unknown[0] if cluster.load.unknown else ""
        return confirm(
            f"the workload of `{name}` is not known" if name else "the system names no topic of it",
            "write the `workload` of its topics",
        )
    return passed(f"{cluster.heading()}: what its topics need, with {round(msk.HEADROOM.value * 100)}% beside it")


def _storage(asked: Asked) -> Answer:
    cluster = _planned(asked)
    if cluster.volume_gb is None:
        return not_applicable("brokers of Express have no volumes to size")
    largest = asked.spec.max_volume_gb
    if largest is not None and largest > cluster.volume_gb:
        return passed(f"{cluster.volume_gb:,} GiB each, which grow up to {largest:,} GiB", "max_volume_gb")
    return confirm(
        f"{cluster.volume_gb:,} GiB each, which do not grow",
        "write `max_volume_gb`: a full volume stops its broker",
        "volume_gb",
    )


def _tiered(asked: Asked) -> Answer:
    mode = getattr(asked.spec, "storage_mode", None)
    if mode is None:
        return not_applicable("Express keeps records apart from its brokers")
    if mode == "tiered":
        return passed("`storage_mode: tiered`", "storage_mode")
    return confirm("`storage_mode: local`", "long retention is cheaper with `storage_mode: tiered`", "storage_mode")


def _segments(asked: Asked) -> Answer:
    given = {key for key in asked.spec.server_properties if key.startswith(("log.segment", "log.roll"))}
    if given:
        return passed(", ".join(sorted(given)), "server_properties")
    return confirm(
        "segments are those of Kafka, 1 GiB", "a record is deleted with its segment: smaller ones delete sooner"
    )


def _alarms(asked: Asked) -> Answer:
    return watched(asked, _ALARMS if _planned(asked).volume_gb is not None else _EXPRESS_ALARMS)


def _auth(asked: Asked) -> Answer:
    return passed(f"clients authenticate by {', '.join(asked.spec.auth)}", "auth")


def _encrypted(asked: Asked) -> Answer:
    at_rest = encryption(asked)
    if at_rest.status != "pass":
        return at_rest
    return passed(f"at rest with {at_rest.evidence}; connections by TLS alone", "encryption")


def _private(asked: Asked) -> Answer:
    if _planned(asked).has_private_connections:
        return passed("private connections are on", "multi_vpc")
    return confirm(
        "clients are in its VPC", "write `multi_vpc: true` for clients in other VPCs or accounts", "multi_vpc"
    )


def _private_calls(asked: Asked) -> Answer:
    if asked.spec.arn is None and asked.spec.vpc is None:
        return passed("its VPC has the endpoints of what is reached from there")
    return confirm("its VPC is not made here", "what clients call has interface endpoints there: try it", "vpc")


def _replicated(asked: Asked) -> Answer:
    for name, node in asked.plan.spec.replicators.items():
        if any(edge.target == asked.name for edge in node.edges()):
            return passed(f"`{name}` replicates it")
    return confirm("nothing replicates it", "say what is lost with its Region; `replicators` copies topics to another")


CHECKLIST = (
    Item("PI1", "Infrastructure", "three brokers or more, in three zones", _brokers, _BEST),
    Item("PI2", "Infrastructure", "brokers are as large as their topics need", _sized, _BEST),
    Item("PI3", "Infrastructure", "topics have the partitions that they need", partitions, _BEST),
    Item("PI4", "Infrastructure", "volumes grow before they are full", _storage, _STORAGE),
    Item("PI5", "Infrastructure", "it stands in private subnets of three zones", stands_in_private_subnets, _BEST),
    Item("PI6", "Infrastructure", "tiered storage was considered", _tiered, _TIERED),
    Item("PC1", "Configuration", "a write is on two brokers before it is acknowledged", min_insync_replicas, _BEST),
    Item("PC2", "Configuration", "the retention of each topic was chosen", retention, _CONFIGURATION),
    Item("PC3", "Configuration", "records are compressed", compression, _CONFIGURATION),
    Item("PC4", "Configuration", "segments fit the retention", _segments, _CONFIGURATION),
    Item("PC5", "Configuration", "topics that hold the last state are compacted", compaction, _CONFIGURATION),
    *code_items("P"),
    Item("PO1", "Operations", "processors, replication and volumes have alarms", _alarms, _METRICS),
    dashboard_item("PO2"),
    groups_item("PO3"),
    Item(
        "PO4",
        "Operations",
        "there is a plan for the loss of a Region",
        _replicated,
        RELIABILITY,
    ),
    Item("PO5", "Operations", "40% of what is needed is free", _sized, _BEST),
    failure_test("PO6", "reboot a broker while records are written"),
    load_test("PO7"),
    told_item("PO8"),
    Item("PS1", "Security", "clients authenticate", _auth, _AUTH),
    Item("PS2", "Security", "it is encrypted, at rest and on its way", _encrypted, _ENCRYPTION),
    *network_items("PS3", "PS5", "PS4"),
    Item("PS6", "Security", "clients in other VPCs were considered", _private, _MULTI_VPC),
    Item("PS7", "Security", "calls to AWS stay in the VPC, by PrivateLink", _private_calls, _PRIVATE_LINK),
)

"""Words of Kafka, MSK's API and Terraform for clusters and topics: each answered with ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.spec.clusters.kafka_version import version_beside
from streaming_constructs.spec.clusters.msk_serverless import UNKNOWN_TO_SERVERLESS
from streaming_constructs.spec.meant_forms import slug
from streaming_constructs.spec.streams.fields_of_configs import (
    CONFIGS_WITHOUT_A_FIELD,
    configs_beside,
    fields_and_configs,
)
from streaming_constructs.spec.word import Word, Words, first_of, gone, renamed


def _volumes(value: Any, _: Any = None) -> Mapping[str, Any]:
    """`storage: {size_gb, autoscale: {max_gb}}` and its likes: all of it stands beside one another."""
    if not isinstance(value, Mapping):
        return {"volume_gb": value if isinstance(value, int) else 100}
    size = first_of(value, "size_gb", "volume_gb", "volume_size", "size", "gb", "size_gib")
    growth = first_of(value, "autoscale", "autoscaling", "auto_scaling", "scaling")
    most = first_of(growth if growth is not value else {}, "max_gb", "max", "max_size_gb", "maximum")
    found = {"volume_gb": size, "max_volume_gb": most}
    return {field: number for field, number in found.items() if isinstance(number, int)} or {"volume_gb": 100}


def _tiered(value: Any, _: Any = None) -> Mapping[str, Any]:
    return {} if value in (False, "local") else {"storage_mode": "tiered"}


def retention_of_stream(value: Any, _: Any = None) -> Mapping[str, Any]:
    """A retention in hours, or one without end, however that is said.

    Args:
        value: What was written.
    """
    return (
        {"retention_days": "unlimited"}
        if value in (-1, "unlimited", "forever", "infinite")
        else {"retention_hours": value}
    )


def topics_at_the_top(value: Any, beside: Mapping[str, Any]) -> Mapping[str, Any]:
    """`topics` beside `streams`: those of Kafka where they look like it, or where the file has clusters; else those of SNS.

    Args:
        value: What was written.
        beside: All that the file says.
    """
    listed = value if isinstance(value, list) else []
    topics = {item["name"]: item for item in listed if isinstance(item, Mapping) and isinstance(item.get("name"), str)}
    if isinstance(value, Mapping) and value:
        topics = dict(value)
    said = [set(topic) for topic in topics.values() if isinstance(topic, Mapping)]
    is_sns, is_kafka = any(map(_OF_SNS.intersection, said)), any(map(_OF_KAFKA.intersection, said))
    clusters = beside.get("clusters")
    if is_sns or not topics or any("kind" in keys for keys in said) or not (is_kafka or clusters):
        return {"sns_topics": value}
    named = [topic["cluster"] for topic in topics.values() if isinstance(topic, Mapping) and "cluster" in topic]
    cluster = next(iter(clusters if isinstance(clusters, Mapping) and clusters else named), "main")
    streams = {f"streams.{slug(name) or 'orders'}": _as_stream(name, topic, cluster) for name, topic in topics.items()}
    # A cluster of that name is there, or it is one more piece to paste.
    missing = {} if clusters or not isinstance(cluster, str) else {f"clusters.{cluster}": {"kind": "msk"}}
    return {**streams, **missing}


def _as_stream(name: str, topic: Any, cluster: str) -> Mapping[str, Any]:
    """A topic as a stream; what Kafka takes in a name, and the language does not, is its `topic`."""
    said = {key: inner for key, inner in topic.items() if key != "name"} if isinstance(topic, Mapping) else {}
    named = {"topic": name} if slug(name) != name else {}
    return {"kind": "kafka", "cluster": cluster, **named, **said}


_OF_SNS = {"subscribers", "subscriptions", "emails", "topic_arn"}
_OF_KAFKA = {"cluster", "partitions", "replication_factor", "cleanup_policy", "retention_ms", "configs", "config"}
"""What says whose topic it is."""
CLUSTER_WORDS: Words = {
    "storage": Word(_volumes),
    "ebs": Word(_volumes),
    **dict.fromkeys(
        ("ebs_volume_size", "volume_size", "volume_size_gb", "volume_gib", "storage_gb"), renamed("volume_gb")
    ),
    "tiered_storage": Word(_tiered),
    **dict.fromkeys(("number_of_broker_nodes", "broker_count", "broker_nodes", "nodes"), renamed("brokers")),
    **dict.fromkeys(("broker_instance_type", "broker_type", "broker_size", "instance"), renamed("instance_type")),
    **dict.fromkeys(("version", "kafka"), (Word(version_beside), gone(UNKNOWN_TO_SERVERLESS["kafka_version"]))),
    **dict.fromkeys(("authentication", "client_authentication"), renamed("auth")),
    **dict.fromkeys(("configuration", "config", "properties"), renamed("server_properties")),
    "monitoring": renamed("enhanced_monitoring"),
    "prometheus": renamed("open_monitoring"),
    "vpc_connectivity": renamed("multi_vpc"),
    **dict.fromkeys(
        ("allowed_security_groups", "client_security_groups", "clients"), renamed("client_security_group_ids")
    ),
    "subnet_ids": Word(lambda value, _: {"vpc.subnet_ids": value}),
    "vpc_id": Word(lambda value, _: {"vpc.vpc_id": value}),
    **dict.fromkeys(
        ("encryption_in_transit", "in_transit", "client_broker"), gone("clients and brokers always talk over TLS")
    ),
    "public_access": gone("brokers have no public addresses here; clients of other networks connect by `multi_vpc`"),
    "zookeeper": gone("`kafka_version` says it: with `.kraft` behind it there is none"),
    "cluster_name": gone("CloudFormation chooses the name; name a cluster that exists by `arn`"),
    "name": gone("CloudFormation chooses the name; name a cluster that exists by `arn`"),
    "cluster_arn": renamed("arn"),
    "topics": gone("topics are `streams` of `kind: kafka`, with this cluster as their `cluster`"),
    **{word: gone(why) for word, why in UNKNOWN_TO_SERVERLESS.items()},
}
"""Words for clusters."""
TOPIC_WORDS: Words = {
    "topic_name": renamed("topic"),
    **dict.fromkeys(("partition_count", "num_partitions"), renamed("partitions")),
    **dict.fromkeys(("replication", "replicas"), renamed("replication_factor")),
    **dict.fromkeys(("min_isr", "min_in_sync_replicas"), renamed("min_insync_replicas")),
    "retention_ms": Word(retention_of_stream),
    "compression_type": renamed("compression"),
    **dict.fromkeys(("compacted", "compact"), Word(lambda value, _: {"cleanup_policy": "compact"} if value else {})),
    **dict.fromkeys(("config", "topic_config", "properties"), Word(fields_and_configs)),
    **{key.replace(".", "_"): Word(configs_beside) for key in CONFIGS_WITHOUT_A_FIELD},
    "tiered": Word(lambda value, _: {"local_retention_days": 1} if value else {}),
}
"""Words for topics."""


def _pollers(value: Any, _: Any = None) -> Mapping[str, Any]:
    """`provisioned_poller_config: {MinimumPollers: 1, MaximumPollers: 3}` and its likes; nothing in it is on demand."""
    if not isinstance(value, Mapping) or not value:
        return {"pollers": "on_demand"}
    found = {
        ours: first_of(value, *theirs)
        for ours, theirs in (
            ("minimum", ("minimum_pollers", "MinimumPollers", "min", "minimum")),
            ("maximum", ("maximum_pollers", "MaximumPollers", "max", "maximum")),
        )
    }
    return {"pollers": {field: number for field, number in found.items() if isinstance(number, int)} or {"minimum": 1}}


def _only(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


CONSUMER_WORDS: Words = {
    **dict.fromkeys(("consumer_group_id", "group_id", "group"), renamed("consumer_group")),
    **dict.fromkeys(("provisioned_poller_config", "poller_config", "provisioned_pollers"), Word(_pollers)),
    **dict.fromkeys(("topic", "topics", "topic_name"), renamed("from", _only)),
    **dict.fromkeys(("auto_offset_reset", "offset", "starting_offset"), renamed("starting_position")),
    "source_access_configurations": gone(
        "the function's role signs in to the cluster; with SASL/SCRAM and mTLS `secret_arn` names the secret",
        "secret_arn",
    ),
}
"""Words of consumers of Kafka."""

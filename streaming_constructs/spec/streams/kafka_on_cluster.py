"""A topic against the cluster that it is in: what its kind, its zones and its brokers let a topic be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from streaming_constructs.facts import kafka, msk
from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.kafka_configs import in_sync_finding, number_of

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec


def topic_findings(
    name: str, topic: KafkaTopicSpec, cluster: KafkaClusterSpec, spec: PipelineSpec
) -> Iterator[Finding]:
    """What is wrong with a topic in its cluster; paths are relative to the topic.

    Args:
        name: The name of its node.
        topic: The topic.
        cluster: The cluster.
        spec: The system.
    """
    yield from _name_findings(name, topic, spec)
    if cluster.is_serverless:
        yield from _serverless_findings(topic)
    elif isinstance(cluster, BrokerClusterSpec):
        yield from _version_findings(topic, cluster)
        yield from _express_findings(topic) if cluster.express else _standard_findings(topic, cluster)


def _name_findings(name: str, topic: KafkaTopicSpec, spec: PipelineSpec) -> Iterator[Finding]:
    from streaming_constructs.spec.streams.kafka import KafkaTopicSpec

    own = topic.topic_name(name)
    for other, node in spec.streams.items():
        if other == name:
            return  # told once, of the later one
        if not isinstance(node, KafkaTopicSpec) or node.cluster != topic.cluster or topic.arn is not None:
            continue
        theirs = node.topic_name(other)
        if own.replace(".", "_") == theirs.replace(".", "_"):
            yield Finding(
                "MSK486",
                f"`{own}` and `{theirs}` are one name to Kafka"
                if own != theirs
                else f"the topic `{own}` is there twice",
                ("topic",) if topic.topic else (),
                note=f"`{other}` has it in the same cluster; a `.` and a `_` are the same in the names of metrics",
                help="give it another `topic`",
            )


def _version_findings(topic: KafkaTopicSpec, cluster: BrokerClusterSpec) -> Iterator[Finding]:
    """Configurations that came later than the version of the cluster, or went before it; an existing one may have any."""
    if cluster.kafka_version not in msk.VERSIONS or cluster.arn is not None:
        return
    major, minor = (int(number) for number in cluster.kafka_version.split(".")[:2])
    for key in topic.configs:
        config = kafka.TOPIC_CONFIGS.get(key)
        if config is None:
            continue
        is_early = bool(config.since) and (major, minor) < config.since
        if is_early or (config.gone and (major, minor) >= config.gone):
            since = ".".join(map(str, config.since if is_early else config.gone))
            yield Finding(
                "MSK481",
                f"Kafka {cluster.kafka_version} has no configuration `{key}`",
                ("configs", key),
                note=f"it came with {since}" if is_early else f"it went with {since}",
                help="take it out",
                edits=(Edit(("configs", key)),),
            )


def _standard_findings(topic: KafkaTopicSpec, cluster: BrokerClusterSpec) -> Iterator[Finding]:
    assert isinstance(cluster, MskClusterSpec)
    if topic.is_tiered and not cluster.is_tiered and cluster.arn is None:
        yield Finding(
            "MSK487",
            "the cluster has no tiered storage",
            (topic.local_field,),
            note=f"`{topic.cluster}` keeps all records on the brokers' volumes",
            help=f"add `storage_mode: tiered` to `{topic.cluster}`, or take it out",
            edits=(Edit((topic.local_field,)),),
        )
    brokers, replicas, in_sync = cluster.brokers, topic.replicas(cluster), topic.min_insync_replicas
    if topic.replication_factor is None and in_sync is not None and in_sync > max(1, replicas - 1):
        yield in_sync_finding(("min_insync_replicas",), in_sync, replicas)
    if brokers is not None and replicas > brokers:
        yield Finding(
            "MSK488",
            "there are more replicas than brokers",
            ("replication_factor",),
            note=f"{replicas} replicas of each partition, {brokers} brokers",
            help=f"set `replication_factor: {min(brokers, 3)}`",
            edits=(Edit(("replication_factor",), min(brokers, 3)),),
        )


def _express_findings(topic: KafkaTopicSpec) -> Iterator[Finding]:
    fixed = int(msk.EXPRESS_REPLICATION_FACTOR.value)
    if topic.replication_factor not in (None, fixed):
        yield _fixed(
            "replication_factor", topic.replication_factor, f"Express brokers make {fixed} of it, without a word"
        )
    if topic.min_insync_replicas is not None:
        yield _fixed("min_insync_replicas", topic.min_insync_replicas, "on Express brokers it is 2")
    if topic.is_tiered:
        yield _fixed(
            topic.local_field, "", "the storage of Express brokers has no end, and no tiers; MSK looks after it"
        )
    allowed = {key: config for key, config in kafka.TOPIC_CONFIGS.items() if config.express}
    yield from _unlisted(topic.configs, allowed, "of Express brokers")
    lag = number_of(topic.configs, "max.compaction.lag.ms")
    least = kafka.EXPRESS_MAX_COMPACTION_LAG_MS
    if lag is not None and lag < least:
        yield Finding(
            "MSK489",
            "Express brokers compact no sooner than after 7 days",
            ("configs", "max.compaction.lag.ms"),
            note=f"{lag:,} ms; they take {least:,} ms and more",
            help=f"set it to {least}, or take it out",
            edits=(Edit(("configs", "max.compaction.lag.ms"), least),),
        )


def _serverless_findings(topic: KafkaTopicSpec) -> Iterator[Finding]:
    fixed = int(msk.REPLICATION_FACTOR.value)
    if topic.replication_factor not in (None, fixed):
        yield _fixed("replication_factor", topic.replication_factor, f"on serverless clusters it is {fixed}")
    if topic.min_insync_replicas is not None:
        yield _fixed("min_insync_replicas", topic.min_insync_replicas, "on serverless clusters it is 2")
    if topic.is_tiered:
        yield _fixed(topic.local_field, "", "serverless clusters have no tiered storage; their retention has no end")
    allowed = {key: config for key, config in kafka.TOPIC_CONFIGS.items() if config.serverless}
    yield from _unlisted(topic.configs, allowed, "of a serverless cluster")
    most = int(msk.SERVERLESS_MESSAGE_KIB.value)
    if topic.max_message_kb is not None and topic.max_message_kb > most:
        yield Finding(
            "MSK489",
            f"a serverless cluster takes no more than {most:,} KB at once",
            ("max_message_kb",),
            note=f"{topic.max_message_kb:,g} KB",
            help=f"set `max_message_kb: {most}` or less",
            edits=(Edit(("max_message_kb",), most),),
        )


def _fixed(field: str, value: object, why: str) -> Finding:
    said = f"; `{value}` was given" if value else ""
    return Finding(
        "MSK489",
        f"`{field}` cannot be chosen here",
        (field,),
        note=f"{why}{said}",
        help="take it out",
        edits=(Edit((field,)),),
    )


def _unlisted(configs: Mapping[str, object], allowed: Mapping[str, kafka.Config], of: str) -> Iterator[Finding]:
    for key in configs:
        if key not in allowed:
            yield Finding(
                "MSK489",
                f"topics {of} do not take `{key}`",
                ("configs", key),
                note=f"they take {', '.join(allowed)}",
                help="take it out",
                edits=(Edit(("configs", key)),),
            )

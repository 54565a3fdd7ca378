"""What is refused although a broker of Apache Kafka takes it: by a rule of MSK's, or by one of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from streaming_constructs.facts import kafka, msk

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_TIERED = msk.TIERED_RETENTION_MILLISECONDS.source
_STANDARD = f"{_GUIDE}/msk-configuration-properties.html"
_EXPRESS = f"{_GUIDE}/msk-configuration-express-read-write.html"
_SERVERLESS = f"{_GUIDE}/serverless-config.html"
_BEST = f"{_GUIDE}/bestpractices.html"
_CONFIGS = "https://kafka.apache.org/documentation/#topicconfigs"
_NOTHING: Mapping[str, str] = {}


class Stricter(NamedTuple):
    """Something that is refused.

    Attributes:
        what: What it is.
        whose: Whose rule refuses it.
        why: Why.
        source: Where the rule, or its reason, is read.
        code: The code of the finding.
        written: It, as fields of a topic; where it is about brokers, as server properties.
        configs: What Kafka 3.9 is told, and takes.
        kind: The kind of the cluster.
        replicas: The replicas that Kafka is asked for.
        is_server: Whether it is about brokers.
        cluster: Fields of the cluster beside `kind`.
    """

    what: str
    whose: Literal["MSK", "ours"]
    why: str
    source: str
    code: str
    written: Mapping[str, object]
    configs: Mapping[str, str] = _NOTHING
    kind: str = "msk"
    replicas: int = 1
    is_server: bool = False
    cluster: Mapping[str, object] = _NOTHING


_IS_TIERED = {"storage_mode": "tiered"}


def _tiered(**more: str) -> dict[str, str]:
    return {"remote.storage.enable": "true", **{key.replace("_", "."): value for key, value in more.items()}}


_ABOUT_TIERS = (
    Stricter(
        "records in tiered storage that are kept for less than 3 days",
        "MSK",
        "MSK takes no less on a tiered topic",
        _TIERED,
        "MSK483",
        {"retention_days": 2, "local_retention_days": 1},
        _tiered(retention_ms="172800000", local_retention_ms="86400000"),
        cluster=_IS_TIERED,
    ),
    Stricter(
        "records that stay on the brokers for as long as they are kept in all",
        "MSK",
        "MSK wants less on the brokers than in all",
        _TIERED,
        "MSK484",
        {"retention_days": 7, "local_retention_days": 7},
        _tiered(retention_ms="604800000", local_retention_ms="604800000"),
        cluster=_IS_TIERED,
    ),
    Stricter(
        "as many bytes on the brokers as in all",
        "MSK",
        "MSK wants less on the brokers than in all",
        _TIERED,
        "MSK484",
        {"local_retention_days": 1, "configs": {"retention.bytes": 1_000_000, "local.retention.bytes": 1_000_000}},
        _tiered(local_retention_ms="86400000", retention_bytes="1000000", local_retention_bytes="1000000"),
        cluster=_IS_TIERED,
    ),
    Stricter(
        "segments below 48 MiB on a tiered topic",
        "MSK",
        "MSK takes no smaller ones there",
        _TIERED,
        "MSK485",
        {"local_retention_days": 1, "configs": {"segment.bytes": 16_777_216}},
        _tiered(local_retention_ms="86400000", segment_bytes="16777216"),
        cluster=_IS_TIERED,
    ),
    Stricter(
        "segments that are rolled more often than every 10 minutes on a tiered topic",
        "MSK",
        "MSK takes no quicker ones there",
        _TIERED,
        "MSK485",
        {"local_retention_days": 1, "configs": {"segment.ms": 60_000}},
        _tiered(local_retention_ms="86400000", segment_ms="60000"),
        cluster=_IS_TIERED,
    ),
    Stricter(
        "a local retention without tiered storage",
        "ours",
        "Kafka keeps it without using it, and then refuses to make the topic tiered where it is longer than the retention",
        _TIERED,
        "MSK487",
        {"local_retention_days": 1},
        {"local.retention.ms": "86400000"},
    ),
)
_ABOUT_REPLICAS = (
    Stricter(
        "`min.insync.replicas` of all replicas",
        "ours",
        "one broker that is patched stops all writes",
        _BEST,
        "MSK465",
        {"replication_factor": 3, "min_insync_replicas": 3},
        {"min.insync.replicas": "3"},
        replicas=3,
    ),
    Stricter(
        "`min.insync.replicas` of more than there are replicas",
        "ours",
        "a writer that asks for all replicas can never write",
        _BEST,
        "MSK465",
        {"replication_factor": 2, "min_insync_replicas": 3},
        {"min.insync.replicas": "3"},
        replicas=2,
    ),
    Stricter(
        "-1 for partitions or replicas",
        "ours",
        "to Kafka it is the broker's default; left out, both follow from the workload and the zones",
        _CONFIGS,
        "LNG204",
        {"replication_factor": -1},
        {},
        replicas=-1,
    ),
)
_ABOUT_VALUES = (
    Stricter(
        "a configuration under Kafka's name for which the language has a field",
        "ours",
        "it would be said twice, in two units",
        _CONFIGS,
        "MSK481",
        {"configs": {"retention.ms": 3_600_000}},
        {"retention.ms": "3600000"},
    ),
    Stricter(
        "a retention below an hour",
        "ours",
        "a reader that is away for a moment loses records",
        _CONFIGS,
        "LNG204",
        {"retention_hours": 0},
        {"retention.ms": "0"},
    ),
    Stricter(
        "a retention beside `cleanup_policy: compact`",
        "ours",
        "nothing is deleted by its age there",
        _CONFIGS,
        "LNG404",
        {"cleanup_policy": "compact", "retention_days": 1},
        {"cleanup.policy": "compact", "retention.ms": "86400000"},
    ),
    Stricter(
        "a topic named like one of Kafka's own",
        "ours",
        "brokers create it, and keep their own records in it; of these Kafka itself refuses `__cluster_metadata` alone",
        "https://github.com/apache/kafka/blob/3.9.1/clients/src/main/java/org/apache/kafka/common/internals/Topic.java",
        "MSK481",
        {"topic": "__share_group_state"},
        {},
    ),
    Stricter(
        "an empty `cleanup.policy`",
        "ours",
        "nothing is ever deleted, until the volumes are full",
        _CONFIGS,
        "LNG205",
        {"cleanup_policy": ""},
        {"cleanup.policy": ""},
    ),
    Stricter(
        "a cleanup policy that is there twice",
        "ours",
        "it says nothing more",
        _CONFIGS,
        "LNG406",
        {"cleanup_policy": "delete,delete"},
        {"cleanup.policy": "delete,delete"},
    ),
    Stricter(
        "a `retention.bytes` below -1",
        "ours",
        "-1 is without end, and nothing is less than that",
        _CONFIGS,
        "MSK481",
        {"configs": {"retention.bytes": -2}},
        {"retention.bytes": "-2"},
    ),
    Stricter(
        "segments below 1 MiB",
        "ours",
        "Kafka 4 takes no smaller ones, so an upgrade would fail",
        "https://kafka.apache.org/40/documentation.html#upgrade_4_0_0",
        "MSK481",
        {"configs": {"segment.bytes": 14}},
        {"segment.bytes": "14"},
    ),
    Stricter(
        "a `max.message.bytes` of 0",
        "ours",
        "no record fits into it",
        _CONFIGS,
        "LNG204",
        {"max_message_kb": 0},
        {"max.message.bytes": "0"},
    ),
    Stricter(
        "a ratio as Java writes it",
        "ours",
        "`0.5f`, `0x1p-1` and `NaN` are numbers to Java alone",
        _CONFIGS,
        "MSK481",
        {"configs": {"min.cleanable.dirty.ratio": "0.5f"}},
        {"min.cleanable.dirty.ratio": "0.5f"},
    ),
    *(
        Stricter(
            f"`{key}`",
            "ours",
            why,
            f"{_GUIDE}/msk-default-configuration.html",
            "MSK481",
            {"configs": {key: value}},
            {key: value},
        )
        for (key, why), value in zip(
            kafka.TOPIC_CONFIGS_OF_KAFKA_ALONE.items(), ("*", "*", "true", "3.0-IV1", "true", "true"), strict=True
        )
    ),
)
_ABOUT_KINDS = (
    Stricter(
        "other than 3 replicas on Express brokers",
        "MSK",
        "MSK makes 3 of it, without a word",
        _EXPRESS,
        "MSK489",
        {"replication_factor": 2},
        {},
        kind="msk_express",
        replicas=2,
    ),
    Stricter(
        "`min.insync.replicas` on Express brokers and serverless clusters",
        "MSK",
        "it is fixed there",
        _EXPRESS,
        "MSK489",
        {"min_insync_replicas": 2},
        {"min.insync.replicas": "2"},
        kind="msk_express",
        replicas=3,
    ),
    Stricter(
        "configurations on Express brokers that are not among their 11",
        "MSK",
        "MSK sets them itself",
        _EXPRESS,
        "MSK489",
        {"configs": {"segment.ms": 86_400_000}},
        {"segment.ms": "86400000"},
        kind="msk_express",
    ),
    Stricter(
        "a `max.compaction.lag.ms` below 7 days on Express brokers",
        "MSK",
        "they take 7 days and more",
        _EXPRESS,
        "MSK489",
        {"configs": {"max.compaction.lag.ms": 86_400_000}},
        {"max.compaction.lag.ms": "86400000"},
        kind="msk_express",
    ),
    Stricter(
        "configurations on serverless clusters that are not among their 7",
        "MSK",
        "MSK sets them itself",
        _SERVERLESS,
        "MSK489",
        {"configs": {"segment.bytes": 134_217_728}},
        {"segment.bytes": "134217728"},
        kind="msk_serverless",
    ),
    Stricter(
        "messages above 8 MiB on serverless clusters",
        "MSK",
        "it is their quota",
        msk.SERVERLESS_MESSAGE_KIB.source,
        "MSK489",
        {"max_message_kb": 8193},
        {"max.message.bytes": "8389632"},
        kind="msk_serverless",
    ),
)


def _server(
    what: str,
    whose: Literal["MSK", "ours"],
    why: str,
    source: str,
    properties: Mapping[str, str],
    *,
    code: str = "MSK464",
    cluster: Mapping[str, object] = _NOTHING,
) -> Stricter:
    return Stricter(what, whose, why, source, code, properties, properties, is_server=True, cluster=cluster)


_ABOUT_BROKERS = (
    _server(
        "a property that MSK does not list for the kind of brokers",
        "MSK",
        "MSK refuses the whole configuration; a broker ignores what it does not know",
        _STANDARD,
        {"background.threads": "4"},
    ),
    _server(
        "a `replica.lag.time.max.ms` below 10,000 or above 30,000",
        "MSK",
        "MSK takes these 10 to 30 s",
        _STANDARD,
        {"replica.lag.time.max.ms": "5000"},
    ),
    _server(
        "properties of ZooKeeper where there is KRaft",
        "ours",
        "MSK lists them for clusters with ZooKeeper; there they are 6,000 to 18,000",
        _STANDARD,
        {"zookeeper.session.timeout.ms": "18000"},
    ),
    _server(
        "`compact` in `log.cleanup.policy` of a tiered cluster",
        "MSK",
        "MSK takes delete alone there",
        _STANDARD,
        {"log.cleanup.policy": "compact"},
        cluster=_IS_TIERED,
    ),
    _server(
        "a `default.replication.factor` below 1",
        "ours",
        "a topic that does not say how many replicas it has could not be created",
        _STANDARD,
        {"default.replication.factor": "0"},
    ),
    _server(
        "a `min.insync.replicas`, or `transaction.state.log.min.isr`, of all replicas or more",
        "ours",
        "one broker that is patched stops all writes",
        _BEST,
        {"min.insync.replicas": "3"},
        code="MSK465",
    ),
    _server(
        "a retention below -1, in any unit, or in bytes",
        "ours",
        "-1 is without end, and nothing is less than that",
        _STANDARD,
        {"log.retention.ms": "-2"},
    ),
    _server(
        "a `log.segment.bytes` below 1 MiB",
        "ours",
        "Kafka 4 takes no smaller ones, so an upgrade would fail",
        "https://kafka.apache.org/40/documentation.html#upgrade_4_0_0",
        {"log.segment.bytes": "14"},
    ),
    _server(
        "a `socket.request.max.bytes` below `message.max.bytes`",
        "ours",
        "a batch that the topic takes would not fit into a request",
        _STANDARD,
        {"socket.request.max.bytes": "65536"},
    ),
    _server(
        "times, sizes and numbers of threads below those that mean anything",
        "ours",
        "Kafka does not look at some of them, such as sessions of less than 0 ms, and no fetcher of replicas",
        _STANDARD,
        {"num.replica.fetchers": "0"},
    ),
)
STRICTER = (*_ABOUT_TIERS, *_ABOUT_REPLICAS, *_ABOUT_VALUES, *_ABOUT_KINDS, *_ABOUT_BROKERS)
"""What is refused although Kafka 3.9 takes it; anything else that is refused, Kafka refuses."""

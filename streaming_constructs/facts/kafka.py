"""Apache Kafka on MSK: the configurations of topics and brokers, what values they take, and which clusters take them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from streaming_constructs.facts.fact import Fact

Form = Literal["bool", "int", "long", "ratio", "choice", "choices", "text"]
"""What a value is: a ratio is a number from 0 to 1, `choices` a list with commas between them."""

LONG = 2**63 - 1
INT = 2**31 - 1


class Config(NamedTuple):
    """One configuration.

    Attributes:
        form: What its value is.
        least: The least number.
        most: The greatest number.
        choices: The words that it takes.
        express: Whether topics, or brokers, of Express clusters take it.
        serverless: Whether topics of MSK Serverless take it.
        standard: Whether those of Standard brokers take it.
        also: Numbers beside these that it takes, such as -1 for no limit.
        default: What Kafka 3.9 has where nothing is said; empty: what another property says.
        since: The first version of Kafka that knows it, as major and minor; empty: all that MSK offers.
        gone: The first version that does not know it any more; empty: none.
    """

    form: Form
    least: int = 0
    most: int = LONG
    choices: tuple[str, ...] = ()
    express: bool = False
    serverless: bool = False
    standard: bool = True
    also: tuple[int, ...] = ()
    default: str = ""
    since: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


COMPRESSIONS = ("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd")
CLEANUP_POLICIES = ("delete", "compact")
TIMESTAMP_TYPES = ("CreateTime", "LogAppendTime")

TOPIC_CONFIGS = {
    "cleanup.policy": Config("choices", choices=CLEANUP_POLICIES, express=True, serverless=True, default="delete"),
    "compression.type": Config("choice", choices=COMPRESSIONS, express=True, serverless=True, default="producer"),
    "compression.gzip.level": Config("int", 1, 9, also=(-1,), since=(3, 8), default="-1"),
    "compression.lz4.level": Config("int", 1, 17, since=(3, 8), default="9"),
    "compression.zstd.level": Config("int", -131_072, 22, since=(3, 8), default="3"),
    "delete.retention.ms": Config("long", 0, express=True, default="86400000"),
    "file.delete.delay.ms": Config("long", 0, default="60000"),
    "flush.messages": Config("long", 1, default="9223372036854775807"),
    "flush.ms": Config("long", 0, default="9223372036854775807"),
    "index.interval.bytes": Config("int", 0, INT, default="4096"),
    "local.retention.bytes": Config("long", -2, default="-2"),
    "local.retention.ms": Config("long", -2, default="-2"),
    "max.compaction.lag.ms": Config("long", 1, express=True, default="9223372036854775807"),
    "max.message.bytes": Config("int", 0, INT, express=True, serverless=True, default="1048588"),
    "message.timestamp.after.max.ms": Config("long", 0, express=True, default="9223372036854775807"),
    "message.timestamp.before.max.ms": Config("long", 0, express=True, default="9223372036854775807"),
    "message.timestamp.difference.max.ms": Config(
        "long", 0, serverless=True, gone=(4, 0), default="9223372036854775807"
    ),
    "message.timestamp.type": Config(
        "choice", choices=TIMESTAMP_TYPES, express=True, serverless=True, default="CreateTime"
    ),
    "min.cleanable.dirty.ratio": Config("ratio", default="0.5"),
    "min.compaction.lag.ms": Config("long", 0, express=True, default="0"),
    "min.insync.replicas": Config("int", 1, INT, default="1"),
    "preallocate": Config("bool", default="false"),
    "remote.storage.enable": Config("bool", default="false"),
    "retention.bytes": Config("long", -1, express=True, serverless=True, default="-1"),
    "retention.ms": Config("long", -1, express=True, serverless=True, default="604800000"),
    "segment.bytes": Config("int", 1_048_576, INT, default="1073741824"),
    "segment.index.bytes": Config("int", 4, INT, default="10485760"),
    "segment.jitter.ms": Config("long", 0, default="0"),
    "segment.ms": Config("long", 1, default="604800000"),
    "unclean.leader.election.enable": Config("bool", default="false"),
}
"""Configurations of a topic, by Kafka's names.

`segment.bytes` has the floor of Kafka 4; 3.9 takes 14. Levels of compression came with 3.8, and 4.0 took
`message.timestamp.difference.max.ms` away. Sources: https://kafka.apache.org/documentation/#topicconfigs,
https://cwiki.apache.org/confluence/display/KAFKA/KIP-390%3A+Support+Compression+Level,
https://kafka.apache.org/40/documentation.html#upgrade_4_0_0,
https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html and
https://docs.aws.amazon.com/msk/latest/developerguide/serverless-config.html, read 2026-11-27.
"""

TOPIC_CONFIGS_OF_KAFKA_ALONE = {
    "follower.replication.throttled.replicas": "whoever moves partitions sets and clears it, which on MSK is MSK",
    "leader.replication.throttled.replicas": "whoever moves partitions sets and clears it, which on MSK is MSK",
    "message.downconversion.enable": "Kafka 4.0 took it away",
    "message.format.version": "Kafka 4.0 took it away",
    "remote.log.copy.disable": "MSK's pages do not name it",
    "remote.log.delete.on.disable": "MSK has a key of its own for that, `remote.log.msk.disable.policy`",
}
"""Configurations that Apache Kafka 3.9 knows for a topic, and that a topic on MSK is not given, with the reason.

Sources: https://kafka.apache.org/39/documentation.html#topicconfigs and
https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html, read 2026-11-28.
"""

SERVER_PROPERTIES = {
    "allow.everyone.if.no.acl.found": Config("bool", express=True, default="false"),
    "auto.create.topics.enable": Config("bool", express=True, default="true"),
    "compression.type": Config("choice", choices=COMPRESSIONS, express=True, default="producer"),
    "connections.max.idle.ms": Config("long", 101, also=(-1,), express=True, default="600000"),
    "custom.advertised.listeners": Config("text", express=True),
    "default.replication.factor": Config("int", 1, INT, default="1"),
    "delete.topic.enable": Config("bool", express=True, default="true"),
    "group.initial.rebalance.delay.ms": Config("int", 0, INT, express=True, default="3000"),
    "group.max.session.timeout.ms": Config("int", 0, INT, express=True, default="1800000"),
    "group.min.session.timeout.ms": Config("int", 0, INT, default="6000"),
    "leader.imbalance.per.broker.percentage": Config("int", 0, INT, express=True, default="10"),
    "log.cleaner.delete.retention.ms": Config("long", 0, default="86400000"),
    "log.cleaner.min.cleanable.ratio": Config("ratio", default="0.5"),
    "log.cleanup.policy": Config("choices", choices=CLEANUP_POLICIES, express=True, default="delete"),
    "log.flush.interval.messages": Config("long", 1, default="9223372036854775807"),
    "log.flush.interval.ms": Config("long", 0),
    "log.message.timestamp.after.max.ms": Config(
        "long", 0, express=True, standard=False, default="9223372036854775807"
    ),
    "log.message.timestamp.before.max.ms": Config(
        "long", 0, express=True, standard=False, default="9223372036854775807"
    ),
    "log.message.timestamp.difference.max.ms": Config("long", 0, default="9223372036854775807"),
    "log.message.timestamp.type": Config("choice", choices=TIMESTAMP_TYPES, express=True, default="CreateTime"),
    "log.retention.bytes": Config("long", -1, express=True, default="-1"),
    "log.retention.hours": Config("int", 1, INT, also=(-1,), default="168"),
    "log.retention.minutes": Config("int", 1, INT, also=(-1,)),
    "log.retention.ms": Config("long", 1, also=(-1,), express=True),
    "log.roll.ms": Config("long", 1),
    "log.segment.bytes": Config("int", 1_048_576, INT, default="1073741824"),
    "max.connections.per.ip": Config("int", 1, INT, express=True, standard=False, default="2147483647"),
    "max.incremental.fetch.session.cache.slots": Config("int", 0, INT, express=True, default="1000"),
    "message.max.bytes": Config("int", 0, INT, express=True, default="1048588"),
    "min.insync.replicas": Config("int", 1, INT, default="1"),
    "num.io.threads": Config("int", 1, INT, default="8"),
    "num.network.threads": Config("int", 1, INT, default="3"),
    "num.partitions": Config("int", 1, INT, express=True, default="1"),
    "num.recovery.threads.per.data.dir": Config("int", 1, INT, default="1"),
    "num.replica.fetchers": Config("int", 1, INT, default="1"),
    "offsets.retention.minutes": Config("int", 1, INT, express=True, default="10080"),
    "offsets.topic.replication.factor": Config("int", 1, 32_767, default="3"),
    "replica.fetch.max.bytes": Config("int", 0, INT, express=True, default="1048576"),
    "replica.fetch.response.max.bytes": Config("int", 0, INT, default="10485760"),
    "replica.lag.time.max.ms": Config("long", 10_000, 30_000, default="30000"),
    "replica.selector.class": Config(
        "choice", choices=("org.apache.kafka.common.replica.RackAwareReplicaSelector",), express=True
    ),
    "replica.socket.receive.buffer.bytes": Config("int", 1, INT, also=(-1,), default="65536"),
    "socket.receive.buffer.bytes": Config("int", 1, INT, also=(-1,), express=True, default="102400"),
    "socket.request.max.bytes": Config("int", 1, INT, express=True, default="104857600"),
    "socket.send.buffer.bytes": Config("int", 1, INT, also=(-1,), express=True, default="102400"),
    "transaction.max.timeout.ms": Config("int", 1, INT, express=True, default="900000"),
    "transaction.state.log.min.isr": Config("int", 1, INT, default="2"),
    "transaction.state.log.replication.factor": Config("int", 1, 32_767, default="3"),
    "transactional.id.expiration.ms": Config("int", 1, INT, express=True, default="604800000"),
    "unclean.leader.election.enable": Config("bool", default="false"),
    "zookeeper.connection.timeout.ms": Config("int", 6000, 18_000),
    "zookeeper.session.timeout.ms": Config("int", 6000, 18_000, default="18000"),
}
"""Properties of brokers that an MSK configuration may set; MSK refuses any other.

Sources: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html and
https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html, read 2026-11-27.
"""
DEFAULTS_OF_MSK = {
    "allow.everyone.if.no.acl.found": "true",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "3, or 2 in two zones",
    "log.segment.bytes": "1073741824, or 134217728 with tiered storage",
    "min.insync.replicas": "2, or 1 in two zones",
    "num.io.threads": "8",
    "num.network.threads": "5",
    "num.replica.fetchers": "2",
    "unclean.leader.election.enable": "true, or false with tiered storage",
}
"""What MSK says to Standard brokers where it differs from Kafka 3.9.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html, read 2026-11-28
"""
DEFAULTS_OF_EXPRESS = {
    "allow.everyone.if.no.acl.found": "true",
    "auto.create.topics.enable": "false",
    "log.message.timestamp.after.max.ms": "86400000",
    "log.message.timestamp.before.max.ms": "86400000",
}
"""The same of Express brokers.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html, read 2026-11-28
"""
FIXED_ON_TOPICS = {
    "msk_express": {"min.insync.replicas": "2", "unclean.leader.election.enable": "false"},
    "msk_serverless": {"min.insync.replicas": "2", "unclean.leader.election.enable": "false"},
}
"""Configurations that nobody changes on a kind of cluster, whose topics all have 3 replicas.

Sources: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html and
https://docs.aws.amazon.com/msk/latest/developerguide/serverless-config.html, read 2026-11-28
"""
ZOOKEEPER_PROPERTIES = ("zookeeper.connection.timeout.ms", "zookeeper.session.timeout.ms")

TOPIC_NAME_CHARACTERS = 249
"""Source: https://kafka.apache.org/documentation/#topicconfigs, and Kafka's answer to a name of 250."""
CREATED_RECORDS_MOST = 10_000
"""What a controller writes at most for one request: a record for the topic, one for each partition and each configuration.

It refuses to create a topic that takes more; to add more partitions makes a controller of 3.9.1 forget topics that come
after.
Source: https://github.com/apache/kafka/blob/3.9.1/metadata/src/main/java/org/apache/kafka/controller/QuorumController.java
(`MAX_RECORDS_PER_USER_OP`), and Kafka's answers
"""
TOPIC_PARTITIONS_MOST = CREATED_RECORDS_MOST - 1
"""Of a topic without any configuration."""
OWN_TOPICS = (
    "__cluster_metadata",
    "__consumer_offsets",
    "__remote_log_metadata",
    "__share_group_state",
    "__transaction_state",
)
"""Topics that Kafka keeps its own records in: it refuses to create the first, and the others are there, or come by themselves.

Source: https://github.com/apache/kafka/blob/3.9.1/clients/src/main/java/org/apache/kafka/common/internals/Topic.java
"""
GROUP_ID_CHARACTERS = 200
"""Source: https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html"""
EXPRESS_MAX_COMPACTION_LAG_MS = 604_800_000
"""At least so much on Express clusters.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html
"""
KEYS_THAT_AGREE_PERCENT = Fact(
    8.6,
    "percent of 10,000 keys that Java's default and librdkafka's put on the same one of 12 partitions",
    "https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md",
    "2026-11-28",
)
"""Counted on a broker of Kafka 3.9.1; chance would be 8.3.

Java hashes by murmur2, librdkafka by CRC-32 unless `partitioner` says otherwise.
"""
DEFAULT_RETENTION_MS = 604_800_000
"""How long a topic keeps records unless it says otherwise: 7 days.

Source: https://kafka.apache.org/documentation/#brokerconfigs_log.retention.hours
"""
DEFAULT_MESSAGE_BYTES = 1_048_588
"""The largest batch of records that a topic takes unless it says otherwise.

Source: https://kafka.apache.org/documentation/#topicconfigs_max.message.bytes
"""

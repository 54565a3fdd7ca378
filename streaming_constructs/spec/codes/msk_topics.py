"""Topics of Apache Kafka on Amazon MSK; part of the topic `MSK`."""

from __future__ import annotations

from streaming_constructs.facts import msk
from streaming_constructs.spec.codes.code import Code, piece

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_TIERED = msk.TIERED_RETENTION_MILLISECONDS.source


_BUSY = "schema: payment, workload: {records_per_second: 40000, record_kb: 1}, "
_FEW, _SERVERLESS = "partitions: 6", "kind: msk_serverless"
_UNREAD = "acknowledge:\n  orders.MSK495: a client creates it\n"


def topic_of(fields: str, cluster: str = "kind: msk") -> str:
    """An example with one topic on one cluster.

    Args:
        fields: The fields of the topic.
        cluster: The fields of its cluster.
    """
    return f"clusters:\n  main: {{{cluster}}}\nstreams:\n  orders: {{kind: kafka, cluster: main, {fields}}}\n"


def _mixed(to: str) -> str:
    """A connector that writes to a keyed topic, and a function that writes to this or to another."""
    return piece(f"""
        clusters:
          main:
            kind: msk
            vpc: {{vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}}
            client_security_group_ids: [sg-0123456789abcdef0]
        streams:
          orders: {{kind: kafka, cluster: main, partitions: 12, schema: payment, partition_key: payment_id}}
          clicks-by-key: {{kind: kafka, cluster: main, partitions: 12}}
        connectors:
          changes:
            kind: source
            cluster: main
            plugin: {{bucket: my-plugins, key: my-source.zip}}
            to: orders
            config: {{connector.class: com.example.MySource, tasks.max: 1}}
        consumers:
          fraud:
            to: {to}
            vpc: {{subnet_ids: [subnet-0123456789abcdef0], security_group_ids: [sg-0123456789abcdef0]}}
    """)


TOPIC_CODES = (
    Code(
        "MSK480",
        "a topic has nothing to derive its number of partitions from",
        "A topic is created with a number of partitions. It is derived from the workload, or it is yours to give.",
        topic_of("retention_days: 7"),
        topic_of("retention_days: 7, partitions: 6"),
    ),
    Code(
        "MSK481",
        "a configuration of a topic that Kafka refuses",
        "One key that is unknown, or one value with a unit, and Kafka refuses the whole topic. What the language has a field "
        "for is said there, in the unit of its name.",
        topic_of("partitions: 6, configs: {segment.ms: 1d}"),
        topic_of("partitions: 6, configs: {segment.ms: 86400000}"),
        source="https://kafka.apache.org/documentation/#topicconfigs",
    ),
    Code(
        "MSK482",
        "a compacted topic cannot be tiered",
        "Tiered storage holds what was deleted from the volumes by its age; what compaction rewrites has to stay on them.",
        topic_of("partitions: 6, cleanup_policy: compact, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        topic_of("partitions: 6, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK483",
        "records in tiered storage are kept for 3 days at least",
        "MSK refuses a shorter retention on a tiered topic, and the deployment fails; Kafka itself would take it.",
        topic_of("partitions: 6, retention_days: 2, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        topic_of("partitions: 6, retention_days: 3, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK484",
        "nothing would ever be read from tiered storage",
        "MSK refuses a topic whose records stay on the volumes for as long as they are kept in all.",
        topic_of("partitions: 6, retention_days: 7, local_retention_days: 7", "kind: msk, storage_mode: tiered"),
        topic_of("partitions: 6, retention_days: 7, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK485",
        "segments that tiered storage does not take",
        "Segments move to tiered storage whole; MSK wants them of 48 MiB, or of ten minutes, at least.",
        topic_of(
            "partitions: 6, local_retention_days: 1, configs: {segment.bytes: 1048576}",
            "kind: msk, storage_mode: tiered",
        ),
        topic_of(
            "partitions: 6, local_retention_days: 1, configs: {segment.bytes: 134217728}",
            "kind: msk, storage_mode: tiered",
        ),
        source=_TIERED,
    ),
    Code(
        "MSK486",
        "two topics of one cluster have one name",
        "A topic is known by its name; and in the names of metrics a `.` and a `_` are the same, so Kafka refuses both.",
        piece("""
            clusters:
              main: {kind: msk}
            streams:
              orders: {kind: kafka, cluster: main, partitions: 6, topic: shop.orders}
              others: {kind: kafka, cluster: main, partitions: 6, topic: shop_orders}
        """),
        piece("""
            clusters:
              main: {kind: msk}
            streams:
              orders: {kind: kafka, cluster: main, partitions: 6, topic: shop.orders}
              others: {kind: kafka, cluster: main, partitions: 6, topic: shop.others}
        """),
    ),
    Code(
        "MSK487",
        "the cluster has no tiered storage",
        "A topic is tiered in a cluster that is. A cluster becomes tiered in place, and cannot be otherwise again.",
        topic_of("partitions: 6, local_retention_days: 1"),
        topic_of("partitions: 6, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK488",
        "there are more replicas than brokers",
        "Each replica of a partition is on a broker of its own, so Kafka refuses a topic with more of them than brokers.",
        topic_of("partitions: 6, replication_factor: 4", "kind: msk, brokers: 3"),
        topic_of("partitions: 6, replication_factor: 3", "kind: msk, brokers: 3"),
    ),
    Code(
        "MSK489",
        "what a topic cannot choose on this kind of cluster",
        "Express brokers and serverless clusters fix replicas and storage, and take some configurations of a topic alone.",
        topic_of("partitions: 6, configs: {segment.ms: 86400000}", "kind: msk_express"),
        topic_of("partitions: 6", "kind: msk_express"),
        source=f"{_GUIDE}/msk-configuration-express-read-write.html",
    ),
    Code(
        "MSK490",
        "fewer partitions than the workload needs",
        "A partition is written by one broker and read by one member of a group. Express brokers and serverless clusters limit "
        "what it takes; elsewhere it is a guideline.",
        topic_of("partitions: 2, workload: {records_per_second: 100000, record_kb: 1}"),
        topic_of("workload: {records_per_second: 100000, record_kb: 1}"),
        source=msk.HEADROOM.source,
    ),
    Code(
        "MSK491",
        "records may be on one broker alone",
        "What is on one broker alone is away while that broker is patched, and lost where its volume is.",
        topic_of("partitions: 6, replication_factor: 1"),
        topic_of("partitions: 6, replication_factor: 3"),
        source=f"{_GUIDE}/bestpractices.html",
    ),
    Code(
        "MSK492",
        "the average record is larger than the topic takes",
        "Brokers refuse a batch that is larger than `max.message.bytes`, and a batch has one record at least.",
        topic_of("partitions: 6, workload: {records_per_second: 10, record_kb: 2000}"),
        topic_of("partitions: 6, workload: {records_per_second: 10, record_kb: 2000}, max_message_kb: 2048"),
        source="https://kafka.apache.org/documentation/#topicconfigs_max.message.bytes",
    ),
    Code(
        "MSK493",
        "records are kept for ever on volumes that have an end",
        "A broker whose volume is full stops, and takes its partitions with it. Tiered storage has no end.",
        topic_of("partitions: 6, retention_days: unlimited"),
        topic_of(
            "partitions: 6, retention_days: unlimited, local_retention_days: 1", "kind: msk, storage_mode: tiered"
        ),
        source=f"{_GUIDE}/bestpractices.html",
    ),
    Code(
        "MSK494",
        "nothing says what a compacted topic is keyed by",
        "Compaction keeps the last record of each key; brokers refuse records without a key, and producers fail on them.",
        topic_of("partitions: 6, cleanup_policy: compact"),
        topic_of("partitions: 6, cleanup_policy: compact, partition_key: payment_id, schema: payment"),
        source="https://kafka.apache.org/documentation/#compaction",
    ),
    Code(
        "MSK495",
        "topics of a serverless cluster are no resources of CloudFormation",
        "The API of MSK creates topics on clusters of brokers. On a serverless one a client does, with Kafka's own tools.",
        topic_of("partitions: 6", "kind: msk_serverless"),
        topic_of("partitions: 6", "kind: msk_express"),
        source=f"{_GUIDE}/msk-topic-operations-information.html",
    ),
    Code(
        "MSK496",
        "more partitions than a topic is created with",
        "A controller of Kafka writes 10,000 records for one request at most: one for the topic, one for each partition, and "
        "one for each configuration. It refuses a topic that takes more.",
        topic_of("partitions: 9999"),
        topic_of("partitions: 5000"),
        source="https://kafka.apache.org/documentation/#topicconfigs",
    ),
    Code(
        "MSK497",
        "writers of a topic put the same key on different partitions",
        "Which partition a key belongs to is the producer's choice. Java's producers, and connectors with them, hash it by "
        "murmur2; librdkafka, and with it the usual clients of Python and .NET, by CRC-32. Where both write, a key is on two "
        'partitions: its records have no order, joins miss it, and compaction keeps two of it. With `"partitioner": '
        '"murmur2_random"` librdkafka does as Java does. What a function does is read from its runtime, and from the libraries '
        "that its files name.",
        _mixed("[clicks-by-key, orders]"),
        _mixed("clicks-by-key"),
        source="https://kafka.apache.org/documentation/#producerconfigs_partitioner.class",
    ),
    Code(
        "MSK498",
        "all that is written in a while goes to few partitions",
        "Records with the same key are in one partition, which one broker leads and one reader of a group reads. By a date all "
        "that is written in a day is in one, by a field that is true or false in two, however many partitions there are.",
        "schemas:\n  payment: {day: date}\n" + topic_of(_BUSY + "partition_key: day"),
        "schemas:\n  payment: {day: date}\n" + topic_of(_BUSY + "partition_key: payment_id"),
        source="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices-kafka-client.html",
    ),
    Code(
        "MSK499",
        "a serverless cluster for trials",
        "MSK Serverless is paid for by the hour of the cluster and of each partition, before anything is written. A system "
        "that is there to be tried out, and is destroyed later, costs less with the smallest brokers, and a rehearsal nothing.",
        "removal_policy: destroy\n" + topic_of(_FEW, _SERVERLESS) + _UNREAD,
        "removal_policy: retain\n" + topic_of(_FEW, _SERVERLESS) + _UNREAD,
        source=f"{_GUIDE}/serverless.html",
    ),
)

"""Apache Kafka on Amazon MSK: clusters and topics."""

from __future__ import annotations

from streaming_constructs.facts import msk
from streaming_constructs.spec.codes.code import Code, piece
from streaming_constructs.spec.codes.msk_connect import CONNECT_CODES

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_CFN = msk.ZONES.source
_TIERED = msk.TIERED_RETENTION_MILLISECONDS.source
_CONFIGURATION = f"{_GUIDE}/msk-configuration-properties.html"
_TWO_SUBNETS = "vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}"
_ADOPTED = "arn: 'arn:aws:kafka:eu-west-1:111122223333:topic/main/12345678-1234-1234-1234-123456789012-s1/orders'"

_EXISTING = "kind: msk, arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1'"
_LAKE = "deliveries:\n  lake: {from: orders, to: {kind: s3}}\n"
_KNOWN = "acknowledge:\n  main.MSK468: the first deployment may take an hour\n"
_USERS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"


def _cluster(fields: str) -> str:
    return f"clusters:\n  main: {{kind: msk, {fields}}}\n"


def _topic(fields: str, cluster: str = "kind: msk") -> str:
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


CODES = (
    *CONNECT_CODES,
    Code(
        "MSK451",
        "brokers have no such version of Kafka",
        "A cluster is created with a version that MSK offers for its kind of brokers, as MSK writes it: `3.9.x.kraft` keeps "
        "its metadata in KRaft, `3.9.x` in ZooKeeper.",
        _cluster('kafka_version: "3.9"'),
        _cluster('kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/supported-kafka-versions.html",
    ),
    Code(
        "MSK452",
        "a cluster stands in two or three zones",
        "MSK places brokers in one subnet of each of two or three availability zones; Express brokers need three.",
        piece(f"""
            clusters:
              main:
                kind: msk_express
                {_TWO_SUBNETS}
        """),
        piece(f"""
            clusters:
              main:
                kind: msk
                {_TWO_SUBNETS}
        """),
        source=_CFN,
    ),
    Code(
        "MSK453",
        "brokers do not divide evenly among the zones",
        "Each zone has as many brokers as any other, so that one of them can be away; MSK refuses any other number.",
        _cluster("brokers: 4"),
        _cluster("brokers: 6"),
        source=_CFN,
    ),
    Code(
        "MSK454",
        "more brokers than ZooKeeper serves",
        "A cluster whose metadata is kept by ZooKeeper has 30 brokers at most; with KRaft it has 60.",
        _cluster('kafka_version: "3.8.x", brokers: 33'),
        _cluster('kafka_version: "3.9.x.kraft", brokers: 33'),
        source=msk.BROKERS_KRAFT.source,
    ),
    Code(
        "MSK455",
        "a volume cannot grow to less than it is",
        "Volumes of brokers grow, and never shrink; a scaling target below what they are would be refused.",
        _cluster("volume_gb: 500, max_volume_gb: 400"),
        _cluster("volume_gb: 500, max_volume_gb: 2000"),
        source=msk.AUTOSCALING_TARGET_PERCENT.source,
    ),
    Code(
        "MSK456",
        "the type of broker takes no such throughput of its volume",
        "More than 250 MiB/s of a volume can be provisioned for larger brokers alone, each up to what its instance takes.",
        _cluster("instance_type: kafka.m7g.large, volume_throughput_mb_per_second: 300"),
        _cluster("instance_type: kafka.m7g.2xlarge, volume_throughput_mb_per_second: 300"),
        source=msk.VOLUME_MIB_PER_SECOND.source,
    ),
    Code(
        "MSK457",
        "burstable brokers lack this",
        "kafka.t3.small is for trials: it has no KRaft, no tiered storage and no private connections.",
        _cluster('instance_type: kafka.t3.small, kafka_version: "3.9.x.kraft"'),
        _cluster('instance_type: kafka.m7g.large, kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/broker-instance-sizes.html",
    ),
    Code(
        "MSK460",
        "a cluster has a security group of its own",
        "The list of a cluster's security groups is create-only: another list replaces the cluster, and its records are lost. "
        "So a cluster gets one group for good, whose rules change in place.",
        piece("""
            clusters:
              main:
                kind: msk_serverless
                vpc:
                  vpc_id: vpc-0123456789abcdef0
                  subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
                  security_group_ids: [sg-0123456789abcdef0]
        """),
        piece(f"""
            clusters:
              main:
                kind: msk_serverless
                client_security_group_ids: [sg-0123456789abcdef0]
                {_TWO_SUBNETS}
        """),
        source=_CFN,
    ),
    Code(
        "MSK461",
        "other accounts connect by private connections alone",
        "A policy of the cluster lets other accounts make a connection, and multi-VPC connectivity is what they connect to.",
        _cluster('shared_with: ["111122223333"]') + _KNOWN,
        _cluster('shared_with: ["111122223333"], multi_vpc: true') + _KNOWN,
        source=f"{_GUIDE}/aws-access-mult-vpc.html",
    ),
    Code(
        "MSK462",
        "what a way to authenticate needs, or what needs it, is missing",
        "SASL/SCRAM reads its users from secrets; mTLS takes certificates of the authorities that are named.",
        _cluster("auth: mtls"),
        piece("""
            clusters:
              main:
                kind: msk
                auth: mtls
                certificate_authority_arns:
                  - arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/12345678-1234-1234-1234-123456789012
        """),
        source=f"{_GUIDE}/msk-authentication.html",
    ),
    Code(
        "MSK463",
        "a secret that MSK does not take",
        "MSK associates secrets whose names start with AmazonMSK_, under a customer managed key. Others are told of as "
        "unprocessed, while the deployment succeeds.",
        piece("""
            clusters:
              main:
                kind: msk
                auth: sasl_scram
                scram_secret_arns:
                  - arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_ops-AbCdEf
                  - arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf
        """),
        piece("""
            clusters:
              main:
                kind: msk
                auth: sasl_scram
                scram_secret_arns: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"]
        """),
        source=f"{_GUIDE}/msk-password.html",
    ),
    Code(
        "MSK464",
        "a server property that MSK, or Kafka, refuses",
        "MSK lets some of Kafka's properties be set, others for each kind of brokers; and Kafka takes plain numbers, without "
        "units. A broker ignores what it does not know, and MSK refuses the whole configuration.",
        _cluster("server_properties: {log.retention.ms: 7d}"),
        _cluster("server_properties: {log.retention.ms: 604800000}"),
        source=_CONFIGURATION,
    ),
    Code(
        "MSK465",
        "with one broker away nothing could be written",
        "A writer that asks for all replicas is refused while fewer than `min.insync.replicas` of them are in sync. Where all "
        "of them have to be, one broker that is patched stops all writes. Kafka takes it nevertheless.",
        _topic("partitions: 6, replication_factor: 3, min_insync_replicas: 3"),
        _topic("partitions: 6, replication_factor: 3, min_insync_replicas: 2"),
        source=f"{_GUIDE}/bestpractices.html",
    ),
    Code(
        "MSK466",
        "records that were acknowledged can be lost",
        "With unclean elections a replica that lacks records may become leader when none else is there; what it lacks is gone.",
        _topic("partitions: 6, configs: {unclean.leader.election.enable: true}"),
        _topic("partitions: 6"),
        source=f"{_GUIDE}/msk-default-configuration.html",
    ),
    Code(
        "MSK467",
        "private connections need ACLs",
        "Clients that authenticate by SASL/SCRAM or mTLS may do what Kafka's ACLs say. MSK switches private connections on for "
        "them where a topic without an ACL lets nobody in, and not, as by default, everybody.",
        _cluster(f"auth: [iam, sasl_scram], scram_secret_arns: ['{_USERS}'], multi_vpc: true") + _KNOWN,
        _cluster(
            f"auth: [iam, sasl_scram], scram_secret_arns: ['{_USERS}'], multi_vpc: true, "
            "server_properties: {allow.everyone.if.no.acl.found: false}"
        )
        + _KNOWN,
        source=f"{_GUIDE}/aws-access-mult-vpc.html",
    ),
    Code(
        "MSK468",
        "private connections are switched on after the cluster is there",
        "MSK refuses to create a cluster with multi-VPC connectivity. A function of the stack switches it on once the cluster "
        "is there, and waits while MSK restarts broker after broker; the policy of the cluster, and deliveries of its topics, "
        "come after that. It stays on when it is taken out of the spec, and the policy goes.",
        _cluster("multi_vpc: true"),
        _cluster("multi_vpc: false"),
        source=f"{_GUIDE}/mvpc-cluster-owner-action-turn-on.html",
    ),
    Code(
        "MSK469",
        "a delivery needs private connections",
        "Firehose reaches brokers privately, over multi-VPC connectivity. It is switched on for a cluster whose topics are "
        "delivered, and cannot be off there.",
        _topic("partitions: 6", "kind: msk, multi_vpc: false") + _LAKE + _KNOWN,
        _topic("partitions: 6", "kind: msk") + _LAKE + _KNOWN,
        source=msk.CONNECTIVITY_MINUTES.source,
    ),
    Code(
        "MSK470",
        "a serverless cluster carries less than this",
        "MSK Serverless takes 200 MB/s and gives 400 MB/s, and has 2,400 partitions, of compacted topics 120.",
        _topic(
            f"{_ADOPTED}, partitions: 90, workload: {{records_per_second: 300000, record_kb: 1}}",
            "kind: msk_serverless",
        ),
        _topic("workload: {records_per_second: 300000, record_kb: 1}", "kind: msk_express"),
        source=msk.SERVERLESS_INGRESS_MIB_PER_SECOND.source,
    ),
    Code(
        "MSK471",
        "the cluster is too small for its topics",
        "Brokers write each replica of a record to their volumes, and send it to the other replicas and to each reader. What "
        "is planned keeps 40 % free; this would not suffice for the load itself.",
        _topic(
            "workload: {records_per_second: 100000, record_kb: 1}, retention_hours: 1",
            "kind: msk, instance_type: kafka.m7g.large, brokers: 3",
        ),
        _topic("workload: {records_per_second: 100000, record_kb: 1}, retention_hours: 1"),
        source=msk.HEADROOM.source,
    ),
    Code(
        "MSK472",
        "support of a version has ended, or ends soon",
        "MSK raises the version of clusters whose support has ended, at a time of its choosing.",
        _cluster('kafka_version: "3.6.0"'),
        _cluster('kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/version-support.html",
    ),
    Code(
        "MSK473",
        "a version whose metadata is kept by ZooKeeper",
        "3.9 is the last version with ZooKeeper; a cluster with KRaft has twice the brokers, and controllers that AWS runs for "
        "nothing. An existing cluster is migrated by a change of its version.",
        _cluster('kafka_version: "3.9.x"'),
        _cluster('kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/metadata-management.html",
    ),
    Code(
        "MSK474",
        "burstable brokers in a system that keeps its data",
        "The processor of kafka.t3.small works on credits, and takes four new connections a second.",
        _cluster('instance_type: kafka.t3.small, kafka_version: "3.8.x"'),
        _cluster("instance_type: kafka.m7g.large"),
        source=msk.NEW_CONNECTIONS_PER_SECOND_T3.source,
    ),
    Code(
        "MSK475",
        "nobody gets in with SASL/SCRAM",
        "Users of SASL/SCRAM are in secrets that are associated with the cluster; without one every client is refused.",
        _cluster("auth: [iam, sasl_scram]"),
        _cluster("auth: iam"),
        source=f"{_GUIDE}/msk-password.html",
    ),
    Code(
        "MSK476",
        "a volume may fill faster than it grows",
        "A volume grows by a tenth, or 10 GiB where that is more, and not again for six hours. A broker whose volume is full "
        "stops.",
        _topic(
            "workload: {records_per_second: 40000, record_kb: 1}, retention_hours: 24",
            "kind: msk, volume_gb: 100, max_volume_gb: 16000",
        ),
        _topic(
            "workload: {records_per_second: 40000, record_kb: 1}, retention_hours: 24",
            "kind: msk, volume_gb: 9000, max_volume_gb: 16000",
        ),
        source=msk.AUTOSCALING_HOURS.source,
    ),
    Code(
        "MSK477",
        "an existing cluster has to let Firehose in",
        "A cluster that is adopted is never changed. Firehose connects to it privately where IAM is among its ways to "
        "authenticate, multi-VPC connectivity is on for it, and the policy of the cluster lets firehose.amazonaws.com make a "
        "connection.",
        _topic("partitions: 6", _EXISTING) + _LAKE,
        _topic("partitions: 6", f"{_EXISTING}, multi_vpc: true") + _LAKE,
        source="https://docs.aws.amazon.com/firehose/latest/dev/writing-with-msk.html",
    ),
    Code(
        "MSK478",
        "brokers were asked for that take no such clients",
        "Each way to authenticate has a port of its own, and a cluster has those of its `auth`. A deployment that asks MSK for "
        "others fails, once the cluster is there.",
        'main = KafkaCluster(stack, "Main", spec=MskClusterSpec(auth=("iam",))); main.bootstrap_brokers("mtls")',
        'main = KafkaCluster(stack, "Main", spec=MskClusterSpec(auth=("iam",))); main.bootstrap_brokers("iam")',
        form="elsewhere",
        source=f"{_GUIDE}/port-info.html",
    ),
    Code(
        "MSK480",
        "a topic has nothing to derive its number of partitions from",
        "A topic is created with a number of partitions. It is derived from the workload, or it is yours to give.",
        _topic("retention_days: 7"),
        _topic("retention_days: 7, partitions: 6"),
    ),
    Code(
        "MSK481",
        "a configuration of a topic that Kafka refuses",
        "One key that is unknown, or one value with a unit, and Kafka refuses the whole topic. What the language has a field "
        "for is said there, in the unit of its name.",
        _topic("partitions: 6, configs: {segment.ms: 1d}"),
        _topic("partitions: 6, configs: {segment.ms: 86400000}"),
        source="https://kafka.apache.org/documentation/#topicconfigs",
    ),
    Code(
        "MSK482",
        "a compacted topic cannot be tiered",
        "Tiered storage holds what was deleted from the volumes by its age; what compaction rewrites has to stay on them.",
        _topic("partitions: 6, cleanup_policy: compact, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        _topic("partitions: 6, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK483",
        "records in tiered storage are kept for 3 days at least",
        "MSK refuses a shorter retention on a tiered topic, and the deployment fails; Kafka itself would take it.",
        _topic("partitions: 6, retention_days: 2, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        _topic("partitions: 6, retention_days: 3, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK484",
        "nothing would ever be read from tiered storage",
        "MSK refuses a topic whose records stay on the volumes for as long as they are kept in all.",
        _topic("partitions: 6, retention_days: 7, local_retention_days: 7", "kind: msk, storage_mode: tiered"),
        _topic("partitions: 6, retention_days: 7, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK485",
        "segments that tiered storage does not take",
        "Segments move to tiered storage whole; MSK wants them of 48 MiB, or of ten minutes, at least.",
        _topic(
            "partitions: 6, local_retention_days: 1, configs: {segment.bytes: 1048576}",
            "kind: msk, storage_mode: tiered",
        ),
        _topic(
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
        _topic("partitions: 6, local_retention_days: 1"),
        _topic("partitions: 6, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=_TIERED,
    ),
    Code(
        "MSK488",
        "there are more replicas than brokers",
        "Each replica of a partition is on a broker of its own, so Kafka refuses a topic with more of them than brokers.",
        _topic("partitions: 6, replication_factor: 4", "kind: msk, brokers: 3"),
        _topic("partitions: 6, replication_factor: 3", "kind: msk, brokers: 3"),
    ),
    Code(
        "MSK489",
        "what a topic cannot choose on this kind of cluster",
        "Express brokers and serverless clusters fix replicas and storage, and take some configurations of a topic alone.",
        _topic("partitions: 6, configs: {segment.ms: 86400000}", "kind: msk_express"),
        _topic("partitions: 6", "kind: msk_express"),
        source=f"{_GUIDE}/msk-configuration-express-read-write.html",
    ),
    Code(
        "MSK490",
        "fewer partitions than the workload needs",
        "A partition is written by one broker and read by one member of a group. Express brokers and serverless clusters limit "
        "what it takes; elsewhere it is a guideline.",
        _topic("partitions: 2, workload: {records_per_second: 100000, record_kb: 1}"),
        _topic("workload: {records_per_second: 100000, record_kb: 1}"),
        source=msk.HEADROOM.source,
    ),
    Code(
        "MSK491",
        "records may be on one broker alone",
        "What is on one broker alone is away while that broker is patched, and lost where its volume is.",
        _topic("partitions: 6, replication_factor: 1"),
        _topic("partitions: 6, replication_factor: 3"),
        source=f"{_GUIDE}/bestpractices.html",
    ),
    Code(
        "MSK492",
        "the average record is larger than the topic takes",
        "Brokers refuse a batch that is larger than `max.message.bytes`, and a batch has one record at least.",
        _topic("partitions: 6, workload: {records_per_second: 10, record_kb: 2000}"),
        _topic("partitions: 6, workload: {records_per_second: 10, record_kb: 2000}, max_message_kb: 2048"),
        source="https://kafka.apache.org/documentation/#topicconfigs_max.message.bytes",
    ),
    Code(
        "MSK493",
        "records are kept for ever on volumes that have an end",
        "A broker whose volume is full stops, and takes its partitions with it. Tiered storage has no end.",
        _topic("partitions: 6, retention_days: unlimited"),
        _topic("partitions: 6, retention_days: unlimited, local_retention_days: 1", "kind: msk, storage_mode: tiered"),
        source=f"{_GUIDE}/bestpractices.html",
    ),
    Code(
        "MSK494",
        "nothing says what a compacted topic is keyed by",
        "Compaction keeps the last record of each key; brokers refuse records without a key, and producers fail on them.",
        _topic("partitions: 6, cleanup_policy: compact"),
        _topic("partitions: 6, cleanup_policy: compact, partition_key: payment_id, schema: payment"),
        source="https://kafka.apache.org/documentation/#compaction",
    ),
    Code(
        "MSK495",
        "topics of a serverless cluster are no resources of CloudFormation",
        "The API of MSK creates topics on clusters of brokers. On a serverless one a client does, with Kafka's own tools.",
        _topic("partitions: 6", "kind: msk_serverless"),
        _topic("partitions: 6", "kind: msk_express"),
        source=f"{_GUIDE}/msk-topic-operations-information.html",
    ),
    Code(
        "MSK496",
        "more partitions than a topic is created with",
        "A controller of Kafka writes 10,000 records for one request at most: one for the topic, one for each partition, and "
        "one for each configuration. It refuses a topic that takes more.",
        _topic("partitions: 9999"),
        _topic("partitions: 5000"),
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
        source="https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md",
    ),
)

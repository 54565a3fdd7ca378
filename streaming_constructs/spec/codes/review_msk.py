"""What changes of templates mean for Kafka on Amazon MSK: clusters, topics, properties of brokers, replicators and channels."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_SECURITY = f"{_GUIDE}/msk-update-security.html"
_VERSIONS = f"{_GUIDE}/version-upgrades.html"
_METRICS = f"{_GUIDE}/metrics-details.html"
_LOGS = f"{_GUIDE}/msk-logging.html"
_KAFKA = "https://kafka.apache.org/documentation"


def cluster(properties: str) -> str:
    """A cluster with some properties."""
    return piece(f"""
            Events: {{Type: AWS::MSK::Cluster, Properties: {{{properties}}}}}
    """)


def nodes(properties: str) -> str:
    """A cluster whose brokers have some properties."""
    return cluster(f"BrokerNodeGroupInfo: {{{properties}}}")


def topic(properties: str) -> str:
    """A topic with some properties, and three replicas."""
    return piece(f"""
            Clicks: {{Type: AWS::MSK::Topic, Properties: {{TopicName: clicks, ReplicationFactor: 3, {properties}}}}}
    """)


def brokers(lines: str) -> str:
    """A configuration of brokers."""
    return piece(f"""
            Brokers: {{Type: AWS::MSK::Configuration, Properties: {{Name: brokers, ServerProperties: "{lines}"}}}}
    """)


def replicator(topics: str) -> str:
    """A replicator with a part about topics."""
    return piece(f"""
            Copy:
              Type: AWS::MSK::Replicator
              Properties:
                ReplicatorName: copy
                ReplicationInfoList: [{{TopicReplication: {{{topics}}}}}]
    """)


def policy(statement: str) -> str:
    """A policy of a cluster with one statement."""
    return piece(f"""
            Policy:
              Type: AWS::MSK::ClusterPolicy
              Properties:
                ClusterArn: arn:aws:kafka:eu-west-1:111122223333:cluster/events/1
                Policy: {{Statement: [{{Effect: Allow, {statement}}}]}}
    """)


_IAM = "Sasl: {Iam: {Enabled: true}}"
_FIREHOSE = "Principal: {Service: firehose.amazonaws.com}, Action: 'kafka:CreateVpcConnection'"
_DESCRIBES = (
    "Principal: {Service: firehose.amazonaws.com}, Action: ['kafka:CreateVpcConnection', 'kafka:DescribeClusterV2']"
)

CODES: tuple[Code, ...] = (
    review_code(
        "REV400",
        "danger",
        "public-access",
        "clients of a cluster need not say who they are any more",
        "Whoever reaches the port of a broker then reads, writes and deletes topics. What is left to guard them is "
        "the network alone. So it is also where no way to sign in is on.",
        before=cluster(f"ClientAuthentication: {{{_IAM}}}"),
        after=cluster(f"ClientAuthentication: {{{_IAM}, Unauthenticated: {{Enabled: true}}}}"),
        source=_SECURITY,
    ),
    review_code(
        "REV401",
        "danger",
        "public-access",
        "brokers have addresses in the internet",
        "Whoever may sign in can do so from anywhere, and a key that leaked is enough. Security groups are then the "
        "one thing that keeps others from the port.",
        before=nodes("ConnectivityInfo: {PublicAccess: {Type: DISABLED}}"),
        after=nodes("ConnectivityInfo: {PublicAccess: {Type: SERVICE_PROVIDED_EIPS}}"),
        source=f"{_GUIDE}/public-access.html",
    ),
    review_code(
        "REV402",
        "danger",
        "encryption",
        "records between clients and brokers may travel in plain text",
        "With TLS_PLAINTEXT brokers open a port without encryption beside the one with it, and clients on it do not "
        "say who they are. Nobody sees which of the two a client takes.",
        before=cluster("EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS}}"),
        after=cluster("EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS_PLAINTEXT}}"),
        source=_SECURITY,
    ),
    review_code(
        "REV403",
        "caution",
        "iam-widened",
        "others may sign in to a cluster, or in another way",
        "What clients that come by SASL/SCRAM or with a certificate may do is said by ACLs of Kafka, not by IAM: "
        "where a topic has none, MSK's default lets each of them read and write it.",
        before=cluster(f"ClientAuthentication: {{{_IAM}}}"),
        after=cluster("ClientAuthentication: {Sasl: {Iam: {Enabled: true}, Scram: {Enabled: true}}}"),
        source=f"{_GUIDE}/msk-password.html",
    ),
    review_code(
        "REV404",
        "caution",
        "delivery",
        "clients that signed in to a cluster in one way are refused",
        "Brokers close the port of that way. Producers and consumers that still use it stop, and what producers "
        "cannot write is lost once their buffers are full.",
        before=cluster("ClientAuthentication: {Sasl: {Iam: {Enabled: true}, Scram: {Enabled: true}}}"),
        after=cluster(f"ClientAuthentication: {{{_IAM}}}"),
        source=_SECURITY,
    ),
    review_code(
        "REV405",
        "fine",
        "encryption",
        "a cluster lets in fewer, or encrypts more",
        "What could reach the cluster without a name, without encryption or from the internet no longer can. Clients "
        "that did so have to change before.",
        before=cluster("EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS_PLAINTEXT}}"),
        after=cluster("EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS}}"),
        source=_SECURITY,
    ),
    review_code(
        "REV406",
        "caution",
        "network",
        "brokers are reached from more networks",
        "Private connections let clients of other VPCs, and of accounts that the cluster's policy names, come to the "
        "brokers. They sign in as all others do.",
        before=cluster("BrokerNodeGroupInfo: {InstanceType: kafka.m7g.large}"),
        after=nodes(
            "InstanceType: kafka.m7g.large, "
            f"ConnectivityInfo: {{VpcConnectivity: {{ClientAuthentication: {{{_IAM}}}}}}}"
        ),
        source=f"{_GUIDE}/aws-access-mult-vpc.html",
    ),
    review_code(
        "REV407",
        "danger",
        "iam-widened",
        "the policy of a cluster lets in another account, everybody, or without bounds",
        "A cluster policy is what lets principals of other accounts in. What is newly allowed there needs no consent "
        "of the account that owns the cluster any more.",
        before=policy(_FIREHOSE),
        after=policy('Principal: {AWS: "999988887777"}, Action: "kafka-cluster:Connect"'),
        source=f"{_GUIDE}/mvpc-cluster-owner-action-policy.html",
    ),
    review_code(
        "REV408",
        "caution",
        "iam-widened",
        "the policy of a cluster allows one thing more, or under other conditions",
        "A service or a known principal may do something with the cluster that it might not before, or the policy "
        "refuses less than it did.",
        before=policy(_FIREHOSE),
        after=policy(_DESCRIBES),
        source=f"{_GUIDE}/mvpc-cluster-owner-action-policy.html",
    ),
    review_code(
        "REV409",
        "fine",
        "iam-widened",
        "the policy of a cluster allows less",
        "What is no longer allowed is refused from the next request on; private connections that were made stay until "
        "they are deleted.",
        before=policy(_DESCRIBES),
        after=policy(_FIREHOSE),
        source=f"{_GUIDE}/mvpc-cluster-owner-action-policy.html",
    ),
    review_code(
        "REV410",
        "danger",
        "scaling",
        "brokers are changed in a way that MSK refuses",
        "A volume never gets smaller, Standard brokers never become Express ones, no broker becomes a kafka.t3.small, "
        "and each zone has the same number of them. The update fails, and what else it was to change is rolled back.",
        before=nodes("StorageInfo: {EBSStorageInfo: {VolumeSize: 1000}}"),
        after=nodes("StorageInfo: {EBSStorageInfo: {VolumeSize: 500}}"),
        mend=nodes("StorageInfo: {EBSStorageInfo: {VolumeSize: 1000}}"),
        source=f"{_GUIDE}/msk-update-storage.html",
    ),
    review_code(
        "REV411",
        "danger",
        "retention",
        "tiered storage of a cluster is to be turned off",
        "MSK refuses: a cluster that once had tiered storage keeps it, as records are there and nowhere else. A topic "
        "can leave it, once, and loses what is only there.",
        before=cluster("StorageMode: TIERED"),
        after=cluster("StorageMode: LOCAL"),
        source=f"{_GUIDE}/msk-tiered-storage.html",
    ),
    review_code(
        "REV412",
        "caution",
        "scaling",
        "a cluster has fewer, smaller or slower brokers",
        "Those that remain carry the same load and the same records. MSK takes brokers away only once no partition is "
        "on them, and refuses a size that has too many partitions for it.",
        before=cluster("NumberOfBrokerNodes: 6"),
        after=cluster("NumberOfBrokerNodes: 3"),
        source=f"{_GUIDE}/msk-remove-broker.html",
    ),
    review_code(
        "REV413",
        "fine",
        "scaling",
        "a cluster has more, larger or faster brokers",
        "They are added, or exchanged one after the other, while the cluster works. Partitions do not move to new "
        "brokers by themselves, unless MSK rebalances them.",
        before=nodes("StorageInfo: {EBSStorageInfo: {VolumeSize: 500}}"),
        after=nodes("StorageInfo: {EBSStorageInfo: {VolumeSize: 1000}}"),
        source=f"{_GUIDE}/msk-update-storage.html",
    ),
    review_code(
        "REV414",
        "danger",
        "none",
        "a version of Kafka that MSK refuses",
        "There is no way back to an older version, and one way alone from ZooKeeper to KRaft. The update fails, and "
        "what else it was to change is rolled back.",
        before=cluster("KafkaVersion: 3.9.x"),
        after=cluster("KafkaVersion: 3.8.x"),
        source=_VERSIONS,
    ),
    review_code(
        "REV415",
        "caution",
        "none",
        "Kafka is upgraded in place",
        "Brokers are restarted one after the other, which takes hours for a large cluster, and there is no way back. "
        "Topics whose `min.insync.replicas` equals their replicas take no writes meanwhile.",
        before=cluster("KafkaVersion: 3.8.x"),
        after=cluster("KafkaVersion: 3.9.x"),
        source=_VERSIONS,
    ),
    review_code(
        "REV416",
        "caution",
        "none",
        "brokers take another configuration, of which the template does not say what is in it",
        "Retention, the number of copies that a write waits for and what is refused are all said by the "
        "configuration. Brokers take the new one, and are restarted where that is needed.",
        before=cluster(
            "ConfigurationInfo: {Arn: 'arn:aws:kafka:eu-west-1:111122223333:configuration/a/1', Revision: 1}"
        ),
        after=cluster(
            "ConfigurationInfo: {Arn: 'arn:aws:kafka:eu-west-1:111122223333:configuration/a/1', Revision: 2}"
        ),
        source=f"{_GUIDE}/msk-update-cluster-config.html",
    ),
    review_code(
        "REV417",
        "caution",
        "alarm",
        "a cluster publishes fewer metrics",
        "Alarms and dashboards on metrics that the lower level does not have see nothing any more, and an alarm that "
        "sees nothing mostly stays silent. It is a danger where the template has such an alarm.",
        before=cluster("EnhancedMonitoring: PER_TOPIC_PER_BROKER"),
        after=cluster("EnhancedMonitoring: PER_BROKER"),
        source=_METRICS,
    ),
    review_code(
        "REV418",
        "caution",
        "none",
        "logs of a cluster, a replicator or a channel are off, or go elsewhere",
        "Why a broker restarts, or who was refused, is then seen nowhere, or not where people look for it.",
        before=cluster("LoggingInfo: {BrokerLogs: {CloudWatchLogs: {Enabled: true, LogGroup: brokers}}}"),
        after=cluster("LoggingInfo: {BrokerLogs: {CloudWatchLogs: {Enabled: false}}}"),
        source=_LOGS,
    ),
    review_code(
        "REV419",
        "fine",
        "none",
        "a cluster publishes more metrics, or logs",
        "Levels above DEFAULT cost what custom metrics cost, for each broker, topic or partition; logs cost what "
        "their destination costs.",
        before=cluster("EnhancedMonitoring: DEFAULT"),
        after=cluster("EnhancedMonitoring: PER_BROKER"),
        source=_METRICS,
    ),
    review_code(
        "REV420",
        "danger",
        "data-loss",
        "acknowledged records can be lost with a broker",
        "`min.insync.replicas` is how many brokers have a record before a producer with acks=all is told that it is "
        "there; with an unclean election a replica that lags becomes leader, and what it has not is gone. Nobody is "
        "told.",
        before=brokers("min.insync.replicas=2\\nunclean.leader.election.enable=false"),
        after=brokers("min.insync.replicas=1\\nunclean.leader.election.enable=false"),
        source=f"{_KAFKA}/#topicconfigs_min.insync.replicas",
    ),
    review_code(
        "REV421",
        "danger",
        "retention",
        "Kafka deletes records that it keeps today",
        "Segments older, or larger, than the new limit are deleted within minutes; with compaction, of each key all "
        "records but the last. What a consumer had not read yet is lost to it.",
        before=topic('Configs: "retention.ms=604800000"'),
        after=topic('Configs: "retention.ms=86400000"'),
        source=f"{_KAFKA}/#topicconfigs_retention.ms",
    ),
    review_code(
        "REV422",
        "danger",
        "retention",
        "a topic leaves tiered storage",
        "What is in tiered storage and no longer on the brokers is deleted, or the update is refused. A topic of MSK "
        "leaves tiered storage once, and cannot have it again.",
        before=topic('Configs: "remote.storage.enable=true\\nretention.ms=604800000"'),
        after=topic('Configs: "remote.storage.enable=false\\nretention.ms=604800000"'),
        source=f"{_GUIDE}/msk-tiered-storage.html",
    ),
    review_code(
        "REV423",
        "danger",
        "partition",
        "a topic is to have fewer partitions",
        "Kafka takes no partition away, as the records in it would have to go somewhere. The update fails, and what "
        "else it was to change is rolled back.",
        before=topic("PartitionCount: 12"),
        after=topic("PartitionCount: 6"),
        source=f"{_GUIDE}/msk-update-topic.html",
    ),
    review_code(
        "REV424",
        "caution",
        "partition",
        "a topic has more partitions",
        "Producers put a key on a partition by its hash and their number: from 12 to 24, half of all keys move. "
        "Records of a key that are still in the old partition may be read after newer ones, and state that is kept by "
        "partition is elsewhere.",
        before=topic("PartitionCount: 12"),
        after=topic("PartitionCount: 24"),
        source=f"{_KAFKA}/#basic_ops_modify_topic",
    ),
    review_code(
        "REV425",
        "danger",
        "position-reset",
        "offsets of groups are kept for a shorter time",
        "A group without members for longer than this loses its offsets. It then starts where `auto.offset.reset` "
        "says: at the end, and skips records, or at the beginning, and reads all again.",
        before=brokers("offsets.retention.minutes=10080"),
        after=brokers("offsets.retention.minutes=1440"),
        source=f"{_KAFKA}/#brokerconfigs_offsets.retention.minutes",
    ),
    review_code(
        "REV426",
        "caution",
        "delivery",
        "Kafka refuses writes that it takes today",
        "Producers are answered with an error for records that are too large, or while fewer replicas are in sync "
        "than they have to wait for: with as many as there are replicas, in each restart of a broker.",
        before=topic('Configs: "max.message.bytes=8388608"'),
        after=topic('Configs: "max.message.bytes=1048588"'),
        source=f"{_KAFKA}/#topicconfigs_max.message.bytes",
    ),
    review_code(
        "REV427",
        "caution",
        "none",
        "a property of brokers or of a topic guards less, or makes them work in another way",
        "Topics that come by themselves have the defaults of brokers, timestamps decide what is deleted when, and MSK "
        "refuses a configuration with a property that it does not know.",
        before=brokers("auto.create.topics.enable=false"),
        after=brokers("auto.create.topics.enable=true"),
        source=f"{_GUIDE}/msk-configuration-properties.html",
    ),
    review_code(
        "REV428",
        "fine",
        "none",
        "a property of brokers or of a topic guards more, or only tunes them",
        "Nothing that is kept or taken today is lost or refused by it. Some take a restart of each broker, one after "
        "the other.",
        before=topic('Configs: "compression.type=producer"'),
        after=topic('Configs: "compression.type=zstd"'),
        source=f"{_GUIDE}/msk-configuration-properties.html",
    ),
    review_code(
        "REV429",
        "danger",
        "iam-widened",
        "topics without an ACL are open to whoever connects",
        "With `allow.everyone.if.no.acl.found=true`, a topic for which nobody wrote an ACL may be read, written and "
        "deleted by each client that signs in with SASL/SCRAM or a certificate, or that need not sign in.",
        before=brokers("allow.everyone.if.no.acl.found=false"),
        after=brokers("allow.everyone.if.no.acl.found=true"),
        source=f"{_GUIDE}/msk-acls.html",
    ),
    review_code(
        "REV430",
        "danger",
        "none",
        "configurations of a topic in tiered storage that MSK refuses",
        "A topic in tiered storage has to say how long it keeps records, and that is three days at least. The update "
        "fails, and what else it was to change is rolled back.",
        before=topic("PartitionCount: 12"),
        after=topic('PartitionCount: 12, Configs: "remote.storage.enable=true"'),
        mend=topic('PartitionCount: 12, Configs: "remote.storage.enable=true\\nretention.ms=604800000"'),
        source=f"{_GUIDE}/msk-guidelines-tiered-storage-topic-level-config.html",
    ),
    review_code(
        "REV431",
        "fine",
        "retention",
        "Kafka keeps records for longer, or more of them",
        "What is there now stays for longer; what was deleted does not come back. The volumes of the brokers have to "
        "have room for it.",
        before=topic('Configs: "retention.ms=86400000"'),
        after=topic('Configs: "retention.ms=604800000"'),
        source=f"{_KAFKA}/#topicconfigs_retention.ms",
    ),
    review_code(
        "REV435",
        "danger",
        "data-loss",
        "topics or groups are no longer copied to the other cluster",
        "What is written to them from now on is missing there, while the copy looks as before. Whoever reads it, or "
        "moves to it when the first cluster fails, sees nothing of the gap.",
        before=replicator("TopicsToReplicate: [clicks, orders], TopicNameConfiguration: {Type: IDENTICAL}"),
        after=replicator("TopicsToReplicate: [clicks], TopicNameConfiguration: {Type: IDENTICAL}"),
        source=f"{_GUIDE}/msk-replicator.html",
    ),
    review_code(
        "REV436",
        "caution",
        "none",
        "a replicator copies less beside records, or a channel writes elsewhere",
        "Without configurations, ACLs, new topics or offsets of groups, the other cluster can be read, but it cannot "
        "take over as it is.",
        before=replicator("CopyTopicConfigurations: true, TopicsToReplicate: [clicks]"),
        after=replicator("CopyTopicConfigurations: false, TopicsToReplicate: [clicks]"),
        source=f"{_GUIDE}/msk-replicator.html",
    ),
    review_code(
        "REV437",
        "fine",
        "none",
        "a replicator copies more, or a channel gathers records for another time",
        "What comes from now on is copied; whether older records are is said by the starting position, which cannot "
        "be changed.",
        before=replicator("TopicsToReplicate: [clicks]"),
        after=replicator("TopicsToReplicate: [clicks, orders]"),
        source=f"{_GUIDE}/msk-replicator.html",
    ),
    review_code(
        "REV438",
        "danger",
        "position-reset",
        "a channel from a topic to Amazon S3 is replaced",
        "Almost nothing of a channel can be changed in place. The new one does not know how far the old one had "
        "written: records are written twice, or are missing.",
        before="""
            Archive: {Type: AWS::MSK::Channel, Properties: {ChannelName: archive, ClusterArn: "arn:aws:kafka:::cluster/a/1"}}
        """,
        after="""
            Archive: {Type: AWS::MSK::Channel, Properties: {ChannelName: lake, ClusterArn: "arn:aws:kafka:::cluster/a/1"}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-msk-channel.html",
    ),
    review_code(
        "REV439",
        "caution",
        "none",
        "several things of a cluster are to change at once",
        "Each of them is an operation of its own, and MSK works on one at a time: CloudFormation was seen to refuse "
        "an update with two of them, with nothing changed.",
        before=cluster("NumberOfBrokerNodes: 3, KafkaVersion: 3.8.x"),
        after=cluster("NumberOfBrokerNodes: 6, KafkaVersion: 3.9.x"),
        mend=cluster("NumberOfBrokerNodes: 6, KafkaVersion: 3.8.x"),
        source=f"{_GUIDE}/msk-update-broker-type.html",
    ),
)

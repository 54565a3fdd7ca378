"""What changes of templates mean for clusters of Kafka on Amazon MSK: their brokers, and who is let in."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code

GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_SECURITY = f"{GUIDE}/msk-update-security.html"
_VERSIONS = f"{GUIDE}/version-upgrades.html"
_METRICS = f"{GUIDE}/metrics-details.html"
_LOGS = f"{GUIDE}/msk-logging.html"


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
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-msk-cluster-publicaccess.html",
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
        source=f"{GUIDE}/msk-password.html",
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
        source=f"{GUIDE}/aws-access-mult-vpc.html",
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
        source=f"{GUIDE}/msk-update-storage.html",
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
        source=f"{GUIDE}/msk-tiered-storage.html",
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
        source=f"{GUIDE}/msk-remove-broker.html",
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
        source=f"{GUIDE}/msk-update-storage.html",
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
        "the version of Kafka is upgraded in place",
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
        source=f"{GUIDE}/msk-update-cluster-config.html",
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
)
